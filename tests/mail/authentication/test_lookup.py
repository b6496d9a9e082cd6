"""Asking the DNS, all mocked: a resolver that fails, lies or falls over on the way makes everything unknown."""

from __future__ import annotations

import sys

import dns.exception
import dns.resolver
import pytest

from hygiene.errors import HygieneError
from hygiene.mail.addresses.dns import CANARY, MissingExtraError
from hygiene.mail.authentication import read_message
from hygiene.mail.authentication.dkim import read_key
from hygiene.mail.authentication.lookup import MOST_QUESTIONS, WELL_KNOWN_SELECTORS, look_up
from hygiene.mail.authentication.spf import read_spf
from hygiene.mail.authentication.tree import walk
from hygiene.mail.authentication.zone import Zone
from tests.mail.authentication.answers import CANARY_ANSWER, Names, one_after_the_other, txt
from tests.mail.authentication.keys import key_record

DMARC = "v=DMARC1; p=none; rua=mailto:d@acme.com"
GOOD = {
    "acme.com": txt("v=spf1 include:_spf.example.net a mx -all", "other"),
    "_spf.example.net": "v=spf1 ip4:192.0.2.0/24 -all",
    ("acme.com", "A"): ["192.0.2.7"],
    ("acme.com", "MX"): ["10 mx1.acme.com."],
    "_dmarc.acme.com": DMARC,
    "google._domainkey.acme.com": key_record(2048),
}
FAILURES = [
    dns.resolver.NXDOMAIN(),
    dns.resolver.NoAnswer(),
    dns.resolver.NoNameservers(),  # SERVFAIL
    dns.exception.Timeout(),
    dns.resolver.LifetimeTimeout(timeout=1, errors=[]),
    OSError("network is unreachable"),
    txt("welcome to the hotel"),
    [],
]


def test_what_is_there_is_found_with_all_that_it_includes():
    names = Names(GOOD)
    found = look_up("acme.com", resolver=names)
    spf = read_spf("acme.com", found.zone)
    assert (found.doubt, spf.state, spf.look_ups, spf.faults, spf.is_lower_bound) == ("", "found", 3, (), False)
    assert walk("acme.com", found.zone).policy == "none"
    assert read_key("google._domainkey.acme.com", found.zone).bits == 2048
    assert read_key("s1._domainkey.acme.com", found.zone).state == "absent"
    assert names.asked[CANARY, "TXT"] == 2
    assert max(count for (name, _), count in names.asked.items() if name != CANARY) == 1
    assert found.asked == sum(names.asked.values()) - 2


def test_a_long_record_in_several_strings_is_one():
    assert len(txt(key_record(4096))[0].strings) > 2
    names = Names({**GOOD, "google._domainkey.acme.com": key_record(4096)})
    assert read_key("google._domainkey.acme.com", look_up("acme.com", resolver=names).zone).bits == 4096


@pytest.mark.parametrize("failure", FAILURES, ids=range(len(FAILURES)))
def test_where_the_canary_is_not_found_nothing_else_is_asked(failure):
    names = Names(GOOD, canary=failure)
    assert look_up("acme.com", resolver=names) == (Zone(), "canary_before", 0)
    assert set(names.asked) == {(CANARY, "TXT")}


@pytest.mark.parametrize("failure", FAILURES, ids=range(len(FAILURES)))
def test_where_the_canary_is_gone_at_the_end_no_answer_counts(failure):
    """A captive portal that closes half-way."""
    found = look_up("acme.com", resolver=Names(GOOD, canary=one_after_the_other(CANARY_ANSWER, failure)))
    assert (found.zone, found.doubt) == (Zone(), "canary_after")


@pytest.mark.parametrize("failure", FAILURES[2:6], ids=range(4))
@pytest.mark.parametrize("name", ["acme.com", "_dmarc.acme.com", "_spf.example.net"])
def test_a_question_without_an_answer_is_open_by_itself(failure, name):
    found = look_up("acme.com", resolver=Names({**GOOD, name: failure}))
    assert found.doubt == ""
    assert found.zone.ask(name).state == "failed"
    others = {"acme.com", "_dmarc.acme.com", "google._domainkey.acme.com"} - {name}
    assert {found.zone.ask(other).state for other in others} == {"found"}


