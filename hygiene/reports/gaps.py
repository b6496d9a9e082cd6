"""What explains a gap, as blocks: a sender against the peers, and the last weeks against those before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.attribution.attribution import CHANGE_WEEKS
from hygiene.reports.document import GapChart, GapPart, Note
from hygiene.reports.words import filled
from hygiene.values import Change, Count, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.advice.attribution.attribution import Attribution
    from hygiene.advice.attribution.types import Cause, Gap, Metric, Part
    from hygiene.reports.document import Block
    from hygiene.values import Value

CAUSE_WORDS: Mapping[Cause, Message] = {
    "segment": Message("industries and countries"),
    "source": Message("where the contacts came from"),
    "sequence": Message("sequences"),
    "timing": Message("time of the week"),
    "period": Message("time of the year"),
    "sender": Message("you yourself"),
    "sending": Message("bounces from how we send"),
    "noise": Message("chance, and what no column shows"),
}
CHANGE_WORDS: Mapping[Cause, Message] = {**CAUSE_WORDS, "sender": Message("who wrote")}
"""Between two times of one team the person is no longer the reader."""
LABELS: Mapping[Metric, Message] = {
    "reply_rate": Message("Reply rate: you %(own)s, your peers %(peers)s"),
    "bounce_rate": Message("Bounce rate: you %(own)s, your peers %(peers)s"),
}
LATER_LABELS: Mapping[Metric, Message] = {
    "reply_rate": Message("Reply rate: %(own)s in the last %(weeks)s weeks, %(peers)s in those before"),
    "bounce_rate": Message("Bounce rate: %(own)s in the last %(weeks)s weeks, %(peers)s in those before"),
}
BOTH_CHANCE = Message(
    "What is left to you yourself (replies %(reply_rate)s, bounces %(bounce_rate)s) may be chance: nothing here is"
    " about how you work."
)
WITHIN_CHANCE: Mapping[Metric, Message] = {
    "reply_rate": Message(
        "Of the replies %(part)s (%(low)s to %(high)s) is left to you yourself, and may be chance: nothing here is"
        " about how you work."
    ),
    "bounce_rate": Message(
        "Of the bounces %(part)s (%(low)s to %(high)s) is left to you yourself, and may be chance: nothing here is"
        " about how you work."
    ),
}
BEYOND_CHANCE: Mapping[Metric, Message] = {
    "reply_rate": Message(
        "With the same contacts, lists and sequences as your peers, %(part)s of the reply rate would remain (%(low)s to"
        " %(high)s)."
    ),
    "bounce_rate": Message(
        "With the same contacts, lists and sequences as your peers, %(part)s of the bounce rate would remain (%(low)s"
        " to %(high)s)."
    ),
}
LEAST_PART = 0.0015
"""Smaller parts are not drawn, but counted with the last one: nobody can act on a tenth of a point."""


def gap_blocks(attribution: Attribution | None, sender_key: int) -> Iterator[Block]:
    """Yield a sender's gaps to the peers, a rate each."""
    found = [attribution.gaps.get((sender_key, metric)) if attribution else None for metric in LABELS]
    gaps = [gap for gap in found if gap is not None]
    drawn = []
    for gap in gaps:
        block = _block(gap, filled(LABELS[gap.metric], _rates(gap)), CAUSE_WORDS)
        yield block
        drawn += [gap] if isinstance(block, GapChart) else []
    yield from _persons(drawn)


def change_blocks(changes: Mapping[Metric, Gap]) -> Iterator[Block]:
    """Yield what a change since the weeks before is made of, a rate each."""
    for metric, label in LATER_LABELS.items():
        gap = changes.get(metric)
        if gap is not None:
            yield _block(gap, filled(label, {**_rates(gap), "weeks": Count(CHANGE_WEEKS)}), CHANGE_WORDS)


def _rates(gap: Gap) -> dict[str, Value]:
    return {"own": Percent(gap.own), "peers": Percent(gap.peers)}


def _block(gap: Gap, label: Message, words: Mapping[Cause, Message]) -> GapChart | Note:
    """Return the gap as a chart, or a sentence where each of its parts would read ±0.0."""
    chart = _chart(gap, label, words)
    if any(round(part.value, 3) for part in chart.parts):
        return chart
    return Note(Message("%(gap)s. No cause makes a difference that could be seen.", {"gap": label}))


def _chart(gap: Gap, label: Message, words: Mapping[Cause, Message]) -> GapChart:
    """Return the gap as a chart; what is too small to see goes into the last part, so that the sum stays exact."""
    total = round(round(gap.own, 3) - round(gap.peers, 3), 3)  # as the two rates are shown, so that a reader can add up
    shown = [part for part in gap.parts[:-1] if abs(part.value) >= LEAST_PART]
    rest = gap.parts[-1]
    last = total - sum(round(part.value, 3) for part in shown)
    moved = last - rest.value
    parts = [GapPart(words[part.cause], round(part.value, 3), part.low, part.high) for part in shown]
    noise = GapPart(words["noise"], last, rest.low + moved, rest.high + moved)
    return GapChart(label, total, (*parts, noise))


def _persons(gaps: list[Gap]) -> Iterator[Note]:
    """Yield what of the gaps is the person's own, in words that blame nobody inside the noise."""
    within = [gap for gap in gaps if _own(gap).low <= 0 <= _own(gap).high]
    if len(gaps) > 1 and len(within) == len(gaps):
        shares: dict[str, Value] = {gap.metric: Change(_own(gap).value) for gap in gaps}
        yield Note(filled(BOTH_CHANCE, shares))
        return
    for gap in gaps:
        part = _own(gap)
        sentence = WITHIN_CHANCE[gap.metric] if gap in within else BEYOND_CHANCE[gap.metric]
        yield Note(filled(sentence, {"part": Change(part.value), "low": Change(part.low), "high": Change(part.high)}))


def _own(gap: Gap) -> Part:
    return next(part for part in gap.parts if part.cause == "sender")
