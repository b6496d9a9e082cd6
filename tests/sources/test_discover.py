from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import SourceError
from hygiene.settings import Settings
from hygiene.sources import load
from hygiene.sources.discover import discover, split_name
from tests.sources.folder import CONTACTS, ENROLLMENTS, Loaded, read, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_stem_names_a_table_whatever_its_case_and_suffix(tmp_path: Path) -> None:
    write(
        tmp_path, {"Contacts.CSV": CONTACTS, "ENROLLMENTS.csv.gz": b"", "events.jsonl": "", "notes.txt": "", ".x": ""}
    )
    source = discover(tmp_path)
    assert [(file.table, file.name) for file in source.files] == [
        ("enrollments", "ENROLLMENTS.csv.gz"),
        ("events", "events.jsonl"),
        ("contacts", "Contacts.CSV"),
    ]
    assert source.ignored == ("notes.txt",)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            [],
            (
                "{folder} is empty: one of enrollments, events, totals or contacts is needed, "
                "as .csv, .csv.gz, .tsv, .xlsx, .parquet or .jsonl."
            ),
        ),
        (
            ["enrolments.csv"],
            (
                "{folder} holds none of the needed tables, only enrolments.csv: one of enrollments, events, totals or "
                'contacts is needed, as .csv, .csv.gz, .tsv, .xlsx, .parquet or .jsonl (did you mean "enrollments"?).'
            ),
        ),
        (
            ["hubspot-crm-exports-enrollments-2026.csv"],
            (
                "{folder} holds none of the needed tables, only hubspot-crm-exports-enrollments-2026.csv: one of "
                "enrollments, events, totals or contacts is needed, as .csv, .csv.gz, .tsv, .xlsx, .parquet or .jsonl; "
                "rename hubspot-crm-exports-enrollments-2026.csv to enrollments.csv."
            ),
        ),
        (
            ["senders.csv"],
            (
                "{folder} holds none of the needed tables, only senders (by itself not enough): one of enrollments, "
                "events, totals or contacts is needed, as .csv, .csv.gz, .tsv, .xlsx, .parquet or .jsonl."
            ),
        ),
        (
            ["contacts.csv", "contacts.xlsx"],
            "{folder} holds the table contacts twice, in contacts.csv and contacts.xlsx: keep one of them.",
        ),
    ],
)
def test_a_folder_without_its_tables_says_what_would_do(tmp_path: Path, files: list[str], sentence: str) -> None:
    write(tmp_path, dict.fromkeys(files, ""))
    with pytest.raises(SourceError, match=f"^{re.escape(sentence.format(folder=tmp_path))}$"):
        discover(tmp_path)


def test_what_is_named_like_a_table_and_is_no_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.mkdir()
    with pytest.raises(
        SourceError, match=r"contacts\.csv is a folder: put the file of the table contacts in its place"
    ):
        discover(tmp_path)
    path.rmdir()
    path.symlink_to(tmp_path / "none")
    with pytest.raises(SourceError, match=r"contacts\.csv is a link to nothing: put the file"):
        discover(tmp_path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SourceError, match=r"contacts\.csv is no plain file: put the file"):
        discover(tmp_path)


def test_a_folder_beside_the_tables_is_no_table(tmp_path: Path) -> None:
    (write(tmp_path, {"contacts.csv": CONTACTS}) / "contacts").mkdir()
    assert [file.name for file in discover(tmp_path).files] == ["contacts.csv"]


def test_a_path_too_long_for_the_system_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"a… cannot be read \(File name too long\): check the path\.$"):
        discover(tmp_path / ("a" * 5000))


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none does not exist: give the folder that holds the exported tables\.$"):
        discover(tmp_path / "none")


def test_a_file_in_place_of_a_folder_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"contacts.csv": CONTACTS})
    with pytest.raises(
        SourceError, match=r"contacts\.csv is a file: give the folder that holds it, with one file a table\.$"
    ):
        discover(tmp_path / "contacts.csv")


def test_a_database_is_refused_honestly() -> None:
    with pytest.raises(
        SourceError,
        match=r"^Database sources are not supported by this version: "
        r"export the tables as files into one folder and give that folder\.$",
    ):
        discover("postgresql://localhost/crm")


def test_a_folder_of_one_needed_table_is_enough(tmp_path: Path) -> None:
    assert [file.table for file in discover(write(tmp_path, {"enrollments.csv": ENROLLMENTS})).files] == ["enrollments"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [("events.parquet", ("events", ".parquet")), ("a.b.csv", ("a.b", ".csv")), ("contacts.xls", ("contacts", ""))],
)
def test_a_name_splits_into_stem_and_suffix(tmp_path: Path, name: str, parts: tuple[str, str]) -> None:
    assert split_name(tmp_path / name) == parts


@pytest.mark.parametrize(
    ("name", "content", "suppressed"),
    [
        ("unsubscribes.csv", "email,reason\nann@one.example,x\n", ["ann@one.example"]),
        ("hubspot-unsubscribes.csv", "Recipient,Unsubscribed\nann@one.example,true\n", ["ann@one.example"]),
        ("Opt-outs 2026.csv", "ann@one.example\n@two.example\n", ["ann@one.example", "two.example"]),
        ("DNC_list.txt", "ann@one.example\n", ["ann@one.example"]),
        ("liste-rouge.tsv", "Domaine\nwww.two.example\n", ["two.example"]),
        (
            "Désinscrits.csv",
            "Adresse e-mail\nann@one.example;bob@one.example\n",
            ["ann@one.example", "bob@one.example"],
        ),
        (
            "suppressed.csv",
            "id,email,Unsubscribed,Global Bounce\n1,a@b.example,true,\n2,c@d.example,,\n",
            ["a@b.example"],
        ),
        ("abmeldungen.csv", "first_name\nAnn\n", []),
        ("bounce-list.csv", "email\nann@one.example\n", []),
        ("crm.csv", "email,Unsubscribed from all email\nann@one.example,true\n", []),
    ],
)
def test_a_file_of_opt_outs_is_read_or_named(name: str, content: str, suppressed: list[str]) -> None:
    loaded = read({"contacts.csv": "contact_id\n1\n", "suppressions.csv": "email\nz@z.example\n", name: content})
    found = [email or domain for email, domain in loaded.rows("suppressions", "email", "domain")]
    assert sorted(found) == sorted([*suppressed, "z@z.example"])
    if suppressed:
        assert loaded.notes["read_as_suppressions"]["file"] == name
        assert loaded.report.ignored_files == ()
    else:
        assert loaded.notes["unread_opt_out_file"] == {"file": name}
        assert loaded.report.ignored_files == (name,)


def test_other_files_are_ignored_without_a_word() -> None:
    loaded = read({"contacts.csv": "contact_id\n1\n", "notes.csv": "email,comment\n", "readme.txt": "unsubscribe\n"})
    assert loaded.notes == {}
    assert loaded.report.ignored_files == ("notes.csv", "readme.txt")


def test_a_changed_file_of_opt_outs_is_read_again(tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path / "cache")
    for who in ("ann", "bob"):
        folder = write(
            tmp_path / "source", {"contacts.csv": "contact_id\n1\n", "optouts.csv": f"email\n{who}@q.example\n"}
        )
        assert Loaded(load(folder, settings)).rows("suppressions", "email") == [f"{who}@q.example"]
