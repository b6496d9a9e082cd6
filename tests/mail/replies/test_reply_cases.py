"""Our own cases, a row a reply, half of them near misses: sentences that look like one kind and are another."""

from __future__ import annotations

from collections import Counter

import pytest

from hygiene.mail.replies import KINDS, read_reply
from tests.mail.replies.table import CASES, Case

MACHINES = {"out_of_office", "auto_reply", "challenge"}


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.language}-{case.kind}" for n, case in enumerate(CASES, 2)])
def test_the_reply_is_read_as_what_it_is(case: Case) -> None:
    reading = case.read()
    assert reading.kind == case.kind, reading
    assert (reading.returns_on.isoformat() if reading.returns_on else "") == case.returns_on
    if case.successor:
        assert reading.successor == case.successor
    if case.kind != "left_company":  # a machine or a person may say so
        assert reading.is_machine is (case.kind in MACHINES)
    assert 0 <= reading.confidence <= 1


def test_the_table_has_enough_cases_of_each_kind_in_enough_languages() -> None:
    assert len(CASES) >= 360
    assert len({case.text + case.subject for case in CASES}) == len(CASES)
    assert {case.kind for case in CASES} == set(KINDS)
    languages = Counter(case.language for case in CASES)
    assert sum(count >= 20 for count in languages.values()) >= 14
    assert min(Counter(case.kind for case in CASES).values()) >= 30


def test_half_of_the_cases_are_near_misses() -> None:
    near = [case for case in CASES if case.looks_like]
    assert 2 * len(near) >= len(CASES)
    assert all(case.looks_like in KINDS and case.looks_like != case.kind for case in near)


def test_the_language_is_told() -> None:
    """Danish and Norwegian share whole sentences, and “ok” is nobody's: not each can be told."""
    wrong = [case.text for case in CASES if case.read().language != case.language]
    assert len(wrong) <= 0.02 * len(CASES), wrong


def test_a_departure_is_a_machines_only_where_a_machine_shows() -> None:
    assert not read_reply("Bob doesn't work here any more.").is_machine
    assert read_reply("Bob doesn't work here any more.", headers={"Auto-Submitted": "auto-replied"}).is_machine
    assert read_reply("Bob doesn't work here any more.", "Automatic reply: hi").is_machine


@pytest.mark.parametrize(
    ("text", "subject", "headers", "signal"),
    [
        ("ok", "", {"X-Autoreply": "yes"}, "header:x-autoreply"),
        ("", "Automatic reply: hi", {}, "subject:en.subject.away"),
        ("Not interested in this.", "", {}, "body:en.negative.interest"),
        ("STOP!", "", {}, "line:en.optout.word"),
        ("Robimy to sami.", "", {}, "likeness"),
        ("Blue.", "", {}, "default"),
    ],
)
def test_the_signal_names_what_decided(text: str, subject: str, headers: dict[str, str], signal: str) -> None:
    assert read_reply(text, subject, headers).signal == signal


def test_agreeing_evidence_is_trusted_more_than_one_and_silence_least() -> None:
    away = "I am out of the office until 5 May."
    levels = [read_reply("").confidence, read_reply("Blue.").confidence, read_reply(away).confidence]
    levels.append(read_reply(away, headers={"Auto-Submitted": "auto-replied"}).confidence)
    assert levels == sorted(set(levels))
