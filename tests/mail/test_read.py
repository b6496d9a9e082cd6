"""Whom a bounce is about, where its text alone tells."""

from __future__ import annotations

import sys
import types

from hygiene.mail.read import read_mails

HEAD = b"Return-Path: <>\nFrom: MAILER-DAEMON@example.com\nTo: me@example.org\nSubject: failure notice\n\n"


def emails(raw: bytes, contacts: frozenset[str] = frozenset()) -> list[str | None]:
    [rows] = read_mails([raw], contacts)
    return [row.email for row in rows]


def test_a_known_contact_in_the_text_is_the_recipient():
    raw = HEAD + b"Mail could not be delivered.\nFor ann.lee@example.com see desk@example.net: 550 no such user\n"
    assert emails(raw, frozenset({"desk@example.net"})) == ["desk@example.net"]
    assert emails(raw, frozenset({"ann.lee@example.com"})) == ["ann.lee@example.com"]


def test_who_names_nobody_is_asked_of_flufl_where_it_is_there(monkeypatch):
    raw = HEAD + b"Your message could not be delivered: no such user here\n"
    monkeypatch.setitem(sys.modules, "flufl.bounce", None)
    assert emails(raw) == [None]
    stand_in = types.ModuleType("flufl.bounce")
    stand_in.scan_message = lambda _: {b"zoe@example.com", b"ann@example.com"}
    monkeypatch.setitem(sys.modules, "flufl.bounce", stand_in)
    assert emails(raw) == ["ann@example.com", "zoe@example.com"]


def test_a_detector_of_flufl_that_fails_loses_no_row(monkeypatch):
    stand_in = types.ModuleType("flufl.bounce")
    stand_in.scan_message = lambda _: [][1]
    monkeypatch.setitem(sys.modules, "flufl.bounce", stand_in)
    assert emails(HEAD + b"Your message could not be delivered: no such user here\n") == [None]
