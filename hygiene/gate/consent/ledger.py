"""The ledger: basis, source, date and expiry of every contact, who is sendable today, and the clock of opt-outs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.legal import countries_as_of, is_outdated
from hygiene.advice.opt_out_clock import opt_out_clock
from hygiene.advice.permission import SENDABLE, STATUSES
from hygiene.advice.permission.reading import shows_bases
from hygiene.gate.consent.rows import consent_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from pandas import DataFrame

    from hygiene.advice.legal import Regime
    from hygiene.advice.opt_out_clock import OptOutClock
    from hygiene.advice.permission import Status
    from hygiene.facts.consent import ConsentFacts
    from hygiene.facts.types import Sender, Sequence
    from hygiene.gate.ledger.memory import Memory
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

OTHER = "other"
"""In place of the code of a country that the table does not hold."""
CONTACT_COLUMNS = ("contact_id", "email", "source", "import_batch")


class LawTable(NamedTuple):
    """The age of the table of countries."""

    as_of: date
    """The day on which it was last looked through."""
    age_days: int
    """At the moment that is asked about; 0 where that lies before."""
    is_outdated: bool
    """Older than a year."""


class Group(NamedTuple):
    """The contacts of one country under one regime."""

    country: str | None
    """ISO code; `OTHER`: one that the table does not hold; None: not known."""
    regime: Regime
    by_status: Mapping[Status, int]
    inferred: int
    """Contacts whose country is known by their address's domain alone."""
    unwritten: int
    """Sendable ones of which the export names no basis, in a country that asks for none beforehand."""

    @property
    def contacts(self) -> int:
        """How many there are."""
        return sum(self.by_status.values())

    @property
    def sendable(self) -> int:
        """Against how many of them the table has nothing."""
        return sum(self.by_status.get(status, 0) for status in SENDABLE)


@dataclass(frozen=True)
class ConsentLedger:
    """What is known of everybody's permission at one moment. Never legal advice."""

    as_of: datetime
    rows: DataFrame
    """A row a contact: `CONTACT_COLUMNS`, then the columns of `consent_of_rows`."""
    groups: tuple[Group, ...]
    """The largest first."""
    clock: OptOutClock
    """Of the whole source, also where `rows` are those of a list."""
    table: LawTable
    bases_known: bool
    """Whether the export says anything of bases and consents at all."""
    senders: Mapping[int, Sender]
    sequences: Mapping[int, Sequence]
    imported: ImportReport
    """How the source was read."""

    @property
    def by_status(self) -> Mapping[Status, int]:
        """Contacts by status, the best first."""
        counts = Counter(self.rows["status"].tolist())
        return {status: counts[status] for status in STATUSES}

    @property
    def sendable(self) -> int:
        """Contacts against whom the table has nothing."""
        return sum(group.sendable for group in self.groups)


def consent_ledger(
    facts: ConsentFacts, imported: ImportReport, settings: Settings, rows: DataFrame | None = None
) -> ConsentLedger:
    """Return the ledger of a source, or of a list whose contacts it may know.

    Parameters
    ----------
    facts
        What the source shows.
    imported
        How it was read.
    settings
        Gives the time zone of dates without a time.
    rows
        The rows of a list, with columns as `consent_of_rows` takes them; None: all contacts of the source.
    """
    if rows is None:
        contacts, bases_known = facts.contacts, shows_bases(facts.contacts)
        judged = consent_of_rows(contacts, facts.as_of, bases_known=bases_known)
    else:
        from hygiene.gate.consent.lists import consent_of_list, with_known

        contacts = with_known(rows, facts.contacts)
        bases_known = shows_bases(contacts)
        judged = consent_of_list(contacts, facts.contacts, facts.as_of)
    told = contacts.reindex(columns=list(CONTACT_COLUMNS))
    return ConsentLedger(
        as_of=facts.as_of,
        rows=told.join(judged),
        groups=_groups(judged),
        clock=opt_out_clock(facts.opt_outs, facts.late_mails, settings.timezone),
        table=law_table(facts.as_of),
        bases_known=bases_known,
        senders=facts.senders,
        sequences=facts.sequences,
        imported=imported,
    )


def with_ledger(facts: ConsentFacts, memory: Memory) -> ConsentFacts:
    """Return the facts with a column `in_ledger` of the contacts: the reason of the ledger's no, else null."""
    said = {key: known.reason for key, known in memory.remembered.items() if known.is_forever}
    return replace(facts, contacts=facts.contacts.assign(in_ledger=facts.contacts["contact_key"].map(said)))


def law_table(as_of: datetime) -> LawTable:
    """Return how old the table of countries is at a moment."""
    table = countries_as_of()
    return LawTable(table, max((as_of.date() - table).days, 0), is_outdated(as_of))


def _groups(judged: DataFrame) -> tuple[Group, ...]:
    counts: dict[tuple[str | None, Regime], Counter[Status]] = {}
    inferred: Counter[tuple[str | None, Regime]] = Counter()
    unwritten: Counter[tuple[str | None, Regime]] = Counter()
    columns = judged[["country", "country_from", "regime", "status", "code"]].astype(object)
    for key, count in Counter(columns.where(columns.notna(), None).itertuples(index=False, name=None)).items():
        country, country_from, regime, status, code = key
        group = (country or (OTHER if country_from in ("column", "both") else None), regime)
        counts.setdefault(group, Counter())[status] += count
        inferred[group] += count if country_from == "domain" else 0
        unwritten[group] += count if code == "until_objection" else 0
    found = (Group(*group, dict(own), inferred[group], unwritten[group]) for group, own in counts.items())
    return tuple(sorted(found, key=lambda row: (row.country is None, -row.contacts, row.country or "", row.regime)))
