"""Relevant content: which case study or article to link, for which industry and in which language."""

from __future__ import annotations

from hygiene.advice.content.coverage import LEAST_SHARE, coverage
from hygiene.advice.content.industries import group_of, groups_of, label_of
from hygiene.advice.content.library import Library, piece_of
from hygiene.advice.content.match import match
from hygiene.advice.content.types import (
    MOST_CANDIDATES,
    STALE_MONTHS,
    Candidate,
    Coverage,
    GroupCoverage,
    Match,
    Piece,
    UrlProblem,
)
from hygiene.advice.content.urls import check_url

__all__ = [
    "LEAST_SHARE",
    "MOST_CANDIDATES",
    "STALE_MONTHS",
    "Candidate",
    "Coverage",
    "GroupCoverage",
    "Library",
    "Match",
    "Piece",
    "UrlProblem",
    "check_url",
    "coverage",
    "group_of",
    "groups_of",
    "label_of",
    "match",
    "piece_of",
]
