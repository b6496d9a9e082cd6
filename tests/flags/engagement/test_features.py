"""The columns that the hazard looks at, by hand for a handful of contacts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from hygiene.flags.engagement.bgbb import BGBB
from hygiene.flags.engagement.features import AHEAD, FEATURES, NAMES, design, senders_at
from hygiene.flags.engagement.groups import strength
from hygiene.flags.engagement.histories import as_signals, histories
from hygiene.flags.engagement.model import groups_at
from hygiene.flags.engagement.priors import SourceModels
from tests.flags.engagement.makers import Mail, make_sends

REPLIES = SourceModels(BGBB.of([-2.0, 1.0, -2.0, 1.0]), {7: BGBB.of([-1.0, 1.0, -2.0, 1.0])})
SIGNALS = SourceModels(BGBB.of([0.5, 1.0, -1.5, 1.0]))
MAILS = [
    Mail(0, 10, replied_at=12, sender=1, step=1),
    Mail(0, 40, opened_at=41, sender=2, step=2),
    Mail(0, 60, sender=2, step=3),
    Mail(1, 20, sender=2, step=1),
    Mail(1, 50, clicked_at=51, sender=2, step=2),
    Mail(2, 30, sender=1, step=1),
]
SOURCE, DOMAIN = [7, 0, 0, 0], [5, 5, 0, 0]


def columns() -> dict[str, np.ndarray]:
    sends = make_sends(MAILS, 4, SOURCE, DOMAIN)
    history = histories(sends, 100.0, 5.0)
    found = design(history, sends, groups_at(sends, history, 100.0), REPLIES, SIGNALS)
    assert found.shape == (4, len(FEATURES))
    assert np.isfinite(found).all()
    return dict(zip(NAMES, found.T, strict=True))


def test_bgbb_of_its_list_source_speaks_first():
    x, tx, n = ([1, 0, 0, 0], [1, 0, 0, 0], [3, 2, 1, 0])
    of_seven = REPLIES.by_source[7].predict_proba(x, tx, n, AHEAD)[:, 1]
    pooled = REPLIES.pooled.predict_proba(x, tx, n, AHEAD)[:, 1]
    assert columns()["bgbb_logit"] == pytest.approx(logit([of_seven[0], *pooled[1:]]))
    alive = [REPLIES.by_source[7].p_alive([1], [1], [3])[0], *REPLIES.pooled.p_alive(x, tx, n)[1:]]
    assert columns()["alive_logit"] == pytest.approx(logit(alive))


def test_the_signals_have_a_bgbb_of_their_own():
    alive = SIGNALS.pooled.p_alive([2, 1, 0, 0], [2, 2, 0, 0], [3, 2, 1, 0])
    assert columns()["signal_alive_logit"] == pytest.approx(logit(alive))
    assert columns()["never_signalled"].tolist() == [0, 0, 1, 1]
    assert columns()["log_since_signal"] == pytest.approx(np.log1p([1, 0, 1, 0]))


def test_the_clocks_are_logarithms_of_mails_and_days():
    found = columns()
    assert found["log_sends"] == pytest.approx(np.log1p([3, 2, 1, 0]))
    assert found["log_since_reply"] == pytest.approx(np.log1p([2, 2, 1, 0]))
    assert found["log_days_since_reply"] == pytest.approx(np.log1p([88, 80, 70, 0]))
    assert found["log_days_since_send"] == pytest.approx(np.log1p([40, 50, 70, 0]))
    assert found["log_step"] == pytest.approx(np.log1p([3, 2, 1, 0]))
    assert found["never_replied"].tolist() == [0, 1, 1, 1]


def test_groups_speak_without_the_contact_itself():
    sends = make_sends(MAILS, 4, SOURCE, DOMAIN)
    assert senders_at(sends, 100.0).tolist() == [2, 2, 1, 0]
    assert senders_at(sends, 30.0).tolist() == [1, 2, 1, 0]
    history = histories(sends, 100.0, 5.0)
    groups = groups_at(sends, history, 100.0)
    rate = 1.5 / 7
    assert groups.totals.rate == pytest.approx(rate)
    # By the sender of their last mail: contacts 0 and 1 belong to 2, contact 2 to 1.
    nu = strength(groups.by_sender, rate)
    expected = logit([rate * nu / (2 + nu), (1 + rate * nu) / (3 + nu), rate, rate]) - logit(rate)
    assert columns()["sender_logit"] == pytest.approx(expected)
    nu = strength(groups.by_domain, rate)
    expected = logit([rate * nu / (2 + nu), (1 + rate * nu) / (3 + nu)]) - logit(rate)
    assert columns()["domain_logit"] == pytest.approx([*expected, 0, 0])


def test_the_recent_rates_are_drawn_towards_all_by_three_mails():
    rate, fade = 1.5 / 7, 0.5**0.25
    recent = [fade**2 + 3 * rate, 3 * rate, 3 * rate, 3 * rate]
    mails = [1 + fade + fade**2 + 3, 1 + fade + 3, 4, 3]
    assert columns()["recent_rate_logit"] == pytest.approx(logit(np.divide(recent, mails)))
    age = [sum(0.5 ** ((100 - mail.sent_at) / 60) for mail in MAILS if mail.contact == who) for who in range(4)]
    late = [0.5**1.5 + 3 * rate, 3 * rate, 3 * rate, 3 * rate]
    assert columns()["late_rate_logit"] == pytest.approx(logit(np.divide(late, np.add(age, 3))))


def test_opens_and_clicks_are_drawn_towards_all_by_two_mails():
    fade = 0.5**0.25
    mails = np.array([1 + fade + fade**2, 1 + fade, 1, 0])
    opens, clicks = np.array([fade, 1, 0, 0]), np.array([0.0, 1, 0, 0])
    common, clicked = opens.sum() / mails.sum(), clicks.sum() / mails.sum()
    assert columns()["recent_open_rate"] == pytest.approx((opens + 2 * common) / (mails + 2))
    expected = np.log((clicks + 2 * clicked + 0.005) / (mails + 2.01))
    assert columns()["recent_click_rate"] == pytest.approx(expected)


def test_no_mail_at_all_is_no_infinity():
    sends = make_sends([], 3)
    history = histories(sends, 100.0, 5.0)
    assert np.isfinite(design(history, sends, groups_at(sends, history, 100.0), REPLIES, SIGNALS)).all()


def test_of_who_opens_everything_the_opens_are_looked_at_apart():
    mails = [Mail(0, 10, opened_at=10.5), Mail(0, 40, opened_at=40.5), Mail(1, 20, opened_at=20.5), Mail(1, 50)]
    sends = make_sends(mails, 2)
    history = histories(sends, 100.0, 5.0)
    found = dict(zip(NAMES, design(history, sends, groups_at(sends, history, 100.0), REPLIES, SIGNALS).T, strict=True))
    assert found["hidden"].tolist() == [1, 0]
    assert found["hidden_log_since_signal"] == pytest.approx([np.log1p(2), 0])
    assert found["log_since_signal"] == pytest.approx([0, np.log1p(1)])
    alive = logit(SIGNALS.p_alive(as_signals(history), sends.source))
    assert found["hidden_signal_alive_logit"] == pytest.approx([alive[0], 0])
    assert found["signal_alive_logit"] == pytest.approx([0, alive[1]])
