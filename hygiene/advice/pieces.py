"""What the rules on content share: the library, the enrollments by language and industry, and what templates link."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hygiene.advice.content import LEAST_SHARE, Library, coverage, piece_of
from hygiene.advice.content.urls import check_url, page_of
from hygiene.advice.content.words import language_code
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from hygiene.advice.case import Case
    from hygiene.advice.content import GroupCoverage
    from hygiene.advice.qa import StepQuality
    from hygiene.values import Value

NO_DATE = datetime(9999, 1, 1)
STAND_IN = "https://example.com/"
"""In place of an address that cannot be used; shown to nobody."""
LEAST_ENROLLMENTS = 30
"""Of a sender or a team, below which no share is spoken of (assumed)."""
LANGUAGES = {
    "en": Message("English"),
    "fr": Message("French"),
    "de": Message("German"),
    "es": Message("Spanish"),
    "it": Message("Italian"),
    "nl": Message("Dutch"),
    "pt": Message("Portuguese"),
}


def library_of(case: Case) -> Library:
    """Return the pieces that may be linked."""
    return Library([piece_of(row._asdict()) for row in case.enrolled.content], case.as_of or NO_DATE)


def broken_library_of(case: Case) -> Library:
    """Return the pieces whose address no email may link, as they would stand on the shelves with a good one."""
    pieces = [piece_of(row._asdict()) for row in case.enrolled.content]
    blocked = [piece for piece in pieces if (problem := check_url(piece.url)) is not None and problem.blocks]
    mended = [replace(piece, url=f"{STAND_IN}{place}") for place, piece in enumerate(blocked)]
    return Library(mended, case.as_of or NO_DATE)


def language_name(code: str | None) -> Value:
    """Return a language in words, or its code."""
    return LANGUAGES.get(code or "") or Text(code or "")


def languages_of(case: Case) -> NDArray[np.object_]:
    """Return the language of each enrolled row: the contact's own, else the sequence's; None: not known."""
    rows = case.enrolled.rows
    spoken = {key: language_code(row.language) for key, row in case.facts.sequences.items()}
    own = {name: language_code(name) for name in rows["language"].unique() if isinstance(name, str)}
    found = rows["language"].map(own)
    return found.where(found.notna(), rows["sequence_key"].map(spoken)).astype(object).to_numpy()


def groups_of(
    case: Case, library: Library, at: NDArray[np.bool_], languages: NDArray[np.object_]
) -> list[tuple[str, GroupCoverage]]:
    """Return the industries of some rows that weigh enough, by language, the largest first.

    An industry's share is that of all the rows, whatever their language.
    """
    industries = case.enrolled.rows["industry"].to_numpy()[at]
    spoken = languages[at]
    total = len(industries)
    if total < LEAST_ENROLLMENTS:
        return []
    found = []
    for language in sorted({code for code in spoken if isinstance(code, str)}):
        counts = Counter(industries[spoken == language].tolist())
        inside = counts.total()
        if inside < LEAST_SHARE * total:
            continue
        told = coverage(
            {name if isinstance(name, str) else None: count for name, count in counts.items()},
            library,
            language,
            LEAST_SHARE * total / inside,
        )
        found += [(language, group) for group in told.groups]
    return sorted(found, key=lambda pair: (-pair[1].enrollments, pair[0], pair[1].industries))


def links_of(library: Library, steps: Iterable[StepQuality]) -> set[str]:
    """Return the pages of the library that some steps link."""
    pages = {shelved.page for shelf in library.shelves.values() for shelved in shelf}
    return pages & {page_of(link) for step in steps for link in step.links}


def unusable(library: Library) -> dict[str, int | str]:
    """Return what a suggestion's evidence says of pieces that can never be linked: `javascript:`, malformed URLs."""
    blocked = [problem for problem in library.problems if problem.blocks]
    if not blocked:
        return {}
    listed = ", ".join(f"{problem.content_id} ({problem.kind})" for problem in blocked[:5])
    return {"unusable_links": len(blocked), "unusable": listed}
