"""What is known of the pieces of content, and what matching finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

How: TypeAlias = Literal["industry", "text"]
"""How a piece was found: its own `industry` is of the contact's group, or its title and summary speak of it."""
Abstained: TypeAlias = Literal[
    "no_content", "other_language_only", "low_margin", "unknown_industry", "unknown_language"
]
"""Why nothing is suggested; `low_margin`: some pieces mention the industry, none clearly enough."""
STALE_MONTHS: Final = 18
"""Age in calendar months from which a piece is stale (assumed; HubSpot's tips only ask for recent content)."""
MOST_CANDIDATES: Final = 3
"""Candidates of a match (assumed: a rep picks one)."""
UrlKind: TypeAlias = Literal["empty", "malformed", "scheme", "host", "credentials", "shortener", "duplicate"]
"""What is wrong with a URL; see `hygiene.advice.content.urls`."""
CoverageStatus: TypeAlias = Literal["matched", "stale_only", "other_language_only", "unsure", "nothing"]
"""What a library holds for an industry; `unsure`: the industry or the language is unknown, or the margin is low."""


@dataclass(frozen=True)
class Piece:
    """One row of the table `content`.

    Attributes
    ----------
    language : str or None
        As written: `fr`, `fr-FR`, `Français`; None: it is read off the title and the summary.
    industry : str or None
        As written; several may stand in it, separated by `;`, `,`, `|` or `/`.
    published_at : datetime or None
        Naive UTC.
    """

    content_id: str
    url: str
    title: str
    summary: str = ""
    language: str | None = None
    industry: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True)
class UrlProblem:
    """What is wrong with the URL of a piece.

    Attributes
    ----------
    blocks : bool
        The piece is never suggested. Shorteners and duplicates are only told.
    other : str
        Of a duplicate: the `content_id` of the piece that stands for the page; else empty.
    """

    kind: UrlKind
    url: str
    blocks: bool
    content_id: str = ""
    other: str = ""


@dataclass(frozen=True)
class Candidate:
    """A piece that may be linked.

    Attributes
    ----------
    how : How
        How it was found.
    words : tuple of str
        The evidence, folded: of `industry`, the piece's own industry as written; of `text`, the words and phrases that
        stand both in the title or summary and in the industry's names.
    age_days : int or None
        Whole days from publication to `as_of`; None: not known.
    is_stale : bool
        Older than `STALE_MONTHS`.
    score : float
        Of `text`: the likeness, 0–1. Of `industry`: 1.
    """

    piece: Piece
    how: How
    words: tuple[str, ...]
    age_days: int | None
    is_stale: bool
    score: float


@dataclass(frozen=True)
class Match:
    """What to link for an industry in a language: one to three candidates, or the reason why there are none.

    Attributes
    ----------
    group : str or None
        The industry's group; None where the value belongs to none or to several.
    language : str or None
        ISO 639-1.
    candidates : tuple of Candidate
        Best first, all in `language`.
    abstained : Abstained or None
        None: there are candidates.
    other_languages : tuple of str
        Of `other_language_only`: where there is something.
    found, fresh : int
        Pieces found, the candidates among them, and how many of those are not stale.
    """

    industry: str
    group: str | None
    language: str | None
    candidates: tuple[Candidate, ...] = ()
    abstained: Abstained | None = None
    other_languages: tuple[str, ...] = ()
    found: int = 0
    fresh: int = 0


@dataclass(frozen=True)
class GroupCoverage:
    """What a library holds for one industry of a sender or a team.

    Attributes
    ----------
    group : str or None
        None: `industries` has one value that belongs to no group.
    industries : tuple of str
        The values as written, most frequent first.
    share : float
        Of all enrollments, those without an industry included; 0–1.
    """

    group: str | None
    industries: tuple[str, ...]
    enrollments: int
    share: float
    status: CoverageStatus
    match: Match


@dataclass(frozen=True)
class Coverage:
    """The industries that weigh enough, largest first.

    Attributes
    ----------
    enrollments, told : int
        All, and those whose contact has an industry that says something.
    """

    enrollments: int
    told: int
    groups: tuple[GroupCoverage, ...]
