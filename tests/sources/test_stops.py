from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from hygiene.errors import SourceError
from hygiene.settings import Settings
from hygiene.sources.stops import Stop, StopFile, read_emails, read_stops

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings()
LISTS = {
    "one address a line": "ann@acme.com\nbob@acme.com\n",
    "with domains": "acme.com\n@other.org\n*.third.net\n",
    "with blank lines and spaces": "\n  ann@acme.com \n\nbob@acme.com",
    "with a byte order mark and other line ends": "\ufeffann@acme.com\r\nbob@acme.com\r\n",
    "with a date beside it": "ann@acme.com;2026-03-01\nbob@acme.com;2026-03-02\n",
    "with the address in the second column": "1,ann@acme.com\n2,bob@acme.com\n",
}


def read(tmp_path: Path, text: str, name: str = "list.csv") -> StopFile:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_stops(path, SETTINGS)


def said(found: StopFile) -> list[tuple[str | None, str | None]]:
    return [(stop.who, stop.reason) for stop in found.stops]


@pytest.mark.parametrize("case", LISTS)
def test_a_list_without_a_header_is_read_from_its_first_line(tmp_path: Path, case: str) -> None:
    for name in ("list.csv", "list.txt", "list"):
        found = [who for who, _ in said(read(tmp_path, LISTS[case], name))]
        assert found == (
            ["acme.com", "@other.org", "*.third.net"] if "domains" in case else ["ann@acme.com", "bob@acme.com"]
        )


def test_a_suppression_list_says_who_why_when_and_whence(tmp_path: Path) -> None:
    text = (
        "E-mail;Domaine;Motif;Date;Source\nann@acme.com;;Demande écrite;03/13/2025 15:20;Registre\n;acme.com;Client;;\n"
    )
    found = read(tmp_path, text)
    assert found.stops == (
        Stop("ann@acme.com", "Demande écrite", datetime(2025, 3, 13, 15, 20), "Registre"),
        Stop("acme.com", "Client"),
    )


def test_hubspot_s_unsubscribes_and_bounces_keep_those_who_said_no_or_bounced(tmp_path: Path) -> None:
    text = (
        "Email,Portal Bounce,Portal Unsubscribe,Portal Spam Report,Global Bounce,Marketing Information\n"
        "ann@acme.com,,TRUE,,,\nbob@acme.com,,,TRUE,,\ndead@acme.com,UNKNOWN_USER,,,,\nfine@acme.com,,,,,TRUE\n"
        "glob@acme.com,TRUE,TRUE,,TRUE,\n"
    )
    found = read(tmp_path, text)
    assert said(found) == [
        ("ann@acme.com", "opt_out"),
        ("bob@acme.com", "opt_out"),
        ("dead@acme.com", "UNKNOWN_USER"),
        ("glob@acme.com", "opt_out"),
        ("glob@acme.com", "do_not_contact"),
        ("glob@acme.com", "TRUE"),
    ]
    assert [stop.is_bounce for stop in found.stops] == [False, False, True, False, False, True]
    assert found.silent == 1


def test_lemlist_s_unsubscribes_say_why_in_their_source(tmp_path: Path) -> None:
    text = (
        "value,source,createdAt\nann@acme.com,lead,2019-12-19T21:56:34.672Z\nacme.com,user,2020-09-30T08:34:17.298Z\n"
    )
    found = read(tmp_path, text)
    assert [(stop.who, stop.reason, stop.source) for stop in found.stops] == [
        ("ann@acme.com", "opt_out", None),
        ("acme.com", "do_not_contact", None),
    ]
    assert found.stops[0].at == datetime(2019, 12, 19, 21, 56, 34, 672_000)


def test_an_export_of_contacts_without_an_opt_out_is_a_list(tmp_path: Path) -> None:
    """Whoever hands in a list of people not to write to need not say it in each row."""
    assert said(read(tmp_path, "Email,First Name\nann@acme.com,Ann\n")) == [("ann@acme.com", None)]


def test_a_column_of_which_few_words_are_read_makes_no_export_of_contacts(tmp_path: Path) -> None:
    assert said(read(tmp_path, "email,status\nann@acme.com,blocked\n")) == [("ann@acme.com", None)]
    assert said(read(tmp_path, "email,status\nann@acme.com,unsubscribed\nbob@acme.com,running\n")) == [
        ("ann@acme.com", "opt_out")
    ]


