"""From the exports of a tool, through the flags of its contacts, to what the ledger would remember of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from hygiene.engine import open_engine
from hygiene.facts import ContactReader, keep_signals
from hygiene.facts.queries import Questions, define_outcomes
from hygiene.flags.contacts import decide_all
from hygiene.gate.ledger.types import MAY_EXPIRE
from hygiene.sources import load
from hygiene.sources.stops import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from hygiene.engine import Engine
    from hygiene.facts.types import ContactFacts
    from hygiene.flags.types import ContactFlag
    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.ledger.types import Entry, Reason
    from hygiene.settings import Settings

    Progress = Callable[[str, float | None], None]

REMEMBERED: Mapping[str, Reason] = {
    "opted_out": "opt_out",
    "unsubscribed": "opt_out",
    "asked_out": "objection",
    "complained": "complaint",
    "do_not_contact": "do_not_contact",
    "suppressed": "do_not_contact",
    "unknown_user": "hard_bounce_address",
    "address_bounced": "hard_bounce_address",
}
"""By the reason of a flag `never` or `remove`. What the ledger itself has said (`in_ledger`) it knows already."""

_OF_NOBODY = """
SELECT s.email, s.domain, s.reason, s."at", s.source FROM suppressions AS s
LEFT JOIN contacts AS c ON LOWER(c.email) = s.email
WHERE (s.email IS NOT NULL AND c.contact_key IS NULL) OR (s.email IS NULL AND s.domain IS NOT NULL)
ORDER BY s.email NULLS LAST, s.domain, s."at", s.reason, s.source
"""


class Exports(NamedTuple):
    """The exports of one tool, ready to be asked."""

    engine: Engine
    """Has the view `outcomes` and the table `signals`."""
    questions: Questions
    contacts: ContactReader

    def flags(self) -> Iterator[ContactFlag]:
        """Yield the decision for each contact, by the exports alone."""
        return decide_all(self.contacts.contacts())

    def stops(self) -> Iterator[Stop]:
        """Yield the suppressions that name nobody among the contacts, and those of domains."""
        for email, domain, reason, at, source in self.engine.rows(_OF_NOBODY):
            yield Stop(email or f"@{domain}", reason or "do_not_contact", at, source)


@contextmanager
def exports_of(path: Path, settings: Settings, progress: Progress) -> Iterator[Exports]:
    """Open the folder of a tool's exports.

    Raises
    ------
    HygieneError
        If it cannot be understood.
    """
    tables = load(path, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        questions = Questions(settings, tables.report)
        define_outcomes(engine, questions)
        keep_signals(engine, tables.report, settings)
        yield Exports(engine, questions, ContactReader(engine, tables.report, settings))


def remembered_as(flag: ContactFlag) -> tuple[Reason, datetime | None] | None:
    """Return the reason to remember a contact by, and since when it holds; None: there is none.

    Of several times at which somebody said no, the first counts.
    """
    reason = REMEMBERED.get(flag.reason)
    if reason is None:
        return None
    return reason, flag.facts.last_bounce_at if reason in MAY_EXPIRE else _first_no(flag.facts)


def address(facts: ContactFacts) -> str | None:
    """Return a contact's address: where exports name contacts by it, the id is one."""
    return facts.email or (facts.contact_id if "@" in facts.contact_id else None)


def entries_of(flags: Iterable[ContactFlag], hasher: Hasher, source: str) -> Iterator[Entry]:
    """Yield what the ledger would remember of contacts: each opt-out and each dead address.

    Parameters
    ----------
    flags
        The decisions; those without an address, or with nothing to remember, yield none.
    hasher
        Of the ledger.
    source
        The tool that they come from.
    """
    for flag in flags:
        found, who = remembered_as(flag), address(flag.facts)
        if found and who and hasher.of(who):
            yield hasher.entry(who, found[0], at=found[1], source=source)


def _first_no(facts: ContactFacts) -> datetime | None:
    said = (facts.opted_out_at, facts.unsubscribed_at, facts.asked_out_at, facts.complained_at)
    return min((at for at in said if at), default=None)
