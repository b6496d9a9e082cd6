"""How well recommendations name the true levers: cases of one sender and metric, and the figures over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.causes.recipes import THRESHOLDS
from benchmarks.causes.rows import Claim, bounce_sign, claim_of, is_lever_like, ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.causes.rows import Row

Z90 = 1.6449
"""Of a two-sided interval of 90 %."""
AS_GOOD = 0.8
"""Of the biggest gain, from which another lever is as good an answer."""


class Share(NamedTuple):
    """Some of many."""

    part: int
    whole: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 90 %.

        Examples
        --------
        >>> tuple(round(bound, 3) for bound in Share(8, 10).interval)
        (0.541, 0.931)
        """
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.part / self.whole
        middle = (p + Z90**2 / (2 * n)) / (1 + Z90**2 / n)
        half = Z90 / (1 + Z90**2 / n) * math.sqrt(p * (1 - p) / n + Z90**2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Case:
    """One sender and one metric: the truth, and what the rows said."""

    metric: str
    top: str | None
    top_gain: float
    is_material: bool
    is_identifiable: bool
    named: str | None
    """The lever of the best ranked row that names one."""
    named_gain: float
    """What it would truly gain."""
    claims: tuple[Claim, ...]
    """Rows that promise a gain, best ranked first."""
    blind_claims: int
    """Of these, how many are on a lever that can't be told apart from the rep."""
    lost: int
    """Rows that speak of a factor but of no level that this sender uses."""


def cases_of(truth: dict[str, Any], rows: Sequence[Row]) -> list[Case]:
    """Return two cases a sender."""
    sign = {"bounce_rate": bounce_sign(rows), "reply_rate": 1.0}
    cases = []
    for sender in truth["senders"]:
        levers = sender["levers"]
        for metric, known in sender["metrics"].items():
            named = ranked(rows, sender["sender_id"], metric, levers)
            claims = [claim_of(row, lever, levers[lever][metric], sign[metric]) for row, lever in named]
            made = tuple(claim for claim in claims if claim is not None)
            own = [r for r in rows if r.get("sender_id") == sender["sender_id"] and r.get("metric") == metric]
            cases.append(
                Case(
                    metric,
                    known["top"],
                    known["top_gain"],
                    known["is_material"],
                    known["is_identifiable"],
                    named[0][1] if named else None,
                    levers[named[0][1]][metric] if named else 0.0,
                    made,
                    sum(not levers[claim.lever]["is_identifiable"] for claim in made),
                    sum(is_lever_like(row) for row in own) - len(named),
                )
            )
    return cases


def is_hit(named: str, top: str | None) -> bool:
    """Return whether a lever is the top one; of a time slot, any says enough."""
    return named == top or (top is not None and named.startswith("timing:") and top.startswith("timing:"))


def figures(cases: Sequence[Case], metric: str) -> dict[str, Share | float | int]:
    """Return the figures of one metric over all cases, by a name that says what they are."""
    mine = [case for case in cases if case.metric == metric]
    claimed = [case for case in mine if case.claims]
    first = [case.claims[0] for case in claimed]
    every = [claim for case in mine for claim in case.claims]
    known = [case for case in mine if case.is_material and case.is_identifiable]
    spoken = [case for case in known if case.named is not None]
    promised = [case for case in known if case.claims]
    blind = [case for case in mine if case.is_material and not case.is_identifiable]
    return {
        "senders": len(mine),
        "senders with a material lever": len(known),
        "precision@1, any row": Share(sum(is_hit(c.named or "", c.top) for c in spoken), len(spoken)),
        "precision@1, first claim": Share(sum(is_hit(c.claims[0].lever, c.top) for c in promised), len(promised)),
        "as good as the top, any row": Share(sum(c.named_gain >= AS_GOOD * c.top_gain for c in spoken), len(spoken)),
        "as good as the top, first claim": Share(
            sum(c.claims[0].true_gain >= AS_GOOD * c.top_gain for c in promised), len(promised)
        ),
        "true gain named / of the top": _ratio([c.named_gain for c in spoken], [c.top_gain for c in spoken]),
        "spoken to, any row": Share(len(spoken), len(known)),
        "spoken to, claim": Share(len(promised), len(known)),
        "senders with a claim": Share(len(claimed), len(mine)),
        "... of those without a material lever": Share(
            sum(not c.is_material for c in claimed), sum(not c.is_material for c in mine)
        ),
        "gain claimed / true, first claims": _ratio([c.gain for c in first], [c.true_gain for c in first]),
        "slope of true on claimed, first": _slope(first),
        "gain claimed / true, all claims": _ratio([c.gain for c in every], [c.true_gain for c in every]),
        "slope of true on claimed, all": _slope(every),
        "intervals (90 %) that cover, first": _covered(first),
        "intervals (90 %) that cover, all": _covered(every),
        "harmful first claims (true gain < 0)": Share(sum(c.true_gain < 0 for c in first), len(first)),
        "first claims under the threshold": Share(sum(c.true_gain < THRESHOLDS[metric] for c in first), len(first)),
        "senders whose top can't be told apart": len(blind),
        "... named without a claim": Share(
            sum(c.named == c.top and all(k.lever != c.top for k in c.claims) for c in blind), len(blind)
        ),
        "claims that can't be told apart": Share(sum(c.blind_claims for c in mine), len(every)),
        "rows of unknown levels": sum(c.lost for c in mine),
    }


def _ratio(claimed: list[float], true: list[float]) -> float:
    return sum(claimed) / sum(true) if sum(true) else math.nan


def _slope(claims: Sequence[Claim]) -> float:
    """Return the slope of least squares; 1 is right, less is overpromised at the top."""
    gain, true = (np.array([getattr(c, name) for c in claims]) for name in ("gain", "true_gain"))
    return float(np.cov(gain, true)[0, 1] / gain.var(ddof=1)) if len(claims) > 2 and gain.var() else math.nan


def _covered(claims: Sequence[Claim]) -> Share:
    return Share(sum(c.low <= c.true_gain <= c.high for c in claims), len(claims))
