"""The suppression memory: whom never to write to again."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hygiene.options import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from hygiene.settings import Settings

REASONS = (
    *("legal", "erasure", "objection", "complaint", "opt_out", "do_not_contact"),
    *("hard_bounce_address", "left_company"),
)
"""As `gate.ledger.REASONS` (a test holds them equal), which is loaded when a command runs."""
EXPORT = click.Path(exists=True, dir_okay=False, path_type=Path)
FORMAT = click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)


def with_ledger(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the ledger; it gets one `settings` argument instead of them."""

    @functools.wraps(command)
    def wrapped(**options: Any) -> None:
        from hygiene.settings import load_settings

        names = ("ledger", "ledger_key", "lang", "timezone", "date_order")
        flags = {name: options.pop(name) for name in names if name in options}
        command(settings=load_settings(flags, os.environ, Path.cwd()), **options)

    for option in (
        click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is said. [default: en]"),
        click.option("--ledger-key", metavar="FILE", help="The key. [default: the ledger's name, with .key]"),
        click.option("--ledger", metavar="FILE", help="The ledger. [default: the setting ledger]"),
    ):
        wrapped = option(wrapped)
    return wrapped


@click.group()
def ledger() -> None:
    """Remember whom never to write to again, as keyed hashes that outlive the contacts.

    \b
    Example:
      hygiene ledger add --file hubspot-unsubscribes.csv --reason opt_out --source HubSpot
      hygiene ledger check --file new-list.csv --format csv > checked.csv
    """


@ledger.command()
@click.argument("who", nargs=-1, metavar="[ADDRESS|@DOMAIN]...")
@click.option(
    *("--file", "files"),
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="An export of any tool, the folder of its exports, or one address a line.",
)
@click.option("--reason", type=click.Choice(REASONS), help="Why; a row's own reason goes first.")
@click.option("--source", default="", metavar="TEXT", help="Who says so. [default: a file's name]")
@click.option("--at", metavar="DATE", help="When it happened; a row's own date goes first. [default: not known]")
@click.option("--expires", metavar="DATE", help="The last day on which a dead address or a departure holds.")
@click.option("--timezone", metavar="ZONE", help="Zone of times without one, such as Europe/Paris. [default: UTC]")
@click.option("--date-order", type=click.Choice(("auto", "DMY", "MDY")), help="Order of dates such as 03/04/2026.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="Output."
)
@with_ledger
def add(
    who: tuple[str, ...],
    files: tuple[Path, ...],
    reason: str | None,
    source: str,
    at: str | None,
    expires: str | None,
    form: str,
    settings: Settings,
) -> None:
    """Add addresses, domains and exports.

    @acme.com is everybody at that domain and below it; `-` reads one a line from stdin.

    \b
    Example:
      hygiene ledger add ann@acme.com @closed.example --reason opt_out --source "phone call" --at 2026-03-01
      hygiene ledger add --file suppressions.csv --file lemlist-unsubscribes.csv
      hygiene ledger add --file exports/hubspot/
    """
    from hygiene.gate.ledger import MAY_EXPIRE, key_path
    from hygiene.gate.ledger.imports import Defaults
    from hygiene.gate.ledger.intake import take_in
    from hygiene.reports.ledger_print import print_added
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    if not who and not files:
        raise click.UsageError(
            "Name an address, a @domain or, with --file, an export; `-` reads one a line from stdin."
        )
    if who and not reason:
        raise click.UsageError(f"Say why with --reason: one of {', '.join(REASONS)}.")
    if expires and reason not in MAY_EXPIRE:
        raise click.UsageError(f"Only {' and '.join(sorted(MAY_EXPIRE))} may expire: a no of a person has no end.")
    defaults = Defaults(reason, _moment(at, "--at"), source, _day(expires, "--expires"))  # type: ignore[arg-type]
    with Progress(settings.lang) as progress:
        intake = take_in(_typed(who), files, defaults, settings, progress)
    if intake.without_reason:
        raise click.UsageError(
            f"{intake.without_reason} rows say no reason. Say it with --reason: one of {', '.join(REASONS)}. Nothing"
            " was added."
        )
    print_added(intake, str(key_path(settings)), form, Translator(settings.lang))


@ledger.command()
@click.argument("who", nargs=-1, metavar="[ADDRESS]...")
@click.option("--file", type=EXPORT, help="A list of contacts, or one address a line.")
@FORMAT
@with_ledger
def check(who: tuple[str, ...], file: Path | None, form: str, settings: Settings) -> None:
    """Say who is blocked, and why.

    Without an address or --file, stdin is read, one address a line.

    \b
    Example:
      hygiene ledger check ann@acme.com bob@acme.com
      hygiene ledger check --file new-list.csv --format csv > checked.csv
    """
    from hygiene.gate.ledger import key_path, open_ledger
    from hygiene.mail.addresses.names import address_of
    from hygiene.reports.ledger_print import print_no_ledger
    from hygiene.reports.ledger_rows import print_checked
    from hygiene.reports.translate import Translator

    if who and file:
        raise click.UsageError("Give addresses or --file, not both.")
    if file:
        from hygiene.sources.stops import read_emails

        emails = read_emails(file, settings)
    elif not who and sys.stdin.isatty():
        raise click.UsageError("Name an address, give --file, or send addresses through a pipe, one a line.")
    else:
        emails = _typed(who or ("-",))
    opened = open_ledger(settings.ledger, key_path(settings))
    found = opened.find_all(emails, _today(settings))
    states = [n in found if n in found or address_of(email) else None for n, email in enumerate(emails)]
    translator = Translator(settings.lang)
    if not opened.is_there:
        print_no_ledger(str(settings.ledger), translator)
    print_checked(emails, states, found, form, translator)


