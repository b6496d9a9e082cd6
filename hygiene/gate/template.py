"""Looks at the mail itself: its tokens against this list, its way out, its postal address, its subject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.content.words import language_code
from hygiene.advice.qa import judge
from hygiene.facts.enrolled import CONTACT_COLUMNS, Enrolled
from hygiene.sources.aliases import normalize_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.advice.qa import StepQuality
    from hygiene.facts.enrolled import Template
    from hygiene.facts.types import Sequence as SalesSequence
    from hygiene.gate.people import People
    from hygiene.sources.lists import Listed
    from hygiene.sources.tables import ImportReport

KEY = 0
"""Of the one sequence that the steps are taken to make up."""


@dataclass(frozen=True)
class Mails:
    """A template filled in for every row of a list."""

    steps: tuple[StepQuality, ...]
    broken: Mapping[int, str]
    """By place of the rows with a broken mail: the token that breaks it."""
    unseen: tuple[str, ...]
    """Tokens that print a field which neither the list nor the source holds, without a default."""
    language: str | None
    """ISO 639-1, where all steps agree; None: not known."""


def fill_in(
    templates: Sequence[Template],
    sequence: SalesSequence | None,
    listed: Listed,
    people: People,
    imported: ImportReport,
) -> Mails:
    """Fill the steps of a campaign in for every row of the list.

    Parameters
    ----------
    templates
        The steps; their `sequence_key` makes no difference.
    sequence
        For its language; None: a template from a file.
    listed, people
        The list, and what the source adds to it.
    imported
        How the source's contacts were read: which columns they have.
    """
    enrolled = _as_enrolled(templates, listed, people)
    files = (replace(listed.reading, table="contacts"), *(file for file in imported.files if file.table == "contacts"))
    quality = judge(enrolled, {KEY: sequence} if sequence else {}, replace(imported, files=files))
    broken: dict[int, str] = {}
    for step in quality.steps:
        for flaw in step.all_flaws():
            if flaw.breaks:
                for place in step.of(flaw).tolist():
                    broken.setdefault(int(place), flaw.path)
    unseen = []
    for path in _unseen(quality.steps):
        cells = _own_column(listed, path)
        if cells is None:
            unseen.append(path)
            continue
        for place in cells:
            broken.setdefault(place, path)
    languages = {step.language for step in quality.steps if step.has_body}
    return Mails(
        steps=quality.steps,
        broken=dict(sorted(broken.items())),
        unseen=tuple(unseen),
        language=languages.pop() if len(languages) == 1 else None,
    )


def _as_enrolled(templates: Sequence[Template], listed: Listed, people: People) -> Enrolled:
    import pandas as pd

    size = len(listed.cells)
    columns = {name: pd.Series(values, dtype=values.dtype) for name, values in people.values.items()}
    ids = np.array([str(line) for line in listed.lines], dtype=object)
    rows = pd.DataFrame({**columns, "contact_id": pd.Series(ids, dtype=object)}, index=range(size))
    rows["sequence_key"] = KEY
    rows["sender_key"] = KEY
    rows["ended_at"] = pd.Series(np.full(size, np.datetime64("NaT", "us")))
    filled = {f"contacts.{name}" for name in CONTACT_COLUMNS if people.values[name].size and name in people.values}
    return Enrolled(
        rows=rows,
        total=size,
        columns=frozenset(filled),
        templates=tuple(row._replace(sequence_key=KEY) for row in templates),
        content=(),
    )


def _unseen(steps: Sequence[StepQuality]) -> tuple[str, ...]:
    """Return the fields that are printed without a default and that the contract has no column for."""
    return tuple(
        dict.fromkeys(
            token.path
            for step in steps
            for token in step.tokens
            if token.is_printed and token.fallback is None and _is_unseen(token.binding.kind, token.usable)
        )
    )


def _is_unseen(kind: str, usable: int | None) -> bool:
    return kind == "unseen" or (kind == "contact" and usable is None)


def _own_column(listed: Listed, path: str) -> list[int] | None:
    """Return the places of the rows whose own cell is empty; None: the list has no such column."""
    name = normalize_header(path.rpartition(".")[2])
    headers = [normalize_header(header) for header in listed.headers]
    if name not in headers:
        return None
    column = headers.index(name)
    return [place for place, cells in enumerate(listed.cells) if not cells[column].strip()]


def other_languages(mails: Mails, people: People) -> dict[int, str]:
    """Return the rows that read another language than the mail's, with what the row says."""
    if mails.language is None:
        return {}
    told = people.values["language"].tolist()
    codes = {text: language_code(text) for text in set(told)}
    return {place: text for place, text in enumerate(told) if codes[text] not in (None, mails.language)}
