"""How the engagement model and the rules would have done on this history, and the card of a trained model."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import fmean
from typing import TYPE_CHECKING

from hygiene.reports.blocks import both
from hygiene.reports.document import Bullets, Document, Note, Row, Section, Table, TableColumn
from hygiene.reports.engagement import calibration_chart
from hygiene.reports.pause_rules import pause_rules_report
from hygiene.reports.words import filled
from hygiene.values import Count, Message, Moment, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygiene.flags.engagement.backtest import Backtest, Origin, RuleResult
    from hygiene.flags.engagement.model import EngagementModel
    from hygiene.flags.pauses.types import PauseReplay
    from hygiene.reports.document import Block
    from hygiene.sources.tables import ImportReport
    from hygiene.values import Value

SECONDS_A_DAY = 86_400
SCORES: Mapping[str, Message] = {
    "model": Message("Engagement model"),
    "bgbb": Message("BG/BB alone"),
    "silence": Message("Emails since the last reply"),
    "base_rate": Message("The same rate for all"),
}
RULES: Mapping[str, Message] = {
    "everything": Message("Write to everybody"),
    "hubspot_11_16": Message("HubSpot's 11/16 rule"),
    "ninety_days": Message("90 days without a sign of life"),
    "ours": Message("Ours, by costs"),
    "ours_budget": Message("Ours, losing at most %(share)s of the replies"),
}


def backtest_document(result: Backtest, pauses: PauseReplay, imported: ImportReport) -> Document:
    """Return the page of `hygiene backtest`."""
    return Document(
        kind="team",
        title=Message("Back-test"),
        context=_context(imported),
        blocks=(
            Section("contacts", Message("Whom to pause: the model against the rules"), tuple(contact_blocks(result))),
            Section(
                "senders",
                Message("When to stop a sender: the pause rules of the trade"),
                tuple(pause_rules_report(pauses)),
            ),
        ),
    )


def _context(imported: ImportReport) -> tuple[tuple[Message, Value], ...]:
    return (
        (Message("Data up to"), Moment(imported.data_until, "minute")),
        (Message("Contacts"), Count(imported.tables.get("contacts", 0))),
        (Message("Events"), Count(imported.tables.get("events", 0))),
    )


def contact_blocks(result: Backtest) -> Iterator[Block]:
    """Yield what the model and the rules on contacts would have done."""
    if not result.origins:
        yield Note(
            Message(
                "The history is too short to look back: at three moments in it, contacts that had had an email and got"
                " another are needed, with some replies among them."
            )
        )
        return
    yield _rules_table(result)
    yield _ranking_table(result)
    yield calibration_chart([(c.predicted, c.observed, c.low, c.high, c.mails) for c in result.calibration])
    yield Bullets(
        (
            Message(
                "At each moment everything was learned from what was known then. Only contacts that got a later email"
                " can be judged: what the others would have done nobody knows."
            ),
            Message(
                "A reply lost is a contact that the rule pauses and that did reply to one of its next three emails: a"
                " false pause."
            ),
            Message(
                "AUC is the chance that a contact that replied was ranked above one that did not: 0.5 is a coin. Brier"
                " is the mean squared distance between the probability and what happened: less is better."
            ),
        )
    )


def _rules_table(result: Backtest) -> Table:
    return Table(
        caption=Message("Whom each rule would have paused"),
        columns=(
            TableColumn(Message("Rule")),
            TableColumn(Message("Contacts judged"), "number"),
            TableColumn(Message("Paused"), "number"),
            TableColumn(Message("Replies lost"), "number"),
            TableColumn(Message("Share of the replies"), "number"),
            TableColumn(Message("Emails saved"), "number"),
            TableColumn(Message("Share of the emails"), "number"),
        ),
        rows=tuple(_rule_row(rule, result.budget) for rule in result.rules),
        note=Message(
            "All %(n)s moments together; a contact counts at each at which it can be judged.",
            {"n": Count(len(result.origins))},
        ),
    )


def _rule_row(rule: RuleResult, budget: float) -> Row:
    name = RULES[rule.rule]
    if rule.rule == "ours_budget":
        name = filled(name, {"share": Percent(budget, 0)})
    return Row(
        (
            name,
            Count(rule.judged),
            Count(rule.paused),
            Count(rule.lost),
            Percent(rule.lost / rule.replied if rule.replied else None),
            Count(rule.saved),
            Percent(rule.saved / rule.mails if rule.mails else None),
        )
    )


def _ranking_table(result: Backtest) -> Table:
    return Table(
        caption=Message("How well each way ranks the contacts"),
        columns=(
            TableColumn(Message("Way")),
            *(TableColumn(Message("AUC %(date)s", {"date": _day(origin)}), "number") for origin in result.origins),
            TableColumn(Message("Mean AUC"), "number"),
            TableColumn(Message("Mean Brier"), "number"),
        ),
        rows=tuple(_ranking_row(score, result.origins) for score in SCORES),
        note=both(*(_judged_words(origin) for origin in result.origins)),
    )


def _ranking_row(score: str, origins: Sequence[Origin]) -> Row:
    name = SCORES[score]
    if score == "model" and not any(origin.is_stacked for origin in origins):
        name = Message("Engagement model (too little data: BG/BB alone)")
    found = [ranking for origin in origins for ranking in origin.rankings if ranking.score == score]
    briers = [ranking.brier for ranking in found if ranking.brier is not None]
    return Row(
        (
            name,
            *(Points(ranking.auc, 3) for ranking in found),
            Points(fmean(ranking.auc for ranking in found), 3),
            Points(fmean(briers), 4) if briers else None,
        )
    )


def _judged_words(origin: Origin) -> Message:
    args: dict[str, Value] = {"date": _day(origin), "judged": Count(origin.judged)}
    if origin.is_stacked:
        return Message(
            "%(date)s: %(n)s of %(judged)s contacts judged replied.",
            args,
            plural="%(date)s: %(n)s of %(judged)s contacts judged replied.",
            n=origin.replied,
        )
    return Message(
        "%(date)s: %(n)s of %(judged)s contacts judged replied; too little was known for more than BG/BB alone.",
        args,
        plural="%(date)s: %(n)s of %(judged)s contacts judged replied; too little was known for more than BG/BB alone.",
        n=origin.replied,
    )


def _day(origin: Origin) -> Moment:
    return Moment(as_moment(origin.moment))


def as_moment(days: float) -> datetime:
    """Return days since 1970 as a naive UTC moment."""
    return datetime.fromtimestamp(days * SECONDS_A_DAY, UTC).replace(tzinfo=None)


def model_card(model: EngagementModel, result: Backtest, imported: ImportReport, data_hash: str) -> Document:
    """Return the card that lies beside a trained model: what it is, what it learned from, how it did, its limits."""
    pooled = model.sources_.pooled
    kind = (
        Message(
            "BG/BB by list source with a hazard on top, averaged over moments in the past and calibrated on later mail."
        )
        if model.stack_
        else Message("BG/BB alone with the shipped prior: there was too little data for more.")
    )
    return Document(
        kind="team",
        title=Message("Model card: who will still answer"),
        context=(*_context(imported), (Message("Fingerprint of the data (data_hash)"), Text(data_hash))),
        blocks=(
            Section(
                "what",
                Message("What it is"),
                (
                    Bullets(
                        (
                            Message(
                                "It gives the probability that a contact replies to any of the next three emails of a"
                                " sequence. It says nothing about whether a reply is a yes."
                            ),
                            kind,
                            Message(
                                "Learned from %(contacts)s contacts with an email and %(replies)s human replies.",
                                {"contacts": Count(model.contacts_), "replies": Count(model.replies_)},
                            ),
                            Message(
                                "An email counts as silence after %(days)s days: nine replies in ten come sooner.",
                                {"days": Points(model.delay_, 1)},
                            ),
                            Message(
                                "BG/BB of all: α %(alpha)s, β %(beta)s, γ %(gamma)s, δ %(delta)s.",
                                {
                                    "alpha": Points(pooled.alpha_, 3),
                                    "beta": Points(pooled.beta_, 3),
                                    "gamma": Points(pooled.gamma_, 3),
                                    "delta": Points(pooled.delta_, 3),
                                },
                            ),
                        )
                    ),
                ),
            ),
            Section("how", Message("How it would have done"), tuple(contact_blocks(result))),
            Section("limits", Message("Limits"), (Bullets(tuple(_limits())),)),
        ),
    )


def _limits() -> Iterator[Message]:
    yield Message(
        "It was learned from one team's history and knows nothing of another's: levels do not carry over, rankings"
        " mostly do."
    )
    yield Message(
        "No public data set has sequence emails by contact. The method was checked on published donation data, on real"
        " office mail and on simulated sequences: see models/engagement/MODEL_CARD.md."
    )
    yield Message(
        "Opens and clicks count only where no machine is known to have made them; a proxy that hides a reader's opens"
        " makes that reader look silent."
    )
    yield Message(
        "Who replies is associated with silence, list source and sender here; nothing shows that they cause it."
    )
