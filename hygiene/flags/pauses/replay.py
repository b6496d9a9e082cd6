"""Every rule on one history: whom it would have stopped, whether rightly, what that costs, and how late it comes.

What is counted, sender by sender, each rule by itself:

- *stopped*: the rule fires at some time. Only its first stop counts: what a sender would have sent after a resume, no
  history tells.
- *false* or *right*: the bounce rate of the sends **after** the stop, the evidence that led to it left out, surely lies
  below or above the limit (3 %). Those of the next 28 days, or as many more as it takes to be 50. Surely: with the
  certainty of our rule, under its prior, each list weighed as in `clumps`. Else *not judged*: too few sends came
  after, or they leave both open.
- *sends lost*: what the history sent while the pause as published would have lasted (`pause_days`; with a resume by
  hand, seven days, assumed). Days are counted whole, so a pause of 24 hours takes up to half a day too much.
- *crossed*: within some 28 days, our posterior is sure that the rate is above the limit. The crossing is dated back to
  where those days begin to run above it: the last lowest point of Σ (bounces − limit · sends), the start of Page's
  CUSUM (Biometrika 41 (1954) 100).
- *days late*: from that day to the first day from then on at which the rule fires; *missed*: it never does.

Only bounces of the address's or of unknown fault count for the truth. A rule that counts all may stop a sender for
refusals that are IT's to mend; that stop is false here, though to wait for IT may be wise.

What cannot be known: what would have happened. The tool in use may have paused the sender itself; people clean a list
when it bounces, and then the sends after a stop look better than what was stopped. Crossings are dated by the same
bounces that the rules saw, and with our own posterior: so our rule misses none, by construction. That it does not
stop the healthy and does stop the bad is shown where the truth is known, in `simulate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.pauses import read_sender_days
from hygiene.flags.pauses.clumps import effective, estimate_overdispersion
from hygiene.flags.pauses.rules import fires, first_stops, our_rule, p_above, pause_rules, window_start
from hygiene.flags.pauses.simulate import simulated
from hygiene.flags.pauses.stream import as_stream
from hygiene.flags.pauses.types import PauseReplay, RuleReplay, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.flags.pauses.types import PauseRule, Stream
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

JUDGED_DAYS = 28
"""Days after a stop from whose sends it is judged: as many as Woodpecker's and our window hold."""
JUDGED_SENDS = 50
"""Sends after a stop below which it is not judged (assumed): without a bounce, as many as make 95 % sure of < 3 %."""


def replay_pauses(engine: Engine, report: ImportReport, settings: Settings) -> PauseReplay:
    """Replay every rule on a source.

    Parameters
    ----------
    engine
        With the tables `hygiene.facts.pauses.PAUSE_TABLES` attached.
    report, settings
        Give the moment after which nothing is known.

    Returns
    -------
    PauseReplay
        With `senders` 0 where the source has no events: then nothing can be replayed.
    """
    return replay(as_stream(read_sender_days(engine, report, settings)), pause_rules())


def replay(stream: Stream, rules: Sequence[PauseRule], overdispersion: float | None = None) -> PauseReplay:
    """Replay rules on a stream.

    Parameters
    ----------
    stream
        The senders' mails.
    rules
        Which.
    overdispersion
        ρ of `clumps`; None: estimated on the whole stream. That is hindsight, but of one number for all senders.
    """
    rho = estimate_overdispersion(stream) if overdispersion is None else overdispersion
    ours = our_rule()
    crossings = find_crossings(stream, ours, rho)
    return PauseReplay(
        rules=tuple(_replay_rule(rule, stream, ours, rho, crossings) for rule in rules),
        senders=stream.senders,
        sends=int(stream.sends.sum()),
        bounces=int(stream.bounces.sum()),
        address_bounces=int(stream.address_bounces.sum()),
        crossed=int((crossings >= 0).sum()),
        limit=ours.rate or 0.0,
        certainty=ours.certainty or 0.0,
        judged_days=JUDGED_DAYS,
        judged_sends=JUDGED_SENDS,
        overdispersion=rho,
        simulated=simulated(),
    )


