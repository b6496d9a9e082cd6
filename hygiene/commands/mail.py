"""What a file’s headers, addresses and bounce messages say, before anything is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygiene.options import LANGUAGES, not_empty, with_settings

if TYPE_CHECKING:
    from hygiene.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", metavar="NAME", help="Read FILE as this table. [default: by its name, else by its headers]")
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)
@with_settings
def columns(file: Path, table: str | None, form: str, settings: Settings) -> None:
    """Show how the headers of FILE would be read, before anything is imported.

    \b
    Example:
      hygiene columns exports/contacts.csv
    """
    from hygiene.reports.terminal import print_columns
    from hygiene.reports.translate import Translator
    from hygiene.sources import preview

    print_columns(preview(file, settings, table), form, Translator(settings.lang))


@click.command()
@click.argument("source", callback=not_empty)
@click.option("--dns", "ask_dns", is_flag=True, help="Ask DNS whether each domain takes mail; needs the network.")
@click.option("--all", "show_all", is_flag=True, help="Show every address, not only those worth a look.")
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)
@with_settings
def addresses(source: str, ask_dns: bool, show_all: bool, form: str, settings: Settings) -> None:
    """Show which contacts of SOURCE have an address worth a look: malformed, mistyped, shared, disposable.

    Nothing leaves the machine without --dns.

    \b
    Example:
      hygiene addresses exports/ --format csv > addresses.csv
    """
    from hygiene import pipeline
    from hygiene.reports.address_rows import print_addresses
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    with Progress(settings.lang) as progress:
        rows = pipeline.addresses(source, settings, ask_dns=ask_dns, progress=progress)
    print_addresses(rows, form, Translator(settings.lang), show_all=show_all)


@click.command()
@click.argument("files", nargs=-1, type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "jsonl")), default="table", show_default=True, help="Output."
)
@click.option(
    "--contacts", metavar="SOURCE", help="Exports whose contacts were written to: recipients are looked for there."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the progress.")
def bounces(files: tuple[str, ...], form: str, contacts: str | None, lang: str) -> None:
    """Say of bounce messages whose fault they are and what to do.

    FILES are mails, mboxes or folders of them. Without any, stdin is read: one diagnostic a line.

    \b
    Example:
      hygiene bounces returned-mail/ --format csv > bounces.csv
      echo "550 5.1.1 <ann@example.com>: user unknown" | hygiene bounces
    """
    from hygiene import pipeline
    from hygiene.reports.progress import Progress
    from hygiene.reports.readings import Row, print_readings

    if not files and sys.stdin.isatty():
        raise click.UsageError("Name a mail, an mbox or a folder, or send diagnostics through a pipe, one a line.")
    with Progress(lang) as progress:
        if files and files != ("-",):
            known = pipeline.known_addresses(contacts, _own_settings(), progress) if contacts else frozenset()
            read = pipeline.read_bounces(files, known, progress)
            print_readings((Row(file, None, reading) for file, reading in read), form)
        else:
            lines = pipeline.read_bounce_lines(sys.stdin.buffer)
            print_readings((Row(None, number, reading) for number, reading in enumerate(lines, start=1)), form)


def _own_settings() -> Settings:
    """Return the settings of a command that takes none on its line: those of the environment and the file."""
    from hygiene.settings import load_settings

    return load_settings({}, os.environ, Path.cwd())
