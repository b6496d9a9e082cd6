"""SEG-04: a sender's contacts, not the writing, explain most of a lower reply rate.

What it checks
    Whether a sender's reply rate lies at least half a point under that of the others, by more than chance explains, and
    whether the industries and countries of the sender's contacts explain at least half of that, surely in this
    direction.

Why it matters
    Published reply rates differ three- to fourfold between industries. Whoever has the hard ones looks weak in any
    ranking, and coaching on writing would miss the reason.

What to do
    Compare the sender with what their contacts let expect, and share the hard segments out more evenly.

Limits
    An association: what no column shows, such as how often an account was written to before, may lie behind a segment.
    A hard segment may be worth its price in larger deals.

Source
    The export itself: the gap in parts that sum to it (docs/advice.md). That industries differ: deathtocoldemails.com
    2026 (third-party, grade C), 8.5 % replies in recruiting, 1.9 % in financial technology.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.pull import TOO_FEW
from hygiene.advice.types import Clear, Fired, NotEnough, Rule, Suggestion
from hygiene.values import Message, Percent

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Gap, Part
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="SEG-04",
    family="segment",
    scope="sender",
    severity="info",
    title=Message("Nobody falls behind because of their segments"),
    basis="association",
    effort_minutes=60,
    owner="manager",
    needs=("contacts.industry|contacts.country",),
)
LEAST_GAP = 0.005
LEAST_SHARE = 0.5


def check(case: Case) -> Outcome:
    """Look for senders whose segments explain why they get fewer replies than the others."""
    if case.attribution is None:
        return NotEnough(sum(score.counts.ended for score in case.scores.senders), 200, TOO_FEW)
    gaps = {key: gap for (key, metric), gap in case.attribution.gaps.items() if metric == "reply_rate"}
    found = []
    for key, gap in gaps.items():
        parts = {part.cause: part for part in gap.parts}
        if _is_explained(gap, parts["segment"], parts["noise"]):
            found.append(_suggestion(key, gap, parts["segment"]))
    return Fired(tuple(found)) if found else Clear(len(gaps))


def _is_explained(gap: Gap, segment: Part, noise: Part) -> bool:
    behind = gap.peers - gap.own
    chance = (noise.high - noise.low) / 2
    return behind >= LEAST_GAP and behind > chance and segment.high < 0 and -segment.value >= LEAST_SHARE * behind


def _suggestion(key: int, gap: Gap, segment: Part) -> Suggestion:
    behind = gap.peers - gap.own
    share = min(-segment.value / behind, 1.0)
    values: dict[str, Value] = {
        "own": Percent(gap.own),
        "peers": Percent(gap.peers),
        "share": Percent(share, 0),
        "fair": Percent(gap.peers + segment.value),
    }
    return Suggestion(
        rule=RULE,
        subject="gap:segment",
        sender_key=key,
        evidence={
            "own_rate": gap.own,
            "peers_rate": gap.peers,
            "gap": -behind,
            "segment_part": segment.value,
            "segment_low": segment.low,
            "segment_high": segment.high,
            "share_of_gap": share,
        },
        advice=Message(
            "Judge your reply rate by your contacts: it is not your writing. The others get %(peers)s replies and you"
            " %(own)s, and the industries and countries that you write to explain %(share)s of that. With contacts like"
            " yours the others would probably get about %(fair)s.",
            values,
        ),
        steps=(Message("Ask your manager to share the hard segments out more evenly, or to compare within them."),),
    )
