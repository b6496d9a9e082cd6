"""What became of the last report's advice: whether it was followed, and whether more than chance moved the figure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from hygiene.advice.attribution.types import METRICS
from hygiene.advice.types import Fired
from hygiene.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pandas import DataFrame, Series

    from hygiene.advice.attribution.types import Metric
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome, Rule

RECOMMENDATIONS, RUN = "recommendations.json", "run.json"
Done: TypeAlias = Literal["done", "not_done", "unknown"]
Moved: TypeAlias = Literal["better", "worse", "within_chance", "unknown"]
LEAST_AFTER = 10
"""Enrollments since the last report, below which nothing is said of them; assumed."""
EXPERIMENT = "EXP-01"
DROPPED = 0.5
"""A lever counts as pulled where its share of the enrollments has fallen to this part of what it was; assumed."""
SURE = 0.95
"""Probability from which on a figure has moved."""
COLUMNS_OF: Mapping[str, str] = {"source": "source", "import_batch": "import_batch", "industry": "industry"}
"""By the kind of a lever's subject, the column of the enrolled rows that holds its levels."""


@dataclass(frozen=True)
class Previous:
    """An earlier report."""

    as_of: datetime
    rows: tuple[Mapping[str, Any], ...]
    """Of its recommendations.json."""


class Moves(NamedTuple):
    """A rate before and since, as counts."""

    before: tuple[int, int]
    after: tuple[int, int]
    moved: Moved


@dataclass(frozen=True)
class Followed:
    """One piece of advice of the last report."""

    row: Mapping[str, Any]
    sender_key: int | None
    done: Done
    figure: Moves | None
    """None: it was about no rate, or the sender is gone."""


def read_previous(folder: Path) -> Previous:
    """Read an earlier report.

    Raises
    ------
    SourceError
        If the folder holds none that can be read.
    """
    try:
        rows = json.loads((folder / RECOMMENDATIONS).read_text(encoding="utf-8"))
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        as_of = datetime.fromisoformat(run["as_of"]).replace(tzinfo=None)
        if not isinstance(rows, list):
            raise TypeError("no list of suggestions")
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise SourceError(
            f"{folder} holds no earlier report that can be read. Name the folder that `hygiene run` or `hygiene coach`"
            " wrote, with its recommendations.json and run.json as they were."
        ) from error
    return Previous(as_of, tuple(row for row in rows if _is_suggestion(row)))


def _is_suggestion(row: object) -> bool:
    """Tell whether a row of an earlier report can be one of ours: anybody may have changed the file since."""
    if not isinstance(row, dict) or not isinstance(row.get("evidence", {}), dict):
        return False
    words = all(isinstance(row.get(name), str) for name in ("id", "rule", "subject"))
    return words and row.get("metric") in (*METRICS, "none") and isinstance(row.get("sender_id"), str | None)


def follow(previous: Previous, case: Case, outcomes: Mapping[str, tuple[Rule, Outcome]]) -> tuple[Followed, ...]:
    """Return what became of what the last report told.

    Parameters
    ----------
    previous
        The last report.
    case
        The facts of today.
    outcomes
        What the rules say today.
    """
    keys = {sender.sender_id: key for key, sender in case.facts.senders.items()}
    still = {said.id for _, outcome in outcomes.values() if isinstance(outcome, Fired) for said in outcome.suggestions}
    found = []
    for row in previous.rows:
        key = keys.get(row.get("sender_id") or "")
        if not row.get("is_told", True) or (row.get("sender_id") and key is None):
            continue
        rows = case.enrolled.rows
        own = rows if key is None else rows[rows["sender_key"] == key]
        figure = _moves(own, previous.as_of, row["metric"])
        found.append(Followed(row, key, _done(row, own, previous, case, outcomes, still), figure))
    return tuple(found)


def _done(
    row: Mapping[str, Any],
    own: DataFrame,
    previous: Previous,
    case: Case,
    outcomes: Mapping[str, tuple[Rule, Outcome]],
    still: set[str],
) -> Done:
    kind, _, level = str(row["subject"]).partition(":")
    if row["rule"] == EXPERIMENT:
        return "unknown"  # whether it was held is told by `tested`
    if row["metric"] != "none" and (kind in COLUMNS_OF or kind == "sequence"):
        return _pulled(own, previous.as_of, case, kind, level)
    outcome = outcomes.get(row["rule"])
    if row["id"] in still:
        return "not_done"
    return "done" if outcome and type(outcome[1]).__name__ in ("Clear", "Fired") else "unknown"


def _pulled(own: DataFrame, as_of: datetime, case: Case, kind: str, level: str) -> Done:
    """Tell whether a level is used much less since the last report."""
    has = has_level(own, case, kind, level)
    after = own["enrolled_at"] > as_of
    if has is None or after.sum() < LEAST_AFTER or not (~after).any():
        return "unknown"
    return "done" if has[after].mean() <= DROPPED * has[~after].mean() else "not_done"


def has_level(rows: DataFrame, case: Case, kind: str, level: str) -> Series[bool] | None:
    """Return which enrolled rows have a lever's level; None where the rows do not hold its factor."""
    if kind == "sequence":
        key = next((key for key, row in case.facts.sequences.items() if row.sequence_id == level), None)
        return rows["sequence_key"] == key
    return rows[COLUMNS_OF[kind]] == level if kind in COLUMNS_OF else None


def _moves(own: DataFrame, as_of: datetime, metric: Metric | Literal["none"]) -> Moves | None:
    """Return the rate of what had ended by the last report, and of what began after it and has ended since."""
    if metric == "none":
        return None
    before, after = (
        counts_of(part, metric)
        for part in (own[own["ended_at"] <= as_of], own[(own["enrolled_at"] > as_of) & own["ended_at"].notna()])
    )
    return Moves(before, after, moved(before, after, metric))


def counts_of(rows: DataFrame, metric: Metric) -> tuple[int, int]:
    """Return successes and trials of a rate among ended enrollments."""
    bounced = int(rows["is_bounced"].sum())
    if metric == "bounce_rate":
        return bounced, len(rows)
    return int(((rows["is_replied"] == 1) & (rows["is_bounced"] == 0)).sum()), len(rows) - bounced


def moved(before: tuple[int, int], after: tuple[int, int], metric: Metric) -> Moved:
    """Tell whether a rate moved by more than chance: two Beta posteriors under Jeffreys' prior, as normals.

    Examples
    --------
    >>> moved((40, 1000), (4, 400), "bounce_rate"), moved((40, 1000), (14, 400), "bounce_rate")
    ('better', 'within_chance')
    """
    from statistics import NormalDist

    if after[1] < LEAST_AFTER or not before[1]:
        return "unknown"
    means, variances = [], []
    for successes, trials in (before, after):
        a, b = successes + 0.5, trials - successes + 0.5
        means.append(a / (a + b))
        variances.append(a * b / ((a + b) ** 2 * (a + b + 1)))
    risen = NormalDist(means[1] - means[0], sum(variances) ** 0.5).cdf(0.0)
    p_better = risen if metric == "bounce_rate" else 1 - risen
    return "better" if p_better >= SURE else "worse" if p_better <= 1 - SURE else "within_chance"
