"""From the mails to what is said of every contact: learn, predict, weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.flags.engagement.costs import Costs, break_even, complaint_rates
from hygiene.flags.engagement.histories import after_open, after_reply, histories
from hygiene.flags.engagement.judged import Judged
from hygiene.flags.engagement.model import EngagementModel, groups_at, known_at, together
from hygiene.flags.engagement.rules import DORMANT_DAYS, is_unengaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hygiene.facts.engagement import EngagementReader, Sends
    from hygiene.flags.engagement.features import Groups
    from hygiene.flags.engagement.histories import Floats, Histories, Ints
    from hygiene.settings import Settings


NEVER = 1 << 31
"""Mails after which a contact may be paused where no reply is known at all: perhaps replies are not exported."""


def learn(reader: EngagementReader, as_of: float) -> EngagementModel:
    """Return the model of this history."""
    return EngagementModel().fit(reader.sample(), as_of)


def judge(reader: EngagementReader, model: EngagementModel, as_of: float, settings: Settings) -> Judged:
    """Return what is said of every contact.

    Parameters
    ----------
    as_of
        Days since 1970.
    settings
        The costs; `pause_after`.
    """
    costs = Costs(settings.reply_value, settings.send_cost, settings.complaint_cost)
    pause_after = settings.pause_after if reader.replies else NEVER
    by_source, rate = complaint_rates(reader.complaints())
    parts = [  # never empty: a source without contacts has one range of none
        _columns(sends, groups, model, as_of, break_even(costs, sends.source, by_source, rate), pause_after)
        for sends, groups in _with_groups(reader, model, as_of)
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Judged(**columns, control_share=settings.control_share)


def _with_groups(reader: EngagementReader, model: EngagementModel, as_of: float) -> Iterator[tuple[Sends, Groups]]:
    """Yield the contacts by ranges, with how their groups fared in all ranges together."""
    own = []
    for sends in reader.ranges():
        known = known_at(sends, as_of)
        own.append(groups_at(known, histories(known, as_of, model.delay_, settled=True), as_of))
    for sends, groups in zip(reader.ranges(), together(own), strict=True):
        yield known_at(sends, as_of), groups


def _columns(
    sends: Sends, groups: Groups, model: EngagementModel, as_of: float, threshold: Floats, pause_after: int
) -> dict[str, Any]:
    """Return the arrays of `Judged` for some contacts."""
    now = histories(sends, as_of, model.delay_)
    outlook = model.judge(sends, now, as_of, groups)
    mails = now.sends + now.open_sends

    nothing = np.zeros(len(mails), dtype=np.float32)

    def after(changed: Histories) -> Floats:
        return model.judge(sends, changed, as_of, groups, with_limits=False).p_reply.astype(np.float32)

    doubted = histories(_half_of_the_signals(sends), as_of, model.delay_)
    return {
        "keys": sends.keys,
        "p_reply": outlook.p_reply.astype(np.float32),
        "low": outlook.low.astype(np.float32),
        "high": outlook.high.astype(np.float32),
        "p_engaged": outlook.p_engaged.astype(np.float32),
        "threshold": np.where(now.sends >= pause_after, threshold, 0.0).astype(np.float32),
        "sends": now.sends.astype(np.int32),
        "after_open": np.where(now.is_hidden, 0, after(after_open(now))) if _has_signals(sends) else nothing,
        "after_reply": after(after_reply(now)),
        "half_machines": after(doubted),
        "hubspot_rule": is_unengaged(now.since_signal, now.signals),
        "ninety_days": (mails > 0) & (now.days_since_signal > DORMANT_DAYS),
    }


def _has_signals(sends: Sends) -> bool:
    return bool(np.isfinite(sends.opened_at).any() or np.isfinite(sends.clicked_at).any())


def _half_of_the_signals(sends: Sends) -> Sends:
    """Return the mails as if every second opened or clicked one of each contact had been opened by a machine."""
    seen = np.isfinite(sends.opened_at) | np.isfinite(sends.clicked_at)
    before: Ints = np.cumsum(seen) - seen
    first = np.searchsorted(sends.contact, sends.contact)  # the contact's first mail
    doubted = seen & ((before - before[first] + sends.keys[sends.contact]) % 2 == 1)
    return sends._replace(
        opened_at=np.where(doubted, np.inf, sends.opened_at), clicked_at=np.where(doubted, np.inf, sends.clicked_at)
    )
