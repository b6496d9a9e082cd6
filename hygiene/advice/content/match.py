"""Which pieces suit a contact's industry and language, or why none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.advice.content.industries import group_of, industries
from hygiene.advice.content.text import MARGIN, own_terms
from hygiene.advice.content.types import MOST_CANDIDATES, Candidate, Match
from hygiene.advice.content.words import language_code, stems

if TYPE_CHECKING:
    from hygiene.advice.content.library import Library, Shelved
    from hygiene.advice.content.types import Abstained

STALE_WEIGHT: Final = 0.7
"""Part of its margin with which a stale piece is ranked (assumed): freshness lowers the rank, never the match."""


class _Search(NamedTuple):
    """What one language has for an industry."""

    candidates: tuple[Candidate, ...]
    """All, best first."""
    is_mentioned: bool
    """Some pieces say words of the industry."""


def match(industry: str, language: str | None, library: Library) -> Match:
    """Return up to three pieces of the contact's language for its industry, or the reason why there are none.

    Pieces whose own `industry` is of the same group come first, and if there are any, no others; else those whose title
    and summary speak of it, with a margin, and with whole words to show for it. A piece that its owner filed under
    another industry is never found by its text.

    Parameters
    ----------
    industry
        As the CRM has it: a name in English or French (German in part), or HubSpot's or LinkedIn's value.
    language
        Of the contact: a code (`fr`, `fr-FR`) or a name (`Français`). None: nothing is suggested.
    library
        Keeps each answer, so that asking again costs nothing.

    Examples
    --------
    >>> from datetime import datetime
    >>> from hygiene.advice.content.library import Library
    >>> from hygiene.advice.content.types import Piece
    >>> piece = Piece("1", "https://acme.example/1", "Cold chain: a checklist for carriers", language="en")
    >>> library = Library([piece], datetime(2026, 9, 1))
    >>> found = match("LOGISTICS_AND_SUPPLY_CHAIN", "en", library)
    >>> found.candidates[0].words, found.candidates[0].how
    (('carrier', 'cold chain'), 'text')
    >>> match("LOGISTICS_AND_SUPPLY_CHAIN", "fr", library).abstained, match("Other", "en", library).abstained
    ('other_language_only', 'unknown_industry')
    """
    key = (industry, language)
    if key not in library.matches:
        library.matches[key] = _match(industry, language_code(language), library)
    return library.matches[key]


def _match(industry: str, language: str | None, library: Library) -> Match:
    group = group_of(industry)
    abstained: Abstained
    if not library.shelves:
        abstained = "no_content"
    elif language is None:
        abstained = "unknown_language"
    elif group is None and not own_terms(industry):
        abstained = "unknown_industry"
    else:
        search = _search(industry, group, language, library)
        if search.candidates:
            return Match(
                industry, group, language, search.candidates[:MOST_CANDIDATES],
                found=len(search.candidates), fresh=sum(not candidate.is_stale for candidate in search.candidates),
            )  # fmt: skip
        elsewhere = [code for code in library.shelves if code != language]
        others = tuple(code for code in elsewhere if _search(industry, group, code, library).candidates)
        if others:
            return Match(industry, group, language, abstained="other_language_only", other_languages=others)
        abstained = "low_margin" if search.is_mentioned else "no_content" if group else "unknown_industry"
    return Match(industry, group, language, abstained=abstained)


def _search(industry: str, group: str | None, language: str, library: Library) -> _Search:
    shelf = library.shelves.get(language, ())
    filed = [shelved for shelved in shelf if group is not None and group in shelved.groups]
    if filed:
        return _Search(_one_a_page(_by_industry(industry, group or "", filed)), is_mentioned=True)
    return _by_text(industry, group, language, library) if shelf else _Search((), is_mentioned=False)


def _by_industry(industry: str, group: str, filed: list[Shelved]) -> list[tuple[Shelved, Candidate]]:
    """Return the pieces of a group: first those that say what the value says beyond its name, then the fresh."""
    label = {word for name in industries()[group].label.values() for word in stems(name)}
    own = {word for word in own_terms(industry) if word not in label}

    def rank(shelved: Shelved) -> tuple[object, ...]:
        age = shelved.age_days
        return (-len(own & shelved.said), shelved.is_stale, age is None, age or 0, shelved.piece.content_id)

    ranked = sorted(filed, key=rank)
    return [(shelved, _candidate(shelved, "industry", (shelved.piece.industry or "",), 1.0)) for shelved in ranked]


def _by_text(industry: str, group: str | None, language: str, library: Library) -> _Search:
    shelf = library.shelves[language]
    scores = library.index(language).scores(group, industry)
    mentioned = [
        (shelved, words, float(margin))
        for shelved, words, margin in zip(shelf, scores.words, scores.margins, strict=True)
        if words and (group is None or not shelved.groups)
    ]

    def rank(found: tuple[Shelved, tuple[str, ...], float]) -> tuple[object, ...]:
        shelved, _, margin = found
        # Rounded, so that the last bit of a sum decides nothing.
        return (-round(margin * (STALE_WEIGHT if shelved.is_stale else 1), 9), shelved.piece.content_id)

    clear = sorted((found for found in mentioned if round(found[2], 9) >= MARGIN), key=rank)
    listed = [(shelved, _candidate(shelved, "text", words, margin)) for shelved, words, margin in clear]
    return _Search(_one_a_page(listed), bool(mentioned))


def _candidate(shelved: Shelved, how: str, words: tuple[str, ...], score: float) -> Candidate:
    is_text = how == "text"
    return Candidate(
        shelved.piece, "text" if is_text else "industry", words, shelved.age_days, shelved.is_stale, round(score, 9)
    )


def _one_a_page(ranked: list[tuple[Shelved, Candidate]]) -> tuple[Candidate, ...]:
    """Return the best candidate of each page: the same page may stand under two URLs."""
    pages: dict[str, Candidate] = {}
    for shelved, candidate in ranked:
        pages.setdefault(shelved.page, candidate)
    return tuple(pages.values())
