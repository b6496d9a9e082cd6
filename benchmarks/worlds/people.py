"""Who is written to, by whom and with what: contacts with their hidden traits, companies, senders, sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.worlds.recipes import (
    LONGEST_SEQUENCE,
    SENDERS,
    SEQUENCE_DEVIATION,
    SEQUENCES,
    SHORTEST_SEQUENCE,
    SKILL_DEVIATION,
    SOURCES,
)

if TYPE_CHECKING:
    from benchmarks.worlds.recipes import Recipe

CONTACTS_A_COMPANY = 6
COMPANY_SKEW = 1.6
"""Exponent: the larger, the more a few companies hold."""
OPEN_RATE = 0.40
OPENNESS_OF_THETA = 0.35
"""How the logit of a contact's open rate follows the logarithm of theta."""
OPENNESS_DEVIATION = 0.5
LINKS_A_MAIL = 3
"""At most."""
SHORTEST_GAP, LONGEST_GAP = 2, 5
"""Working days between two steps: 2–7 days."""

FIRST_NAMES = ("Anna", "Ben", "Chloe", "David", "Emma", "Frank", "Grace", "Henri", "Ines", "Jonas", "Katrin", "Louis")
LAST_NAMES = ("Moreau", "Clarke", "Weber", "Rossi", "Novak", "Silva", "Dubois", "Larsen", "Kovacs", "Martin", "Okafor")
TITLES = ("Head of Operations", "Buyer", "Plant Manager", "IT Director", "Sales Director", "Finance Manager", "Founder")
INDUSTRIES = ("manufacturing", "logistics", "software", "retail", "health", "construction")
COUNTRIES = ("France", "Germany", "United Kingdom", "Netherlands", "Spain", "United States")


class People(NamedTuple):
    """The contacts' hidden traits; arrays of one value a contact."""

    source: np.ndarray
    """Index into `SOURCES`."""
    theta: np.ndarray
    death_rate: np.ndarray
    complaint_rate: np.ndarray
    is_invalid: np.ndarray
    open_rate: np.ndarray
    """While alive; a send's."""
    company: np.ndarray
    is_proxy: np.ndarray
    is_scanner: np.ndarray
    agent: np.ndarray
    """0–1: which mail program it is."""


class Office(NamedTuple):
    """The senders and their sequences."""

    skill: np.ndarray
    """Of a sender, on the logit."""
    appeal: np.ndarray
    """Of a sequence, on the logit."""
    steps: np.ndarray
    """Of a sequence."""
    gaps: np.ndarray
    """Working days after a step: [sequence, step from 0]."""
    links: np.ndarray
    """Links in a step's mail: [sequence, step from 0]."""


def make_office(random: np.random.Generator) -> Office:
    """Draw senders and sequences; two sequences of each length.

    Skill and appeal are centred: a dozen draws would else move the reply rate of a whole world by a tenth.
    """
    skill, appeal = random.normal(0, SKILL_DEVIATION, SENDERS), random.normal(0, SEQUENCE_DEVIATION, SEQUENCES)
    lengths = np.repeat(np.arange(SHORTEST_SEQUENCE, LONGEST_SEQUENCE + 1), 2)
    shape = (SEQUENCES, LONGEST_SEQUENCE)
    return Office(
        skill - skill.mean(),
        appeal - appeal.mean(),
        lengths,
        random.integers(SHORTEST_GAP, LONGEST_GAP + 1, shape),
        random.integers(1, LINKS_A_MAIL + 1, shape),
    )


