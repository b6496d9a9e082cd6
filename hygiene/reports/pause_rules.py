"""The pause rules on a history, and on senders whose truth is known: two tables and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.document import Bullets, Note, Row, Table, TableColumn
from hygiene.values import Count, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.flags.pauses.types import PauseReplay, PauseRule, RuleReplay, Simulated
    from hygiene.reports.document import Block
    from hygiene.values import Value

OWNERS: Mapping[str, Message] = {
    "ours": Message("Ours"),
    "plain": Message("Ours, lists not weighed"),
    "thumb": Message("A rule of thumb"),
}
RULE = TableColumn(Message("Rule"))


def pause_rules_report(result: PauseReplay) -> Iterator[Block]:
    """Yield the blocks: each rule on this history with the meaning of the columns, then each rule where truth is known.

    Parameters
    ----------
    result
        As `hygiene.flags.pauses.replay.replay_pauses` returns it.
    """
    if result.senders:
        yield _history_table(result)
        yield Bullets(tuple(_meanings(result)))
    else:
        yield Note(
            Message("The source has no events, so no rule can be replayed: when was what sent, and when did it bounce?")
        )
    yield _truth_table(result)


# --- on this history --------------------------------------------------------------------------------------------------
def _history_table(result: PauseReplay) -> Table:
    return Table(
        caption=Message("Pause rules, replayed on this history"),
        columns=(
            RULE,
            TableColumn(Message("Senders stopped"), "number"),
            TableColumn(Message("Rightly"), "number"),
            TableColumn(Message("False pauses"), "number"),
            TableColumn(Message("Not judged"), "number"),
            TableColumn(Message("Emails lost"), "number"),
            TableColumn(Message("Missed"), "number"),
            TableColumn(Message("Days late (median)"), "number"),
            TableColumn(Message("Days late (most)"), "number"),
        ),
        rows=tuple(_history_row(replayed) for replayed in result.rules),
        note=Message(
            "%(senders)s senders, %(sends)s emails, %(bounces)s bounces, %(address)s of them through the address or for"
            " an unknown reason; senders whose rate rose above %(limit)s for sure: %(crossed)s.",
            {
                "senders": Count(result.senders),
                "sends": Count(result.sends),
                "bounces": Count(result.bounces),
                "address": Count(result.address_bounces),
                "limit": Percent(result.limit, 0),
                "crossed": Count(result.crossed),
            },
        ),
    )


def _history_row(replayed: RuleReplay) -> Row:
    counts = (
        *(replayed.stopped, replayed.right, replayed.false, replayed.not_judged),
        *(replayed.sends_lost, replayed.missed),
    )
    late = (replayed.median_days_late, replayed.most_days_late)
    return Row(
        (
            rule_words(replayed.rule),
            *(Count(count) for count in counts),
            *(None if days is None else Points(days, 0 if float(days).is_integer() else 1) for days in late),
        ),
        (replayed.rule.name, *counts, *late),
    )


def _meanings(result: PauseReplay) -> Iterator[Message]:
    limit, certainty = Percent(result.limit, 0), Percent(result.certainty, 0)
    yield Message(
        "A pause is false where the emails of the %(days)s days after it bounced at less than %(limit)s, and right"
        " where at more, each with a probability of %(certainty)s or more. It is not judged where both are possible or"
        " fewer than %(least)s emails followed.",
        {
            "days": Count(result.judged_days),
            "limit": limit,
            "certainty": certainty,
            "least": Count(result.judged_sends),
        },
    )
    yield Message(
        "Emails lost: what was sent while the pause would have lasted, as published; where somebody has to end it,"
        " seven days. Only the first pause of a sender counts."
    )
    yield Message(
        "Days late: from the day on which a sender's bounces began to run above %(limit)s to the day on which the rule"
        " stops; missed: it never does. Our rule misses none by construction, for it says who rose above the limit; how"
        " it does where the truth is known is in the next table.",
        {"limit": limit},
    )
    yield Message(
        "The truth counts bounces through the address or for an unknown reason only. Other rules count all; a pause for"
        " refusals that IT has to mend is false here."
    )
    yield Message(
        "Nobody knows what would have happened after a pause: the tool in use may have paused the sender, and people"
        " clean a list that bounces."
    )
    yield Message(
        "Two emails of one list bounce together with a correlation of %(correlation)s here; our rule weighs a list"
        " accordingly.",
        {"correlation": Points(result.overdispersion, 3)},
    )
    yield Message(
        "Reply.io, Woodpecker and WarmySender watch a sequence, Sequenzy an account; here each sender's emails stand"
        " for it."
    )


# --- where the truth is known -----------------------------------------------------------------------------------------
def _truth_table(result: PauseReplay) -> Table:
    simulated = result.simulated
    healthy, bad = 0, len(simulated.rates) - 1
    places = [(at, rho) for at in (healthy, bad) for rho in simulated.overdispersions]
    return Table(
        caption=Message(
            "Share of senders stopped within %(sends)s emails, where their true bounce rate is known",
            {"sends": Count(simulated.sends)},
        ),
        columns=(RULE, *(TableColumn(_truth_title(simulated, at, rho), "number") for at, rho in places)),
        rows=tuple(
            Row((rule_words(replayed.rule), *(Percent(share) for share in shares)), (replayed.rule.name, *shares))
            for replayed in result.rules
            for shares in [[simulated.shares[replayed.rule.name][rho][at] for at, rho in places]]
        ),
        note=Message(
            "%(runs)s simulated senders a figure, %(day)s emails a day, lists of %(size)s one after another. A healthy"
            " sender should not be stopped, a bad one always. The correlation says how much a list is good or bad as a"
            " whole; our rule is told it.",
            {
                "runs": Count(simulated.runs),
                "day": Count(simulated.sends_a_day),
                "size": Count(simulated.list_size),
            },
        ),
    )


def _truth_title(simulated: Simulated, at: int, overdispersion: float) -> Message:
    rate = Percent(simulated.rates[at], 0)
    if not overdispersion:
        return Message("%(rate)s bounces, each for itself", {"rate": rate})
    return Message(
        "%(rate)s, by list (correlation %(correlation)s)", {"rate": rate, "correlation": Points(overdispersion, 2)}
    )


# --- a rule in words --------------------------------------------------------------------------------------------------
def rule_words(rule: PauseRule) -> Message:
    """Return a rule as one short line: whose it is, and when it stops."""
    owner: Value = OWNERS.get(rule.owner) or Text(rule.owner)
    if rule.warns_only:
        owner = Message("%(owner)s, a warning only", {"owner": owner})
    return Message("%(owner)s: %(when)s", {"owner": owner, "when": _when(rule)})


def _when(rule: PauseRule) -> Message:
    rate = Percent(rule.rate, _digits(rule.rate))
    match rule.kind:
        case "count":
            return Message(
                "%(bounces)s bounces within %(window)s emails",
                {"bounces": Count(rule.bounces or 0), "window": Count(rule.window_sends or 0)},
            )
        case "daily":
            return Message("%(rate)s or more within a day", {"rate": rate})
        case "tiers":
            return _when_by_tier(rule)
        case "posterior":
            return _when_surely(rule, rate)
        case "share":
            return _when_by_share(rule, rate)


def _when_surely(rule: PauseRule, rate: Percent) -> Message:
    args: dict[str, Value] = {
        "rate": rate,
        "days": Count(rule.window_days or 0),
        "certainty": Percent(rule.certainty, 0),
    }
    if rule.short_days:
        return Message(
            "more than %(rate)s in %(short)s or %(days)s days, with a probability of %(certainty)s",
            {**args, "short": Count(rule.short_days)},
        )
    return Message("more than %(rate)s in %(days)s days, with a probability of %(certainty)s", args)


def _when_by_share(rule: PauseRule, rate: Percent) -> Message:
    least = Count(rule.min_sends)
    if rule.window_days:
        days = Count(rule.window_days)
        return Message(
            "%(rate)s or more in %(days)s days, from %(least)s emails on", {"rate": rate, "days": days, "least": least}
        )
    if rule.window_sends:
        window = Count(rule.window_sends)
        return Message(
            "more than %(rate)s of the last %(window)s emails, from %(least)s on",
            {"rate": rate, "window": window, "least": least},
        )
    return Message("more than %(rate)s of all emails, from %(least)s on", {"rate": rate, "least": least})


def _when_by_tier(rule: PauseRule) -> Message:
    words = [
        Message("%(bounces)s bounces", {"bounces": Count(tier.bounces)})
        if tier.bounces is not None
        else Message(
            "from %(sends)s emails on more than %(rate)s", {"sends": Count(tier.sends), "rate": Percent(tier.rate, 0)}
        )
        for tier in rule.tiers
    ]
    listed = words[0]
    for word in words[1:]:
        listed = Message("%(before)s, %(mark)s", {"before": listed, "mark": word})
    return listed


def _digits(rate: float | None) -> int:
    """Return the decimals that a limit needs: 1.8 %, but 2 %."""
    return 0 if rate is None or abs(rate * 100 - round(rate * 100)) < 1e-9 else 1
