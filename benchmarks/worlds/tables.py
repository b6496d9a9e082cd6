"""The simulator's arrays as the canonical input tables `events` and `enrollments`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.worlds.history import BOUNCE_SECONDS, GONE, HARD, NEVER, NOTE_SECONDS
from benchmarks.worlds.people import contact_ids, sender_ids, sequence_ids
from benchmarks.worlds.plans import AS_OF_SECONDS, DAY

if TYPE_CHECKING:
    from benchmarks.worlds.history import Sends, State
    from benchmarks.worlds.plans import Plan
    from benchmarks.worlds.recipes import Recipe

SETTLED_DAYS = 1
"""After the last mail of a sequence, or before the sender takes a contact out."""
OUTCOMES = ("replied", "bounced", "unsubscribed", "unenrolled")
"""What ended an enrollment early; at one moment, the first."""


def event_table(rows: pd.DataFrame, plan: Plan, sends: Sends, *, agents: bool) -> pd.DataFrame:
    """Return the table `events`; `event_id` counts from 1 in the order of `rows`."""
    row = rows["row"].to_numpy()
    contact, slot = sends.contact[row], sends.slot[row]
    number = enrollment_numbers(plan, sends)[row]
    table = pd.DataFrame(
        {
            "event_id": np.arange(1, len(rows) + 1),
            "enrollment_id": number,
            "contact_id": pd.Categorical.from_codes(contact, contact_ids(len(plan.sends))),
            "sender_id": pd.Categorical.from_codes(plan.sender[contact, slot], sender_ids()),
            "sequence_id": pd.Categorical.from_codes(plan.sequence[contact, slot], sequence_ids()),
            "step": plan.step[contact, slot] + 1,
            "type": rows["type"],
            "at": pd.to_datetime(rows["at"], unit="s"),
            "detail": rows["detail"],
            "is_machine": pd.Series(pd.NA, index=rows.index, dtype="boolean").mask(rows["is_marked"], True),
        }
    )
    return table.assign(user_agent=rows["agent"]) if agents else table


def enrollment_numbers(plan: Plan, sends: Sends) -> np.ndarray:
    """Return the id of each mail's enrollment."""
    return sends.contact * 100 + plan.enrollment[sends.contact, sends.slot]


def enrollment_table(recipe: Recipe, plan: Plan, sends: Sends, state: State) -> pd.DataFrame:
    """Return the table `enrollments`: who was put through what, and how it stood at `as_of`."""
    contact, slot = sends.contact, sends.slot
    answered_at = np.where(sends.has_reply, sends.reply_at, NEVER)
    if not recipe.ooo_is_marked:
        answered_at = np.where(
            sends.has_ooo | sends.has_note, np.minimum(answered_at, sends.at + NOTE_SECONDS), answered_at
        )
    mails = pd.DataFrame(
        {
            "enrollment_id": enrollment_numbers(plan, sends),
            "contact": contact,
            "sender": plan.sender[contact, slot],
            "sequence": plan.sequence[contact, slot],
            "first_at": sends.at,
            "last_at": sends.at,
            "slot": slot,
            "replied": answered_at,
            "bounced": np.where(np.isin(sends.bounce, (HARD, GONE)), sends.at + BOUNCE_SECONDS, NEVER),
            "unsubscribed": sends.unsubscribe_at,
            "unenrolled": sends.complaint_at,
        }
    )
    same = dict.fromkeys(("contact", "sender", "sequence", "first_at", *OUTCOMES), "min")
    whole = mails.groupby("enrollment_id").agg({**same, "last_at": "max", "slot": "max"}).reset_index()
    ended_at, outcome = _ends(whole, plan, state)
    return pd.DataFrame(
        {
            "enrollment_id": whole["enrollment_id"],
            "contact_id": contact_ids(len(plan.sends)).to_numpy()[whole["contact"]],
            "sender_id": np.array(sender_ids(), dtype=object)[whole["sender"]],
            "sequence_id": np.array(sequence_ids(), dtype=object)[whole["sequence"]],
            "enrolled_at": pd.to_datetime(whole["first_at"], unit="s"),
            "ended_at": pd.Series(pd.to_datetime(ended_at, unit="s")).where(ended_at > 0),
            "outcome": outcome,
        }
    )


def _ends(whole: pd.DataFrame, plan: Plan, state: State) -> tuple[np.ndarray, np.ndarray]:
    """Return when each enrollment ended (UTC seconds; 0: it runs at `as_of`), and how.

    An answer ends it, else its last step, else the sender, or a refusal that came from an earlier enrollment.
    """
    answers = whole[list(OUTCOMES)].to_numpy()
    answered_at, answer = answers.min(axis=1), np.array(OUTCOMES, dtype=object)[answers.argmin(axis=1)]
    contact, slot = whole["contact"].to_numpy(), whole["slot"].to_numpy()
    is_last = slot + 1 >= plan.sends[contact]
    following = np.minimum(slot + 1, plan.at.shape[1] - 1)
    goes_on = ~is_last & (plan.enrollment[contact, following] == plan.enrollment[contact, slot])
    runs = goes_on | (is_last & plan.is_running[contact])
    done_at = np.where(runs, NEVER, whole["last_at"] + SETTLED_DAYS * DAY)
    quit_at = state.quit_at[contact]
    quits = (quit_at > whole["first_at"].to_numpy()) & (quit_at < done_at)
    by_hand = quits | (is_last & plan.is_cut_by_hand[contact])
    done_at = np.where(quits, quit_at, done_at)
    is_answered = answered_at <= AS_OF_SECONDS
    ended_at = np.where(is_answered, answered_at, done_at)
    outcome = np.where(is_answered, answer, np.where(by_hand, "unenrolled", "finished"))
    has_ended = ended_at <= AS_OF_SECONDS
    return np.where(has_ended, ended_at, 0), np.where(has_ended, outcome, "active")
