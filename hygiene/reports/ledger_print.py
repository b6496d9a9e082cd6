"""What the commands of the ledger say: the counts on stdout, remarks on stderr."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from hygiene.reports.ledger_words import NO_LEDGER, added_sentence, remarks
from hygiene.reports.words import filled
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from hygiene.gate.ledger.intake import Intake
    from hygiene.gate.ledger.repair import Repaired
    from hygiene.reports.translate import Translator


def print_added(intake: Intake, key: str, form: str, translator: Translator) -> None:
    """Print how many facts were added, known and rejected, as a sentence or as JSON; the rest on stderr."""
    if form == "json":
        counts = {
            "added": intake.added,
            "known": intake.known,
            "rejected": len(intake.rejected),
            "passed_over": intake.silent,
            "bounces_passed_over": intake.bounces,
        }
        click.echo(json.dumps(counts))
    else:
        click.echo(translator.text(added_sentence(intake)))
    for remark in remarks(intake, key):
        click.echo(translator.text(remark), err=True)


def print_no_ledger(path: str, translator: Translator) -> None:
    """Say on stderr that there is no ledger, so that nobody takes silence for a clearance."""
    click.echo(translator.text(filled(NO_LEDGER, {"path": Text(path)})), err=True)


def print_verified(entries: int, path: str, translator: Translator) -> None:
    """Print that every line is whole and the key the right one."""
    said = Message(
        "%(path)s: %(n)s entry, whole, and the key fits.",
        {"path": Text(path)},
        plural="%(path)s: %(n)s entries, all whole, and the key fits.",
        n=entries,
    )
    click.echo(translator.text(said))


def print_repaired(done: Repaired, translator: Translator) -> None:
    """Print what a repair did, and what is to be done about it."""
    if not done.set_aside:
        click.echo(translator.text(Message("No line is damaged; nothing was changed.")))
        return
    said = Message(
        "%(n)s damaged line was moved to %(into)s; %(kept)s entries are left. Whoever stood in it is no longer blocked:"
        " add your tools' opt-out exports again.",
        {"into": Text(str(done.into)), "kept": Text(str(done.kept))},
        plural="%(n)s damaged lines were moved to %(into)s; %(kept)s entries are left. Whoever stood in them is no"
        " longer blocked: add your tools' opt-out exports again.",
        n=done.set_aside,
    )
    click.echo(translator.text(said))
