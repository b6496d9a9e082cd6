"""A resolver that answers from a table, for tests; and zones written shortly."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import dns.resolver

from hygiene.mail.addresses.dns import CANARY
from hygiene.mail.authentication.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable


class Txt(NamedTuple):
    strings: tuple[bytes, ...]


def txt(*texts: str) -> list[Txt]:
    """Return TXT records, each in strings of 255 octets, as they come over the wire."""
    raw = [text.encode() for text in texts]
    return [Txt(tuple(text[start : start + 255] for start in range(0, len(text), 255)) or (b"",)) for text in raw]


CANARY_ANSWER = txt("globalsign-smime-dv=x", "v=spf1 redirect=_spf.google.com")


class Names:
    """Answers from a table of records, exceptions or functions; what is not in it does not exist."""

    def __init__(self, table: dict[object, object], canary: object = CANARY_ANSWER) -> None:
        self.table = {(CANARY, "TXT"): canary}
        self.table |= {(name if isinstance(name, tuple) else (name, "TXT")): found for name, found in table.items()}
        self.asked: Counter[tuple[str, str]] = Counter()
        self.lock = threading.Lock()

    def resolve(self, qname: str, rdtype: str, *, lifetime: float, search: bool) -> list[object]:
        assert lifetime > 0
        assert search is False  # "acme.com" must not become "acme.com.my-office.lan"
        with self.lock:
            self.asked[qname, rdtype] += 1
            found = self.answer(qname, rdtype)
        if isinstance(found, BaseException):
            raise found
        if found is None:
            raise dns.resolver.NoAnswer if any(name == qname for name, _ in self.table) else dns.resolver.NXDOMAIN
        return txt(found) if isinstance(found, str) else list(found)

    def answer(self, qname: str, rdtype: str) -> object:
        found = self.table.get((qname, rdtype))
        return found() if callable(found) else found


def one_after_the_other(*answers: object) -> Callable[[], object]:
    """Return an answer that changes from question to question; the last one stays."""
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def zone(records: dict[str, str | list[str]], absent: tuple[str, ...] = (), *, is_complete: bool = False) -> Zone:
    """Return what is known of some TXT records; absent names have none."""
    texts = {
        (name, "TXT"): tuple(sorted([found] if isinstance(found, str) else found)) for name, found in records.items()
    }
    complete = {(name, "TXT") for name in absent} | (set(texts) if is_complete else set())
    return Zone(texts, frozenset(complete))
