"""The coming campaign of one sender: its list, row by row with what is true of it, and its mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.gate.history import DAY, NOW, REPLY, Past, dead_rate, verification
from benchmarks.gate.tables import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.gate.people import Book
    from benchmarks.gate.recipes import Recipe

SHARES = {"leftover": 0.45, "new_batch": 0.35, "again": 0.20}
"""Of a usual list: what is left of batches in use, new batches of known sources, people who did not answer before."""
ROTTEN_SHARE = 0.7
AGAIN_DAYS = 30
"""After a last mail, until its reader may be on a list again."""
DECAYED_RATE = 0.001
"""Addresses that took a mail before and are dead by now."""
LABELS: Mapping[str, str] = {
    "contact_id": "Record ID",
    "email": "Email",
    "first_name": "First Name",
    "last_name": "Last Name",
    "company": "Company Name",
    "job_title": "Job Title",
    "country": "Country/Region",
    "language": "Preferred language",
    "source": "Original Source",
    "import_batch": "Import name",
    "verification": "Email verification status",
    "opted_out": "Unsubscribed from all email",
    "legal_basis": "Legal basis for processing contact's data",
    "consent_at": "Consent date",
    "consent_source": "Consent source",
}
"""HubSpot's headers of the columns."""
CRM_COLUMNS = ("contact_id", "email", "first_name", "last_name", "company", "opted_out")
"""Of a list that the CRM exported: the rest is in the source."""


@dataclass(frozen=True)
class Campaign:
    """A list and who is to write to it."""

    sender_id: str
    is_bad: bool
    language: str
    rows: pd.DataFrame
    """The list with canonical columns and `ref`, in the order of the file."""
    truth: pd.DataFrame
    """One row a row of the list: ref, contact_id, email, origin (of `SHARES`, `new_source`, `rotten`, `plant`), plant,
    expects (`keep`, `drop`, `never` …, see `truth.py`), rate (chance that its address is dead), is_dead, is_blocked
    (drawn), theta."""
    is_of_crm: bool
    """Whether the source knows everybody on the list."""

    def file(self, *, is_labelled: bool) -> pd.DataFrame:
        """Return the list as it lies on the disk."""
        columns = [*CRM_COLUMNS] if self.is_of_crm else [*LABELS]
        shown = self.rows[["ref", *[name for name in columns if name in self.rows and self.rows[name].any()]]]
        return shown.rename(columns=LABELS) if is_labelled else shown


def clean_rows(
    recipe: Recipe, past: Past, index: int, count: int, book: Book, random: np.random.Generator
) -> pd.DataFrame:
    """Return the rows of a list in which nothing is planted, with what is true of them and `in_crm` (known before)."""
    origins = _origins(recipe, count, bool(past.senders["is_bad"][index]), random)
    again = _again(past, index, origins.get("again", 0), random)
    language = past.senders["language"][index]
    origin = np.repeat(*zip(*((name, part) for name, part in origins.items() if name != "again"), strict=True))
    fresh = len(origin)
    people = book.add([language] * fresh)
    source, label, rate = _batches(recipe, past, index, origin, random)
    people = people.assign(
        source=source,
        import_batch=label,
        origin=origin,
        rate=rate,
        is_dead=random.random(fresh) < rate,
        theta=random.beta(*REPLY, fresh),
        in_crm=False,
        created_at=moment(np.full(fresh, NOW - 5 * DAY)),
    )
    people["verification"] = verification(people["is_dead"].to_numpy(), random)
    rows = pd.concat([people, again], ignore_index=True)
    return rows.assign(plant="", expects="keep")


def _origins(recipe: Recipe, count: int, is_bad: bool, random: np.random.Generator) -> dict[str, int]:
    if recipe.campaign == "new_source":
        return {"new_source": count}
    if recipe.campaign == "rotten" and is_bad:
        rotten = round(ROTTEN_SHARE * count)
        return {"rotten": rotten, "leftover": count - rotten}
    parts = random.multinomial(count, list(SHARES.values()))
    return {"leftover": int(parts[0] + (0 if recipe.has_history else parts[2])), "new_batch": int(parts[1])} | (
        {"again": int(parts[2])} if recipe.has_history else {}
    )


def _batches(
    recipe: Recipe, past: Past, index: int, origin: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return source, import batch and rate of dead addresses of fresh rows, given where they come from."""
    batches, is_bad = past.batches, bool(past.senders["is_bad"][index])
    mean = recipe.bad_rate if is_bad else recipe.rate
    own = np.flatnonzero((batches.owner == index) & ~batches.is_rotten)
    recent = own[np.argsort(batches.imported_at[own])[-4:]]
    chosen = random.choice(recent, len(origin))
    if (is_rotten := origin == "rotten").any():
        mine = np.flatnonzero((batches.owner == index) & batches.is_rotten)
        chosen = np.where(is_rotten, mine[0] if len(mine) else chosen, chosen)
    source, label, rate = batches.source[chosen].copy(), batches.label[chosen].copy(), batches.rate[chosen].copy()
    is_new = origin == "new_batch"
    number = random.integers(0, 2, len(origin))
    fresh_sources = random.choice(batches.source[own], 2)
    fresh_rates = dead_rate(recipe, mean, 2, random)
    source[is_new], rate[is_new] = fresh_sources[number[is_new]], fresh_rates[number[is_new]]
    label[is_new] = np.array([f"2026-06-new-{index:02}a", f"2026-06-new-{index:02}b"], dtype=object)[number[is_new]]
    if recipe.campaign == "new_source" and recipe.list_rate is not None:
        source[:], label[:], rate[:] = "vendor-nova", "2026-06-nova", _new_rate(recipe.list_rate, recipe, random)
    return source, label, rate


def _new_rate(mean: float, recipe: Recipe, random: np.random.Generator) -> float:
    """Return the rate of a source that nobody has written to."""
    weight = recipe.list_weight
    return mean if weight is None else float(random.beta(mean * weight, (1 - mean) * weight))


def _again(past: Past, index: int, count: int, random: np.random.Generator) -> pd.DataFrame:
    """Return people whom the sender wrote to before, who did not answer and may be written to."""
    mails, contacts = past.mails, past.contacts
    spoiled = mails["stop"].ne("") | mails["is_blocked"] | mails["ended_at"].eq(0)
    spoiled |= mails["last_at"] > NOW - AGAIN_DAYS * DAY
    bad = set(mails.loc[spoiled, "contact"])
    mine = mails[mails["sender"] == index].groupby("contact")["enrollment_id"].count()
    is_dead = contacts["is_dead"].to_numpy()
    free = [c for c in mine.index[mine == 1] if c not in bad and not is_dead[c]]
    chosen = random.permutation(np.array(free, dtype=int))[:count]
    rows = contacts.iloc[chosen].drop(columns=["is_dead"])
    batch = rows.pop("batch").to_numpy()
    rows["source"], rows["import_batch"] = past.batches.source[batch], past.batches.label[batch]
    has_died = random.random(len(rows)) < DECAYED_RATE
    return rows.assign(origin="again", rate=DECAYED_RATE, is_dead=has_died, in_crm=True)
