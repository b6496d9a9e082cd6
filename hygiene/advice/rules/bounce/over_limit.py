"""BNC-01: a sender's address bounces are probably over three percent.

What it checks
    The probability that more than 3 % of a sender's addresses do not exist (bounces for the address's fault or for none
    that is known, of 100 ended enrollments or more), under what the team's senders usually have. From 95 % on it asks
    to hold the sends, from 80 % on to look at the lists first; a sender whose own rate is not above 3 % hears nothing.
    Bounces come in clumps, so they count for as many as they are worth (the dispersion between weeks). Where the last
    three months say the opposite, it is silent.

Why it matters
    Mailbox providers and sequencers act on bounces of a whole domain. Rules of thumb such as "5 of the last 100" stop
    one healthy sender in ten; a posterior stops next to none of them and still finds nearly all of those at 5 %.

What to do
    Hold further enrollments from the lists named, have them verified, and go on with the others.

Limits
    The line is for a rate, so a sender at exactly 3 % hears of it now and then. Bounces for the sender's own fault
    (authentication, reputation) are not counted; BNC-04 looks at those.

Source
    HubSpot, "Understand your sequences sender score" (read 2026-11): bounces under 3 % are good. Prior Beta(1, 49)
    where fewer than three senders are known, and P over 95 %: own simulation of 20,000 runs of independent bounces;
    within 1,000 sends it stops 0.0 % of the senders at 1 %, 13.7 % at 3 %, 96.3 % at 5 %, where "5 of the last 100"
    stops 10.4 % at 1 %.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hygiene.advice.types import Clear, Fired, NotEnough, Rule, Suggestion
from hygiene.scores.rates import BetaPrior, fit_beta_prior
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygiene.advice.case import Case
    from hygiene.advice.types import Number, Outcome
    from hygiene.facts.types import BounceCause, Cell
    from hygiene.scores.types import Score
    from hygiene.values import Value

Row = TypeVar("Row", "Cell", "BounceCause")
RULE = Rule(
    id="BNC-01",
    family="bounce",
    scope="sender",
    severity="high",
    title=Message("Nobody's addresses bounce at more than three percent"),
    basis="association",
    effort_minutes=30,
    needs=("enrollments|events|totals",),
)
LIMIT = 0.03
HOLD, WARN = 0.95, 0.80
LEAST_ENDED = 100
LONE_PRIOR = BetaPrior(1.0, 49.0)
LEAST_SENDERS = 3
"""Below so many the team's prior says little."""
LATELY_MONTHS = 3
LISTS_NAMED = 3
ADDRESS = ("address", "unknown")
"""Faults that count: where the export gives no text, a bounce is taken for the address's."""


class Bounced(NamedTuple):
    """Address bounces of a sender, for as many as they are worth."""

    bounced: float
    ended: float

    def shapes(self, prior: BetaPrior) -> tuple[float, float]:
        """Return the shapes of the rate's posterior."""
        return prior.a + self.bounced, prior.b + max(self.ended - self.bounced, 0.0)

    def p_above(self, prior: BetaPrior) -> float:
        """Return the probability that the rate is above the limit."""
        from scipy.special import betainc

        return 1 - float(betainc(*self.shapes(prior), LIMIT))

    def interval(self, prior: BetaPrior) -> tuple[float, float]:
        """Return the 5 % and the 95 % quantile of the rate."""
        from scipy.special import betaincinv

        low, high = (float(betaincinv(*self.shapes(prior), level)) for level in (0.05, 0.95))
        return low, high


def check(case: Case) -> Outcome:
    """Look for senders whose address bounces are over the limit."""
    senders = [score for score in case.scores.senders if score.counts.ended >= LEAST_ENDED]
    if not senders:
        most = max((score.counts.ended for score in case.scores.senders), default=0)
        return NotEnough(most, LEAST_ENDED, Message("ended enrollments of one sender"))
    prior, clumping = _prior(case), _clumping(case)
    suspects = {}
    for score in senders:
        counted = Bounced(_of_address(score) / clumping, score.counts.ended / clumping)
        is_high = _of_address(score) > LIMIT * score.counts.ended  # the team's prior alone accuses nobody
        if is_high and counted.p_above(prior) >= WARN:
            suspects[score.sender_key] = (score, counted)
    cells, causes = _by_sender(case.facts.cells), _by_sender(case.facts.bounce_causes)
    found = tuple(
        _suggestion(score, counted, prior, causes[key])
        for key, (score, counted) in suspects.items()
        if not _is_over(score, cells[key], causes[key], prior, clumping)
    )
    return Fired(found) if found else Clear(len(senders))


