"""What the tool logged: each mail, and what people, proxies, scanners and servers answered, up to `as_of`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.worlds import texts
from benchmarks.worlds.history import BOUNCE_SECONDS, NEVER, NO_BOUNCE, NOTE_SECONDS
from benchmarks.worlds.plans import AS_OF_SECONDS, DAY

if TYPE_CHECKING:
    from benchmarks.worlds.history import Sends
    from benchmarks.worlds.people import Office, People
    from benchmarks.worlds.plans import Plan
    from benchmarks.worlds.recipes import Recipe

CLICK_RATE = 0.05
"""Given an open."""
PROXY_OPEN_RATE = 0.95
SCANNER_SECONDS = 5
"""Within which a gateway has opened a mail and clicked each link."""
OPEN_HOURS, OPEN_SPREAD = 3.0, 1.4
"""Median and logarithmic deviation of the delay of a human open."""
AGAIN_RATE = 0.2
"""Human opens that are followed by a second one."""
TYPES = ("sent", "open", "click", "reply", "bounce", "unsubscribe", "complaint")

Rows = dict[str, object]


def event_rows(
    recipe: Recipe,
    people: People,
    office: Office,
    plan: Plan,
    sends: Sends,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return all events up to `as_of`, in the order of time.

    Returns
    -------
    Columns: row (of the mail in `sends`), type, at (UTC seconds), detail, agent, is_machine_true, is_marked (whether
    the tool itself says that a machine did it).
    """
    kinds = [_sent(sends), *_answers(recipe, sends, random), *_refusals(sends, random)]
    if recipe.has_opens:
        context = (people, office, plan, sends, random)
        kinds += [*_human_opens(*context), *_proxy_opens(people, sends, random), *_scans(*context)]
    rows = pd.concat([frame for frame in kinds if len(frame)], ignore_index=True)
    rows = rows[rows["at"] <= AS_OF_SECONDS]
    rows["type"] = pd.Categorical(rows["type"], categories=TYPES)
    return rows.sort_values(["at", "row", "type"], kind="stable", ignore_index=True)


def _frame(kind: str, row: np.ndarray, at: np.ndarray, **columns: object) -> pd.DataFrame:
    empty: Rows = {"detail": None, "agent": None, "is_machine_true": False, "is_marked": False}
    return pd.DataFrame({"row": row, "type": kind, "at": at, **empty, **columns})


def _sent(sends: Sends) -> pd.DataFrame:
    return _frame("sent", np.arange(len(sends.at)), sends.at)


def _answers(recipe: Recipe, sends: Sends, random: np.random.Generator) -> list[pd.DataFrame]:
    """Return people's replies, out-of-office notes and notes that somebody has left."""
    replied, away, left = (np.flatnonzero(flags) for flags in (sends.has_reply, sends.has_ooo, sends.has_note))
    words = texts.choose(texts.REPLIES, sends.reply_kind[replied], random)
    away_at, left_at = (sends.at[rows] + random.integers(2, NOTE_SECONDS, len(rows)) for rows in (away, left))
    machine = {"is_machine_true": True, "is_marked": recipe.ooo_is_marked}
    return [
        _frame("reply", replied, sends.reply_at[replied], detail=words),
        _frame("reply", away, away_at, detail=texts.away_notes(away_at, random), **machine),
        _frame("reply", left, left_at, detail=texts.LEFT[0], **machine),
    ]


def _refusals(sends: Sends, random: np.random.Generator) -> list[pd.DataFrame]:
    """Return bounces, unsubscribes and complaints."""
    bounced = np.flatnonzero(sends.bounce != NO_BOUNCE)
    words = texts.choose(texts.BOUNCES, sends.bounce[bounced], random)
    frames = [
        _frame("bounce", bounced, sends.at[bounced] + random.integers(1, BOUNCE_SECONDS, len(bounced)), detail=words)
    ]
    for kind, moments in (("unsubscribe", sends.unsubscribe_at), ("complaint", sends.complaint_at)):
        rows = np.flatnonzero(moments < NEVER)
        frames.append(_frame(kind, rows, moments[rows]))
    return frames


