"""Finds the parts of a document that a test speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.document import Section, Table, Verdict
from hygiene.reports.text import cell_text
from hygiene.reports.translate import Translator
from hygiene.values import Link, Text

if TYPE_CHECKING:
    from hygiene.reports.document import Block, Cell, Document

EN = Translator("en")


def said(cell: Cell) -> str:
    """Return a cell in English."""
    return cell_text(cell, EN)


def verdict_of(document: Document) -> Verdict:
    first = document.blocks[0]
    assert isinstance(first, Verdict)
    return first


def sections_of(document: Document) -> dict[str, Section]:
    return {block.id: block for block in document.blocks if isinstance(block, Section)}


def tables_of(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def notes_of(section: Section) -> list[str]:
    """Return the sentences beside a section's figures."""
    return [said(block.sentence) for block in section.blocks if hasattr(block, "tone")]


def column(table: Table, title: str) -> list[str]:
    """Return a column of a table in English."""
    at = [said(each.title) for each in table.columns].index(title)
    return [said(row.cells[at]) for row in table.rows]


def links_of(part: object) -> list[str]:
    """Return every link in a document, a block or a cell."""
    found = [part.href] if isinstance(part, Link) else []
    if isinstance(part, tuple | list):
        return [href for each in part for href in links_of(each)]
    if isinstance(part, dict):
        return links_of([*part.values()])
    if hasattr(part, "__dataclass_fields__") and not isinstance(part, Text):
        return found + [href for name in part.__dataclass_fields__ for href in links_of(getattr(part, name))]
    return found


def blocks_of(document: Document, kind: type[Block]) -> list[Block]:
    """Return the blocks of a kind, on the page or in its sections."""
    inner = [block for section in sections_of(document).values() for block in section.blocks]
    return [block for block in (*document.blocks, *inner) if isinstance(block, kind)]
