"""The back-test for a terminal, a script and a browser."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hygiene.exports.files import write_files
from hygiene.exports.model import backtest_record
from hygiene.reports.backtest import backtest_document
from hygiene.reports.html import render_page
from hygiene.reports.text import render_text

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.flags.engagement.backtest import Backtest
    from hygiene.flags.pauses.types import PauseReplay
    from hygiene.reports.translate import Translator
    from hygiene.sources.tables import ImportReport

PAGE = "backtest.html"
PIPED = 100
"""Columns where no terminal says how many it has."""


def print_backtest(
    result: Backtest, pauses: PauseReplay, imported: ImportReport, form: str, translator: Translator
) -> None:
    """Print the back-test as text for people (`table`), as wide as the terminal, or as JSON (`json`)."""
    if form == "table":
        width = shutil.get_terminal_size((PIPED, 1)).columns
        click.echo(render_text(backtest_document(result, pauses, imported), translator, width), nl=False)
        return
    record = {"contacts": backtest_record(result), "senders": asdict(pauses)}
    click.echo(json.dumps(record, indent=1, ensure_ascii=False, default=str))


def write_backtest(
    out: Path, result: Backtest, pauses: PauseReplay, imported: ImportReport, translator: Translator
) -> Path:
    """Write the page into a folder and return its path."""
    page = render_page(backtest_document(result, pauses, imported), translator, depth=0)
    write_files(out, {PAGE: page}, '<span class="brand">hygiene</span>')
    return out / PAGE
