"""A check as JUnit XML, for CI servers: one test case a check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hygiene.reports.check.words import headline
from hygiene.reports.text import cell_text

if TYPE_CHECKING:
    from hygiene.gate.types import CheckReport, Finding
    from hygiene.reports.translate import Translator

# What XML 1.0 cannot hold (section 2.2), and characters that turn a text around.
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: CheckReport, translator: Translator) -> str:
    """Return the report: a `fail` with an effect is a failure, a required `unknown` an error, a waived one skipped."""
    suite = Element("testsuite", name=_safe(f"hygiene check {report.file}"), tests=str(len(report.findings)))
    counts = {"failures": 0, "errors": 0, "skipped": 0}
    for finding in report.findings:
        area = finding.check.partition(".")[0]
        case = SubElement(suite, "testcase", classname=f"hygiene.{area}", name=finding.check, time="0")
        kind = _kind(finding)
        told = _safe(cell_text(finding.message, translator))
        remedy = _safe(cell_text(finding.remedy, translator)) if finding.remedy else ""
        if kind == "skipped":
            SubElement(case, "skipped", message=told)
        elif kind:
            body = SubElement(case, kind, message=told, type=finding.effect if kind == "failure" else "unknown")
            body.text = remedy
        else:
            SubElement(case, "system-out").text = told
        if kind:
            counts[{"failure": "failures", "error": "errors", "skipped": "skipped"}[kind]] += 1
    for name, count in counts.items():
        suite.set(name, str(count))
    properties = Element("properties")
    SubElement(properties, "property", name="verdict", value=report.verdict.upper())
    SubElement(properties, "property", name="headline", value=_safe(translator.text(headline(report))))
    suite.insert(0, properties)
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _kind(finding: Finding) -> str:
    if finding.waiver is not None or finding.status == "not_applicable":
        return "skipped"
    if finding.status == "unknown":
        return "error" if finding.is_required else "skipped"
    return "failure" if finding.status == "fail" and finding.effect != "none" else ""


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
