"""What a team did before the campaign: batches of contacts, what each mail met with, and how each enrollment ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.gate.recipes import AS_OF, FAULT_DAYS, ROTTEN_DAYS
from benchmarks.gate.words import SOURCES

if TYPE_CHECKING:
    from benchmarks.gate.people import Book
    from benchmarks.gate.recipes import Recipe

NOW = int(pd.Timestamp(AS_OF).timestamp())
HOUR, DAY = 3_600, 86_400
NEVER = np.iinfo(np.int64).max
MOST_STEPS = 5
ENDED_SHARE = 0.8
"""Of the enrollments; the others still run."""
SETTLED_DAYS = 7
"""After the last mail of a sequence, until the enrollment ends."""
BLOCKED_SHARE = 0.1
"""Of a sender's bounces: mails refused, the address being alive."""
REPLY = (0.8, 40.0)
"""Beta of the chance that a mail is answered by its reader."""
STOP_SHARE, NO_STOP_SHARE = 0.08, 0.03
"""Of the answers: those that say stop, and those that only sound like it."""
UNSUBSCRIBE_RATE, COMPLAINT_RATE, AWAY_RATE, SOFT_RATE = 0.0015, 0.0001, 0.03, 0.003
"""Of a mail."""
OWN_SOURCE_SHARE = 0.5
"""Of the teams with one bad sender: those in which the bad contacts come from a source that only this sender uses."""
SHARED_SHARE = 0.3
"""Of a sender's batches: those that a colleague works on, too."""
AGAIN_SHARE, AGAIN_DAYS = 0.08, 50
"""Of the contacts who never answered: those who were enrolled a second time, and how long after the first."""
VERIFICATION = ("valid", "catch_all", "unknown")
VERIFIED_ALIVE, VERIFIED_DEAD = (0.75, 0.15, 0.10), (0.30, 0.30, 0.40)
"""What a verifier says of living and of dead addresses."""
KEEPS_ON_SHARE = 0.4
"""Of the teams: those whose tool lets an address that bounced be enrolled again."""
BACK_SHARE, BACK_DAYS = 0.15, 25
"""Of these addresses in such teams, and how long after the bounce."""
REBOUNCE = (0.8, 1.0)
"""Share of a team's dead addresses that bounce again, uniform: some servers say for good what is not."""
SEQUENCES = 4
"""Of each language."""


class Batches(NamedTuple):
    """Import batches; arrays of one value a batch."""

    source: np.ndarray
    label: np.ndarray
    language: np.ndarray
    rate: np.ndarray
    """Chance that an address is dead."""
    imported_at: np.ndarray
    owner: np.ndarray
    """Index of the sender."""
    is_rotten: np.ndarray


@dataclass(frozen=True)
class Past:
    """All that happened up to `AS_OF`."""

    senders: pd.DataFrame
    """sender_id, language, is_bad, enrollments (planned)."""
    batches: Batches
    contacts: pd.DataFrame
    """People with `batch`, `is_dead`, `theta` and `verification`; row i is contact i."""
    mails: pd.DataFrame
    """One row an enrollment: enrollment_id, contact, sender, sequence, is_dead (came back for the address), is_blocked
    (for the sender), is_soft, sends, stop (how it ended: `reply`, `stop`, `no_stop`, `unsubscribe`, `complaint` or
    none), stop_at, ended_at (0: it runs), last_at, at_1 … at_5 (UTC seconds), away (step after which a note of absence
    came; 0: none)."""
    rebounce: float
    """Chance that an address which bounced for its own fault bounces again."""


def make_senders(recipe: Recipe, random: np.random.Generator) -> pd.DataFrame:
    """Draw the team."""
    count = int(random.integers(recipe.senders[0], recipe.senders[1] + 1))
    low, high = np.log(recipe.ended)
    bad = np.zeros(count, dtype=bool)
    if recipe.bad != "none":
        bad[:] = recipe.bad == "all"
        bad[0] = True
    return pd.DataFrame(
        {
            "sender_id": [f"rep-{i + 1:02}" for i in range(count)],
            "language": np.where(random.random(count) < 0.5, "en", "fr"),
            "is_bad": bad,
            "enrollments": np.rint(np.exp(random.uniform(low, high, count)) / ENDED_SHARE).astype(int),
        }
    )


