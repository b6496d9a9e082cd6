"""`hygiene coach`, as a user types it."""

from __future__ import annotations

import csv
import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from hygiene.cli import exit_code
from tests.advice.making import enrolled, people, write_source

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = 900
SENDERS = ("ann", "bob", "<b>eve</b>")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three senders and two sources, one of which bounces one time in six."""
    monkeypatch.setenv("HYGIENE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    rows = enrolled(
        NUMBER,
        sender_id=lambda place: SENDERS[place % 3],
        outcome=lambda place: (
            "bounced" if place // 3 % 2 and place // 6 % 6 == 0 else "replied" if place % 17 == 0 else "finished"
        ),
    )
    contacts = people(
        NUMBER,
        source=lambda place: ("web-form", "vendor-x")[place // 3 % 2],
        opted_out=lambda place: "true" if place == 3 else None,
        first_name=lambda place: "=Eve" if place == 3 else None,
        last_name=lambda place: "Okoro" if place == 3 else None,
    )
    rows += enrolled(6, outcome="active", enrollment_id=lambda place: f"running{place}")
    return write_source(tmp_path / "source", enrollments=rows, contacts=contacts)


def rows_of(out: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((out / "recommendations.json").read_text(encoding="utf-8"))
    return found


def test_it_writes_a_page_a_sender_and_the_suggestions(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert exit_code(["coach", str(source), "-o", str(out)]) == 0
    pages = sorted(path.name for path in (out / "senders").iterdir())
    assert pages == ["ann.html", "b-eve-b-0c0de725.html", "bob.html"]
    assert not (out / "index.html").exists()
    said = capsys.readouterr()
    assert said.out.strip() == str(out / "senders")
    assert "3 coaching reports" in said.err
    page = (out / "senders/ann.html").read_text(encoding="utf-8")
    assert "vendor-x" in page
    links = set(re.findall(r'href="(\.\./[^"#]+)', page))  # to the lists: no team page is there to lead to
    assert links == {"../lists/cleanup.xlsx", "../lists/actions.people.csv"} & links
    assert all((out / "senders" / link).exists() for link in links)
    assert len(page.encode()) <= 40_000
    lever = next(row for row in rows_of(out) if row["rule"] == "BNC-02" and row["sender_id"] == "ann")
    assert lever["subject"] == "source:vendor-x"
    assert lever["metric"] == "bounce_rate"
    assert 0.05 < lever["gain"] < 0.12  # type: ignore[operator] — half of the contacts bounce at 17 % instead of 0
    assert lever["basis"] == "association"
    assert set(lever["advice"]) == {"en", "fr"}  # type: ignore[call-overload]


def test_one_sender_alone(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert exit_code(["coach", str(source), "--sender", "bob", "-o", str(out)]) == 0
    assert [path.name for path in (out / "senders").iterdir()] == ["bob.html"]
    assert {row["sender_id"] for row in rows_of(out)} == {"bob"}
    assert "vendor-x" in capsys.readouterr().err


def test_an_unknown_sender_is_asked_back(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["coach", str(source), "--sender", "bobb", "-o", str(tmp_path / "out")]) == 3
    assert 'There is no sender "bobb" (did you mean "bob"?)' in capsys.readouterr().err
    assert not (tmp_path / "out" / "senders").exists()


def test_the_next_report_says_what_became_of_the_last(source: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert exit_code(["coach", str(source), "-o", str(first), "--as-of", "2026-02-10"]) == 0
    assert exit_code(["coach", str(source), "-o", str(second), "--previous", str(first), "--lang", "fr"]) == 0
    page = (second / "senders/ann.html").read_text(encoding="utf-8")
    assert "Les suites du dernier rapport" in page


def test_an_earlier_report_of_the_same_data_is_said_to_be_one(source: Path, tmp_path: Path) -> None:
    for lang, sentence in (("en", "has the same data date as this one"), ("fr", "a la même date de données")):
        first, second = tmp_path / f"first-{lang}", tmp_path / f"second-{lang}"
        assert exit_code(["coach", str(source), "-o", str(first)]) == 0
        assert exit_code(["coach", str(source), "-o", str(second), "--previous", str(first), "--lang", lang]) == 0
        for page in (second / "senders").iterdir():
            text = page.read_text(encoding="utf-8")
            assert sentence in text
            assert "not yet" not in text


@pytest.mark.parametrize(
    ("lang", "why"),
    [
        ("en", "No coaching page was written: the data name no sender."),
        ("fr", "Aucune page de coaching n’a été écrite : les données ne nomment aucun expéditeur."),
    ],
)
def test_contacts_alone_end_with_why_there_is_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, why: str
) -> None:
    source, out = write_source(tmp_path / "alone", contacts=people(3, opted_out="true")), tmp_path / "out"
    assert exit_code(["coach", str(source), "-o", str(out), "--lang", lang]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.replace("\u00a0", " ").startswith(why)
    assert not (out / "senders").exists()


def test_before_the_data_begin_there_is_no_page_and_no_path(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for more in ([], ["--sender", "bob"]):
        assert exit_code(["coach", str(source), "-o", str(out), "--as-of", "2019-01-01", *more]) == 0
        said = capsys.readouterr()
        assert said.out == ""
        assert "on Jan 1, 2019 nothing was known yet, the data begin on Jan 5, 2026" in said.err
        assert not (out / "senders").exists()


def test_senders_without_any_enrollment_have_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_source(tmp_path / "idle", contacts=people(3), senders=[{"sender_id": "ann"}])
    assert exit_code(["coach", str(source), "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert (said.out, "the data hold no enrollment of any sender" in said.err) == ("", True)


def test_too_little_data_is_nothing_to_act_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = write_source(tmp_path / "few", enrollments=enrolled(5)), tmp_path / "out"
    assert exit_code(["coach", str(source), "-o", str(out)]) == 0
    assert capsys.readouterr().err.splitlines() == ["1 coaching report; 0 with something to act on."]
    assert [row["rule"] for row in rows_of(out) if row["is_told"]] == ["DAT-01"]
    assert "0 minutes" not in (out / "senders/ann.html").read_text(encoding="utf-8")


def test_what_is_no_earlier_report_is_said(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    arguments = ["coach", str(source), "-o", str(tmp_path / "out"), "--previous", str(tmp_path / "empty")]
    assert exit_code(arguments) == 3
    assert "holds no earlier report" in capsys.readouterr().err


def test_without_names_no_file_and_no_byte_names_a_sender(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert exit_code(["run", str(source), "-o", str(out), "--pseudonymous"]) == 0
    assert sorted(path.name for path in (out / "senders").iterdir()) == [f"sender-{n:02d}.html" for n in (1, 2, 3)]
    for path in out.rglob("*"):
        if path.is_file() and path.suffix in {".html", ".csv", ".json", ".md"}:
            text = path.read_text(encoding="utf-8")
            assert not {"bob", "eve"} & set(text.replace("<", " ").replace(">", " ").replace('"', " ").split()), path


def test_the_contacts_to_act_on_are_listed_and_defused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert exit_code(["coach", str(source), "-o", str(out)]) == 0
    listed = out / "lists/actions.people.csv"
    named = sum(row["contacts"] for row in rows_of(out))  # type: ignore[misc]
    with listed.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == named > 0
    (opted_out,) = (row for row in rows if row["Rule"] == "OPT-01")
    assert (opted_out["Contact"], opted_out["Name"], opted_out["Email"]) == (
        "c3",
        "'=Eve Okoro",
        "person3@company3.example",
    )
    assert opted_out["Subject"] == "Contacts who said no"


def test_a_contact_to_act_on_is_called_by_name_and_address(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert exit_code(["coach", str(source), "-o", str(out), "--pseudonymous"]) == 0
    pages = "".join(path.read_text(encoding="utf-8") for path in (out / "senders").iterdir())
    assert "c3 (=Eve Okoro, person3@company3.example)" in pages


def test_a_pdf_has_the_words_of_the_page_and_says_nothing_else(
    source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        import weasyprint
    except (ImportError, OSError) as missing:
        pytest.skip(f"WeasyPrint or Pango is not there: {missing}")
    out = tmp_path / "out"
    assert exit_code(["coach", str(source), "--sender", "ann", "-o", str(out), "--pdf"]) == 0
    pdf = (out / "senders/ann.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000
    assert weasyprint.__name__ not in capfd.readouterr().err  # it logs every rule of a style that it does not know


def test_without_the_extra_a_pdf_is_asked_for_in_vain(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert exit_code(["coach", str(source), "--sender", "ann", "-o", str(tmp_path / "out"), "--pdf"]) == 3
    assert 'pip install "hygiene[pdf]"' in capsys.readouterr().err
    assert not (tmp_path / "out" / "senders").exists()


def test_the_same_input_gives_the_same_bytes(source: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        assert exit_code(["coach", str(source), "-o", str(out)]) == 0
    for path in outs[0].rglob("*"):
        if path.is_file() and path.name != "run.json":
            assert path.read_bytes() == (outs[1] / path.relative_to(outs[0])).read_bytes()


def test_a_second_sender_joins_the_first_in_the_folder(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for sender in ("ann", "bob"):
        assert exit_code(["coach", str(source), "--sender", sender, "-o", str(out)]) == 0
    assert sorted(path.name for path in (out / "senders").iterdir()) == ["ann.html", "bob.html"]


def test_pseudonyms_change_no_figure(source: Path, tmp_path: Path) -> None:
    named, hidden = tmp_path / "named", tmp_path / "hidden"
    assert exit_code(["coach", str(source), "-o", str(named)]) == 0
    assert exit_code(["coach", str(source), "-o", str(hidden), "--pseudonymous"]) == 0
    figures = [
        sorted((str(row["rule"]), str(row["subject"]), str(row["gain"])) for row in rows_of(out))
        for out in (named, hidden)
    ]
    assert figures[0] == figures[1]
