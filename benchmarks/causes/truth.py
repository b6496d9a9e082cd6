"""What every lever of every sender would truly gain: the sender's own contacts, one level's effect replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.causes.effects import HALVES, SLOTS, WEEKDAYS
from benchmarks.causes.recipes import FACTORS, LEVERS, THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.causes.chances import Laws
    from benchmarks.causes.design import Design

METRICS = ("reply_rate", "bounce_rate")
DIGITS = 9
"""Of gains: what lies beyond differs between machines."""
LONELY_SHARE = 0.95
"""Of a sender's enrollments in a level that (nearly) nobody else uses: the level and the rep can't be told apart."""
OTHERS_SHARE = 0.02


@dataclass(frozen=True)
class Sums:
    """Expected counts of a sender's enrollments: replies, those that got through, bounces."""

    replied: np.ndarray
    delivered: np.ndarray
    bounced: np.ndarray

    def total(self, rows: np.ndarray) -> np.ndarray:
        """Return the three sums over some rows."""
        return np.array([self.replied[rows].sum(), self.delivered[rows].sum(), self.bounced[rows].sum()])


def expected(laws: Laws, design: Design, factor: str = "", level: int = 0) -> Sums:
    """Return the expected counts of each enrollment."""
    answers, returns = laws.chances(design, factor, level)
    return Sums((1 - returns) * answers, 1 - returns, returns)


def rates(total: np.ndarray) -> dict[str, float]:
    """Return the two rates of expected counts."""
    replied, delivered, bounced = total
    return {"reply_rate": replied / delivered, "bounce_rate": bounced / (delivered + bounced)}


def sender_truths(laws: Laws, design: Design, names: Mapping[str, tuple[str, ...]], reps: int) -> list[dict[str, Any]]:
    """Return the truth on each sender, in the order of reps.

    Parameters
    ----------
    laws, design
        Of the team; `design` of ended enrollments only.
    names
        The levels of each factor.
    reps
        How many there are.

    Returns
    -------
    list of dict
        `levers`: by name such as `source:vendor-a`, the `ended` enrollments, whether it `is_lever` (and not just a
        segment or a union of time slots), whether it `is_identifiable`, and the gain in each rate, positive for the
        better. `metrics`: the `expected` rate, `top` (the biggest lever that gains anything), `top_gain`,
        `is_material`, `is_identifiable`.
    """
    as_is = expected(laws, design)
    levers: list[dict[str, Any]] = [{} for _ in range(reps)]
    for factor in FACTORS:
        counts = np.bincount(design.level[factor][design.is_seen[factor]], minlength=len(names[factor]))
        changed = [expected(laws, design, factor, level) for level in range(len(names[factor]))]
        for rep in range(reps):
            own = np.flatnonzero(design.rep == rep)
            for name, codes, is_lever in level_sets(factor, names[factor]):
                inside = np.isin(design.level[factor][own], codes) & design.is_seen[factor][own]
                if inside.any():
                    gains = _gains(as_is, changed, own, own[inside], np.where(_mask(counts, codes), 0, counts))
                    alone = inside.mean() >= LONELY_SHARE
                    alone &= 1 - inside.sum() / counts[codes].sum() <= OTHERS_SHARE
                    levers[rep][f"{factor}:{name}"] = {
                        "ended": int(inside.sum()),
                        "is_lever": is_lever and factor in LEVERS,
                        "is_identifiable": not alone,
                        **gains,
                    }
    return [
        {"metrics": {m: _summary(m, as_is, design.rep == rep, levers[rep]) for m in METRICS}, "levers": levers[rep]}
        for rep in range(reps)
    ]


def level_sets(factor: str, names: tuple[str, ...]) -> Iterator[tuple[str, list[int], bool]]:
    """Yield what a recommendation can name of a factor: the name, its levels, whether it is a level by itself."""
    for code, name in enumerate(names):
        yield name, [code], True
    if factor == "timing":  # a whole weekday or all mornings may be named as well
        for part in (*WEEKDAYS, *HALVES):
            yield part, [code for code, slot in enumerate(SLOTS) if part in slot.split("-")], False


def _mask(counts: np.ndarray, codes: list[int]) -> np.ndarray:
    return np.isin(np.arange(len(counts)), codes)


def _gains(as_is: Sums, changed: list[Sums], own: np.ndarray, inside: np.ndarray, mix: np.ndarray) -> dict[str, float]:
    """Return the gain in each rate if the rows `inside` had the team's mix of the other levels."""
    total = as_is.total(own)
    before = rates(total)
    if not mix.sum():
        return dict.fromkeys(METRICS, 0.0)
    instead = sum(share * other.total(inside) for share, other in zip(mix / mix.sum(), changed, strict=True) if share)
    after = rates(total - as_is.total(inside) + instead)
    return {
        "reply_rate": round(float(after["reply_rate"] - before["reply_rate"]), DIGITS) + 0.0,
        "bounce_rate": round(float(before["bounce_rate"] - after["bounce_rate"]), DIGITS) + 0.0,
    }


def _summary(metric: str, as_is: Sums, own: np.ndarray, levers: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what there is to know of one metric of one sender."""
    gains = {name: lever[metric] for name, lever in levers.items() if lever["is_lever"] and lever[metric] > 0}
    top = max(gains, key=gains.__getitem__, default=None)
    gain = gains[top] if top else 0.0
    return {
        "expected": round(float(rates(as_is.total(np.flatnonzero(own)))[metric]), DIGITS),
        "top": top,
        "top_gain": gain,
        "is_material": gain >= THRESHOLDS[metric],
        "is_identifiable": bool(top is None or levers[top]["is_identifiable"]),
    }
