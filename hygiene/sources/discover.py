"""Finds the files of a source: one file a table, named by its stem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.errors import SourceError, did_you_mean
from hygiene.sources.schema import INPUT, NEEDED_TABLES
from hygiene.sources.smells import hints_at_opt_outs, names_opt_outs

if TYPE_CHECKING:
    import os

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".xlsx", ".parquet", ".jsonl")
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True)
class SourceFile:
    """A file that holds a table."""

    path: Path
    table: str
    suffix: str

    @property
    def name(self) -> str:
        """The file's name, as errors, rejects and reports show it."""
        return self.path.name


@dataclass(frozen=True)
class Source:
    """The files of a source, in the order of the contract's tables."""

    files: tuple[SourceFile, ...]
    ignored: tuple[str, ...]
    opt_outs: tuple[Path, ...] = ()
    """Files of no table whose name says that they list opt-outs."""
    suspects: tuple[str, ...] = ()
    """Of those ignored, the ones that seem to say who opted out."""


def split_name(path: Path) -> tuple[str, str]:
    """Split a file name into its stem and its suffix, both in lower case; the suffix is empty if it is none of ours.

    Examples
    --------
    >>> split_name(Path("Contacts.CSV.gz"))
    ('contacts', '.csv.gz')
    """
    name = path.name.lower()
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return path.stem.lower(), ""


def discover(source: str | os.PathLike[str]) -> Source:
    """List the tables of a source.

    Raises
    ------
    SourceError
        If there is no such folder, it holds no needed table, or two files hold the same table.
    """
    if _URL.match(str(source)):
        raise SourceError(
            "Database sources are not supported by this version: "
            "export the tables as files into one folder and give that folder."
        )
    folder = Path(source)
    entries = _entries(folder)
    found: dict[str, SourceFile] = {}
    loose = []
    for path in entries:
        table, suffix = split_name(path)
        if table not in INPUT or not suffix:
            if path.is_file():
                loose.append(path)
        elif not path.is_file():
            raise SourceError(f"{path} is {_kind(path)}: put the file of the table {table} in its place.")
        elif table in found:
            raise SourceError(
                f"{folder} holds the table {table} twice, in {found[table].name} and {path.name}: keep one of them."
            )
        else:
            found[table] = SourceFile(path, table, suffix)
    if not any(table in found for table in NEEDED_TABLES):
        raise SourceError(_nothing_needed(folder, list(found), [path.name for path in loose]))
    return _source(tuple(found[table] for table in INPUT if table in found), loose)


def _source(files: tuple[SourceFile, ...], loose: list[Path]) -> Source:
    """Return a source whose loose files are told apart: lists of opt-outs, and those that nothing reads."""
    readable = [path for path in loose if split_name(path)[1] or path.suffix.lower() == ".txt"]
    opt_outs = tuple(path for path in readable if names_opt_outs(path))
    ignored = tuple(path.name for path in loose if path not in opt_outs)
    suspects = (path for path in readable if path not in opt_outs and split_name(path)[1] and hints_at_opt_outs(path))
    return Source(files, ignored, opt_outs, tuple(path.name for path in suspects))


def _entries(folder: Path) -> list[Path]:
    """Return what a folder holds besides hidden entries, by name."""
    try:
        folder.stat()
    except FileNotFoundError as error:
        raise SourceError(f"{folder} does not exist: give the folder that holds the exported tables.") from error
    except (OSError, ValueError) as error:  # too long for the system, or behind a closed folder
        reason = error.strerror if isinstance(error, OSError) else error
        raise SourceError(f"{_shown(folder)} cannot be read ({reason}): check the path.") from error
    if not folder.is_dir():
        raise SourceError(f"{folder} is a file: give the folder that holds it, with one file a table.")
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise SourceError(f"{folder} cannot be read ({error.strerror}): check its permissions.") from error


def _kind(path: Path) -> str:
    if path.is_dir():
        return "a folder"
    return "a link to nothing" if path.is_symlink() else "no plain file"


def _shown(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _nothing_needed(folder: Path, found: list[str], ignored: list[str]) -> str:
    names = [*(f"{table} (by itself not enough)" for table in found), *ignored]
    if not names:
        content = "is empty"
    else:
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        content = f"holds none of the needed tables, only {shown}"
    near = next(filter(None, (did_you_mean(split_name(Path(name))[0], INPUT) for name in ignored)), "")
    remedy = next(filter(None, map(_rename, ignored)), "")
    return (
        f"{folder} {content}: one of enrollments, events, totals or contacts is needed, "
        f"as .csv, .csv.gz, .tsv, .xlsx, .parquet or .jsonl{near if not remedy else f'; {remedy}'}."
    )


def _rename(name: str) -> str:
    """Return the remedy for a file whose name only contains a needed table's, such as `crm-contacts-2026.csv`."""
    stem, suffix = split_name(Path(name))
    words = re.split(r"[\W_]+", stem)
    table = next((table for table in NEEDED_TABLES if table in words), None)
    return f"rename {name} to {table}{suffix}" if table and suffix else ""