def dead_rate(recipe: Recipe, mean: float, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw the rates of dead addresses of batches whose mean bounce rate is given."""
    mean = mean * (1 - BLOCKED_SHARE)
    if not recipe.icc:
        return np.full(count, mean)
    size = (1 - recipe.icc) / recipe.icc
    return random.beta(mean * size, (1 - mean) * size, count)


def make_batches(recipe: Recipe, senders: pd.DataFrame, random: np.random.Generator) -> Batches:
    """Draw the batches: one about a hundred enrollments, three or more a sender; the rotten one comes last."""
    span = int(random.integers(recipe.months[0], recipe.months[1] + 1)) * 30
    own = [max(3, round(n / random.uniform(40, 160))) for n in senders["enrollments"]]
    owner = np.repeat(np.arange(len(senders)), own)
    is_bad = senders["is_bad"].to_numpy()[owner]
    count = len(owner)
    rate = np.where(
        is_bad,
        dead_rate(recipe, recipe.bad_rate, count, random),
        dead_rate(recipe, recipe.rate, count, random),
    )
    source = np.array(SOURCES, dtype=object)[random.integers(0, len(SOURCES), count)]
    if recipe.bad == "one" and random.random() < OWN_SOURCE_SHARE:
        source[is_bad] = "own-research"
    stratum = np.concatenate([(np.arange(n) + random.random(n)) / n for n in own])
    imported_at = NOW - ((span - stratum * (span - 10)) * DAY).astype(np.int64)
    is_rotten = np.zeros(count, dtype=bool)
    if recipe.campaign == "rotten" and recipe.list_rate is not None:
        last = int(own[0]) - 1
        is_rotten[last], rate[last], imported_at[last] = True, recipe.list_rate, NOW - (ROTTEN_DAYS + 1) * DAY
    label = np.array([f"{pd.Timestamp(at, unit='s'):%Y-%m}-{i:02}" for i, at in enumerate(imported_at)], dtype=object)
    return Batches(source, label, senders["language"].to_numpy()[owner], rate, imported_at, owner, is_rotten)


def verification(is_dead: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return what a verifier says of addresses; it is no oracle."""
    luck = random.random(len(is_dead))[:, None]
    limits = np.where(is_dead[:, None], np.cumsum(VERIFIED_DEAD), np.cumsum(VERIFIED_ALIVE))
    return np.array(VERIFICATION, dtype=object)[np.minimum((luck > limits).sum(axis=1), 2)]


def make_past(recipe: Recipe, book: Book, random: np.random.Generator) -> Past:
    """Draw a team and its history."""
    senders = make_senders(recipe, random)
    batches = make_batches(recipe, senders, random)
    sender, batch = _assign(senders, batches, random)
    contacts = book.add(batches.language[batch].tolist())
    contacts["batch"] = batch
    contacts["is_dead"] = random.random(len(batch)) < batches.rate[batch]
    contacts["theta"] = random.beta(*REPLY, len(batch))
    contacts["verification"] = verification(contacts["is_dead"].to_numpy(), random)
    contact, enrolled_at = np.arange(len(batch)), _enroll_times(batches, batch, random)
    theta, dead = contacts["theta"].to_numpy(), contacts["is_dead"].to_numpy()
    first = _live(recipe, senders, theta, dead, sender, contact, enrolled_at, random)
    silent = (first["stop"] == "") & (first["ended_at"] > 0) & (first["ended_at"] < NOW - (AGAIN_DAYS + 30) * DAY)
    silent &= ~first["is_dead"] & ~first["is_blocked"]
    again = np.flatnonzero(silent & (random.random(len(silent)) < AGAIN_SHARE))
    later = first["last_at"].to_numpy()[again] + AGAIN_DAYS * DAY
    second = _live(recipe, senders, theta, np.zeros_like(dead), sender[again], again, later, random)
    rebounce = float(random.uniform(*REBOUNCE))
    keeps_on = random.random() < KEEPS_ON_SHARE
    old = first["is_dead"] & (first["last_at"] < NOW - (BACK_DAYS + 30) * DAY)
    back = np.flatnonzero(old & keeps_on & (random.random(len(old)) < BACK_SHARE))
    later = first["last_at"].to_numpy()[back] + BACK_DAYS * DAY
    dead_again = (random.random(len(dead)) < rebounce) & dead
    third = _live(recipe, senders, theta, dead_again, sender[back], back, later, random)
    mails = pd.concat([first, second, third], ignore_index=True)
    mails.insert(0, "enrollment_id", [f"e{i:06d}" for i in range(len(mails))])
    return Past(senders, batches, contacts, mails, rebounce)


def _assign(senders: pd.DataFrame, batches: Batches, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return sender and batch of each enrollment; a batch may be worked on by a colleague who is as good or as bad."""
    bad = senders["is_bad"].to_numpy()
    who, what = [], []
    for i, count in enumerate(senders["enrollments"]):
        own = np.flatnonzero(batches.owner == i)
        like = np.flatnonzero(
            (bad[batches.owner] == bad[i]) & (batches.language == senders["language"][i]) & ~batches.is_rotten
        )
        shared = (random.random(len(own)) < SHARED_SHARE) & ~batches.is_rotten[own]
        mine = np.where(shared, random.choice(like, len(own)), own)
        share = random.dirichlet(np.full(len(mine), 2.0))
        if batches.is_rotten[own].any():
            rotten = min(0.5, random.uniform(60, 200) / count)
            share[:-1] *= (1 - rotten) / share[:-1].sum()
            share[-1] = rotten
        who.append(np.full(count, i))
        what.append(random.choice(mine, count, p=share))
    return np.concatenate(who), np.concatenate(what)


def _enroll_times(batches: Batches, batch: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return when each contact is enrolled, in the five weeks after its import, on a working day."""
    since = batches.imported_at[batch]
    until = np.minimum(since + 35 * DAY, NOW - DAY)
    return _working(since + (random.random(len(batch)) * (until - since)).astype(np.int64))


def _working(at: np.ndarray) -> np.ndarray:
    """Move what falls on a weekend to the days before, and into office hours."""
    day = at // DAY
    weekday = (day + 3) % 7
    day = day - np.where(weekday >= 5, weekday - 4, 0)
    return day * DAY + 7 * HOUR + at % (9 * HOUR)


def _live(
    recipe: Recipe,
    senders: pd.DataFrame,
    theta: np.ndarray,
    dead: np.ndarray,
    sender: np.ndarray,
    contact: np.ndarray,
    enrolled_at: np.ndarray,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Send the mails of some enrollments, one row each; `theta` and `dead` are the contacts'."""
    count = len(sender)
    sequence = random.integers(0, SEQUENCES, count)
    gaps = random.integers(3, 6, (count, MOST_STEPS)) * DAY
    gaps[:, 0] = 0
    at = _working(enrolled_at[:, None] + np.cumsum(gaps, axis=1))
    steps = 3 + sequence % 3
    is_sent = (np.arange(MOST_STEPS) < steps[:, None]) & (at < NOW - HOUR)
    is_dead = dead[contact]
    is_blocked = ~is_dead & (random.random(count) < blocked_rate(recipe, senders, sender, at[:, 0]))
    is_bounced = is_dead | is_blocked
    stop, stop_step, stop_at = _stops(theta[contact], at, is_sent, random)
    stop = np.where(is_bounced, "", stop)
    sends = np.select([is_bounced, stop != ""], [1, stop_step + 1], is_sent.sum(axis=1))
    last_at = at[np.arange(count), sends - 1]
    done_at = np.where(is_sent.sum(axis=1) == steps, last_at + SETTLED_DAYS * DAY, NEVER)
    ended_at = np.select([is_bounced, stop != ""], [at[:, 0] + 60, stop_at], done_at)
    is_away = ~is_bounced & (random.random(count) < AWAY_RATE * sends)
    frame = pd.DataFrame({"contact": contact, "sender": sender, "sequence": sequence, "is_dead": is_dead})
    frame["is_blocked"] = is_blocked
    frame["is_soft"] = ~is_bounced & (sends > 1) & (random.random(count) < SOFT_RATE)
    frame["sends"], frame["stop"], frame["stop_at"] = sends, stop, np.where(stop != "", stop_at, 0)
    frame["ended_at"], frame["last_at"] = np.where(ended_at <= NOW, ended_at, 0), last_at
    frame["away"] = np.where(is_away, random.integers(1, sends + 1), 0)
    for step in range(MOST_STEPS):
        frame[f"at_{step + 1}"] = at[:, step]
    return frame


def blocked_rate(recipe: Recipe, senders: pd.DataFrame, sender: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the chance that a sender's mail to a living address is refused at a moment (UTC seconds)."""
    is_bad = senders["is_bad"].to_numpy()[sender]
    usual = np.where(is_bad, recipe.bad_rate, recipe.rate) * BLOCKED_SHARE
    is_faulty = is_bad & (at > NOW - FAULT_DAYS * DAY)
    return np.where(is_faulty, np.maximum(recipe.fault_rate, usual), usual)


def _stops(
    theta: np.ndarray, at: np.ndarray, is_sent: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what each reader ended the enrollment with, after which mail and when; nothing after `AS_OF`."""
    shape = at.shape
    is_reply = random.random(shape) < theta[:, None]
    is_unsubscribe = random.random(shape) < UNSUBSCRIBE_RATE
    is_complaint = random.random(shape) < COMPLAINT_RATE
    happens_at = at + (random.uniform(1, 60, shape) * HOUR).astype(np.int64)
    happens = (is_reply | is_unsubscribe | is_complaint) & is_sent & (happens_at < NOW)
    step = happens.argmax(axis=1)
    rows = np.arange(len(at))
    luck = random.random(len(at))
    reply = np.select([luck < STOP_SHARE, luck < STOP_SHARE + NO_STOP_SHARE], ["stop", "no_stop"], "reply")
    kind = np.where(is_unsubscribe[rows, step], "unsubscribe", reply)
    kind = np.where(is_complaint[rows, step], "complaint", kind)
    return np.where(happens.any(axis=1), kind, ""), step, happens_at[rows, step]