def make_people(recipe: Recipe, contacts: int, random: np.random.Generator) -> People:
    """Draw the contacts."""
    shares = np.array([source.share for source in SOURCES])
    source = random.choice(len(SOURCES), contacts, p=shares / shares.sum())
    theta_a, theta_b = np.array([each.theta for each in SOURCES])[source].T
    death_a, death_b = np.array([each.death for each in SOURCES])[source].T
    theta = random.beta(theta_a, theta_b).clip(1e-9, 1 - 1e-9)
    companies = max(contacts // CONTACTS_A_COMPANY, 1)
    company = (companies * random.random(contacts) ** COMPANY_SKEW).astype(np.int64)
    interest = (np.log(theta) - np.log(0.02)).clip(-3, 3)
    openness = np.log(OPEN_RATE / (1 - OPEN_RATE)) + OPENNESS_OF_THETA * interest
    openness += random.normal(0, OPENNESS_DEVIATION, contacts)
    return People(
        source=source,
        theta=theta,
        death_rate=random.beta(death_a, death_b),
        complaint_rate=np.array([each.complaint_rate for each in SOURCES])[source],
        is_invalid=random.random(contacts) < np.array([each.invalid_rate for each in SOURCES])[source],
        open_rate=1 / (1 + np.exp(-openness)),
        company=company,
        is_proxy=random.random(contacts) < recipe.proxy_rate,
        is_scanner=(random.random(companies) < recipe.scanner_rate)[company],
        agent=random.random(contacts),
    )


def contact_ids(contacts: int) -> pd.Index:
    """Return the contacts' ids, in order."""
    return "c" + pd.Series(np.arange(contacts)).astype(str).str.zfill(6)


def contact_table(people: People, first_at: np.ndarray, recipe: Recipe, random: np.random.Generator) -> pd.DataFrame:
    """Return the table `contacts` as a CRM exports it.

    Parameters
    ----------
    first_at
        Each contact's first send, UTC seconds; it was imported up to a month before.
    """
    count = len(people.source)

    def pick(words: tuple[str, ...]) -> pd.Series:
        return pd.Series(np.array(words, dtype=object)[random.integers(0, len(words), count)])

    first, last, number = pick(FIRST_NAMES), pick(LAST_NAMES), pd.Series(np.arange(count)).astype(str)
    company = pd.Series(people.company).astype(str)
    created_at = pd.Series(pd.to_datetime(first_at - random.integers(86_400, 30 * 86_400, count), unit="s"))
    table = pd.DataFrame(
        {
            "contact_id": contact_ids(count),
            "email": first.str.lower() + "." + last.str.lower() + number + "@company" + company + ".example",
            "first_name": first,
            "last_name": last,
            "company": "Company " + company,
            "job_title": pick(TITLES),
            "industry": np.array(INDUSTRIES, dtype=object)[people.company % len(INDUSTRIES)],
            "country": np.array(COUNTRIES, dtype=object)[people.company % len(COUNTRIES)],
            "language": "en",
            "source": np.array([each.name for each in SOURCES], dtype=object)[people.source],
            "import_batch": created_at.dt.strftime("%Y-%m"),
            "created_at": created_at,
        }
    )
    return table if recipe.has_source else table.drop(columns="source")


def sender_table() -> pd.DataFrame:
    """Return the table `senders`."""
    names = [f"{FIRST_NAMES[i]} {LAST_NAMES[i % len(LAST_NAMES)]}" for i in range(SENDERS)]
    emails = [name.lower().replace(" ", ".") + "@seller.example" for name in names]
    teams = ["north" if i % 2 else "south" for i in range(SENDERS)]
    return pd.DataFrame({"sender_id": sender_ids(), "name": names, "email": emails, "team": teams})


def sender_ids() -> list[str]:
    """Return the senders' ids, in order."""
    return [f"rep-{i + 1:02}" for i in range(SENDERS)]


def sequence_ids() -> list[str]:
    """Return the sequences' ids, in order."""
    return [f"seq-{i + 1:02}" for i in range(SEQUENCES)]


def sequence_table(office: Office) -> pd.DataFrame:
    """Return the table `sequences`."""
    names = [f"Sequence {i + 1}, {steps} steps" for i, steps in enumerate(office.steps)]
    topics = [INDUSTRIES[i % len(INDUSTRIES)] for i in range(SEQUENCES)]
    return pd.DataFrame({"sequence_id": sequence_ids(), "name": names, "language": "en", "topic": topics})
