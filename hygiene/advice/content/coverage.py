"""Which of the industries that a sender or a team writes to the library has something for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from hygiene.advice.content.industries import group_of, value_stems
from hygiene.advice.content.match import match
from hygiene.advice.content.text import own_terms
from hygiene.advice.content.types import Coverage, GroupCoverage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.advice.content.library import Library
    from hygiene.advice.content.types import CoverageStatus, Match

LEAST_SHARE: Final = 0.15
"""Share of the enrollments from which an industry is spoken of (assumed: the evidence's rules CON-01 and CON-02)."""


def coverage(
    enrollments: Mapping[str | None, int], library: Library, language: str | None, least_share: float = LEAST_SHARE
) -> Coverage:
    """Return what the library holds for each industry that weighs enough.

    Parameters
    ----------
    enrollments
        Of a sender or a team, in one language: industry as written (None or empty: not told) to count.
    library
        All pieces.
    language
        Of the contacts: a code or a name.
    least_share
        Of all enrollments, those without an industry included; 0–1.

    Examples
    --------
    >>> from datetime import datetime
    >>> from hygiene.advice.content.library import Library
    >>> from hygiene.advice.content.types import Piece
    >>> library = Library([Piece("1", "https://acme.example/1", "A", "", "fr", "BTP")], datetime(2026, 9, 1))
    >>> enrollments = {"Construction": 40, "LOGISTICS_AND_SUPPLY_CHAIN": 30, "Transport": 20, None: 10}
    >>> told = coverage(enrollments, library, "fr")
    >>> [(group.group, group.share, group.status) for group in told.groups]
    [('logistics', 0.5, 'nothing'), ('construction', 0.4, 'matched')]
    """
    counted = {industry or "": count for industry, count in enrollments.items() if count > 0}
    total = sum(count for count in enrollments.values() if count > 0)
    groups: dict[str | tuple[str, ...], Counter[str]] = {}
    for industry, count in counted.items():
        # A value that is no group's weighs for itself; one that says nothing (“Other”) is not told.
        key = group_of(industry) or (value_stems(industry) if own_terms(industry) else ())
        if key:
            groups.setdefault(key, Counter())[industry] += count
    covered = [
        _covered(values, total, library, language)
        for values in groups.values()
        if values.total() >= least_share * total
    ]
    covered.sort(key=lambda group: (-group.enrollments, group.group or "", group.industries))
    return Coverage(total, sum(values.total() for values in groups.values()), tuple(covered))


def _covered(values: Counter[str], total: int, library: Library, language: str | None) -> GroupCoverage:
    names = tuple(sorted(values, key=lambda name: (-values[name], name)))
    found = match(names[0], language, library)
    return GroupCoverage(found.group, names, values.total(), values.total() / total, _status(found), found)


def _status(found: Match) -> CoverageStatus:
    if found.abstained is None:
        return "matched" if found.fresh else "stale_only"
    if found.abstained == "other_language_only":
        return "other_language_only"
    return "nothing" if found.abstained == "no_content" else "unsure"
