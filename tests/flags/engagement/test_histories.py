"""What was known of a contact at a moment, against a slow version that goes through its mails one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.flags.engagement.histories import (
    DELAY_DEFAULT,
    DELAY_LIMITS,
    HALF_LIFE_DAYS,
    HALF_LIFE_SENDS,
    HIDDEN_LEAD,
    OPEN_DAYS,
    OPENED,
    UNOPENED,
    Histories,
    after_open,
    after_reply,
    as_signals,
    histories,
    reply_delay,
)
from hygiene.flags.engagement.model import known_at
from tests.flags.engagement.makers import NEVER, Mail, mail_lists, make_sends

DELAY = 5.0


def slow(mails: list[Mail], moment: float, delay: float) -> dict[str, float]:
    """One contact, one mail after the other."""
    past = sorted((mail for mail in mails if mail.sent_at <= moment), key=lambda mail: mail.sent_at)
    waiting = [mail for mail in past if mail.replied_at > moment and mail.sent_at > moment - delay]
    counted = [mail for mail in past if mail not in waiting]
    fade = [0.5 ** ((len(counted) - number) / HALF_LIFE_SENDS) for number in range(1, len(counted) + 1)]
    age = [0.5 ** ((moment - mail.sent_at) / HALF_LIFE_DAYS) for mail in counted]
    replied = [mail.replied_at <= moment for mail in counted]
    clicked = [mail.clicked_at <= moment for mail in counted]
    ripe = [mail for mail in past if mail.sent_at <= moment - OPEN_DAYS]
    seen = sum(mail.opened_at <= moment for mail in ripe)
    hidden = OPENED * seen - UNOPENED * (len(ripe) - seen) >= HIDDEN_LEAD
    opened = [mail.clicked_at <= moment or (mail.opened_at <= moment and not hidden) for mail in counted]
    signal = [any(each) for each in zip(replied, opened, strict=True)]
    reply_times = [mail.replied_at for mail in past if mail.replied_at <= moment]
    signal_times = [at for mail in past for at in (mail[2:4] if hidden else mail[2:5]) if at <= moment]

    def last(chosen: list[bool]) -> int:
        return max((number for number, yes in enumerate(chosen, start=1) if yes), default=0)

    def total(weights: list[float], chosen: list[bool]) -> float:
        return sum(weight for weight, yes in zip(weights, chosen, strict=True) if yes)

    def since(times: list[float]) -> float:
        return moment - (max(times) if times else past[0].sent_at) if past else 0.0

    return {
        "sends": len(counted),
        "replies": sum(replied),
        "last_reply": last(replied),
        "recent_replies": total(fade, replied),
        "recent_sends": sum(fade),
        "late_replies": total(age, replied),
        "late_sends": sum(age),
        "recent_opens": total(fade, opened),
        "recent_clicks": total(fade, clicked),
        "signals": sum(signal),
        "since_signal": len(counted) - last(signal),
        "days_since_signal": since(signal_times),
        "days_since_reply": since(reply_times),
        "days_since_send": moment - past[-1].sent_at if past else 0.0,
        "step": past[-1].step if past else 0,
        "open_sends": len(waiting),
        "is_hidden": float(hidden),
    }


def row(history: Histories, contact: int) -> dict[str, float]:
    return {name: float(getattr(history, name)[contact]) for name in Histories._fields}


def of(*mails: Mail, moment: float = 100.0) -> dict[str, float]:
    return row(histories(make_sends(list(mails), 1), moment, DELAY), 0)


@settings(deadline=None)
@given(
    mails=mail_lists(), moment=st.integers(-2, 90).map(lambda half: half / 2), delay=st.sampled_from((1.0, 5.0, 14.0))
)
def test_a_history_is_what_going_through_the_mails_one_by_one_finds(mails, moment, delay):
    found = histories(make_sends(mails, 4), moment, delay)
    for contact in range(4):
        expected = slow([mail for mail in mails if mail.contact == contact], moment, delay)
        assert row(found, contact) == pytest.approx(expected)


@settings(deadline=None)
@given(mails=mail_lists(), moment=st.integers(0, 80).map(lambda half: half / 2), data=st.data())
def test_nothing_that_comes_after_the_moment_changes_a_history(mails, moment, data):
    later = st.sampled_from((0.25, 2.0, 50.0, NEVER)).map(lambda more: moment + more)

    def otherwise(at: float) -> float:
        return at if at <= moment else data.draw(later)

    changed = [mail._replace(**{name: otherwise(getattr(mail, name)) for name in Mail._fields[2:5]}) for mail in mails]
    changed = [
        mail if mail.sent_at <= moment else mail._replace(sent_at=otherwise(mail.sent_at), step=7) for mail in changed
    ]
    changed = [mail for mail in changed if np.isfinite(mail.sent_at)]
    changed += [Mail(data.draw(st.integers(0, 3)), moment + 1.0, moment + 1.5)]
    one, two = (histories(make_sends(rows, 4), moment, DELAY) for rows in (mails, changed))
    three = histories(known_at(make_sends(changed, 4), moment), moment, DELAY)
    for name in Histories._fields:
        assert getattr(one, name).tolist() == getattr(two, name).tolist() == getattr(three, name).tolist(), name


def test_three_mails_of_which_the_second_was_answered():
    found = of(Mail(0, 10), Mail(0, 20, replied_at=21), Mail(0, 40, step=3))
    counts = {name: found[name] for name in ("sends", "replies", "last_reply", "signals", "since_signal", "open_sends")}
    assert counts == {"sends": 3, "replies": 1, "last_reply": 2, "signals": 1, "since_signal": 1, "open_sends": 0}
    assert (found["days_since_reply"], found["days_since_send"], found["step"]) == (79, 60, 3)
    assert found["recent_replies"] == pytest.approx(0.5**0.25)
    assert found["recent_sends"] == pytest.approx(1 + 0.5**0.25 + 0.5**0.5)
    assert found["late_sends"] == pytest.approx(0.5**1.5 + 0.5 ** (80 / 60) + 0.5)


def test_a_mail_that_may_yet_be_answered_is_neither_silence_nor_a_mail():
    found = of(Mail(0, 10), Mail(0, 97))
    assert (found["sends"], found["open_sends"], found["recent_sends"]) == (1, 1, 1.0)
    assert (found["days_since_send"], found["days_since_reply"]) == (3, 90)


def test_a_young_mail_that_was_answered_counts():
    found = of(Mail(0, 10), Mail(0, 97, replied_at=99))
    assert (found["sends"], found["replies"], found["last_reply"], found["open_sends"]) == (2, 1, 2, 0)


def test_a_young_mail_whose_answer_is_still_to_come_is_pending():
    assert of(Mail(0, 97, replied_at=101))["open_sends"] == 1


def test_a_mail_has_had_its_chance_at_the_very_end_of_the_delay():
    assert of(Mail(0, 95))["sends"] == 1
    assert of(Mail(0, 95.001))["sends"] == 0


def test_a_contact_without_a_mail_is_all_zero():
    assert set(of().values()) == {0.0}
    assert set(of(Mail(0, 200)).values()) == {0.0}


def test_a_click_is_an_open_and_both_are_signals_but_no_replies():
    found = of(Mail(0, 10, clicked_at=12), Mail(0, 20, opened_at=22), Mail(0, 30))
    assert (found["signals"], found["since_signal"], found["replies"]) == (2, 1, 0)
    assert found["recent_opens"] == pytest.approx(0.5**0.5 + 0.5**0.25)
    assert found["recent_clicks"] == pytest.approx(0.5**0.5)
    assert found["days_since_signal"] == 78


def test_an_open_of_a_mail_that_may_yet_be_answered_is_a_sign_of_life_now():
    assert of(Mail(0, 10), Mail(0, 97, opened_at=98))["days_since_signal"] == 2


def test_who_opens_nearly_everything_says_nothing_by_it():
    two = of(Mail(0, 10, opened_at=10.2), Mail(0, 20, opened_at=20.2))
    assert (two["is_hidden"], two["signals"], two["recent_opens"], two["days_since_signal"]) == (True, 0, 0, 90)
    one = of(Mail(0, 10, opened_at=10.2), Mail(0, 20))
    assert (one["is_hidden"], one["signals"], one["days_since_signal"]) == (False, 1, 89.8)
    clicked = of(Mail(0, 10, opened_at=10.2), Mail(0, 20, opened_at=20.2, clicked_at=25))
    assert (clicked["is_hidden"], clicked["signals"], clicked["since_signal"]) == (True, 1, 0)


@pytest.mark.parametrize(("opened", "unopened", "hidden"), [(1, 0, 0), (2, 0, 1), (4, 1, 0), (5, 1, 1), (9, 2, 1)])
def test_the_opens_are_weighed_against_the_mails_left_unopened(opened, unopened, hidden):
    mails = [Mail(0, 10.0 + at, opened_at=10.5 + at if at < opened else NEVER) for at in range(opened + unopened)]
    assert of(*mails)["is_hidden"] == hidden
    young = Mail(0, 99.5)  # a proxy takes up to a day
    assert of(*mails, young)["is_hidden"] == hidden


def test_a_reply_more_and_an_open_more_are_what_the_mails_would_say():
    mails = [Mail(0, 60, opened_at=61), Mail(0, 70, replied_at=72), Mail(0, 80), Mail(0, 90)]
    now = histories(make_sends(mails, 1), 100.0, DELAY)
    answered = histories(make_sends([*mails, Mail(0, 100, replied_at=100)], 1), 100.0, 0.0)
    opened = histories(make_sends([*mails, Mail(0, 100, opened_at=100)], 1), 100.0, 0.0)
    for name in Histories._fields:
        assert getattr(after_open(now), name) == pytest.approx(getattr(opened, name)), name
        if name != "recent_opens":  # who answers has opened, as far as the model goes
            assert getattr(after_reply(now), name) == pytest.approx(getattr(answered, name)), name


def test_as_signals_puts_any_sign_of_life_in_the_place_of_a_reply():
    signals = as_signals(histories(make_sends([Mail(0, 10, opened_at=11), Mail(0, 20)], 1), 100.0, DELAY))
    assert (signals.replies[0], signals.last_reply[0], signals.sends[0]) == (1, 1, 2)


def test_only_some_contacts_are_picked_from_every_column():
    history = histories(make_sends([Mail(0, 10), Mail(1, 20), Mail(1, 30), Mail(2, 40)], 3), 100.0, DELAY)
    some = history.only(np.array([False, True, True]))
    assert some.sends.tolist() == [2, 1]
    assert all(len(column) == 2 for column in some)


def test_the_delay_is_the_day_by_which_nine_replies_in_ten_came():
    mails = [Mail(0, 30 * number, 30 * number + 0.1 * number) for number in range(1, 101)]
    young = [Mail(0, 3_980 + number, 3_980 + number + 0.01) for number in range(15)]
    silent = [Mail(0, 30 * number + 1) for number in range(1, 101)]
    assert reply_delay(make_sends(mails + silent + young, 1), 4_000.0) == pytest.approx(9.01)


def test_few_replies_have_the_usual_delay():
    mails = [Mail(0, 30 * number, 30 * number + 9) for number in range(29)]
    assert reply_delay(make_sends(mails, 1), 4_000.0) == DELAY_DEFAULT
    assert reply_delay(make_sends([], 1), 4_000.0) == DELAY_DEFAULT
    assert reply_delay(make_sends([*mails, Mail(0, 900, 909)], 1), 4_000.0) == 9


@pytest.mark.parametrize(("days", "expected"), [(0.01, DELAY_LIMITS[0]), (25.0, DELAY_LIMITS[1])])
def test_the_delay_stays_within_its_limits(days, expected):
    mails = [Mail(0, 30 * number, 30 * number + days) for number in range(100)]
    assert reply_delay(make_sends(mails, 1), 4_000.0) == expected
