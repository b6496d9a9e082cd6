"""The only place that knows file formats, headers, encodings and vendors: anything → canonical tables and rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from hygiene.settings import Settings
    from hygiene.sources.tables import FileReading, Tables

__all__ = ["load", "preview"]


def load(
    source: str | os.PathLike[str],
    settings: Settings,
    progress: Callable[[str, float | None], None] | None = None,
) -> Tables:
    """Read a source into the cache, or find it there.

    Parameters
    ----------
    source
        A folder with one file a table (docs/input.md).
    settings
        `timezone`, `date_order`, `silence_days`, `memory_limit_mib` and `cache_dir` are used.
    progress
        Called with a step and the part done, 0–1 or None.

    Returns
    -------
    Where the canonical tables lie, and how each file was read.

    Raises
    ------
    SourceError
        If the source cannot be understood at all.
    OutputError
        If the cache folder cannot be written.
    """
    from hygiene.sources.loading import load_tables

    return load_tables(source, settings, progress or (lambda _step, _fraction: None))


def preview(path: str | os.PathLike[str], settings: Settings, table: str | None = None) -> FileReading:
    """Tell how the headers of one file would be read; nothing is written and nothing is required.

    Parameters
    ----------
    path
        A file of any kind that a source may hold.
    settings
        `timezone` and `date_order` are used.
    table
        The table to read it as. Default: the file's stem, or the table that its headers fit best.

    Raises
    ------
    SourceError
        If the file cannot be read, or `table` is none of the contract's.
    """
    from hygiene.sources.loading import preview_file

    return preview_file(path, settings, table)
