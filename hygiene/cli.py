"""The command line: parse, call, choose the exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hygiene import __version__
from hygiene.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNUSABLE, HygieneError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygiene.settings import Settings

LANGUAGES = ("en", "fr")
"""As `settings.LANGUAGES` (a test holds them equal): the settings are loaded when a command runs."""

DIALECTS = (
    *("hubspot", "outreach", "salesloft", "apollo", "instantly", "lemlist", "smartlead", "saleshandy", "reply"),
    *("mailshake", "salesforce", "marketo", "mailchimp", "activecampaign", "pardot", "snov", "woodpecker", "zendesk"),
    *("unify", "mautic", "sendgrid", "auto"),
)
"""As `advice.tokens.dialects.DIALECTS` (a test holds them equal), which a command loads when it runs."""
ERRORS_SHOWN = 5
"""Errors of a kind that are shown; the others are counted."""

LEVELS = {"sender": "sender", "sequence": "sequence", "sender,sequence": "sender_sequence", "team": "team"}

SETTINGS_OPTIONS = (
    click.option("--lang", type=click.Choice(LANGUAGES), help="Language of reports and sentences. [default: en]"),
    click.option("--since", metavar="DATE", help="Count enrollments that ended on or after this day."),
    click.option("--until", metavar="DATE", help="Count enrollments that ended on or before this day."),
    click.option("--as-of", metavar="DATE", help="Know nothing later than this. [default: latest in the data]"),
    click.option("--timezone", metavar="ZONE", help="Zone of times without one, such as Europe/Paris. [default: UTC]"),
    click.option("--date-order", type=click.Choice(("auto", "DMY", "MDY")), help="Order of dates such as 03/04/2026."),
    click.option("--profile", metavar="NAME|FILE", help="Score profile. [default: default]"),
    click.option(
        "--reply-denominator",
        type=click.Choice(("delivered", "ended")),
        help="Replies over ended minus bounced, or over ended. [default: delivered]",
    ),
    click.option(
        "--bounce-denominator",
        type=click.Choice(("ended", "enrolled")),
        help="Bounces over ended, or over ended plus active. [default: ended]",
    ),
)
ENGAGEMENT_OPTIONS = (
    click.option("--reply-value", metavar="NUMBER", help="What a reply is worth, in any unit. [default: 200]"),
    click.option("--send-cost", metavar="NUMBER", help="What one more email costs, in the same unit. [default: 1]"),
    click.option("--complaint-cost", metavar="NUMBER", help="What a spam complaint costs. [default: 150]"),
    click.option(
        "--max-lost-replies",
        metavar="SHARE",
        help="Pause as many as lose at most this share of the replies, such as 0.05, instead of by the costs.",
    ),
    click.option("--pause-after", metavar="EMAILS", help="Never pause for silence before so many emails. [default: 3]"),
    click.option(
        "--control-share", metavar="SHARE", help="Share of the paused that is kept to measure. [default: 0.05]"
    ),
)
"""Of the commands that judge contacts."""


ADVICE_OPTIONS = (
    click.option(
        "--previous",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="An earlier report: say what became of its advice.",
    ),
    click.option(
        "--pseudonymous", is_flag=True, default=None, help="Call senders sender-01, sender-02 … instead of by name."
    ),
)


def with_advice(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the recommender; `with_settings` takes up what is a setting."""
    for option in reversed(ADVICE_OPTIONS):
        command = option(command)
    return command


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the settings; it gets one `settings` argument instead of them."""

    @functools.wraps(command)
    def wrapped(**options: Any) -> None:
        from hygiene.settings import load_settings

        flags = {name: options.pop(name) for name in SETTINGS_FLAGS if name in options}
        command(settings=load_settings(flags, os.environ, Path.cwd()), **options)

    for option in reversed(SETTINGS_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def with_engagement(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the engagement model, for `with_settings` to take up."""
    for option in reversed(ENGAGEMENT_OPTIONS):
        command = option(command)
    return command


SETTINGS_FLAGS = (
    "lang",
    "since",
    "until",
    "as_of",
    "timezone",
    "date_order",
    "profile",
    "reply_denominator",
    "bounce_denominator",
    "reply_value",
    "send_cost",
    "complaint_cost",
    "max_lost_replies",
    "pause_after",
    "control_share",
    "model",
    "pseudonymous",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="hygiene")
@click.option("--debug", is_flag=True, expose_value=False, is_eager=True, help="Show the traceback of an error.")
def cli() -> None:
    """Honest scores, cleanup lists and coaching for sales email sequences, from plain exports, offline.

    \b
    Example:
      hygiene run exports/ -o report/
      open report/index.html
    """


