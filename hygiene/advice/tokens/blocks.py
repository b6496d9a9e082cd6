"""Nest the tags: a template as a tree, parsed once and filled in for each contact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hygiene.advice.tokens.expressions import Field, Literal, Not, is_true
from hygiene.advice.tokens.filters import LONGEST_VALUE
from hygiene.advice.tokens.statements import when

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.advice.tokens.events import Event
    from hygiene.advice.tokens.expressions import Expression, Scope
    from hygiene.advice.tokens.types import Span

MIDDLES = {
    "else": {"if", "unless", "for", "case"},
    "elif": {"if", "unless"},
    "when": {"case"},
    "bar": {"spin", "random"},
}
ENDS = {"if": {"if", "unless"}}
"""What an end closes, where that is more than its own word: Mailchimp ends `IFNOT` with `END:IF`."""
DEEPEST = 100
"""Blocks within blocks that are filled in (assumed: a mail has two or three)."""


class Node(Protocol):
    """A part of a template."""

    def write(self, scope: Scope, out: list[str]) -> None:
        """Add its text for one contact."""


@dataclass(slots=True)
class Text:
    """Text as it stands."""

    text: str

    def write(self, scope: Scope, out: list[str]) -> None:  # noqa: ARG002 — the protocol's form
        """Add it."""
        out.append(self.text)


@dataclass(slots=True)
class Print:
    """A tag that prints; `marker` is what the vendor prints where there is no value."""

    expression: Expression
    paths: tuple[str, ...]
    marker: str = ""

    def write(self, scope: Scope, out: list[str]) -> None:
        """Add the value, and note where there is none."""
        text = self.expression.value(scope)
        if not text or text.isspace():
            scope.empty += self.paths
            text = text or self.marker
        out.append(text)


@dataclass(slots=True)
class Assign:
    """A template's own variable."""

    name: str
    expression: Expression

    def write(self, scope: Scope, out: list[str]) -> None:  # noqa: ARG002 — the protocol's form
        """Keep its value; never longer than a value may be, for it may be made of itself."""
        scope.variables[self.name] = self.expression.value(scope)[:LONGEST_VALUE]


@dataclass(slots=True)
class Block:
    """A condition, a loop, variants, or the text of a variable: its branches, each with what must be true for it."""

    word: str
    span: Span
    branches: list[tuple[Expression | None, list[Node]]] = field(default_factory=list)
    subject: Expression | None = None
    name: str = ""
    reported: bool = False

    def write(self, scope: Scope, out: list[str]) -> None:
        """Add the first branch whose condition holds; of variants the first; of a loop, whose list we lack, nothing."""
        inner: list[str] = []
        if self.word == "capture":
            _write(self.branches[0][1], scope, inner)
            scope.variables[self.name] = "".join(inner)[:LONGEST_VALUE]
        elif self.word == "spin":
            _write(self._variant(), scope, out)
        elif self.word == "random":  # the spaces around its bars are no part of the variants
            _write(self._variant(), scope, inner)
            out.append("".join(inner).strip())
        elif self.word != "for":
            for condition, nodes in self.branches:
                if condition is None or is_true(condition.value(scope)):
                    return _write(nodes, scope, out)
        return None

    def _variant(self) -> list[Node]:
        return next((nodes for _, nodes in self.branches if nodes), [])


def _write(nodes: Iterable[Node], scope: Scope, out: list[str]) -> None:
    for node in nodes:
        node.write(scope, out)


class Builder:
    """Takes the events in their order and nests them; `unclosed` are the places of the tags that don't fit."""

    def __init__(self, *, prints_its_test: bool, has_marker: bool) -> None:
        self.prints_its_test, self.has_marker = prints_its_test, has_marker
        self.root: list[Node] = []
        self.open: list[Block] = []
        self.unclosed: list[Span] = []

    def nodes(self) -> list[Node]:
        """Return where the next node goes."""
        return self.open[-1].branches[-1][1] if self.open else self.root

    def text(self, text: str) -> None:
        """Add plain text."""
        if text:
            self.nodes().append(Text(text))

    def add(self, event: Event, paths: tuple[str, ...]) -> None:
        """Add a tag; `paths` are the fields that it reads."""
        if event.step == "print" and event.expression:
            marker = f"[[MISSING TOKEN - {paths[0].rpartition('.')[2].upper()}]]" if self.has_marker and paths else ""
            self.nodes().append(Print(event.expression, paths, marker))
        elif event.step == "assign" and event.expression:
            self.nodes().append(Assign(event.names[0], event.expression))
        elif event.step == "open":
            self._open(event)
        elif event.step == "middle":
            self._middle(event)
        elif event.step == "close":
            self._close(event)

    def finish(self) -> list[Node]:
        """Return the tree; what is still open has no end."""
        self.unclosed += [block.span for block in self.open if not block.reported]
        self.open.clear()
        return self.root

    def _open(self, event: Event) -> None:
        block = Block(event.word, event.span, reported=event.problem is not None)
        condition = event.expression
        if event.word == "unless" and condition:
            block.branches.append((Not(condition), []))
        elif event.word == "case":
            block.subject = condition
            block.branches.append((Literal(""), []))
        else:
            block.branches.append((condition if event.word == "if" else None, []))
        if event.word == "capture":
            block.name = event.names[0]
        if len(self.open) < DEEPEST:
            self.nodes().append(block)
        self.open.append(block)

    def _middle(self, event: Event) -> None:
        block = self.open[-1] if self.open else None
        if not block or block.word not in MIDDLES[event.word] | {"other"}:
            self.unclosed.append(event.span)
            return
        condition = event.expression
        if event.word == "when" and condition and block.subject:
            condition = when(block.subject, condition)
        block.branches.append((condition, []))

    def _close(self, event: Event) -> None:
        if not self.open:
            self.unclosed.append(event.span)
            return
        block = self.open.pop()
        if block.word not in ENDS.get(event.word, {event.word}) | {"other"}:
            self.unclosed.append(event.span)
        test = block.branches[0][0]
        if self.prints_its_test and block.word == "if" and isinstance(test, Field) and not block.branches[0][1]:
            block.branches[0][1].append(Print(test, (test.path,)))
