"""What `hygiene clean` writes: rows that add up, equal bytes, and nothing that runs, in any file, for any CRM."""

from __future__ import annotations

import csv
import itertools
import json
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hygiene.campaign import clean as campaign
from hygiene.exports.filters import CRMS
from hygiene.gate.cleanup.types import ACTIONS
from hygiene.settings import Settings
from tests.exports.attacks import ATTACKS, is_live

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE = shutil.which("soffice")
KINDS = (
    {"opted_out": "true"},
    {"do_not_contact": "true"},
    {"hard_bounce_reason": "UNKNOWN_USER"},
    {"hard_bounce_reason": "POLICY"},
    {"hard_bounce_reason": "MAILBOX_FULL"},
    {"hard_bounce_reason": "no idea"},
    {"sends_since_engagement": "20", "last_opened_at": "2026-01-02"},
    {},
)
COLUMNS = (
    "contact_id",
    "email",
    "first_name",
    "last_name",
    "company",
    "job_title",
    "source",
    "opted_out",
    "do_not_contact",
)
MORE = ("hard_bounce_reason", "sends_since_engagement", "last_opened_at")
BOUNCES = ("550 5.1.1 user unknown", "550 5.7.26 unauthenticated mail is prohibited", "552 5.2.2 mailbox full")


