"""What the trim costs and brings: replies that the rows left out would have brought, and bounces that they would."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from hygiene.gate.reasons import CHECK_OF
from hygiene.gate.types import Expected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.gate.campaign import Campaign
    from hygiene.gate.reasons import Dropped
    from hygiene.gate.risk import Group

NO_CHOICE = frozenset(("rows.opt_out", "rows.ledger", "rows.bounced", "rows.address", "rows.duplicate"))
"""Checks whose rows nobody could have written to, or who stay on the list in another row: they cost nothing."""
SEED = 20_260_401


def price_of(
    campaign: Campaign, groups: Mapping[int, Group], dropped: Sequence[Dropped]
) -> tuple[Expected | None, Expected | None]:
    """Return the human replies lost and the address bounces avoided by the rows dropped by choice; None: none was.

    Of contacts whom the engagement model knows its own probability counts, of the others that of their group.
    """
    chosen = [row for row in dropped if CHECK_OF[row.reason].id not in NO_CHOICE and row.place in groups]
    if not chosen:
        return None, None
    known = {row.place: chance for row in chosen if (chance := _p_reply(campaign, row.place)) is not None}
    whole = campaign.risk.removal(Counter(groups[row.place] for row in chosen))
    unknown = campaign.risk.removal(Counter(groups[row.place] for row in chosen if row.place not in known))
    replies = unknown.replies.draws
    chances = np.array(list(known.values()))
    if chances.size:
        # The number of replies of many contacts with small chances is Poisson, nearly.
        replies = replies + np.random.default_rng(SEED).poisson(chances.sum(), replies.size)
    low, high = np.quantile(replies, (0.1, 0.9))
    lost = Expected(unknown.replies.mean + float(chances.sum()), float(low), float(high))
    return lost, Expected(whole.bounces.mean, whole.bounces.low, whole.bounces.high)


def _p_reply(campaign: Campaign, place: int) -> float | None:
    return next(
        (contact.outlook.p_reply for contact in campaign.people.known[place] if contact.outlook is not None), None
    )
