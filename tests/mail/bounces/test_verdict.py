"""The vote: what each kind of evidence may ask for."""

from __future__ import annotations

import pytest

from hygiene.mail.bounces.crm import read_details
from hygiene.mail.bounces.enums import BY_ENUM
from hygiene.mail.bounces.types import ADDRESS, BOUNCES, MEANINGS
from hygiene.mail.read import read_lines

CASES = {
    "550 5.1.1 <ann@example.com>: user unknown": ("invalid_mailbox", "remove"),
    "550 no such user": ("invalid_mailbox", "remove"),
    "5.1.1": ("invalid_mailbox", "remove"),
    "550 5.1.2 <ann@nowhere.example>: Host or domain name not found": ("invalid_domain", "remove"),
    "556 5.1.10 Domain does not accept mail (nullMX)": ("invalid_domain", "remove"),
    "551 5.1.6 The recipient has moved to lee@example.net": ("moved", "remove"),
    "550 5.2.1 The email account that you tried to reach is disabled": ("mailbox_disabled", "remove"),
    "552 5.2.2 Mailbox full": ("mailbox_full", "hold"),
    "452 4.2.2 The recipient's inbox is out of storage space": ("mailbox_full", "hold"),
    "451 4.7.1 Greylisting in action, please come back later": ("temporary", "retry"),
    "connect to mx.example.com[192.0.2.1]:25: Connection timed out": ("temporary", "retry"),
    "554 5.4.6 Too many hops": ("temporary", "retry"),
    "421 4.7.0 Too many connections from your host": ("rate_limit", "retry"),
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org": (
        "reputation",
        "fix_sender",
    ),
    "553 5.1.8 Domain of sender address x@example.com does not exist": ("reputation", "fix_sender"),
    "550-5.7.26 Unauthenticated email from example.com is not accepted due to DMARC policy": (
        "authentication",
        "fix_sender",
    ),
    "554 5.7.1 Message rejected as spam by Content Filtering": ("content", "fix_sender"),
    "552 5.3.4 Message size exceeds fixed limit": ("content", "fix_sender"),
    "554 5.7.1 <ann@example.net>: Relay access denied": ("policy", "fix_sender"),
    "550 5.1.1 User unknown (in reply to end of DATA command)": ("recipient_filter", "hold"),
    "550 5.7.1 The recipient has blocked messages from you": ("recipient_filter", "hold"),
    "Amazon SES has suppressed sending to this address": ("suppressed_by_provider", "review"),
    "550 5.0.0 failed": ("unknown", "review"),
    # text and code at odds: a specific code wins
    "550 5.7.26 user unknown": ("authentication", "fix_sender"),
    "550 5.3.4 no such user": ("content", "fix_sender"),
    # a class 4 answer never removes
    "450 4.1.1 <ann@example.com>: user unknown": ("temporary", "hold"),
    "450 no such user": ("temporary", "hold"),
    # not sure enough
    "550 5.4.1 Recipient address rejected: Access denied": ("invalid_mailbox", "review"),
    "250 2.0.0 OK": ("delivered", "ignore"),
}


@pytest.mark.parametrize("text", CASES)
def test_a_text_gets_its_category_and_action(text):
    [row] = read_lines([text])
    assert (row.verdict.category, row.verdict.action) == CASES[text], row.verdict


def test_remove_implies_that_the_address_is_at_fault():
    for row in read_lines(list(CASES)):
        assert row.verdict.action != "remove" or row.verdict.category in ADDRESS
        assert row.verdict.fault == MEANINGS[row.verdict.category].fault
        assert 0 <= row.verdict.confidence <= 1


def test_each_category_has_a_fault_an_action_and_an_owner():
    for meaning in MEANINGS.values():
        assert meaning.owner in ("ops", "it", "writer", "nobody")
    assert {MEANINGS[category].fault for category in BOUNCES} == {
        *("address", "sender", "temporary", "recipient_filter", "unknown"),
    }


def test_rows_do_not_depend_on_their_neighbours():
    together = read_lines(list(CASES))
    assert [read_lines([text])[0].verdict.category for text in CASES] == [row.verdict.category for row in together]


@pytest.mark.parametrize(
    ("detail", "action", "signal"),
    [
        ("UNKNOWN_USER", "remove", "hubspot:UNKNOWN_USER"),
        (" unknown_user ", "remove", "hubspot:UNKNOWN_USER"),
        ("MAILBOX_FULL", "hold", "hubspot:MAILBOX_FULL"),
        ("CONTENT", "fix_sender", "hubspot:CONTENT"),
        ("SPAM", "fix_sender", "hubspot:SPAM"),
        ("POLICY", "fix_sender", "hubspot:POLICY"),
        ("OTHER", "review", "hubspot:OTHER"),
        ("Bounced", "review", "no reason given"),
        ("hard bounce", "review", "no reason given"),
        ("Permanent", "review", "no reason given"),
        ("", "review", "no reason given"),
        (None, "review", "no reason given"),
    ],
)
def test_a_crm_s_own_words_are_read_as_far_as_they_go(detail, action, signal):
    [verdict] = read_details([detail])
    assert (verdict.action, verdict.signal) == (action, signal)


def test_a_server_s_text_in_a_crm_is_read_as_such():
    [verdict] = read_details(["550 5.1.1 no such user"])
    assert (verdict.action, verdict.fault) == ("remove", "address")


def test_of_hubspots_reasons_only_the_unknown_user_is_the_address_s_fault():
    assert {name for name, verdict in BY_ENUM.items() if verdict.action == "remove"} == {"UNKNOWN_USER"}
