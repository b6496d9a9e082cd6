from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygiene.errors import SourceError
from hygiene.sources.discover import SourceFile, split_name
from hygiene.sources.reading import read_raw
from hygiene.sources.textfile import SEPARATORS, find_separator
from tests.sources.folder import CONTACTS, OneTable

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.sources.raw import Raw

HEADERS = ("contact_id", "email", "first_name", "company", "created_at")
ROWS = (
    ("c1", "a@x.example", "Zoé", "Müller, Söhne; Co", "2026-01-05 09:00"),
    ("c2", "b@x.example", "d’Été", 'the "best"', "2026-02-05 09:00"),
    ("c3", "c@x.example", "", "two\nlines", "2026-03-05 09:00"),
)


def table(separator: str, end: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows([HEADERS, *ROWS])
    return file.getvalue().replace("\n", end)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
ENDS = ("\n", "\r\n", "\r")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_separators_and_line_ends_give_the_same_table(encoding: str) -> None:
    expected = [(*(cell or None for cell in row[:4]), datetime.fromisoformat(row[4])) for row in ROWS]
    for separator, end in [*zip(SEPARATORS, itertools.cycle(ENDS), strict=False), (";", "\r"), (";", "\r\n")]:
        found = OneTable("contacts.csv", table(separator, end).encode(encoding))
        assert found.rows(*HEADERS) == expected, (separator, end)
        reading = found.reading
        assert (reading.encoding, reading.separator, reading.rejected) == (encoding, separator, 0)


def test_every_kind_of_file_gives_the_same_table(tmp_path: Path) -> None:
    text = table(",", "\n")
    workbook = openpyxl.Workbook()
    for row in (HEADERS, *ROWS):
        workbook.active.append([datetime.fromisoformat(row[4]) if row[4][0] == "2" else row[4], *list(row[:4])])
    workbook.save(tmp_path / "contacts.xlsx")
    with duckdb.connect() as con:
        con.execute(
            """CREATE TABLE t (
                   contact_id VARCHAR, email VARCHAR, first_name VARCHAR, company VARCHAR, created_at TIMESTAMP
               )"""
        )
        con.executemany("INSERT INTO t VALUES (?, ?, nullif(?, ''), ?, ?)", [list(row) for row in ROWS])
        con.execute(f"COPY t TO '{tmp_path / 'contacts.parquet'}'")
    lines = "\n".join(json.dumps(dict(zip(HEADERS, row, strict=True))) for row in ROWS)
    contents: dict[str, bytes] = {
        "contacts.csv": text.encode(),
        "contacts.csv.gz": gzip.compress(text.encode()),
        "contacts.tsv": table("\t", "\n").encode(),
        "contacts.jsonl": lines.encode(),
        "contacts.xlsx": (tmp_path / "contacts.xlsx").read_bytes(),
        "contacts.parquet": (tmp_path / "contacts.parquet").read_bytes(),
    }
    tables = {name: OneTable(name, content).rows(*HEADERS) for name, content in contents.items()}
    assert all(rows == tables["contacts.csv"] for rows in tables.values()), tables


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("contacts.csv", b"", "contacts.csv is empty (0 bytes): export it again or leave it out."),
        ("contacts.csv", b"\n \n", "contacts.csv holds no text: export it again or leave it out."),
        ("contacts.csv", b"sep=;\n", "contacts.csv holds no text: export it again or leave it out."),
        ("contacts.csv", b"PK\x03\x04..", "contacts.csv is not .csv but an Excel workbook: give it the suffix .xlsx."),
        ("contacts.csv", b"PAR1....", "contacts.csv is not .csv but a Parquet file: give it the suffix .parquet."),
        (
            "contacts.csv",
            b"\x1f\x8b....",
            "contacts.csv is not .csv but compressed with gzip: give it the suffix .csv.gz.",
        ),
        (
            "contacts.tsv",
            b"<!DOCTYPE html><html>",
            "contacts.tsv is not .tsv but a web page: export it again while you are signed in.",
        ),
        (
            "contacts.csv",
            bytes(range(256)) * 4,
            "contacts.csv is not text but binary data: export it again as CSV.",
        ),
        (
            "contacts.xlsx",
            b"a,b\n1,2\n",
            "contacts.xlsx is not .xlsx: give it the suffix of what it is, or export it again.",
        ),
        (
            "contacts.parquet",
            b"PAR1 and no more",
            "contacts.parquet cannot be read as Parquet: it is damaged or cut off. Export it again.",
        ),
        (
            "contacts.jsonl",
            b"[1, 2]\nnonsense\n",
            "contacts.jsonl holds no JSON object: one object a line is expected.",
        ),
    ],
)
def test_a_file_that_is_not_what_its_suffix_says_is_refused(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        OneTable(name, content)
    assert str(caught.value) == sentence


def test_a_stray_zero_byte_is_no_reason_to_refuse_a_file() -> None:
    found = OneTable("contacts.csv", b"contact_id,first_name\nc1,Zo\x00e\nc2,Bob\n" + b"c3,Eve\n" * 20)
    assert found.rows("first_name") == ["Zoe", "Bob", "Eve"]


def test_letters_that_no_encoding_has_are_replaced() -> None:
    found = OneTable("contacts.jsonl", '{"contact_id": 1, "first_name": "Zo\\ud800"}\n')
    assert found.rows("first_name") == ["Zo?"]


def test_a_damaged_gzip_is_refused() -> None:
    with pytest.raises(SourceError, match=r"^contacts\.csv\.gz cannot be unpacked \(.*\): export it again\.$"):
        OneTable("contacts.csv.gz", gzip.compress(CONTACTS.encode())[:-9])


def test_a_damaged_workbook_is_refused() -> None:
    with pytest.raises(
        SourceError, match=r"^contacts\.xlsx cannot be read as an Excel workbook \(.*\): save it again\.$"
    ):
        OneTable("contacts.xlsx", b"PK\x03\x04 and no more")


def test_a_few_broken_bytes_do_not_make_mojibake_of_a_utf_8_file() -> None:
    content = "contact_id,first_name\nc1,Zoé\nc2,Noël\nc3,Élodie\nc4,Jörg\n".encode() + b"c5,\xff\n"
    loaded = OneTable("contacts.csv", content)
    assert loaded.rows("first_name") == ["Zoé", "Noël", "Élodie", "Jörg", "�"]


def test_a_cell_of_two_megabytes_is_read_whole_and_shortened_in_the_rejects() -> None:
    long = "x" * 2_000_000
    loaded = OneTable("contacts.csv", f"contact_id,company,created_at\nc1,{long},\nc2,,{long}\n")
    assert loaded.rows("company") == [long, None]
    assert loaded.rejects == [("contacts.csv", 3, "created_at", "x" * 200, "bad_time")]


def test_a_row_of_more_than_sixteen_megabytes_is_left_out() -> None:
    content = b"contact_id,company\nc1," + b"x" * (17 << 20) + b"\nc2,\n"
    loaded = OneTable("contacts.csv", content)
    assert loaded.rows("contact_id") == ["c2"]
    assert [(line, code) for _, line, _, _, code in loaded.rejects] == [(2, "unreadable_line")]


def test_ragged_rows_are_rejected_with_their_true_line() -> None:
    text = 'contact_id,company\nc1,"three\nphysical\nlines"\nc2\n\nc3,a,b\nc4,d\n'
    loaded = OneTable("contacts.csv", text)
    assert loaded.rows("contact_id") == ["c1", "c4"]
    assert loaded.rejects == [
        ("contacts.csv", 5, None, "c2", "too_few_cells"),
        ("contacts.csv", 7, None, "c3,a,b", "too_many_cells"),
    ]


def test_the_line_of_a_bad_cell_counts_lines_inside_quotes_blank_lines_and_rows_left_out() -> None:
    text = 'contact_id,company,created_at\nc1,"a\nb",\nragged\n\nc2,,yesterday\nc3,,2026-01-01\nc4,,tomorrow\n'
    loaded = OneTable("contacts.csv", text)
    assert [(line, value) for _, line, _, value, code in loaded.rejects if code == "bad_time"] == [
        (6, "yesterday"),
        (8, "tomorrow"),
    ]


def test_a_quote_that_never_closes_costs_its_row_and_not_the_rest_of_the_file() -> None:
    loaded = OneTable("contacts.csv", 'contact_id,company\nc1,"open\nc2,b\nc3,"c"\nc4,d\n')
    assert loaded.rows("contact_id") == ["c2", "c3", "c4"]
    assert [(line, code) for _, line, _, _, code in loaded.rejects] == [(2, "open_quote")]


def test_a_file_full_of_open_quotes_is_refused() -> None:
    rows = "".join(f'c{n},"open {n}\n' for n in range(61))
    with pytest.raises(SourceError) as caught:
        OneTable("contacts.csv", "contact_id,company\n" + rows)
    assert str(caught.value) == (
        "contacts.csv has more than 20 rows whose quotes never close, the first in line 2: "
        "export it again with quotes doubled inside quoted cells."
    )


def test_lines_above_the_header_are_passed_over() -> None:
    loaded = OneTable("contacts.csv", "sep=;\n\ncontact_id;created_at\nc1;never\n")
    assert loaded.rows("contact_id") == ["c1"]
    assert loaded.rejects == [("contacts.csv", 4, "created_at", "never", "bad_time")]


def test_empty_rows_of_a_spreadsheet_are_no_rejects() -> None:
    loaded = OneTable("contacts.csv", "contact_id,email\nc1,a@x.example\n,\n , \n")
    assert (loaded.rows("contact_id"), loaded.rejects) == (["c1"], [])


def test_a_line_that_is_no_json_object_is_rejected() -> None:
    loaded = OneTable("contacts.jsonl", '{"contact_id": 1}\n\n{oops\n{"contact_id": 2, "created_at": "x"}\n')
    assert loaded.rows("contact_id") == ["1", "2"]
    assert [(line, column, code) for _, line, column, _, code in loaded.rejects] == [
        (3, None, "unreadable_line"),
        (4, "created_at", "bad_time"),
    ]


@pytest.mark.parametrize(
    ("sample", "separator"),
    [
        ("a;b\n1,5;2\n", ";"),
        ('a,b\n"x;y;z",1\n', ","),
        ("a\tb\n1,2\t3\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("email\na@x.example\n", ","),
        ("Nom, prénom;E-mail\nx;y\n", ";"),
    ],
)
def test_the_separator_is_the_one_that_makes_even_rows(sample: str, separator: str) -> None:
    assert find_separator(sample) == separator


CELLS = st.text(st.sampled_from('ab,;"\n é'), max_size=6)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_cells_and_lines_are_those_of_pythons_csv_reader(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("h1", "h2"), *rows])
    with duckdb.connect() as con:
        raw = _raw(con, tmp_path / "contacts.csv", file.getvalue())
        found = con.execute(f"SELECT coalesce(c0, ''), coalesce(c1, '') FROM {raw.relation} ORDER BY row").fetchall()
    reader = csv.reader(io.StringIO(file.getvalue(), newline=""))
    starts, start = [], 1
    for _ in reader:
        starts.append(start)
        start = reader.line_num + 1
    assert found == rows
    assert raw.lines(range(len(rows))) == dict(enumerate(starts[1:]))


def _raw(con: duckdb.DuckDBPyConnection, path: Path, text: str) -> Raw:
    path.write_bytes(text.encode())
    con.execute("DROP TABLE IF EXISTS raw_contacts")
    return read_raw(con, SourceFile(path, "contacts", split_name(path)[1]), path.parent)


def test_the_line_of_a_reject_in_a_workbook_is_its_row_in_the_sheet(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in ([], ["contact_id", "created_at"], [1, "2026-01-01"], [], [2, "someday"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "contacts.xlsx")
    found = OneTable("contacts.xlsx", (tmp_path / "contacts.xlsx").read_bytes())
    assert found.rows("contact_id") == ["1", "2"]
    assert found.rejects == [("contacts.xlsx", 5, "created_at", "someday", "bad_time")]


def test_a_parquet_file_that_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            f"""COPY (SELECT 'c' || i AS contact_id, md5(i::VARCHAR) AS company FROM range(20000) AS r(i))
                TO '{tmp_path / "contacts.parquet"}'"""
        )
    content = bytearray((tmp_path / "contacts.parquet").read_bytes())
    content[1000:3000] = b"\xff" * 2000
    with pytest.raises(SourceError, match=r"^contacts\.parquet cannot be read to its end \(.*\): export it again\.$"):
        OneTable("contacts.parquet", bytes(content))


def test_decimals_and_enumerations_of_parquet_are_numbers_and_words(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            f"""COPY (SELECT 12345678901234567890::DECIMAL(38, 0) AS contact_id, 3.00::DECIMAL(9, 2) AS
                       sends_since_engagement, 'valid'::ENUM ('valid', 'invalid') AS verification,
                       'Zoe'::BLOB AS first_name) TO '{tmp_path / "contacts.parquet"}'"""
        )
    found = OneTable("contacts.parquet", (tmp_path / "contacts.parquet").read_bytes())
    assert found.rows("contact_id", "sends_since_engagement", "verification") == [("12345678901234567890", 3, "valid")]
