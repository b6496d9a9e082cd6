"""Reads a page back: what a browser would show, element by element."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br"}
IMPLIED = {"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}}
"""Open elements that a start tag of the key closes, as the templates leave the end tags of cells and rows out."""


@dataclass
class Element:
    """One element with its attributes, its children and all the text inside."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        inner = [child for child in self.children if isinstance(child, Element)]
        return [e for child in inner for e in (([child] if not tags or child.tag in tags else []) + child.all(*tags))]

    def one(self, *tags: str) -> Element:
        (found,) = self.all(*tags)
        return found

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag, attrs):
        while self.open[-1].tag in IMPLIED.get(tag, ()):
            self.open.pop()
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """Return the page; an end tag without its start tag is an IndexError."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]
