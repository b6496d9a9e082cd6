"""OPT-06: a list is bought, scraped or of unknown origin by its own name, and nothing proves that it may be used.

What it checks
    Whether contacts who are enrolled and may still be written to come from a source whose name says that it was bought
    or extracted (“purchased list”, “fichier acheté”, “scraped”), or that nobody knows (“unknown”, empty), while their
    rows name no legal basis, no date and no source of a consent.

Why it matters
    Whoever uses a bought list answers for it and has to check the consents himself: the French authority has fined
    firms for lists that their vendors had called clean. Such lists also bounce more.

What to do
    Quarantine the list, ask the vendor for the proof of each consent, and write it into the CRM; without proof, delete
    it and keep the addresses suppressed.

Limits
    Only a name is read, by the words of `models/legal/sources.toml`; a vendor's plain name says nothing. A basis that
    is written down is taken at its word. An unknown origin is spoken of only where the export holds a column of bases
    or consents at all. No legal advice.

Source
    CNIL on bought and extracted lists: Performeclic and Nestor (December 2020), Canal+ (October 2023), Foriou (January
    2024), SAN-2025-001 (May 2025), as reported (read 2026-11). HubSpot, “Understand your sequences sender score” (read
    2026-11): contacts from verified sources, who have opted in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.contacts import NOBODY_ENROLLED, rows_of, writable
from hygiene.advice.legal import basis_of, source_kind
from hygiene.advice.permission.enrolled import knows_bases
from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value


RULE = Rule(
    id="OPT-06",
    family="opt_out",
    scope="source",
    severity="gate",
    title=Message("No list without proof is bought, scraped or of unknown origin by its name"),
    effort_minutes=60,
    owner="ops",
    needs=("contacts.source",),
)
NO_NAME = "unknown"
"""The subject of contacts whose source is empty or says that it is not known."""


def check(case: Case) -> Outcome:
    """Look for sources that their own names give away, with contacts that nothing vouches for."""
    contacts = writable(case, case.enrolled.rows).copy()
    if contacts.empty:
        return NotApplicable(NOBODY_ENROLLED)
    kinds = {name: source_kind(name) for name in contacts["source"].unique()}
    contacts["kind"] = contacts["source"].map(kinds.get)
    if not knows_bases(case):
        contacts["kind"] = contacts["kind"].where(contacts["kind"].ne("unknown"), None)
    contacts["name"] = contacts["source"].where(contacts["kind"].ne("unknown"), NO_NAME)
    suspect = contacts[contacts["kind"].notna()]
    unproven = suspect[~_has_proof(suspect)]
    if unproven.empty:
        return Clear(len(contacts))
    whole = suspect["name"].value_counts()
    names = sorted(unproven["name"].unique())
    return Fired(tuple(_suggestion(name, unproven[unproven["name"].eq(name)], int(whole[name])) for name in names))


def _has_proof(contacts: DataFrame) -> Series[bool]:
    documented = {words: basis_of(words) not in (None, "none", "refused") for words in contacts["legal_basis"].unique()}
    written = contacts["legal_basis"].map(documented.get).astype(bool)
    return written | contacts["consent_at"].notna() | contacts["consent_source"].notna()


def _suggestion(name: str, contacts: DataFrame, whole: int) -> Suggestion:
    kind = str(contacts["kind"].iloc[0])
    now = int(contacts["ended_at"].isna().sum())
    values: dict[str, Value] = {"source": Text(name), "whole": Count(whole), "running": Count(now)}
    if kind == "unknown":
        advice = Message(
            "Quarantine %(n)s contact whose source nobody knows: neither a basis nor a consent is written down. In"
            " running enrollments: %(running)s.",
            values,
            plural="Quarantine %(n)s contacts whose source nobody knows: neither a basis nor a consent is written down."
            " In running enrollments: %(running)s.",
            n=len(contacts),
        )
    else:
        advice = Message(
            "Quarantine %(n)s contact from “%(source)s”: by its name the list was bought or extracted, and neither a"
            " basis nor a consent is written down. In running enrollments: %(running)s; enrolled from the list:"
            " %(whole)s.",
            values,
            plural="Quarantine %(n)s contacts from “%(source)s”: by its name the list was bought or extracted, and"
            " neither a basis nor a consent is written down. In running enrollments: %(running)s; enrolled from the"
            " list: %(whole)s.",
            n=len(contacts),
        )
    return Suggestion(
        rule=RULE,
        subject=f"source:{name}",
        advice=advice,
        steps=(
            Message("Ask whoever delivered the list for the proof: who agreed, to what text, when and where."),
            Message("Without proof, put the addresses on the suppression list, then delete the contacts."),
        ),
        evidence={
            "contacts": len(contacts),
            "enrolled_from_source": whole,
            "in_running_enrollments": now,
            "kind": kind,
        },
        rows=rows_of(contacts, "kind"),
    )
