"""URLs: only those that a prospect can safely follow, and one page counted once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.advice.content import Piece, check_url
from hygiene.advice.content.urls import page_of, url_problems

GOOD = [
    "https://acme.example/cas-granit",
    "http://www.acme.example",
    " https://acme.example/a?b=c&d=%C3%A9#part ",
    "https://société.example/étude-de-cas",
    "HTTPS://ACME.EXAMPLE/A",
    "https://acme.example:8443/a",
    "https://youtu.be/abc",
]
BAD = [
    ("", "empty"),
    (None, "empty"),
    ("   ", "empty"),
    ("javascript:alert(1)", "scheme"),
    ("JaVaScRiPt:alert(1)", "scheme"),
    ("java\nscript:alert(1)", "malformed"),
    ("javascript://acme.example/%0aalert(1)", "scheme"),
    ("data:text/html,<script>alert(1)</script>", "scheme"),
    ("data:text/html;base64,PHNjcmlwdD4=", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("mailto:jane@acme.example", "scheme"),
    ("ftp://acme.example/a", "scheme"),
    ("acme.example/a", "scheme"),
    ("www.acme.example", "scheme"),
    ("//acme.example/a", "scheme"),
    ("/a", "scheme"),
    ("https://", "host"),
    ("https:///a", "host"),
    ("https://acme", "host"),
    ("https://localhost/a", "host"),
    ("https://wiki.intranet/a", "host"),
    ("https://192.0.2.7/a", "host"),
    ("https://[2001:db8::1]/a", "host"),
    ("https://-acme.example/a", "host"),
    ("https://a..example/", "host"),
    ("https://acme.example@evil.example/", "credentials"),
    ("https://user:pass@acme.example/", "credentials"),
    ("https://acme.example/a b", "malformed"),
    ("https://acme.example\\@evil.example/", "malformed"),
    ('https://acme.example/"onmouseover="alert(1)', "malformed"),
    ("https://acme.example/\u202egpj.exe", "malformed"),
    ("https://acme.example:99999/", "malformed"),
    ("https://acme.example:x/", "malformed"),
    ("https://[::1/a", "malformed"),
    ("https://acme.example/" + "a" * 3000, "malformed"),
    ("https://bit.ly/3abc", "shortener"),
    ("https://www.tinyurl.com/abc", "shortener"),
]


@pytest.mark.parametrize("url", GOOD)
def test_a_plain_page_has_no_problem(url):
    assert check_url(url) is None


@pytest.mark.parametrize(("url", "kind"), BAD)
def test_what_is_wrong_is_named_and_all_but_a_shortener_blocks(url, kind):
    problem = check_url(url)
    assert problem is not None
    assert (problem.kind, problem.blocks) == (kind, kind != "shortener")


@given(st.text(max_size=80) | st.text(max_size=60).map("https://".__add__))
def test_no_text_breaks_it(url):
    problem = check_url(url)
    assert problem is not None or url.strip().lower().startswith(("http://", "https://"))
    page_of(url)


def test_a_page_that_differs_by_tracking_only_is_told_as_a_duplicate_whatever_the_order():
    pieces = [
        Piece("b", "https://acme.example/a?utm_source=mail&utm_campaign=x", "A"),
        Piece("a", "https://www.acme.example/a/", "A"),
        Piece("c", "https://acme.example/a?page=2", "A"),
        Piece("d", "data:x", "A"),
    ]
    found = url_problems(pieces)
    assert [(p.kind, p.content_id, p.other) for p in found] == [("duplicate", "b", "a"), ("scheme", "d", "")]
    assert found == url_problems(pieces[::-1])