def _human_opens(
    people: People, office: Office, plan: Plan, sends: Sends, random: np.random.Generator
) -> list[pd.DataFrame]:
    """Return people's opens, as far as no proxy hides them, and their clicks.

    Who replies has opened the mail before.
    """
    opens = sends.is_alive & (random.random(len(sends.at)) < people.open_rate[sends.contact])
    row = np.flatnonzero(opens | sends.has_reply)
    delay = OPEN_HOURS * 3600 * np.exp(random.normal(0, OPEN_SPREAD, len(row)))
    answered = np.where(sends.has_reply[row], 0.9 * (sends.reply_at[row] - sends.at[row]), 14 * DAY)
    at = sends.at[row] + np.minimum(delay.clip(20), answered).astype(np.int64)
    agent = _agents(texts.OPEN_AGENTS, people.agent[sends.contact[row]])
    seen = ~people.is_proxy[sends.contact[row]]
    again = seen & (random.random(len(row)) < AGAIN_RATE)
    later = at[again] + random.integers(60, 3 * DAY, int(again.sum()))
    clicks = np.flatnonzero(random.random(len(row)) < CLICK_RATE)
    contact, slot = sends.contact[row[clicks]], sends.slot[row[clicks]]
    sequence, step = plan.sequence[contact, slot], plan.step[contact, slot]
    link = (random.random(len(clicks)) * office.links[sequence, step]).astype(np.int64)
    address = np.array(texts.links(), dtype=object)[texts.link_index(sequence, step, link)]
    clicked_at = at[clicks] + random.integers(8, 300, len(clicks))
    browser = _agents(texts.CLICK_AGENTS, people.agent[contact])
    return [
        _frame("open", row[seen], at[seen], agent=agent[seen]),
        _frame("open", row[again], later, agent=agent[again]),
        _frame("click", row[clicks], clicked_at, detail=address, agent=browser),
    ]


def _proxy_opens(people: People, sends: Sends, random: np.random.Generator) -> list[pd.DataFrame]:
    """Return the opens of a proxy that fetches mails at any moment of the next day, read or not."""
    reached = (sends.bounce == NO_BOUNCE) & people.is_proxy[sends.contact]
    row = np.flatnonzero(reached & (random.random(len(sends.at)) < PROXY_OPEN_RATE))
    at = sends.at[row] + random.integers(1, DAY, len(row))
    return [_frame("open", row, at, agent=texts.PROXY_AGENT, is_machine_true=True)]


def _scans(people: People, office: Office, plan: Plan, sends: Sends, random: np.random.Generator) -> list[pd.DataFrame]:
    """Return what gateways do to each mail: one open, and one click on each link."""
    row = np.flatnonzero((sends.bounce == NO_BOUNCE) & people.is_scanner[sends.contact])
    opened_at = sends.at[row] + random.integers(1, SCANNER_SECONDS + 1, len(row))
    gateway = people.company[sends.contact[row]] * 0.618 % 1
    frames = [_frame("open", row, opened_at, agent=_agents(texts.SCANNER_AGENTS, gateway), is_machine_true=True)]
    addresses = np.array(texts.links(), dtype=object)
    for link in range(texts.LINKS_A_MAIL):
        contact, slot = sends.contact[row], sends.slot[row]
        sequence, step = plan.sequence[contact, slot], plan.step[contact, slot]
        has = office.links[sequence, step] > link
        address = addresses[texts.link_index(sequence[has], step[has], np.full(int(has.sum()), link))]
        clicked_at = sends.at[row[has]] + random.integers(1, SCANNER_SECONDS + 1, int(has.sum()))
        agent = _agents(texts.SCANNER_AGENTS, gateway[has])
        frames.append(_frame("click", row[has], clicked_at, detail=address, agent=agent, is_machine_true=True))
    return frames


def _agents(names: tuple[str, ...], draw: np.ndarray) -> np.ndarray:
    """Return the name that a draw of 0–1 points to."""
    return np.array(names, dtype=object)[(draw * len(names)).astype(np.int64)]
