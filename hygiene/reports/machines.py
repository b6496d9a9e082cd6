"""Opens and clicks as exported, and what is left of them once the machines' are taken out: always side by side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.facts.machines import ALL_LINKS, INSTANT_SECONDS, LINKS_SECONDS
from hygiene.reports.document import Note, Row, Table, TableColumn
from hygiene.values import Count, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygiene.facts.types import Engagement, Sign, Signal
    from hygiene.reports.document import Block, Cell
    from hygiene.reports.index import Index

SIGNS: Mapping[Sign, Message] = {
    "declared": Message("marked by the tool itself"),
    "proxy": Message("fetched by Apple's or Gmail's servers, by the user agent"),
    "scanner": Message("security gateway, link preview or script, by the user agent"),
    "instant": Message("within %(seconds)s seconds of the email", {"seconds": Count(INSTANT_SECONDS)}),
    "all_links": Message(
        "%(links)s links or more within %(seconds)s seconds",
        {"links": Count(ALL_LINKS), "seconds": Count(LINKS_SECONDS)},
    ),
    "burst": Message("several links in the same second"),
    "same_domain": Message("several people of one company in the same second"),
    "prompt": Message("within the minute, email after email"),
    "clicks_everything": Message("several links clicked, email after email"),
    "opens_everything": Message("nearly every email opened exactly once, and never anything else"),
}
"""What gives a machine away, the surest sign first."""
SIGNALS: Mapping[Signal, Message] = {"open": Message("Opens"), "click": Message("Clicks")}
RAW, HUMAN = Message("As exported"), Message("By people")

Counts = Counter["tuple[Signal, Sign | None]"]


def counts_of(engagements: Iterable[Engagement]) -> Counts:
    """Return the opens and clicks by sign."""
    counts: Counts = Counter()
    for row in engagements:
        counts[row.type, row.sign] += row.events
    return counts


def raw(counts: Counts, signal: Signal) -> int:
    """Return what was exported, whoever did it."""
    return sum(count for (kind, _), count in counts.items() if kind == signal)


def team_machines(index: Index) -> Iterator[Block]:
    """Yield the opens and clicks of the team by what gives the machines away, and the contacts that are left."""
    counts = counts_of(index.audit.facts.engagements)
    if not counts:
        return
    yield Table(
        caption=Message("Opens and clicks: as exported, by machines (and what gives them away), by people"),
        columns=(TableColumn(Message("By whom")), *(TableColumn(title, "number") for title in SIGNALS.values())),
        rows=(
            Row((RAW, *(Count(raw(counts, signal)) for signal in SIGNALS))),
            *(
                Row((Message("Machines: %(sign)s", {"sign": title}), *_parts(counts, sign)))
                for sign, title in SIGNS.items()
                if any(counts[signal, sign] for signal in SIGNALS)
            ),
            Row((HUMAN, *_parts(counts, None))),
        ),
        note=Message(
            "A sign is believed only where a person hardly ever does the same: one quick open in an export that keeps"
            " whole minutes proves nothing. Opens through Google's or Yahoo's image proxies count as people's. Some"
            " machines remain among the people: privacy proxies that no user agent names are found only after many"
            " emails, and slow gateways only by their clicks. Who reads behind a privacy proxy cannot be seen."
            " Replies are never judged by these signs."
        ),
    )
    yield from _contacts(index)


def _contacts(index: Index) -> Iterator[Note]:
    engaged = index.audit.facts.engaged
    machines_only = engaged.contacts - engaged.human
    if machines_only:
        yield Note(
            Message(
                "Of %(all)s contacts with an open or a click, %(n)s is known by machines alone: no open, click or reply"
                " by a person.",
                {"all": Count(engaged.contacts)},
                plural="Of %(all)s contacts with an open or a click, %(n)s are known by machines alone: no open, click"
                " or reply by a person.",
                n=machines_only,
            )
        )


def sender_machines(index: Index, sender_key: int) -> Iterator[Block]:
    """Yield the opens and clicks of one sender's emails, raw and human."""
    counts = counts_of(index.engagements_of_sender.get(sender_key, []))
    if not counts:
        return
    yield Table(
        caption=Message("Opens and clicks of your emails"),
        columns=(
            TableColumn(Message("Signal")),
            TableColumn(RAW, "number"),
            TableColumn(Message("By machines"), "number"),
            TableColumn(HUMAN, "number"),
        ),
        rows=tuple(
            Row(
                (
                    title,
                    Count(raw(counts, signal)),
                    Count(raw(counts, signal) - counts[signal, None]),
                    *_part(counts, signal),
                )
            )
            for signal, title in SIGNALS.items()
        ),
        note=Message("What gives the machines away stands in the team report. Neither figure is part of your score."),
    )


def _parts(counts: Counts, sign: Sign | None) -> Iterator[Cell]:
    for signal in SIGNALS:
        yield from _part(counts, signal, sign)


def _part(counts: Counts, signal: Signal, sign: Sign | None = None) -> Iterator[Cell]:
    whole = raw(counts, signal)
    yield (Count(counts[signal, sign]), Percent(counts[signal, sign] / whole if whole else None))
