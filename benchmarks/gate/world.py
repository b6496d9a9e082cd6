"""A whole world: a team's exports, the lists its senders are about to enroll, and beside them the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import pandas as pd

from benchmarks.gate.campaign import Campaign, clean_rows
from benchmarks.gate.draft import Draft
from benchmarks.gate.history import NOW, Past, blocked_rate, make_past
from benchmarks.gate.people import Book
from benchmarks.gate.plants import FAULTS, FAULTS_WITH_EVENTS, REFUSALS, SAID, WITH_HISTORY, WITH_IDS
from benchmarks.gate.recipes import WORLDS
from benchmarks.gate.tables import KINDS, contact_table, enrollment_table, event_table
from benchmarks.gate.words import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.gate.plants import Plant
    from benchmarks.gate.recipes import Recipe

PLANTED_TWICE = 2
TRUTH_COLUMNS = ("ref", "contact_id", "email", "origin", "plant", "expects", "rate", "is_dead", "is_blocked", "theta")


@dataclass(frozen=True)
class World:
    """What `make_world` makes; equal arguments give equal tables."""

    name: str
    kind: str
    """What the export has, see `tables.KINDS`."""
    tables: Mapping[str, pd.DataFrame]
    """The source's tables by name; empty ones are not written."""
    campaigns: tuple[Campaign, ...]
    ledger: tuple[str, ...]
    """What the suppression ledger remembers, as `hygiene ledger add` takes it."""
    is_labelled: bool
    """Whether the lists have HubSpot's headers."""
    past: Past
    """The history with its truth."""

    def write(self, folder: Path) -> None:
        """Write `source/`, a mail a language, and for each sender `lists/ID.csv`; the truth stays out."""
        source, lists = folder / "source", folder / "lists"
        for each in (source, lists):
            each.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables.items():
            if len(table):
                table.to_csv(source / f"{name}.csv", index=False)
        for language, text in TEMPLATES.items():
            (folder / f"mail-{language}.txt").write_text(text, encoding="utf-8")
        for campaign in self.campaigns:
            campaign.file(is_labelled=self.is_labelled).to_csv(lists / f"{campaign.sender_id}.csv", index=False)


def make_world(name: str, number: int = 0, seed: int = 1) -> World:
    """Simulate one team of a named world.

    Parameters
    ----------
    name
        One of `WORLDS`.
    number
        Which team, from 0.
    seed
        Teams of other seeds are other teams.

    Raises
    ------
    KeyError
        If there is no such world.

    Examples
    --------
    >>> world = make_world("tiny")
    >>> len(world.campaigns), sorted(world.tables)
    (1, ['contacts', 'enrollments', 'events', 'senders', 'sequences', 'suppressions'])
    """
    return simulate(WORLDS[name], number, seed)


def simulate(recipe: Recipe, number: int = 0, seed: int = 1) -> World:
    """Simulate one team of a world of one's own."""
    random = partial(_generator, seed, number, recipe.name)
    book = Book(random("people"))
    past = make_past(recipe, book, random("history"))
    kind = KINDS[int(random("kind").integers(len(KINDS)))]
    campaigns, drafts, known = [], [], []
    for index in range(len(past.senders)):
        campaign, draft, crm = _campaign(recipe, past, index, kind, book, random(f"campaign-{index}"))
        campaigns.append(campaign)
        drafts.append(draft)
        known.append(crm)
    tables = _tables(recipe, past, kind, drafts, known, random("tables"))
    if random("verification").random() < 0.5:
        tables["contacts"] = tables["contacts"].drop(columns="verification")
        campaigns = [_unverified(campaign) for campaign in campaigns]
    ledger = tuple(entry for draft in drafts for entry in draft.ledger)
    return World(recipe.name, kind, tables, tuple(campaigns), ledger, bool(random("labels").random() < 0.5), past)


def _generator(seed: int, number: int, name: str, room: str) -> np.random.Generator:
    """Return the random numbers of one room, so that a change in one leaves the others as they are."""
    return np.random.default_rng([seed, number, crc32(name.encode()), crc32(room.encode())])


