"""Where the contacts came from: the scorecard of list sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygiene.options import not_empty, not_empty_if_given, with_settings

if TYPE_CHECKING:
    from hygiene.settings import Settings


@click.command()
@click.argument("source", callback=not_empty)
@click.option(
    "-o",
    "--out",
    metavar="FOLDER",
    callback=not_empty_if_given,
    help="Also write the scorecard, a claim a vendor and the contacts to hold back into this folder.",
)
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)
@with_settings
def sources(source: str, out: str | None, form: str, settings: Settings) -> None:
    """Say what each list source and import batch of SOURCE is worth, whose the bounces are, and what to hold back.

    \b
    Example:
      hygiene sources exports/ -o lists/
      hygiene sources exports/ --format csv > sources.csv
    """
    from hygiene.campaign.sources import list_sources
    from hygiene.reports.lists.table import print_scorecard
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    with Progress(settings.lang) as progress:
        card = list_sources(source, Path(out) if out else None, settings, progress)
    print_scorecard(card, form, Translator(settings.lang))
    if out:
        click.echo(out, err=True)
