"""The templates of a sequence as text, with tokens and problems marked; never rendered, whatever they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.tokens.dialects import DIALECTS
from hygiene.advice.tokens.scan import scan
from hygiene.reports.document import MarkedText, Passage
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygiene.advice.tokens.types import Kind, Scan
    from hygiene.facts.enrolled import Template

SHOWN = 1_500
"""Characters of a text that a page shows."""
PROBLEM_WORDS: Mapping[Kind, Message] = {
    "malformed": Message("broken braces"),
    "unknown_token": Message("unknown property"),
    "placeholder_literal": Message("never filled in"),
    "missing_token": Message("came out empty"),
    "foreign_dialect": Message("another tool's token"),
}


def template_blocks(templates: Iterable[Template], sequence_key: int) -> Iterator[MarkedText]:
    """Yield the subject and the body of each step of a sequence."""
    for template in templates:
        if template.sequence_key == sequence_key:
            step = {"step": Count(template.step)}
            for label, text in (
                (Message("Step %(step)s, subject", step), template.subject),
                (Message("Step %(step)s, text", step), template.body),
            ):
                if text:
                    yield marked(label, text, template.dialect)


def marked(label: Message, text: str, dialect: str | None) -> MarkedText:
    """Return a text with its tokens and problems marked.

    Parameters
    ----------
    label
        What stands over it.
    text
        Hostile; cut after `SHOWN` characters.
    dialect
        As the export names it; None or an unknown one: the likeliest.
    """
    shown = text[:SHOWN]
    found = scan(shown, dialect if dialect in DIALECTS else "auto")
    return MarkedText(label, tuple(_passages(shown, found)), len(text) > SHOWN)


def _passages(text: str, found: Scan) -> Iterator[Passage]:
    spans = [(token.span, Message("token %(name)s", {"name": Text(token.path)}), False) for token in found.tokens]
    spans += [(problem.span, PROBLEM_WORDS[problem.kind], True) for problem in found.problems]
    at = 0
    # Where two overlap the earlier and longer one is marked, and of equals the problem.
    for (start, end), mark, is_problem in sorted(spans, key=lambda span: (span[0][0], -span[0][1], not span[2])):
        if start < at:
            continue
        if start > at:
            yield Passage(text[at:start])
        yield Passage(text[start:end], mark, is_problem)
        at = end
    if at < len(text):
        yield Passage(text[at:])
