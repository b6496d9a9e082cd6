"""The scorecard in sentences: whose bounces they are, what to hold back, what to claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.values import Count, Interval, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.facts.factors import Factor
    from hygiene.gate.lists.types import Amount, Blame, Card, Cause, Claim, Hold, Scorecard
    from hygiene.gate.risk import Prediction
    from hygiene.values import Value

NAMED = 3
"""Sources of which the part is told."""
SHOWN = 5
"""Batches to hold back, and claims, that are told; the files have all."""
EIGHTY, NINETY = Percent(0.8, 0), Percent(0.9, 0)
CAUSE_WORDS: Mapping[Cause, Message] = {
    "source": Message("Lists"),
    "sender": Message("Senders"),
    "sequence": Message("Sequences"),
}
FACTOR_WORDS: Mapping[Factor, Message] = {
    "sender": Message("the sender"),
    "sequence": Message("the sequence"),
    "source": Message("the source"),
    "import_batch": Message("the import"),
    "industry": Message("the industry"),
    "country": Message("the country"),
    "timing": Message("the time of enrolling"),
}


def list_name(source: str | None, batch: str | None, *, is_import: bool = True) -> Value:
    """Return what to call a list: its source, its batch, or both."""
    if source is None and batch is None:
        return Message("source not given")
    if batch is None:
        return Text(source or "")
    words: dict[str, Value] = {"source": Text(source) if source else Message("source not given"), "batch": Text(batch)}
    if is_import:
        return Message("%(source)s, import %(batch)s", words)
    return Message("%(source)s, created on %(batch)s", words)


def blame_sentences(card: Scorecard) -> Iterator[Message]:
    """Yield how the address bounces divide."""
    blame = card.blame
    if blame is None:
        yield Message(
            "Too few ended enrollments or address bounces to say whether lists, senders or sequences are to blame."
        )
        return
    yield Message(
        "Of %(bounced)s address bounces in %(ended)s ended enrollments %(excess)s %(interval)s are more than with the"
        " best quarter of the team's lists, senders and sequences. An association, not tested.",
        {
            "bounced": Count(blame.bounced),
            "ended": Count(blame.ended),
            "excess": Points(max(blame.excess.mean, 0.0)),
            "interval": _numbers(blame.excess),
        },
    )
    yield from _causes(blame)
    yield from _sources(card, blame)


def _causes(blame: Blame) -> Iterator[Message]:
    if all(part.share is None for part in blame.shares.values()):
        yield Message("That is too little, or too unsure, to divide between lists, senders and sequences.")
        return
    for cause, word in CAUSE_WORDS.items():
        part = blame.shares.get(cause)
        if part is None:
            yield Message("%(cause)s: only one, so nothing can be compared.", {"cause": word})
        elif part.share is not None:
            values: dict[str, Value] = {"cause": word, **_share(part.share)}
            if part.share.low > 0:
                yield Message("%(cause)s: %(share)s of these %(interval)s.", values)
            else:
                yield Message("%(cause)s: about none of these (%(share)s %(interval)s).", values)
    unclear = blame.shares.get("unclear")
    if unclear and unclear.share:
        yield Message(
            "Cannot be told apart, for two of them always come together: %(share)s %(interval)s.", _share(unclear.share)
        )


def _share(share: Amount) -> dict[str, Value]:
    low, mean, high = (min(max(value, 0.0), 1.0) for value in (share.low, share.mean, share.high))
    return {"share": Percent(mean, 0), "interval": Interval(low, high)}


def _sources(card: Scorecard, blame: Blame) -> Iterator[Message]:
    own = {row.source: row for row in card.cards if row.level == "source" and row.source is not None}
    guilty = [name for name, part in blame.sources.items() if (part.excess.low > 0 or part.rival) and name in own]
    for name in sorted(guilty, key=lambda name: -blame.sources[name].excess.mean)[:NAMED]:
        part, row = blame.sources[name], own[name]
        values: dict[str, Value] = {
            "source": Text(name),
            "rate": Percent(row.bounce.value),
            "interval": Interval(row.bounce.low, row.bounce.high),
            "share": Percent(part.share, 0),
            "ended": Percent(part.ended_share, 0),
        }
        if part.rival:
            factor, level = part.rival
            rival: dict[str, Value] = {"factor": FACTOR_WORDS[factor], "level": Text(level)}
            yield Message(
                "%(source)s: %(rate)s %(interval)s of the addresses came back, %(share)s of all address bounces with"
                " %(ended)s of the enrollments; it cannot be told apart from %(factor)s %(level)s: they always come"
                " together.",
                values | rival,
            )
        else:
            yield Message(
                "%(source)s: %(rate)s %(interval)s of the addresses came back, %(share)s of all address bounces with"
                " %(ended)s of the enrollments.",
                values,
            )


def hold_sentences(card: Scorecard) -> Iterator[Message]:
    """Yield which batches are better held back, and what that brings and costs."""
    imports = {(row.source, row.batch) for row in card.cards if row.is_import}
    for hold in card.holds[:SHOWN]:
        values: dict[str, Value] = {
            "list": list_name(hold.source, hold.batch, is_import=(hold.source, hold.batch) in imports),
            **_price(hold),
        }
        yield Message(
            "Hold back %(n)s contact of %(list)s: avoids %(bounces)s %(bounce_interval)s address bounces and costs"
            " %(replies)s %(reply_interval)s replies (%(certain)s intervals).",
            values,
            plural="Hold back %(n)s contacts of %(list)s: avoids %(bounces)s %(bounce_interval)s address bounces and"
            " costs %(replies)s %(reply_interval)s replies (%(certain)s intervals).",
            n=hold.removal.contacts,
        )
    if len(card.holds) > SHOWN:
        yield Message(
            "And %(n)s more batch to hold back.",
            plural="And %(n)s more batches to hold back.",
            n=len(card.holds) - SHOWN,
        )


def _price(hold: Hold) -> dict[str, Value]:
    bounces, replies = hold.removal.bounces, hold.removal.replies
    return {
        "bounces": _expected(bounces),
        "bounce_interval": Interval(bounces.low, bounces.high, percent=False),
        "replies": _expected(replies),
        "reply_interval": Interval(replies.low, replies.high, percent=False),
        "certain": EIGHTY,
    }


def _expected(prediction: Prediction) -> Points:
    return Points(prediction.mean, 1)


def _numbers(amount: Amount) -> Interval:
    return Interval(max(amount.low, 0.0), max(amount.high, 0.0), percent=False)


def claim_summary(claim: Claim, days: int) -> Message:
    """Return the line that sums a claim up, for the vendor."""
    values: dict[str, Value] = {
        "mailed": Count(claim.mailed),
        "days": Count(days),
        "rate": Percent(len(claim.rows) / claim.mailed if claim.mailed else None),
    }
    return Message(
        "Within %(days)s days of their import we wrote to %(mailed)s of your contacts; %(n)s of them (%(rate)s) came"
        " back because the address is not valid.",
        values,
        plural="Within %(days)s days of their import we wrote to %(mailed)s of your contacts; %(n)s of them (%(rate)s)"
        " came back because the address is not valid.",
        n=len(claim.rows),
    )


def claim_sentences(card: Scorecard) -> Iterator[Message]:
    """Yield what may be claimed, and what was left out of the claims and why."""
    ready = [claim for claim in card.claims if claim.rows]
    for claim in ready[:SHOWN]:
        yield Message(
            "%(source)s: %(n)s address to claim from the vendor, returned within %(days)s days of its import.",
            {"source": Text(claim.source), "days": Count(card.claim_days)},
            plural="%(source)s: %(n)s addresses to claim from the vendor, returned within %(days)s days of their"
            " import.",
            n=len(claim.rows),
        )
    late, undated, weak = (sum(getattr(claim, why) for claim in card.claims) for why in ("late", "undated", "weak"))
    if late or undated or weak:
        yield Message(
            "Returned but not claimed: %(late)s later than %(days)s days after their import (claim_days), %(undated)s"
            " without a day of import, %(weak)s on evidence that asks for a second look.",
            {
                "late": Count(late),
                "undated": Count(undated),
                "weak": Count(weak),
                "days": Count(card.claim_days),
            },
        )


def origin_sentences(card: Scorecard) -> Iterator[Message]:
    """Yield which sources were bought or extracted by their own names, and hold contacts that nothing vouches for."""
    for row in card.cards:
        if row.level == "source" and row.origin in ("bought", "scraped") and row.with_basis < row.contacts:
            yield Message(
                "%(source)s: bought or extracted by its name; %(n)s contact has no documented basis or consent (rule"
                " OPT-06).",
                {"source": Text(row.source or "")},
                plural="%(source)s: bought or extracted by its name; %(n)s contacts have no documented basis or consent"
                " (rule OPT-06).",
                n=row.contacts - row.with_basis,
            )


def legend(card: Scorecard) -> Iterator[Message]:
    """Yield how to read the table."""
    yield Message(
        "Address bounces: those that came back at the first email, out of those written to. Replies: out of delivered"
        " enrollments. In brackets: the %(certain)s interval, drawn towards the source and the team where there is"
        " little.",
        {"certain": NINETY},
    )
    yield Message(
        "Good list, bad list: under, over %(limit)s address bounces with a probability of %(sure)s or more.",
        {"limit": Percent(card.limit), "sure": EIGHTY},
    )


def grade_word(card: Card) -> Message:
    """Return a list's grade."""
    if card.grade == "bad":
        return Message("bad list")
    if card.grade == "good":
        return Message("good list")
    return Message("not enough data (n=%(n)s)", {"n": Count(card.bounce.trials)})