def _not_empty(context: click.Context, parameter: click.Parameter, value: str) -> str:  # noqa: ARG001 — click's form
    if not value:
        raise click.BadParameter("is empty; name a folder.")
    return value


def _not_empty_if_given(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    return None if value is None else _not_empty(context, parameter, value)


def _folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    return Path(_not_empty(context, parameter, value))


@cli.command()
@click.argument("source", callback=_not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=_folder, help="Output folder.")
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


@cli.command()
@click.argument("source", callback=_not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=_folder, help="Output folder.")
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
    print_advice(audit, sender, Translator(settings.lang))
    click.echo(out / "senders")


@cli.command()
@click.argument("source", callback=_not_empty)
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


@cli.command()
@click.argument("source", callback=_not_empty)
@click.option(
    "-o",
    "--out",
    metavar="FOLDER",
    callback=_not_empty_if_given,
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


@cli.command()
@click.argument("source", callback=_not_empty)
@click.option("-o", "--out", required=True, metavar="FOLDER", callback=_folder, help="Folder for the model.")
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


@cli.command()
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


@cli.command()
@click.argument("source", callback=_not_empty)
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


@cli.command()
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


@cli.command()
@click.option(
    "--dialect", required=True, type=click.Choice(DIALECTS), help="Whose syntax the texts have; auto: the likeliest."
)
@click.option(
    "--format", "form", type=click.Choice(("table", "jsonl")), default="table", show_default=True, help="Output."
)
def tokens(dialect: str, form: str) -> None:
    """Find the personalization tokens of texts, and what is wrong with them.

    Reads one JSON object a line: a "text" and, if you have them, the "fields" that exist. Never runs a template.

    \b
    Example:
      hygiene tokens --dialect hubspot --format jsonl < templates.jsonl
      echo '{"text": "Hi {{first_name}}"}' | hygiene tokens --dialect auto
    """
    from hygiene.advice.tokens.lines import FORM, scan_lines
    from hygiene.errors import SourceError
    from hygiene.reports.token_rows import print_tokens

    if sys.stdin.isatty():
        raise click.UsageError(f"Send texts through a pipe: {FORM}.")
    errors = print_tokens(scan_lines(sys.stdin.buffer, dialect), form)
    if errors:
        more = f" And {len(errors) - ERRORS_SHOWN} more like it." if len(errors) > ERRORS_SHOWN else ""
        raise SourceError(" ".join(errors[:ERRORS_SHOWN]) + more)


def _own_settings() -> Settings:
    """Return the settings of a command that takes none on its line: those of the environment and the file."""
    from hygiene.settings import load_settings

    return load_settings({}, os.environ, Path.cwd())


def main() -> None:
    """Run the command line and leave."""
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 — for a stream that `>&-` has closed, until the end
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: list[str]) -> int:
    """Run the command line and return the exit code: 0 done, 1 a bug, 2 usage, 3 unusable input, 130 interrupted.

    `--debug` is taken wherever it stands; it lets errors through with their traceback.
    """
    debug = "--debug" in arguments
    try:
        cli.main([argument for argument in arguments if argument != "--debug"], "hygiene", standalone_mode=False)
        sys.stdout.flush()  # a full disk or a reader that has left shows here, not after the exit code is chosen
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:  # click's own way to say that the reader of our output has left
        _abandon_stdout()
        return EXIT_OK
    except BrokenPipeError:  # the reader of our output has left: `hygiene score … | head`
        _abandon_stdout()
        return EXIT_OK
    except Exception as error:  # the one place where a bug becomes a sentence and an exit code
        if debug:
            raise
        return _explained(error)
    except KeyboardInterrupt:
        return _explained(KeyboardInterrupt())
    return EXIT_OK


def _explained(error: BaseException) -> int:
    """Say what happened in one sentence and return its exit code."""
    # DuckDB says by a RuntimeError that Ctrl-C came during a query.
    if isinstance(error, click.Abort | KeyboardInterrupt) or str(error) == "Query interrupted":
        click.echo("Interrupted. Nothing was written over.", err=True)
        return EXIT_INTERRUPTED
    if isinstance(error, HygieneError):
        click.echo(f"hygiene: {error}", err=True)
        return error.exit_code
    if isinstance(error, OSError):  # a full disk, a path too long
        _abandon_stdout()
        place = f"{error.filename} cannot be used" if error.filename else "The output cannot be written"
        click.echo(f"hygiene: {place}: {error.strerror}. Make room, or name another place.", err=True)
        return EXIT_UNUSABLE
    click.echo(
        f"hygiene: this is a bug in hygiene, not in your data ({type(error).__name__}: {error}). "
        "Run it again with --debug and report what it prints.",
        err=True,
    )
    return EXIT_BUG


def _abandon_stdout() -> None:
    """Send what is still buffered nowhere, so that leaving does not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
