"""DKIM: what a signature says of itself, and what the key in the DNS is worth."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.authentication.dkim import BROKEN, SIGNATURE_BROKEN, SIGNATURE_WEAK, WEAK, read_key, read_signature
from hygiene.mail.authentication.key_size import rsa_bits
from hygiene.mail.authentication.tags import read_tags
from hygiene.mail.authentication.zone import Zone
from tests.mail.authentication.answers import zone
from tests.mail.authentication.keys import ED25519_RECORD, key_record, public_key_info, rsa_public_key

NAME = "s1._domainkey.example.com"
EXAMPLE_OF_RFC_6376 = (  # appendix C: a key of 1,024 bits
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
    "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
    "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
    "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
    "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)


@pytest.mark.parametrize("bits", [512, 1023, 1024, 1025, 2048, 3072, 4096])
@pytest.mark.parametrize("form", [public_key_info, rsa_public_key])
def test_the_size_of_a_key_is_read_in_both_forms(bits, form):
    assert rsa_bits(form(bits)) == bits


@given(st.binary(max_size=300))
def test_any_bytes_are_a_key_or_none(raw):
    assert rsa_bits(raw) is None or rsa_bits(raw) >= 0


@given(st.integers(0, 290))
def test_a_key_that_is_cut_off_is_none(length):
    whole = public_key_info(2048)
    assert rsa_bits(whole[: min(length, len(whole) - 1)]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (key_record(2048), []),
        (key_record(4096), []),
        (key_record(2048, "k=rsa"), []),
        (key_record(2048, "v=DKIM1"), []),
        (key_record(2048, "v=DKIM1; h=sha1:sha256; s=*; n=note; t=s"), []),
        (key_record(2048, "v=DKIM1; s=email"), []),
        (key_record(1024), ["not_long"]),
        (key_record(768), ["short"]),
        (ED25519_RECORD, ["ed25519"]),
        ("v=DKIM1; k=rsa; p=", ["revoked"]),
        ("v=DKIM1; k=rsa", ["no_key"]),
        ("v=DKIM1; k=rsa; p=not base64!", ["bad_key"]),
        ("v=DKIM1; k=rsa; p=" + base64.b64encode(b"no key at all").decode(), ["bad_key"]),
        ("v=DKIM1; k=ed25519; p=" + base64.b64encode(b"short").decode(), ["bad_key"]),
        ("v=DKIM1; k=ecdsa; p=QUJD", ["unknown_kind"]),
        (key_record(2048, "v=DKIM2"), ["version"]),
        (key_record(2048, "k=rsa; v=DKIM1"), ["version"]),  # RFC 6376, section 3.6.1: first, where it is there
        (key_record(2048, "v=DKIM1; h=sha1"), ["sha1_only"]),
        (key_record(2048, "v=DKIM1; s=other"), ["not_for_mail"]),
        (key_record(2048, "v=DKIM1; t=y"), ["testing"]),
        (key_record(2048, "v=DKIM1; k=rsa; k=rsa"), ["duplicate"]),
        (key_record(2048, "v=DKIM1; oops"), ["syntax"]),
        (key_record(768, "v=DKIM1; t=y"), ["short", "testing"]),
    ],
)
def test_each_fault_of_a_key_is_found(text, expected):
    key = read_key(NAME, zone({NAME: text}))
    assert [fault.code for fault in key.faults] == expected
    assert key.is_broken is any(code in BROKEN for code in expected)


def test_the_key_of_the_standards_own_example_has_its_size():
    key = read_key(NAME, zone({NAME: EXAMPLE_OF_RFC_6376}))
    assert (key.kind, key.bits, [fault.code for fault in key.faults]) == ("rsa", 1024, ["not_long"])


def test_a_key_split_into_strings_and_spaces_is_one():
    text = key_record(2048)
    spaced = text[:100] + " " + text[100:200] + "\t" + text[200:]
    assert read_key(NAME, zone({NAME: spaced})).faults == ()


def test_two_keys_under_one_selector_are_none():
    key = read_key(NAME, zone({NAME: [key_record(2048), key_record(1024)]}))
    assert [fault.code for fault in key.faults] == ["several"]


def test_a_key_behind_an_alias_is_found_with_its_name():
    records = {(NAME, "CNAME"): ("s1.keys.example.net",), ("s1.keys.example.net", "TXT"): (key_record(),)}
    key = read_key(NAME, Zone(records))
    assert (key.state, key.bits, key.alias) == ("found", 2048, "s1.keys.example.net")


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (Zone(), "unknown"),
        (zone({}, absent=(NAME,)), "absent"),
        (Zone(failed=frozenset({(NAME, "TXT")})), "failed"),
        (zone({NAME: "some other text"}), "unknown"),
        (zone({NAME: "some other text"}, is_complete=True), "absent"),
    ],
)
def test_a_key_that_is_not_seen_is_absent_only_if_dns_says_so(known, state):
    assert read_key(NAME, known).state == state


SIGNATURE = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; h=from:to:subject; bh=eA==; b=eA=="


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("a=rsa-sha256", "a=ed25519-sha256", []),
        ("d=example.com", "d=Example.COM; i=@mail.example.com", []),
        ("v=1", "v=2", ["signature_version"]),
        ("v=1; ", "", ["signature_version"]),
        ("bh=eA==; ", "", ["signature_part"]),
        ("; b=eA==", "", ["signature_part"]),
        ("d=example.com; ", "", ["signature_part"]),
        ("h=from:to:subject", "h=to:subject", ["signature_from"]),
        ("d=example.com", "d=example.com; i=@example.net", ["signature_identity"]),
        ("d=example.com", "d=example.com; i=@evilexample.com", ["signature_identity"]),
        ("a=rsa-sha256", "a=rsa-sha1", ["signature_sha1"]),
        ("a=rsa-sha256", "a=rsa-sha256; l=100", ["signature_length"]),
        ("s=s1", "s=s1; s=s2", ["signature_syntax"]),
    ],
)
def test_each_fault_of_a_signature_is_found(old, new, expected):
    signature = read_signature(SIGNATURE.replace(old, new) if old else SIGNATURE)
    assert [fault.code for fault in signature.faults] == expected
    assert signature.is_broken is any(code in SIGNATURE_BROKEN for code in expected)


def test_a_folded_signature_with_odd_spaces_is_read():
    signature = read_signature(
        "v = 1;\t a=rsa-sha256 ;d= example.com;s=s1 ; h= From : To:List-Unsubscribe ;bh=e A==; b=\te A=="
    )
    assert (signature.key_name, signature.faults) == (NAME, ())
    assert signature.covered == ("from", "to", "list-unsubscribe")


@given(st.text(max_size=300))
def test_any_text_is_a_signature_and_a_key_without_an_exception(text):
    assert all(fault.code in {**SIGNATURE_BROKEN, **SIGNATURE_WEAK} for fault in read_signature(text).faults)
    for record in (text, f"v=DKIM1; p={text}", f"v=DKIM1; k=ed25519; p={text}"):
        assert all(fault.code in {**BROKEN, **WEAK} for fault in read_key(NAME, zone({NAME: record})).faults)


@given(st.text(max_size=300))
def test_a_name_stands_once_among_the_tags(text):
    tags = read_tags(text)
    assert all(name.strip() == name and ";" not in value for name, value in tags.values.items())
