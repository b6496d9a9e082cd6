"""The command line: parse, call, choose the exit code. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from hygiene import __version__
from hygiene.commands import advice, clean, consent, engagement, gate, ledger, mail, report, sources
from hygiene.commands.streams import abandon_stdout
from hygiene.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNUSABLE, HygieneError

COMMANDS = (
    *(report.run, report.coach, report.score),
    *(gate.check, clean.clean, consent.consent, sources.sources),
    *(engagement.backtest, engagement.train),
    *(mail.columns, mail.addresses, mail.bounces),
    *(advice.rules, advice.tokens),
    *(ledger.ledger,),
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


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line and leave."""
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 — for a stream that `>&-` has closed, until the end
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: list[str]) -> int:
    """Run the command line and return the exit code (`errors.EXIT_…`).

    `--debug` is taken wherever it stands; it lets errors through with their traceback.
    """
    debug = "--debug" in arguments
    try:
        wanted = [argument for argument in arguments if argument != "--debug"]
        code = cli.main(wanted, "hygiene", standalone_mode=False)
        sys.stdout.flush()  # a full disk or a reader that has left shows here, not after the exit code is chosen
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:  # click's own way to say that the reader of our output has left
        abandon_stdout()
        return EXIT_OK
    except BrokenPipeError:  # the reader of our output has left: `hygiene score … | head`
        abandon_stdout()
        return EXIT_OK
    except Exception as error:  # the one place where a bug becomes a sentence and an exit code
        if debug:
            raise
        return _explained(error)
    except KeyboardInterrupt:
        return _explained(KeyboardInterrupt())
    return code if isinstance(code, int) else EXIT_OK  # click returns what a command leaves with: `check`'s verdict


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
        abandon_stdout()
        place = f"{error.filename} cannot be used" if error.filename else "The output cannot be written"
        click.echo(f"hygiene: {place}: {error.strerror}. Make room, or name another place.", err=True)
        return EXIT_UNUSABLE
    click.echo(
        f"hygiene: this is a bug in hygiene, not in your data ({type(error).__name__}: {error}). "
        "Run it again with --debug and report what it prints.",
        err=True,
    )
    return EXIT_BUG
