from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.facts.types import Remembered
from hygiene.flags.contacts import RULES, decide, decide_all, open_keys, summarize
from hygiene.flags.engagement.judged import Judged, is_control
from hygiene.flags.engagement.rules import is_unengaged
from hygiene.flags.types import FLAGS, OPEN_REASONS, REASONS
from tests.canonical import QUIET, day

DEAD = {"last_bounce_at": day(1), "last_bounce_action": "remove", "last_bounce_signal": "code 5.1.1"}
DEAD_IN_CRM = {"last_bounce_action": "remove", "last_bounce_signal": "hubspot:UNKNOWN_USER"}
HELD = {"last_bounce_at": day(1), "last_bounce_action": "hold", "bounced_lately": True}
SAID_NO = Remembered("opt_out", True, day(1), "lemlist", "exact")
GONE = Remembered("hard_bounce_address", False, day(1), "lemlist", "exact")
LEFT = GONE._replace(reason="left_company")
MARKETED = {
    "sends": None,
    "sends_since_engagement": None,
    "marketing_sends_since_engagement": 11,
    "marketing_engaged": False,
}
ENGAGED = {**MARKETED, "marketing_engaged": True}
CASES = {
    "three silent mails are no reason": ({}, "keep", "none"),
    "an opt-out is never": ({"opted_out": True}, "never", "opted_out"),
    "an unsubscribe event is never": ({"unsubscribed_at": day(1)}, "never", "unsubscribed"),
    "a complaint is never": ({"complained_at": day(1)}, "never", "complained"),
    "do not contact is never": ({"do_not_contact": True}, "never", "do_not_contact"),
    "a suppression is never, also without a reason": ({"suppressed": ""}, "never", "suppressed"),
    "a demand in words is never": ({"asked_out_at": day(1)}, "never", "asked_out"),
    "who stands in the ledger is never": ({"remembered": SAID_NO, "alive_at": day(9)}, "never", "in_ledger"),
    "a dead address in the ledger is removed": ({"remembered": GONE}, "remove", "in_ledger_bounced"),
    "unless a mail arrived there since": ({"remembered": GONE, "alive_at": day(2)}, "keep", "none"),
    "but not by one before": ({"remembered": GONE, "alive_at": day(0)}, "remove", "in_ledger_bounced"),
    "nor where the ledger has no date": (
        {"remembered": GONE._replace(since=None), "alive_at": day(2)},
        "remove",
        "in_ledger_bounced",
    ),
    "who has left by the ledger is removed, though mail arrives": (
        {"remembered": LEFT, "alive_at": day(2)},
        "remove",
        "in_ledger_bounced",
    ),
    "unless somebody answers since": ({"remembered": LEFT, "last_reply_at": day(2)}, "keep", "none"),
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
    "long silence alone is no reason": ({"sends_since_engagement": 30, "sends_since_reply": 30}, "keep", "none"),
    "the CRM's own counter speaks of who gets no sequence mail": (MARKETED, "pause", "hubspot_11_16_marketing"),
    "also where there are sequence mails, but none to this contact": (
        {**MARKETED, "sends": 0},
        "pause",
        "hubspot_11_16_marketing",
    ),
    "ten marketing mails in vain stay": ({**MARKETED, "marketing_sends_since_engagement": 10}, "keep", "none"),
    "fifteen after an engagement stay": ({**ENGAGED, "marketing_sends_since_engagement": 15}, "keep", "none"),
    "sixteen after an engagement pause": (
        {**ENGAGED, "marketing_sends_since_engagement": 16},
        "pause",
        "hubspot_11_16_marketing",
    ),
    "who gets sequence mails is the model's": ({**MARKETED, "sends": 3}, "keep", "none"),
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
    assert decided.outlook is None


def test_every_reason_has_its_rule_and_the_strict_ones_come_first() -> None:
    assert list(RULES) == list(REASONS)
    strictness = [FLAGS.index(flag) for flag in REASONS.values()]
    assert strictness == sorted(strictness)


def judged_of(*p_reply: float, control_share: float = 0.0) -> Judged:
    """What the model says of the contacts 1, 2, …; below .05 is paused."""
    size = len(p_reply)
    p = np.array(p_reply, dtype=np.float32)
    nothing = np.zeros(size, dtype=np.float32)
    return Judged(
        keys=np.arange(1, size + 1),
        p_reply=p,
        low=p,
        high=p,
        p_engaged=p,
        threshold=np.full(size, 0.05, dtype=np.float32),
        sends=np.full(size, 3, dtype=np.int32),
        after_open=nothing,
        after_reply=nothing,
        half_machines=p,
        hubspot_rule=np.ones(size, dtype=bool),
        ninety_days=np.ones(size, dtype=bool),
        control_share=control_share,
    )


def test_who_is_unlikely_to_reply_is_paused_and_the_others_are_kept() -> None:
    judged = judged_of(0.01, 0.3)
    low, high, unknown = (decide(QUIET._replace(contact_key=key), judged) for key in (1, 2, 3))
    assert (low.flag, low.reason) == ("pause", "unlikely_to_reply")
    assert (high.flag, high.reason) == ("keep", "none")
    assert (unknown.flag, unknown.reason, unknown.outlook) == ("keep", "none", None)
    assert low.outlook is not None
    assert low.outlook.p_reply == pytest.approx(0.01)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stricter_rules_come_before_the_model(case: str) -> None:
    columns, flag, reason = CASES[case]
    decided = decide(QUIET._replace(**columns), judged_of(0.01))
    expected = (flag, reason) if reason not in OPEN_REASONS else ("pause", "unlikely_to_reply")
    assert (decided.flag, decided.reason) == expected
    assert decided.outlook is not None


def test_the_control_group_is_kept_and_is_the_share_it_should_be() -> None:
    people = [QUIET._replace(contact_key=1, contact_id=f"c{number}") for number in range(2_000)]
    rows = list(decide_all(people, judged_of(0.01, control_share=0.1)))
    controls = [row for row in rows if row.reason == "control_group"]
    assert {row.reason for row in rows} == {"control_group", "unlikely_to_reply"}
    assert all(row.flag == "keep" for row in controls)
    assert len(controls) == pytest.approx(200, abs=50)
    assert [row.facts.contact_id for row in controls] == [
        person.contact_id for person in people if is_control(person.contact_id, 0.1)
    ]


def test_a_likely_contact_is_no_control_and_a_dead_address_is_none_either() -> None:
    sure = decide(QUIET, judged_of(0.9, control_share=1.0))
    dead = decide(QUIET._replace(**DEAD), judged_of(0.01, control_share=1.0))
    assert (sure.reason, dead.reason) == ("none", "address_bounced")


def test_a_tired_control_without_sequence_mails_is_paused_by_its_marketing() -> None:
    decided = decide(QUIET._replace(**MARKETED), judged_of(0.01, control_share=1.0))
    assert decided.reason == "hubspot_11_16_marketing"


def test_the_model_is_there_for_those_that_no_stricter_rule_speaks_about() -> None:
    people = [
        QUIET._replace(contact_key=key, **columns)
        for key, columns in enumerate(({}, {"opted_out": True}, MARKETED, DEAD, {}), start=1)
    ]
    assert list(open_keys(people)) == [1, 3, 5]
    judged = judged_of(0.01, 0.01, 0.01, 0.01, 0.9)
    assert list(summarize(decide_all(people, judged)).open_keys) == [1, 3, 5]


@given(sends=st.lists(st.integers(0, 40), min_size=1), engaged=st.booleans())
def test_more_silence_never_unflags(sends: list[int], engaged: bool) -> None:
    silence, signals = np.sort(sends), np.full(len(sends), 2 * engaged)
    assert (np.diff(is_unengaged(silence, signals).astype(int)) >= 0).all()


def test_eleven_mails_without_any_sign_of_life_and_sixteen_after_one_are_unengaged() -> None:
    silence, signals = np.array([10, 11, 15, 16, 15, 16]), np.array([0, 0, 0, 0, 2, 2])
    assert is_unengaged(silence, signals).tolist() == [False, True, True, True, False, True]


def test_the_summary_counts_each_contact_once_and_holds_only_the_flagged() -> None:
    judged = judged_of(0.9, 0.9, 0.01)
    rows = [
        decide(QUIET, judged),
        decide(QUIET._replace(contact_key=2, contact_id="c2", opted_out=True, active_enrollments=1), judged),
        decide(QUIET._replace(contact_key=3, contact_id="c3", active_enrollments=1, sender_key=None), judged),
    ]
    summary = summarize(rows)
    assert summary.by_flag == {"keep": 1, "never": 1, "pause": 1}
    assert summary.by_reason == {"opted_out": 1, "unlikely_to_reply": 1, "none": 1}
    assert summary.by_sender == {1: {"keep": 1, "never": 1}, None: {"pause": 1}}
    assert summary.still_active == 1
    assert [row.facts.contact_id for row in summary.flagged] == ["c2", "c3"]
