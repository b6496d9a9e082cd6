"""DMARC: the record as RFC 9989 has it, and the walk up the tree to the one that applies."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.authentication.dmarc import BROKEN, NOTED, WEAK, is_dmarc, read_dmarc
from hygiene.mail.authentication.tree import questions, tree_names, walk
from hygiene.mail.authentication.zone import Zone
from tests.mail.authentication.answers import zone

RUA = "rua=mailto:d@example.com"


@pytest.mark.parametrize(
    ("text", "policy", "expected"),
    [
        (f"v=DMARC1; p=none; {RUA}", "none", []),
        (f"v=DMARC1;p=reject;sp=none;np=quarantine;{RUA}", "reject", []),
        (f"v = DMARC1 ; p = Quarantine ; {RUA}!10m,mailto:e@example.net ;", "quarantine", []),
        (f"v=DMARC1; p=none; {RUA}; unknown=1; fo=1:d; ruf=mailto:f@example.com", "none", []),
        (f"v=DMARC1; p=none; {RUA}; adkim=s; aspf=r; psd=n; t=y", "none", []),
        (f"v=DMARC1; p=none; {RUA}; pct=100", "none", ["old_tag"]),
        ("v=DMARC1; p=none", "none", ["no_reports"]),
        ("v=DMARC1; p=none; rua=d@example.com", "none", ["bad_report_address"]),
        (f"v=DMARC1; p=none; {RUA},ftp://x", "none", ["bad_report_address"]),
        (f"v=DMARC1; sp=none; p=none; {RUA}", "none", ["policy_not_second"]),
        (f"v=DMARC1; p=none; {RUA}; adkim=relaxed", "none", ["bad_value"]),
        (f"v=DMARC1; p=none; {RUA}; oops", "none", ["syntax"]),
        (f"v=DMARC1; p=none; p=reject; {RUA}", "none", ["duplicate"]),
        # RFC 9989, section 4.10.1: without a valid policy, none, if there is somewhere to report to
        (f"v=DMARC1; {RUA}", "none", ["as_none"]),
        (f"v=DMARC1; p=nnoe; {RUA}", "none", ["as_none"]),
        (f"v=DMARC1; p=reject; sp=x; {RUA}", "none", ["as_none"]),
        ("v=DMARC1; p=reject; np=x", None, ["bad_policy", "no_reports"]),
        ("v=DMARC1; p=", None, ["bad_policy", "no_reports"]),
        ("v=DMARC1;", None, ["no_policy", "no_reports"]),
        ("v=DMARC1", None, ["no_policy", "no_reports"]),
    ],
)
def test_each_fault_is_found_and_the_policy_is_what_a_receiver_takes(text, policy, expected):
    record = read_dmarc(text)
    assert is_dmarc(text)
    assert [fault.code for fault in record.faults] == expected
    assert record.policy == policy
    assert record.is_broken is any(code in BROKEN for code in expected)


@pytest.mark.parametrize(
    "text",
    ["", "v=dmarc1; p=none", "V=DMARC1; p=none", "p=none; v=DMARC1", "v=DMARC1p=none", "v=DMARC2; p=none", " v=DMARC1"],
)
def test_a_record_begins_with_exactly_its_version(text):
    assert not is_dmarc(text)


def test_the_modes_and_flags_are_read():
    record = read_dmarc(f"v=DMARC1; p=none; adkim=S; aspf=s; t=Y; psd=y; {RUA},mailto:e@example.net!5g")
    assert (record.dkim_mode, record.spf_mode, record.is_testing, record.suffix) == ("s", "s", True, "y")
    assert record.reports == ("mailto:d@example.com", "mailto:e@example.net!5g")


# --- the walk up the tree: the examples of RFC 9989, section 4.10 ----------------------------------------------------
def test_a_long_name_takes_eight_questions():
    assert questions("a.b.c.d.e.f.g.h.i.j.mail.example.com") == tuple(
        (f"_dmarc.{name}", "TXT")
        for name in (
            "a.b.c.d.e.f.g.h.i.j.mail.example.com",
            "g.h.i.j.mail.example.com",
            "h.i.j.mail.example.com",
            "i.j.mail.example.com",
            "j.mail.example.com",
            "mail.example.com",
            "example.com",
            "com",
        )
    )


@given(st.integers(1, 40))
def test_no_name_takes_more_than_eight_questions(labels):
    names = tree_names(".".join(["a"] * labels))
    assert len(names) == min(labels, 8)
    assert all(len(below) > len(above) for below, above in pairwise(names))


def walked(domain: str, records: dict[str, str | list[str]]):
    """Walk where every name without a record is surely without one."""
    known = {f"_dmarc.{name}": text for name, text in records.items()}
    return walk(domain, zone(known, tuple(f"_dmarc.{name}" for name in tree_names(domain) if name not in records)))


NONE = f"v=DMARC1; p=none; {RUA}"


@pytest.mark.parametrize(
    ("records", "organizational", "applied", "policy"),
    [
        ({"mail.example.com": NONE, "example.com": NONE}, "example.com", "example.com", "none"),
        ({"mail.example.com": f"{NONE}; psd=n", "example.com": NONE}, "mail.example.com", "mail.example.com", "none"),
        ({"com": f"v=DMARC1; p=reject; psd=y; {RUA}"}, "example.com", "com", "reject"),
        ({"example.com": f"v=DMARC1; p=reject; sp=quarantine; {RUA}"}, "example.com", "example.com", "quarantine"),
        ({"example.com": f"v=DMARC1; p=reject; {RUA}"}, "example.com", "example.com", "reject"),
        (
            {"a.mail.example.com": f"v=DMARC1; p=reject; {RUA}", "example.com": NONE},
            "example.com",
            "a.mail.example.com",
            "reject",
        ),
        ({"example.com": [NONE, NONE + ";"], "mail.example.com": NONE}, "mail.example.com", "mail.example.com", "none"),
        ({}, "a.mail.example.com", None, None),
    ],
)
def test_the_record_that_applies_is_found(records, organizational, applied, policy):
    found = walked("a.mail.example.com", records)
    assert found.organizational == organizational
    assert (found.applied.domain if found.applied else None) == applied
    assert found.policy == policy
    assert found.state == ("found" if applied else "absent")


def test_the_domains_own_record_applies_whatever_lies_above():
    found = walk("mail.example.com", zone({"_dmarc.mail.example.com": NONE}))
    assert (found.state, found.applied.domain, found.organizational) == ("found", "mail.example.com", None)


def test_a_name_below_the_registered_one_that_nobody_told_leaves_it_open():
    found = walk("mail.example.com", zone({"_dmarc.example.com": NONE}))
    assert (found.state, [step.domain for step in found.uncertain]) == ("unknown", ["mail.example.com"])
    told = walk("mail.example.com", zone({"_dmarc.example.com": NONE}, absent=("_dmarc.mail.example.com",)))
    assert (told.state, told.applied.domain) == ("found", "example.com")


def test_nobody_needs_to_tell_that_the_top_has_none():
    assert walk("example.co.uk", zone({"_dmarc.example.co.uk": NONE})).organizational == "example.co.uk"
    assert walk("example.co.uk", zone({}, absent=("_dmarc.example.co.uk",))).state == "absent"


def test_a_name_server_that_failed_leaves_it_open():
    known = Zone(failed=frozenset({("_dmarc.example.com", "TXT")}))
    assert walk("example.com", known).state == "failed"


@pytest.mark.parametrize("near", ["v=dmarc1; p=none", "V=DMARC1;p=none", '"v=DMARC1; p=none"'])
def test_what_was_perhaps_meant_as_a_record_is_told(near):
    found = walk("example.com", zone({"_dmarc.example.com": near}))
    assert (found.state, found.steps[0].near) == ("absent", near)


def test_without_a_domain_nothing_is_known():
    assert walk("", Zone()).state == "unknown"
    assert walk("", Zone()).organizational is not None


PARTS = st.sampled_from(
    [
        "p=none",
        "p=reject",
        "p=x",
        "sp=none",
        "sp=x",
        RUA,
        "rua=x",
        "psd=y",
        "psd=n",
        "adkim=s",
        "pct=5",
        "oops",
        ";",
        "p=none p",
    ]
)
RECORDS = st.lists(PARTS, max_size=6).map(lambda parts: "; ".join(["v=DMARC1", *parts]))


@given(st.text(max_size=200), RECORDS)
def test_any_record_is_read_without_an_exception(text, record):
    for each in (text, f"v=DMARC1; {text}", record):
        assert all(fault.code in {**BROKEN, **WEAK, **NOTED} for fault in read_dmarc(each).faults)


@given(st.lists(st.sampled_from(["a.b.example.com", "b.example.com", "example.com", "com"]), unique=True), st.data())
def test_the_organizational_domain_is_the_domain_or_one_above_it(names, data):
    found = walked("a.b.example.com", {name: data.draw(RECORDS) for name in names})
    assert found.organizational is not None
    assert "a.b.example.com".endswith(found.organizational)
