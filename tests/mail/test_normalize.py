from __future__ import annotations

import pytest

from hygiene.mail.normalize import MASKS, fold, forms, normalized, unwrapped

CASES = {
    "an address": ("<Ann.Lee+x@Example.co.uk> unknown", "maskaddr unknown"),
    "an address behind a scheme": ("smtp:ann@example.com", "maskaddr"),
    "an address of another script": ("<用户@例え.jp> unknown", "maskaddr unknown"),
    "an IP in brackets": ("[192.0.2.7] blocked", "maskip blocked"),
    "an IPv6 address": ("2001:db8::1 blocked", "maskip blocked"),
    "a host with its IP": ("mx1.example.net[192.0.2.7]:25 said", "maskhost maskip said"),
    "a link": ("see https://example.com/x?y=1 for help", "see maskurl for help"),
    "a link to a block list": ("see https://www.spamhaus.org/query/ip/192.0.2.1", "see dnsbl"),
    "a block list's host": ("listed by zen.spamhaus.org", "listed by dnsbl"),
    "a queue id": ("4F1A2B3C4D5E: bounced", "maskid : bounced"),
    "a file is no host": ("invoice.exe was removed", "invoice.exe was removed"),
    "a sentence without a space is no host": ("rejected.Please retry", "rejected.please retry"),
    "codes stay": ("550-5.1.1 no", "550 5.1.1 no"),
    "accents and typographic signs": ("« Boîte » pleine – Straße", '" boite " pleine – strasse'),
    "white space": ("a \r\n\t b", "a b"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_text_is_brought_into_its_one_form(case):
    text, form = CASES[case]
    assert normalized(text) == form


def test_kana_and_hangul_keep_their_marks():
    assert fold("宛先が見つかりません 받는 사람") == "宛先が見つかりません 받는 사람"


def test_the_form_is_stable():
    for text, _ in CASES.values():
        assert normalized(normalized(text)) == normalized(text)


def test_no_local_part_is_left():
    for local in ("mailbox.full", "unknown-user", "spam", "o'neill", '"a b"'):
        assert normalized(f"<{local}@example.com> x").split() == [MASKS[0], "x"]


def test_a_code_that_each_line_repeats_is_said_once():
    assert unwrapped("550-5.7.1 a 550-5.7.1 b 550 5.7.1 c 421 4.7.0 d") == "550 5.7.1 a b c 421 4.7.0 d"


def test_where_words_of_providers_are_looked_for_only_addresses_are_masked():
    assert forms("<a@b.example> https://x.example/?p=NoSuchUser").unmasked.split() == [
        *("maskaddr", "https://x.example/?p=nosuchuser"),
    ]
