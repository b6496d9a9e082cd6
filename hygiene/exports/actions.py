"""`lists/actions.people.csv`: every contact that somebody is asked to act on, a row a suggestion and contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.exports.sheets import write_people
from hygiene.facts.people import NOBODY
from hygiene.reports.actions import ACTIONS_FILE
from hygiene.reports.row_values import value_words
from hygiene.reports.subjects import subject_words
from hygiene.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hygiene.advice.advise import Advice
    from hygiene.advice.types import Suggestion
    from hygiene.facts.types import Facts
    from hygiene.reports.translate import Translator

TITLES = (
    Message("Rule"),
    Message("Sender"),
    Message("Subject"),
    Message("Contact"),
    Message("Name"),
    Message("Email"),
    Message("Value"),
    Message("What to do"),
)


def write_actions(folder: Path, advice: Advice, facts: Facts, translator: Translator) -> None:
    """Write the rows of all suggestions, for people; nothing where there are none."""
    suggestions = [ranked.suggestion for ranked in advice.all() if ranked.suggestion.rows]
    if not suggestions:
        return
    path = folder / ACTIONS_FILE
    path.parent.mkdir(exist_ok=True)
    titles = [translator.text(title) for title in TITLES]
    write_people(path, titles, _cells(suggestions, advice, facts, translator), translator.lang)


def _cells(
    suggestions: Iterable[Suggestion], advice: Advice, facts: Facts, translator: Translator
) -> Iterator[list[str]]:
    for said in suggestions:
        sender = facts.senders.get(said.sender_key) if said.sender_key is not None else None
        subject = translator.text(subject_words(said.subject, facts))
        about = (said.rule.id, sender.label if sender else "", subject)
        words = translator.text(said.advice)
        for row in said.rows:
            cells = (
                *about,
                row.contact_id,
                *advice.people.get(row.contact_id, NOBODY),
                translator.text(value_words(said.rule, row.value)),
                words,
            )
            yield [cell or "" for cell in cells]
