"""Looks at each row of a list by itself: whether this person may be written to at all, and now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.arrays import plain
from hygiene.gate.consent_rows import RULINGS
from hygiene.gate.people import mailbox
from hygiene.gate.reasons import CHECK_OF, Dropped
from hygiene.mail.addresses import check_address
from hygiene.mail.bounces.crm import read_details

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from hygiene.flags.types import ContactFlag
    from hygiene.gate.consent_rows import Ruling
    from hygiene.gate.ledger import Match
    from hygiene.gate.people import People
    from hygiene.gate.suppressed import Suppressed
    from hygiene.mail.addresses.types import AddressCheck
    from hygiene.sources.lists import Listed


@dataclass(frozen=True)
class Question:
    """What the rows are asked with."""

    listed: Listed
    people: People
    as_of: datetime | None
    contacted_days: int
    """Days after an email in which nobody starts another sequence."""
    waived: frozenset[str] = frozenset()
    """Ids of row checks that are not asked."""
    suppressed: Mapping[int, Suppressed] = field(default_factory=dict)
    """By place of the rows that the source's suppressions name."""
    in_ledger: Mapping[int, Match] = field(default_factory=dict)
    """By place of the rows that the ledger speaks about: the strictest entry."""
    refused: Mapping[int, str] = field(default_factory=dict)
    """By place: the reason by which the list itself says no (`listed_noes`)."""
    bounced: Mapping[int, str] = field(default_factory=dict)
    """By place: the list's own reason of a hard bounce, where it tells of a dead address (`listed_bounces`)."""
    invalid: Mapping[int, str] = field(default_factory=dict)
    """By place of the rows whose address a verification found invalid (`found_invalid`)."""
    consent: Mapping[int, Ruling] = field(default_factory=dict)
    """By place of the rows whose basis does not do."""
    languages: Mapping[int, str] = field(default_factory=dict)
    """By place of the rows that read another language than the template's: that language."""
    broken: Mapping[int, str] = field(default_factory=dict)
    """By place of the rows whose email would come out broken: the token."""
    max_per_company: int = 0
    """Rows with one company's domain; 0: as many as there are."""


def listed_noes(listed: Listed, people: People) -> dict[int, str]:
    """Return the rows of which the list itself says no, in whichever row of their mailbox, with the reason's code."""
    own: dict[int, str] = {}
    for column, reason in (("do_not_contact", "do_not_contact_in_list"), ("opted_out", "opted_out_in_list")):
        own |= {int(place): reason for place in np.flatnonzero(plain(listed.values[column]).astype(bool))}
    return _for_all(own, people, mailbox)


def found_invalid(people: People) -> dict[int, str]:
    """Return the rows whose address a verification found invalid, in whichever row of it."""
    places = np.flatnonzero(people.values["verification"] == "invalid").tolist()
    return _for_all(dict.fromkeys(places, "invalid"), people, _spelling)


def _for_all(said: dict[int, str], people: People, name_of: Callable[[str], str | None]) -> dict[int, str]:
    """Return what is said of some rows, for every row of the same name; of two words the first by the alphabet."""
    if not said:
        return said
    names = [name_of(email) if email else None for email in people.values["email"].tolist()]
    by_name = {names[place]: word for place, word in sorted(said.items(), key=itemgetter(1), reverse=True)}
    by_name.pop(None, None)
    return said | {place: by_name[name] for place, name in enumerate(names) if name in by_name}


def _spelling(email: str) -> str:
    return email.strip().casefold()


def listed_bounces(listed: Listed, people: People) -> dict[int, str]:
    """Return the rows whose own column says that the address is dead, with what it says."""
    told = {place: text for place, text in enumerate(plain(listed.values["hard_bounce_reason"]).tolist()) if text}
    distinct = sorted(set(told.values()))
    dead = {text for text, verdict in zip(distinct, read_details(distinct), strict=True) if verdict.action == "remove"}
    return _for_all({place: text for place, text in told.items() if text in dead}, people, _spelling)


def drop_rows(question: Question) -> tuple[Dropped, ...]:
    """Return the rows that must not be written to, each for its gravest reason, ordered by place.

    The order of the rows makes no difference to who is dropped: of two rows with one address, that with the smaller
    cells is kept.
    """
    listed = question.listed
    # A row that names its contact by id alone has the address that the source knows.
    checks = [check_address(email or "", None) for email in question.people.values["email"].tolist()]
    # As `flags.addresses.domain_counts`, which would look at every address again.
    counts = Counter({check.email.strip().lower(): check.domain for check in checks if check.domain}.values())
    checks = [check_address(check.email, counts) if check.find("typo_domain") else check for check in checks]
    dropped = {}
    for place, check in enumerate(checks):
        found = next(_reasons(question, place, check), None)
        if found is not None:
            dropped[place] = found
    dropped |= _crowd(question, checks, dropped)
    unreadable = [Dropped(-1, line, "unreadable_row") for line in listed.unreadable]
    return (*unreadable, *(dropped[place] for place in sorted(dropped)))


