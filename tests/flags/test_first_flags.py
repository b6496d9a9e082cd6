from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.facts.types import ContactFacts
from hygiene.flags.contacts import RULES, decide, is_unengaged, summarize
from hygiene.flags.types import FLAGS, REASONS
from tests.canonical import day

QUIET = ContactFacts(
    contact_key=1,
    contact_id="c1",
    email="ana@example.org",
    sender_key=1,
    sends=3,
    replies=0,
    engagements=0,
    sends_since_reply=3,
    sends_since_engagement=3,
    last_sent_at=day(3),
    last_reply_at=None,
    last_engaged_at=None,
    active_enrollments=0,
    opted_out=False,
    opted_out_at=None,
    unsubscribed_at=None,
    complained_at=None,
    do_not_contact=False,
    suppressed=None,
    hard_bounce_reason=None,
    last_bounce_at=None,
    last_bounce_detail=None,
    marketing_sends_since_engagement=None,
    marketing_engaged=None,
)

CASES = {
    "three silent mails are no reason": ({}, "keep", "none"),
    "an opt-out is never": ({"opted_out": True}, "never", "opted_out"),
    "an unsubscribe event is never": ({"unsubscribed_at": day(1)}, "never", "unsubscribed"),
    "a complaint is never": ({"complained_at": day(1)}, "never", "complained"),
    "do not contact is never": ({"do_not_contact": True}, "never", "do_not_contact"),
    "a suppression is never, also without a reason": ({"suppressed": ""}, "never", "suppressed"),
    "an unknown user is removed": ({"hard_bounce_reason": "UNKNOWN_USER"}, "remove", "unknown_user"),
    "case and spaces of the reason do not matter": ({"hard_bounce_reason": " unknown_user "}, "remove", "unknown_user"),
    "a full mailbox stays": ({"hard_bounce_reason": "MAILBOX_FULL"}, "keep", "none"),
    "the sender's fault stays": ({"hard_bounce_reason": "POLICY"}, "keep", "none"),
    "spam, content and other stay": ({"hard_bounce_reason": "SPAM"}, "keep", "none"),
    "who answered after the bounce stays": (
        {"hard_bounce_reason": "UNKNOWN_USER", "last_bounce_at": day(1), "last_engaged_at": day(2)},
        "keep",
        "none",
    ),
    "who answered before the bounce goes": (
        {"hard_bounce_reason": "UNKNOWN_USER", "last_bounce_at": day(2), "last_engaged_at": day(1)},
        "remove",
        "unknown_user",
    ),
    "ten mails without any engagement stay": ({"sends_since_engagement": 10}, "keep", "none"),
    "eleven mails without any engagement pause": ({"sends_since_engagement": 11}, "pause", "hubspot_11_16"),
    "fifteen after an engagement stay": ({"sends_since_engagement": 15, "engagements": 2}, "keep", "none"),
    "sixteen after an engagement pause": ({"sends_since_engagement": 16, "engagements": 2}, "pause", "hubspot_11_16"),
    "the CRM's own counter is a rule of its own": (
        {
            "sends": None,
            "sends_since_engagement": None,
            "marketing_sends_since_engagement": 11,
            "marketing_engaged": False,
        },
        "pause",
        "hubspot_11_16_marketing",
    ),
    "no counter is no reason": ({"sends": None, "sends_since_engagement": None}, "keep", "none"),
    "an opt-out is stricter than a dead address": (
        {"opted_out": True, "hard_bounce_reason": "UNKNOWN_USER", "sends_since_engagement": 30},
        "never",
        "opted_out",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_first_rule_that_speaks_decides(case: str) -> None:
    columns, flag, reason = CASES[case]
    decided = decide(QUIET._replace(**columns))
    assert (decided.flag, decided.reason) == (flag, reason)
    assert decided.p_reply is None
    assert decided.p_engaged is None


def test_every_reason_has_its_rule_and_the_strict_ones_come_first() -> None:
    assert list(RULES) == list(REASONS)
    strictness = [FLAGS.index(flag) for flag in REASONS.values()]
    assert strictness == sorted(strictness)


@given(sends=st.integers(0, 40), engaged=st.booleans())
def test_more_silence_never_unflags(sends: int, engaged: bool) -> None:
    assert is_unengaged(sends, ever_engaged=engaged) <= is_unengaged(sends + 1, ever_engaged=engaged)


def test_the_summary_counts_each_contact_once_and_holds_only_the_flagged() -> None:
    rows = [
        decide(QUIET),
        decide(QUIET._replace(contact_id="c2", opted_out=True, active_enrollments=1)),
        decide(QUIET._replace(contact_id="c3", sends_since_engagement=11, active_enrollments=1, sender_key=None)),
    ]
    summary = summarize(rows)
    assert summary.by_flag == {"keep": 1, "never": 1, "pause": 1}
    assert summary.by_reason == {"opted_out": 1, "hubspot_11_16": 1, "none": 1}
    assert summary.by_sender == {1: {"keep": 1, "never": 1}, None: {"pause": 1}}
    assert summary.still_active == 1
    assert [row.facts.contact_id for row in summary.flagged] == ["c2", "c3"]
