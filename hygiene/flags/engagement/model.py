"""The engagement model: the probability of a human reply to any of the next three mails.

BG/BB for each list source gives a first opinion from three numbers; a logistic hazard on top corrects it by recency,
sender, company and human signals, learned at moments in the past (“landmarks”), averaged over them on the logit scale,
and calibrated on mails that came after those it learned from. With too little data the first opinion stands alone.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from hygiene.flags.engagement.features import AHEAD, Groups, Totals, design, senders_at, tally_groups
from hygiene.flags.engagement.frontier import NINETY
from hygiene.flags.engagement.groups import Tally
from hygiene.flags.engagement.histories import DELAY_DEFAULT, as_signals, histories, reply_delay
from hygiene.flags.engagement.landmarks import landmarks
from hygiene.flags.engagement.priors import SourceModels, shipped_prior
from hygiene.flags.engagement.stack import Landmark, Stack, fit_stack, hazards, uncertainty

if TYPE_CHECKING:
    from hygiene.facts.engagement import Sends
    from hygiene.flags.engagement.bgbb import Prior
    from hygiene.flags.engagement.histories import Floats, Histories

FEWEST_CONTACTS = 300
FEWEST_REPLIES = 300
"""Contacts and replies below which BG/BB stands alone. In the simulated base world the two are level at some 400
replies (2,000 contacts), on real mail the hazard is ahead with 2,600 replies of 1,400 contacts: it needs replies."""
narrow = partial(threadpool_limits, limits=1)
"""One thread for linear algebra: the matrices are narrow, and threads wait for each other longer than they work."""
DRAWS = 100
"""Parameter sets that the interval of BG/BB alone rests on."""


class Prediction(NamedTuple):
    """One entry a contact; all are probabilities."""

    p_reply: Floats
    """A human reply to any of the next `AHEAD` mails."""
    low: Floats
    high: Floats
    """90 % limits of `p_reply`: what the history leaves open about the model, not whether the contact replies."""
    p_engaged: Floats
    """That the contact has not stopped answering for good (BG/BB): an explanation, nothing is decided by it."""


class EngagementModel:
    """Learns from the mails of all contacts; predicts for each.

    Parameters
    ----------
    prior
        Of BG/BB; default: the shipped one.

    Attributes
    ----------
    delay_
        Days after which a mail without an answer counts as silence.
    sources_, signals_
        BG/BB of replies, and of any human sign of life, by list source.
    stack_
        The hazard on top; None where BG/BB stands alone.
    contacts_, replies_
        What was learned from.
    is_given_
        Whether it was read from a file.
    """

    def __init__(self, prior: Prior | None = None) -> None:
        self.prior = prior or shipped_prior()

    def fit(self, sends: Sends, as_of: float) -> EngagementModel:
        """Learn from what was known at a moment; later mails and answers are not looked at."""
        with narrow():
            return self._fit(known_at(sends, as_of), as_of)

    def _fit(self, known: Sends, as_of: float) -> EngagementModel:
        self.delay_ = reply_delay(known, as_of) if len(known.sent_at) else DELAY_DEFAULT
        now = histories(known, as_of, self.delay_, settled=True)
        self.is_given_ = False
        self.contacts_, self.replies_ = int((now.sends > 0).sum()), int(now.replies.sum())
        self.sources_ = SourceModels.fit(now, known.source, self.prior)
        self.signals_ = SourceModels.fit(as_signals(now), known.source, self.prior)
        self.stack_: Stack | None = None
        if self.contacts_ >= FEWEST_CONTACTS and self.replies_ >= FEWEST_REPLIES:
            marks = [
                Landmark(float(moment), self._design(known, histories(known, moment, self.delay_), float(moment)))
                for moment in landmarks(known, as_of)
            ]
            self.stack_ = fit_stack(known, marks, as_of, self.delay_)
        return self

    def predict(self, sends: Sends, as_of: float, groups: Groups | None = None) -> Prediction:
        """Return what is expected of each contact.

        Parameters
        ----------
        groups
            Of the whole source, where `sends` holds only some of its contacts.
        """
        known = known_at(sends, as_of)
        return self.judge(known, histories(known, as_of, self.delay_), as_of, groups)

    def judge(
        self, sends: Sends, history: Histories, as_of: float, groups: Groups | None = None, *, with_limits: bool = True
    ) -> Prediction:
        """Return what is expected of contacts with these histories: also of what a history might have been.

        Without limits these are the probability itself, and the answer comes sooner.
        """
        with narrow():
            return self._judge(sends, history, as_of, groups, with_limits=with_limits)

    def _judge(
        self, sends: Sends, history: Histories, as_of: float, groups: Groups | None, *, with_limits: bool
    ) -> Prediction:
        fresh = history.sends + history.open_sends == 0  # nobody like that is in the rows that were learned from
        first = fresh if self.stack_ else np.ones(len(fresh), dtype=bool)
        middle = np.zeros(len(fresh))
        low, high = middle.copy(), middle.copy()
        if first.any():
            few, source = history.only(first), sends.source[first]
            middle[first] = low[first] = high[first] = self.sources_.p_reply(few, source, AHEAD)
            if with_limits:
                low[first], high[first] = self.sources_.limits(few, source, AHEAD, DRAWS).T
        if self.stack_ and not first.all():
            features = self._design(sends, history, as_of, groups)[~first]
            off = NINETY * uncertainty(self.stack_, features) if with_limits else np.zeros(len(features))
            middle[~first] = _any(hazards(self.stack_, features))
            low[~first], high[~first] = (_any(hazards(self.stack_, features, sign * off)) for sign in (-1, 1))
        return Prediction(middle, low, high, self.sources_.p_alive(history, sends.source))

    def hazards(self, sends: Sends, history: Histories, as_of: float) -> Floats:
        """Return each contact's chance to answer its next mail, the one after if not that, …: shape (n, AHEAD)."""
        if self.stack_:
            return hazards(self.stack_, self._design(sends, history, as_of))
        silent = [1 - self.sources_.p_reply(history, sends.source, ahead) for ahead in range(AHEAD + 1)]
        return 1 - np.column_stack([after / before for before, after in pairwise(silent)])

    def _design(self, sends: Sends, history: Histories, moment: float, groups: Groups | None = None) -> Floats:
        groups = groups or groups_at(sends, histories(sends, moment, self.delay_, settled=True), moment)
        return design(history, sends, groups, self.sources_, self.signals_)


