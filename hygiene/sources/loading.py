"""What `load` and `preview` do: find, look into the cache, ingest what is not there."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from hygiene.errors import OutputError, SourceError, did_you_mean
from hygiene.resources import resource
from hygiene.sources import cache
from hygiene.sources.discover import SUFFIXES, SourceFile, discover, split_name
from hygiene.sources.fingerprint import digest, hash_files
from hygiene.sources.formats import EITHER, find_format
from hygiene.sources.headers import best_table
from hygiene.sources.reading import read_raw
from hygiene.sources.schema import INPUT, SCHEMA_VERSION
from hygiene.sources.storage import write_report
from hygiene.sources.tableread import match_file
from hygiene.sources.tables import FileReading, Tables
from hygiene.sources.workspace import connect

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from importlib.resources.abc import Traversable

    from hygiene.settings import Settings
    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw


def load_tables(
    source: str | os.PathLike[str], settings: Settings, progress: Callable[[str, float | None], None]
) -> Tables:
    """See `hygiene.sources.load`."""
    found = discover(source)
    folder = settings.cache_dir
    cache.prepare(folder)
    progress("Looking for changes", None)
    loose = tuple(SourceFile(path, "suppressions", path.suffix) for path in found.opt_outs)
    hashes = hash_files((*found.files, *loose), folder)
    data_hash = digest(*(part for name in sorted(hashes) for part in (name, hashes[name])))
    key = digest(data_hash, "\n".join(found.ignored), "\n".join(found.suspects), *_what_decides(settings))
    report = cache.find(folder, key)
    if report is None:
        from hygiene.sources.ingest import ingest  # not needed where the cache has it all

        with cache.new_entry(folder, key) as entry:
            try:
                report = ingest(found, entry, settings, progress)
            except duckdb.OutOfMemoryException as error:
                raise OutputError(
                    f"{source} needs more than the memory it may use, or disk in {folder}: "
                    "raise memory_limit_mib in hygiene.toml or make room."
                ) from error
            report = replace(report, data_hash=data_hash)
            write_report(report, entry / cache.REPORT)
    return Tables(folder / key, replace(report, source=str(source)))


def _what_decides(settings: Settings) -> list[str]:
    """Return everything besides the data that the canonical tables depend on: settings, aliases and this code."""
    models = (resource("models") / name for name in ("columns", "bounces", "replies", "addresses"))
    texts = [
        entry.read_text(encoding="utf-8")
        for folder in (*models, files("hygiene.sources"), files("hygiene.mail"))
        for entry in _texts(folder)
    ]
    return [str(SCHEMA_VERSION), settings.timezone, settings.date_order, str(settings.silence_days), *texts]


def _texts(folder: Traversable) -> Iterator[Traversable]:
    """Yield the code and data of a folder and the folders in it, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _texts(entry)
        elif entry.name.endswith((".toml", ".tsv", ".txt", ".py")):
            yield entry


def preview_file(path: str | os.PathLike[str], settings: Settings, table: str | None) -> FileReading:
    """See `hygiene.sources.preview`."""
    path = Path(path)
    if not path.is_file():
        raise SourceError(f"{path} is not a file: give one file, such as contacts.csv.")
    stem, suffix = split_name(path)
    if not suffix:
        raise SourceError(f"{path.name} has no known suffix: one of {', '.join(SUFFIXES)} is expected.")
    if table is not None and table not in INPUT:
        raise SourceError(f'"{table}" is no table{did_you_mean(table, INPUT)}: one of {", ".join(INPUT)} is expected.')
    with tempfile.TemporaryDirectory(prefix="hygiene-") as work:
        with connect(settings.memory_limit_mib, Path(work)) as con:
            raw = read_raw(con, SourceFile(path, "preview", suffix), Path(work))
            raw = replace(raw, table=table or (stem if stem in INPUT else best_table(raw.headers)))
            matching = match_file(con, raw)
            formats = {use.index: _format(con, raw, matching, use.index, settings) for use in matching.uses}
            counted = con.execute(f"SELECT count(*) FROM {raw.relation}").fetchone()
        return FileReading(
            file=path.name,
            table=raw.table,
            rows=(counted[0] if counted else 0) + len(raw.broken),
            rejected=len(raw.broken),
            encoding=raw.encoding,
            separator=raw.separator,
            columns=matching.readings(formats),
        )


def _format(
    con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching, index: int, settings: Settings
) -> tuple[str | None, str | None]:
    use = next(use for use in matching.uses if use.index == index)
    try:
        found = find_format(con, raw, use, INPUT[raw.table][use.column].kind, settings.date_order)
    except SourceError:  # a preview shows what a run would stop at
        return EITHER, None
    return found.label, found.decided_by
