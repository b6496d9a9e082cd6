"""Plain text as wide as a terminal: nothing is lost by breaking it, and no number is broken."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene import pipeline
from hygiene.reports.backtest import backtest_document
from hygiene.reports.document import Bullets, Document, Row, Section, Snippet, Table, TableColumn
from hygiene.reports.text import GAP, INDENT, aligned, display_width, narrowed, render_text, table_lines, wrapped
from hygiene.reports.translate import Translator
from hygiene.settings import Settings
from hygiene.values import Count, Message, Text

ROOT = Path(__file__).parents[2]
EN, FR = Translator("en"), Translator("fr", strict=True)
HEADER = ["Rule", "Share of the replies", "Not"]
ROWS = [["90 days without a sign of life", "12.5%", "1"], ["Ours", "1\u00a0000,0\u00a0%", ""]]
NUMBERS = [False, True, True]


@cache
def acme(folder: Path) -> Document:
    return backtest_document(*pipeline.backtest(ROOT / "examples" / "acme", Settings(cache_dir=folder)))


@pytest.fixture(scope="module")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


# --- the back-test of the example -------------------------------------------------------------------------------------
@pytest.mark.parametrize("translator", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_no_line_of_the_back_test_is_wider_than_the_terminal(
    cache_folder: Path, translator: Translator, width: int
) -> None:
    text = render_text(acme(cache_folder), translator, width)
    assert [line for line in text.splitlines() if display_width(line) > width] == []


@pytest.mark.parametrize("translator", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_every_figure_of_the_wide_text_is_in_the_narrow_one(
    cache_folder: Path, translator: Translator, width: int
) -> None:
    wide, narrow = (render_text(acme(cache_folder), translator, given) for given in (None, width))
    assert figures(wide) <= figures(narrow)


def figures(text: str) -> Counter[str]:
    """Return the numbers of a text, with their separators, and how often each stands there."""
    return Counter(found.rstrip(".,\u202f") for found in re.findall(r"\d[\d.,\u202f]*", text))


def test_without_a_width_and_with_room_enough_nothing_is_broken(cache_folder: Path) -> None:
    text = render_text(acme(cache_folder), EN)
    assert max(map(display_width, text.splitlines())) > 180
    assert render_text(acme(cache_folder), EN, 1_000) == text


# --- one table --------------------------------------------------------------------------------------------------------
def test_titles_of_numbers_are_broken_before_text_is() -> None:
    widths = narrowed(HEADER, ROWS, NUMBERS, 46)
    assert widths == [30, 9, 3]
    assert aligned(HEADER, ROWS, NUMBERS, widths) == [
        "                                 Share of",
        "                                      the",
        "Rule                              replies  Not",
        "------------------------------  ---------  ---",
        "90 days without a sign of life      12.5%    1",
        "Ours                            1\u00a0000,0\u00a0%",
    ]


def test_text_is_broken_inside_its_column_and_goes_on_indented() -> None:
    widths = narrowed(HEADER, ROWS, NUMBERS, 32)
    assert widths == [16, 9, 3]
    assert aligned(HEADER, ROWS, NUMBERS, widths) == [
        "                   Share of",
        "                        the",
        "Rule                replies  Not",
        "----------------  ---------  ---",
        "90 days without       12.5%    1",
        "  a sign of life",
        "Ours              1\u00a0000,0\u00a0%",
    ]


def test_a_table_that_cannot_fit_is_no_table() -> None:
    least = len("  without") + len("1\u00a0000,0\u00a0%") + len("Not") + 2 * len(GAP)
    assert narrowed(HEADER, ROWS, NUMBERS, least) == [9, 9, 3]
    assert narrowed(HEADER, ROWS, NUMBERS, least - 1) is None


def sample(*rows: Row) -> Table:
    return Table(
        caption=Message("Whom each rule would have paused"),
        columns=(
            TableColumn(Message("Rule")),
            TableColumn(Message("Contacts judged"), "number"),
            TableColumn(Message("Emails saved"), "number"),
        ),
        rows=rows,
        total=9,
        note=Message("90 days without a sign of life"),
    )


TABLE = sample(
    Row((Message("90 days without a sign of life"), Count(1_000), None)), Row((Text("Ours"), Count(7), Count(2)))
)


def test_a_table_that_cannot_fit_becomes_a_list_of_titles_and_values() -> None:
    assert table_lines(TABLE, EN, 22) == [
        "**Whom each rule would",
        "have paused**",
        "",
        "- Rule: 90 days",
        "    without a sign of",
        "    life",
        "  Contacts judged:",
        "    1,000",
        "- Rule: Ours",
        "  Contacts judged: 7",
        "  Emails saved: 2",
        "",
        "2 of 9 rows are shown.",
        "",
        "90 days without a sign",
        "of life",
    ]


def test_the_list_is_punctuated_as_the_language_does() -> None:
    lines = table_lines(TABLE, FR, 22)
    assert "- Règle\u00a0: Ours" in lines
    assert "  Contacts jugés\u00a0: 7" in lines
    assert "    1\u202f000" in lines


def test_a_table_without_a_row_keeps_its_titles() -> None:
    assert table_lines(sample(), EN, 34)[3:6] == [
        "            Contacts",
        "Rule          judged  Emails saved",
        "----  --------------  ------------",
    ]


def test_a_snippet_is_for_copying_and_stays_as_it_is() -> None:
    record = "v=spf1 include:spf.protection.outlook.com include:_spf.google.com -all"
    blocks = (Snippet(Message("Rule"), Text(record)), Bullets((Message("90 days without a sign of life"),)))
    text = render_text(Document("team", Message("Rule"), (), (Section("x", Message("Rule"), blocks),)), EN, 24)
    assert record in text.splitlines()
    assert text.endswith("\n- 90 days without a sign\n  of life\n")


# --- any table --------------------------------------------------------------------------------------------------------
words = st.text(st.sampled_from("ab1\u00a0日e\u0301"), min_size=1, max_size=9)
cells = st.lists(words, max_size=7).map(" ".join)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]], list[bool]]:
    columns = draw(st.integers(1, 4))
    row = st.lists(cells, min_size=columns, max_size=columns)
    return draw(row), draw(st.lists(row, max_size=4)), draw(st.lists(st.booleans(), min_size=columns, max_size=columns))


@given(table=tables(), width=st.integers(1, 90))
def test_any_table_fits_or_is_refused_where_its_longest_words_do_not(
    table: tuple[list[str], list[list[str]], list[bool]], width: int
) -> None:
    header, rows, numbers = table
    widths = narrowed(header, rows, numbers, width)
    least = 2 * (len(header) - 1)
    for title, is_number, *column in zip(header, numbers, *rows, strict=True):
        parts = title.split(" ")
        for cell in column:
            first, *later = cell.split(" ")
            parts += [cell] if is_number else [first, *(INDENT + word for word in later)]
        least += max(map(display_width, parts))
    assert (widths is None) == (least > width)
    if widths is not None:
        lines = aligned(header, rows, numbers, widths)
        assert max(map(display_width, lines)) <= width
        assert [wide <= full for wide, full in zip(widths, natural(header, rows), strict=True)] == [True] * len(header)


def natural(header: list[str], rows: list[list[str]]) -> list[int]:
    return [max(map(display_width, column)) for column in zip(header, *rows, strict=True)]


@given(text=cells, width=st.integers(1, 40))
def test_breaking_a_text_loses_nothing_and_breaks_no_word(text: str, width: int) -> None:
    lines = wrapped(text, width, INDENT)
    assert " ".join([lines[0], *(line.removeprefix(INDENT) for line in lines[1:])]) == text
    longest = max(display_width(INDENT + word) for word in text.split(" "))
    assert max(map(display_width, lines)) <= max(width, longest)
    # Greedy: the first word of a line did not fit on the one before.
    for before, line in pairwise(lines):
        assert display_width(before) + 1 + display_width(line.removeprefix(INDENT).split(" ")[0]) > width
