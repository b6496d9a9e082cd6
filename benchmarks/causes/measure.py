"""How well recommendations name the true levers: cases of one sender and metric, and the figures over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.causes.intervals import Estimate, Share, estimate, ratio, share_of, slope
from benchmarks.causes.recipes import THRESHOLDS
from benchmarks.causes.rows import Claim, bounce_sign, claim_of, is_lever_like, ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.causes.rows import Row

AS_GOOD = 0.8
"""Of the biggest gain, from which another lever is as good an answer."""


@dataclass(frozen=True)
class Case:
    """One sender and one metric: the truth, and what the rows said."""

    team: int
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
    kin: frozenset[str]
    """The top and, of a batch or a source, the other batches and the source of the same list."""
    blind_claims: int
    """Of the claims, how many are on a lever that can't be told apart from the rep."""
    lost: int
    """Rows that speak of a factor but of no level that this sender uses."""


def cases_of(truth: dict[str, Any], rows: Sequence[Row], team: int = 0) -> list[Case]:
    """Return two cases a sender."""
    sign = {"bounce_rate": bounce_sign(rows), "reply_rate": 1.0}
    return [
        _case(team, sender, metric, rows, sign[metric]) for sender in truth["senders"] for metric in sender["metrics"]
    ]


def _case(team: int, sender: dict[str, Any], metric: str, rows: Sequence[Row], sign: float) -> Case:
    levers, known = sender["levers"], sender["metrics"][metric]
    own = [row for row in rows if row.get("sender_id") == sender["sender_id"] and row.get("metric") == metric]
    named = ranked(own, levers)
    claims = [claim_of(row, lever, levers[lever][metric], sign) for row, lever in named]
    made = tuple(claim for claim in claims if claim is not None)
    origin = levers[known["top"]].get("list") if known["top"] else None
    return Case(
        team=team,
        metric=metric,
        top=known["top"],
        top_gain=known["top_gain"],
        is_material=known["is_material"],
        is_identifiable=known["is_identifiable"],
        named=named[0][1] if named else None,
        named_gain=levers[named[0][1]][metric] if named else 0.0,
        claims=made,
        kin=frozenset(name for name, lever in levers.items() if origin and lever.get("list") == origin),
        blind_claims=sum(not levers[claim.lever]["is_identifiable"] for claim in made),
        lost=sum(is_lever_like(row) for row in own) - len(named),
    )


def is_hit(named: str | None, top: str | None) -> bool:
    """Return whether a lever is the top one; of a time slot, any says enough."""
    both = (named or "", top or "")
    return named is not None and (named == top or all(name.startswith("timing:") for name in both))


def figures(cases: Sequence[Case], metric: str) -> dict[str, Share | Estimate | int]:
    """Return the figures of one metric over all cases, by a name that says what they are."""
    mine = [case for case in cases if case.metric == metric]
    claimed = [case for case in mine if case.claims]
    known = [case for case in mine if case.is_material and case.is_identifiable]
    spoken = [case for case in known if case.named is not None]
    promised = [case for case in known if case.claims]
    blind = [case for case in mine if case.is_material and not case.is_identifiable]
    first = [(case.team, case.claims[0]) for case in claimed]
    every = [(case.team, claim) for case in mine for claim in case.claims]
    return {
        "senders": len(mine),
        "senders with a material lever": len(known),
        "precision@1, any row": _share(spoken, lambda c: is_hit(c.named, c.top)),
        "precision@1, first claim": _share(promised, lambda c: is_hit(c.claims[0].lever, c.top)),
        "... or its list (source and batches)": _share(
            promised, lambda c: is_hit(c.claims[0].lever, c.top) or c.claims[0].lever in c.kin
        ),
        "80 % of the top's gain, any row": _share(spoken, lambda c: c.named_gain >= AS_GOOD * c.top_gain),
        "80 % of the top's gain, first claim": _share(
            promised, lambda c: c.claims[0].true_gain >= AS_GOOD * c.top_gain
        ),
        "true gain of the named / of the top": _over(spoken, lambda c: (c.named_gain, c.top_gain)),
        "spoken to, any row": _share(known, lambda c: c.named is not None),
        "spoken to, claim": _share(known, lambda c: bool(c.claims)),
        "senders with a claim": _share(mine, lambda c: bool(c.claims)),
        "... of those without a material lever": _share(
            [c for c in mine if not c.is_material], lambda c: bool(c.claims)
        ),
        **_gains("first claims", first, metric),
        **_gains("all claims", every, metric),
        "senders whose top can't be told apart": len(blind),
        "... named without a claim": _share(
            blind, lambda c: c.named == c.top and all(claim.lever != c.top for claim in c.claims)
        ),
        "claims that can't be told apart": sum(c.blind_claims for c in mine),
        "rows of unknown levels": sum(c.lost for c in mine),
    }


def _gains(which: str, claims: Sequence[tuple[int, Claim]], metric: str) -> dict[str, Share | Estimate | int]:
    """Return how true some claims are."""
    teams, pairs = [team for team, _ in claims], [(claim.gain, claim.true_gain) for _, claim in claims]
    return {
        f"{which}: gain claimed / true": estimate(teams, pairs, ratio),
        f"{which}: slope of true on claimed": estimate(teams, pairs, slope),
        f"{which}: in their interval (90 %)": share_of([(t, c.low <= c.true_gain <= c.high) for t, c in claims]),
        f"{which}: harmful (true gain < 0)": share_of([(t, c.true_gain < 0) for t, c in claims]),
        f"{which}: under the threshold": share_of([(t, c.true_gain < THRESHOLDS[metric]) for t, c in claims]),
    }


def _share(cases: Sequence[Case], is_so: Callable[[Case], bool]) -> Share:
    return share_of([(case.team, bool(is_so(case))) for case in cases])


def _over(cases: Sequence[Case], pair: Callable[[Case], tuple[float, float]]) -> Estimate:
    return estimate([case.team for case in cases], [pair(case) for case in cases], ratio)
