"""SPF records: the grammar of RFC 7208, and the count of look-ups as far as the included records are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.authentication.spf import BROKEN, WEAK, merged, read_spf
from hygiene.mail.authentication.spf_record import is_spf, read_record
from hygiene.mail.authentication.zone import Zone
from tests.mail.authentication.answers import zone

FINE = [
    *("all", "-all", "~all", "?all", "+ALL", "a", "A", "mx", "ptr", "a:example.net", "a/24", "a//64", "a/24//64"),
    *("a:example.net/24//64", "mx:mail.example.net", "mx/0//0", "ip4:192.0.2.1", "ip4:192.0.2.0/24", "-ip4:0.0.0.0/0"),
    *("ip6:2001:db8::1", "ip6:2001:db8::/32", "ip6:::1", "include:_spf.example.net", "include:example.net."),
    *("exists:%{i}._spf.%{d2}", "exists:%{ir}.%{v}._spf.example.net", "include:%{d}", "ptr:example.net"),
    *(
        "redirect=_spf.example.net",
        "redirect=%{d4}._spf.example.net",
        "exp=why.example.net",
        "unknown-thing=%{s}",
        "x=",
    ),
    *("a:under_score.example.net", "a:%%.example.net", "include:1.2.3.4.in-addr.arpa", "exists:%{l1r-}.example.net"),
]
WRONG = [
    *(
        "ipv4:192.0.2.1",
        "ip:192.0.2.1",
        "ip4:192.0.2",
        "ip4:192.0.2.1/33",
        "ip4:",
        "ip4",
        "ip6:192.0.2.1",
        "ip6:2001:db8",
    ),
    *("ip4:192.0.2.0/255.255.255.0", "ip6:2001:db8::/129", "ip6:fe80::1%eth0", "ip4=192.0.2.1/x y", "all:example.net"),
    *(
        "include",
        "include:",
        "include:localhost",
        "include:http://example.net",
        "include:a..b",
        "exists",
        "exists:",
        "mx:",
    ),
    *(
        "include:example.net/24",
        "a/33",
        "a//129",
        "a/",
        "a:/24",
        "mx/40",
        "ptr:",
        "include:example.1",
        "includes:a.com",
    ),
    *(
        "redirect=",
        "redirect:example.net",
        "redirect=localhost",
        "exp=",
        "%{d}",
        "a:%{x}.example.net",
        "exists:%{d",
        "x=%",
    ),
    *("a:example.net;", ";", "-", "--all", "+-all", "all.", "v=spf1", "a:" + "b" * 64 + ".com", "=x", "a:%(d).com"),
]


@pytest.mark.parametrize("term", FINE)
def test_a_term_of_the_grammar_is_read(term):
    assert read_record(f"v=spf1 {term} -ip4:192.0.2.9").faults == ()


@pytest.mark.parametrize("term", [term for term in WRONG if term not in ("ip4=192.0.2.1/x y", "v=spf1")])
def test_what_is_no_term_is_named(term):
    assert [fault.detail for fault in read_record(f"v=spf1 {term} -all").faults] == [term[:80]]


@pytest.mark.parametrize("name", ["redirect", "exp"])
def test_a_modifier_that_stands_twice_breaks_the_record(name):
    assert read_record(f"v=spf1 {name}=a.example.net {name}=b.example.net").faults[0].code == "syntax"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=spf1", True),
        ("v=spf1 ", True),
        ("V=SPF1 -all", True),
        ("v=spf1-all", False),
        ("v=spf10 -all", False),
        ("v=spf2.0/pra -all", False),
        ("spf1 -all", False),
        (' "v=spf1 -all"', False),
        ("", False),
    ],
)
def test_only_the_exact_version_makes_a_record(text, expected):
    assert is_spf(text) is expected


def read(record: str | list[str], **included: str | list[str]):
    names = {name.replace("_", ".") + ".net": text for name, text in included.items()}
    return read_spf("example.com", zone({"example.com": record, **names}))


def codes(spf) -> list[str]:
    return [fault.code for fault in spf.faults]


@pytest.mark.parametrize(
    ("record", "look_ups"),
    [
        ("v=spf1 -all", 0),
        ("v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all", 0),
        ("v=spf1 a mx ptr exists:%{i}.example.net include:b.net -all", 5),
        ("v=spf1 a -all mx include:b.net", 1),  # RFC 7208, section 5.1: nothing counts after `all`
        ("v=spf1 a redirect=b.net", 2),
        ("v=spf1 a redirect=b.net -all", 1),  # section 6.1: `all` takes the redirect's place
        ("v=spf1 exp=why.example.net -all", 0),
        ("v=spf1 include:b.net include:b.net -all", 2),
    ],
)
def test_each_term_that_asks_the_dns_counts_once(record, look_ups):
    assert read_spf("example.com", zone({"example.com": record, "b.net": "v=spf1 -all"})).look_ups == look_ups


def test_included_records_count_with_all_that_they_include():
    spf = read(
        "v=spf1 include:b.net mx -all",
        b="v=spf1 include:c.net include:d.net ~all",
        c="v=spf1 a mx -all",
        d="v=spf1 ip4:192.0.2.1 -all",
    )
    assert (spf.look_ups, spf.is_lower_bound, spf.faults) == (6, False, ())


def test_ten_look_ups_are_allowed_and_eleven_are_not():
    ten = " ".join(f"a:h{i}.example.net" for i in range(10))
    assert codes(read(f"v=spf1 {ten} -all")) == []
    assert codes(read(f"v=spf1 {ten} mx -all")) == ["too_many"]
    assert codes(read("v=spf1 include:b.net a -all", b=f"v=spf1 {ten} -all")) == ["too_many"]


def test_what_is_included_and_not_given_makes_the_count_a_lower_bound():
    spf = read("v=spf1 include:b.net include:c.net -all", b="v=spf1 a -all")
    assert (spf.look_ups, spf.not_given, spf.is_lower_bound) == (3, ("c.net",), True)
    assert ("c.net", "TXT") in spf.open_questions


def test_a_name_that_hangs_on_the_mail_is_counted_and_never_asked():
    spf = read("v=spf1 include:%{d}.b.net exists:%{i}.c.net -all")
    assert (spf.look_ups, spf.not_given, spf.open_questions) == (2, ("%{d}.b.net",), ())


def test_what_was_asked_in_vain_is_told_apart():
    known = Zone({("example.com", "TXT"): ("v=spf1 include:b.net -all",)}, failed=frozenset({("b.net", "TXT")}))
    assert read_spf("example.com", known).failed == ("b.net",)


@pytest.mark.parametrize(
    ("record", "included", "expected"),
    [
        (["v=spf1 -all", "v=spf1 a -all"], {}, ["several"]),
        ("v=spf1 ipv4:192.0.2.1 -all", {}, ["syntax"]),
        ("v=spf1 include:b.net -all", {"b": "v=spf1 includes:c.net -all"}, ["syntax"]),
        ("v=spf1 include:b.net -all", {"b": ["v=spf1 -all", "v=spf1 a -all"]}, ["included_several"]),
        ("v=spf1 include:b.net -all", {"b": "v=spf1 include:example.com -all"}, ["loop"]),
        ("v=spf1 include:example.com -all", {}, ["loop"]),
        ("v=spf1 redirect=b.net", {"b": "v=spf1 redirect=b.net"}, ["loop"]),
        ("v=spf1 +all", {}, ["passes_all"]),
        ("v=spf1 all", {}, ["passes_all"]),
        ("v=spf1 ip4:0.0.0.0/0 -all", {}, ["passes_all"]),
        ("v=spf1 ip6:::/0 -all", {}, ["passes_all"]),
        ("v=spf1 include:b.net -all", {"b": "v=spf1 +all"}, ["passes_all"]),
        ("v=spf1 redirect=b.net", {"b": "v=spf1 +all"}, ["passes_all"]),
        ("v=spf1 -include:b.net -all", {"b": "v=spf1 +all"}, []),  # refuses them all instead
        ("v=spf1 -all +all", {}, []),
        ("v=spf1", {}, ["no_end"]),
        ("v=spf1 a", {}, ["no_end"]),
        ("v=spf1 ?all", {}, ["neutral"]),
        ("v=spf1 ptr ~all", {}, ["ptr"]),
        ("v=spf1 include:b.net ~all", {"b": "v=spf1 ?all"}, []),  # an included record's end is nobody's
        ("v=spf1 redirect=b.net", {"b": "v=spf1 -all"}, []),
    ],
)
def test_each_fault_is_found(record, included, expected):
    assert codes(read(record, **included)) == expected


def test_an_included_name_without_a_record_breaks_the_whole():
    known = zone({"example.com": "v=spf1 include:b.net -all"}, absent=("b.net",))
    assert codes(read_spf("example.com", known)) == ["not_there"]
    other = zone({"example.com": "v=spf1 include:b.net -all", "b.net": "something else"}, is_complete=True)
    assert codes(read_spf("example.com", other)) == ["not_there"]


def test_more_than_two_hosts_that_do_not_exist_are_too_many():
    gone = [(f"h{i}.net", kind) for i in range(3) for kind in ("A", "AAAA", "MX")]
    known = Zone({("example.com", "TXT"): ("v=spf1 a:h0.net mx:h1.net exists:h2.net -all",)}, frozenset(gone))
    assert (read_spf("example.com", known).voids, codes(read_spf("example.com", known))) == (3, ["voids"])
    one_less = Zone(known.records, known.complete - {("h2.net", "A")})
    assert (read_spf("example.com", one_less).voids, codes(read_spf("example.com", one_less))) == (2, [])


def test_other_txt_records_say_nothing_unless_they_are_all_that_there_are():
    assert read_spf("example.com", zone({"example.com": "google-site-verification=x"})).state == "unknown"
    whole = read_spf("example.com", zone({"example.com": "spf1 include:b.net"}, is_complete=True))
    assert (whole.state, whole.near) == ("absent", "spf1 include:b.net")


def test_one_record_pasted_from_two_places_is_one():
    assert codes(read(["v=spf1 a  -all", "V=spf1 a -all"])) == []


def test_a_record_that_includes_without_end_is_counted_to_a_limit():
    records = {f"n{i}.net": f"v=spf1 include:n{i + 1}.net include:n{i + 1}.net -all" for i in range(40)}
    spf = read_spf("n0.net", zone(records))
    assert spf.look_ups >= 10
    assert codes(spf) == ["too_many"]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (("v=spf1 a -all", "v=spf1 mx -all"), "v=spf1 a mx -all"),
        (("v=spf1 a ~all", "v=spf1 a mx -all"), "v=spf1 a mx ~all"),
        (("v=spf1 a", "v=spf1 redirect=b.net"), "v=spf1 a ~all"),
        (("v=spf1 a +all", "v=spf1 mx"), "v=spf1 a mx ~all"),
    ],
)
def test_two_records_become_one_that_refuses_nobody_whom_one_of_them_let_pass(records, expected):
    assert merged(records) == expected
    assert is_spf(merged(records))


TERMS = st.sampled_from([*FINE, *WRONG, "include:b.net", "redirect=c.net", "include:example.com"])
RECORDS = st.lists(TERMS, max_size=15).map(lambda terms: " ".join(["v=spf1", *terms]))


def badness(spf) -> int:
    return 2 if spf.is_broken else int(any(fault.code in WEAK for fault in spf.faults))


@given(RECORDS, RECORDS, st.lists(RECORDS, max_size=2))
def test_a_second_record_never_makes_it_better(first, second, included):
    below = {f"{name}.net": text for name, text in zip("bc", included, strict=False)}
    one = read_spf("example.com", zone({"example.com": first, **below}))
    two = read_spf("example.com", zone({"example.com": [first, second], **below}))
    assert badness(two) >= badness(one)
    assert " ".join(first.split()).lower() == " ".join(second.split()).lower() or two.is_broken


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_record_is_read_without_an_exception(record, included):
    for text in (record, f"v=spf1 {record}", f"v=spf1 include:b.net {record}"):
        spf = read_spf("example.com", zone({"example.com": text, "b.net": f"v=spf1 {included}"}))
        assert all(fault.code in {**BROKEN, **WEAK} for fault in spf.faults)


@given(RECORDS, st.lists(st.sampled_from(["v=spf1 a -all", "v=spf1 mx ~all"]), max_size=1))
def test_to_know_more_never_lowers_the_count(record, told):
    less = read_spf("example.com", zone({"example.com": record}))
    more = read_spf(
        "example.com", zone({"example.com": record, **dict.fromkeys(["b.net"][: len(told)], "".join(told))})
    )
    assert more.look_ups >= less.look_ups
