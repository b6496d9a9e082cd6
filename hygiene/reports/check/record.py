"""A check as data: what `--format json` prints, after `models/schemas/check.schema.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hygiene.errors import EXIT_HOLD, EXIT_OK, EXIT_TRIM, EXIT_UNKNOWN
from hygiene.reports.check.words import VERDICTS, check_of, plan_sentences, reason_sentence
from hygiene.reports.translate import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.types import CheckReport, Expected, Finding, Verdict
    from hygiene.reports.check.words import WrittenList
    from hygiene.values import Message

SCHEMA = "hygiene/check/1"
EXIT_CODES: Mapping[Verdict, int] = {"go": EXIT_OK, "trim": EXIT_TRIM, "hold": EXIT_HOLD, "unknown": EXIT_UNKNOWN}


def exit_code(report: CheckReport) -> int:
    """Return the exit code: that of the verdict, or 0 where the mode stops nothing."""
    return EXIT_CODES[report.verdict] if report.mode == "enforce" else EXIT_OK


def record(report: CheckReport, files: Mapping[str, WrittenList], lang: str) -> dict[str, Any]:
    """Return the check as JSON holds it; sentences about findings are in both languages, about rows in one."""
    english, french = Translator("en"), Translator("fr")
    chosen = french if lang == "fr" else english

    def both(message: Message | None) -> dict[str, str] | None:
        return {"en": english.text(message), "fr": french.text(message)} if message else None

    return {
        "schema": SCHEMA,
        "verdict": VERDICTS[report.verdict],
        "exit_code": exit_code(report),
        "mode": report.mode,
        "as_of": f"{report.as_of.isoformat()}Z" if report.as_of else None,
        "sender": report.sender,
        "list": {"file": report.file, "rows": report.rows, "kept": len(report.kept), "dropped": len(report.dropped)},
        "findings": [_finding(finding, both) for finding in report.findings],
        "dropped": [
            {
                "line": row.line,
                "check": check_of(row),
                "reason": row.reason,
                "evidence": chosen.text(reason_sentence(row)),
            }
            for row in report.dropped
        ],
        "expected": {
            "bounces": _expected(report.bounces),
            "room": report.room,
            "complaints": _expected(report.complaints),
        },
        "price": {"replies_lost": _expected(report.price), "bounces_avoided": _expected(report.avoided)},
        "test_batches": [
            {
                **{key: value for key, value in plan._asdict().items() if key != "passes"},
                "passes": [{"bounce_rate": rate, "probability": chance} for rate, chance in plan.passes],
                "advice": both(next(plan_sentences(plan))),
            }
            for plan in report.plans
        ],
        "waivers": [
            {**waiver._asdict(), "expires": waiver.expires.isoformat(), "state": state}
            for waiver, state in report.waivers
        ],
        "ledger_entries": report.ledger_entries,
        "files": {name: {"path": str(written.path), "rows": written.rows} for name, written in files.items()},
    }


def _finding(finding: Finding, both: Any) -> dict[str, Any]:
    waiver = finding.waiver
    return {
        "check": finding.check,
        "status": finding.status,
        "effect": finding.effect,
        "required": finding.is_required,
        "rows": finding.rows,
        "message": both(finding.message),
        "remedy": both(finding.remedy),
        "evidence": dict(finding.evidence),
        "source": finding.source,
        "waived_by": waiver.owner if waiver else None,
    }


def _expected(expected: Expected | None) -> dict[str, float] | None:
    if expected is None:
        return None
    return {"mean": round(expected.mean, 4), "low": round(expected.low, 4), "high": round(expected.high, 4)}


def render_json(report: CheckReport, files: Mapping[str, WrittenList], lang: str) -> str:
    """Return the record as text; halves of characters, which no stream takes, are escaped."""
    told = record(report, files, lang)
    text = json.dumps(told, indent=2, ensure_ascii=False, default=asdict)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(told, indent=2) + "\n"
    return text + "\n"
