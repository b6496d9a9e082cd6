"""A check as SARIF 2.1.0 (OASIS, 2020), for code scanning: one rule and one result a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hygiene import __version__
from hygiene.reports.check.words import check_of
from hygiene.reports.text import cell_text

if TYPE_CHECKING:
    from hygiene.gate.types import CheckReport, Finding
    from hygiene.reports.translate import Translator

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_LOCATIONS = 100
"""Rows that one result points at; `occurrenceCount` says how many there are (GitHub shows no more than 1,000)."""


def render_sarif(report: CheckReport, translator: Translator) -> str:
    """Return the log; a waived finding is suppressed, with who answers for it as the justification."""
    lines: dict[str, list[int]] = {}
    for row in report.dropped:
        lines.setdefault(check_of(row), []).append(row.line)
    told = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "hygiene",
                        "version": __version__,
                        "rules": [{"id": finding.check, **_help(finding)} for finding in report.findings],
                    }
                },
                "results": [
                    _result(finding, lines.get(finding.check, []), report, translator) for finding in report.findings
                ],
                "properties": {"verdict": report.verdict.upper()},
            }
        ],
    }
    return json.dumps(told, indent=2) + "\n"


def _help(finding: Finding) -> dict[str, Any]:
    return {"fullDescription": {"text": finding.source}} if finding.source else {}


def _result(finding: Finding, lines: list[int], report: CheckReport, translator: Translator) -> dict[str, Any]:
    said = cell_text(finding.message, translator)
    if finding.remedy:
        said = f"{said} {cell_text(finding.remedy, translator)}"
    places: list[dict[str, Any]] = [{"startLine": max(1, line)} for line in lines[:MOST_LOCATIONS]] or [{}]
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "kind": _kind(finding),
        "level": _level(finding),
        "message": {"text": said},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(report.file)},
                    **({"region": place} if place else {}),
                }
            }
            for place in places
        ],
        "occurrenceCount": max(1, finding.rows),
    }
    if finding.waiver is not None:
        justification = f"{finding.waiver.owner}: {finding.waiver.reason} ({finding.waiver.expires.isoformat()})"
        result["suppressions"] = [{"kind": "external", "justification": justification}]
    return result


def _kind(finding: Finding) -> str:
    kinds = {"pass": "pass", "warn": "fail", "fail": "fail", "unknown": "open", "not_applicable": "notApplicable"}
    return kinds[finding.status]


def _level(finding: Finding) -> str:
    """Return the level; only a `fail` may have one besides `none` (SARIF, section 3.27.9)."""
    if finding.status == "warn":
        return "note"
    if finding.status != "fail":
        return "none"
    return "error" if finding.effect == "hold" else "warning"
