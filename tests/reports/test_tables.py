"""scores.csv holds the contract's columns, numbers as numbers, in an order that does not depend on the input's."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO

from hygiene.facts.types import Counts, Sender
from hygiene.reports.tables import all_scores, scores_csv, scores_json, scores_rows, write_scores_csv
from tests.reports.audits import audit_of, sample_audit

CONTRACT = [
    *("level", "sender_id", "sequence_id", "ended", "replied", "bounced"),
    *("reply_rate", "reply_low", "reply_high", "bounce_rate", "bounce_low", "bounce_high"),
    *("reply_points", "bounce_points", "score", "score_low", "score_high"),
    *("band", "p_low", "p_fair", "p_good", "p_excellent", "status", "hubspot_eligible"),
]
FAULTS = ["bounced_address", "bounced_sender", "bounced_temporary", "bounced_recipient_filter", "bounced_unknown"]
"""What we add: the bounces by whose fault they are."""


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_the_columns_are_those_of_the_contract_in_its_order() -> None:
    audit = sample_audit()
    header, rows = scores_rows(all_scores(audit.scores), audit.facts)
    assert list(header) == [*CONTRACT, *FAULTS]
    assert {len(row) for row in rows} == {len(CONTRACT) + len(FAULTS)}


def test_the_faults_of_every_row_add_up_to_its_bounces() -> None:
    audit = sample_audit()
    rows = rows_of(scores_csv(all_scores(audit.scores), audit.facts))
    for row in rows:
        assert sum(int(row[name]) for name in FAULTS) == int(row["bounced"])
    assert rows[0]["bounced_sender"] != "0"


def test_the_worked_case_of_the_contract_reads_exactly() -> None:
    audit = audit_of([Counts(ended=200, replied=14, bounced=10)])
    row = rows_of(scores_csv(audit.scores.senders, audit.facts))[0]
    assert (row["level"], row["sender_id"], row["sequence_id"]) == ("sender", "r1", "")
    assert (row["ended"], row["replied"], row["bounced"]) == ("200", "14", "10")
    assert (row["reply_rate"], row["bounce_rate"]) == ("0.073684", "0.050000")
    assert row["bounce_points"] == "15.00"
    assert row["reply_points"] == "31.23"  # 30 + (7.3684 − 7) / 6 × 20
    assert row["score"] == "46.23"
    assert (row["band"], row["hubspot_eligible"]) == ("fair", "true")


def test_a_figure_that_does_not_exist_is_an_empty_cell() -> None:
    audit = audit_of([Counts()])
    row = rows_of(scores_csv(audit.scores.senders, audit.facts))[0]
    assert [row[name] for name in ("reply_rate", "bounce_rate", "score", "band")] == ["", "", "", ""]
    assert (row["ended"], row["status"], row["hubspot_eligible"]) == ("0", "insufficient_evidence", "false")


def test_rows_stand_by_level_and_id_whatever_order_they_come_in() -> None:
    audit = sample_audit()
    scores = all_scores(audit.scores)
    text = scores_csv(scores, audit.facts)
    assert scores_csv(tuple(reversed(scores)), audit.facts) == text
    keys = [(row["level"], row["sender_id"], row["sequence_id"]) for row in rows_of(text)]
    levels = ["team", "sender", "sequence", "sender_sequence"]
    assert keys == sorted(keys, key=lambda key: (levels.index(key[0]), key[1], key[2]))
    assert len(keys) == 1 + 12 + 2 + 22


def test_json_holds_the_same_figures_as_numbers() -> None:
    audit = sample_audit()
    records = json.loads(scores_json(all_scores(audit.scores), audit.facts))
    for record, row in zip(records, rows_of(scores_csv(all_scores(audit.scores), audit.facts)), strict=True):
        assert list(record) == [*CONTRACT, *FAULTS]
        for name, cell in row.items():
            value = record[name]
            if value is None:
                assert cell == ""
            elif isinstance(value, bool):
                assert cell == str(value).lower()
            else:
                assert cell == value if isinstance(value, str) else float(cell) == value


def test_an_id_that_a_spreadsheet_would_run_is_defused() -> None:
    audit = audit_of([Counts(ended=20, replied=2)])
    facts = replace(audit.facts, senders={1: Sender(1, "=cmd|' /C calc'!A0", None, None, None, None, None)})
    assert rows_of(scores_csv(audit.scores.senders, facts))[0]["sender_id"] == "'=cmd|' /C calc'!A0"


def test_the_file_holds_every_level(tmp_path) -> None:
    audit = sample_audit()
    write_scores_csv(tmp_path / "scores.csv", audit)
    written = (tmp_path / "scores.csv").read_bytes()
    assert written == scores_csv(all_scores(audit.scores), audit.facts).encode()
