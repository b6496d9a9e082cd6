"""Our own set of queries and pieces, and how often `match` names a right piece first."""

from __future__ import annotations

import csv
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hygiene.advice.content import Library, Piece, match

HERE = Path(__file__).parent
AS_OF = datetime(2026, 9, 1)


class Figures(NamedTuple):
    queries: int
    hit_rate: float
    """Right first pieces of the answered queries."""
    answer_rate: float
    cross_language: int
    wrong: tuple[tuple[str, str], ...]
    """Industry and title of each wrong answer."""


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pieces(half: str, *, filed: bool) -> dict[tuple[str, str], tuple[Piece, set[str]]]:
    """Return pieces by language and id, with the industries that they are about; `filed`: with their own industry."""
    return {
        (row["language"], row["id"]): (
            Piece(
                f"{row['language']}-{row['id']}",
                f"https://acme.example/{row['language']}/{row['id']}",
                row["title"],
                row["summary"],
                row["language"],
                row["industry"] if filed else None,
            ),
            set(row["about"].split()) - {"-"},
        )
        for row in table("pieces")
        if row["half"] == half
    }


def abstained_rate(half: str, language: str, *, filed: bool) -> float:
    """Ask every query of a library without its right pieces: how often nothing is named, as it should be."""
    known = pieces(half, filed=filed)
    queries = [row for row in table("queries") if (row["half"], row["language"]) == (half, language)]
    libraries = {
        about: Library([piece for piece, tags in known.values() if not tags & set(about.split())], AS_OF)
        for about in {row["about"] for row in queries}
    }
    return sum(not match(row["industry"], language, libraries[row["about"]]).candidates for row in queries) / len(
        queries
    )


def measure(half: str, language: str, *, filed: bool) -> Figures:
    """Ask every query of a half and language of the library of both languages."""
    known = pieces(half, filed=filed)
    library = Library([piece for piece, _ in known.values()], AS_OF)
    about = {piece.content_id: tags for piece, tags in known.values()}
    queries = [row for row in table("queries") if (row["half"], row["language"]) == (half, language)]
    answered, wrong, cross = 0, [], 0
    for row in queries:
        found = match(row["industry"], language, library)
        cross += sum(candidate.piece.language != language for candidate in found.candidates)
        if found.candidates:
            answered += 1
            first = found.candidates[0].piece
            if not about[first.content_id] & set(row["about"].split()):
                wrong.append((row["industry"], first.title))
    hit_rate = 1 - len(wrong) / answered if answered else 0.0
    return Figures(len(queries), hit_rate, answered / len(queries), cross, tuple(wrong))
