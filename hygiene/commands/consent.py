"""On what basis each contact may be written to, and the evidence on one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygiene.options import not_empty, not_empty_if_given, with_settings

if TYPE_CHECKING:
    from hygiene.settings import Settings


@click.command()
@click.argument("source", callback=not_empty)
@click.option("--contact", metavar="ID", help="Only the evidence pack of this contact: its id or its address.")
@click.option(
    "--list",
    "list_file",
    metavar="FILE",
    callback=not_empty_if_given,
    help="Judge the contacts of this list instead, with what SOURCE knows of them.",
)
@click.option(
    "-o", "--out", metavar="FOLDER", callback=not_empty_if_given, help="Also write the files into this folder."
)
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)
@with_settings
def consent(
    source: str, contact: str | None, list_file: str | None, out: str | None, form: str, settings: Settings
) -> None:
    """Show on what basis each contact of SOURCE may be written to, until when, and how fast opt-outs are honored.

    A reading of public sources on the law of each country, never legal advice.

    \b
    Example:
      hygiene consent exports/ -o consent/ --as-of 2026-11-24
      hygiene consent exports/ --contact ann@example.com -o consent/ --lang fr
    """
    if contact is not None and list_file:
        raise click.UsageError("Name a contact or a list, not both.")
    if contact is not None and form == "csv":
        raise click.UsageError("The evidence on one contact is a page or JSON: use --format table or json.")
    folder = Path(out) if out else None
    if contact is None:
        _print_ledger(source, list_file, folder, form, settings)
    else:
        _print_evidence(source, contact, folder, form, settings)


def _print_ledger(source: str, list_file: str | None, out: Path | None, form: str, settings: Settings) -> None:
    from hygiene.campaign import consent as campaign
    from hygiene.exports.consent import SUMMARY_FILE, print_ledger
    from hygiene.reports.alarms import print_alarms
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    with Progress(settings.lang) as progress:
        ledger = campaign.consent(source, settings, progress, list_file=list_file, out=out)
    print_ledger(ledger, form, Translator(settings.lang))
    print_alarms(ledger.imported, ledger, settings.lang)
    if out:
        click.echo(out / SUMMARY_FILE, err=True)


def _print_evidence(source: str, contact: str, out: Path | None, form: str, settings: Settings) -> None:
    from hygiene.campaign import consent as campaign
    from hygiene.exports.consent_evidence import evidence_files, print_evidence
    from hygiene.reports.alarms import print_alarms
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    with Progress(settings.lang) as progress:
        pack = campaign.consent_evidence(source, contact, settings, progress, out=out)
    print_evidence(pack, form, Translator(settings.lang))
    print_alarms(pack.imported, pack, settings.lang)
    for name in evidence_files(pack) if out else ():
        click.echo(out / name if out else name, err=True)