def _reasons(question: Question, place: int, check: AddressCheck) -> Iterator[Dropped]:
    """Yield the reasons against one row, the gravest first."""
    answers = chain(
        _said_no(question, place),
        _dead(question, place),
        _address(question, place, check),
        _busy(question, place),
        _silent(question, place),
        _unfit(question, place),
    )
    for reason, value, at, flag in answers:
        if CHECK_OF[reason].id not in question.waived:
            said = question.consent[place].why if reason in RULINGS else None
            yield Dropped(place, question.listed.lines[place], reason, value, at, flag, said)


Answer = tuple[str, str, "datetime | None", "ContactFlag | None"]


def _said_no(question: Question, place: int) -> Iterator[Answer]:
    yield from _flagged(question, place, "never")
    if found := question.suppressed.get(place):
        yield "suppressed", found.reason, found.at, None
    if place in question.refused:
        yield question.refused[place], "", None, None
    if (ruling := question.consent.get(place)) and ruling.reason == "objected":
        yield "objected", "", None, None
    if (match := question.in_ledger.get(place)) and match.is_forever:
        yield "in_ledger", match.reason, match.entry.since, None


def _dead(question: Question, place: int) -> Iterator[Answer]:
    yield from _flagged(question, place, "remove")
    if place in question.bounced:
        yield "bounced_in_list", question.bounced[place], None, None
    if (match := question.in_ledger.get(place)) and not match.is_forever:
        yield "bounced_in_ledger", match.reason, match.entry.since, None


def _address(question: Question, place: int, check: AddressCheck) -> Iterator[Answer]:
    if not check.email.strip():
        yield "no_address", "", None, None
        return
    if problem := check.find("malformed"):
        yield "malformed_address", problem.suggestion or problem.detail, None, None
    if place in question.invalid:
        yield "verified_invalid", "", None, None
    if problem := check.find("typo_domain"):
        yield "typo_domain", problem.suggestion or "", None, None
    for code in ("disposable", "role_system", "role_team"):
        if problem := check.find(code):
            yield code, problem.detail, None, None


def _busy(question: Question, place: int) -> Iterator[Answer]:
    since = question.as_of - timedelta(days=question.contacted_days) if question.as_of else None
    for contact in question.people.known[place]:
        facts = contact.facts
        if facts.active_enrollments:
            yield "in_sequence", "", facts.last_sent_at, None
        if since and facts.last_sent_at and facts.last_sent_at > since:
            yield "contacted_recently", "", facts.last_sent_at, None
        # Without events nobody knows the day of the last email, only that it was not after the end.
        if since and not facts.last_sent_at and facts.last_ended_at and facts.last_ended_at > since:
            yield "enrolled_recently", "", facts.last_ended_at, None


def _silent(question: Question, place: int) -> Iterator[Answer]:
    yield from _flagged(question, place, "pause")


def _unfit(question: Question, place: int) -> Iterator[Answer]:
    if (ruling := question.consent.get(place)) and ruling.reason != "objected":
        yield ruling.reason, ruling.country, None, None
    if place in question.languages:
        yield "other_language", question.languages[place], None, None
    if place in question.broken:
        yield "broken_mail", question.broken[place], None, None


def _flagged(question: Question, place: int, flag: str) -> Iterator[Answer]:
    for contact in question.people.known[place]:
        if contact.flag == flag:
            yield contact.reason, "", None, contact


def _crowd(question: Question, checks: list[AddressCheck], dropped: Mapping[int, Dropped]) -> dict[int, Dropped]:
    """Return the rows too many: second rows of one address, and people beyond the most of a company."""
    left = [place for place in range(len(checks)) if place not in dropped]
    left.sort(key=lambda place: (question.listed.cells[place], place))
    seen: set[str] = set()
    at_company: dict[str, int] = {}
    found = {}
    for place in left:
        check = checks[place]
        address = mailbox(check.email) or check.email.strip().casefold()
        domain = check.domain or ""
        reason = ""
        if address in seen:
            reason = "duplicate"
        elif question.max_per_company and domain and not check.is_free_mail:
            taken = at_company.setdefault(domain, question.people.active_at.get(domain, 0))
            reason = "company_full" if taken >= question.max_per_company else ""
        if reason and CHECK_OF[reason].id not in question.waived:
            found[place] = Dropped(place, question.listed.lines[place], reason, domain)
        else:
            seen.add(address)
            at_company[domain] = at_company.get(domain, 0) + 1
    return found
