"""What one tag means, before the tags are nested: the reader yields events, `blocks.py` makes a tree of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from hygiene.advice.tokens.expressions import Default, Field
from hygiene.advice.tokens.expressions import Literal as Text

if TYPE_CHECKING:
    from hygiene.advice.tokens.expressions import Expression
    from hygiene.advice.tokens.types import Kind, Span

Step = Literal["text", "print", "open", "middle", "close", "assign", "skip"]


class Event(NamedTuple):
    """A piece of text or a tag.

    `word` is the kind of a block (`if`, `unless`, `for`, `case`, `spin`, `random`, `capture`, `other`) or of its middle
    (`else`, `elif`, `when`, `bar`), `names` the template's own variables that it introduces, `problem` what is wrong
    with a tag that is understood all the same.
    """

    step: Step
    word: str = ""
    expression: Expression | None = None
    names: tuple[str, ...] = ()
    span: Span = (0, 0)
    problem: Kind | None = None


class Broken(Exception):  # noqa: N818 — no error: the reader's answer
    """A tag that is no token; `kind` says what it is instead."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


def printed(path: str, fallback: str | None = None) -> Event:
    """Return the event of a field that is printed, with its inline default."""
    field = Field(path)
    return Event("print", expression=field if fallback is None else Default(field, Text(fallback)))
