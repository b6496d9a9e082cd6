"""The templates of a sequence as text, with tokens and problems marked; never rendered, whatever they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.tokens.dialects import DIALECTS
from hygiene.advice.tokens.scan import scan
from hygiene.reports.document import MarkedText, Passage, Row, Table, TableColumn
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hygiene.advice.qa import StepQuality, TokenQuality
    from hygiene.advice.tokens.types import Kind, Scan
    from hygiene.facts.enrolled import Template
    from hygiene.reports.document import Block

SHOWN = 1_500
"""Characters of a text that a page shows."""
UNKNOWN = ("misspelt", "unheard_of")
PROBLEM_WORDS: Mapping[Kind, Message] = {
    "malformed": Message("broken braces"),
    "unknown_token": Message("unknown property"),
    "placeholder_literal": Message("never filled in"),
    "missing_token": Message("came out empty"),
    "foreign_dialect": Message("another tool's token"),
}


def template_blocks(templates: Iterable[Template], steps: Iterable[StepQuality], sequence_key: int) -> Iterator[Block]:
    """Yield what the steps of a sequence came to for everybody enrolled, then the subject and the body of each."""
    own = [step for step in steps if step.sequence_key == sequence_key]
    yield from _quality_table(own)
    unknown = {token.path for step in own for token in step.tokens if token.binding.kind in UNKNOWN}
    for template in templates:
        if template.sequence_key == sequence_key:
            step = {"step": Count(template.step)}
            for label, text in (
                (Message("Step %(step)s, subject", step), template.subject),
                (Message("Step %(step)s, text", step), template.body),
            ):
                if text:
                    yield marked(label, text, template.dialect, unknown)


def _quality_table(steps: list[StepQuality]) -> Iterator[Table]:
    if not steps:
        return
    yield Table(
        caption=Message("Filled in for everybody enrolled"),
        columns=(
            TableColumn(Message("Step")),
            TableColumn(Message("Emails"), "number"),
            TableColumn(Message("Broken"), "number"),
            TableColumn(Message("Unsightly"), "number"),
            TableColumn(Message("Fields that are missing")),
        ),
        rows=tuple(
            Row(
                (
                    Message("Step %(step)s", {"step": Count(step.step)}),
                    Count(step.mails),
                    _with_share(_broken(step), step.mails),
                    _with_share(step.ugly, step.mails),
                    tuple(_coverage(token) for token in _incomplete(step)) or None,
                )
            )
            for step in steps
        ),
        note=Message("Broken: a field came out empty, or as a token. Unsightly: capitals, a legal form, a stray sign."),
    )


def _broken(step: StepQuality) -> int:
    """Return the broken mails: all of them, where the text itself is."""
    unknown = any(token.binding.kind in UNKNOWN and token.is_printed for token in step.tokens)
    return step.mails if step.problems or unknown else step.broken


def _with_share(count: int, mails: int) -> tuple[Count, Percent]:
    return Count(count), Percent(count / mails if mails else None)


def _incomplete(step: StepQuality) -> list[TokenQuality]:
    """Return the fields of a step that somebody lacks, each once."""
    found = {token.path: token for token in step.tokens if token.coverage is not None and token.coverage < 1}
    return list(found.values())


def _coverage(token: TokenQuality) -> Message:
    missing = Percent(1 - (token.coverage or 0.0))
    return Message("%(field)s for %(missing)s", {"field": Text(token.path), "missing": missing})


def marked(label: Message, text: str, dialect: str | None, unknown: Collection[str] = ()) -> MarkedText:
    """Return a text with its tokens and problems marked.

    Parameters
    ----------
    label
        What stands over it.
    text
        Hostile; cut after `SHOWN` characters.
    dialect
        As the export names it; None or an unknown one: the likeliest.
    unknown
        Tokens that stand for nothing the export or the tool knows.
    """
    shown = text[:SHOWN]
    found = scan(shown, dialect if dialect in DIALECTS else "auto")
    return MarkedText(label, tuple(_passages(shown, found, unknown)), len(text) > SHOWN)


def _passages(text: str, found: Scan, unknown: Collection[str]) -> Iterator[Passage]:
    spans = [
        (token.span, PROBLEM_WORDS["unknown_token"], True)
        if token.path in unknown
        else (token.span, Message("token %(name)s", {"name": Text(token.path)}), False)
        for token in found.tokens
    ]
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