def write_table(folder: Path, name: str, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Contacts of every kind whose every text is an attack, and some plain ones; senders and bounces alike."""
    folder = tmp_path_factory.mktemp("source")
    contacts, enrollments, events = [], [], []
    texts = [*ATTACKS, *(f"a{attack}@example.org" for attack in ATTACKS), *(f"plain{n}@example.org" for n in range(8))]
    for number, (text, kind) in enumerate(itertools.product(texts, KINDS)):
        contact_id = f"{text}{number}" if number % 3 else str(700_000 + number)
        names = dict.fromkeys(("first_name", "last_name", "company", "job_title", "source"), text)
        contacts.append({"contact_id": contact_id, "email": text.replace("@", f"{number}@"), **names, **kind})
        if kind == {}:
            sender = f"{text}-sender"
            enrollments.append(
                {
                    "enrollment_id": f"e{number}",
                    "contact_id": contact_id,
                    "sender_id": sender,
                    "sequence_id": text,
                    "enrolled_at": "2026-03-01",
                }
            )
            detail = f"{BOUNCES[number // len(KINDS) % 3]} {text}"
            for kind_, at, said in (("sent", "2026-03-01 09:00", ""), ("bounce", "2026-03-01 09:01", detail)):
                events.append(
                    {
                        "enrollment_id": f"e{number}",
                        "contact_id": contact_id,
                        "sender_id": sender,
                        "type": kind_,
                        "at": at,
                        "detail": said,
                    }
                )
    write_table(folder, "contacts", (*COLUMNS, *MORE), contacts)
    write_table(folder, "enrollments", tuple(enrollments[0]), enrollments)
    write_table(folder, "events", tuple(events[0]), events)
    write_table(folder, "suppressions", ("email", "reason"), [{"email": "plain3@example.org", "reason": ATTACKS[0]}])
    return folder


@pytest.fixture(scope="module")
def outputs(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The cleanup for each CRM, half of them in French."""
    base = tmp_path_factory.mktemp("outputs")
    for number, crm in enumerate((*CRMS, None)):
        lang = ("en", "fr")[number % 2]
        settings = Settings(lang=lang, cache_dir=base / "cache", ledger=base / f"{crm}.jsonl")
        campaign.clean(source, base / str(crm), settings, crm=crm)
    return {str(crm): base / str(crm) for crm in (*CRMS, None)}


def cells_of(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


ALL = (*CRMS, "None")


@pytest.mark.parametrize("crm", ALL)
def test_no_cell_of_any_csv_file_runs(outputs: dict[str, Path], crm: str) -> None:
    files = sorted(outputs[crm].rglob("*.csv"))
    assert len(files) > 8
    for path in files:
        live = [cell for row in cells_of(path) for cell in row if is_live(cell)]
        assert live == [], path.name


@pytest.mark.parametrize("crm", ALL)
def test_no_cell_of_the_workbook_is_a_formula_or_a_link(outputs: dict[str, Path], crm: str) -> None:
    with zipfile.ZipFile(outputs[crm] / "lists/cleanup.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 1 + len(ACTIONS)
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]|<hyperlink|<script", sheet)]


@pytest.mark.parametrize("crm", ALL)
def test_every_other_file_is_data_without_control_characters(outputs: dict[str, Path], crm: str) -> None:
    for path in outputs[crm].rglob("*"):
        if path.suffix in (".json", ".sql", ".soql", ".md"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), path.name
            if path.suffix == ".json":
                json.loads(text)
            if path.suffix in (".sql", ".soql"):
                assert "<script" not in text
                assert "${" not in text


@pytest.mark.parametrize("crm", ALL)
def test_an_upload_file_holds_values_unchanged(outputs: dict[str, Path], source: Path, crm: str) -> None:
    rows = [[cell.replace("\0", "") for cell in row] for row in cells_of(source / "contacts.csv")]  # as imported
    known = {row[1].strip() for row in rows} | {row[0] for row in rows} | {"true"}
    for path in (outputs[crm] / "lists").glob("*.upload.csv"):
        assert {cell for row in cells_of(path)[1:] for cell in row} <= known, path.name


@pytest.mark.parametrize("crm", ALL)
def test_the_rows_of_the_lists_add_up_to_the_summary(outputs: dict[str, Path], crm: str) -> None:
    out = outputs[crm]
    record = json.loads((out / "clean.json").read_text(encoding="utf-8"))
    quarantine = cells_of(out / "lists/quarantine.csv")[1:]
    book = openpyxl.load_workbook(out / "lists/cleanup.xlsx")
    first = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    by_sheet = {row[0]: row[1] for row in first if row[1] is not None}
    for position, action in enumerate(ACTIONS, start=1):
        told = record["actions"][action]
        people = out / f"lists/{action}.people.csv"
        assert (len(cells_of(people)) - 1 if people.exists() else 0) == told["contacts"]
        assert book.worksheets[position].max_row - 1 == told["contacts"]
        assert by_sheet[book.worksheets[position].title] == told["contacts"]
        held = [row for row in quarantine if row[0] == action]
        assert len(held) == sum(told["quarantined"].values())
        uploaded = 0
        for name, rows in told["uploads"].items():
            assert len(cells_of(out / name)) - 1 == rows
            uploaded += 0 if "opt-out.upload" in name else rows
        assert uploaded + len(held) == (0 if action == "sender_fault" else told["contacts"])
    assert sum(record["codes"].values()) == sum(told["contacts"] for told in record["actions"].values())
    for step in record["steps"]:
        assert len(cells_of(out / step["file"])) - 1 == step["rows"]
        assert str(step["rows"]) in step["what"]["en"].replace(",", "")
        assert step["file"] in step["what"]["fr"]


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_nobody_stands_in_a_deletion_without_an_opt_out(outputs: dict[str, Path], crm: str) -> None:
    lists = outputs[crm] / "lists"
    for path in lists.glob("remove.*upload.csv"):
        if "opt-out" not in path.name:
            first = lists / path.name.replace("upload", "opt-out.upload")
            assert len(cells_of(path)) == len(cells_of(first))
            assert path.stat().st_size


def test_the_same_input_gives_the_same_bytes(source: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        settings = Settings(cache_dir=tmp_path / "cache", ledger=tmp_path / "ledger.jsonl")
        campaign.clean(source, tmp_path / name, settings, crm="hubspot")
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path / "b") for path in (tmp_path / "b").rglob("*") if path.is_file())
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice is installed here")
def test_a_spreadsheet_program_runs_no_formula(outputs: dict[str, Path], tmp_path: Path) -> None:
    lists = outputs["generic"] / "lists"
    plain = {row[0]: row for path in lists.glob("*.people.csv") for row in cells_of(path)[1:]}
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    for path in (lists / "cleanup.xlsx", *lists.glob("*.people.csv"), lists / "quarantine.csv"):
        place = tmp_path / path.name
        command = [
            SOFFICE,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            every_sheet,
        ]
        subprocess.run([*command, "--outdir", str(place), str(path)], capture_output=True, check=True, timeout=120)
        shown = [cell for found in place.glob("*.csv") for row in cells_of(found) for cell in row]
        assert len(shown) > len(ATTACKS)
        assert not [cell for cell in shown if re.fullmatch(r"[23]|#\w+[!?]|Err:\d+", cell)], path.name
    texts = {cell.lstrip("'") for row in plain.values() for cell in row}
    assert any("1+1" in text for text in texts)
