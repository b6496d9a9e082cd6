"""Pasted records: every way in which people copy them says the same, and what is not understood is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.errors import SourceError
from hygiene.mail.authentication.records import load_records, read_records

DIG = """
; <<>> DiG 9.18.24 <<>> TXT example.com
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4711
;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;example.com.\t\t\tIN\tTXT

;; ANSWER SECTION:
example.com.\t\t300\tIN\tTXT\t"google-site-verification=x"
example.com.\t\t300\tIN\tTXT\t"v=spf1 include:_spf.example.net " "-all"

;; AUTHORITY SECTION:
example.com.\t\t86400\tIN\tNS\tns1.example.net.

;; Query time: 12 msec
;; SERVER: 192.0.2.53#53(192.0.2.53) (UDP)
"""
NO_DMARC = """
;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1
;; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1
;; QUESTION SECTION:
;_dmarc.example.com.\t\tIN\tTXT

;; AUTHORITY SECTION:
example.com.\t\t900\tIN\tSOA\tns1.example.net. hostmaster.example.net. 1 7200 900 1209600 86400
"""
WINDOWS = """Serveur :   box.home
Address:  192.168.1.1

Réponse ne faisant pas autorité :
example.com\ttext =

\t"v=spf1 include:_spf.example.net "
\t"-all"

*** box.home ne parvient pas à trouver _dmarc.example.com : Non-existent domain
"""
LINUX = """Server:\t\t192.0.2.53
Address:\t192.0.2.53#53

Non-authoritative answer:
example.com\ttext = "v=spf1 include:_spf.example.net -all"

Authoritative answers can be found from:
** server can't find _dmarc.example.com: NXDOMAIN
"""
HOST = """example.com descriptive text "v=spf1 include:_spf.example.net -all"
Host _dmarc.example.com not found: 3(NXDOMAIN)
"""
ZONE = """$TTL 3600
$ORIGIN example.com.
@       IN SOA ns1.example.net. hostmaster ( 1 7200
                900 1209600 86400 )
        IN TXT  ( "v=spf1 include:_spf.example.net "  ; the services; (all of them)
                  "-all" )
