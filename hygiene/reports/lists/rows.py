"""The scorecard as rows and as one record: what `sources.csv`, `sources.json` and `--format` get their figures from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hygiene.reports.cells import defuse
from hygiene.reports.tables import RATE_DECIMALS, csv_text

if TYPE_CHECKING:
    from hygiene.gate.lists.types import Amount, Blame, Card, Claim, Hold, Scorecard
    from hygiene.gate.risk import Prediction
    from hygiene.reports.tables import Figure

COLUMNS = (
    *("level", "source", "batch", "is_import", "origin", "contacts", "ended", "bounced", "replied"),
    *("mailed", "address_bounced", "bounce_rate", "bounce_low", "bounce_high", "p_above_limit"),
    *("delivered", "delivered_replied", "reply_rate", "reply_low", "reply_high"),
    *("with_basis", "verified", "age_days", "not_mailed", "grade"),
    *("bounce_share", "excess", "excess_low", "excess_high", "not_told_from"),
)
"""See docs/sources.md."""
NOT_ENOUGH = "not_enough_data"
DECIMALS = 1
"""Of numbers of bounces and replies."""


def sources_csv(card: Scorecard) -> str:
    """Return `sources.csv`: a row for all, then the sources, the worst first, each followed by its batches."""
    records = [card_record(card.team, card), *(card_record(row, card) for row in card.cards)]
    return csv_text([COLUMNS, *([_cell(record[name]) for name in COLUMNS] for record in records)])


def sources_json(card: Scorecard) -> str:
    """Return `sources.json`."""
    record = {
        "as_of": card.as_of.isoformat() + "Z" if card.as_of else None,
        "bounce_limit": card.limit,
        "claim_days": card.claim_days,
        "team": card_record(card.team, card),
        "lists": [card_record(row, card) for row in card.cards],
        "quarantine": [_hold(hold) for hold in card.holds],
        "blame": _blame(card.blame) if card.blame else None,
        "claims": [_claim(claim) for claim in card.claims],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def card_record(card: Card, whole: Scorecard) -> dict[str, Figure]:
    """Return the figures of one list by the names of `COLUMNS`; None is “no figure”."""
    is_source = card.level == "source" and card.source is not None
    blame = whole.blame.sources.get(card.source or "") if whole.blame and is_source else None
    return {
        "level": card.level,
        "source": card.source,
        "batch": card.batch,
        "is_import": card.is_import if card.level == "batch" else None,
        "origin": card.origin,
        "contacts": card.contacts,
        "ended": card.ended,
        "bounced": card.bounced,
        "replied": card.replied,
        "mailed": card.bounce.trials,
        "address_bounced": card.bounce.successes,
        "bounce_rate": _rounded(card.bounce.value),
        "bounce_low": _rounded(card.bounce.low) if card.bounce.trials else None,
        "bounce_high": _rounded(card.bounce.high) if card.bounce.trials else None,
        "p_above_limit": _rounded(card.p_above),
        "delivered": card.reply.trials,
        "delivered_replied": card.reply.successes,
        "reply_rate": _rounded(card.reply.value),
        "reply_low": _rounded(card.reply.low) if card.reply.trials else None,
        "reply_high": _rounded(card.reply.high) if card.reply.trials else None,
        "with_basis": card.with_basis,
        "verified": card.verified,
        "age_days": card.age_days,
        "not_mailed": card.not_mailed,
        "grade": card.grade or NOT_ENOUGH,
        "bounce_share": _rounded(blame.share) if blame else None,
        **(_named("excess", blame.excess) if blame else dict.fromkeys(("excess", "excess_low", "excess_high"))),
        "not_told_from": f"{blame.rival[0]}:{blame.rival[1]}" if blame and blame.rival else None,
    }


def _named(name: str, amount: Amount) -> dict[str, float]:
    ends = zip(("", "_low", "_high"), amount, strict=True)
    return {f"{name}{end}": round(value, DECIMALS) + 0.0 for end, value in ends}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, RATE_DECIMALS)


def _cell(value: Figure) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else defuse(value) if isinstance(value, str) else str(value)


def _predicted(prediction: Prediction) -> dict[str, float]:
    """Return an expected number with its 80 % interval."""
    return {name: round(getattr(prediction, name), DECIMALS) for name in ("mean", "low", "high")}


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "source": hold.source,
        "batch": hold.batch,
        "contacts": hold.removal.contacts,
        "p_above_limit": _rounded(hold.p_above),
        "bounces_avoided": _predicted(hold.removal.bounces),
        "replies_lost": _predicted(hold.removal.replies),
    }


def _blame(blame: Blame) -> dict[str, Any]:
    return {
        "ended": blame.ended,
        "address_bounced": blame.bounced,
        **_named("excess", blame.excess),
        "causes": {
            cause: {
                **_named("excess", part.bounces),
                "share": round(part.share.mean, DECIMALS + 2) if part.share else None,
                "share_low": round(part.share.low, DECIMALS + 2) if part.share else None,
                "share_high": round(part.share.high, DECIMALS + 2) if part.share else None,
            }
            for cause, part in blame.shares.items()
        },
        "best": {cause: list(names) for cause, names in blame.best.items()},
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "source": claim.source,
        "claimed": len(claim.rows),
        "mailed_in_time": claim.mailed,
        "late": claim.late,
        "undated": claim.undated,
        "weak": claim.weak,
    }
