"""The templates of a source, read once: in which dialect and language, what they print, what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hygiene.advice.content.words import language_code, language_of_text
from hygiene.advice.qa.fallbacks import BEFORE, fallback_defect
from hygiene.advice.qa.paths import bind
from hygiene.advice.qa.reading import reader_text
from hygiene.advice.qa.types import StepProblem
from hygiene.advice.tokens.dialects import AUTO, GRAMMARS
from hygiene.advice.tokens.scan import compile_template, scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygiene.advice.qa.paths import Binding
    from hygiene.advice.qa.types import Defect, Where
    from hygiene.advice.tokens.grammar import Missing
    from hygiene.advice.tokens.scan import Template as Compiled
    from hygiene.advice.tokens.types import Problem
    from hygiene.facts.enrolled import Template
    from hygiene.facts.types import Sequence

LONGEST_GUESS = 4_000
"""Characters of each text of a sequence by which its dialect is guessed: 21 readings of a long one take a while."""
LONGEST_SHOWN = 120
LONGEST_BLOCK = 1_000
"""Characters before the cut in which a token may have lost its end."""
LONGEST_TEXT = 100_000
"""Characters of a text that are read: Gmail cuts a mail after 102 kB (support.google.com, known)."""


@dataclass(frozen=True)
class StepText:
    """One template, compiled."""

    template: Template
    dialect: str | None
    language: str | None
    parts: tuple[tuple[Where, Compiled], ...]
    bindings: Mapping[str, Binding]
    """By path."""
    problems: tuple[StepProblem, ...]
    clashes: Mapping[tuple[Where, str], Defect]
    """By place and path: what is wrong with the inline default."""

    @property
    def missing(self) -> Missing:
        """What the tool does for a missing value."""
        return GRAMMARS[self.dialect].missing if self.dialect else "blank"

    def printed(self, path: str) -> bool:
        """Say whether a path is printed anywhere, not only tested."""
        return any(token.path == path and not token.tested for _, part in self.parts for token in part.scan.tokens)


def read_texts(
    templates: Iterable[Template], sequences: Mapping[int, Sequence], kept_out: frozenset[str]
) -> list[StepText]:
    """Return the templates, compiled; of a dialect that is not declared, the likeliest of the sequence."""
    templates = list(templates)
    guessed: dict[int, str | None] = {}
    for row in templates:
        if _declared(row) is None and row.sequence_key not in guessed:
            same = [other for other in templates if other.sequence_key == row.sequence_key and _declared(other) is None]
            guessed[row.sequence_key] = _guess(same)
    return [
        _read(row, _declared(row) or guessed.get(row.sequence_key), sequences.get(row.sequence_key), kept_out)
        for row in templates
    ]


def _declared(row: Template) -> str | None:
    name = (row.dialect or "").strip().lower().replace(".io", "").replace("quickmail", "smartlead")
    return name if name in GRAMMARS else None


def _guess(rows: list[Template]) -> str | None:
    texts = [(text or "")[:LONGEST_GUESS] for row in rows for text in (row.subject, row.body)]
    return scan("\n".join(texts)[: 4 * LONGEST_GUESS], AUTO).dialect


def _read(row: Template, dialect: str | None, sequence: Sequence | None, kept_out: frozenset[str]) -> StepText:
    read_as = dialect or "hubspot"  # without any token in the sequence, its literals are the same in each
    parts: list[tuple[Where, Compiled]] = [
        ("subject", _compiled((row.subject or "")[:LONGEST_TEXT], read_as)),
        ("body", _compiled((row.body or "")[:LONGEST_TEXT], read_as)),
    ]
    paths = dict.fromkeys(token.path for _, part in parts for token in part.scan.tokens)
    is_cut = len(row.body or "") > LONGEST_TEXT
    problems = [
        StepProblem(where, problem.kind, problem.text[:LONGEST_SHOWN])
        for where, part in parts
        for problem in part.scan.problems
        # What has lost its end may have it beyond the cut.
        if not (is_cut and where == "body" and _may_go_on(problem))
    ]
    language = language_code(sequence.language) if sequence else None
    language = language or language_of_text(reader_text((row.body or "")[:LONGEST_TEXT]))
    return StepText(
        template=row,
        dialect=dialect,
        language=language,
        parts=tuple(parts),
        bindings={path: bind(path, read_as, kept_out) for path in paths},
        problems=tuple(problems),
        clashes=dict(_clashes(row, parts, language)),
    )


def _may_go_on(problem: Problem) -> bool:
    """Tell whether a problem may be one only because the text was cut: a block, or what stands next to the cut."""
    is_block = problem.text.rstrip().endswith(("%}", "}}", "]]", "|*"))
    return problem.kind == "malformed" and (is_block or problem.span[1] > LONGEST_TEXT - LONGEST_BLOCK)


def _clashes(
    row: Template, parts: list[tuple[Where, Compiled]], language: str | None
) -> Iterator[tuple[tuple[Where, str], Defect]]:
    for where, part in parts:
        text = (row.subject if where == "subject" else row.body) or ""
        for token in part.scan.tokens:
            if token.fallback and (
                found := fallback_defect(token.fallback, language, text[max(0, token.span[0] - BEFORE) : token.span[0]])
            ):
                yield (where, token.path), found


@lru_cache(maxsize=512)
def _compiled(text: str, dialect: str) -> Compiled:
    """Compile a text once: the same one often stands in many sequences."""
    return compile_template(text, dialect)
