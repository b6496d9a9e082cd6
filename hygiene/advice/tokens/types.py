"""What a scan says: tokens, problems and where they stand; and what a rendered text says."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["malformed", "unknown_token", "placeholder_literal", "missing_token", "foreign_dialect"]
Span = tuple[int, int]
"""Offsets in characters, from the first to the one after the last; of the whole `{{ … }}`, braces included."""


class Token(NamedTuple):
    """A field that the text prints or tests, at one place.

    `path` is its name as written but for outer spaces; `fallback` the inline default, empty for an empty one and None
    where there is none; `tested` says that it stands in a condition, so that nothing of it is printed there.
    """

    path: str
    fallback: str | None
    span: Span
    tested: bool = False


class Problem(NamedTuple):
    """A place that will not come out as its writer means it; `text` is what stands there."""

    kind: Kind
    span: Span
    text: str


class Scan(NamedTuple):
    """What was found in a text, in its order; `dialect` is None where `auto` found nothing to go by."""

    dialect: str | None
    tokens: tuple[Token, ...]
    problems: tuple[Problem, ...]

    def pairs(self) -> list[tuple[str, str | None]]:
        """Return the distinct (path, fallback) pairs, in the order of their first appearance."""
        return list(dict.fromkeys((token.path, token.fallback) for token in self.tokens))


class Rendered(NamedTuple):
    """A text filled in for one contact.

    `empty` are the paths that should have printed something and printed nothing (or only spaces), `fell_back` those
    whose inline default was printed instead.
    """

    text: str
    empty: tuple[str, ...]
    fell_back: tuple[str, ...]
