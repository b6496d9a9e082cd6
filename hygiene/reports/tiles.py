"""The figures that open the team report, each with its interval and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.blocks import BOUNCE_RATE, REPLY_RATE, interval, score_interval, shown_score
from hygiene.reports.bounces import told
from hygiene.reports.document import Tile, Tiles
from hygiene.reports.verdict import to_clean
from hygiene.values import Count, Message, Percent

if TYPE_CHECKING:
    from hygiene.reports.index import Index
    from hygiene.scores.types import Rate
    from hygiene.values import Value


def team_tiles(index: Index) -> Tiles:
    """Return the figures of a team: score and rates where enrollments have ended, contacts where any is known."""
    figures = _score_tiles(index) if index.audit.scores.team.counts.ended else ()
    contacts = (_contacts_tile(index),) if index.audit.facts.contacts else ()
    return Tiles((*figures, *contacts))


def _score_tiles(index: Index) -> tuple[Tile, ...]:
    team = index.audit.scores.team
    senders = "#senders" if index.senders else None
    score = Tile(
        Message("Score of the team"),
        shown_score(team),
        None if team.score is None else score_interval(team),
        Message("on %(n)s ended enrollment", plural="on %(n)s ended enrollments", n=team.counts.ended),
        senders,
    )
    replies = Message(
        "%(n)s reply to %(trials)s enrollments",
        {"trials": Count(team.reply.trials)},
        plural="%(n)s replies to %(trials)s enrollments",
        n=team.reply.successes,
    )
    bounces = Message(
        "%(n)s bounce in %(trials)s enrollments",
        {"trials": Count(team.bounce.trials)},
        plural="%(n)s bounces in %(trials)s enrollments",
        n=team.bounce.successes,
    )
    if team.faults.sender:
        ours: dict[str, Value] = {"bounces": bounces, "ours": Count(team.faults.sender)}
        bounces = Message("%(bounces)s, %(ours)s of them from how we send", ours)
    return (
        score,
        _rate_tile(REPLY_RATE, team.reply, replies, senders),
        _rate_tile(BOUNCE_RATE, team.bounce, bounces, "#bounces" if told(team) else senders),
    )


def _rate_tile(label: Message, rate: Rate, detail: Message, href: str | None) -> Tile:
    return Tile(label, Percent(rate.value), None if rate.value is None else interval(rate), detail, href)


def _contacts_tile(index: Index) -> Tile:
    by_flag, contacts = index.audit.flags.by_flag, index.audit.facts.contacts
    return Tile(
        Message("Contacts to clean"),
        Count(to_clean(by_flag)),
        detail=Message(
            "of %(contacts)s contacts: %(never)s never to be written to again, %(remove)s to remove, %(pause)s to"
            " pause",
            {
                "contacts": Count(contacts),
                "never": Count(by_flag.get("never", 0)),
                "remove": Count(by_flag.get("remove", 0)),
                "pause": Count(by_flag.get("pause", 0)),
            },
        ),
        href="#contacts",
    )
