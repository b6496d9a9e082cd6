"""The headers of a mail: each as often as it stands there, bounded, and nobody's word taken for more than it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.errors import SourceError
from hygiene.mail.authentication import load_message, read_message
from hygiene.mail.authentication.headers import mailboxes, read_headers
from hygiene.mail.authentication.results import read_results
from hygiene.mail.authentication.trace import read_hop

MAIL = b"""Return-Path: <bounce+1@mail.example.com>
Received: by 2002:a05:6a00:1 with SMTP id x; Mon, 2 Nov 2026 10:00:02 -0800
Received: from out1.example.com (out1.example.com. [198.41.0.4])
        by mx.google.com with ESMTPS id y
        for <reader@gmail.com>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Mon, 2 Nov 2026 10:00:01 -0800
Authentication-Results: mx.google.com;
       dkim=pass header.i=@example.com header.s=s1 header.b=abc;
       spf=pass (google.com: domain of bounce+1@mail.example.com designates 198.41.0.4 as permitted)
       smtp.mailfrom=bounce+1@mail.example.com;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.com
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1;
        h=from:subject:list-unsubscribe:list-unsubscribe-post; bh=eA==; b=eA==
From: =?utf-8?q?Ren=C3=A9?= <rene@Example.com>
Subject: An offer
Date: Mon, 2 Nov 2026 10:00:00 -0800
List-Unsubscribe: <mailto:u@example.com>, <https://example.com/u?id=1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Received: from nowhere; this is the text
"""


def test_a_mail_says_who_wrote_it_who_signed_it_and_which_way_it_came():
    mail = read_message(MAIL)
    assert mail.headers.faults == ()
    assert (mail.authors, mail.author_domain) == (("rene@Example.com",), "example.com")
    assert mail.return_path == "mail.example.com"
    assert [signature.key_name for signature in mail.signatures] == ["s1._domainkey.example.com"]
    assert [(result.method, result.result) for result in mail.results] == [
        ("dkim", "pass"),
        ("spf", "pass"),
        ("dmarc", "pass"),
    ]
    assert mail.results[1].properties == {"smtp.mailfrom": "bounce+1@mail.example.com"}
    assert (mail.has_travelled, len(mail.hops)) == (True, 2)
    assert (mail.border.host, mail.border.receiver, mail.border.address) == (
        "out1.example.com",
        "mx.google.com",
        "198.41.0.4",
    )
    assert mail.border.is_encrypted is True
    assert mail.unsubscribe.is_one_click
    assert (mail.is_false_answer, mail.is_forwarded, mail.has_arc) == (False, False, False)


@pytest.mark.parametrize("old", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_is_read(old):
    mail = read_message(MAIL.replace(b"\n", old))
    assert (mail.author_domain, len(mail.hops), mail.headers.faults) == ("example.com", 2, ())


def test_the_line_of_an_mbox_and_what_lies_before_the_headers_are_passed_over():
    assert (
        read_message(b"\n\n\xef\xbb\xbfFrom ann@example.com Mon Nov  2 10:00:00 2026\n" + MAIL).author_domain
        == "example.com"
    )


def test_a_copy_of_sent_mail_never_travelled():
    mail = read_message(b"From: ann@example.com\nSubject: x\nDate: x\n\nHi")
    assert (mail.has_travelled, mail.border, mail.return_path) == (False, None, "")


@pytest.mark.parametrize(
    ("headers", "domain"),
    [
        (b"Return-Path: <a@b.example.com>\n", "b.example.com"),
        (b"Return-Path: <>\nAuthentication-Results: x; spf=pass smtp.mailfrom=a@c.example.com\n", ""),
        (b"Authentication-Results: x; spf=pass smtp.mailfrom=a@c.example.com\n", "c.example.com"),
        (b"Authentication-Results: x; spf=pass smtp.mailfrom=c.example.com\n", "c.example.com"),
        (b"Authentication-Results: x; dkim=pass header.d=c.example.com\n", ""),
        (b"", ""),
    ],
)
def test_the_return_path_is_told_by_its_header_or_else_by_the_receiver(headers, domain):
    assert (
        read_message(headers + MAIL.partition(b"\n")[2].replace(b"Authentication-Results", b"X-Other", 1)).return_path
        == domain
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@example.com", ("a@example.com",)),
        ("<a@example.com>", ("a@example.com",)),
        ("Ann <a@example.com>, bob@example.net", ("a@example.com", "bob@example.net")),
        ('"a@evil.example, b" <c@example.com>', ("c@example.com",)),
        ('"quote \\" <x@evil.example>" <c@example.com>', ("c@example.com",)),
        ("c@example.com (d@evil.example)", ("c@example.com",)),
        ("(a (nested) comment) <c@example.com>", ("c@example.com",)),
        ("Group: a@example.com, b@example.com;", ("a@example.com", "b@example.com")),
        ("Undisclosed:;", ()),
        ("a@example.com <b@example.net>", ("b@example.net",)),
        ("<a@example.com", ("a@example.com",)),
        ('"open <a@example.com>', ()),
        ("nobody", ()),
        ("", ()),
    ],
)
def test_addresses_are_what_stands_outside_quotes_and_comments(value, expected):
    assert mailboxes(value) == expected


@pytest.mark.parametrize(
    ("subject", "answers", "expected"),
    [
        (b"Re: offer", b"", True),
        (b"RE : offer", b"", True),
        (b"Fwd: offer", b"", True),
        (b"TR: offre", b"", True),
        (b"AW: Angebot", b"", True),
        (b"=?utf-8?b?UmU6IG9mZmVy?=", b"", True),
        (b"Re: offer", b"In-Reply-To: <1@example.com>\n", False),
        (b"Re: offer", b"References: <1@example.com>\n", False),
        (b"Re: offer", b"In-Reply-To: \n", True),
        (b"Recent news", b"", False),
        (b"Reply to our survey", b"", False),
        (b"", b"", False),
    ],
)
def test_a_subject_that_answers_nothing_is_found(subject, answers, expected):
    assert (
        read_message(b"From: a@example.com\nSubject: " + subject + b"\n" + answers + b"\n").is_false_answer is expected
    )


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (MAIL.replace(b"Subject: An offer", b"Subject: one\nSubject: two"), ("twice", "subject")),
        (MAIL.replace(b"From:", b"From: b@example.com\nFrom:"), ("twice", "from")),
        (MAIL.replace(b"Date: Mon, 2 Nov 2026 10:00:00 -0800\n", b""), ("missing", "date")),
        (MAIL.replace(b"Subject: An offer", b"no header at all\nSubject: x"), ("no_field", "no header at all")),
        (MAIL.replace(b"Subject: An offer", b"Subject: " + b"x" * 990), ("long_line", "999")),
        (MAIL.replace(b"Subject: An offer", "Subject: Été".encode()), ("raw_eight_bit", "subject")),
        (MAIL.replace(b"Subject: An offer", b"Subject: \xe9t\xe9"), ("raw_eight_bit", "subject")),
        (b"X: y\n" * 2_500 + MAIL, ("too_many", "2000")),
        (b"X: " + b"y\n z" * 400_000, ("cut", str(1 << 20))),
        (b"", ("no_headers", "")),
        (b"\n\nOnly text", ("no_headers", "")),
    ],
)
def test_what_breaks_the_form_is_named(raw, fault):
    assert fault in read_headers(raw).faults


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b'"' * 1_000_000,
        b"From: " + b"(" * 1_000_000,
        b"From: " + b'\\"' * 500_000,
        b"From: " + b"<" * 1_000_000,
        b"From: " + b"a@example.com, " * 60_000,
        b"DKIM-Signature: " + b"a=b; " * 200_000,
        b"Received: " + b"from a (" * 100_000,
        b"Received: from a\n" * 60_000,
        b"Authentication-Results: x; " + b"spf=pass ; " * 90_000,
        b"List-Unsubscribe: " + b"<" * 1_000_000,
        b"List-Unsubscribe: " + b"<https://example.com/>, " * 40_000,
        b"Subject: " + b"=?utf-8?b?" * 100_000,
        b"Subject: " + b"=?utf-8?q?" + b"=" * 900_000 + b"?=",
        b"\n ".join([b"From: a"] * 1_000)[:1_000_000],
        bytes(range(256)) * 4_000,
        b": \n" * 300_000,
    ],
    ids=range(16),
)
def test_a_megabyte_of_hostile_headers_is_read_to_its_bounds(raw):
    read_everything(raw + b"\n\nText")


def read_everything(raw: bytes) -> None:
    """Read all that there is to read; what takes the square of its length would take hours."""
    mail = read_message(raw)
    assert len(mail.headers.fields) <= 2_000
    for value in (mail.authors, mail.reply_to, mail.signatures, mail.results, mail.hops, mail.unsubscribe.addresses):
        assert len(value) <= 2_000
    assert isinstance(mail.is_false_answer, bool)
    assert mail.border is None or mail.border.receiver
    assert mail.author_domain.isascii()
    assert mail.return_path.isascii()
    assert mail.arc_instances == tuple(sorted(mail.arc_instances))


NAMES = [
    "From",
    "Return-Path",
    "Received",
    "DKIM-Signature",
    "Authentication-Results",
    "List-Unsubscribe",
    "Subject",
    "ARC-Seal",
]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=120)), max_size=8))
def test_any_headers_are_read_without_an_exception(fields):
    read_everything(b"".join(name.encode() + b": " + value + b"\n" for name, value in fields))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail_without_an_exception(raw):
    read_everything(raw)


@pytest.mark.parametrize(
    ("value", "encrypted"),
    [
        ("from a.example.com by mx.example.net with ESMTPS id 1", True),
        ("from a.example.com by mx.example.net with ESMTPSA id 1", True),
        ("from a.example.com by mx.example.net with esmtps (TLS1.3) id 1", True),
        ("from a.example.com (using TLSv1.3 with cipher X) by mx.example.net (Postfix) with ESMTP id 1", True),
        ("from A by B.prod.outlook.com with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE) id 1", True),
        ("from a.example.com by mx.example.net with ESMTP id 1", False),
        ("from a.example.com by mx.example.net with SMTP id 1", False),
        ("from a.example.com by mx.example.net id 1", None),
    ],
)
def test_a_hop_says_whether_it_was_encrypted_or_nothing(value, encrypted):
    assert read_hop(value).is_encrypted is encrypted


@pytest.mark.parametrize(
    ("value", "host", "has_no_name", "address"),
    [
        ("from a.example.com (b.example.com [192.0.2.1]) by x.example.net", "b.example.com", False, "192.0.2.1"),
        ("from a.example.com (unknown [192.0.2.1]) by x.example.net", "", True, "192.0.2.1"),
        ("from a.example.com ([192.0.2.1]) by x.example.net", "", False, "192.0.2.1"),
        ("from a.example.com (192.0.2.1) by x.example.net", "", False, "192.0.2.1"),
        ("from [192.0.2.1] (helo=a) by x.example.net", "", False, "192.0.2.1"),
        ("from a (b.example.com [IPv6:2001:db8::1]) by x.example.net", "b.example.com", False, "2001:db8::1"),
        ("from a (b.example.com [999.0.2.1]) by x.example.net", "b.example.com", False, ""),
        ("by x.example.net with SMTP", "", False, ""),
    ],
)
def test_a_hop_says_which_name_and_address_the_sender_had(value, host, has_no_name, address):
    hop = read_hop(value)
    assert (hop.host, hop.has_no_name, hop.address) == (host, has_no_name, address)


def test_the_border_is_the_uppermost_hop_from_another_organization():
    hops = [
        b"from a.internal.google.com (a.internal.google.com [10.0.0.1]) by mx.google.com with ESMTP",
        b"from localhost (localhost [127.0.0.1]) by mx.example.net with SMTP",
        b"from out.example.com (out.example.com [198.41.0.4]) by mx.google.com with ESMTP",
        b"from forged.example.org (forged.example.org [8.8.4.4]) by out.example.com with ESMTPS",
    ]
    mail = read_message(b"".join(b"Received: " + hop + b"\n" for hop in hops) + b"From: a@example.com\n\n")
    assert mail.border.host == "out.example.com"
    assert mail.border.is_encrypted is False


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.example.net; spf=pass", [("mx.example.net", "spf", "pass")]),
        ("mx.example.net 1; spf=SoftFail (why; not) smtp.mailfrom=x", [("mx.example.net", "spf", "softfail")]),
        (
            'mx.example.net; dkim=fail reason="a; b" header.d=example.com; arc=none',
            [("mx.example.net", "dkim", "fail"), ("mx.example.net", "arc", "none")],
        ),
        (
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=none",
            [("", "spf", "pass"), ("", "dkim", "none")],
        ),
        ("mx.example.net; none", []),
        ("mx.example.net", []),
        ("", []),
        (";;;=;", []),
    ],
)
def test_the_results_of_a_receiver_are_read_with_its_name(value, expected):
    assert [(result.server, result.method, result.result) for result in read_results(value)] == expected


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ([1], (1,)),
        ([1, 2], (1, 2)),
        ([2], (2,)),
        ([], ()),
    ],
)
def test_the_complete_sets_of_arc_are_counted(sets, expected):
    names = (b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results")
    raw = b"".join(b"%s: i=%d; a=x\n" % (name, number) for number in sets for name in names)
    mail = read_message(raw + b"ARC-Seal: i=9\nFrom: a@example.com\n\n")
    assert mail.arc_instances == expected
    assert mail.has_arc


def test_a_file_that_is_no_mail_is_an_error_with_the_remedy(tmp_path):
    path = tmp_path / "mail.eml"
    with pytest.raises(SourceError, match="cannot be read"):
        load_message(path)
    for raw in (b"", b"<html><body>Hi</body></html>", b"\xd0\xcf\x11\xe0" * 100, b"key: value\n"):
        path.write_bytes(raw)
        with pytest.raises(SourceError, match=r"is no mail: .* save that as \.eml"):
            load_message(path)
    path.write_bytes(MAIL)
    assert load_message(path).author_domain == "example.com"