def find_crossings(stream: Stream, ours: PauseRule, overdispersion: float) -> Ints:
    """Return for each sender the element from which its rate ran above the limit, or −1."""
    sure = first_stops(fires(ours, stream, overdispersion), stream)
    if not sure.size:
        return sure
    begin = window_start(ours, stream)
    excess = running(stream.address_bounces) - (ours.rate or 0.0) * stream.total_sends
    crossings = np.full_like(sure, -1)
    for sender in np.flatnonzero(sure >= 0):
        first, last = int(begin[sure[sender]]), int(sure[sender])
        # Of equally low points the last: what lies between them ran at the limit, not above it.
        crossings[sender] = last - int(np.argmin(excess[first : last + 1][::-1]))
    return crossings


def _replay_rule(
    rule: PauseRule, stream: Stream, ours: PauseRule, overdispersion: float, crossings: Ints
) -> RuleReplay:
    fired = fires(rule, stream, overdispersion)
    stops = first_stops(fired, stream)
    right, false = judge(stream, stops, ours, overdispersion)
    crossed = np.flatnonzero(crossings >= 0)
    since = first_stops(fired, stream, np.where(crossings >= 0, crossings, stream.first[:-1]))[crossed]
    late = (stream.day[since] - stream.day[crossings[crossed]])[since >= 0]
    stopped = int((stops >= 0).sum())
    return RuleReplay(
        rule=rule,
        stopped=stopped,
        right=int(right.sum()),
        false=int(false.sum()),
        not_judged=stopped - int(right.sum()) - int(false.sum()),
        sends_lost=int(sends_lost(rule, stream, stops).sum()),
        crossed_in_time=int(late.size),
        missed=int(crossed.size - late.size),
        median_days_late=float(np.median(late)) if late.size else None,
        most_days_late=int(late.max()) if late.size else None,
    )


def sends_lost(rule: PauseRule, stream: Stream, stops: Ints) -> Ints:
    """Return for each stop the sends of the history that fall into its pause; 0 where there was none."""
    stopped = stops >= 0
    end = _end_of_days(stream, stops, rule.pause_days)
    return np.where(stopped, stream.total_sends[end] - stream.total_sends[stops + 1], 0)


def _end_of_days(stream: Stream, stops: Ints, days: int) -> Ints:
    """Return for each sender the first element later than so many days after its stop's day, at most its end."""
    if not stops.size:
        return stops
    day = stream.day - stream.day.min()
    span = int(day.max()) + days + 2
    key = stream.sender * span + day
    return np.asarray(np.searchsorted(key, key[np.maximum(stops, 0)] + days, side="right"))


def judge(stream: Stream, stops: Ints, ours: PauseRule, overdispersion: float) -> tuple[Bools, Bools]:
    """Tell for each sender whether its stop was right, and whether it was false; where neither, it is not judged.

    Parameters
    ----------
    stream
        The senders' mails.
    stops
        For each sender the element after which it was stopped, or −1.
    ours
        Its limit, prior and certainty judge.
    overdispersion
        ρ of `clumps`.
    """
    begin, ends = stops + 1, stream.first[1:]
    enough = np.searchsorted(stream.total_sends, stream.total_sends[begin] + JUDGED_SENDS)
    end = np.minimum(np.maximum(_end_of_days(stream, stops, JUDGED_DAYS), enough), ends)
    judged = (stops >= 0) & (stream.total_sends[end] - stream.total_sends[begin] >= JUDGED_SENDS)
    element = np.arange(stream.sender.size)
    inside = (judged[stream.sender]) & (element >= begin[stream.sender]) & (element < end[stream.sender])
    sends, bounces = _worth(stream, np.flatnonzero(inside), overdispersion)
    above = p_above(ours, bounces, sends)
    certainty = ours.certainty or 0.0
    return judged & (above >= certainty), judged & (1 - above >= certainty)


def _worth(stream: Stream, elements: Ints, overdispersion: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each sender what the sends and address bounces among the elements are worth."""
    clump, sender = stream.clump[elements], stream.sender[elements]
    distinct, first, place = np.unique(clump, return_index=True, return_inverse=True)
    n, k = (
        np.bincount(place, weights=x[elements], minlength=distinct.size) for x in (stream.sends, stream.address_bounces)
    )
    sends, bounces = (
        np.asarray(np.bincount(sender[first], weights=x, minlength=stream.senders), dtype=np.float64)
        for x in effective(n, k, overdispersion)
    )
    return sends, bounces
