"""Formulas of a workbook that were saved without their value: programs write them so, and readers see an empty cell."""

from __future__ import annotations

import html
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_PART = 1 << 29
"""Bytes of a sheet's XML; what is larger is not looked into."""
# ECMA-376, part 1, sections 18.3.1.4 (c) and 18.3.1.40 (f).
_CELL = re.compile(r'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b[^>]*?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_SHEET = re.compile(r'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(Id|Target)="([^"]*)"')


class Formula(NamedTuple):
    """A formula without a value."""

    row: int
    """From 0."""
    column: int
    """From 0."""
    text: str
    """As a cell shows it, with its equals sign."""


def without_value(path: Path) -> dict[str, list[Formula]]:
    """Return the formulas without a value, by the name of their sheet; none where the file is no usual workbook."""
    try:
        with zipfile.ZipFile(path) as book:
            return {name: found for name, part in _sheets(book) if (found := list(_formulas(book, part)))}
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return {}


def _sheets(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = _text(book, "xl/_rels/workbook.xml.rels")
    targets = {
        found["Id"]: found["Target"]
        for relation in _RELATION.findall(relations)
        if len(found := dict(_ATTRIBUTE.findall(relation))) > 1
    }
    for name, relation in _SHEET.findall(_text(book, "xl/workbook.xml")):
        if target := targets.get(relation):
            yield html.unescape(name), target.removeprefix("/") if target[:1] == "/" else f"xl/{target}"


def _formulas(book: zipfile.ZipFile, part: str) -> Iterator[Formula]:
    if book.getinfo(part).file_size <= LARGEST_PART and "<f" in (sheet := _text(book, part)):
        for letters, row, text in _CELL.findall(sheet):
            yield Formula(int(row) - 1, _column(letters), f"={html.unescape(text)}")


def _text(book: zipfile.ZipFile, part: str) -> str:
    return book.read(part).decode("utf-8", "replace")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
