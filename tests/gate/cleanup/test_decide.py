"""One action a contact, by its own record: a table of cases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygiene.facts.read import HOLD_DAYS
from hygiene.flags.types import REASONS
from hygiene.gate.cleanup.types import ACTIONS, CODES
from tests.canonical import day
from tests.gate.cleanup.making import AS_OF, DEAD, FULL, REFUSED, UNLIKELY, decided

CASES = [
    ({}, "keep", "none"),
    ({"opted_out": True}, "suppress", "opted_out"),
    ({"unsubscribed_at": day(2)}, "suppress", "unsubscribed"),
    ({"asked_out_at": day(2)}, "suppress", "asked_out"),
    ({"complained_at": day(2)}, "suppress", "complained"),
    ({"do_not_contact": True}, "suppress", "do_not_contact"),
    ({"suppressed": ""}, "suppress", "suppressed"),
    ({"opted_out": True, **DEAD}, "suppress", "opted_out"),
    (DEAD, "remove", "address_bounced"),
    ({**DEAD, "last_bounce_signal": "hubspot:UNKNOWN_USER"}, "remove", "unknown_user"),
    ({**DEAD, "hard_bounce_reason": "POLICY"}, "remove", "address_bounced"),
    ({**DEAD, "alive_at": day(10)}, "keep", "none"),
    (FULL, "hold", "bounce_on_hold"),
    ({**FULL, "bounced_lately": False}, "keep", "none"),
    ({**FULL, "full_mailboxes": 3}, "review", "mailbox_full_often"),
    ({**FULL, "hard_bounce_reason": "SPAM"}, "hold", "bounce_on_hold"),
    ({"hard_bounce_reason": "CONTENT"}, "unbounce_and_fix", "crm_content"),
    ({"hard_bounce_reason": "spam "}, "unbounce_and_fix", "crm_spam"),
    ({"hard_bounce_reason": "POLICY", "outlook": UNLIKELY}, "unbounce_and_fix", "crm_policy"),
    ({"hard_bounce_reason": "POLICY", "alive_at": day(20)}, "unbounce_and_fix", "crm_policy"),
    ({"last_bounce_action": "review", "last_bounce_signal": "hubspot:OTHER"}, "unbounce_and_fix", "crm_other"),
    ({"hard_bounce_reason": "POLICY", "opted_out": True}, "suppress", "opted_out"),
    ({"hard_bounce_reason": "POLICY", "left_at": day(3)}, "review", "left_company"),
    ({"hard_bounce_reason": "MISSING_CONTENT", "last_bounce_action": "review"}, "review", "bounce_to_review"),
    ({"last_bounce_action": "review", "last_bounce_at": day(3)}, "review", "bounce_to_review"),
    ({"left_at": day(3)}, "review", "left_company"),
    ({"away_at": day(55), "away_until": day(70), "is_away": True}, "resume_on", "out_of_office"),
    ({"outlook": UNLIKELY}, "pause", "unlikely_to_reply"),
    ({"outlook": UNLIKELY, **REFUSED}, "pause", "unlikely_to_reply"),
    ({"outlook": UNLIKELY._replace(is_control=True)}, "keep", "control_group"),
    ({"sends": None, "marketing_sends_since_engagement": 16, "marketing_engaged": True}, "pause", None),
    (REFUSED, "sender_fault", "sender_refused"),
    ({**REFUSED, "alive_at": day(10)}, "keep", "none"),
]


@pytest.mark.parametrize(("known", "action", "code"), CASES)
def test_each_contact_gets_the_strictest_action_that_applies(known, action, code):
    row = decided(**known)
    assert row.action == action
    assert code in (row.code, None)
    assert CODES[row.code] == row.action


def test_a_hold_has_a_day_always():
    assert decided(**FULL).until == day(50) + HOLD_DAYS
    undated = {**FULL, "last_bounce_at": None}
    assert decided(**undated).until == AS_OF + HOLD_DAYS


def test_an_absence_ends_on_its_own_day():
    assert decided(away_at=day(55), away_until=day(70), is_away=True).until == day(70)


def test_every_reason_of_the_flags_has_an_action():
    assert set(REASONS) <= set(CODES)
    assert {CODES[reason] for reason, flag in REASONS.items() if flag == "never"} == {"suppress"}
    assert {CODES[reason] for reason, flag in REASONS.items() if flag == "remove"} == {"remove"}
    assert set(CODES.values()) == {*ACTIONS, "keep"}


PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "do_not_contact": st.booleans(),
        "suppressed": st.sampled_from([None, "", "by hand"]),
        "hard_bounce_reason": st.sampled_from([None, "CONTENT", "OTHER", "UNKNOWN_USER", "MAILBOX_FULL", "=1"]),
        "last_bounce_action": st.sampled_from([None, "remove", "hold", "fix_sender", "review", "retry"]),
        "last_bounce_at": st.sampled_from([None, day(3), day(50)]),
        "alive_at": st.sampled_from([None, day(1), day(55)]),
        "left_at": st.sampled_from([None, day(4)]),
        "is_away": st.booleans(),
        "outlook": st.sampled_from([None, UNLIKELY]),
    },
)


@PATIENT
@given(KNOWN)
def test_only_the_contacts_own_fault_removes(known):
    row = decided(**known)
    if row.action == "remove":
        assert known["last_bounce_action"] == "remove"


@PATIENT
@given(KNOWN, st.sampled_from(["opted_out", "do_not_contact"]))
def test_who_says_no_is_suppressed_whatever_else_is_known(known, how):
    assert decided(**{**known, how: True}).action == "suppress"
