"""What is known of the DNS, whoever told it: records pasted into a file, or answers to our own questions.

Three things are kept apart, since only the first two say something about a domain: what is there, what is surely not
there, and what nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["TXT", "CNAME", "A", "AAAA", "MX", "PTR"]
State = Literal["found", "absent", "unknown", "failed"]
"""`absent`: DNS said so. `unknown`: nobody asked. `failed`: somebody asked, and got no answer that counts."""
Question = tuple[str, Kind]

LONGEST_NAME = 253
"""Characters: RFC 1035, section 2.3.4, without the root's dot."""
LONGEST_LABEL = 63
MOST_ALIASES = 8
"""Names that lead on to another name, one after the other (assumed; resolvers stop at 8 to 16)."""
_LABEL = re.compile(r"[a-z0-9_*](?:[a-z0-9_-]*[a-z0-9_])?")


def name_of(text: str) -> str:
    """Return a domain name as it is compared: in lower-case ASCII, without the last dot; nothing if it can be none.

    Examples
    --------
    >>> name_of("_DMARC.Example.com."), name_of("münchen.de"), name_of("a..b"), name_of("-x.com")
    ('_dmarc.example.com', 'xn--mnchen-3ya.de', '', '')
    """
    name = text.strip()[: 4 * LONGEST_NAME].removesuffix(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if len(name) > LONGEST_NAME:
        return ""
    fits = all(len(label) <= LONGEST_LABEL and _LABEL.fullmatch(label) for label in name.split("."))
    return name if fits else ""


class Answer(NamedTuple):
    """What is known of one name."""

    state: State
    texts: tuple[str, ...] = ()
    is_complete: bool = False
    """Whether these are all that there are; a file may hold only some."""
    alias: str = ""
    """The name that an alias (CNAME) led to."""


@dataclass(frozen=True)
class Zone:
    """Records by name and kind.

    Examples
    --------
    >>> zone = Zone({("example.com", "TXT"): ("v=spf1 -all",)}, frozenset({("_dmarc.example.com", "TXT")}))
    >>> zone.ask("Example.com.").texts, zone.ask("_dmarc.example.com").state, zone.ask("example.net").state
    (('v=spf1 -all',), 'absent', 'unknown')
    """

    records: Mapping[Question, tuple[str, ...]] = field(default_factory=dict)
    """The records' data, sorted; of a TXT record its strings in one (RFC 7208, section 3.3; RFC 6376, 3.6.2.2)."""
    complete: frozenset[Question] = frozenset()
    """Questions that were answered in full; without records: there are none."""
    failed: frozenset[Question] = frozenset()
    """Questions that were asked in vain."""

    def ask(self, name: str, kind: Kind = "TXT") -> Answer:
        """Return what is known of a name, following its aliases."""
        current, alias = name_of(name), ""
        if not current:
            return Answer("unknown")
        for _ in range(MOST_ALIASES):
            question = (current, kind)
            if texts := self.records.get(question, ()):
                return Answer("found", texts, question in self.complete, alias)
            if question in self.complete:
                return Answer("absent", (), True, alias)
            target = next(iter(self.records.get((current, "CNAME"), ())), "")
            if not target or kind == "CNAME":
                return Answer("failed" if question in self.failed else "unknown", alias=alias)
            current = alias = target
        return Answer("failed", alias=alias)

    def names(self, ending: str, kind: Kind = "TXT") -> tuple[str, ...]:
        """Return the names with a record (or an alias) of a kind that end so, sorted."""
        found = {name for name, known in self.records if known in (kind, "CNAME") and name.endswith(ending)}
        return tuple(sorted(found))

    def over(self, other: Zone) -> Zone:
        """Return both as one; where both know a name, this one is believed."""
        known = {*self.records, *self.complete}
        records = {question: texts for question, texts in other.records.items() if question not in known}
        complete = {question for question in other.complete if question not in known}
        told = known | set(records) | complete
        failed = (self.failed | other.failed) - told
        return Zone({**records, **self.records}, self.complete | frozenset(complete), frozenset(failed))


def gathered(found: Iterable[tuple[str, Kind, str]]) -> dict[Question, tuple[str, ...]]:
    """Return records by name and kind, each once and sorted, so that their order in a file never matters."""
    records: dict[Question, set[str]] = {}
    for name, kind, text in found:
        records.setdefault((name, kind), set()).add(text)
    return {question: tuple(sorted(texts)) for question, texts in sorted(records.items())}
