"""Before a campaign: the check of a list, its mail and its domain."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygiene.commands.streams import abandon_stdout
from hygiene.options import not_empty, not_empty_if_given, with_settings

if TYPE_CHECKING:
    from hygiene.exports.check import Written
    from hygiene.gate.types import CheckReport
    from hygiene.settings import Settings
    from hygiene.sources.lists import Listed

FORMATS = ("text", "json", "junit", "sarif", "md")
NARROWEST, WIDEST = 40, 110
FILE = click.Path(path_type=Path)


@click.command()
@click.argument("source", callback=not_empty)
@click.option("--list", "list_file", required=True, type=FILE, metavar="FILE", help="The contacts to be enrolled.")
@click.option("--template", type=FILE, metavar="FILE", help="The email: a text, an .eml, or a table with a row a step.")
@click.option("--sequence", "sequence_id", metavar="ID", help="The email: the templates of this sequence of SOURCE.")
@click.option("--sender", "sender_id", metavar="ID", help="Who sends it; says how that sender stands.")
@click.option("--eml", type=FILE, metavar="FILE", help="One email of the campaign as it arrived in a mailbox.")
@click.option("--records", type=FILE, metavar="FILE", help="Pasted DNS records of the sender's domain.")
@click.option("--dns", "ask_dns", is_flag=True, help="Ask DNS for these records; needs the network.")
@click.option("--selector", "selectors", multiple=True, metavar="NAME", help="DKIM selector of the sender; repeatable.")
@click.option("--sends-a-day", type=click.IntRange(1), metavar="EMAILS", help="Planned. [default: all on one day]")
@click.option(
    "-o",
    "--out",
    metavar="FOLDER",
    callback=not_empty_if_given,
    help="Folder for trimmed.csv and dropped.csv. [default: NAME-check beside the list]",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output.")
@click.option(
    "--mode",
    type=click.Choice(("enforce", "suggest", "observe")),
    help="enforce: exit by the verdict; suggest: write the lists, exit 0; observe: only say. [default: enforce]",
)
@with_settings
def check(
    source: str,
    list_file: Path,
    template: Path | None,
    sequence_id: str | None,
    sender_id: str | None,
    eml: Path | None,
    records: Path | None,
    ask_dns: bool,
    selectors: tuple[str, ...],
    sends_a_day: int | None,
    out: str | None,
    form: str,
    settings: Settings,
) -> None:
    """Check a list before it is enrolled: GO, TRIM, HOLD or UNKNOWN.

    Looks at each row, at the email, at the sender's domain and at the whole, with what SOURCE and the ledger know.
    Exits with 0, 10, 11 or 12. Nothing leaves the machine without --dns.

    \b
    Example:
      hygiene check exports/ --list leads.csv --template intro.txt --sender ann.lee
    """
    from hygiene.campaign.check import CheckRequest
    from hygiene.campaign.check import check as run_check
    from hygiene.reports.alarms import print_notes
    from hygiene.reports.check.record import exit_code
    from hygiene.reports.progress import Progress
    from hygiene.sources import load

    if (template is None) == (sequence_id is None):
        raise click.UsageError("Name the email by either --template FILE or --sequence ID.")
    request = CheckRequest(
        source=source,
        list_file=list_file,
        template=template,
        sequence_id=sequence_id,
        sender_id=sender_id,
        eml=eml,
        records=records,
        ask_dns=ask_dns,
        selectors=selectors,
        sends_a_day=sends_a_day,
    )
    with Progress(settings.lang) as progress:
        report, listed = run_check(request, settings, progress)
    print_notes(load(source, settings).report, settings.lang, listed.notes)  # the cache has it
    files = _written(Path(out) if out else None, report, listed, Path(source), settings)
    try:
        click.echo(_rendered(form, report, files, settings), nl=False)
        sys.stdout.flush()
    except BrokenPipeError:  # `hygiene check … | head`: a reader that leaves makes no GO
        abandon_stdout()
    raise click.exceptions.Exit(exit_code(report))


def _written(
    out: Path | None, report: CheckReport, listed: Listed, source: Path, settings: Settings
) -> dict[str, Written]:
    """Write the lists; where nobody named a folder and ours cannot be written, the verdict stands without them."""
    from hygiene.errors import OutputError
    from hygiene.exports.check import write_check_lists
    from hygiene.reports.translate import Translator

    if report.mode == "observe":
        return {}
    folder = out or listed.path.parent / f"{listed.path.stem}-check"
    try:
        return write_check_lists(folder, report, listed, source, Translator(settings.lang))
    except OutputError as error:
        if out:
            raise
        click.echo(f"hygiene: {error}", err=True)
        return {}


def _rendered(form: str, report: CheckReport, files: dict[str, Written], settings: Settings) -> str:
    from hygiene.reports.translate import Translator

    translator = Translator(settings.lang)
    match form:
        case "json":
            from hygiene.reports.check.record import render_json

            return render_json(report, files, settings.lang)
        case "junit":
            from hygiene.reports.check.junit import render_junit

            return render_junit(report, translator)
        case "sarif":
            from hygiene.reports.check.sarif import render_sarif

            return render_sarif(report, translator)
        case "md":
            from hygiene.reports.check.text import render_markdown

            return render_markdown(report, files, translator)
        case _:
            from hygiene.reports.check.text import render_text

            width = min(max(shutil.get_terminal_size((WIDEST, 24)).columns, NARROWEST), WIDEST)
            return render_text(report, files, translator, width)
