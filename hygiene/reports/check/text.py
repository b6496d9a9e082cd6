"""A check as text for a terminal, and as Markdown for a ticket or a pull request."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from hygiene.reports.check.words import (
    GROUPS,
    VERDICTS,
    by_group,
    context,
    file_sentences,
    headline,
    outlook,
    waiver_sentences,
)
from hygiene.reports.text import cell_text
from hygiene.values import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.gate.types import CheckReport, Finding
    from hygiene.reports.check.words import WrittenList
    from hygiene.reports.translate import Translator

MARKS: Mapping[str, str] = {
    "stops": "✗",
    "open": "?",
    "rows": "−",
    "remarks": "!",
    "waived": "~",
    "not_seen": "·",
    "passed": "✓",
}
COLORS: Mapping[str, str] = {"go": "green", "trim": "yellow", "hold": "red", "unknown": "magenta"}
INDENT = "    "
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def render_text(report: CheckReport, files: Mapping[str, WrittenList], translator: Translator, width: int) -> str:
    """Return the check for a terminal of so many columns."""
    lines = [*_wrapped(translator.text(headline(report)), "", width), ""]
    for sentence in context(report):
        lines += _wrapped(translator.text(sentence), "", width)
    for group, findings in by_group(report).items():
        lines += ["", translator.text(GROUPS[group])]
        for finding in findings:
            lines += _finding(group, finding, translator, width)
    sentences = [*outlook(report), *waiver_sentences(report)]
    if sentences:
        lines.append("")
    for sentence in sentences:
        lines += _wrapped(translator.text(sentence), "", width)
    if files:
        lines += ["", *(translator.text(sentence) for sentence in file_sentences(files))]
    return "\n".join(lines) + "\n"


def _finding(group: str, finding: Finding, translator: Translator, width: int) -> Iterator[str]:
    mark = MARKS[group] if finding.status != "not_applicable" else "–"
    told = f"{mark} {translator.text(finding.message)} ({finding.check})"
    yield from _wrapped(told, "  ", width)
    if finding.remedy and group in ("stops", "open", "rows", "remarks"):
        yield from _wrapped(f"→ {translator.text(finding.remedy)}", INDENT, width)


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + "  " if indent else "", break_on_hyphens=False
    ) or [""]


def render_markdown(report: CheckReport, files: Mapping[str, WrittenList], translator: Translator) -> str:
    """Return the check as Markdown; texts from the data cannot act as markup."""
    lines = [f"# {VERDICTS[report.verdict]} · {escaped(translator.text(Text(report.file)))}", ""]
    lines += [escaped(translator.text(headline(report))), ""]
    lines += [f"- {escaped(translator.text(sentence))}" for sentence in context(report)]
    for group, findings in by_group(report).items():
        lines += ["", f"## {translator.text(GROUPS[group])}", ""]
        for finding in findings:
            lines.append(f"- `{finding.check}` {escaped(cell_text(finding.message, translator))}")
            if finding.remedy and group not in ("passed", "waived"):
                lines.append(f"  - → {escaped(cell_text(finding.remedy, translator))}")
    sentences = [*outlook(report), *waiver_sentences(report)]
    if sentences:
        lines += ["", *(f"- {escaped(translator.text(sentence))}" for sentence in sentences)]
    if files:
        lines += ["", *(f"- {escaped(translator.text(sentence))}" for sentence in file_sentences(files))]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    r"""Return a text in which Markdown and HTML see no markup.

    Examples
    --------
    >>> print(escaped("![x](http://evil) <b> | `a`"))
    \!\[x\](http://evil) \<b\> \| \`a\`
    """
    return _MARKUP.sub(r"\\\1", text)
