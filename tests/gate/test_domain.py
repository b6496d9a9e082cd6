"""The check of a sender's domain: what is wrong is held, what is not known is never green, and each says what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.gate.bulk import RecipientMix
from hygiene.gate.domain import DomainEvidence, check_domain, gather
from hygiene.mail.authentication import read_message
from hygiene.mail.authentication.records import read_records
from hygiene.reports.translate import Translator
from tests.gate.domain_cases import (
    BULK,
    COMPANIES,
    CORE,
    DMARC,
    GMAIL,
    HOSTILE,
    MAIL,
    RECORDS,
    evidence,
    found,
    pasted,
    statuses,
)
from tests.mail.authentication.keys import ED25519_RECORD, key_record


def test_a_domain_that_has_everything_passes():
    known = found(evidence(mail=MAIL), BULK, asked=True)
    assert {name: known[name].status for name in CORE} == dict.fromkeys(CORE, "pass")
    assert {finding.status for finding in known.values()} <= {"pass", "not_applicable", "warn"}
    assert [name for name, finding in known.items() if finding.status == "warn"] == ["bulk"]
    assert {finding.effect for finding in known.values()} == {"none"}
    assert all(known[name].is_required for name in CORE)


def test_without_any_evidence_nothing_is_green_and_nothing_is_wrong():
    for mix in (COMPANIES, GMAIL, BULK):
        for given_ in (DomainEvidence(), DomainEvidence(domain="example.com"), DomainEvidence(address="a@example.com")):
            known = statuses(given_, mix)
            assert {known.pop("bulk")} <= {"pass", "warn", "not_applicable"}  # arithmetic, no evidence
            assert set(known.values()) == {"unknown"}


# --- which records are wrong ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text", "check", "status", "word"),
    [
        ("example.com", "v=spf1 include:_spf.example.net ~all", "spf", "warn", "_spf.example.net"),
        ("example.com", "v=spf1 +all", "spf", "fail", "+all"),
        ("example.com", "v=spf1 ipv4:192.0.2.1 -all", "spf", "fail", "ipv4:192.0.2.1"),
        ("example.com", "v=spf1 include:example.com -all", "spf", "fail", "itself"),
        ("example.com", "v=spf1 " + " ".join(f"a:h{i}.net" for i in range(11)) + " -all", "spf", "fail", "11"),
        ("example.com", "v=spf1 a", "spf", "warn", "does not end with all"),
        ("example.com", "v=spf1 ?all", "spf", "warn", "?all"),
        ("example.com", "v=spf1 ptr -all", "spf", "warn", "ptr"),
        ("_dmarc.example.com", "v=DMARC1; p=none", "dmarc", "warn", "no reports"),
        ("_dmarc.example.com", "v=DMARC1; p=nnoe", "dmarc", "fail", "p=nnoe"),
        ("_dmarc.example.com", "v=DMARC1;", "dmarc", "fail", "no policy"),
        ("_dmarc.example.com", "v=dmarc1; p=none", "dmarc", "fail", "v=DMARC1"),
        ("_dmarc.example.com", f"{DMARC}; p=none", "dmarc", "fail", "twice"),
        ("_dmarc.example.com", f"{DMARC}; adkim=x", "dmarc", "warn", "adkim=x"),
        ("_dmarc.example.com", f"{DMARC}; pct=100", "dmarc", "pass", "none"),
        ("s1._domainkey.example.com", key_record(1024), "dkim", "warn", "1,024"),
        ("s1._domainkey.example.com", key_record(768), "dkim", "fail", "768"),
        ("s1._domainkey.example.com", "v=DKIM1; p=", "dkim", "fail", "withdrawn"),
        ("s1._domainkey.example.com", "v=DKIM1; p=garbage!", "dkim", "fail", "cannot be read"),
        ("s1._domainkey.example.com", ED25519_RECORD, "dkim", "warn", "Ed25519"),
        ("s1._domainkey.example.com", key_record(2048, "v=DKIM1; t=y"), "dkim", "warn", "tested"),
        ("s1._domainkey.example.com", key_record(2048, "v=DKIM1; h=sha1"), "dkim", "fail", "SHA-1"),
        ("s1._domainkey.example.com", key_record(2048, "v=DKIM1; s=tlsrpt"), "dkim", "fail", "tlsrpt"),
    ],
)
def test_each_fault_of_a_record_is_said_with_a_remedy(name, text, check, status, word):
    finding = found(evidence({**RECORDS, name: text}), GMAIL, asked=True)[check]
    assert finding.status == status
    assert finding.effect == ("hold" if status == "fail" else "none")
    assert word in Translator("en").text(finding.message)
    assert (finding.remedy is None) == (status == "pass")
    assert finding.source.startswith("RFC ")


def test_two_records_are_held_and_the_one_to_publish_is_given():
    two = read_records(
        pasted(RECORDS)
        + '\nexample.com TXT "v=spf1 include:_spf.example.net -all"\n_dmarc.example.com TXT "v=DMARC1; p=reject"'
    )
    known = found(DomainEvidence(domain="example.com", zone=two.zone))
    assert (known["spf"].status, known["dmarc"].status) == ("fail", "fail")
    assert known["spf"].evidence["paste"] == 'example.com. TXT "v=spf1 include:_spf.example.net ip4:192.0.2.0/24 ~all"'


NXDOMAIN = """
;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1
;; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1
;{name}.\t\tIN\tTXT
"""


@pytest.mark.parametrize(
    ("name", "check", "paste"),
    [
        ("example.com", "spf", 'example.com. TXT "v=spf1 include:_spf.sending-service.example ~all"'),
        (
            "_dmarc.example.com",
            "dmarc",
            '_dmarc.example.com. TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"',
        ),
    ],
)
def test_a_record_that_is_surely_not_there_is_held_with_one_to_paste(name, check, paste):
    text = pasted({**RECORDS, name: None}) + NXDOMAIN.format(name=name)
    finding = found(DomainEvidence(domain="example.com", zone=read_records(text).zone))[check]
    assert (finding.status, finding.effect, finding.evidence["paste"]) == ("fail", "hold", paste)
    assert read_records(paste).records == 1  # what is to be pasted can be read


@pytest.mark.parametrize(
    ("name", "check"), [("example.com", "spf"), ("_dmarc.example.com", "dmarc"), ("s1._domainkey.example.com", "dkim")]
)
def test_a_record_that_was_only_not_given_is_unknown(name, check):
    finding = found(evidence({**RECORDS, name: None}), asked=True)[check]
    assert (finding.status, finding.is_required, finding.effect) == ("unknown", True, "none")


def test_a_named_selector_that_is_not_there_is_held_and_a_guess_is_not():
    text = pasted({**RECORDS, "s1._domainkey.example.com": None}) + NXDOMAIN.format(name="s1._domainkey.example.com")
    zone = read_records(text).zone
    assert found(DomainEvidence(domain="example.com", zone=zone, selectors=("s1",)))["dkim"].status == "fail"
    assert found(DomainEvidence(domain="example.com", zone=zone))["dkim"].status == "unknown"


def test_of_several_keys_the_best_counts():
    both = evidence({**RECORDS, "old._domainkey.example.com": "v=DKIM1; p="})
    assert found(both)["dkim"].status == "pass"
    assert "old._domainkey.example.com" in found(both)["dkim"].evidence["also"]


# --- the mail ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "check", "status"),
    [
        ("d=example.com", "d=esp.example", "alignment", "warn"),  # only SPF is left
        ("d=example.com", "d=mail.example.com", "alignment", "pass"),
        ("bounce@example.com", "bounce@esp.example", "alignment", "pass"),
        ("d=example.com; s=s1", "d=example.com; s=s2", "dkim", "unknown"),
        ("h=from:", "h=to:", "dkim", "fail"),
        ("a=rsa-sha256", "a=rsa-sha1", "dkim", "fail"),
        ("s=s1;", "s=s1; l=5;", "dkim", "warn"),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "", "one_click", "fail"),
        ("<https://example.com/u>", "<mailto:u@example.com>", "one_click", "fail"),
        (":list-unsubscribe-post;", ";", "one_click", "fail"),
        ("From: Ann", "From: b@example.org\nFrom: Ann", "from", "fail"),
        ("<ann@example.com>", "<ann@example.com>, b@example.org", "from", "fail"),
        ("<ann@example.com>", "<ann@example.com>, b@example.com", "from", "warn"),
        ("From: Ann <ann@example.com>\n", "", "from", "fail"),
        ("ann@example.com", "no-reply@example.com", "from", "warn"),
        ("Subject: An", "Reply-To: noreply@example.com\nSubject: An", "from", "warn"),
        ("ann@example.com", "ann@example.org", "from", "warn"),
        ("Subject: An", "Subject: Re: an", "subject", "fail"),
        ("Date: Mon, 2 Nov 2026 10:00:00 +0000\n", "", "headers", "warn"),
        ("with ESMTPS", "with ESMTP", "tls", "warn"),
        ("with ESMTPS", "", "tls", "unknown"),
        ("(out.example.com [198.41.0.4])", "(unknown [198.41.0.4])", "ptr", "warn"),
        ("(out.example.com [198.41.0.4])", "([198.41.0.4])", "ptr", "unknown"),
        ("from out.example.com (out.example.com", "from x (a.outbound.protection.outlook.com", "ptr", "not_applicable"),
        ("Subject: An", "X-Forwarded-To: b@example.org\nSubject: An", "arc", "warn"),
        (
            "Subject: An",
            "Authentication-Results: mx.google.com; spf=softfail; dkim=pass\nSubject: An",
            "results",
            "warn",
        ),
        ("Subject: An", "Authentication-Results: mx.google.com; spf=pass; dkim=pass\nSubject: An", "results", "pass"),
    ],
)
def test_each_fault_of_a_mail_is_found(old, new, check, status):
    assert old in MAIL
    finding = found(evidence(mail=MAIL.replace(old, new)), BULK, asked=True)[check]
    assert finding.status == status
    assert finding.effect == ("hold" if status == "fail" else "none")


def test_a_mail_that_nobody_signed_is_held():
    unsigned = "\n".join(line for line in MAIL.splitlines() if not line.startswith("DKIM"))
    known = found(evidence(mail=unsigned), BULK, asked=True)
    assert {name: known[name].status for name in CORE} == {
        "spf": "pass",
        "dkim": "fail",
        "dmarc": "pass",
        "alignment": "warn",
        "one_click": "fail",
    }


def test_a_mail_that_neither_stands_for_the_senders_domain_is_held():
    other = MAIL.replace("d=example.com", "d=esp.example").replace("bounce@example.com", "bounce@esp.example")
    records = {**RECORDS, "esp.example": "v=spf1 -all", "s1._domainkey.esp.example": key_record()}
    known = found(evidence(records, other), asked=True)
    assert (known["spf"].status, known["dkim"].status, known["alignment"].status) == ("pass", "pass", "fail")
    assert known["alignment"].effect == "hold"


def test_strict_alignment_wants_the_same_domain():
    records = {
        **RECORDS,
        "_dmarc.example.com": f"{DMARC}; adkim=s; aspf=s",
        "s1._domainkey.mail.example.com": key_record(),
    }
    mail = MAIL.replace("d=example.com", "d=mail.example.com").replace("bounce@example.com", "bounce@mail.example.com")
    assert found(evidence({**records, "mail.example.com": "v=spf1 -all"}, mail))["alignment"].status == "fail"


def test_what_hangs_on_a_dmarc_record_that_nobody_gave_is_unknown():
    records = {**RECORDS, "_dmarc.example.com": None}
    mail = MAIL.replace("d=example.com", "d=mail.example.com").replace("bounce@example.com", "bounce@mail.example.com")
    assert found(evidence(records, mail))["alignment"].status == "unknown"


def test_a_mail_without_a_return_path_says_nothing_on_spf():
    mail = MAIL.replace("d=example.com", "d=esp.example").replace("Return-Path: <bounce@example.com>\n", "")
    assert found(evidence(mail=mail))["alignment"].status == "unknown"


def test_a_copy_of_sent_mail_proves_nothing_by_what_it_lacks():
    sent = "From: Ann <ann@example.com>\nSubject: An offer\nDate: x\n\nHi"
    known = statuses(evidence({"example.com": RECORDS["example.com"]}, sent), BULK, asked=True)
    assert {name: known[name] for name in (*CORE, "tls", "ptr")} == {
        **dict.fromkeys(("dkim", "dmarc", "alignment", "one_click", "tls", "ptr"), "unknown"),
        "spf": "pass",
    }


def test_another_domains_mail_shows_nothing_about_the_sender():
    known = statuses(evidence(mail=MAIL.replace("ann@example.com", "ann@example.org")), BULK, asked=True)
    assert (known["alignment"], known["one_click"], known["tls"]) == ("unknown", "unknown", "unknown")
    assert "subject" not in known


def test_the_spf_record_of_the_return_path_counts_and_no_other():
    mail = MAIL.replace("bounce@example.com", "bounce@esp.example")
    assert found(evidence(mail=mail))["spf"].status == "unknown"
    assert found(evidence({**RECORDS, "esp.example": "v=spf1 +all"}, mail))["spf"].status == "fail"


def test_a_private_mailbox_that_its_provider_did_not_sign_is_held():
    mail = MAIL.replace("ann@example.com", "ann@gmail.com")
    given_ = DomainEvidence(domain="gmail.com", mail=read_message(mail.encode()))
    assert found(given_)["from"].status == "fail"
    signed = mail.replace("d=example.com", "d=gmail.com")
    assert found(DomainEvidence(domain="gmail.com", mail=read_message(signed.encode())))["from"].status == "pass"
    assert found(DomainEvidence(domain="gmail.com"))["from"].status == "warn"


# --- who requires what ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mix", "asked", "required"),
    [
        (COMPANIES, False, set()),
        (COMPANIES, True, {"spf", "dkim", "dmarc"}),
        (GMAIL, False, set()),  # asked of everybody: a remark, not a reason to wait
        (BULK, False, set(CORE)),
        (RecipientMix.of({"yahoo.com": 1}), False, set(CORE)),
        (RecipientMix.of({"live.com": 1}), False, set()),
        (RecipientMix.of({"live.com": 6_000}), False, set(CORE) - {"one_click"}),
    ],
)
def test_what_a_rule_that_applies_or_the_caller_requires_is_required(mix, asked, required):
    known = found(DomainEvidence(domain="example.com"), mix, asked=asked)
    assert {name for name, finding in known.items() if finding.is_required} == required


def test_gmail_asks_small_senders_for_one_of_spf_and_dkim():
    only_spf = found(evidence({"example.com": RECORDS["example.com"]}), GMAIL)
    assert (only_spf["spf"].status, only_spf["dkim"].is_required) == ("pass", False)
    only_dkim = found(evidence({"s1._domainkey.example.com": key_record()}), GMAIL)
    assert (only_dkim["dkim"].status, only_dkim["spf"].is_required) == ("pass", False)


def test_alignment_is_required_of_a_caller_who_gives_a_mail():
    assert found(evidence(mail=MAIL), asked=True)["alignment"].is_required
    assert not found(evidence(), asked=True)["alignment"].is_required


def test_what_one_click_lacks_is_held_for_bulk_senders_and_a_remark_for_others():
    mail = MAIL.replace("List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "")
    assert [(found(evidence(mail=mail), mix)["one_click"].status) for mix in (COMPANIES, GMAIL, BULK)] == [
        "warn",
        "warn",
        "fail",
    ]


def test_a_finding_names_whose_rule_it_is():
    assert found(evidence(), BULK)["spf"].evidence["required_by"] == "google"
    assert "support.google.com/a/answer/81126" in found(evidence(), BULK)["spf"].source
    assert "required_by" not in found(evidence(), COMPANIES)["spf"].evidence


def test_a_campaign_that_makes_a_bulk_sender_for_good_is_warned_about():
    assert [found(evidence(), mix)["bulk"].status for mix in (COMPANIES, GMAIL, BULK)] == [
        "not_applicable",
        "pass",
        "warn",
    ]


def test_lines_that_were_not_understood_are_named():
    known = read_records(pasted(RECORDS) + "\nwhat is this\n\nand this?")
    finding = found(DomainEvidence(domain="example.com", zone=known.zone, unread=known.unread))["records"]
    assert (finding.status, finding.evidence["lines"], finding.evidence["reasons"]) == (
        "warn",
        2,
        "4: not_understood, 6: not_understood",
    )


# --- what callers give ------------------------------------------------------------------------------------------------
def test_everything_is_gathered_from_files(tmp_path):
    mail, records = tmp_path / "mail.eml", tmp_path / "records.txt"
    mail.write_text(MAIL, encoding="utf-8")
    records.write_text(pasted(RECORDS).replace("_dmarc.example.com", "_dmarc"), encoding="utf-8")
    known = gather(mail=mail, records=records)
    assert (known.domain, known.doubt, known.was_asked) == ("example.com", "", False)
    assert {found(known, BULK)[name].status for name in CORE} == {"pass"}


# --- whatever comes ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_sentence_can_be_said_in_both_languages(lang):
    translator = Translator(lang, strict=True)
    for mail in (None, MAIL, MAIL.replace("d=example.com", f"d={HOSTILE}"), MAIL.replace("An offer", f"Re: {HOSTILE}")):
        for records in (None, {}, {"example.com": f"v=spf1 {HOSTILE}", "_dmarc.example.com": f"v=DMARC1; p={HOSTILE}"}):
            for finding in check_domain(evidence(records, mail), BULK, asked=True):
                for message in (finding.message, finding.remedy):
                    shown = translator.text(message) if message else ""
                    assert "\x1b" not in shown
                    assert "\n" not in shown


RANK = {"pass": 0, "not_applicable": 0, "warn": 1, "unknown": 1, "fail": 2}
PARTS = st.sampled_from(["a", "mx", "+all", "-all", "ip4:192.0.2.1", "ip4:x", "include:example.com", "ptr"])
SPF = st.lists(PARTS, max_size=5).map(lambda parts: " ".join(["v=spf1", *parts]))


@given(SPF, SPF)
def test_a_second_spf_record_never_makes_it_better(first, second):
    one = read_records(f"example.com TXT {first}")
    two = read_records(f"example.com TXT {first}\nexample.com TXT {second}")
    before, after = (found(DomainEvidence(domain="example.com", zone=known.zone))["spf"] for known in (one, two))
    assert RANK[after.status] >= RANK[before.status]


@given(st.permutations(pasted(RECORDS).splitlines()))
def test_the_order_of_the_pasted_lines_does_not_matter(lines):
    zone = read_records("\n".join(lines)).zone
    assert check_domain(DomainEvidence(domain="example.com", zone=zone), BULK) == check_domain(evidence(), BULK)


@given(st.binary(max_size=300), st.text(max_size=200), st.text(max_size=30))
def test_whatever_is_given_each_check_has_one_answer(raw, text, domain):
    given_ = DomainEvidence(domain=domain, mail=read_message(raw), zone=read_records(text).zone)
    checks = [finding.check for finding in check_domain(given_, BULK, asked=True)]
    assert len(checks) == len(set(checks))


@given(st.sampled_from(sorted(RECORDS)))
def test_to_take_evidence_away_never_turns_anything_green(name):
    more, less = found(evidence(mail=MAIL), BULK), found(evidence({**RECORDS, name: None}, MAIL), BULK)
    for check in CORE:
        assert less[check].status != "pass" or more[check].status == "pass"
