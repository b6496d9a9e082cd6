"""What was known of each contact at a moment: the mails that had their chance, the answers so far, how long ago.

Everything here is a function of the mails and a moment, and looks at nothing later: so the same lines make the rows
that the model learns from (at moments in the past) and the rows that it judges (now).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.facts.engagement import Sends

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

HALF_LIFE_SENDS = 4.0
"""Mails after which an answer counts half in the recent rates; assumed (3 to 16 do about equally well on real mail)."""
HALF_LIFE_DAYS = 60.0
"""Days after which an answer counts half in the recent rate by time; assumed (30 to 180 do about equally well)."""
OPENED, UNOPENED = 0.7, 2.3
"""What an opened mail says for a machine behind the opens of a contact, an unopened one against: log likelihood ratios
of a proxy that opens 95 % against a keen reader who opens 48 % exactly once (`facts.machines.EVERYTHING_LEAD`)."""
HIDDEN_LEAD = 1.0
"""From which the opens of a contact say nothing: two of two, nine of eleven. Far less than what it takes to call them a
machine's: here the question is not whose they are but whether they tell a reader from a dead mailbox; assumed."""
OPEN_DAYS = 1.0
"""Days within which a proxy has opened a mail."""
DELAY_SHARE = 0.9
"""Share of the replies by which a mail has had its chance."""
DELAY_LIMITS = (1.0, 14.0)
"""Days within which that moment lies, whatever was measured; assumed."""
DELAY_DEFAULT = 5.0
"""Days, where fewer than `DELAY_REPLIES` replies are known; in the real mail of docs/engagement.md it is 4.6."""
DELAY_REPLIES = 30


class Histories(NamedTuple):
    """One row a contact. Mails that may yet be answered are left out of the counts, unless they were answered."""

    sends: Ints
    """n: mails that had their chance."""
    replies: Ints
    """x: of these, answered by a person."""
    last_reply: Ints
    """t_x: number of the last answered one; 0 = none."""
    recent_replies: Floats
    """Answered mails, each halved every `HALF_LIFE_SENDS` mails since."""
    recent_sends: Floats
    """Mails, halved in the same way."""
    late_replies: Floats
    """Answered mails, each halved every `HALF_LIFE_DAYS` days since."""
    late_sends: Floats
    recent_opens: Floats
    """Mails opened or clicked by a person, halved like `recent_replies`."""
    recent_clicks: Floats
    signals: Ints
    """Mails with any human open, click or reply."""
    since_signal: Ints
    """Mails after the last of them (all, where there was none)."""
    days_since_signal: Floats
    """Days since the last human open, click or reply (since the first mail, where there was none)."""
    days_since_reply: Floats
    """Days since the last reply (since the first mail, where there was none); 0 where there was no mail."""
    days_since_send: Floats
    step: Ints
    """Step of the last mail."""
    open_sends: Ints
    """Mails that may yet be answered."""
    is_hidden: NDArray[np.bool_]
    """Whether the contact opens nearly everything, so that its opens say nothing; they are not counted above."""

    def only(self, rows: NDArray[np.bool_]) -> Histories:
        """Return the histories of some contacts."""
        return Histories._make(column[rows] for column in self)


def reply_delay(sends: Sends, as_of: float) -> float:
    """Return the days by which `DELAY_SHARE` of the replies come, measured on mails that are old enough to tell."""
    old = (sends.sent_at <= as_of - 2 * DELAY_LIMITS[1]) & np.isfinite(sends.replied_at)
    delays = (sends.replied_at - sends.sent_at)[old]
    if len(delays) < DELAY_REPLIES:
        return DELAY_DEFAULT
    return float(np.clip(np.quantile(delays, DELAY_SHARE), *DELAY_LIMITS))


