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
RUN_FILE = "run.json"


@contextmanager
def publish(out: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well, its files become those of `out`.

    The block must write `run.json` with a list `files` of relative paths: the next run removes what it no longer has.

    Raises
    ------
    OutputError
        If the folder cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(f"{STAGING}*"):
            if not _is_running(left.name.removeprefix(STAGING)):
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
        _move(staging, out)
    except OSError as error:
        raise OutputError(
            f"The report could not be written into {out}: {error.strerror}. The files that were there are unchanged "
            "or newer; run it again."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, out: Path) -> None:
    old = _files_of_last_run(out)
    new = sorted(str(path.relative_to(staging)) for path in staging.rglob("*") if path.is_file())
    # run.json last: it vouches for the others.
    for name in sorted(new, key=lambda name: (name == RUN_FILE, name)):
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(target)
    for name in old.difference(new):
        (out / name).unlink(missing_ok=True)


def _files_of_last_run(out: Path) -> set[str]:
    """Return the files that the last run wrote, as its run.json lists them; only plain paths inside the folder."""
    try:
        listed = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    inside = out.resolve()
    return {
        name
        for name in listed
        if isinstance(name, str) and (out / name).is_file() and (out / name).resolve().is_relative_to(inside)
    }


def _is_running(pid: str) -> bool:
    if not pid.isdecimal() or os.name != "posix":  # elsewhere signal 0 is not a question
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return int(pid) != os.getpid()
