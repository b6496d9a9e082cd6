"""The rows of a run's `recommendations.json`, as the judge reads them."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.causes.effects import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Row = dict[str, Any]
FACTOR_WORDS = {
    **{name: name for name in ("source", "import_batch", "sequence", "industry", "country")},
    "batch": "import_batch",
    "template": "sequence",
    "segment": "industry",
    **dict.fromkeys(("timing", "slot", "time", "time_slot", "weekday", "hour", "hours", "day"), "timing"),
}
"""The word before the colon of a subject, and the factor it means."""
NOON = 12
HALF_WORDS = {"am": "am", "morning": "am", "pm": "pm", "afternoon": "pm"}


class Claim(NamedTuple):
    """A gain that a row promises: as a change for the better, whatever the metric."""

    lever: str
    gain: float
    low: float
    high: float
    true_gain: float


def read_rows(path: Path) -> list[Row]:
    """Read a file of recommendations: a list, or an object that holds one."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, dict):
        content = next(value for value in content.values() if isinstance(value, list))
    return list(content)


def lever_of(row: Row, levers: Mapping[str, Any]) -> str | None:
    """Return the lever that a row names, as the truth calls it; None if its subject is no lever of the sender's.

    Examples
    --------
    >>> lever_of({"subject": "Source:Vendor-A"}, {"source:vendor-a": {}})
    'source:vendor-a'
    >>> lever_of({"subject": "weekday:Tuesday"}, {"timing:tue": {}})
    'timing:tue'
    """
    word, _, level = str(row.get("subject") or "").partition(":")
    factor = FACTOR_WORDS.get(word.strip().casefold())
    if factor is None:
        return None
    wanted = f"{factor}:{_slot(level) if factor == 'timing' else level.strip()}".casefold()
    return next((name for name in levers if name.casefold() == wanted), None)


def is_lever_like(row: Row) -> bool:
    """Return whether the subject of a row speaks of a factor at all."""
    return str(row.get("subject") or "").partition(":")[0].strip().casefold() in FACTOR_WORDS


def _slot(level: str) -> str:
    """Return a time slot as the truth calls it: `tue-am`, `tue` or `am`."""
    words = re.findall(r"[a-z]+|\d+", level.casefold())
    days = [word[:3] for word in words if word[:3] in WEEKDAYS]
    halves = [
        "am" if word in {"am", "morning"} else "pm" for word in words if word in {"am", "pm", "morning", "afternoon"}
    ]
    halves += ["am" if int(word) < NOON else "pm" for word in words if word.isdigit()]
    return "-".join([*days[:1], *halves[:1]])


def ranked(rows: Sequence[Row], levers: Mapping[str, Any]) -> list[tuple[Row, str]]:
    """Return the rows that name a lever of a sender's, best first, each with the lever."""
    ordered = sorted(rows, key=lambda row: math.inf if row.get("rank") is None else row["rank"])
    named = [(row, lever_of(row, levers)) for row in ordered]
    return [(row, lever) for row, lever in named if lever is not None]


def claim_of(row: Row, lever: str, true_gain: float, sign: float) -> Claim | None:
    """Return what a row promises; None if it promises nothing (an experiment)."""
    if row.get("gain") is None:
        return None
    low, high = sorted(sign * float(row["gain"] if row.get(k) is None else row[k]) for k in ("gain_low", "gain_high"))
    return Claim(lever, sign * float(row["gain"]), low, high, true_gain)


def bounce_sign(rows: Sequence[Row]) -> float:
    """Return −1 if the gains in bounces are given as changes of the rate (fewer is negative), else 1."""
    gains = [row["gain"] for row in rows if row.get("metric") == "bounce_rate" and row.get("gain") is not None]
    return -1.0 if gains and sum(gain < 0 for gain in gains) > len(gains) / 2 else 1.0
