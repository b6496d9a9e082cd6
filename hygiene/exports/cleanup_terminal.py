"""What a terminal shows of a cleanup: the price on top, the lists, what to do next, and what a dry run would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygiene.gate.cleanup.types import ACTIONS
from hygiene.reports.cleanup_price import exemption_sentences, price_sentences
from hygiene.reports.cleanup_steps import LISTS
from hygiene.reports.cleanup_words import ACTION_WORDS
from hygiene.reports.text import cell_text, display_width
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hygiene.exports.clean import Changes, Cleanup, Written
    from hygiene.gate.ledger.types import Added
    from hygiene.reports.translate import Translator
    from hygiene.values import Value

NAMES_SHOWN = 5


def print_cleanup(
    cleanup: Cleanup,
    written: Written,
    changes: Changes | None,
    added: Added | None,
    out: Path,
    translator: Translator,
) -> None:
    """Print what a cleanup did on stderr, and on stdout the file to open first; of a dry run what would change.

    Parameters
    ----------
    changes
        What would change; None: it was written.
    added
        What the ledger learned; None: nothing.
    """
    _say(price_sentences(cleanup.price), translator)
    _print_counts(cleanup, changes, translator)
    if written.steps and not changes:
        _say([Message("What to do, in this order:")], translator)
        for number, step in enumerate(written.steps, start=1):
            click.echo(f"  {number}. {cell_text(step.sentence, translator)}", err=True)
    _say(_remarks(cleanup, written), translator)
    if changes:
        _print_changes(changes, out, translator)
        return
    _say([_ledger(added)], translator)
    _say([Message("Everything is in %(folder)s; open this file first:", {"folder": Text(str(out))})], translator)
    click.echo(out / LISTS / "cleanup.xlsx")


def _print_counts(cleanup: Cleanup, changes: Changes | None, translator: Translator) -> None:
    counts = cleanup.plan.counts
    words = {action: translator.text(ACTION_WORDS[action]) for action in ACTIONS}
    width = max(map(display_width, words.values()))
    for action, count in counts.items():
        padding = " " * (width - display_width(words[action]))
        before = f"{translator.text(Count(changes.before.get(action, 0)))} → " if changes and changes.before else ""
        click.echo(f"  {words[action]}{padding}  {before}{translator.text(Count(count))}", err=True)


def _remarks(cleanup: Cleanup, written: Written) -> Iterator[Value]:
    held = sum(sum(row.held.values()) for row in written.listed.values())
    if held:
        yield Message(
            "%(n)s contact stands in %(file)s instead of an upload file.",
            {"file": Text(f"{LISTS}/quarantine.csv")},
            plural="%(n)s contacts stand in %(file)s instead of an upload file.",
            n=held,
        )
    yield from exemption_sentences(cleanup.plan.exempted)


def _print_changes(changes: Changes, out: Path, translator: Translator) -> None:
    counts: dict[str, Value] = {
        "folder": Text(str(out)),
        "new": Count(len(changes.new)),
        "changed": Count(len(changes.changed)),
        "gone": Count(len(changes.gone)),
    }
    if not (changes.new or changes.changed or changes.gone):
        _say([Message("%(folder)s holds this very cleanup already: nothing was written.", counts)], translator)
        return
    said = Message(
        "%(folder)s holds an earlier cleanup, so nothing was written and the ledger learned nothing. Files that would"
        " be new: %(new)s, changed: %(changed)s, removed: %(gone)s. To do it, add --yes.",
        counts,
    )
    _say([said], translator)
    for sign, names in (("+", changes.new), ("~", changes.changed), ("-", changes.gone)):
        for name in names[:NAMES_SHOWN]:
            click.echo(f"  {sign} {translator.text(Text(name))}", err=True)
        if len(names) > NAMES_SHOWN:
            click.echo(f"  {sign} …", err=True)


def _ledger(added: Added | None) -> Message:
    if added is None:
        return Message("The ledger learned nothing, as you asked: it will not know these contacts when they come back.")
    return Message(
        "The ledger learned %(added)s facts and knew %(known)s already.",
        {"added": Count(added.added), "known": Count(added.known)},
    )


def _say(sentences: Iterable[Value], translator: Translator) -> None:
    for sentence in sentences:
        click.echo(cell_text(sentence, translator), err=True)
