"""Relevant content: which case study or article to link, for which industry and in which language.

`match` answers for one contact's industry, `coverage` for a sender's or team's enrollments. Both ask a `Library`, made
once from the rows of the table `content`. A piece is only suggested in the contact's language, and saying nothing is an
outcome with its reason.

How good it is, on our own set (tests/advice/content: titles, summaries and CRM values that we wrote; the alias tables
were written before them, by the same hand, so expect less of others' data). The constants come from one half (48
queries and 24 pieces a language) and the labels of all industries; the figures are of the other, whose libraries have
44 pieces a language. It was measured once before, with `OTHERS` at 0.5: that it spoke too often where nothing fits (it
kept silent for 0.75 and 0.70) was why the first half was asked again, and `OTHERS` became 0.7. No name or word was
changed for it.

=============================  =========================  =========================
.                              English, n = 102           French, n = 105
=============================  =========================  =========================
No piece has an industry       hit@1 0.93, answers 0.89   hit@1 0.98, answers 0.87
12 of the 44 have one          hit@1 1.00, answers 0.89   hit@1 1.00, answers 0.88
All right pieces taken out     says nothing to 0.82       says nothing to 0.84
Suggested across languages     0                          0
=============================  =========================  =========================

The third row is the weak point: where nothing fits, one query in six still gets a neighbour's piece whose words stand
beside it as evidence. The language of the 136 pieces, read off title and summary, was told for 122 and wrong for none;
off the title alone, for 72 and wrong for none. German has names but was not measured.
"""

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
