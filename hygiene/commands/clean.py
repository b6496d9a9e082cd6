"""The cleanup before a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygiene.options import folder, not_empty, with_engagement, with_settings

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.settings import Settings

CRMS = ("hubspot", "salesforce", "salesloft", "outreach", "apollo", "generic")
"""As `exports.filters.CRMS` (a test holds them equal), which a command loads when it runs."""


@click.command()
@click.argument("source", callback=not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=folder, help="Output folder.")
@click.option(
    "--for",
    "crm",
    type=click.Choice(CRMS),
    help="Whose upload files and filters. [default: addresses alone, and HubSpot's filters]",
)
@click.option("--yes", "writes_over", is_flag=True, help="Replace an earlier cleanup in FOLDER. [default: only look]")
@click.option("--no-ledger", is_flag=True, help="Let the ledger learn nothing; it is asked all the same.")
@click.option("--model", metavar="FOLDER", help="Use this model, written by `hygiene train`. [default: learn]")
@with_settings
@with_engagement
def clean(source: str, out: Path, crm: str | None, settings: Settings, *, writes_over: bool, no_ledger: bool) -> None:
    """Write what to do with each contact of SOURCE before a campaign: lists, saved filters, and the way back.

    Nobody is removed but for an own fault, and who said no is kept, as do-not-contact. The ledger remembers both.

    \b
    Example:
      hygiene clean exports/ -o cleanup/ --for hubspot
    """
    from hygiene.campaign import clean as campaign
    from hygiene.exports.cleanup_terminal import print_cleanup
    from hygiene.reports.alarms import print_notes
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator
    from hygiene.sources import load

    with Progress(settings.lang) as progress:
        done = campaign.clean(source, out, settings, progress, crm=crm, writes_over=writes_over, learns=not no_ledger)
    print_notes(load(source, settings).report, settings.lang)  # the cache has it
    print_cleanup(done.cleanup, done.written, done.changes, done.added, out, Translator(settings.lang))
