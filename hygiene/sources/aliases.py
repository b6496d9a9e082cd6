"""The alias tables of `models/columns/*.toml`: by which headers and words exports say what the contract says."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hygiene.errors import ModelError
from hygiene.resources import resource
from hygiene.sources.schema import INPUT

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS_FILE = "values.toml"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Alias:
    """Headers that mean one column, and where they are known from."""

    table: str
    column: str
    origin: str
    headers: frozenset[str]
    """Normalised."""
    prefixes: tuple[str, ...]
    """Normalised starts of headers, for families such as one property a subscription type."""
    words: Mapping[str, str]
    """For a column of other meaning: which of its words (normalised) say which value; all others say nothing."""
    prefer: frozenset[str]
    """Of two headers of one name, the one whose values are among these wins; the other fills its gaps with them."""


@dataclass(frozen=True)
class Aliases:
    """All alias tables."""

    aliases: tuple[Alias, ...]
    rates: frozenset[str]
    """Headers (normalised) of rates, which cannot be used without their counts."""
    words: Mapping[str, Mapping[str, str]]
    """By kind of choice (`boolean`, `outcome`, …): word (normalised) → value."""


def normalize_header(header: str) -> str:
    """Return a header without case, accents, spaces, underscores and punctuation.

    Examples
    --------
    >>> normalize_header("  Prénom_du contact ")
    'prenomducontact'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", header.casefold()) if not unicodedata.combining(c))
    return _NOT_ALPHANUMERIC.sub("", plain)


def normalize_word(word: str) -> str:
    """Return a value as it is compared: as a header, but a leading minus counts (Instantly's -1 is not 1).

    Examples
    --------
    >>> normalize_word("Finished (Replied)"), normalize_word("-1")
    ('finishedreplied', '-1')
    """
    return ("-" if word.strip().startswith("-") else "") + normalize_header(word)


@lru_cache(maxsize=1)
def load_aliases() -> Aliases:
    """Read the alias tables, in the order of their file names; an earlier alias wins over a later one.

    Raises
    ------
    ModelError
        If a file is damaged, or names a table or column that does not exist.
    """
    folder = resource("models") / "columns"
    aliases: list[Alias] = []
    rates: set[str] = set()
    words: dict[str, dict[str, str]] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        try:
            data = tomllib.loads(entry.read_text(encoding="utf-8"))
            if entry.name == WORDS_FILE:
                words = {kind: _words(groups) for kind, groups in data.items()}
                continue
            origin = data.pop("origin")
            for group in data.pop("rates", []):
                rates.update(normalize_header(header) for header in group["headers"])
            for table, groups in data.items():
                aliases.extend(_alias(table, group, origin) for group in groups)
        except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise ModelError(f"models/columns/{entry.name} cannot be used ({error}): reinstall hygiene.") from error
    return Aliases(tuple(aliases), frozenset(rates), words)


def _alias(table: str, group: Mapping[str, Any], origin: str) -> Alias:
    column = group["column"]
    if column not in INPUT[table]:
        raise KeyError(f"{table}.{column}")
    return Alias(
        table=table,
        column=column,
        origin=group.get("origin", origin),
        headers=frozenset(normalize_header(header) for header in group.get("headers", ())),
        prefixes=tuple(normalize_header(prefix) for prefix in group.get("prefixes", ())),
        words={normalize_word(word): value for value, many in group.get("values", {}).items() for word in many},
        prefer=frozenset(group.get("prefer", ())),
    )


def _words(groups: list[dict[str, Any]]) -> dict[str, str]:
    return {normalize_word(word): group["value"] for group in groups for word in group["words"]}
