"""What the ledger knows of the contacts of a run: looked up once, by address; nothing is done where there is no ledger.

Hashed suppressions that come with the source, as `hygiene ledger export` writes them, count as entries of the ledger
where its key is at hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, cast

from hygiene.facts.queries import Questions
from hygiene.facts.sending import SuppressedContact
from hygiene.facts.types import Remembered
from hygiene.gate.ledger.imports import day_of, own_hashes
from hygiene.gate.ledger.ledger import key_path, open_ledger
from hygiene.gate.ledger.look_up import Asked
from hygiene.gate.ledger.types import MAY_EXPIRE, REASONS, make_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.facts.enrolled import Enrolled
    from hygiene.facts.sending import Sending
    from hygiene.flags.types import FlagSummary
    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.ledger.types import Entry, Match, Reason
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportNote, ImportReport

LEDGER = "ledger"
"""As rules name it among the tables that they need."""
IN_LEDGER = ("in_ledger", "in_ledger_bounced")
"""Reasons of flags that rest on the ledger."""
NOTE = "unmatched_keys"
_KEYED = """SELECT "key", variant, scope, key_id, reason, "at", source, expires FROM suppressions
            WHERE "key" IS NOT NULL AND email IS NULL AND domain IS NULL"""


class Memory(NamedTuple):
    """What the ledger says of a source's contacts."""

    remembered: Mapping[int, Remembered]
    """By contact key: the strictest entry that holds."""
    created: Mapping[int, datetime | None]
    """When each of them came into the CRM."""
    entries: int
    """Facts in the ledger."""
    digest: str | None
    """Of the ledger; None: there is none."""
    keyed: int
    """Hashed suppressions of the source that the key at hand can read."""

    @property
    def knows(self) -> bool:
        """Whether there was anything to look up in."""
        return self.digest is not None or self.keyed > 0

    def read_by(self, report: ImportReport) -> ImportReport:
        """Return an import report whose note counts only the hashed keys that nobody could read."""
        notes = tuple(note for note in (self._left(note) for note in report.notes) if note)
        return replace(report, notes=notes)

    def _left(self, note: ImportNote) -> ImportNote | None:
        if note.code != NOTE:
            return note
        left = int(note.values["count"]) - self.keyed
        return replace(note, values={"count": left}) if left > 0 else None

    def came_back(self, flags: FlagSummary) -> tuple[SuppressedContact, ...]:
        """Return the contacts that only the ledger keeps from being written to, ordered by id."""
        found = [row.facts for row in flags.flagged if row.reason in IN_LEDGER]
        rows = [
            SuppressedContact(
                facts.contact_key,
                facts.contact_id,
                self.created.get(facts.contact_key),
                facts.remembered.reason,
                facts.remembered.since,
                facts.active_enrollments,
            )
            for facts in found
            if facts.remembered
        ]
        return tuple(sorted(rows, key=lambda row: row.contact_id))


NOTHING = Memory({}, {}, 0, None, 0)


def recall(engine: Engine, report: ImportReport, settings: Settings) -> Memory:
    """Look the contacts of a source up in the ledger.

    Raises
    ------
    LedgerError
        If there is a ledger that cannot be used: a run without it would let people be written to who said no.
    """
    ledger = open_ledger(settings.ledger, key_path(settings))
    keyed = _keyed(engine, report, ledger.hasher)
    if ledger.hasher is None or not (ledger.is_there or keyed):
        return NOTHING
    keys: list[int] = []
    emails: list[str] = []
    created: list[datetime | None] = []
    for batch in engine.batches(Questions(settings, report).sql("contact_addresses")):
        for contact_key, email, at in batch:
            keys.append(contact_key)
            emails.append(email)
            created.append(at)
    day = _day(settings, report)
    found = ledger.find(emails, day)
    for position, matches in (Asked(ledger.hasher, emails).matches(keyed, day) if keyed else {}).items():
        found[position] = min((matches[0], *([found[position]] if position in found else [])), key=lambda m: m.rank)
    return Memory(
        remembered={keys[position]: _remembered(match) for position, match in found.items()},
        created={keys[position]: created[position] for position in found},
        entries=len(ledger),
        digest=ledger.digest if ledger.is_there else None,
        keyed=len(keyed),
    )


def with_memory(memory: Memory, flags: FlagSummary, enrolled: Enrolled, sending: Sending) -> tuple[Enrolled, Sending]:
    """Return the facts that rules read with what the ledger knows: nobody in it may wait for a test to begin."""
    known = {row.facts.contact_id for row in flags.flagged if row.facts.remembered}
    waiting = tuple(contact for contact in enrolled.waiting if contact.contact_id not in known)
    suppressed = sorted((*sending.suppressed, *memory.came_back(flags)), key=lambda row: row.contact_id)
    return (
        replace(enrolled, waiting=waiting, columns=enrolled.columns | {LEDGER}),
        replace(sending, suppressed=tuple(suppressed)),
    )


def _keyed(engine: Engine, report: ImportReport, hasher: Hasher | None) -> Sequence[Entry]:
    """Return the hashed suppressions of a source that were hashed with the key at hand, as entries."""
    if hasher is None or not report.tables.get("suppressions"):
        return []
    entries = []
    for key, variant, scope, key_id, reason, at, source, expires in engine.rows(_KEYED):
        if hashes := own_hashes(key, variant, scope, key_id, hasher):
            known = cast("Reason", reason if reason in REASONS else "do_not_contact")
            until = day_of(expires) if known in MAY_EXPIRE else None
            entries.append(make_entry(hashes, known, at=at, source=source or "", expires=until))
    return entries


def noes(emails: Sequence[str | None], settings: Settings) -> dict[int, Reason]:
    """Return the reason by the place of each address whose person said no, by the ledger.

    Raises
    ------
    LedgerError
        As `recall`.
    """
    found = open_ledger(settings.ledger, key_path(settings)).find(emails, date.max)
    return {place: match.entry.reason for place, match in found.items() if match.is_forever}


def unread_keys(engine: Engine, report: ImportReport, hasher: Hasher | None) -> int:
    """Return how many hashed suppressions of a source the key at hand cannot read; all of them where there is none."""
    if not report.tables.get("suppressions"):
        return 0
    return sum(
        own_hashes(key, variant, scope, key_id, hasher) is None
        for key, variant, scope, key_id, *_ in engine.rows(_KEYED)
    )


def _day(settings: Settings, report: ImportReport) -> date:
    """Return the day on which entries must not have expired: the data's last, so that equal data give equal answers."""
    if settings.as_of:  # its first moment that is no longer known
        return (settings.as_of - timedelta(microseconds=1)).date()
    return report.data_until.date() if report.data_until else date.min


def _remembered(match: Match) -> Remembered:
    entry = match.entry
    return Remembered(entry.reason, match.is_forever, entry.since, entry.source, match.how)
