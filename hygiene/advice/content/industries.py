"""Which industry a value names: the groups of `models/industries/`, in English, French and some German.

A value is first looked up as a whole, then searched for names as whole words, longest first; names of two groups, or
none, are no answer. A name may be weak (“Manufacturing”) and gives way to another industry's (“Food Manufacturing”).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hygiene.advice.content.words import LONGEST_PHRASE, common, read_table, stems
from hygiene.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILES: Final = ("goods.toml", "services.toml", "society.toml")
LONGEST_VALUE: Final = 200
"""Signs up to which a value may be an industry: a longer one is a text that speaks of many (assumed)."""
_NAMED: Final = ("en", "fr", "de")
_BLOCKING: Final = ""
"""Stands for a group in the table of names: its names only keep weak names from counting."""
_SEVERAL = re.compile(r"[;,|/]")


class Industry(NamedTuple):
    """A group of industries.

    Attributes
    ----------
    label : mapping of str to str
        By language: `en`, `fr`, `de`.
    names : mapping of str to tuple of str
        By language: how the industry is called.
    words : mapping of str to tuple of str
        By language: what articles for it speak of.
    """

    id: str
    label: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]


class _Names(NamedTuple):
    whole: Mapping[tuple[str, ...], str | None]
    """None: names no industry."""
    strong: Mapping[tuple[str, ...], str]
    weak: Mapping[tuple[str, ...], str]


@cache
def industries() -> dict[str, Industry]:
    """Return the groups by their ids, in the order of the files.

    Raises
    ------
    ModelError
        If a file is missing or damaged.

    Examples
    --------
    >>> industries()["construction"].label["fr"]
    'Construction et BTP'
    """
    return {
        entry["id"]: Industry(
            entry["id"],
            entry["label"],
            {language: tuple(entry[language]) for language in _NAMED},
            {language: tuple(listed) for language, listed in entry["words"].items()},
        )
        for entry in _entries()
    }


def label_of(group: str, language: str = "en") -> str:
    """Return the name of a group in a language, in English where there is none.

    Examples
    --------
    >>> label_of("logistics", "fr"), label_of("logistics", "it")
    ('Logistique et transport', 'Logistics and transport')
    """
    label = industries()[group].label
    return label.get(language, label["en"])


def group_of(text: str | None) -> str | None:
    """Return the id of the group that a value names, or None where it names none or several.

    Examples
    --------
    >>> [group_of(value) for value in ("COMPUTER_SOFTWARE", "B.T.P.", "Transports de fret", "Food Manufacturing")]
    ['software', 'construction', 'logistics', 'food']
    >>> [group_of(value) for value in ("Other industry", "Banque / Assurance", "", None)]
    [None, None, None, None]
    """
    text = text or ""
    return _group_of(text) if len(text) <= LONGEST_VALUE else None


def groups_of(text: str | None) -> frozenset[str]:
    """Return the groups that the industry of a piece names: several may stand in it.

    Examples
    --------
    >>> sorted(groups_of("Banque; Assurance")), sorted(groups_of("Transport, Logistique"))
    (['finance', 'insurance'], ['logistics'])
    """
    whole = group_of(text)
    if whole is not None:
        return frozenset({whole})
    parts = _SEVERAL.split((text or "")[: 10 * LONGEST_VALUE])
    return frozenset(group for part in parts if (group := group_of(part)) is not None)


@lru_cache(maxsize=8192)
def _group_of(text: str) -> str | None:
    words, names = value_stems(text), _names()
    if words in names.whole:
        return names.whole[words]
    strong: set[str] = set()
    weak: set[str] = set()
    for found in _found(words, names):
        (strong if found in names.strong else weak).add(names.strong.get(found) or names.weak.get(found, _BLOCKING))
    groups = strong - {_BLOCKING} or (set() if _BLOCKING in strong else weak)
    return groups.pop() if len(groups) == 1 else None


def value_stems(text: str) -> tuple[str, ...]:
    """Return the stems of a value; letters with full stops between them are one word.

    Examples
    --------
    >>> value_stems("B.T.P. & Travaux publics")
    ('btp', 'traval', 'public')
    """
    return stems(re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text))


def _found(words: tuple[str, ...], names: _Names) -> Iterator[tuple[str, ...]]:
    """Yield the names in a value from left to right, the longest at each place."""
    start = 0
    while start < len(words):
        tried = (words[start : start + size] for size in range(LONGEST_PHRASE, 0, -1))
        name = next((run for run in tried if run in names.strong or run in names.weak), None)
        if name is not None:
            yield name
        start += len(name) if name is not None else 1


@cache
def _names() -> _Names:
    whole: dict[tuple[str, ...], str | None] = {value_stems(value): None for value in common()["nothing"]}
    strong = {value_stems(value): _BLOCKING for value in common()["blocking"]}
    weak: dict[tuple[str, ...], str] = {}
    for entry in _entries():
        group = entry["id"]
        for listed in (*(entry[language] for language in _NAMED), entry["label"].values()):
            strong.update((value_stems(value), group) for value in listed)
        weak.update((value_stems(value), group) for listed in entry.get("weak", {}).values() for value in listed)
    for words in weak.keys() & strong.keys():
        del strong[words]  # a label may be a weak name: Manufacturing
    whole.update({words: group for words, group in (weak | strong).items() if group})
    for entry in _entries():
        for key in ("hubspot", "linkedin", "whole"):
            whole.update((value_stems(value), entry["id"]) for value in entry.get(key, ()))
    return _Names(whole, strong, weak)


@cache
def _entries() -> tuple[dict[str, Any], ...]:
    try:
        return tuple(
            {key: entry[key] for key in ("id", "label", "words", *_NAMED)} | entry
            for name in FILES
            for entry in read_table(name)["industry"]
        )
    except (KeyError, TypeError) as error:
        raise ModelError(f"models/industries/ lacks a key ({error}): mend it or reinstall hygiene.") from error