@pytest.mark.parametrize("failure", [dns.resolver.NXDOMAIN(), dns.resolver.NoAnswer(), []], ids=range(3))
def test_only_dns_itself_says_that_there_is_nothing(failure):
    found = look_up("acme.com", resolver=Names({**GOOD, "_dmarc.acme.com": failure}))
    assert walk("acme.com", found.zone).state == "absent"


def test_a_mail_names_the_selectors_the_return_path_and_the_server():
    mail = read_message(
        b"Return-Path: <b@bounce.esp.example>\n"
        b"Received: from a (a.acme.com [198.41.0.4]) by mx.google.com with ESMTPS id 1\n"
        b"DKIM-Signature: v=1; a=rsa-sha256; d=mail.acme.com; s=odd; h=from; bh=eA==; b=eA==\n"
        b"From: a@acme.com\n\n"
    )
    names = Names({**GOOD, ("4.0.41.198.in-addr.arpa", "PTR"): ["a.acme.com."], ("a.acme.com", "A"): ["198.41.0.4"]})
    look_up("acme.com", mail=mail, resolver=names)
    asked = set(names.asked)
    assert {
        ("odd._domainkey.mail.acme.com", "TXT"),
        ("bounce.esp.example", "TXT"),
        ("_dmarc.esp.example", "TXT"),
    } <= asked
    assert {("_dmarc.mail.acme.com", "TXT"), ("4.0.41.198.in-addr.arpa", "PTR"), ("a.acme.com", "A")} <= asked


def test_given_and_well_known_selectors_are_tried_below_the_domain_and_the_registered_one():
    names = Names(GOOD)
    look_up("mail.acme.com", selectors=["mine"], resolver=names)
    for selector in ("mine", *WELL_KNOWN_SELECTORS):
        assert names.asked[f"{selector}._domainkey.mail.acme.com", "TXT"] == 1
        assert names.asked[f"{selector}._domainkey.acme.com", "TXT"] == 1


def test_a_record_that_includes_without_end_stops_being_asked():
    class Endless(Names):
        def answer(self, qname: str, rdtype: str) -> object:
            below = " ".join(f"include:{letter}.{qname}" for letter in "abcdefghij")
            return super().answer(qname, rdtype) or txt(f"v=spf1 {below} -all")

    names = Endless({})
    found = look_up("acme.com", resolver=names)
    assert sum(names.asked.values()) <= MOST_QUESTIONS + 2
    assert "too_many" in [fault.code for fault in read_spf("acme.com", found.zone).faults]


def test_what_was_not_asked_within_the_budget_is_open():
    found = look_up("acme.com", resolver=Names(GOOD), budget_seconds=0)
    assert {found.zone.ask(name).state for name in ("acme.com", "_dmarc.acme.com")} == {"failed"}


@pytest.mark.parametrize("domain", ["a" * 64 + ".com", "a..com", "\ud800.com", "ex ample", "."])
def test_a_name_that_dns_cannot_ask_for_is_no_crash_and_no_answer(domain):
    assert read_spf(domain, look_up(domain, resolver=Names(GOOD)).zone).state == "unknown"


def test_a_real_resolver_without_a_network_makes_everything_unknown():
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], 9
    assert look_up("acme.com", resolver=resolver, timeout_seconds=0.2).doubt == "canary_before"


def test_a_machine_without_a_resolver_knows_nothing(monkeypatch):
    def none() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    assert look_up("acme.com") == (Zone(), "no_resolver", 0)


def test_a_missing_dnspython_is_an_error_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "dns.resolver", None)
    with pytest.raises(MissingExtraError, match=r'pip install "hygiene\[dns\]"') as caught:
        look_up("acme.com", resolver=Names(GOOD))
    assert isinstance(caught.value, HygieneError)
