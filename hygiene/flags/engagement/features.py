"""What the model looks at: one row a contact, one column a feature, each with the opinion that it starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import logit

from hygiene.flags.engagement.groups import Tally, rates_without
from hygiene.flags.engagement.histories import as_signals

if TYPE_CHECKING:
    from hygiene.facts.engagement import Sends
    from hygiene.flags.engagement.histories import Floats, Histories, Ints
    from hygiene.flags.engagement.priors import SourceModels

AHEAD = 3
"""Mails looked ahead (docs/output.md: `p_reply`)."""
SMALL = 1e-7
RATE_MAILS = 3.0
"""Mails that the common rate is worth in the recent rates; assumed."""


class Feature(NamedTuple):
    """A column, with its prior in units of its own standard deviation."""

    name: str
    spread: float
    """Standard deviation of the prior of its coefficient, whose mean is 0 (1, in raw units, for the BG/BB column)."""
    sign: int = 0
    """1 or −1: the only sign that the coefficient may have, so that no sign of life counts against a contact."""


FEATURES = (
    Feature("bgbb_logit", 1.0, 1),
    Feature("sender_logit", 0.5, 1),
    Feature("domain_logit", 0.2, 1),
    Feature("recent_rate_logit", 0.5, 1),
    Feature("late_rate_logit", 0.5, 1),
    Feature("log_since_signal", 0.2, -1),
    Feature("never_signalled", 0.2, -1),
    Feature("recent_open_rate", 0.2, 1),
    Feature("recent_click_rate", 0.2, 1),
    Feature("log_since_reply", 0.1, -1),
    Feature("log_days_since_reply", 0.1, -1),
    Feature("log_days_since_send", 0.1),
    Feature("log_sends", 0.1),
    Feature("never_replied", 0.1, -1),
    Feature("log_step", 0.1),
    Feature("alive_logit", 0.1),
    Feature("signal_alive_logit", 0.5, 1),
    Feature("hidden", 0.3, 1),
    Feature("hidden_log_since_signal", 0.3, -1),
    Feature("hidden_signal_alive_logit", 0.3, 1),
)
"""The tight spreads hold features that fit noise on a few hundred contacts; with many the data outweigh them."""
NAMES = tuple(feature.name for feature in FEATURES)


class Totals(NamedTuple):
    """Sums over all contacts; what is shrunk is drawn towards their ratios."""

    replies: float
    sends: float
    recent_opens: float
    recent_clicks: float
    recent_sends: float

    @classmethod
    def of(cls, history: Histories) -> Totals:
        """Add the contacts up."""
        return cls(*(float(getattr(history, name).sum()) for name in cls._fields))

    @property
    def rate(self) -> float:
        """Replies a mail, in the open interval from 0 to 1."""
        return (self.replies + 0.5) / (self.sends + 1.0)


class Groups(NamedTuple):
    """Where each contact belongs, and how its sender and its domain fared."""

    sender: Ints
    """Key of the sender of the last mail, one a contact."""
    replies: Ints
    sends: Ints
    """What each contact itself adds to its groups: taken out of their rates, whatever history is imagined for it."""
    by_sender: Tally
    by_domain: Tally
    totals: Totals
    """Of all contacts together."""


def senders_at(sends: Sends, moment: float) -> Ints:
    """Return the sender of each contact's last mail by a moment; 0 where there was none."""
    result = np.zeros(len(sends.keys), dtype=np.int64)
    past = sends.sent_at <= moment
    result[sends.contact[past]] = sends.sender[past]
    return result


def tally_groups(history: Histories, sender: Ints, domain: Ints, senders: int, domains: int) -> tuple[Tally, Tally]:
    """Count replies and mails by sender and by domain."""
    return (
        Tally.of(sender, history.replies, history.sends, senders),
        Tally.of(domain, history.replies, history.sends, domains),
    )


def design(history: Histories, sends: Sends, groups: Groups, replies: SourceModels, signals: SourceModels) -> Floats:
    """Return the features, shape (n_contacts, len(FEATURES)); all are finite.

    Parameters
    ----------
    sends
        Gives each contact's list source and domain.
    replies, signals
        BG/BB of replies, and of any human sign of life.
    """
    source, domain = sends.source, sends.domain
    h, rate, totals = history, groups.totals.rate, groups.totals
    opens, clicks, recent = totals.recent_opens, totals.recent_clicks, max(totals.recent_sends, SMALL)
    of_sender = rates_without(groups.by_sender, groups.sender, groups.replies, groups.sends, rate)
    of_domain = rates_without(groups.by_domain, domain, groups.replies, groups.sends, rate)
    since_signal, signal_alive = np.log1p(h.since_signal), _logit(signals.p_alive(as_signals(h), source))
    columns = {
        "bgbb_logit": _logit(replies.p_reply(h, source, AHEAD)),
        "sender_logit": _logit(of_sender) - _logit(rate),
        "domain_logit": np.where(domain > 0, _logit(of_domain) - _logit(rate), 0.0),
        "recent_rate_logit": _logit((h.recent_replies + rate * RATE_MAILS) / (h.recent_sends + RATE_MAILS)),
        "late_rate_logit": _logit((h.late_replies + rate * RATE_MAILS) / (h.late_sends + RATE_MAILS)),
        "log_since_signal": ~h.is_hidden * since_signal,
        "never_signalled": h.signals == 0,
        "recent_open_rate": (h.recent_opens + 2 * opens / recent) / (h.recent_sends + 2),
        "recent_click_rate": np.log((h.recent_clicks + 2 * clicks / recent + 0.005) / (h.recent_sends + 2.01)),
        "log_since_reply": np.log1p(h.sends - h.last_reply),
        "log_days_since_reply": np.log1p(np.maximum(h.days_since_reply, 0)),
        "log_days_since_send": np.log1p(np.maximum(h.days_since_send, 0)),
        "log_sends": np.log1p(h.sends),
        "never_replied": h.replies == 0,
        "log_step": np.log1p(h.step),
        "alive_logit": _logit(replies.p_alive(h, source)),
        "signal_alive_logit": ~h.is_hidden * signal_alive,
        "hidden": h.is_hidden,
        "hidden_log_since_signal": h.is_hidden * since_signal,
        "hidden_signal_alive_logit": h.is_hidden * signal_alive,
    }
    return np.column_stack([np.asarray(columns[name], dtype=float) for name in NAMES])


def _logit(p: Floats | float) -> Floats:
    return logit(np.clip(p, SMALL, 1 - SMALL))  # type: ignore[no-any-return]
