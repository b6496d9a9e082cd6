"""What the team's tools export of its past: in events with their texts, in outcomes alone, or in both by turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks.gate.history import DAY, HOUR, MOST_STEPS, NOW
from benchmarks.gate.words import AWAY, DEAD, NO_STOPS, OWN_FAULT, REPLIES, SOFT, STOPS

if TYPE_CHECKING:
    from benchmarks.gate.history import Past

KINDS = ("events", "outcomes", "mixed")
MIXED_DAYS = 60
"""Of the last mails, whose events a mixed export still has."""
OPEN_RATE, CLICK_RATE = 0.35, 0.02
REASON_SHARE = 0.5
"""Of the dead addresses: those whose contact has its `hard_bounce_reason`, where outcomes alone are exported."""
OUTCOMES = {"reply": "replied", "stop": "replied", "no_stop": "replied", "unsubscribe": "unsubscribed"}


def seen_since(kind: str) -> int:
    """Return the moment from which an export has the events (UTC seconds)."""
    return {"events": 0, "outcomes": NOW, "mixed": NOW - MIXED_DAYS * DAY}[kind]


def moment(seconds: pd.Series | np.ndarray) -> pd.Series:
    """Return times as text; 0 is none."""
    given = pd.Series(np.asarray(seconds))
    return pd.to_datetime(given.where(given > 0), unit="s").dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")


def enrollment_table(past: Past) -> pd.DataFrame:
    """Return `enrollments`."""
    mails, contacts = past.mails, past.contacts
    is_bounced = mails["is_dead"] | mails["is_blocked"]
    outcome = mails["stop"].map(OUTCOMES).fillna("finished").where(mails["stop"] != "complaint", "unenrolled")
    outcome = outcome.where(~is_bounced, "bounced").where(mails["ended_at"] > 0, "active")
    return pd.DataFrame(
        {
            "enrollment_id": mails["enrollment_id"],
            "contact_id": contacts["contact_id"].to_numpy()[mails["contact"]],
            "sender_id": past.senders["sender_id"].to_numpy()[mails["sender"]],
            "sequence_id": sequence_of(past, mails),
            "enrolled_at": moment(mails["at_1"]),
            "ended_at": moment(mails["ended_at"]),
            "outcome": outcome,
        }
    )


def sequence_of(past: Past, mails: pd.DataFrame) -> pd.Series:
    """Return the sequence's id of each enrollment."""
    language = pd.Series(past.senders["language"].to_numpy()[mails["sender"]])
    return language + "-" + (mails["sequence"] + 1).astype(str).reset_index(drop=True)


def event_table(past: Past, kind: str, random: np.random.Generator) -> pd.DataFrame:
    """Return `events` as far as the export has them; empty where it has none."""
    mails = past.mails.reset_index(drop=True)
    language = past.senders["language"].to_numpy()[mails["sender"]]
    parts = [_mail_events(mails, random)]
    rows = mails.index.to_numpy()
    is_dead = mails["is_dead"].to_numpy()
    last = mails["sends"].to_numpy()
    parts += [
        _part(rows[is_dead], 1, "bounce", mails["at_1"].to_numpy()[is_dead] + 60, _pick(DEAD, is_dead.sum(), random)),
        _texts(mails["is_blocked"].to_numpy(), "bounce", mails["at_1"] + 60, OWN_FAULT, random),
        _texts(mails["is_soft"].to_numpy(), "bounce", mails["at_1"] + 60, SOFT, random),
    ]
    for words, stop in ((REPLIES, "reply"), (STOPS, "stop"), (NO_STOPS, "no_stop")):
        for tongue in ("en", "fr"):
            chosen = (mails["stop"] == stop).to_numpy() & (language == tongue)
            parts.append(_texts(chosen, "reply", mails["stop_at"], words[tongue], random, last))
    for stop in ("unsubscribe", "complaint"):
        parts.append(_texts((mails["stop"] == stop).to_numpy(), stop, mails["stop_at"], ("",), random, last))
    parts.append(_away(mails, language))
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["seconds"] >= seen_since(kind)) & (table["seconds"] <= NOW)]
    return _named(past, mails, table.sort_values(["seconds", "row"], kind="stable"))