def test_in_our_own_report_a_reason_of_none_is_no_stop(tmp_path: Path) -> None:
    head = "contact_id,email,flag,reason,evidence\n"
    rows = "1,ann@acme.com,never,opted_out,said no\n2,bob@acme.com,keep,none,fine\n"
    found = read(tmp_path, head + rows, "contacts.csv")
    assert (said(found), found.silent) == ([("ann@acme.com", "opted_out")], 1)
    assert said(read(tmp_path, "email,reason\nbob@acme.com,none\n")) == [("bob@acme.com", "none")]


def test_an_opt_out_in_a_broken_row_is_not_lost(tmp_path: Path) -> None:
    text = (
        "Record ID,Email,Unsubscribed from all email\n1,ann@acme.com,TRUE,extra\n,bob@acme.com,TRUE\n3,eve@acme.com,\n"
    )
    found = read(tmp_path, text)
    assert {who for who, _ in said(found)} == {"ann@acme.com", "bob@acme.com"}
    assert [(row.line, row.code) for row in found.unread] == [(2, "too_many_cells"), (3, "missing_value")]


def test_a_no_is_said_of_the_other_addresses_too_and_a_bounce_is_not(tmp_path: Path) -> None:
    headers = "Record ID,Email,Additional email addresses,Unsubscribed,Email hard bounce reason\n"
    rows = "1,a@q.example,b@q.example,true,\n2,c@q.example,d@q.example,false,UNKNOWN_USER\n"
    path = tmp_path / "export.csv"
    path.write_text(headers + rows, encoding="utf-8")
    found = read_stops(path, Settings())
    assert [(stop.who, stop.is_bounce) for stop in found.stops] == [
        ("a@q.example", False),
        ("b@q.example", False),
        ("c@q.example", True),
    ]


def test_who_said_no_and_has_no_address_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "Record ID,Email,Unsubscribed\nc1,,TRUE\nc2,bob@acme.com,FALSE\n")
    assert (found.stops, [(row.value, row.code) for row in found.unread]) == ((), [("c1", "missing_value")])


def test_a_header_that_looks_like_an_opt_out_and_is_not_read_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "email,Unsubscribed_newsletter_2\nann@acme.com,x\n").overlooked == (
        "Unsubscribed_newsletter_2",
    )


def test_rows_that_name_nobody_are_listed_with_their_line(tmp_path: Path) -> None:
    found = read(tmp_path, "email,reason\nann@acme.com,asked\nann,asked\n,asked\n")
    assert said(found) == [("ann@acme.com", "asked")]
    assert [(row.line, row.value, row.code) for row in found.unread] == [
        (3, "ann", "unknown_value"),
        (4, "", "missing_value"),
    ]


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    expected = [("ann@acme.com", "asked"), ("bob@acme.com", None)]
    (tmp_path / "a.jsonl").write_text(
        '{"email": "ann@acme.com", "reason": "asked"}\n' + json.dumps({"email": "bob@acme.com"}) + "\n",
        encoding="utf-8",
    )
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"email,reason\nann@acme.com,asked\nbob@acme.com,\n"))
    with xlsxwriter.Workbook(str(tmp_path / "c.xlsx")) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((("email", "reason"), ("ann@acme.com", "asked"), ("bob@acme.com", ""))):
            sheet.write_row(place, 0, row)
    for name in ("a.jsonl", "b.csv.gz", "c.xlsx"):
        assert said(read_stops(tmp_path / name, SETTINGS)) == expected, name
    with xlsxwriter.Workbook(str(tmp_path / "d.xlsx"), {"strings_to_urls": False}) as book:
        book.add_worksheet().write_column(0, 0, ["ann@acme.com", "acme.com"])
    assert said(read_stops(tmp_path / "d.xlsx", SETTINGS)) == [("ann@acme.com", None), ("acme.com", None)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.csv", None, "is not a file"),
        ("list.pdf", b"%PDF-1.7", "has no known suffix"),
        ("list.csv", b"", "is empty"),
        ("list.csv", b"name,city\nAnn,Paris\n", "lacks the needed column email"),
    ],
)
def test_a_file_that_names_nobody_at_all_is_refused(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words):
        read_stops(tmp_path / name, SETTINGS)


def test_addresses_are_read_in_the_order_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "new list.csv"
    path.write_text("Company,Email\nAcme,ann@acme.com\nNone,\nBeta,not one\nAcme,ann@acme.com\n", encoding="utf-8")
    assert read_emails(path, SETTINGS) == ["ann@acme.com", "", "not one", "ann@acme.com"]
    path.write_text("ann@acme.com\nnot one\n", encoding="utf-8")
    assert read_emails(path, SETTINGS) == ["ann@acme.com", "not one"]
    path.write_text("Company,City\nAcme,Paris\n", encoding="utf-8")
    with pytest.raises(SourceError, match='no column of email addresses; its headers are "Company", "City"'):
        read_emails(path, SETTINGS)
