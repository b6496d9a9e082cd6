"""Tickets: what IT, sales ops or a writer has to mend so that servers stop refusing us, and what it has cost so far.

A server's code names its ticket (`models/bounces/codes.toml`); a refusal without such a code gets the ticket of its
category. The tickets' lines to copy are data, `models/bounces/tickets.toml`, their sentences are in `ticket_words.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hygiene.reports.bounce_words import OWNERS, provider_name
from hygiene.reports.document import Definitions, Note, Row, Section, Snippet, Table, TableColumn
from hygiene.reports.ticket_words import WORDS
from hygiene.reports.words import verbatim
from hygiene.resources import resource
from hygiene.values import Count, Link, Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from hygiene.facts.types import BounceCause
    from hygiene.mail.bounces.types import Owner
    from hygiene.reports.document import Block
    from hygiene.reports.index import Index
    from hygiene.values import Value

TICKETS_FILE = "tickets.md"
BY_CATEGORY: Mapping[str, str] = {
    "authentication": "dmarc",
    "reputation": "blocklist",
    "content": "content_refused",
    "policy": "relay_config",
}
"""The ticket of a refusal whose code names none: the most common cause of its category (assumed)."""
NAMED = 5
"""Senders and months that a ticket names; the others are counted."""
EVERYBODY = "any"
UNCITED = "own knowledge"
_READ_ON = re.compile(r", read \d{4}-\d{2}")
"""When a source was read is for those who keep the data."""


class Ticket(NamedTuple):
    """A row of `models/bounces/tickets.toml`."""

    id: str
    provider: str
    """Whose rule is not met; `any`: a rule of everybody's."""
    owner: Owner
    category: str
    source: str
    paste: str | None = None
    """Lines to copy; None: they are a sentence of `ticket_words.py`."""
    check: str | None = None
    also: str | None = None
    """Id of the ticket that goes with it."""


class Found(NamedTuple):
    """A ticket that the bounces ask for."""

    ticket: Ticket
    bounced: int = 0
    senders: tuple[tuple[int, int], ...] = ()
    """(sender key, bounced enrollments), most first."""
    months: tuple[tuple[datetime, int], ...] = ()
    """(month, bounced enrollments), latest first."""
    goes_with: str | None = None
    """Id of the ticket that brings it along; it has no bounces of its own then."""


@cache
def all_tickets() -> Mapping[str, Ticket]:
    """Return the tickets by id."""
    text = (resource("models") / "bounces" / "tickets.toml").read_text(encoding="utf-8")
    return {row["id"]: Ticket(**row) for row in tomllib.loads(text)["ticket"]}


def ticket_of(cause: BounceCause) -> str | None:
    """Return the id of the ticket that mends a cause; None where nothing of ours is to be mended."""
    if cause.ticket in all_tickets():
        return cause.ticket
    return BY_CATEGORY.get(cause.category) if cause.fault == "sender" else None


def found_tickets(causes: Iterable[BounceCause]) -> tuple[Found, ...]:
    """Return the tickets that the causes ask for, the costliest first, each with the one that goes with it."""
    asking: defaultdict[str, list[BounceCause]] = defaultdict(list)
    for cause in causes:
        if name := ticket_of(cause):
            asking[name].append(cause)
    costs = [_found(all_tickets()[name], theirs) for name, theirs in asking.items()]
    tickets: dict[str, Found] = {}
    for found in sorted(costs, key=lambda found: (-found.bounced, found.ticket.id)):
        tickets[found.ticket.id] = found
        also = found.ticket.also
        if also and also not in asking and also not in tickets:
            tickets[also] = Found(all_tickets()[also], goes_with=found.ticket.id)
    return tuple(tickets.values())


def _found(ticket: Ticket, causes: list[BounceCause]) -> Found:
    senders: Counter[int] = Counter()
    months: Counter[datetime] = Counter()
    for cause in causes:
        senders[cause.sender_key] += cause.bounced
        months[cause.month] += cause.bounced
    return Found(
        ticket,
        senders.total(),
        tuple(sorted(senders.items(), key=lambda row: (-row[1], row[0]))),
        tuple(sorted(months.items(), reverse=True)),
    )


