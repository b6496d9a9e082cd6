"""The rows of `hygiene tokens`: for people a table of tokens and problems, for scripts JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from hygiene.reports.text import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hygiene.advice.tokens.lines import Line

SHOWN = ("line", "what", "name", "fallback", "place")
CELL_WIDTH = 60


def print_tokens(lines: Iterable[Line], form: str) -> list[str]:
    """Print what was found, as `jsonl` or `table`, and return the errors of the lines that can't be read."""
    errors: list[str] = []
    rows: list[list[str]] = []
    for line in lines:
        if line.error:
            errors.append(line.error)
        if form == "jsonl":
            click.echo(_json(record(line)))
        else:
            rows += _rows(line)
    if form != "jsonl":
        click.echo("\n".join(aligned(list(SHOWN), rows, [name == "line" for name in SHOWN])))
    return errors


def record(line: Line) -> dict[str, Any]:
    """Return a line as the contract names it: `dialect`, `tokens`, `problems`; or `error`."""
    if line.scan is None:
        return {"error": line.error}
    return {
        "dialect": line.scan.dialect,
        "tokens": [{"path": path, "fallback": fallback} for path, fallback in line.scan.pairs()],
        "problems": [{"kind": problem.kind, "span": list(problem.span)} for problem in line.scan.problems],
    }


def _json(row: dict[str, Any]) -> str:
    """Return a row in UTF-8, or in escapes where a text holds half of a character, which no stream takes."""
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(row)
    return text


def _rows(line: Line) -> list[list[str]]:
    number = str(line.number)
    if line.scan is None:
        return [[number, "error", _cell(line.error or ""), "", ""]]
    rows = [
        [number, "token", _cell(path), "" if fallback is None else _cell(f"“{fallback}”"), ""]
        for path, fallback in line.scan.pairs()
    ]
    rows += [
        [number, problem.kind, _cell(problem.text), "", f"{problem.span[0]}–{problem.span[1]}"]
        for problem in line.scan.problems
    ]
    return rows or [[number, "nothing", "", "", ""]]


def _cell(text: str) -> str:
    """Return a text on one line and without signs that would steer a terminal."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return clean if len(clean) <= CELL_WIDTH else clean[: CELL_WIDTH - 1] + "…"
