"""One-click unsubscribe, RFC 8058: both headers, an https address, the exact value, and a signature over both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.authentication import read_message
from hygiene.mail.authentication.unsubscribe import BROKEN

HTTPS = "<https://example.com/u?id=1>"
ONE_CLICK = "List-Unsubscribe=One-Click"
BOTH = "from:list-unsubscribe:list-unsubscribe-post"


def read(addresses: str | None = HTTPS, post: str | None = ONE_CLICK, covered: str | None = BOTH, more: str = ""):
    lines = ["From: a@example.com", "Date: x", more]
    lines += [f"List-Unsubscribe: {addresses}"] if addresses is not None else []
    lines += [f"List-Unsubscribe-Post: {post}"] if post is not None else []
    lines += [f"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h={covered}; bh=eA==; b=eA=="] if covered else []
    return read_message("\r\n".join([line for line in lines if line] + ["", "Hi"]).encode()).unsubscribe


@pytest.mark.parametrize(
    "addresses",
    [
        HTTPS,
        "<HTTPS://Example.com/u>",
        f"<mailto:u@example.com?subject=stop>, {HTTPS}",
        f"{HTTPS}, <mailto:u@example.com>",
        "(comment) <https://example.com\r\n /u?id=1>",
        "<https://example.com>",
        "<https://example.com:8443/u;a=b#c>",
    ],
)
def test_an_https_address_with_the_right_post_and_signature_is_one_click(addresses):
    assert read(addresses).is_one_click


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"addresses": None}, ["no_header"]),
        ({"addresses": None, "post": None}, ["no_header", "no_post"]),
        ({"addresses": ""}, ["no_address"]),
        ({"addresses": "https://example.com/u"}, ["no_address"]),
        ({"addresses": "<mailto:u@example.com>"}, ["mailto_only"]),
        ({"addresses": "<http://example.com/u>"}, ["not_https"]),
        ({"addresses": "<http://example.com/u>, <mailto:u@example.com>"}, ["not_https"]),
        ({"addresses": "<https://>"}, ["not_https"]),
        ({"addresses": "<https://a@b/u>"}, ["not_https"]),  # a name before the host hides whose address it is
        ({"addresses": "<javascript:alert(1)>"}, ["not_https"]),
        ({"post": None}, ["no_post"]),
        ({"post": ""}, ["wrong_post"]),
        ({"post": "List-Unsubscribe=one-click"}, ["wrong_post"]),
        ({"post": "List-Unsubscribe = One-Click"}, ["wrong_post"]),
        ({"post": "List-Unsubscribe=One-Click; x=y"}, ["wrong_post"]),
        ({"more": f"List-Unsubscribe: {HTTPS}"}, ["twice"]),
        ({"more": f"List-Unsubscribe-Post: {ONE_CLICK}"}, ["twice"]),
        ({"covered": None}, ["not_signed"]),
        ({"covered": "to:list-unsubscribe:list-unsubscribe-post"}, ["not_signed"]),  # it does not cover From: broken
        ({"covered": "from:list-unsubscribe"}, ["not_covered"]),
        ({"covered": "from:list-unsubscribe-post"}, ["not_covered"]),
        ({"covered": "from:subject"}, ["not_covered", "not_covered"]),
    ],
)
def test_each_thing_that_is_missing_is_named(parts, expected):
    found = read(**parts)
    assert [fault.code for fault in found.faults] == expected
    assert not found.is_one_click


def test_one_signature_that_covers_both_is_enough():
    other = "DKIM-Signature: v=1; a=rsa-sha256; d=esp.example; s=s; h=from; bh=eA==; b=eA=="
    assert read(more=other).is_one_click


def test_two_signatures_that_cover_one_each_are_not_enough():
    other = "DKIM-Signature: v=1; a=rsa-sha256; d=esp.example; s=s; h=from:list-unsubscribe-post; bh=eA==; b=eA=="
    assert [fault.code for fault in read(covered="from:list-unsubscribe", more=other).faults] == ["not_covered"]


@given(st.text(max_size=200), st.text(max_size=100), st.text(max_size=100))
def test_any_values_are_read_and_only_the_exact_ones_pass(addresses, post, covered):
    found = read(addresses.replace("\n", " "), post.replace("\n", " "), covered.replace("\n", " "))
    assert all(fault.code in BROKEN for fault in found.faults)
    assert not found.is_one_click or any(address.lower().startswith("https://") for address in found.addresses)