def _mail_events(mails: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    parts = []
    for step in range(1, MOST_STEPS + 1):
        rows = np.flatnonzero(mails["sends"] >= step)
        at = mails[f"at_{step}"].to_numpy()[rows]
        parts.append(_part(rows, step, "sent", at, ""))
        arrived = ~(mails["is_dead"] | mails["is_blocked"]).to_numpy()[rows]
        is_read = arrived & (random.random(len(rows)) < OPEN_RATE)
        parts.append(_part(rows[is_read], step, "open", at[is_read] + HOUR, ""))
        is_clicked = is_read & (random.random(len(rows)) < CLICK_RATE)
        parts.append(_part(rows[is_clicked], step, "click", at[is_clicked] + HOUR + 60, ""))
    return pd.concat(parts, ignore_index=True)


def _part(rows: np.ndarray, step: Any, kind: str, seconds: Any, detail: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"row": rows, "step": step, "type": kind, "seconds": seconds, "detail": detail})
    return frame.assign(is_machine="")


def _texts(
    chosen: np.ndarray,
    kind: str,
    at: pd.Series,
    words: tuple[str, ...],
    random: np.random.Generator,
    step: np.ndarray | None = None,
) -> pd.DataFrame:
    rows = np.flatnonzero(chosen)
    steps = step[rows] if step is not None else 1
    return _part(rows, steps, kind, at.to_numpy()[rows], _pick(words, len(rows), random))


def _pick(words: tuple[str, ...], count: int, random: np.random.Generator) -> np.ndarray:
    return np.array(words, dtype=object)[random.integers(0, len(words), count)]


def _away(mails: pd.DataFrame, language: np.ndarray) -> pd.DataFrame:
    """Return the notes of absence; the tool marks every second of them."""
    rows = np.flatnonzero(mails["away"])
    step = mails["away"].to_numpy()[rows]
    at = mails[[f"at_{i}" for i in range(1, MOST_STEPS + 1)]].to_numpy()[rows, step - 1] + 90
    notes = [
        AWAY[tongue].format(day=f"{pd.Timestamp(int(seconds) + 6 * DAY, unit='s'):%d/%m/%Y}")
        for tongue, seconds in zip(language[rows], at, strict=True)
    ]
    return _part(rows, step, "reply", at, notes).assign(is_machine=np.where(rows % 2, "true", ""))


def _named(past: Past, mails: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    row = table["row"].to_numpy()
    enrollment = mails.iloc[row]
    contact = past.contacts.iloc[enrollment["contact"]]
    parts = zip(table["detail"], contact["email"], strict=True)
    named = [text.replace("{email}", email).replace("{domain}", email.rpartition("@")[2]) for text, email in parts]
    return pd.DataFrame(
        {
            "event_id": [f"v{i:07d}" for i in range(len(table))],
            "enrollment_id": enrollment["enrollment_id"].to_numpy(),
            "contact_id": contact["contact_id"].to_numpy(),
            "sender_id": past.senders["sender_id"].to_numpy()[enrollment["sender"]],
            "sequence_id": sequence_of(past, enrollment).to_numpy(),
            "step": table["step"].to_numpy(),
            "type": table["type"].to_numpy(),
            "at": moment(table["seconds"]).to_numpy(),
            "detail": named,
            "is_machine": table["is_machine"].to_numpy(),
        }
    )


def contact_table(past: Past, kind: str, random: np.random.Generator) -> pd.DataFrame:
    """Return the CRM's `contacts` of the past, with what the export's events do not say: flags and reasons."""
    contacts, batches, mails = past.contacts, past.batches, past.mails
    batch = contacts["batch"].to_numpy()
    table = contacts.drop(columns=["batch", "is_dead", "theta"])
    table["source"], table["import_batch"] = batches.source[batch], batches.label[batch]
    table["created_at"] = moment(batches.imported_at[batch])
    unseen = mails[mails["stop"].isin(["stop", "complaint"]) & (mails["stop_at"] < seen_since(kind))]
    opted_out = np.zeros(len(table), dtype=bool)
    opted_out[unseen["contact"]] = True
    table["opted_out"] = np.where(opted_out, "true", "false")
    reason = contacts["is_dead"].to_numpy() & (random.random(len(table)) < REASON_SHARE) & (kind == "outcomes")
    table["hard_bounce_reason"] = np.where(reason, "UNKNOWN_USER", "")
    return table
