"""Expressions inside a tag, as far as a mail needs them: fields, defaults, comparisons. They are read, never run.

An expression has a value for one contact (always a text; empty is false) and the fields that it reads.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hygiene.advice.tokens.filters import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Read = tuple[str, str | None]
"""A path and its inline default."""
TRUE = "true"
FALSE_WORDS = {"", "false", "none", "nil", "null"}
"""What a condition takes for no: nil and false, as in Liquid and HubL; an empty cell of an export has no value."""
COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(slots=True)
class Scope:
    """The values of one contact while its text is filled in."""

    values: Callable[[str], str | None]
    variables: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    fell_back: list[str] = field(default_factory=list)

    def get(self, path: str) -> str:
        """Return the value of a field, or of a template's own variable; empty where there is none."""
        if self.variables and (own := self.variables.get(path)) is not None:
            return own
        return self.values(path) or ""


class Expression(Protocol):
    """What stands in a tag."""

    def value(self, scope: Scope) -> str:
        """Return its text for one contact; empty is false."""

    def reads(self) -> Iterator[Read]:
        """Yield the fields that it looks at, in the order in which they stand."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, or a word such as `true`."""

    text: str

    def value(self, scope: Scope) -> str:  # noqa: ARG002 — the protocol's form
        """Return the text itself."""
        return self.text

    def reads(self) -> Iterator[Read]:
        """Yield nothing."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the contact, the company, the sender, or a template's own variable."""

    path: str

    def value(self, scope: Scope) -> str:
        """Return the contact's value."""
        return scope.get(self.path)

    def reads(self) -> Iterator[Read]:
        """Yield itself, without a default."""
        yield self.path, None


@dataclass(frozen=True, slots=True)
class Default:
    """`inner`, or `other` where it is empty: a filter `default`, `||`, `NULLVALUE()`, `:default=`.

    Liquid's `default` fires for an empty value and not for one of spaces (Braze says so, and python-liquid does so);
    nothing that we read says otherwise of another dialect.
    """

    inner: Expression
    other: Expression

    def value(self, scope: Scope) -> str:
        """Return the first that isn't empty."""
        text = self.inner.value(scope)
        if text:
            return text
        text = self.other.value(scope)
        if text:
            scope.fell_back += [path for path, _ in self.inner.reads()]
        return text

    def reads(self) -> Iterator[Read]:
        """Yield the fields of `inner`, with the text of `other` where that is a text."""
        if isinstance(self.other, Literal):
            for path, fallback in self.inner.reads():
                yield path, self.other.text if fallback is None else fallback
        else:
            yield from self.inner.reads()
            yield from self.other.reads()


@dataclass(frozen=True, slots=True)
class Filtered:
    """`inner` in another form: a filter or a function."""

    inner: Expression
    name: str
    arguments: tuple[Expression, ...] = ()

    def value(self, scope: Scope) -> str:
        """Return the filtered text; an unknown filter changes nothing."""
        return apply(self.name, self.inner.value(scope), [argument.value(scope) for argument in self.arguments])

    def reads(self) -> Iterator[Read]:
        """Yield the fields of the text and of the arguments."""
        yield from self.inner.reads()
        for argument in self.arguments:
            yield from argument.reads()


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts one after the other: a concatenation, a list."""

    parts: tuple[Expression, ...]

    def value(self, scope: Scope) -> str:
        """Return them put together."""
        return "".join(part.value(scope) for part in self.parts)

    def reads(self) -> Iterator[Read]:
        """Yield the fields of all."""
        for part in self.parts:
            yield from part.reads()


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values compared: `==`, `!=`, `<`, `contains`, `in`, `and`; or one turned round: `not`."""

    operator: str
    left: Expression
    right: Expression

    def value(self, scope: Scope) -> str:
        """Return `true` or nothing."""
        return TRUE if self._holds(self.left.value(scope), self.right.value(scope)) else ""

    def _holds(self, left: str, right: str) -> bool:
        if self.operator in COMPARED:
            try:
                return COMPARED[self.operator](float(left), float(right))
            except ValueError:
                return COMPARED[self.operator](len(left), len(right)) if left and right else False
        if self.operator == "and":
            return is_true(left) and is_true(right)
        if self.operator == "contains":
            return bool(right) and right in left
        return (left == right) is (self.operator == "==")

    def reads(self) -> Iterator[Read]:
        """Yield the fields of both sides."""
        yield from self.left.reads()
        yield from self.right.reads()


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`, `!x`, `ISBLANK(x)`."""

    inner: Expression

    def value(self, scope: Scope) -> str:
        """Return `true` where the inner one is empty or false."""
        return "" if is_true(self.inner.value(scope)) else TRUE

    def reads(self) -> Iterator[Read]:
        """Yield the fields that it looks at."""
        return self.inner.reads()


@dataclass(frozen=True, slots=True)
class Choice:
    """`a if x else b`, `IF(x, a, b)`."""

    test: Expression
    then: Expression
    other: Expression

    def value(self, scope: Scope) -> str:
        """Return the side that the test chooses."""
        return (self.then if is_true(self.test.value(scope)) else self.other).value(scope)

    def reads(self) -> Iterator[Read]:
        """Yield the fields of the test and of both sides."""
        for part in (self.test, self.then, self.other):
            yield from part.reads()


def choose(test: Expression, then: Expression, other: Expression) -> Expression:
    """Return `x if x else "text"`, however it is written, as the inline default that it is; else a choice."""
    blank, tested = False, test
    if isinstance(test, Not):
        blank, tested = True, test.inner
    elif isinstance(test, Compared) and test.operator in ("==", "!=") and test.right == Literal(""):
        blank, tested = test.operator == "==", test.left
    if blank:
        then, other = other, then
    if tested == then and isinstance(tested, Field) and isinstance(other, Literal):
        return Default(tested, other)
    return Choice(tested, then, other)


def is_true(text: str) -> bool:
    """Return what a condition makes of a value.

    Examples
    --------
    >>> [is_true(text) for text in ("Ann", "", "False", "0")]
    [True, False, False, True]
    """
    return text.lower() not in FALSE_WORDS
