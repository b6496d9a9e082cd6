"""A domain's SPF record and all that it includes, as far as it is known.

RFC 7208: one record a domain (4.5), at most ten terms that ask the DNS (4.6.4), at most two of them in vain ("void",
4.6.4), an included record must be there (5.2). What is counted is the whole record, as a sender must reckon with: a
receiver that finds a match early asks less.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.authentication.spf_record import LOOK_UPS, SpfRecord, Term, is_spf, read_record
from hygiene.mail.authentication.types import Fault
from hygiene.mail.authentication.zone import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.mail.authentication.zone import Question, State, Zone

MOST_LOOK_UPS = 10
MOST_VOIDS = 2
COUNTED = 200
"""Look-ups after which counting stops: the record is broken long before (assumed)."""
BROKEN: Mapping[str, str] = {
    "several": "4.5",
    "syntax": "4.6",
    "too_many": "4.6.4",
    "voids": "4.6.4",
    "not_there": "5.2",
    "included_several": "4.5",
    "loop": "4.6.4",
    "passes_all": "11.4",
}
"""Faults for which a receiver takes the record for broken, or for none: each with its section of RFC 7208."""
WEAK: Mapping[str, str] = {"no_end": "4.7", "neutral": "8.2", "ptr": "5.5"}
"""Faults that a receiver puts up with."""


@dataclass(frozen=True)
class Spf:
    """What is known of a domain's SPF record."""

    domain: str
    state: State
    """`absent`: DNS has none. `failed`: the name server did not answer."""
    records: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    """Codes of `BROKEN`, then of `WEAK`."""
    look_ups: int = 0
    voids: int = 0
    not_given: tuple[str, ...] = ()
    """Names below the record that nobody told: the count is a lower bound."""
    failed: tuple[str, ...] = ()
    """Names below the record that were asked in vain."""
    open_questions: tuple[Question, ...] = ()
    """What would have to be asked to know more."""
    near: str = ""
    """A TXT record that was perhaps meant as one."""

    @property
    def is_broken(self) -> bool:
        """Whether receivers will not use it."""
        return any(fault.code in BROKEN for fault in self.faults)

    @property
    def is_lower_bound(self) -> bool:
        """Whether there may be more look-ups than were counted."""
        return bool(self.not_given or self.failed)


class _Seen(NamedTuple):
    """How a term's name turned out."""

    state: State
    records: tuple[str, ...]


@dataclass
class _Count:
    """Walks through a record and what it includes."""

    zone: Zone
    look_ups: int = 0
    voids: int = 0
    faults: dict[Fault, None] = field(default_factory=dict)
    not_given: dict[str, None] = field(default_factory=dict)
    failed: dict[str, None] = field(default_factory=dict)
    questions: dict[Question, None] = field(default_factory=dict)

    def walk(self, record: SpfRecord, path: tuple[str, ...]) -> str:
        """Count a record's look-ups; return the term that lets everybody pass, or nothing."""
        inside = f"{path[-1]}: " if len(path) > 1 else ""
        for fault in record.faults:
            self.faults[Fault(fault.code, inside + fault.detail)] = None
        passes = ""
        for term in record.mechanisms:
            if self.look_ups >= COUNTED:
                return passes
            self.look_ups += term.name in LOOK_UPS
            if term.name == "ptr":
                self.faults[Fault("ptr", inside + term.text)] = None
            passes = self._passes_all(term, path) or passes
        if record.redirect and self.look_ups < COUNTED:
            self.look_ups += 1
            passes = self._include(record.redirect, path) or passes
        return passes

    def _passes_all(self, term: Term, path: tuple[str, ...]) -> str:
        if term.name == "include":
            passes = self._include(term, path)
            return passes if term.qualifier == "+" else ""
        if term.name in ("a", "mx", "exists"):
            self._host(term, path[-1])
        if term.name in ("ip4", "ip6"):
            is_all = ip_network(term.value, strict=False).prefixlen == 0
        else:
            is_all = term.name == "all"
        if not is_all or term.qualifier != "+":
            return ""
        return f"{path[-1]}: {term.text}" if len(path) > 1 else term.text

    def _include(self, term: Term, path: tuple[str, ...]) -> str:
        """Walk through the record that a term names; return its term that lets everybody pass, or nothing."""
        name = name_of(term.value)
        if term.has_macro or not name:
            self.not_given[term.value] = None
            return ""
        if name in path:
            self.faults[Fault("loop", name)] = None
            return ""
        state, records = _spf_at(name, self.zone)
        if state in ("unknown", "failed"):
            (self.failed if state == "failed" else self.not_given)[name] = None
            self.questions[(name, "TXT")] = None
            return ""
        if len(records) == 1:
            return self.walk(read_record(records[0]), (*path, name))
        self.faults[Fault("included_several" if records else "not_there", name)] = None
        return ""

    def _host(self, term: Term, domain: str) -> None:
        """Count a term whose name is surely not there as void."""
        name = name_of(term.value or domain)
        if term.has_macro or not name:
            return
        kinds: tuple[Question, ...] = ((name, "MX"),) if term.name == "mx" else ((name, "A"), (name, "AAAA"))
        if term.name == "exists":
            kinds = kinds[:1]  # RFC 7208, section 5.7: always an A look-up
        states = [self.zone.ask(*question).state for question in kinds]
        self.voids += all(state == "absent" for state in states)
        self.questions.update((kind, None) for kind, state in zip(kinds, states, strict=True) if state == "unknown")