def groups_at(sends: Sends, history: Histories, moment: float) -> Groups:
    """Return where each contact belongs and how each group fared, from the contacts of `sends` alone.

    Parameters
    ----------
    history
        The settled one.
    """
    sender = senders_at(sends, moment)
    senders, domains = (int(numbers.max(initial=0)) + 1 for numbers in (sender, sends.domain))
    tallies = tally_groups(history, sender, sends.domain, senders, domains)
    return Groups(sender, history.replies, history.sends, *tallies, Totals.of(history))


def together(parts: list[Groups]) -> list[Groups]:
    """Return the same ranges of contacts, each with how its groups and all contacts fared in all ranges together."""
    by_sender = _summed([part.by_sender for part in parts])
    by_domain = _summed([part.by_domain for part in parts])
    totals = Totals(*(sum(column) for column in zip(*(part.totals for part in parts), strict=True)))
    return [part._replace(by_sender=by_sender, by_domain=by_domain, totals=totals) for part in parts]


def _summed(tallies: list[Tally]) -> Tally:
    size = max(len(tally.sends) for tally in tallies)

    def padded(values: list[Floats]) -> Floats:
        return np.sum([np.pad(each, (0, size - len(each))) for each in values], axis=0)  # type: ignore[no-any-return]

    return Tally(padded([tally.replies for tally in tallies]), padded([tally.sends for tally in tallies]))


def known_at(sends: Sends, moment: float) -> Sends:
    """Return what was known of the mails at a moment: none sent later, no later answer."""
    if (sends.sent_at <= moment).all() and not any(
        ((times > moment) & np.isfinite(times)).any() for times in (sends.replied_at, sends.clicked_at, sends.opened_at)
    ):
        return sends
    past = sends.sent_at <= moment

    def until(times: Floats) -> Floats:
        return np.where(times[past] <= moment, times[past], np.inf)

    return sends._replace(
        contact=sends.contact[past],
        sender=sends.sender[past],
        step=sends.step[past],
        sent_at=sends.sent_at[past],
        replied_at=until(sends.replied_at),
        clicked_at=until(sends.clicked_at),
        opened_at=until(sends.opened_at),
    )


def _any(hazard: Floats) -> Floats:
    """Return the probability of at least one answer."""
    return -np.expm1(np.log1p(-np.minimum(hazard, 1 - 1e-12)).sum(axis=1))  # type: ignore[no-any-return]
