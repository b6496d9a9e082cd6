"""The clock from an opt-out to the last touch, against days that were counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.advice.opt_out_clock import opt_out_clock
from hygiene.facts.opt_outs import LateMail, OptOut

FRIDAY = datetime(2026, 3, 6, 12)


def said(key: int = 1, kind: Any = "unsubscribe", at: datetime | None = FRIDAY, **more: Any) -> OptOut:
    return OptOut(key, f"c{key}", kind, at, **more)


def mail(key: int = 1, *, hours: float = 0, sender: int | None = 1, tool: Any = "sequence", **more: Any) -> LateMail:
    return LateMail(key, f"c{key}", tool, sender, 1, 1, FRIDAY + timedelta(hours=hours), **more)


def test_the_first_request_starts_it_and_the_last_mail_ends_it() -> None:
    later = FRIDAY + timedelta(days=9)
    clock = opt_out_clock([said(at=later, kind="crm"), said()], [mail(hours=60), mail(hours=10)])
    (stop,) = clock.stops
    assert (stop.kind, stop.asked_at, [touch.hours for touch in stop.touches]) == ("unsubscribe", FRIDAY, [10.0, 60.0])
    assert clock.total is not None
    assert (clock.total.contacts, clock.total.mails, clock.total.median_hours) == (1, 2, 60.0)
    assert (clock.total.over_48_hours, clock.total.over_10_business_days) == (("c1",), ())


@pytest.mark.parametrize(
    ("days", "business_days"),
    [(0.1, 0), (1, 0), (2, 0), (3, 1), (7, 5), (14, 10), (15, 10), (17, 11), (21, 15)],
)
def test_business_days_are_mondays_to_fridays_after_the_day_of_the_request(days: float, business_days: int) -> None:
    (stop,) = opt_out_clock([said()], [mail(hours=days * 24)]).stops
    assert stop.last.business_days == business_days


def test_limits_are_crossed_only_beyond_them() -> None:
    clock = opt_out_clock([said(1), said(2)], [mail(1, hours=48), mail(2, hours=48.1)])
    assert clock.total is not None
    assert clock.total.over_48_hours == ("c2",)
    clock = opt_out_clock([said(1), said(2)], [mail(1, hours=14 * 24), mail(2, hours=17 * 24)])
    assert clock.total is not None
    assert clock.total.over_10_business_days == ("c2",)


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 24.0), ("Europe/Paris", 24.0), ("America/New_York", 24.0)])
def test_a_day_without_a_time_starts_it_at_its_end_in_the_zone_of_the_export(zone: str, hours: float) -> None:
    midnight = {"UTC": 0, "Europe/Paris": -1, "America/New_York": 5}[zone]
    asked = datetime(2026, 3, 6) + timedelta(hours=midnight)
    sent = LateMail(1, "c1", "sequence", 1, 1, 1, asked + timedelta(hours=24 + hours))
    (stop,) = opt_out_clock([said(at=asked)], [sent], zone).stops
    assert (stop.has_time, stop.last.hours) == (False, hours)
    same_day = LateMail(1, "c1", "sequence", 1, 1, 1, asked + timedelta(hours=23))
    assert opt_out_clock([said(at=asked)], [same_day], zone).stops == ()


def test_a_consent_given_anew_ends_it_and_an_earlier_one_does_not() -> None:
    anew, before = FRIDAY + timedelta(hours=50), FRIDAY - timedelta(hours=50)
    (stop,) = opt_out_clock([said()], [mail(hours=40, consent_at=anew), mail(hours=60, consent_at=anew)]).stops
    assert [touch.hours for touch in stop.touches] == [40.0]
    assert len(opt_out_clock([said()], [mail(hours=60, consent_at=before)]).stops) == 1


def test_a_suppression_for_a_bounce_starts_no_clock_and_a_request_without_a_date_none_either() -> None:
    clock = opt_out_clock(
        [
            said(1, "suppression", reason="Hard bounce"),
            said(2, "do_not_contact", None),
            said(3, "suppression", reason="asked"),
        ],
        [mail(1, hours=90), mail(2, hours=90), mail(3, hours=90)],
    )
    assert [stop.contact_id for stop in clock.stops] == ["c3"]
    assert (clock.timed, clock.undated) == (1, 2)


def test_it_is_split_by_sender_tool_and_way_of_saying_it() -> None:
    mails = [
        mail(1, hours=10, sender=1),
        mail(1, hours=100, sender=2),
        mail(2, hours=30, sender=1),
        mail(3, hours=5, sender=None, tool="crm"),
    ]
    clock = opt_out_clock([said(1), said(2, "reply"), said(3, "reply")], mails)
    assert {key: (row.contacts, row.worst_hours) for key, row in clock.by_sender.items()} == {
        1: (2, 30.0),
        2: (1, 100.0),
    }
    assert {key: row.contacts for key, row in clock.by_tool.items()} == {"crm": 1, "sequence": 2}
    assert {key: (row.contacts, row.median_hours) for key, row in clock.by_kind.items()} == {
        "reply": (2, 17.5),
        "unsubscribe": (1, 100.0),
    }


def test_the_crms_own_date_of_a_mail_that_is_known_in_full_counts_once() -> None:
    twice = [mail(hours=50), mail(hours=51, sender=None, tool="crm")]
    (stop,) = opt_out_clock([said()], twice).stops
    assert len(stop.touches) == 1
    (stop,) = opt_out_clock([said()], [*twice, mail(hours=99, sender=None, tool="crm")]).stops
    assert [touch.mail.tool for touch in stop.touches] == ["sequence", "crm"]


requests = st.lists(
    st.builds(
        said,
        st.integers(1, 4),
        st.sampled_from(["crm", "reply", "suppression"]),
        st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 4, 1)),
    ),
    max_size=8,
)
sent = st.lists(
    st.builds(lambda key, hours: mail(key, hours=hours), st.integers(1, 4), st.integers(-900, 900)), max_size=8
)


@settings(deadline=None)
@given(requests, sent, st.randoms())
def test_the_order_does_not_matter_and_no_touch_lies_before_the_request(opt_outs, mails, chance) -> None:
    clock = opt_out_clock(opt_outs, mails)
    mixed = ([*opt_outs], [*mails])
    for rows in mixed:
        chance.shuffle(rows)
    assert opt_out_clock(*mixed) == clock
    assert all(touch.hours > 0 for stop in clock.stops for touch in stop.touches)
    assert clock.timed + clock.undated == len({row.contact_key for row in opt_outs})


@settings(deadline=None)
@given(requests, sent, requests)
def test_one_more_request_never_makes_a_delay_shorter(opt_outs, mails, more) -> None:
    def delays(rows: list[OptOut]) -> dict[str, float]:
        return {stop.contact_id: stop.last.hours for stop in opt_out_clock(rows, mails).stops}

    before, after = delays(opt_outs), delays([*opt_outs, *more])
    assert all(after[key] >= hours for key, hours in before.items())
