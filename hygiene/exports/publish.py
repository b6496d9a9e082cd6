"""Puts a finished set of files into the output folder: all staged first, then moved one by one, the old ones swept.

Until every file of a run is written, the folder keeps its old ones; a killed run leaves at most a hidden folder, which
the next run removes. Files that no run of hygiene wrote are never touched.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygiene.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAGING = ".hygiene-partial-"
OWN_FILES = ".hygiene-files.json"
"""In the output folder: the relative paths that are ours to replace and to remove."""
RUN_FILE = "run.json"
CLEAN_FILE = "clean.json"
VOUCHING = (RUN_FILE, CLEAN_FILE)
"""Written last: each vouches for the files beside it."""


@contextmanager
def publish(out: Path, source: Path, *, sweeps: bool = True, record: str = OWN_FILES) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well, its files become those of `out`.

    Files of the last run that are not among them are removed; a file that no run wrote is never touched.

    Parameters
    ----------
    out, source
        Where to, and whose own folder that must not be.
    sweeps
        False: what earlier runs wrote and this one does not is kept.
    record
        Name of the file that says which files are ours. Outputs of another kind have another: neither sweeps the
        other's files, nor writes over them.

    Raises
    ------
    OutputError
        If the folder cannot be made or written, is the source's own, or holds a file of the user's by the name of one
        of ours.
    """
    if out.resolve() == source.resolve():
        raise OutputError(
            f"{out} holds the exports themselves, and contacts.csv there would be written over. Name another folder "
            "with -o."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(f"{STAGING}*"):
            if not is_running(left.name.removeprefix(STAGING)):
                shutil.rmtree(left, ignore_errors=True)
        staging = out / f"{STAGING}{os.getpid()}"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
    except OSError as error:
        raise OutputError(
            f"The folder {out} cannot be written: {error.strerror}. Name another with -o, or mend its rights."
        ) from error
    try:
        yield staging
        _move(staging, out, record, sweeps=sweeps)
    except OSError as error:
        raise OutputError(
            f"The report could not be written into {out}: {error.strerror}. The files that were there are unchanged "
            "or newer; run it again."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, out: Path, record: str, *, sweeps: bool) -> None:
    old = own_files(out, record)
    new = sorted(path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file())
    foreign = [name for name in new if name not in old and (out / name).exists()]
    if foreign:
        raise OutputError(
            f"{out} holds {foreign[0]}, which no run of hygiene wrote. Name another folder with -o, or move that file."
        )
    # Ours are named before the first is moved: a run that is killed in between leaves no file that looks foreign.
    _write_own_files(staging, out / record, {*old, *new})
    for name in sorted(new, key=lambda name: (name in VOUCHING, name)):
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(target)
    if not sweeps:
        new += sorted(old.difference(new))
    for name in old.difference(new):
        (out / name).unlink(missing_ok=True)
    _write_own_files(staging, out / record, set(new))


def _write_own_files(staging: Path, record: Path, names: set[str]) -> None:
    written = staging / record.name
    written.write_text(json.dumps(sorted(names), ensure_ascii=False), encoding="utf-8")
    written.replace(record)


def own_files(out: Path, record: str = OWN_FILES) -> set[str]:
    """Return the files in the folder that earlier runs wrote; only plain paths inside it."""
    try:
        listed = json.loads((out / record).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    if not isinstance(listed, list):
        return set()
    inside = out.resolve()
    return {
        name
        for name in listed
        if isinstance(name, str) and (out / name).is_file() and (out / name).resolve().is_relative_to(inside)
    }


def is_running(pid: str) -> bool:
    """Tell whether a process with this number is at work, other than this one."""
    if not pid.isdecimal() or os.name != "posix":  # elsewhere signal 0 is not a question
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return int(pid) != os.getpid()
