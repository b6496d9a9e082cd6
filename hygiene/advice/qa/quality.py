"""Every step filled in for every enrolled contact: once for each different state of the values that it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.qa.states import States
from hygiene.advice.qa.steps import judge_step
from hygiene.advice.qa.texts import read_texts
from hygiene.sources.aliases import normalize_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.qa.types import StepQuality
    from hygiene.facts.enrolled import Enrolled
    from hygiene.facts.types import Sequence
    from hygiene.sources.tables import ImportReport

    Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Quality:
    """What token QA says of a source."""

    steps: tuple[StepQuality, ...]
    """One a row of `templates`, by sequence and step."""
    users: Mapping[int, tuple[int, ...]]
    """By sequence key: the senders with running enrollments in it, or, where there are none, with any."""
    states: States
    """What is wrong with the contacts' values, column by column."""

    def of_sequence(self, sequence_key: int) -> tuple[StepQuality, ...]:
        """Return the steps of a sequence, in order."""
        return tuple(step for step in self.steps if step.sequence_key == sequence_key)

    def of_sender(self, sender_key: int) -> tuple[StepQuality, ...]:
        """Return the steps of the sequences that a sender uses, in order."""
        return tuple(step for step in self.steps if sender_key in self.users.get(step.sequence_key, ()))

    def unused(self) -> tuple[StepQuality, ...]:
        """Return the steps of the sequences that nobody uses."""
        return tuple(step for step in self.steps if not self.users.get(step.sequence_key))


def judge(enrolled: Enrolled, sequences: Mapping[int, Sequence], imported: ImportReport) -> Quality:
    """Fill every template in for every enrollment of its sequence.

    Parameters
    ----------
    enrolled
        The enrollments, running ones first, and the templates.
    sequences
        For their languages.
    imported
        Says which columns the files of contacts have, those that were kept out included.
    """
    rows = enrolled.rows
    states = States(rows, _held(enrolled, imported))
    texts = read_texts(enrolled.templates, sequences, _kept_out(imported))
    places = _by_sequence(rows["sequence_key"].to_numpy()) if len(rows) else {}
    contact_ids = rows["contact_id"].to_numpy(dtype=object)
    nobody = np.array([], dtype=np.int64)
    steps = [judge_step(text, states, places.get(text.template.sequence_key, nobody), contact_ids) for text in texts]
    return Quality(tuple(steps), _users(enrolled), states)


def _by_sequence(keys: Integers) -> dict[int, Integers]:
    """Return the places of each sequence's rows, in their order."""
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return {int(key): part for key, part in zip(found, np.split(order, starts[1:]), strict=True)}


def _users(enrolled: Enrolled) -> dict[int, tuple[int, ...]]:
    rows = enrolled.rows
    if rows.empty:
        return {}
    pairs = rows.assign(runs=rows["ended_at"].isna()).groupby(["sequence_key", "sender_key"])["runs"].any()
    running: dict[int, list[int]] = {}
    anybody: dict[int, list[int]] = {}
    for (key, sender), runs in zip(pairs.index.tolist(), pairs.tolist(), strict=True):
        anybody.setdefault(int(key), []).append(int(sender))
        if runs:
            running.setdefault(int(key), []).append(int(sender))
    return {key: tuple(running.get(key, senders)) for key, senders in anybody.items()}


def _held(enrolled: Enrolled, imported: ImportReport) -> set[str]:
    """Return the columns that the contacts' files have, whether or not anything stands in them."""
    read = {column.column for file in imported.files if file.table == "contacts" for column in file.columns}
    filled = {name.removeprefix("contacts.") for name in enrolled.columns if name.startswith("contacts.")}
    return {name for name in read if name} | filled


def _kept_out(imported: ImportReport) -> frozenset[str]:
    return frozenset(
        normalize_header(column.header)
        for file in imported.files
        if file.table == "contacts"
        for column in file.columns
        if column.column is None
    )