@ledger.command("list")
@click.option("--reason", type=click.Choice(REASONS), help="Only entries with this reason.")
@FORMAT
@with_ledger
def list_entries(reason: str | None, form: str, settings: Settings) -> None:
    """Show the entries.

    There are no addresses: hashes, reasons, dates and sources.

    \b
    Example:
      hygiene ledger list --reason complaint
    """
    from hygiene.gate.ledger import key_path, open_ledger
    from hygiene.reports.ledger_print import print_no_ledger
    from hygiene.reports.ledger_rows import print_entries
    from hygiene.reports.translate import Translator

    opened = open_ledger(settings.ledger, key_path(settings))
    translator = Translator(settings.lang)
    if not opened.is_there:
        print_no_ledger(str(settings.ledger), translator)
    entries = [(line, entry) for line, entry in enumerate(opened.entries(), start=2) if reason in (None, entry.reason)]
    print_entries(entries, form, translator)


@ledger.command()
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="The file. [default: stdout]")
@click.option("--format", "form", type=click.Choice(("csv", "jsonl")), default="csv", show_default=True, help="Output.")
@with_ledger
def export(out: Path | None, form: str, settings: Settings) -> None:
    """Write a table of hashed suppressions.

    It is for a ledger or a run elsewhere that has the same key.

    \b
    Example:
      hygiene ledger export --format jsonl -o suppressions.jsonl
    """
    from hygiene.exports.ledger import export_text, write_export
    from hygiene.gate.ledger import key_path, open_ledger

    opened = open_ledger(settings.ledger, key_path(settings))
    text = export_text(opened.entries(), opened.hasher.key_id if opened.hasher else "", form)
    if out:
        write_export(out, text)
        click.echo(out)
    else:
        click.echo(text, nl=False)


@ledger.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(exists=True, path_type=Path))
@click.option("--timezone", metavar="ZONE", help="Zone of times without one, such as Europe/Paris. [default: UTC]")
@click.option("--date-order", type=click.Choice(("auto", "DMY", "MDY")), help="Order of dates such as 03/04/2026.")
@FORMAT
@with_ledger
def drift(sources: tuple[Path, ...], form: str, settings: Settings) -> None:
    """Show where tools disagree on who said no.

    One row for each person who said no in one tool, or stands in the ledger, and could still be written to in another.
    Each SOURCE is one tool: the folder of its exports, or the file of its suppressions.

    \b
    Example:
      hygiene ledger drift exports/hubspot/ exports/lemlist/ instantly-blocklist.csv
    """
    from hygiene.gate.ledger import key_path, open_ledger
    from hygiene.gate.ledger.drift import drifts
    from hygiene.reports.ledger_drift import print_drifts
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    opened = open_ledger(settings.ledger, key_path(settings))
    with Progress(settings.lang) as progress:
        rows = drifts(sources, opened, _today(settings), settings, progress)
    print_drifts(rows, form, Translator(settings.lang))


@ledger.command()
@with_ledger
def verify(settings: Settings) -> None:
    """Check every line and the key.

    \b
    Example:
      hygiene ledger verify
    """
    from hygiene.gate.ledger import key_path, open_ledger
    from hygiene.reports.ledger_print import print_no_ledger, print_verified
    from hygiene.reports.translate import Translator

    opened = open_ledger(settings.ledger, key_path(settings))
    translator = Translator(settings.lang)
    if opened.is_there:
        print_verified(sum(1 for _ in opened.entries()), str(settings.ledger), translator)
    else:
        print_no_ledger(str(settings.ledger), translator)


@ledger.command()
@with_ledger
def repair(settings: Settings) -> None:
    """Set damaged lines aside.

    They are kept in a file beside the ledger, so that the other lines can be used again.

    \b
    Example:
      hygiene ledger repair
    """
    from hygiene.gate.ledger import key_path
    from hygiene.gate.ledger.repair import repair as mend
    from hygiene.reports.ledger_print import print_repaired
    from hygiene.reports.translate import Translator

    print_repaired(mend(settings.ledger, key_path(settings)), Translator(settings.lang))


def _typed(who: tuple[str, ...]) -> list[str]:
    """Return what was typed, with stdin's lines in the place of `-`; an empty line names nobody."""
    found: list[str] = []
    for name in who:
        if name == "-":
            text = sys.stdin.buffer.read().decode("utf-8-sig", "surrogateescape")
            found += [line.strip() for line in text.splitlines() if line.strip()]
        else:
            found.append(name)
    return found


def _moment(text: str | None, option: str) -> datetime | None:
    from hygiene.settings import parse_moment

    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise click.BadParameter(f'"{text}" is no date: write it as 2026-03-01.', param_hint=option) from error


def _day(text: str | None, option: str) -> date | None:
    moment = _moment(text, option)
    return moment.date() if moment else None


def _today(settings: Settings) -> date:
    """Return the day for which is asked: that of the setting `as_of`, else today in UTC."""
    from datetime import UTC, datetime, timedelta

    if settings.as_of:  # its first moment that is no longer known
        return (settings.as_of - timedelta(microseconds=1)).date()
    return datetime.now(UTC).date()