# --- on the team's page -----------------------------------------------------------------------------------------------
def ticket_blocks(index: Index) -> Iterator[Block]:
    """Yield the tickets: a table of all, then each with its lines to copy."""
    tickets = found_tickets(index.audit.facts.bounce_causes)
    if not tickets:
        return
    yield _table(tickets)
    yield Note(stand_ins())
    for found in tickets:
        yield Section(
            f"ticket-{found.ticket.id}", WORDS[found.ticket.id].title, tuple(details(index, found)), folded=True
        )


def _table(tickets: tuple[Found, ...]) -> Table:
    return Table(
        caption=Message("%(n)s ticket", plural="%(n)s tickets", n=len(tickets)),
        columns=(
            TableColumn(Message("Ticket")),
            TableColumn(Message("Whose rule")),
            TableColumn(Message("Who mends it")),
            TableColumn(Message("Bounces so far"), "number"),
        ),
        rows=tuple(
            Row(
                (
                    Link(WORDS[found.ticket.id].title, f"#ticket-{found.ticket.id}"),
                    _whose_rule(found.ticket),
                    OWNERS[found.ticket.owner],
                    Count(found.bounced) if found.bounced else None,
                )
            )
            for found in tickets
        ),
        note=Message("All are in %(file)s, ready for an issue tracker.", {"file": Text(TICKETS_FILE)}),
    )


def _whose_rule(ticket: Ticket) -> Value:
    return Message("most receivers'") if ticket.provider == EVERYBODY else Text(provider_name(ticket.provider))


def stand_ins() -> Message:
    """Return what the names in the lines to copy stand for."""
    return Message(
        "In the lines to copy, %(domain)s stands for your domain, %(server)s for your server's address, %(service)s for"
        " your sending service and %(receiver)s for the receiver: put the real ones in.",
        {
            "domain": Text("example.com"),
            "server": Text("192.0.2.10"),
            "service": Text("sending-service.example"),
            "receiver": Text("example.net"),
        },
    )


def details(index: Index, found: Found) -> Iterator[Definitions | Snippet]:
    """Yield one ticket's facts, and its lines to copy and to check."""
    ticket, words = found.ticket, WORDS[found.ticket.id]
    facts = [
        (Message("Rule that is not met"), words.requirement),
        (Message("What it has cost"), _cost(index, found)),
        (Message("Who mends it"), OWNERS[ticket.owner]),
        (Message("How"), words.fix),
    ]
    if words.check:
        facts.append((Message("To check"), words.check))
    if not ticket.source.startswith(UNCITED):
        facts.append((Message("Source of the rule"), verbatim(_READ_ON.sub("", ticket.source))))
    yield Definitions(tuple(facts))
    copied = words.paste or (Text(ticket.paste) if ticket.paste else None)
    if copied:
        yield Snippet(Message("To copy"), copied)
    if ticket.check:
        yield Snippet(Message("To check"), Text(ticket.check))


def _cost(index: Index, found: Found) -> Message:
    if found.goes_with:
        return Message("goes with the ticket “%(title)s”", {"title": WORDS[found.goes_with].title})
    senders = [_counted(Text(index.sender_label(key)), bounced) for key, bounced in found.senders]
    months = [_counted(Moment(month, "month"), bounced) for month, bounced in found.months]
    return Message(
        "%(n)s enrollment whose email came back, by sender: %(senders)s; by month: %(months)s",
        {"senders": _listed(senders), "months": _listed(months)},
        plural="%(n)s enrollments whose emails came back, by sender: %(senders)s; by month: %(months)s",
        n=found.bounced,
    )


def _counted(name: Value, bounced: int) -> Message:
    return Message("%(name)s (%(bounced)s)", {"name": name, "bounced": Count(bounced)})


def _listed(marks: list[Message]) -> Message:
    shown = marks[:NAMED]
    if len(marks) > NAMED:
        shown.append(Message("and %(n)s more", plural="and %(n)s more", n=len(marks) - NAMED))
    listed = shown[0]
    for mark in shown[1:]:
        listed = Message("%(before)s, %(mark)s", {"before": listed, "mark": mark})
    return listed