def _campaign(
    recipe: Recipe, past: Past, index: int, kind: str, book: Book, random: np.random.Generator
) -> tuple[Campaign, Draft, pd.DataFrame]:
    """Return the campaign of one sender, its draft, and those of its clean rows that the CRM has newly got."""
    sender = past.senders.iloc[index]
    count = int(np.exp(random.uniform(*np.log(recipe.list_rows))))
    is_of_crm = bool(random.random() < 0.5)
    rows = clean_rows(recipe, past, index, count, book, random)
    crm = rows[~rows["in_crm"]] if is_of_crm else rows.iloc[:0]
    batch = (past.batches.source[0], past.batches.label[0])
    draft = Draft(sender["sender_id"], sender["language"], kind, is_of_crm, batch, book, random)
    for plant in _plants(recipe, count, draft):
        plant(draft)
    rows = pd.concat([rows, pd.DataFrame(draft.rows)], ignore_index=True) if draft.rows else rows
    rows = rows.iloc[random.permutation(len(rows))].reset_index(drop=True)
    rows["ref"] = [f"r{i:04d}" for i in range(len(rows))]
    at = np.full(len(rows), NOW)
    sends = np.full(len(rows), index)
    rows["is_blocked"] = random.random(len(rows)) < blocked_rate(recipe, past.senders, sends, at)
    rows["is_blocked"] &= ~rows["is_dead"].astype(bool)
    about = {"origin", "rate", "is_dead", "theta", "in_crm", "plant", "expects", "is_blocked", "created_at"}
    shown = rows[[name for name in rows if name not in about]].astype(object).fillna("")
    campaign = Campaign(
        sender["sender_id"], bool(sender["is_bad"]), sender["language"], shown, rows[[*TRUTH_COLUMNS]], is_of_crm
    )
    return campaign, draft, crm


def _plants(recipe: Recipe, count: int, draft: Draft) -> list[Plant]:
    """Return what is planted in a list: everything twice, refusals in every second list, or nothing."""
    has_events = draft.kind != "outcomes" and recipe.has_history
    refusals = REFUSALS + (WITH_HISTORY if recipe.has_history else ()) + (SAID if has_events else ())
    if recipe.is_dirty:
        ids = WITH_IDS if draft.is_of_crm else ()
        return [*refusals, *ids, *FAULTS, *(FAULTS_WITH_EVENTS if has_events else ())] * PLANTED_TWICE
    if draft.coin():
        return []
    return [refusals[int(i)] for i in draft.random.integers(0, len(refusals), max(1, round(recipe.dirt * count)))]


def _tables(
    recipe: Recipe,
    past: Past,
    kind: str,
    drafts: list[Draft],
    known: list[pd.DataFrame],
    random: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Return the source's tables, with all that the plants need."""
    contacts = contact_table(past, kind, random)
    names = [*contacts.columns, "do_not_contact", "legal_basis", "consent_at", "consent_source"]
    planted = pd.DataFrame([contact for draft in drafts for contact in draft.contacts])
    fresh = [table.reindex(columns=names).astype(object) for table in (*known, planted) if len(table)]
    if not recipe.has_history:
        contacts = contacts.iloc[:0]
    contacts = pd.concat([contacts.reindex(columns=names).astype(object), *fresh], ignore_index=True).fillna("")
    suppressions = pd.DataFrame([row for draft in drafts for row in draft.suppressions])
    senders = past.senders[["sender_id"]].assign(
        name=[f"Rep {i + 1}" for i in range(len(past.senders))],
        email=past.senders["sender_id"] + "@seller.example",
    )
    sequences = pd.DataFrame([(f"{tongue}-{i}", tongue) for tongue in ("en", "fr") for i in range(1, 5)])
    tables = {
        "contacts": contacts,
        "senders": senders,
        "sequences": sequences.set_axis(["sequence_id", "language"], axis=1).assign(name=sequences[0]),
        "suppressions": suppressions,
    }
    if not recipe.has_history:
        return tables
    events = [event_table(past, kind, random), *(pd.DataFrame(draft.events) for draft in drafts)]
    enrollments = [enrollment_table(past), *(pd.DataFrame(draft.enrollments) for draft in drafts)]
    return tables | {
        "enrollments": pd.concat([part for part in enrollments if len(part)], ignore_index=True),
        "events": pd.concat([part for part in events if len(part)], ignore_index=True).sort_values("at")
        if kind != "outcomes"
        else events[0].iloc[:0],
    }


def _unverified(campaign: Campaign) -> Campaign:
    """Return a campaign whose export has no verification: then nobody can know who was found invalid."""
    truth = campaign.truth.copy()
    truth.loc[truth["plant"] == "verified_invalid", "expects"] = "either"
    rows = campaign.rows.drop(columns="verification")
    return Campaign(campaign.sender_id, campaign.is_bad, campaign.language, rows, truth, campaign.is_of_crm)
