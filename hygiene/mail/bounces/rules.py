"""Phrase rules: what servers say in words, by language. The rules are data, `models/bounces/rules/LANGUAGE.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.normalize import MASKS, fold
from hygiene.mail.prefilter import Prefilter
from hygiene.resources import resource

if TYPE_CHECKING:
    from hygiene.mail.bounces.types import Category


class Rule(NamedTuple):
    """One phrase and what it means."""

    id: str
    """`LANGUAGE.CATEGORY.SLUG`."""
    category: Category
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    """What must stand nowhere in the text."""
    weak: bool
    """Whether the phrase alone does not tell enough."""
    ticket: str | None
    """Id of what IT has to mend (`models/bounces/tickets.toml`), where the phrase names it."""


class Match(NamedTuple):
    """A rule that spoke, and the words it spoke for."""

    rule: Rule
    words: str


def matches(text: str) -> list[Match]:
    """Return every rule that matches a normalised text.

    Examples
    --------
    >>> [match.rule.id for match in matches("550 no such domain")]
    ['en.invalid_domain.no_such_domain']
    """
    found = []
    table = rules()
    for number in _prefilter().candidates(text):
        rule = table[number]
        match = rule.pattern.search(text)
        if match and not (rule.unless and rule.unless.search(text)):
            found.append(Match(rule, match[0]))
    return found


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of every language, English first."""
    folder = resource("models") / "bounces" / "rules"
    names = sorted((entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")), key=_english_first)
    return tuple(
        _parse(row) for name in names for row in tomllib.loads((folder / name).read_text(encoding="utf-8"))["rule"]
    )


@cache
def _prefilter() -> Prefilter:
    # Nearly every text holds a mask: it is no word to find a rule by.
    return Prefilter([_MASK.sub(r"\\w+", rule.pattern.pattern) for rule in rules()])


_MASK = re.compile("|".join(MASKS))


def _english_first(name: str) -> tuple[bool, str]:
    return not name.startswith("en"), name


def _parse(row: dict[str, str]) -> Rule:
    pattern = _folded(row["pattern"])
    category = row["id"].split(".")[1]
    unless = re.compile(_folded(row["unless"])) if "unless" in row else None
    return Rule(row["id"], category, re.compile(pattern), unless, bool(row.get("weak", False)), row.get("ticket"))  # type: ignore[arg-type]


def _folded(pattern: str) -> str:
    """Fold a pattern's letters as texts are folded, and nothing of its syntax."""
    return pattern if pattern.isascii() else "".join(char if char.isascii() else fold(char) for char in pattern)