def read_spf(domain: str, zone: Zone) -> Spf:
    """Return what is known of a domain's SPF record.

    Examples
    --------
    >>> from hygiene.mail.authentication.zone import Zone
    >>> spf = read_spf("example.com", Zone({("example.com", "TXT"): ("v=spf1 include:_spf.example.net -all",)}))
    >>> spf.state, spf.look_ups, spf.is_lower_bound
    ('found', 1, True)
    """
    name = name_of(domain)
    state, records = _spf_at(name, zone)
    if state in ("unknown", "failed"):
        return Spf(name, state, open_questions=((name, "TXT"),))
    if not records:
        texts = zone.ask(name).texts
        return Spf(name, "absent", near=next((text for text in texts if "spf1" in text[:40].lower()), ""))
    if len(records) > 1:
        return Spf(name, "found", records, (Fault("several", str(len(records))),))
    record = read_record(records[0])
    count = _Count(zone)
    passes_all = count.walk(record, (name,))
    return Spf(
        name,
        "found",
        records,
        _faults(record, count, passes_all),
        count.look_ups,
        count.voids,
        tuple(count.not_given),
        tuple(count.failed),
        tuple(count.questions),
    )


def _faults(record: SpfRecord, count: _Count, passes_all: str) -> tuple[Fault, ...]:
    found = list(count.faults)
    if passes_all:
        found.append(Fault("passes_all", passes_all[:120]))
    if count.look_ups > MOST_LOOK_UPS:
        found.append(Fault("too_many", str(count.look_ups)))
    if count.voids > MOST_VOIDS:
        found.append(Fault("voids", str(count.voids)))
    if record.all_term is None and record.redirect is None:
        found.append(Fault("no_end"))
    elif record.all_term and record.all_term.qualifier == "?":
        found.append(Fault("neutral", record.all_term.text))
    return tuple(sorted(found, key=lambda fault: (fault.code not in BROKEN, fault)))


def _spf_at(name: str, zone: Zone) -> _Seen:
    """Return the SPF records of a name; TXT records without one say nothing unless they are all that there are."""
    answer = zone.ask(name)
    records = tuple(text for text in answer.texts if is_spf(text))
    if not answer.is_complete:  # the same record, pasted twice from two places, is not two
        records = tuple({" ".join(text.split()).lower(): text for text in reversed(records)}.values())[::-1]
    if records or answer.state != "found":
        return _Seen(answer.state, records)
    return _Seen("absent" if answer.is_complete else "unknown", ())


SOFTEST = "?~-"
"""Ends of a record, the softest first: to merge two records must not refuse what one of them let pass."""


def merged(records: tuple[str, ...]) -> str:
    """Return one record that says what several say, to replace them.

    Examples
    --------
    >>> merged(("v=spf1 include:_spf.google.com ~all", "v=spf1 include:mail.example.net include:_spf.google.com -all"))
    'v=spf1 include:_spf.google.com include:mail.example.net ~all'
    """
    read = [read_record(text) for text in records]
    terms: dict[str, None] = {}
    for record in read:
        terms.update((term.text, None) for term in record.mechanisms if term.name != "all")
    ends = {record.all_term.qualifier for record in read if record.all_term}
    end = next((sign for sign in SOFTEST if sign in ends), "~")
    return " ".join(["v=spf1", *terms, f"{end}all"])
