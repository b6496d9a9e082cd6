from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.flags.contacts import RULES, decide, is_unengaged, summarize
from hygiene.flags.types import FLAGS, REASONS
from tests.canonical import QUIET, day

DEAD = {"last_bounce_at": day(1), "last_bounce_action": "remove", "last_bounce_signal": "code 5.1.1"}
DEAD_IN_CRM = {"last_bounce_action": "remove", "last_bounce_signal": "hubspot:UNKNOWN_USER"}
HELD = {"last_bounce_at": day(1), "last_bounce_action": "hold", "bounced_lately": True}
CASES = {
    "three silent mails are no reason": ({}, "keep", "none"),
    "an opt-out is never": ({"opted_out": True}, "never", "opted_out"),
    "an unsubscribe event is never": ({"unsubscribed_at": day(1)}, "never", "unsubscribed"),
    "a complaint is never": ({"complained_at": day(1)}, "never", "complained"),
    "do not contact is never": ({"do_not_contact": True}, "never", "do_not_contact"),
    "a suppression is never, also without a reason": ({"suppressed": ""}, "never", "suppressed"),
    "a demand in words is never": ({"asked_out_at": day(1)}, "never", "asked_out"),
    "an address that the CRM calls unknown is removed": (DEAD_IN_CRM, "remove", "unknown_user"),
    "an address that a server calls unknown is removed": (DEAD, "remove", "address_bounced"),
    "an unclear bounce is looked at": ({**DEAD, "last_bounce_action": "review"}, "pause", "bounce_to_review"),
    "a bounce that says nothing is looked at": ({"last_bounce_at": day(1)}, "pause", "bounce_to_review"),
    "who is alive after it stays": ({"last_bounce_at": day(1), "alive_at": day(2)}, "keep", "none"),
    "the sender's fault stays": ({**DEAD, "last_bounce_action": "fix_sender"}, "keep", "none"),
    "who is alive after the bounce stays": ({**DEAD, "alive_at": day(2)}, "keep", "none"),
    "who was alive before the bounce goes": ({**DEAD, "alive_at": day(0)}, "remove", "address_bounced"),
    "a mailbox full for once waits": ({**HELD, "full_mailboxes": 1}, "pause", "bounce_on_hold"),
    "a mailbox full three times is looked at": ({**HELD, "full_mailboxes": 3}, "pause", "mailbox_full_often"),
    "a bounce long ago holds nobody": ({**HELD, "bounced_lately": False}, "keep", "none"),
    "who is alive after a full mailbox stays": ({**HELD, "full_mailboxes": 3, "alive_at": day(2)}, "keep", "none"),
    "who has left is asked after": ({"left_at": day(1)}, "pause", "left_company"),
    "who answers after the notice has not left": ({"left_at": day(1), "last_reply_at": day(2)}, "keep", "none"),
    "who is away comes back": ({"away_at": day(1), "away_until": day(9), "is_away": True}, "pause", "out_of_office"),
    "who is back is written to": ({"away_at": day(1), "away_until": day(2)}, "keep", "none"),
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
        {"opted_out": True, **DEAD, "sends_since_engagement": 30},
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
