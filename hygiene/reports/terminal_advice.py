"""What `hygiene coach` shows in a terminal, on stderr: for one sender the actions, for many what is told most often."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from hygiene.reports.actions import FAMILY_WORDS, told
from hygiene.reports.sender_page import why_no_pages
from hygiene.reports.text import cell_text
from hygiene.values import Count, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.reports.audit import Audit
    from hygiene.reports.translate import Translator
    from hygiene.values import Value

FAMILIES_SHOWN = 5


def print_advice(audit: Audit, sender_id: str | None, translator: Translator) -> bool:
    """Print what was told, or why nothing was; return whether there are pages to open.

    Parameters
    ----------
    audit
        With its advice.
    sender_id
        The one sender who was asked for; None: all.
    translator
        Language of the sentences.
    """
    why = why_no_pages(audit)
    lines = (why,) if why else _one(audit, sender_id) if sender_id else _many(audit)
    for line in lines:
        click.echo(cell_text(line, translator), err=True)
    return why is None


def _one(audit: Audit, sender_id: str) -> Iterator[Value]:
    key = next(key for key, sender in audit.facts.senders.items() if sender.sender_id == sender_id)
    said = told(audit.advice.senders.get(key, ())) if audit.advice else []
    if not said:
        yield Message("Nothing to tell: no gain is sure enough, and no check found a fault.")
    for place, suggestion in enumerate(said, start=1):
        yield Message("%(place)s. %(advice)s", {"place": Count(place), "advice": suggestion.advice})


def _many(audit: Audit) -> Iterator[Value]:
    senders = audit.advice.senders if audit.advice else {}
    # What takes no time, such as a word on too few enrollments, is nothing to act on.
    acted = [{said.rule.family for said in told(rows) if said.minutes} for rows in senders.values()]
    families = Counter(family for found in acted for family in sorted(found))
    yield Message(
        "%(n)s coaching report; %(told)s with something to act on.",
        {"told": Count(sum(map(bool, acted)))},
        plural="%(n)s coaching reports; %(told)s with something to act on.",
        n=len(audit.facts.senders),
    )
    for family, count in families.most_common(FAMILIES_SHOWN):
        yield Message(
            "  %(about)s: %(n)s sender",
            {"about": FAMILY_WORDS[family]},
            plural="  %(about)s: %(n)s senders",
            n=count,
        )
