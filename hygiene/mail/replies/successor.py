"""Whom a reply points to: an address in it, or else the name after “please contact”."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from hygiene.mail.replies.folding import folded, folded_in_place, folded_pattern
from hygiene.mail.replies.rules import languages

if TYPE_CHECKING:
    from collections.abc import Iterable

REACH: Final = 80
"""Characters after “contact” in which the name stands (assumed)."""

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PART = r"[^\W\d_a-zà-öø-ÿ][^\W\d_]{0,20}(?:['’-][^\W\d_]{1,20})?(?:['’-][^\W\d_]{1,20})?"
_PARTICLE = r"(?:de la|de|van der|van den|van|von|der|den|da|dos|di|del|le|la|el|al|bin)"
_NAME = re.compile(rf"(?<![\w@.-]){_PART}(?: (?:{_PARTICLE} )?{_PART}){{0,2}}(?![\w@])")
_STOPS = re.compile(
    r"(?<!\bmr)(?<!\bms)(?<!\bm)(?<!\bmrs)(?<!\bdr)(?<!\bsr)(?<!\bsra)(?<!\bsig)[.!?](?:\s|$)|\n\n|[!?。]",
    re.IGNORECASE,
)


def successor_in(own: str, codes: Iterable[str | None]) -> str | None:
    """Return the address, or else the name, that a text points to.

    Parameters
    ----------
    own : str
        The sender's own text.
    codes : iterable of str or None
        Languages whose words are looked for, the likeliest first.

    Examples
    --------
    >>> successor_in("Please contact my colleague Dana White.", ["en"])
    'Dana White'
    >>> successor_in("Please contact Dana White (dana.white@north.example).", ["en"])
    'dana.white@north.example'
    """
    plain = folded_in_place(own)
    address: str | None = None
    names: list[str] = []
    known = languages()
    for code in dict.fromkeys(code for code in codes if code in known):
        for found in _contact(code or "").finditer(plain):
            after = _STOPS.split(own[found.end() : found.end() + REACH], maxsplit=1)[0]
            address = address or _first_address(after)
            names += [one for one in (_first_name(after, code or ""), _named(found)) if one]
    # “Our Head of Growth, Ian Boyd”: a full name is surer than one word with a capital.
    full = next((name for name in names if " " in name), None)
    return address or _first_address(own) or full or next(iter(names), None)


def _first_address(text: str) -> str | None:
    found = _ADDRESS.search(text)
    return found[0].rstrip(".-") if found else None


def _first_name(text: str, code: str) -> str | None:
    skipped, single = _skipped(code), None
    for found in _NAME.finditer(text):
        words = found[0].split()
        while words and (folded(words[0]) in skipped or folded(words[0].partition("-")[0]) in skipped):
            words.pop(0)
        if len(words) > 1:
            return " ".join(words)
        if words and words[0][1:2].islower():
            single = single or words[0]
    return single


def _named(found: re.Match[str]) -> str | None:
    """Return what the pattern itself caught as the name, in languages without capitals."""
    start = found.start(1) if found.re.groups and found[1] else -1
    return found.string[start : found.end(1)].strip() if start >= 0 else None


@cache
def _contact(code: str) -> re.Pattern[str]:
    return re.compile(folded_pattern(languages()[code].successor["contact"]) or r"(?!)")


@cache
def _skipped(code: str) -> frozenset[str]:
    return frozenset(folded_pattern(languages()[code].successor.get("skip", "")).split())
