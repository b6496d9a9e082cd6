"""A team as the canonical input tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.causes.design import DAY
from benchmarks.causes.recipes import WEEKS

if TYPE_CHECKING:
    from benchmarks.causes.design import Design
    from benchmarks.causes.effects import Levels

FIRST_NAMES = ("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Karin", "Louis")
LAST_NAMES = ("Adams", "Berger", "Clark", "Dubois", "Evans", "Fischer", "Garcia", "Hill", "Keller", "Lopez", "Moreau")
JOBS = ("Head of Sales", "Buyer", "Plant Manager", "Finance Director", "Office Manager", "Head of IT")
CONTACTS_PER_COMPANY = 3
LATEST_ANSWER_DAYS = 21
SEQUENCE_DAYS = 14
"""From the first mail to the end of an enrollment that nobody answered."""
UNSUBSCRIBED_RATE, UNENROLLED_RATE = 0.01, 0.02
"""Of enrollments without reply or bounce."""


class Outcome(NamedTuple):
    """How each enrollment of a design came out."""

    replied: np.ndarray
    bounced: np.ndarray
    blocked: np.ndarray
    """Bounces that are the sender's fault."""


def contact_ids(count: int) -> np.ndarray:
    """Return the ids of contacts, one an enrollment."""
    return np.array([f"c{i + 1:06d}" for i in range(count)], dtype=object)


def sender_id(rep: int) -> str:
    """Return the id of a rep."""
    return f"rep-{rep + 1:02d}"


def enrollment_table(design: Design, levels: Levels, outcome: Outcome, random: np.random.Generator) -> pd.DataFrame:
    """Return the table `enrollments`."""
    count = len(design.rep)
    luck = random.random(count)
    days = 1 + (LATEST_ANSWER_DAYS - 1) * random.random(count) ** 2
    silent = np.where(luck < UNSUBSCRIBED_RATE, "unsubscribed", "finished")
    silent = np.where(luck > 1 - UNENROLLED_RATE, "unenrolled", silent)
    ends = np.where(silent == "finished", SEQUENCE_DAYS * DAY, days * DAY)
    outcomes = np.select([design.is_active, outcome.bounced, outcome.replied], ["active", "bounced", "replied"], silent)
    ends = np.select([outcome.bounced, outcome.replied], [120.0, days * DAY], ends)
    ended_at = pd.Series(stamp(design.at + ends.astype(int))).mask(design.is_active)
    return pd.DataFrame(
        {
            "enrollment_id": [f"e{i + 1:06d}" for i in range(count)],
            "contact_id": contact_ids(count),
            "sender_id": np.array([sender_id(rep) for rep in range(design.rep.max() + 1)])[design.rep],
            "sequence_id": np.array(levels.names["sequence"])[design.level["sequence"]],
            "enrolled_at": stamp(design.at),
            "ended_at": ended_at,
            "outcome": outcomes,
        }
    )


def contact_table(design: Design, levels: Levels, random: np.random.Generator) -> pd.DataFrame:
    """Return the table `contacts`, one an enrollment."""
    count = len(design.rep)
    first, last = (np.array(names)[random.integers(0, len(names), count)] for names in (FIRST_NAMES, LAST_NAMES))
    company = random.integers(1, count // CONTACTS_PER_COMPANY + 2, count)
    batch = design.level["import_batch"]
    # A batch is imported before anyone of it is enrolled, and not more than a year before.
    imported = pd.Series(design.at).groupby(batch).transform("min").to_numpy() - 3 * DAY
    created = np.maximum(imported, design.at - WEEKS * 7 * DAY)

    def names(factor: str) -> pd.Series:
        return pd.Series(np.array(levels.names[factor], dtype=object)[design.level[factor]]).where(
            design.is_seen[factor]
        )

    return pd.DataFrame(
        {
            "contact_id": contact_ids(count),
            "email": [
                f"{f}.{n}{i + 1}@company{c}.example".lower()
                for i, (f, n, c) in enumerate(zip(first, last, company, strict=True))
            ],
            "first_name": first,
            "last_name": last,
            "company": [f"Company {c}" for c in company],
            "job_title": np.array(JOBS)[random.integers(0, len(JOBS), count)],
            "industry": names("industry"),
            "country": names("country"),
            "language": "en",
            "source": names("source"),
            "import_batch": names("import_batch"),
            "created_at": stamp(created),
        }
    )


def sender_table(reps: int) -> pd.DataFrame:
    """Return the table `senders`."""
    ids = [sender_id(rep) for rep in range(reps)]
    names = [f"{FIRST_NAMES[i % len(FIRST_NAMES)]} {LAST_NAMES[i % len(LAST_NAMES)]}" for i in range(reps)]
    emails = [f"{i}@seller.example" for i in ids]
    return pd.DataFrame({"sender_id": ids, "name": names, "email": emails, "team": "Sales", "seat": "Sales"})


def sequence_table(levels: Levels) -> pd.DataFrame:
    """Return the table `sequences`."""
    ids = levels.names["sequence"]
    names = [f"Sequence {i + 1}" for i in range(len(ids))]
    return pd.DataFrame({"sequence_id": ids, "name": names, "language": "en", "topic": "sales"})


def stamp(seconds: np.ndarray) -> pd.Series:
    """Return seconds as ISO times in UTC."""
    return pd.Series(pd.to_datetime(seconds, unit="s")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
