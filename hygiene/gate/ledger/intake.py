"""What `hygiene ledger add` takes in: addresses and files, read first and added together, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.errors import SourceError
from hygiene.gate.ledger.flagged import entries_of, exports_of
from hygiene.gate.ledger.imports import understand
from hygiene.gate.ledger.ledger import key_path, open_ledger
from hygiene.sources.stops import Stop, StopFile, read_stops

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygiene.gate.ledger.flagged import Progress
    from hygiene.gate.ledger.imports import Defaults, Rejected
    from hygiene.settings import Settings


class Intake(NamedTuple):
    """What became of what was handed in."""

    added: int
    known: int
    rejected: tuple[Rejected, ...]
    silent: int
    """Rows that say nothing against writing."""
    bounces: int
    """Bounces of which nothing says that the address is at fault."""
    without_reason: int
    """Rows that say no reason; where there are any, nothing was added."""
    overlooked: tuple[tuple[str, str], ...]
    """File and header, where a header that nothing reads looks like an opt-out."""
    key_is_new: bool
    """Whether the key was made just now, so that a copy of it should be kept."""


def take_in(
    who: Sequence[str], files: Sequence[Path], defaults: Defaults, settings: Settings, progress: Progress
) -> Intake:
    """Add addresses, domains and what exports say to the ledger.

    Parameters
    ----------
    who
        Addresses and domains.
    files
        Exports of any tool: a file each, or the folder of all, of which those who said no and dead addresses are added.
    defaults
        For `who`, and for rows that do not say otherwise.
    settings
        `ledger` and `ledger_key` are used, and those with which exports are read.
    progress
        Called with each step.

    Raises
    ------
    HygieneError
        If a file cannot be read, or nobody can tell which of its rows say no, or the ledger cannot be written; then
        nothing was added.
    """
    stops = [
        StopFile("", tuple(Stop(name) for name in who)),
        *(read_stops(path, settings) for path in files if path.is_file()),
    ]
    for file in stops[1:]:
        _stop_if_unsure(file)
    key_is_new = not key_path(settings).exists()
    ledger = open_ledger(settings.ledger, key_path(settings), create=True)
    imports = [understand(file, ledger.own_hasher, defaults) for file in stops]
    without = sum(found.without_reason for found in imports)
    entries = [entry for found in imports for entry in found.entries]
    for folder in () if without else [path for path in files if path.is_dir()]:
        with exports_of(folder, settings, progress) as exports:
            source = defaults.source or folder.resolve().name
            entries += entries_of(exports.flags(), ledger.own_hasher, source)
            others = understand(StopFile(source, tuple(exports.stops())), ledger.own_hasher, defaults)
            entries += others.entries
    added = (0, 0) if without or not entries else ledger.add(entries)
    return Intake(
        *added,
        rejected=tuple(rejected for found in imports for rejected in found.rejected),
        silent=sum(found.silent for found in imports),
        bounces=sum(found.bounces for found in imports),
        without_reason=without,
        overlooked=tuple((file.file, header) for file in stops for header in file.overlooked),
        key_is_new=key_is_new,
    )


def _stop_if_unsure(file: StopFile) -> None:
    """Stop at rows that give no reason of their own beside a column that may say which of them are meant.

    Raises
    ------
    SourceError
        If so: whoever is added in error stays blocked.
    """
    if file.overlooked and any(stop.reason is None and stop.key is None for stop in file.stops):
        raise SourceError(
            f'{file.file}: the column "{file.overlooked[0]}" looks like an opt-out and was not read, so nobody can tell'
            " whether all of the rows say no. Rename it to opted_out if it says who does, or take it out of the file."
        )
