"""Workbooks: no sheet and no formula is lost without a word."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from hygiene.errors import SourceError
from hygiene.settings import Settings
from hygiene.sources.lists import read_list
from hygiene.sources.stops import read_stops
from tests.sources.folder import OneTable, read

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["email", "reason"]
CONTACTS = "contact_id\n1\n"


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_sheets_with_the_same_headers_are_one_table() -> None:
    content = workbook(
        May=[HEADER, ["a@q.example", "x"]],
        Empty=[],
        June=[[], ["Email ", "Reason", None], ["b@q.example", "y"], ["c@q.example"]],
    )
    loaded = read({"contacts.csv": CONTACTS, "suppressions.xlsx": content})
    assert loaded.rows("suppressions", "email") == ["a@q.example", "b@q.example", "c@q.example"]
    assert loaded.notes == {}


def test_a_row_of_a_second_sheet_is_rejected_by_its_own_line() -> None:
    content = workbook(May=[HEADER, ["a@q.example", "x"]], June=[[], HEADER, ["b@q.example", "y"], ["nobody", "z"]])
    assert OneTable("suppressions.xlsx", content).rejects == [
        ("suppressions.xlsx", 4, "email", "nobody", "unknown_value")
    ]


def test_a_sheet_with_other_headers_is_named() -> None:
    content = workbook(May=[HEADER, ["a@q.example", "x"]], Juin=[["Adresse", "Motif"], ["b@q.example", "y"]])
    loaded = read({"contacts.csv": CONTACTS, "suppressions.xlsx": content})
    assert loaded.rows("suppressions", "email") == ["a@q.example"]
    assert loaded.notes == {"unread_sheets": {"file": "suppressions.xlsx", "sheets": "Juin"}}


@pytest.mark.parametrize("reader", [read_list, read_stops])
def test_a_list_with_a_sheet_of_other_headers_is_refused(tmp_path: Path, reader: Any) -> None:
    path = tmp_path / "leads.xlsx"
    path.write_bytes(workbook(A=[["email"], ["a@q.example"]], B=[["Mail", "Name"], ["b@q.example", "B"]]))
    with pytest.raises(SourceError) as caught:
        reader(path, Settings())
    assert str(caught.value) == (
        'leads.xlsx has more than one filled sheet, and "B" has other headers than the first: save the sheet that is'
        " meant as a file of its own."
    )


def test_a_formula_without_its_value_is_no_empty_cell() -> None:
    rows = [
        ["contact_id", "email", "opted_out"],
        [1, "a@q.example", "=TRUE()"],
        [2, "b@q.example", None],
        [3, "c@q.example", False],
        [4, "d@q.example", '=IF(A5>3,"yes","no")'],
        [5, "e@q.example", "=FALSE()"],
    ]
    table = OneTable("contacts.xlsx", workbook(Sheet=rows))
    assert table.rows("opted_out") == [True, False, False, True, False]
    assert [reject[3] for reject in table.rejects] == ['=IF(A5>3,"yes","no")']
