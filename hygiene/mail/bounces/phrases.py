"""Our own table of phrases, by category, server family and language: what the text model learns from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


class Phrase(NamedTuple):
    """A row of `models/bounces/phrases/LANGUAGE*.tsv`."""

    language: str
    category: str
    family: str
    """The server software or provider whose wording it is; folds of the cross-validation keep a family together."""
    text: str


def phrases() -> Iterator[Phrase]:
    """Yield the rows of every file, by file name."""
    for file in _files():
        language = file.name.partition(".")[0].partition("-")[0]
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            category, family, text = line.split("\t")
            yield Phrase(language, category, family, text)


def fingerprint() -> str:
    """Return a hash of the table: a model says on which one it was trained."""
    digest = hashlib.blake2b(digest_size=16)
    for file in _files():
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _files() -> list[Traversable]:
    folder = resource("models") / "bounces" / "phrases"
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(".tsv")), key=lambda entry: entry.name)