def _by_sender(rows: Iterable[Row]) -> Mapping[int | None, list[Row]]:
    grouped: defaultdict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.sender_key].append(row)
    return grouped


def _prior(case: Case) -> BetaPrior:
    known = [score for score in case.scores.senders if score.counts.ended]
    if len(known) < LEAST_SENDERS:
        return LONE_PRIOR
    return fit_beta_prior([_of_address(score) for score in known], [score.counts.ended for score in known])


def _of_address(score: Score) -> int:
    return score.faults.address + score.faults.unknown


def _clumping(case: Case) -> float:
    return case.attribution.models.fits["bounce_rate"].dispersion if case.attribution else 1.0


def _is_over(score: Score, cells: list[Cell], causes: list[BounceCause], prior: BetaPrior, clumping: float) -> bool:
    """Tell whether the last months say that the trouble is over."""
    months = sorted({cell.month for cell in cells if cell.month is not None and cell.counts.ended})[-LATELY_MONTHS:]
    lately = [cell.counts for cell in cells if cell.month in months]
    ended = sum(counts.ended for counts in lately)
    if ended < LEAST_ENDED or ended == score.counts.ended:
        return False
    others = sum(cause.bounced for cause in causes if cause.month in months and cause.fault not in ADDRESS)
    bounced = sum(counts.bounced for counts in lately) - others
    return Bounced(bounced / clumping, ended / clumping).p_above(prior) < 1 - WARN


def _suggestion(score: Score, counted: Bounced, prior: BetaPrior, causes: list[BounceCause]) -> Suggestion:
    bounced, ended = _of_address(score), score.counts.ended
    lists, p_above = _lists(causes), counted.p_above(prior)
    values: dict[str, Value] = {
        "rate": Percent(bounced / ended),
        "interval": Interval(*counted.interval(prior)),
        "bounced": Count(bounced),
        "ended": Count(ended),
        "certainty": Percent(p_above, 0),
        "lists": Text(", ".join(f"{name} ({number})" for name, number in lists)),
    }
    evidence: dict[str, Number] = {"address_bounced": bounced, "ended": ended, "p_above": p_above, "limit": LIMIT}
    evidence |= {f"bounced_from_{name}": number for name, number in lists}
    if p_above >= HOLD:
        advice = Message(
            "Hold further enrollments until your lists are verified: %(bounced)s of %(ended)s addresses bounced"
            " (%(rate)s). Seen with the team's other senders your true rate probably lies within %(interval)s; that it"
            " is over three percent has a probability of %(certainty)s.",
            values,
        )
    else:
        advice = Message(
            "Check your lists before you enroll more: %(bounced)s of %(ended)s addresses bounced (%(rate)s). Seen with"
            " the team's other senders your true rate probably lies within %(interval)s; that it is over three percent"
            " has a probability of %(certainty)s.",
            values,
        )
    start = Message("Begin with the lists that most of them come from: %(lists)s.", values)
    return Suggestion(
        rule=RULE,
        subject="bounces:address",
        sender_key=score.sender_key,
        evidence=evidence,
        advice=advice,
        steps=(start, _GO_ON) if lists else (_GO_ON,),
    )


_GO_ON = Message("Put the bounced ones on the suppression list, and go on with lists that hold.")


def _lists(causes: list[BounceCause]) -> list[tuple[str, int]]:
    """Return the list sources with the most address bounces."""
    counts: Counter[str] = Counter()
    for cause in causes:
        if cause.source and cause.fault in ADDRESS:
            counts[cause.source] += cause.bounced
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LISTS_NAMED]
