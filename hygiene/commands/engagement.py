"""Who still answers: the back-test, and a model of one’s own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygiene.options import folder, not_empty, not_empty_if_given, with_engagement, with_settings

if TYPE_CHECKING:
    from hygiene.settings import Settings


@click.command()
@click.argument("source", callback=not_empty)
@click.option(
    "-o",
    "--out",
    metavar="FOLDER",
    callback=not_empty_if_given,
    help="Also write the page backtest.html, with pictures, into this folder.",
)
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True, help="Output."
)
@with_settings
@with_engagement
def backtest(source: str, out: str | None, form: str, settings: Settings) -> None:
    """Show how the engagement model and the pause rules of the trade would have done on the history of SOURCE.

    \b
    Example:
      hygiene backtest exports/ -o backtest/
    """
    from hygiene import pipeline
    from hygiene.exports.files import refuse_exports
    from hygiene.reports.progress import Progress
    from hygiene.reports.translate import Translator

    if out:
        refuse_exports(Path(out), Path(source))
    with Progress(settings.lang) as progress:
        result, pauses, imported = pipeline.backtest(source, settings, progress)
    from hygiene.exports.backtest import print_backtest, write_backtest

    translator = Translator(settings.lang)
    print_backtest(result, pauses, imported, form, translator)
    if out:
        click.echo(write_backtest(Path(out), result, pauses, imported, translator), err=True)


@click.command()
@click.argument("source", callback=not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=folder, help="Folder for the model.")
@with_settings
@with_engagement
def train(source: str, out: Path, settings: Settings) -> None:
    """Learn from the history of SOURCE who still answers, and write the model, its back-test and its card.

    `hygiene run` learns by itself from the source that it reads; a saved model is for sources too small to learn from,
    or to judge two sources alike.

    \b
    Example:
      hygiene train exports/ -o model/
      hygiene run new-exports/ -o report/ --model model/
    """
    from hygiene import pipeline
    from hygiene.reports.progress import Progress

    with Progress(settings.lang) as progress:
        pipeline.train(source, out, settings, progress)
    click.echo(out / "model.json")
