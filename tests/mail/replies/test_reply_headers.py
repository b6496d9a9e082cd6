"""What headers alone say: RFC 3834 and its neighbours; a hint is not a proof."""

from __future__ import annotations

import pytest

from hygiene.mail.replies import read_headers_kind, read_reply


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("Auto-Submitted", "auto-replied", "auto"),
        ("auto-submitted", "Auto-Generated; owner-email=jo@north.example", "auto"),
        ("AUTO-SUBMITTED", "auto-notified (by rule)", "auto"),
        ("Auto-Submitted", "no", "none"),
        ("Auto-Submitted", "No (a person)", "none"),
        ("Auto-Submitted", "", "none"),
        ("X-Autoreply", "yes", "auto"),
        ("X-Autoreply", "no", "none"),
        ("X-Autorespond", "hello", "auto"),
        ("Precedence", "auto_reply", "auto"),
        ("Precedence", "junk", "auto"),
        ("Precedence", "bulk", "weak"),
        ("Precedence", "first-class", "none"),
        ("X-Auto-Response-Suppress", "All", "weak"),
        ("X-Apple-Action", "VACATION/REPLY", "auto"),
        ("X-Apple-Action", "JUNK", "none"),
        ("Feedback-ID", "1:2:3:x", "weak"),
        ("List-Unsubscribe", "<mailto:u@north.example>", "weak"),
        ("Return-Path", "<>", "weak"),
        ("Return-Path", "<jo@north.example>", "none"),
        ("Subject", "Auto-Submitted: auto-replied", "none"),
    ],
)
def test_one_header_says(name: str, value: str, kind: str) -> None:
    assert read_headers_kind({name: value}) == kind


def test_the_strongest_header_decides() -> None:
    assert read_headers_kind({"X-Auto-Response-Suppress": "All", "Auto-Submitted": "auto-replied"}) == "auto"
    assert read_headers_kind({}) == read_headers_kind(None) == "none"


def test_exchange_puts_its_header_on_peoples_mail_too() -> None:
    exchange = {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}
    assert read_reply("Yes, Tuesday is fine.", headers=exchange).kind == "human"
    assert read_reply("Jane is on vacation.", headers=exchange).kind == "out_of_office"


def test_a_person_who_answers_an_automatic_reply_is_a_person() -> None:
    assert read_reply("Can we meet on Tuesday?", "RE: Automatic reply: intro").kind == "human"
    assert read_reply("Can we meet on Tuesday?", "Automatic reply: intro").is_machine
