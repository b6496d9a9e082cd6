"""Whatever bytes a mail has, it gives rows, within bounds of time and memory."""

from __future__ import annotations

import base64
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.mail.bounces.types import MEANINGS
from hygiene.mail.message import MAX_DEPTH, READ_BYTES, TEXT_LIMIT, read_mail
from hygiene.mail.read import read_lines, read_mails

FOLDER = Path(__file__).parent / "bounces"
SAMPLES = [path.read_bytes() for path in sorted((FOLDER / "mails-unix").glob("*.eml"))[::12]]


def rows(raw: bytes):
    [found] = read_mails([raw])
    assert found
    for row in found:
        assert row.verdict.category in MEANINGS
        assert row.verdict.action != "remove" or row.verdict.fault == "address"
    return found


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r", b"\x00" * 100, b"\xff\xfe\xfd" * 50, b" \t\r\n", b"From "])
def test_what_cannot_be_read_gives_one_unknown_row(raw):
    [row] = rows(raw)
    assert (row.verdict.category, row.is_bounce, row.email) == ("unknown", False, None)


@given(st.binary(max_size=4000))
@settings(deadline=None)
def test_no_bytes_crash_it(raw):
    rows(raw)


@given(st.sampled_from(SAMPLES), st.data())
@settings(deadline=None, max_examples=60)
def test_no_damage_to_a_real_report_crashes_it(raw, data):
    cut = data.draw(st.integers(0, len(raw)))
    hole = data.draw(st.integers(0, len(raw)))
    noise = data.draw(st.binary(max_size=60))
    rows(raw[:cut])
    rows(raw[:hole] + noise + raw[hole + len(noise) :])


@given(st.text(max_size=600))
@settings(deadline=None)
def test_no_line_crashes_it_and_each_gives_one_row(text):
    assert len(read_lines([text, "550 no such user"])) == 2


def test_a_mail_nested_fifty_deep_is_read_to_a_bound():
    inner = b"Content-Type: text/plain\n\n550 5.1.1 <ann@example.com> user unknown\n"
    for level in range(50):
        mark = b"level%d" % level
        inner = (
            b'Content-Type: multipart/mixed; boundary="'
            + mark
            + b'"\n\n--'
            + mark
            + b"\n"
            + inner
            + b"\n--"
            + mark
            + b"--\n"
        )
    rows(b"From: MAILER-DAEMON@example.com\nSubject: failure notice\n" + inner)
    assert MAX_DEPTH < 50


def test_a_mail_nested_thousands_deep_gives_a_row():
    rows(b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000)))


def test_of_twenty_megabytes_only_the_beginning_is_read():
    head = b"Return-Path: <>\nFrom: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
    report = head + b"<ann@example.com>:\n550 no such user\n\n"
    raw = report + b"Received: from a by b\nMessage-ID: <1@x>\nSubject: big\n\n" + b"QUJD" * (5 << 20)
    tracemalloc.start()
    [row] = rows(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (row.email, row.verdict.category) == ("ann@example.com", "invalid_mailbox")
    assert peak < 40 * READ_BYTES  # far below what the whole would take
    assert len(read_mail(raw).text) <= TEXT_LIMIT


def test_a_wrong_charset_or_encoding_loses_no_report():
    body = base64.b64encode("Boîte pleine : 552 mailbox full <ann@example.com>".encode("latin-1"))
    raw = (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        b"Content-Type: text/plain; charset=no-such-charset\nContent-Transfer-Encoding: base64\n\n" + body
    )
    [row] = rows(raw)
    assert (row.email, row.verdict.category) == ("ann@example.com", "mailbox_full")


def test_a_report_without_headers_around_is_still_read():
    [row] = rows(b"\n\nYour message to <ann@example.com> could not be delivered: 550 5.1.1 user unknown\n")
    assert row.verdict.category in ("unknown", "invalid_mailbox")


def test_truncated_mime_is_read_as_far_as_it_goes():
    raw = (FOLDER / "mails-unix" / "004-postfix-gmail-nosuchuser.eml").read_bytes()
    place = raw.find(b"Diagnostic-Code")
    [row] = rows(raw[: place + 60])
    assert (row.is_bounce, row.email) == (True, "noor.haddad@cedre.example")
