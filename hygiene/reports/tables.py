"""The scores as rows: the one place that `scores.csv`, `--format csv` and `--format json` get their figures from."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, TypeAlias

from hygiene.reports.cells import defuse
from hygiene.scores.types import BANDS, Faults

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hygiene.facts.types import Facts
    from hygiene.reports.audit import Audit
    from hygiene.scores.types import Score, Scores

LINE_END = "\r\n"
"""RFC 4180, section 2, rule 1."""

Figure: TypeAlias = "str | int | float | bool | None"

LEVELS: tuple[Figure, ...] = ("team", "sender", "sequence", "sender_sequence")
RATE_DECIMALS = 6
POINT_DECIMALS = 2
RATES = ("reply_rate", "reply_low", "reply_high", "bounce_rate", "bounce_low", "bounce_high")
POINTS = ("reply_points", "bounce_points", "score", "score_low", "score_high")
FAULTS = tuple(f"bounced_{fault}" for fault in Faults._fields)
PROBABILITIES = tuple(f"p_{band}" for band in BANDS)
COLUMNS = (
    *("level", "sender_id", "sequence_id", "ended", "replied", "bounced"),
    *RATES,
    *POINTS,
    *("band", *PROBABILITIES, "status", "hubspot_eligible"),
    *FAULTS,
)
"""The contract's columns, then the bounces by whose fault they are."""
DECIMALS = dict.fromkeys((*RATES, *PROBABILITIES), RATE_DECIMALS) | dict.fromkeys(POINTS, POINT_DECIMALS)


def all_scores(scores: Scores) -> tuple[Score, ...]:
    """Return the scores of every level."""
    return (scores.team, *scores.senders, *scores.sequences, *scores.pairs)


def scores_rows(scores: Iterable[Score], facts: Facts) -> tuple[tuple[str, ...], list[tuple[Figure, ...]]]:
    """Return the header and the rows of `scores.csv` (docs/output.md).

    Parameters
    ----------
    scores, facts
        The scores, and the ids that their keys stand for.

    Returns
    -------
    header
        `COLUMNS`.
    rows
        Team, senders by id, sequences by id, pairs by their ids. Rates and probabilities are fractions rounded to
        6 decimals, points and scores to 2; None is “no figure”.
    """
    rows = [_row(score, facts) for score in scores]
    return COLUMNS, sorted(rows, key=lambda row: (LEVELS.index(row[0]), str(row[1] or ""), str(row[2] or "")))


def _row(score: Score, facts: Facts) -> tuple[Figure, ...]:
    figures: dict[str, Figure] = {
        "level": score.level,
        "sender_id": None if score.sender_key is None else facts.senders[score.sender_key].sender_id,
        "sequence_id": None if score.sequence_key is None else facts.sequences[score.sequence_key].sequence_id,
        "ended": score.counts.ended,
        "replied": score.counts.replied,
        "bounced": score.counts.bounced,
        "reply_rate": score.reply.value,
        "reply_low": score.reply.low,
        "reply_high": score.reply.high,
        "bounce_rate": score.bounce.value,
        "bounce_low": score.bounce.low,
        "bounce_high": score.bounce.high,
        "reply_points": score.reply_points,
        "bounce_points": score.bounce_points,
        "score": score.score,
        "score_low": score.low,
        "score_high": score.high,
        "band": score.band,
        "status": score.status,
        "hubspot_eligible": score.hubspot_eligible,
    }
    figures |= dict(zip(FAULTS, score.faults, strict=True))
    figures |= {f"p_{band}": score.p_bands[band] for band in BANDS}
    return tuple(_rounded(name, figures[name]) for name in COLUMNS)


def _rounded(name: str, figure: Figure) -> Figure:
    # Adding 0.0 turns -0.0 into 0.0: the same figure must be the same bytes.
    return round(figure, DECIMALS[name]) + 0.0 if isinstance(figure, float) else figure


def scores_csv(scores: Iterable[Score], facts: Facts) -> str:
    """Return the rows as CSV: `.` as decimal point, `true` and `false`, an empty cell where there is no figure."""
    header, rows = scores_rows(scores, facts)
    cells = [[_cell(name, figure) for name, figure in zip(header, row, strict=True)] for row in rows]
    return csv_text([header, *cells])


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of finished cells as CSV."""
    text = StringIO()
    csv.writer(text, lineterminator=LINE_END).writerows(rows)
    return text.getvalue()


def scores_json(scores: Iterable[Score], facts: Facts) -> str:
    """Return the rows as a JSON array of objects with the names of `COLUMNS`, numbers as numbers."""
    header, rows = scores_rows(scores, facts)
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n"


def write_scores_csv(path: Path, audit: Audit) -> None:
    """Write `scores.csv`: every level of an audit."""
    path.write_text(scores_csv(all_scores(audit.scores), audit.facts), encoding="utf-8", newline="")


def _cell(name: str, figure: Figure) -> str:
    if figure is None:
        return ""
    if isinstance(figure, bool):
        return str(figure).lower()
    if isinstance(figure, float):
        return f"{figure:.{DECIMALS[name]}f}"
    return defuse(figure) if isinstance(figure, str) else str(figure)
