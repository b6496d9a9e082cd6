"""The main job and its parts: the whole report, the coaching reports, the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygiene.options import folder, not_empty, with_advice, with_engagement, with_settings

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.settings import Settings


LEVELS = {"sender": "sender", "sequence": "sequence", "sender,sequence": "sender_sequence", "team": "team"}


@click.command()
@click.argument("source", callback=not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=folder, help="Output folder.")
@click.option("--model", metavar="FOLDER", help="Use this model, written by `hygiene train`. [default: learn]")
@with_advice
@with_settings
@with_engagement
def run(source: str, out: Path, previous: Path | None, settings: Settings) -> None:
    """Write the whole report on SOURCE, a folder of exports, into one folder.

    \b
    Example:
      hygiene run exports/ -o report/ --lang fr --timezone Europe/Paris
    """
    from hygiene import pipeline
    from hygiene.reports.alarms import print_alarms
    from hygiene.reports.progress import Progress
    from hygiene.reports.terminal import print_summary
    from hygiene.reports.translate import Translator

    translator = Translator(settings.lang)
    with Progress(settings.lang) as progress:
        audit = pipeline.run(source, out, settings, progress, previous=previous)
    print_alarms(audit.imported, audit.facts, settings.lang)
    print_summary(audit, out, translator)
    click.echo(out / "index.html")


@click.command()
@click.argument("source", callback=not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=folder, help="Output folder.")
@click.option("--sender", metavar="ID", help="Only the report of this sender. [default: everybody's]")
@click.option("--pdf", "as_pdf", is_flag=True, help='Also write each page as PDF; needs pip install "hygiene[pdf]".')
@with_advice
@with_settings
@with_engagement
def coach(
    source: str, out: Path, sender: str | None, previous: Path | None, settings: Settings, *, as_pdf: bool
) -> None:
    """Write the coaching report of each sender of SOURCE: where they stand, why, and what would help most.

    \b
    Example:
      hygiene coach exports/ --sender ann.lee -o coaching/ --lang fr --previous last-month/
    """
    from hygiene import pipeline
    from hygiene.reports.progress import Progress
    from hygiene.reports.terminal_advice import print_advice
    from hygiene.reports.translate import Translator

    with Progress(settings.lang) as progress:
        audit = pipeline.coach(source, out, settings, progress, sender_id=sender, previous=previous, as_pdf=as_pdf)
    if print_advice(audit, sender, Translator(settings.lang)):
        click.echo(out / "senders")


@click.command()
@click.argument("source", callback=not_empty)
@click.option("--by", type=click.Choice(tuple(LEVELS)), default="sender", show_default=True, help="What gets a score.")
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)
@with_settings
def score(source: str, by: str, form: str, settings: Settings) -> None:
    """Print the scores of SOURCE.

    \b
    Example:
      hygiene score exports/ --by sender,sequence --format csv > scores.csv
    """
    from hygiene import pipeline
    from hygiene.reports.alarms import print_alarms
    from hygiene.reports.progress import Progress

    with Progress(settings.lang) as progress:
        report, facts, rows = pipeline.scores(source, LEVELS[by], settings, progress)  # type: ignore[arg-type]
    if form == "table":
        from hygiene.reports.terminal import print_scores
        from hygiene.reports.translate import Translator

        print_scores(facts, rows, settings, Translator(settings.lang))
    else:
        from hygiene.reports.tables import scores_csv, scores_json

        click.echo((scores_csv if form == "csv" else scores_json)(rows, facts), nl=False)
    print_alarms(report, facts, settings.lang)
