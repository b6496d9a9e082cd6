"""The check of a domain over the DNS, all mocked: a network that is off or lies turns nothing green and nothing red."""

from __future__ import annotations

from dataclasses import replace

import dns.exception
import dns.resolver
import pytest

from hygiene.gate.domain import DomainEvidence, gather
from hygiene.mail.authentication import Zone
from hygiene.reports.translate import Translator
from tests.gate.domain_cases import BULK, CORE, MAIL, RECORDS, found, pasted
from tests.mail.authentication.answers import CANARY_ANSWER, Names, one_after_the_other, txt
from tests.mail.authentication.keys import key_record

LIVE = {name: txt(text) for name, text in RECORDS.items()}
OFF = [
    dns.resolver.NXDOMAIN(),
    dns.resolver.NoNameservers(),
    dns.exception.Timeout(),
    OSError("network is unreachable"),
    txt("welcome to the hotel"),
]


def asked_live(resolver: Names) -> dict[str, object]:
    return found(gather("ann@example.com", asks_dns=True, selectors=["s1"], resolver=resolver), BULK, asked=True)


def test_a_live_domain_that_has_everything_passes():
    known = asked_live(Names(LIVE))
    assert {name: known[name].status for name in ("spf", "dkim", "dmarc")} == dict.fromkeys(
        ("spf", "dkim", "dmarc"), "pass"
    )


@pytest.mark.parametrize(
    "canaries", [[failure] for failure in OFF] + [[CANARY_ANSWER, failure] for failure in OFF], ids=range(10)
)
@pytest.mark.parametrize("table", [LIVE, {}], ids=["records", "nothing"])
def test_with_a_network_that_is_off_or_lies_nothing_turns_green_and_nothing_red(canaries, table):
    known = asked_live(Names(table, canary=one_after_the_other(*canaries)))
    assert {known[name].status for name in CORE} == {"unknown"}
    assert {finding.effect for finding in known.values()} == {"none"}


@pytest.mark.parametrize("failure", [dns.resolver.NoNameservers(), dns.exception.Timeout(), OSError()], ids=range(3))
@pytest.mark.parametrize(
    ("name", "check"), [("example.com", "spf"), ("_dmarc.example.com", "dmarc"), ("s1._domainkey.example.com", "dkim")]
)
def test_one_answer_that_is_missing_is_unknown_and_the_others_count(failure, name, check):
    known = asked_live(Names({**LIVE, name: failure}))
    others = {"spf", "dkim", "dmarc"} - {check}
    assert known[check].status == "unknown"
    assert {known[other].status for other in others} == {"pass"}


def test_an_include_without_an_answer_leaves_the_count_open():
    known = asked_live(Names({**LIVE, "example.com": "v=spf1 include:b.net -all", "b.net": dns.exception.Timeout()}))
    assert known["spf"].status == "unknown"


@pytest.mark.parametrize("name", ["example.com", "_dmarc.example.com", "s1._domainkey.example.com"])
def test_what_dns_surely_does_not_have_is_held(name):
    known = asked_live(Names({**LIVE, name: dns.resolver.NXDOMAIN()}))
    assert [finding.effect for finding in known.values()].count("hold") == 1


def test_only_the_usual_selectors_tried_in_vain_prove_nothing():
    given_ = gather(
        "ann@example.com", asks_dns=True, resolver=Names({**LIVE, "s1._domainkey.example.com": dns.resolver.NXDOMAIN()})
    )
    assert found(given_, asked=True)["dkim"].status == "unknown"
    other = gather(
        "ann@example.com", asks_dns=True, resolver=Names({**LIVE, "google._domainkey.example.com": key_record()})
    )
    assert found(other, asked=True)["dkim"].status == "pass"


def test_the_servers_name_is_asked_both_ways(tmp_path):
    path = tmp_path / "mail.eml"
    path.write_text(MAIL.replace("(out.example.com [198.41.0.4])", "([198.41.0.4])"), encoding="utf-8")
    reverse = {("4.0.41.198.in-addr.arpa", "PTR"): ["out.example.com."]}
    for answers, status in (
        ({**reverse, ("out.example.com", "A"): ["198.41.0.4"]}, "pass"),
        ({**reverse, ("out.example.com", "A"): ["198.41.0.9"]}, "warn"),
        ({}, "warn"),
        ({("4.0.41.198.in-addr.arpa", "PTR"): dns.exception.Timeout()}, "unknown"),
    ):
        given_ = gather(mail=path, asks_dns=True, resolver=Names({**LIVE, **answers}))
        assert found(given_)["ptr"].status == status


def test_answers_of_the_dns_are_believed_before_a_file(tmp_path):
    records = tmp_path / "records.txt"
    records.write_text(pasted(RECORDS), encoding="utf-8")
    given_ = gather(
        "example.com", records=records, asks_dns=True, resolver=Names({**LIVE, "example.com": "v=spf1 +all"})
    )
    assert found(given_)["spf"].status == "fail"


def test_a_doubtful_resolver_is_named_in_the_finding():
    given_ = replace(DomainEvidence(domain="example.com", zone=Zone()), doubt="canary_after", was_asked=True)
    finding = found(given_, asked=True)["spf"]
    assert "surely exists" in Translator("en").text(finding.message)
    assert finding.evidence["doubt"] == "canary_after"
