"""Single files beside those of others: written whole or not at all, and never over a file of the user's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hygiene.errors import OutputError
from hygiene.exports.publish import is_running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_files(out: Path, texts: Mapping[str, str], mark: str) -> None:
    """Write texts into a folder: all are staged, then moved one after the other, the last one vouching for the others.

    Parameters
    ----------
    out
        Made if missing.
    texts
        By file name. A file that is there already is replaced only if it holds `mark`.
    mark
        What each of the texts holds, so that a later run knows them for ours.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds a file of such a name that is not ours.
    """
    staged: dict[str, Path] = {}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in texts:
            _refuse_foreign(out, name, mark)
        for name, text in texts.items():
            for left in out.glob(f".{name}.*"):
                if left.suffix[1:].isdecimal() and not is_running(left.suffix[1:]):
                    left.unlink(missing_ok=True)
            staged[name] = out / f".{name}.{os.getpid()}"
            staged[name].write_text(text, encoding="utf-8", newline="\n")
        for name, partial in staged.items():
            partial.replace(out / name)
    except OSError as error:
        raise OutputError(
            f"The folder {out} cannot be written: {error.strerror}. Name another with -o, or mend its rights."
        ) from error
    finally:
        for partial in staged.values():
            partial.unlink(missing_ok=True)


def _refuse_foreign(out: Path, name: str, mark: str) -> None:
    path = out / name
    if os.path.lexists(path) and (not path.exists() or mark not in path.read_text(encoding="utf-8", errors="replace")):
        raise OutputError(
            f"{out} holds {name}, which hygiene did not write. Name another folder with -o, or move that file."
        )


def refuse_exports(out: Path, source: Path) -> None:
    """Raise OutputError where the output folder is that of the exports: nothing of ours goes there."""
    if out.resolve() == source.resolve():
        raise OutputError(f"{out} holds the exports themselves. Name another folder with -o.")