www     IN A    192.0.2.1
"""


@pytest.mark.parametrize(
    "text",
    [
        'example.com. 3600 IN TXT "v=spf1 include:_spf.example.net -all"',
        'example.com. IN 3600 TXT "v=spf1 include:" "_spf.example.net" " -all" ; a comment',
        'EXAMPLE.com IN TXT "v=spf1 include:_spf.example.net -all"',
        'example.com TXT "v=spf1 include:_spf.example.net -all"',
        "example.com\tTXT\tv=spf1 include:_spf.example.net -all\t3600\tauto",
        "example.com\tv=spf1 include:_spf.example.net -all",
        "example.com: v=spf1 include:_spf.example.net -all",
        "TXT\texample.com\tv=spf1 include:_spf.example.net -all",
        "TXT @ v=spf1 include:_spf.example.net -all",
        '@ TXT "v=spf1 include:_spf.example.net -all"',
        "\ufeffexample.com\u00a0TXT “v=spf1 include:_spf.example.net -all”",
        'example.com. 3600 IN TXT ( "v=spf1 include:_spf.example.net "\r\n  "-all" )\r\n',
        DIG,
        WINDOWS,
        LINUX,
        HOST,
        ZONE,
    ],
    ids=range(17),
)
def test_every_way_of_copying_a_record_says_the_same(text):
    pasted = read_records(text, "example.com")
    assert "v=spf1 include:_spf.example.net -all" in pasted.zone.ask("example.com").texts
    assert pasted.unread == ()


@pytest.mark.parametrize(
    ("text", "name", "kind", "texts"),
    [
        (
            "_dmarc.example.com v=DMARC1; p=none; rua=mailto:d@example.com",
            "_dmarc.example.com",
            "TXT",
            ("v=DMARC1; p=none; rua=mailto:d@example.com",),
        ),
        ('_dmarc IN TXT "v=DMARC1\\; p=none"', "_dmarc.example.com", "TXT", ("v=DMARC1; p=none",)),
        (
            's1._domainkey TXT ( "v=DKIM1; k=rsa; "\n\t"p=QUJD" )  ; ----- key s1 for example.com',
            "s1._domainkey.example.com",
            "TXT",
            ("v=DKIM1; k=rsa; p=QUJD",),
        ),
        (
            "s1._domainkey.example.com. 300 IN CNAME s1.keys.example.net.",
            "s1._domainkey.example.com",
            "CNAME",
            ("s1.keys.example.net",),
        ),
        (
            "s1._domainkey.example.com\tcanonical name = s1.keys.example.net.",
            "s1._domainkey.example.com",
            "CNAME",
            ("s1.keys.example.net",),
        ),
        (
            "s1._domainkey.example.com is an alias for s1.keys.example.net.",
            "s1._domainkey.example.com",
            "CNAME",
            ("s1.keys.example.net",),
        ),
        ("example.com. IN MX 10 mx1.example.net.", "example.com", "MX", ("mx1.example.net",)),
        ("example.com mail is handled by 10 mx1.example.net.", "example.com", "MX", ("mx1.example.net",)),
        ("example.com\tmail exchanger = 10 mx1.example.net.", "example.com", "MX", ("mx1.example.net",)),
        ("www.example.com has address 192.0.2.1", "www.example.com", "A", ("192.0.2.1",)),
        ("1.2.0.192.in-addr.arpa\tname = mail.example.com.", "1.2.0.192.in-addr.arpa", "PTR", ("mail.example.com",)),
        ('example.com TXT "a \\"b\\" \\065"', "example.com", "TXT", ('a "b" A',)),
        ('example.com TXT ""', "example.com", "TXT", ("",)),
    ],
)
def test_each_kind_of_record_is_read(text, name, kind, texts):
    pasted = read_records(text, "example.com")
    assert pasted.zone.records[name, kind] == texts
    assert pasted.unread == ()


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("what is this", "not_understood"),
        ("example.com", "not_understood"),
        ("v=spf1 -all", "no_name"),
        ('"v=spf1 -all"', "no_name"),
        ('example.com TXT "v=spf1 -all', "open_quote"),
        ('example.com TXT "v=spf1" -all', "open_quote"),
        ('example.com. TXT ( "v=spf1"', "open_parenthesis"),
        ("exa mple TXT v=spf1", "not_understood"),
        ("a..b TXT v=spf1 -all", "bad_name"),
        ("_dmarc TXT v=DMARC1; p=none", "relative_name"),
        ("@ TXT v=spf1 -all", "relative_name"),
        ("mail._domainkey TXT v=DKIM1; p=QUJD", "relative_name"),
        ("example.com TXT " + "x" * 20_001, "too_long"),
        ("example.com TXT " + "x" * 40_000, "too_long"),
        ("<html><body>404</body></html>", "not_understood"),
    ],
)
def test_a_line_that_is_not_understood_is_named_with_its_number(line, trouble):
    pasted = read_records(f'example.net TXT "v=spf1 -all"\n\n{line}\nexample.org TXT "v=spf1 -all"')
    assert pasted.unread == ((3, trouble),)
    assert pasted.records == 2


def test_a_record_without_a_name_belongs_to_the_one_before_it_and_to_nobody_at_the_top():
    assert read_records("   IN TXT v=spf1 -all").unread == ((1, "no_name"),)
    after = read_records('example.com. IN NS ns1.example.net.\n   IN TXT "v=spf1 -all"')
    assert after.zone.ask("example.com").texts == ("v=spf1 -all",)


def test_a_zone_files_names_stand_under_its_origin():
    pasted = read_records(
        '$ORIGIN mail.example.com.\n_dmarc TXT "v=DMARC1; p=none"\nnews TXT "v=spf1 -all"', "example.org"
    )
    assert set(pasted.zone.records) == {("_dmarc.mail.example.com", "TXT"), ("news.mail.example.com", "TXT")}


@pytest.mark.parametrize("told", [NO_DMARC, WINDOWS, LINUX, HOST, "_dmarc.example.com has no TXT record"])
def test_what_a_look_up_does_not_find_is_absent_beside_a_record(told):
    assert read_records(f'example.com TXT "v=spf1 -all"\n{told}').zone.ask("_dmarc.example.com").state == "absent"


@pytest.mark.parametrize("told", [NO_DMARC, "Host _dmarc.example.com not found: 3(NXDOMAIN)"])
def test_a_resolver_that_found_nothing_at_all_is_not_believed(told):
    assert read_records(told).zone.ask("_dmarc.example.com").state == "unknown"


@pytest.mark.parametrize(
    "told",
    [
        NO_DMARC.replace("NXDOMAIN", "SERVFAIL"),
        "** server can't find _dmarc.example.com: SERVFAIL",
        "Host _dmarc.example.com not found: 2(SERVFAIL)",
    ],
)
def test_a_server_that_failed_makes_nothing_absent(told):
    assert read_records(f'example.com TXT "v=spf1 -all"\n{told}').zone.ask("_dmarc.example.com").state == "failed"


def test_only_an_answer_in_full_says_that_there_is_no_more():
    assert read_records(DIG).zone.ask("example.com").is_complete
    assert not read_records('example.com TXT "v=spf1 -all"').zone.ask("example.com").is_complete


def test_a_name_that_leads_elsewhere_is_not_absent():
    dig = NO_DMARC.replace("NXDOMAIN", "NOERROR").replace("_dmarc", "s1._domainkey")
    pasted = read_records(dig + "\ns1._domainkey.example.com. 300 IN CNAME s1.keys.example.net.\n")
    assert pasted.zone.ask("s1._domainkey.example.com").state == "unknown"


LINES = st.lists(
    st.sampled_from(
        [
            'example.com TXT "v=spf1 -all"',
            "example.com. 60 IN TXT v=spf1 ~all",
            "_dmarc.example.com v=DMARC1; p=none",
            "s1._domainkey.example.com IN CNAME s1.keys.example.net.",
            "Host mail.example.com not found: 3(NXDOMAIN)",
            "no record at all",
            "",
            "; a comment",
        ]
    ),
    max_size=12,
)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(lines, random):
    shuffled = random.sample(lines, len(lines))
    first, second = read_records("\n".join(lines)), read_records("\n".join(shuffled))
    assert first.zone == second.zone
    assert sorted(trouble for _, trouble in first.unread) == sorted(trouble for _, trouble in second.unread)


@given(st.text(alphabet=st.sampled_from('abcX0 \t\n\r\\"()=:;$@*._-<>“TXTINv'), max_size=300))
def test_any_text_is_read_without_an_exception(text):
    pasted = read_records(text, "example.com")
    assert all(1 <= unread.line <= len(text.splitlines()) for unread in pasted.unread)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("records") / "records.txt"
    path.write_bytes(raw)
    load_records(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_windows_are_read(tmp_path, encoding):
    path = tmp_path / "records.txt"
    path.write_bytes('# relevé\nexample.com TXT "v=spf1 -all"\n'.encode(encoding))
    assert load_records(path).zone.ask("example.com").texts == ("v=spf1 -all",)


def test_a_file_that_is_not_there_is_an_error_with_the_place(tmp_path):
    with pytest.raises(SourceError, match=r"records\.txt cannot be read: .*Check the name"):
        load_records(tmp_path / "records.txt")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "example.com TXT (\n" * 60_000,
        "(" * 1_000_000,
        ("** server " + "can't find x " * 40 + "\n") * 2_000,
        "a text =\n" * 100_000,
        'example.com TXT "' + '\\"' * 500_000,
        "x " * 500_000,
        "\n".join(f'n{i}.example.com TXT "v=spf1 -all"' for i in range(30_000)),
    ],
    ids=range(8),
)
def test_a_hostile_file_is_bounded_in_time_and_its_end_is_named(text):
    assert read_records(text).unread  # by the square of its length it would take hours
