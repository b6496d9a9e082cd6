"""`tickets.md`: what has to be mended, as Markdown for an issue tracker.

Names from the data stand as code, where a tracker runs no markup, calls nobody by `@` and links no `#1`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.reports.document import Definitions
from hygiene.reports.ticket_words import WORDS
from hygiene.reports.tickets import TICKETS_FILE, details, found_tickets, stand_ins
from hygiene.reports.translate import substitute
from hygiene.values import Link, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hygiene.reports.document import Snippet
    from hygiene.reports.index import Index
    from hygiene.reports.translate import Translator
    from hygiene.values import Value


def write_tickets(folder: Path, index: Index, translator: Translator) -> None:
    """Write `tickets.md` into a folder, if the bounces ask for any ticket."""
    tickets = found_tickets(index.audit.facts.bounce_causes)
    if not tickets:
        return
    lines = [f"# {translator.text(Message('Tickets'))}", "", marked(stand_ins(), translator)]
    for found in tickets:
        lines += ["", f"## {marked(WORDS[found.ticket.id].title, translator)}", ""]
        for block in details(index, found):
            lines += _lines(block, translator)
    (folder / TICKETS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _lines(block: Definitions | Snippet, translator: Translator) -> Iterator[str]:
    if isinstance(block, Definitions):
        for term, meaning in block.items:
            named = Message("%(term)s: %(value)s", {"term": term, "value": meaning})
            yield f"- {marked(named, translator)}"
        return
    text = block.text.value if isinstance(block.text, Text) else translator.text(block.text)
    yield from ("", marked(block.label, translator), "", "```", *text.split("\n"), "```")


def marked(value: Value, translator: Translator) -> str:
    """Return a value as Markdown, texts from the data as code."""
    match value:
        case Message():
            shown = translator.arguments(value, lambda inner: marked(inner, translator))
            return substitute(translator.template(value), shown)
        case Text():
            return code_span(translator.text(value))
        case Link():
            return marked(value.value, translator)
        case _:
            return translator.text(value)


def code_span(text: str) -> str:
    r"""Return a text as Markdown code, whatever backticks it holds (CommonMark 0.31, section 6.1).

    Examples
    --------
    >>> code_span("Bo <b>"), code_span("a `b` @c")
    ('`Bo <b>`', '`` a `b` @c ``')
    """
    if "`" not in text:
        return f"`{text}`" if text.strip() else "` `"
    fence = "`" * (1 + max(map(len, re.findall("`+", text))))
    return f"{fence} {text} {fence}"
