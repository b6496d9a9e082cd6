"""Single files beside those of others: written whole or not at all, and never over a file of the user's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hygiene.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_files(out: Path, texts: Mapping[str, str], mark: str) -> None:
    """Write texts into a folder, one after the other, the last one vouching for the others.

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
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in texts:
            if (out / name).exists() and mark not in (out / name).read_text(encoding="utf-8", errors="replace"):
                raise OutputError(
                    f"{out} holds {name}, which hygiene did not write. Name another folder with -o, or move that file."
                )
        for name, text in texts.items():
            partial = out / f".{name}.{os.getpid()}"
            try:
                partial.write_text(text, encoding="utf-8", newline="\n")
                partial.replace(out / name)
            finally:
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {out} cannot be written: {error.strerror}. Name another with -o, or mend its rights."
        ) from error


def refuse_exports(out: Path, source: Path) -> None:
    """Raise OutputError where the output folder is that of the exports: nothing of ours goes there."""
    if out.resolve() == source.resolve():
        raise OutputError(f"{out} holds the exports themselves. Name another folder with -o.")
