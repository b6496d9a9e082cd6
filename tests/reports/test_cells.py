"""No cell of a data file is run by the spreadsheet that opens it."""

from __future__ import annotations

import pytest

from hygiene.reports.cells import defuse


@pytest.mark.parametrize("text", ["=1+1", "+33 1 23", "-2", "@SUM(A1)", "=", "=cmd|' /C calc'!A0"])
def test_a_cell_that_starts_like_a_formula_gets_a_quote(text: str) -> None:
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Ana", "a=1", " =1", "'=1", "12 %", "é", "<b>"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\0=1", "'\ufffd=1"),
        ("ok;=1+1", "ok;'=1+1"),
        ("ok, \t@SUM(A1)", "ok, \t'@SUM(A1)"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("first\nsecond", "first\nsecond"),
    ],
)
def test_what_another_separator_or_a_terminal_would_wake_is_made_safe(text: str, safe: str) -> None:
    assert defuse(text) == safe
