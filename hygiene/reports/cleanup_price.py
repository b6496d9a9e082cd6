"""What a cleanup brings and costs in words, what the figures rest on, and what became of the exceptions."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from hygiene.reports.words import filled
from hygiene.values import Count, Interval, Message, Moment, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.gate.cleanup.price import Estimate, Price, Share
    from hygiene.gate.cleanup.types import Exempted
    from hygiene.values import Value

LEVEL = 0.8
"""Of the intervals (`gate.cleanup.price.INTERVAL`)."""
MANY = 10
"""Expected numbers from here on are shown without decimals."""

REMOVES = Message(
    "Removes %(n)s contact: avoids %(bounces)s %(bounce_range)s bounces, costs %(replies)s %(reply_range)s expected"
    " replies.",
    plural="Removes %(n)s contacts: avoids %(bounces)s %(bounce_range)s bounces, costs %(replies)s %(reply_range)s"
    " expected replies.",
)
PAUSES = Message(
    "Pauses %(n)s contact: avoids %(bounces)s %(bounce_range)s bounces, costs %(replies)s %(reply_range)s expected"
    " replies.",
    plural="Pauses %(n)s contacts: avoids %(bounces)s %(bounce_range)s bounces, costs %(replies)s %(reply_range)s"
    " expected replies.",
)
TOGETHER = Message(
    "Together %(n)s contact: avoids %(bounces)s %(bounce_range)s bounces, costs %(replies)s %(reply_range)s expected"
    " replies.",
    plural="Together %(n)s contacts: avoids %(bounces)s %(bounce_range)s bounces, costs %(replies)s %(reply_range)s"
    " expected replies.",
)
ONLY_BOUNCES: Mapping[str, Message] = {
    REMOVES.id: Message(
        "Removes %(n)s contact: avoids %(bounces)s %(bounce_range)s bounces.",
        plural="Removes %(n)s contacts: avoids %(bounces)s %(bounce_range)s bounces.",
    ),
    PAUSES.id: Message(
        "Pauses %(n)s contact: avoids %(bounces)s %(bounce_range)s bounces.",
        plural="Pauses %(n)s contacts: avoids %(bounces)s %(bounce_range)s bounces.",
    ),
    TOGETHER.id: Message(
        "Together %(n)s contact: avoids %(bounces)s %(bounce_range)s bounces.",
        plural="Together %(n)s contacts: avoids %(bounces)s %(bounce_range)s bounces.",
    ),
}
"""The same where nothing is known of replies."""

EXEMPTED: Mapping[str, Message] = {
    "used": Message("Exception for %(name)s (%(owner)s, until %(day)s): left alone, %(code)s notwithstanding."),
    "not_needed": Message("Exception for %(name)s (%(owner)s, until %(day)s): nothing speaks against this contact."),
    "expired": Message("Exception for %(name)s (%(owner)s): expired on %(day)s, so it has no effect."),
    "said_no": Message("Exception for %(name)s (%(owner)s): this person said no, which no exception lifts."),
    "unknown": Message("Exception for %(name)s (%(owner)s): no contact of this source has that id or address."),
}
"""What became of an exception, by its state."""


def price_sentences(price: Price) -> list[Message]:
    """Return what the cleanup brings and costs, and what the figures rest on."""
    parts = ((price.removed, REMOVES), (price.paused, PAUSES))
    said = [_share(share, sentence) for share, sentence in parts if share.contacts] or [_share(*parts[0])]
    if len(said) > 1:
        said.append(_share(price.both, TOGETHER))
    return [*said, *_basis(price)]


def _share(share: Share, sentence: Message) -> Message:
    args: dict[str, Value] = {"bounces": _mean(share.bounces), "bounce_range": _range(share.bounces)}
    if share.replies is None:
        return filled(ONLY_BOUNCES[sentence.id], args, n=share.contacts)
    args |= {"replies": _mean(share.replies), "reply_range": _range(share.replies)}
    return filled(sentence, args, n=share.contacts)


def _mean(estimate: Estimate) -> Value:
    return Count(round(estimate.mean)) if estimate.mean >= MANY else Points(estimate.mean, 1)


def _range(estimate: Estimate) -> Interval:
    return Interval(estimate.low, estimate.high, percent=False)


def _basis(price: Price) -> list[Message]:
    said = [
        Message(
            "If each were enrolled once more: up to three emails. In brackets: the %(certain)s interval.",
            {"certain": Percent(LEVEL, 0)},
        )
    ]
    if price.removed.contacts:
        said.append(_repeats(price))
    if not price.knows_replies:
        said.append(Message("No reply is known in this source: what is lost cannot be told."))
    elif price.both.unjudged:
        said.append(
            Message(
                "Of %(n)s contact nothing is known that would tell a reply; none is counted for it.",
                plural="Of %(n)s contacts nothing is known that would tell a reply; none is counted for them.",
                n=price.both.unjudged,
            )
        )
    return said


def _repeats(price: Price) -> Message:
    if not price.repeats.tried:
        return Message(
            "No dead address has been written to again in this history: that %(share)s would bounce again is assumed.",
            {"share": Percent(price.removed.bounces.mean / price.removed.contacts, 0)},
        )
    return Message(
        "Of %(n)s dead address that was written to again, %(again)s bounced again.",
        {"again": Count(price.repeats.again)},
        plural="Of %(n)s dead addresses that were written to again, %(again)s bounced again.",
        n=price.repeats.tried,
    )


def exemption_sentences(exempted: Sequence[Exempted]) -> list[Message]:
    """Return what became of each exception, its evidence behind it."""
    return [_exemption(row) for row in exempted]


def _exemption(row: Exempted) -> Message:
    args: dict[str, Value] = {
        "name": Text(row.entry.name),
        "owner": Text(row.entry.owner),
        "day": Moment(datetime.combine(row.entry.expires, time())),
        "code": Text(row.lifted or ""),
    }
    said = filled(EXEMPTED[row.state], args)
    return Message("%(said)s Evidence: %(evidence)s", {"said": said, "evidence": Text(row.entry.evidence)})
