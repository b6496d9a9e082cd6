"""What a verdict must not depend on: who is written to, which machine answers, how the text is laid out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.read import read_lines, read_mails

HERE = Path(__file__).parent
LINES = list(
    csv.DictReader(
        (HERE / "lines.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
)
TEXTS = [row["text"] for row in LINES]
SEVERITY = {"remove": 3, "fix_sender": 2, "review": 1, "hold": 1, "retry": 0, "ignore": 0, "suppress": 0}
read_lines(["550 no such user"])  # loads rules and model, so that no example is slow

local_parts = st.from_regex(r"[a-z]{1,12}([.][a-z]{1,12})?", fullmatch=True)
hosts = st.sampled_from(["mx1.example.net", "a.mail.example.org", "relay-07.example.co.uk", "smtp.example.fr"])
addresses = st.builds("{}@{}".format, local_parts, st.sampled_from(["example.com", "firma.example", "exemple.fr"]))
ips = st.ip_addresses(v=4).map(str)

TEMPLATES = (
    "550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table",
    "host {host}[{ip}] said: 550-5.1.1 The email account that you tried to reach does not exist. {queue} - gsmtp",
    "452 4.2.2 <{address}> mailbox full ({host})",
    "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org",
    "550 5.7.26 Unauthenticated email from {host} is not accepted due to domain's DMARC policy {queue}",
    "{queue}: to=<{address}>, relay={host}[{ip}]:25, status=bounced (said: 554 5.7.1 Message rejected as spam)",
    "connect to {host}[{ip}]:25: Connection timed out",
    "550 Mailbox disabled for {address}",
)


def verdict(text: str) -> tuple[str, str]:
    [row] = read_lines([text])
    return row.verdict.category, row.verdict.action


@given(st.sampled_from(TEMPLATES), addresses, addresses, hosts, hosts, ips, ips)
def test_who_is_written_to_and_which_machine_answers_changes_nothing(template, to, other_to, host, other, ip, other_ip):
    one = template.format(address=to, host=host, ip=ip, queue="4F1A2B3C4D5E")
    two = template.format(address=other_to, host=other, ip=other_ip, queue="9ABCD01EF234")
    assert verdict(one) == verdict(two)


@pytest.mark.parametrize(
    "name", ["full", "unknown.user", "spam", "blocked", "nobody", "quota.exceeded", "no-such-user"]
)
def test_a_name_that_sounds_like_a_reason_is_none(name):
    plain, telling = (f"550 <{local}@example.com> could not be accepted here" for local in ("ann.lee", name))
    assert verdict(plain) == verdict(telling)


@given(st.sampled_from(TEXTS))
def test_upper_case_changes_nothing(text):
    assert verdict(text.upper()) == verdict(text.lower())


@given(st.sampled_from(TEXTS), st.sampled_from([" ", "\t", "   ", "\r\n ", "\n\t"]))
def test_wrapped_lines_change_nothing(text, space):
    assert verdict(text.replace(" ", space)) == verdict(text)


@pytest.mark.parametrize("text", [text for text in TEXTS if text[:3].isdigit() and text[3:6] in (" 5.", " 4.")])
def test_a_dash_between_the_codes_changes_nothing(text):
    assert verdict(f"{text[:3]}-{text[4:]}") == verdict(text)


def _as_class_4(text: str) -> str:
    head = text
    for five, four in (("550", "450"), ("551", "451"), ("552", "452"), ("553", "453"), ("554", "454"), ("556", "456")):
        head = head.replace(five, four)
    return head.replace(" 5.", " 4.").replace("-5.", "-4.").replace("(5.", "(4.").replace("#5.", "#4.")


@pytest.mark.parametrize("text", [text for text in TEXTS if text.startswith("55")])
def test_the_same_text_under_4xx_is_never_harsher(text):
    harsh, mild = verdict(text), verdict(_as_class_4(text))
    assert SEVERITY[mild[1]] <= SEVERITY[harsh[1]] or (mild[1], harsh[1]) == ("fix_sender", "review"), (harsh, mild)
    assert mild[1] != "remove"


def _mails(folder: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((HERE / folder).glob("*.eml"))]


MAILS = [*_mails("mails-unix"), *_mails("mails-exchange")]
PLAIN = [raw for raw in MAILS if raw.isascii() and b"\r" not in raw]


def _rows(raw: bytes) -> list[tuple[object, ...]]:
    [rows] = read_mails([raw])
    return [(row.email, row.is_bounce, row.verdict.category, row.verdict.action) for row in rows]


@pytest.mark.parametrize("number", range(0, len(PLAIN), 9))
def test_line_ends_change_nothing(number):
    raw = PLAIN[number]
    assert _rows(raw.replace(b"\n", b"\r\n")) == _rows(raw) == _rows(raw.replace(b"\n", b"\r"))


def test_a_quoted_original_below_the_report_changes_nothing():
    original = (
        b"\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        b"Return-path: <me@example.org>\n"
        b"Received: from x.example.org by y\nFrom: me@example.org\nTo: ann@example.com\nSubject: spam filters\n"
        b"Message-ID: <1@example.org>\n\nYour mailbox is full of unknown users? Our SPF check unsubscribes them.\n"
    )
    head = b"Return-Path: <>\nFrom: MAILER-DAEMON@example.org\nTo: me@example.org\nSubject: failure notice\n\n"
    for said in (b"550 no such user here", b"552 mailbox full", b"554 5.7.1 Relaying denied"):
        report = head + b"Your message could not be delivered.\n\n<ann@example.com>:\n" + said + b"\n"
        assert _rows(report + original) == _rows(report)
