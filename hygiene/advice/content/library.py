"""The pieces of content that may be linked, by language, as known at one moment."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.content.industries import groups_of
from hygiene.advice.content.text import TextIndex
from hygiene.advice.content.types import STALE_MONTHS, Piece
from hygiene.advice.content.urls import check_url, page_of, url_problems
from hygiene.advice.content.words import language_code, language_of_text, stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygiene.advice.content.types import Match, UrlProblem


class Shelved(NamedTuple):
    """A piece that may be linked, with what matching asks of it."""

    piece: Piece
    page: str
    """The same for URLs of one page."""
    groups: frozenset[str]
    """That its own `industry` names."""
    said: frozenset[str]
    """Stems of its industry, title and summary."""
    age_days: int | None
    is_stale: bool


class Library:
    """All pieces of a team, sorted out once; the order in which they are given changes nothing.

    Parameters
    ----------
    pieces
        Rows of the table `content`.
    as_of
        Naive UTC. What is published later does not exist yet.

    Attributes
    ----------
    shelves : dict of str to tuple of Shelved
        By language: the pieces that may be linked.
    without_language : tuple of Piece
        Neither named nor clear from the text: never suggested.
    unpublished : tuple of Piece
        Published after `as_of`.
    problems : tuple of UrlProblem
        Of all pieces; those that block are on no shelf.

    Examples
    --------
    >>> piece = Piece("1", "https://acme.example/a", "A checklist for carriers", language="en")
    >>> library = Library([piece], as_of=datetime(2026, 9, 1))
    >>> list(library.shelves), library.problems
    (['en'], ())
    """

    def __init__(self, pieces: Iterable[Piece], as_of: datetime) -> None:
        everything = sorted(set(pieces), key=_in_order)
        self.as_of = as_of
        self.problems: tuple[UrlProblem, ...] = url_problems(everything)
        self.unpublished = tuple(p for p in everything if p.published_at is not None and p.published_at > as_of)
        usable = [p for p in everything if p not in set(self.unpublished) and _may_be_linked(p)]
        spoken = [(language_of_piece(piece), piece) for piece in usable]
        self.without_language = tuple(piece for language, piece in spoken if language is None)
        self.shelves: dict[str, tuple[Shelved, ...]] = {
            language: tuple(_shelved(piece, as_of) for spoken_in, piece in spoken if spoken_in == language)
            for language in sorted({language for language, _ in spoken if language is not None})
        }
        self.matches: dict[tuple[str, str | None], Match] = {}
        """Kept by `match`: one value stands at thousands of contacts."""
        self._indexes: dict[str, TextIndex] = {}

    def index(self, language: str) -> TextIndex:
        """Return the text index of a shelf, fitted when it is first asked for."""
        if language not in self._indexes:
            self._indexes[language] = TextIndex(language, [shelved.piece for shelved in self.shelves[language]])
        return self._indexes[language]


def piece_of(row: Mapping[str, object]) -> Piece:
    """Return the piece of a row of the canonical table `content`; what is missing may be None, NaN or NaT.

    Examples
    --------
    >>> piece_of({"content_id": "1", "url": "https://acme.example/a", "title": "A", "published_at": None}).summary
    ''
    """
    text = {name: value for name, value in row.items() if isinstance(value, str)}
    published_at = row.get("published_at")
    # NaT calls itself a datetime, and equals nothing, itself included.
    known = isinstance(published_at, datetime) and published_at == published_at
    return Piece(
        content_id=text.get("content_id", ""),
        url=text.get("url", ""),
        title=text.get("title", ""),
        summary=text.get("summary", ""),
        language=text.get("language"),
        industry=text.get("industry"),
        published_at=published_at if known and isinstance(published_at, datetime) else None,
    )


def language_of_piece(piece: Piece) -> str | None:
    """Return the ISO 639-1 code that a piece names, or that its title and summary clearly show.

    Examples
    --------
    >>> language_of_piece(Piece("1", "", "Guide : réduire les arrêts de ligne"))
    'fr'
    >>> language_of_piece(Piece("2", "", "Acme")) is None
    True
    """
    return language_code(piece.language) or language_of_text(f"{piece.title}. {piece.summary}")


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and time so many calendar months earlier, or the month's last day.

    Examples
    --------
    >>> months_before(datetime(2026, 8, 31), 18)
    datetime.datetime(2025, 2, 28, 0, 0)
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    if year < 1:
        return datetime.min
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _shelved(piece: Piece, as_of: datetime) -> Shelved:
    said = frozenset(stems(f"{piece.industry or ''}. {piece.title}. {piece.summary}"))
    at = piece.published_at
    age = (as_of - at).days if at is not None else None
    is_stale = at is not None and at < months_before(as_of, STALE_MONTHS)
    return Shelved(piece, page_of(piece.url), groups_of(piece.industry), said, age, is_stale)


def _may_be_linked(piece: Piece) -> bool:
    problem = check_url(piece.url)
    return problem is None or not problem.blocks


def _in_order(piece: Piece) -> tuple[str, ...]:
    at = piece.published_at
    told = (piece.language or "", piece.industry or "", at.isoformat() if at else "")
    return (piece.content_id, piece.url, piece.title, piece.summary, *told)
