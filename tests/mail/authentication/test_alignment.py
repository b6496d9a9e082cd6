"""Alignment: strict is the same domain, relaxed the same organization; what hangs on an unknown record stays open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.authentication.alignment import align
from hygiene.mail.authentication.zone import Zone
from tests.mail.authentication.answers import zone

RECORD = "v=DMARC1; p=none; rua=mailto:d@example.com"
KNOWN = zone(
    {"_dmarc.example.com": RECORD, "_dmarc.own.example.com": f"{RECORD}; psd=n"},
    tuple(f"_dmarc.{name}" for name in ("mail.example.com", "a.b.example.com", "b.example.com", "com")),
)


@pytest.mark.parametrize(
    ("author", "domain", "mode", "is_aligned", "is_assumed"),
    [
        ("example.com", "example.com", "s", True, False),
        ("example.com", "example.com", None, True, False),
        ("example.com", "mail.example.com", "s", False, False),
        ("example.com", "mail.example.com", "r", True, False),
        ("mail.example.com", "example.com", "r", True, False),
        ("a.b.example.com", "mail.example.com", "r", True, False),
        ("example.com", "own.example.com", "r", False, False),  # psd=n: an organization of its own
        ("own.example.com", "x.own.example.com", "r", True, True),  # nobody told the record of x.own
        ("example.com", "mail.example.com", None, None, False),
        ("example.com", "example.net", "r", False, False),
        ("example.com", "example.net", None, False, False),
        ("example.com", "badexample.com", "r", False, False),
        ("example.co.uk", "other.co.uk", "r", False, False),
        ("example.com", "", "r", False, False),
        ("", "", "r", False, False),
    ],
)
def test_two_domains_align_or_not_or_nobody_knows(author, domain, mode, is_aligned, is_assumed):
    found = align(author, domain, mode, KNOWN)
    assert (found.is_aligned, found.is_assumed) == (is_aligned, is_assumed)


def test_without_any_record_the_registered_domain_is_assumed_to_be_the_organization():
    assert align("example.com", "mail.example.com", "r", Zone())[1:] == (True, True)


LABELS = st.lists(st.sampled_from(["a", "b", "example", "com", "co", "uk", "net"]), min_size=1, max_size=4).map(
    ".".join
)


@given(LABELS, LABELS, st.sampled_from(["r", "s"]))
def test_alignment_goes_both_ways_and_strict_is_never_wider(one, other, mode):
    assert align(one, other, mode, KNOWN)[1:] == align(other, one, mode, KNOWN)[1:]
    if align(one, other, "s", KNOWN).is_aligned:
        assert align(one, other, "r", KNOWN).is_aligned
