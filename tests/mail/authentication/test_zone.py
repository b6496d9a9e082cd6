"""What is known of the DNS: found, surely absent and not known are three things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.authentication.zone import Zone, gathered, name_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.COM.", "example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("s1._domainkey.Example.com", "s1._domainkey.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a" * 63 + ".com", "a" * 63 + ".com"),
        ("a" * 64 + ".com", ""),
        (".".join(["a" * 60] * 5), ""),
        ("a..b", ""),
        ("", ""),
        (".", ""),
        ("-a.com", ""),
        ("a b.com", ""),
        ("a\x00b.com", ""),
        ("=cmd|' /C calc'!A0", ""),
        ("\ud800.com", ""),
    ],
)
def test_a_name_has_one_form_or_none(text, name):
    assert name_of(text) == name


@given(st.text(max_size=400))
def test_any_text_has_a_form_or_none(text):
    name = name_of(text)
    assert name == name_of(name) or not name
    assert name.isascii()
    assert len(name) <= 253


def test_what_nobody_said_is_unknown_and_what_was_asked_in_vain_has_failed():
    known = Zone({("a.com", "TXT"): ("x",)}, frozenset({("b.com", "TXT")}), frozenset({("c.com", "TXT")}))
    assert [known.ask(name).state for name in ("a.com", "b.com", "c.com", "d.com")] == [
        "found",
        "absent",
        "failed",
        "unknown",
    ]
    assert known.ask("b.com", "A").state == "unknown"  # no TXT record is no word on addresses


def test_an_alias_is_followed_to_its_end():
    known = Zone({("a.com", "CNAME"): ("b.com",), ("b.com", "CNAME"): ("c.com",), ("c.com", "TXT"): ("x",)})
    assert known.ask("a.com") == ("found", ("x",), False, "c.com")


def test_an_alias_whose_target_nobody_told_is_unknown_with_its_name():
    answer = Zone({("a.com", "CNAME"): ("b.com",)}).ask("a.com")
    assert (answer.state, answer.alias) == ("unknown", "b.com")


@pytest.mark.parametrize("length", [1, 2, 30])
def test_aliases_in_a_circle_or_without_end_are_no_answer(length):
    names = [f"n{i}.com" for i in range(length)]
    circle = {(name, "CNAME"): (names[(i + 1) % length],) for i, name in enumerate(names)}
    assert Zone(circle).ask("n0.com").state == "failed"


def test_of_two_zones_the_first_is_believed_and_the_second_fills_in():
    live = Zone({("a.com", "TXT"): ("new",)}, frozenset({("b.com", "TXT")}), frozenset({("c.com", "TXT")}))
    pasted = Zone({("a.com", "TXT"): ("old",), ("b.com", "TXT"): ("gone",), ("c.com", "TXT"): ("told",)})
    both = live.over(pasted)
    assert both.ask("a.com").texts == ("new",)
    assert both.ask("b.com").state == "absent"
    assert both.ask("c.com").texts == ("told",)


def test_the_order_of_records_and_how_often_they_come_do_not_matter():
    rows = [("a.com", "TXT", "2"), ("a.com", "TXT", "1"), ("a.com", "TXT", "2")]
    assert gathered(rows) == gathered(rows[::-1]) == {("a.com", "TXT"): ("1", "2")}
