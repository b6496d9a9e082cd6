"""Where tools disagree: who said no in one of them, or stands in the ledger, and could still be written to in another.

A tool is the folder of its exports, or the file of its suppressions, which knows only who said no. Dead addresses are
no drift: nobody said anything.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from hygiene.facts.opt_outs import define_suppressions
from hygiene.gate.ledger.flagged import address, exports_of, remembered_as
from hygiene.gate.ledger.imports import Defaults, understand
from hygiene.gate.ledger.keys import KEY_BYTES, Hasher
from hygiene.gate.ledger.look_up import Asked
from hygiene.gate.ledger.types import MAY_EXPIRE
from hygiene.mail.addresses.names import address_of, variant_of
from hygiene.sources.stops import read_stops

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from hygiene.gate.ledger.flagged import Exports, Progress
    from hygiene.gate.ledger.ledger import Ledger
    from hygiene.gate.ledger.types import Entry, Match, Reason
    from hygiene.settings import Settings

State: TypeAlias = Literal["in_sequences", "not_stopped"]
"""In running sequences; or in none, but nothing in the tool keeps the person from being enrolled."""
LEDGER = "ledger"


class Drift(NamedTuple):
    """One person and one tool in which the no is not heard. Texts are hostile."""

    email: str
    """As the tool has it."""
    reason: Reason
    said_in: str
    """The tool that knows of the no, or `LEDGER`."""
    source: str
    """Who told the ledger; empty for a tool."""
    said_at: datetime | None
    """Naive UTC; of an undated entry of the ledger, when it was written there."""
    days: int | None
    """Since then."""
    still_in: str
    state: State
    sequences: tuple[str, ...]
    """Names of the sequences that run, in order."""


@dataclass
class Person:
    """Somebody in one tool, with all contacts that share the mailbox."""

    email: str
    knows_no: bool = False
    sequences: set[str] = field(default_factory=set)


@dataclass
class Tool:
    """What one tool knows."""

    name: str
    people: dict[str, Person] = field(default_factory=dict)
    """By the mailbox: the address without its plus tag."""
    noes: list[Entry] = field(default_factory=list)
    """Who said no there, hashed like the ledger, with the tool as their source."""


def drifts(sources: Sequence[Path], ledger: Ledger, day: date, settings: Settings, progress: Progress) -> list[Drift]:
    """Return who said no somewhere and could still be written to elsewhere: one row a person and tool.

    Parameters
    ----------
    sources
        Folders of exports, or files of suppressions, each of one tool.
    ledger
        Its entries that hold count as those of one more tool.
    day
        Up to which days are counted, and on which entries must not have expired.
    settings
        As for a run.
    progress
        Called with each step.

    Returns
    -------
    list of Drift
        Whoever is in the most sequences first, then whoever said no the longest ago.

    Raises
    ------
    HygieneError
        If a source or the ledger cannot be used.
    """
    hasher = ledger.hasher or Hasher(secrets.token_bytes(KEY_BYTES))
    names = _names(sources)
    tools = [_read_tool(path, name, hasher, settings, progress) for path, name in zip(sources, names, strict=True)]
    progress("Comparing the tools", None)
    noes = [entry for tool in tools for entry in tool.noes]
    found = [row for tool in tools for row in _of_tool(tool, noes, ledger, hasher, day)]
    return sorted(found, key=_place)


def _of_tool(tool: Tool, noes: Iterable[Entry], ledger: Ledger, hasher: Hasher, day: date) -> Iterator[Drift]:
    people = [person for person in tool.people.values() if person.sequences or not person.knows_no]
    emails = [person.email for person in people]
    told = Asked(hasher, emails).matches(noes, day)
    remembered = ledger.find_all(emails, day)
    for position, person in enumerate(people):
        matches = [*told.get(position, ()), *remembered.get(position, ())]
        said = sorted((match for match in matches if match.reason not in MAY_EXPIRE), key=lambda match: match.rank)
        if said:
            yield _drift(person, tool.name, said[0], day)


def _drift(person: Person, tool: str, match: Match, day: date) -> Drift:
    entry, at = match.entry, match.entry.since
    is_ledger = entry.added_at is not None
    return Drift(
        email=person.email,
        reason=entry.reason,
        said_in=LEDGER if is_ledger else entry.source,
        source=entry.source if is_ledger else "",
        said_at=at,
        days=(day - at.date()).days if at else None,
        still_in=tool,
        state="in_sequences" if person.sequences else "not_stopped",
        sequences=tuple(sorted(person.sequences)),
    )


def _place(row: Drift) -> tuple[int, int, str, str]:
    return -len(row.sequences), -(row.days or 0), row.email, row.still_in


def _names(sources: Sequence[Path]) -> list[str]:
    """Return a name for each tool: that of its folder or file, or the whole path where two share one."""
    short = [path.resolve().name for path in sources]
    return [str(path) if short.count(name) > 1 else name for path, name in zip(sources, short, strict=True)]


def _read_tool(path: Path, name: str, hasher: Hasher, settings: Settings, progress: Progress) -> Tool:
    if path.is_file():
        progress(f"Reading {path.name}", None)
        told = understand(read_stops(path, settings), hasher, Defaults("do_not_contact", source=name))
        return Tool(name, noes=[entry._replace(source=name) for entry in told.entries])
    with exports_of(path, settings, progress) as exports:
        return _read_export(exports, name, hasher)


def _read_export(exports: Exports, name: str, hasher: Hasher) -> Tool:
    engine, questions, _ = exports
    running: dict[int, set[str]] = {}
    for batch in engine.batches(questions.sql("running_sequences")):
        for contact_key, sequence_id, sequence in batch:
            running.setdefault(contact_key, set()).add(sequence or sequence_id)
    define_suppressions(engine, questions)
    suppressed_at = {row[0]: row[4] for row in engine.rows(questions.sql("suppressed_contacts"))}
    tool = Tool(name)
    for flag in exports.flags():
        email = address(flag.facts)
        spelling = address_of(email) if email else None
        if not email or not spelling:
            continue
        person = tool.people.setdefault(str(variant_of(spelling)), Person(email))
        person.sequences |= running.get(flag.facts.contact_key, set())
        if flag.flag == "never":
            person.knows_no = True
            reason, at = remembered_as(flag) or ("do_not_contact", None)
            at = at or suppressed_at.get(flag.facts.contact_key)
            tool.noes.append(hasher.entry(email, reason, at=at)._replace(source=name))
    return tool