def histories(sends: Sends, moment: float, delay: float, *, settled: bool = False) -> Histories:
    """Return what was known at a moment (days since 1970).

    Parameters
    ----------
    sends
        See `facts.engagement.Sends`.
    delay
        Days after which a mail without an answer counts as silence.
    settled
        Leave younger mails out although they were answered: right for learning rates, which the early answers alone
        would flatter; wrong for judging a contact, of whom an answer is an answer.
    """
    size = len(sends.keys)
    past = sends.sent_at <= moment
    replied = sends.replied_at <= moment
    young = past & (sends.sent_at > moment - delay)
    pending = young if settled else young & ~replied
    counted = past & ~pending
    contact, answered = sends.contact[counted], replied[counted]
    sent_at = sends.sent_at[counted]
    clicked = sends.clicked_at[counted] <= moment
    hidden = _hidden(sends, moment, size)
    opened = clicked | ((sends.opened_at[counted] <= moment) & ~hidden[contact])

    def total(weights: NDArray[np.generic] | None = None) -> Floats:
        return np.bincount(contact, weights=weights, minlength=size).astype(float)

    n = total().astype(np.int64)
    number = np.arange(len(contact)) - (np.cumsum(n) - n)[contact] + 1
    fading = 0.5 ** ((n[contact] - number) / HALF_LIFE_SENDS)
    aging = 0.5 ** ((moment - sent_at) / HALF_LIFE_DAYS)
    signal = answered | opened
    first, last = _edges(sends.contact[past], sends.sent_at[past], size)
    last_reply_at = _latest(sends.contact[replied & past], sends.replied_at[replied & past], size)
    since = np.where(np.isfinite(last_reply_at), last_reply_at, first)
    last_signal_at = last_reply_at
    for times, doubted in ((sends.clicked_at, None), (sends.opened_at, hidden)):
        seen = past & (times <= moment)
        if doubted is not None:
            seen &= ~doubted[sends.contact]
        last_signal_at = np.maximum(last_signal_at, _latest(sends.contact[seen], times[seen], size))
    signal_since = np.where(np.isfinite(last_signal_at), last_signal_at, first)
    step = np.zeros(size, dtype=np.int64)
    step[sends.contact[past]] = sends.step[past]
    return Histories(
        sends=n,
        replies=total(answered).astype(np.int64),
        last_reply=_last(contact, number, answered, size),
        recent_replies=total(fading * answered),
        recent_sends=total(fading),
        late_replies=total(aging * answered),
        late_sends=total(aging),
        recent_opens=total(fading * opened),
        recent_clicks=total(fading * clicked),
        signals=total(signal).astype(np.int64),
        since_signal=n - _last(contact, number, signal, size),
        days_since_signal=np.where(np.isfinite(signal_since), moment - signal_since, 0.0),
        days_since_reply=np.where(np.isfinite(since), moment - since, 0.0),
        days_since_send=np.where(np.isfinite(last), moment - last, 0.0),
        step=step,
        open_sends=np.bincount(sends.contact[pending], minlength=size),
        is_hidden=hidden,
    )


def _hidden(sends: Sends, moment: float, size: int) -> NDArray[np.bool_]:
    """Return whose opens say nothing: the log likelihood ratio of a proxy against a keen reader is `HIDDEN_LEAD`."""
    ripe = sends.sent_at <= moment - OPEN_DAYS
    opened = ripe & (sends.opened_at <= moment)
    for_proxy, mails = (np.bincount(sends.contact[chosen], minlength=size) for chosen in (opened, ripe))
    lead: Floats = OPENED * for_proxy - UNOPENED * (mails - for_proxy)
    return lead >= HIDDEN_LEAD


def after_reply(history: Histories) -> Histories:
    """Return what the histories would be if the contact answered one more mail just now."""
    fade = 0.5 ** (1 / HALF_LIFE_SENDS)
    return _after_signal(history)._replace(
        replies=history.replies + 1,
        last_reply=history.sends + 1,
        recent_replies=history.recent_replies * fade + 1,
        late_replies=history.late_replies + 1,
        days_since_reply=np.zeros(len(history.sends)),
    )


def after_open(history: Histories) -> Histories:
    """Return what the histories would be if a person opened one more mail just now."""
    return _after_signal(history)


def _after_signal(history: Histories) -> Histories:
    fade = 0.5 ** (1 / HALF_LIFE_SENDS)
    nothing = np.zeros(len(history.sends))
    return history._replace(
        sends=history.sends + 1,
        recent_replies=history.recent_replies * fade,
        recent_sends=history.recent_sends * fade + 1,
        late_sends=history.late_sends + 1,
        recent_opens=history.recent_opens * fade + 1,
        recent_clicks=history.recent_clicks * fade,
        signals=history.signals + 1,
        since_signal=np.zeros_like(history.since_signal),
        days_since_signal=nothing,
        days_since_send=nothing,
    )


def as_signals(history: Histories) -> Histories:
    """Return the same contacts with any human open, click or reply in the place of replies."""
    return history._replace(replies=history.signals, last_reply=history.sends - history.since_signal)


def _last(contact: Ints, number: Ints, chosen: NDArray[np.bool_], size: int) -> Ints:
    """Return the greatest number of the chosen mails of each contact; 0 = none. Later mails come later."""
    result = np.zeros(size, dtype=np.int64)
    result[contact[chosen]] = number[chosen]
    return result


def _latest(contact: Ints, moments: Floats, size: int) -> Floats:
    result = np.full(size, -np.inf)
    np.maximum.at(result, contact, moments)
    return result


def _edges(contact: Ints, moments: Floats, size: int) -> tuple[Floats, Floats]:
    """Return the first and the last moment of each contact; both infinite where there is none. Moments are in order."""
    first, last = np.full(size, -np.inf), np.full(size, -np.inf)
    last[contact] = moments
    first[contact[::-1]] = moments[::-1]
    return first, last
