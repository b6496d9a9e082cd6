"""What came of the mails after a moment in the past, against a slow version, and the moments themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.flags.engagement.features import AHEAD
from hygiene.flags.engagement.landmarks import FIRST_SHARE, LANDMARKS, LAST_SHARE, landmarks, outcomes
from tests.flags.engagement.makers import Mail, mail_lists, make_sends

DELAY = 5.0


def of(*mails: Mail, moment: float = 50.0, until: float = 100.0) -> list[tuple[int, int, float]]:
    found = outcomes(make_sends(list(mails), 3), moment, until, DELAY)
    return list(zip(*(column.tolist() for column in found), strict=True))


def slow(mails: list[Mail], contacts: int, moment: float, until: float) -> list[tuple[int, int, float]]:
    rows = []
    for contact in range(contacts):
        own = sorted((mail for mail in mails if mail.contact == contact), key=lambda mail: mail.sent_at)
        if not any(mail.sent_at <= moment for mail in own):
            continue
        for position, mail in enumerate([mail for mail in own if mail.sent_at > moment][:AHEAD]):
            if mail.sent_at > until - DELAY:
                break
            answered = mail.replied_at <= until
            rows.append((contact, position, float(answered)))
            if answered:
                break
    return rows


@settings(deadline=None)
@given(
    mails=mail_lists(),
    moment=st.integers(0, 60).map(lambda half: half / 2),
    more=st.integers(0, 60).map(lambda half: half / 2),
)
def test_the_rows_are_those_of_going_through_the_mails_one_by_one(mails, moment, more):
    found = outcomes(make_sends(mails, 4), moment, moment + more, DELAY)
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == slow(mails, 4, moment, moment + more)


def test_nothing_is_asked_after_the_first_reply():
    assert of(Mail(0, 10), Mail(0, 60), Mail(0, 70, 71), Mail(0, 80)) == [(0, 0, 0.0), (0, 1, 1.0)]


def test_three_mails_are_looked_at_and_no_more():
    assert of(*(Mail(0, at) for at in (10, 51, 52, 53, 54))) == [(0, 0, 0.0), (0, 1, 0.0), (0, 2, 0.0)]


def test_a_reply_to_a_mail_before_the_landmark_is_none_after_it():
    assert of(Mail(0, 49, replied_at=51), Mail(0, 60)) == [(0, 0, 0.0)]


def test_who_had_no_mail_before_has_no_row():
    assert of(Mail(0, 60), Mail(1, 50), Mail(1, 60)) == [(1, 0, 0.0)]


def test_a_mail_near_the_end_says_nothing_answered_or_not():
    silent, answered = Mail(0, 96), Mail(0, 96, replied_at=97)
    assert of(Mail(0, 10), silent) == of(Mail(0, 10), answered) == []
    assert of(Mail(0, 10), Mail(0, 95)) == [(0, 0, 0.0)]


def test_a_reply_after_the_end_is_not_known():
    assert of(Mail(0, 10), Mail(0, 60, replied_at=101)) == [(0, 0, 0.0)]


def test_landmarks_lie_at_equal_numbers_of_mails_and_look_at_nothing_later():
    past, later = [Mail(0, at) for at in range(101)], [Mail(0, 500 + at, 501 + at) for at in range(50)]
    marks = landmarks(make_sends(past, 1), 100.0)
    assert marks == pytest.approx(np.linspace(100 * FIRST_SHARE, 100 * LAST_SHARE, LANDMARKS))
    assert landmarks(make_sends(past + later, 1), 100.0).tolist() == marks.tolist()


def test_mails_of_one_moment_have_one_landmark_and_no_mails_none():
    assert landmarks(make_sends([Mail(0, 7.0)] * 20, 1), 100.0).tolist() == [7.0]
    assert landmarks(make_sends([], 1), 100.0).tolist() == []
    assert landmarks(make_sends([Mail(0, 7.0)], 1), 6.0).tolist() == []
