"""Whose fault the bounces are: HubSpot's rate counts them all, our reading says which are the address's own.

On the team's page by reason, list source, provider and month; on a sender's page in a few lines, as counts without a
conclusion: a sender has too few bounces for one, and most of what “how we send” means is not in a sender's hands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeVar

from hygiene.mail.bounces.types import MEANINGS
from hygiene.reports.blocks import MONTHS_SHOWN, both, interval, rate_cell
from hygiene.reports.bounce_words import CATEGORIES, FAULT_TITLES, FAULTS, OWNERS, asked_for, provider_name
from hygiene.reports.document import Note, Row, Share, ShareBar, Table, TableColumn
from hygiene.scores.rates import JEFFREYS, rate, rates
from hygiene.scores.types import Faults
from hygiene.values import Count, Link, Message, Moment, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from datetime import datetime

    from hygiene.facts.types import BounceCause
    from hygiene.mail.bounces.types import Category, Fault
    from hygiene.reports.document import Block
    from hygiene.reports.index import Index
    from hygiene.scores.types import Score
    from hygiene.values import Value

    Key = TypeVar("Key", bound=Hashable)
    Split = Counter[Fault]

GROUPS_SHOWN = 8
"""List sources and providers shown by themselves: those with the most bounces; the others share a row."""
REASONS_SHOWN = 6
"""Reasons shown on a sender's page."""
TICKETS_HREF = "../index.html#tickets"
NO_PROVIDER = "other"


def told(score: Score) -> bool:
    """Tell whether it is known of any of a unit's bounces why it came back."""
    return score.counts.bounced > score.faults.unknown


# --- the team ---------------------------------------------------------------------------------------------------------
def team_bounces(index: Index) -> Iterator[Block]:
    """Yield the split by fault, both ways of counting, and the tables by reason, list source, provider and month."""
    team, causes = index.audit.scores.team, index.audit.facts.bounce_causes
    if not told(team):
        return
    shares = tuple(
        Share(FAULTS[fault], count, fault)  # type: ignore[index,arg-type]
        for fault, count in zip(Faults._fields, team.faults, strict=True)
        if count
    )
    label = Message(
        "%(n)s bounce, by what it came from", plural="%(n)s bounces, by what they came from", n=team.counts.bounced
    )
    yield ShareBar(label, shares)
    yield Note(both(_counted_by_all(team), _ours(team)))
    yield _reason_table(_by_category(causes, team), team.counts.bounced)
    yield from _split_tables(causes)


def _counted_by_all(team: Score) -> Message:
    return Message(
        "HubSpot's rate counts every bounce: %(bounced)s of %(trials)s enrollments, %(rate)s %(interval)s.",
        {
            "bounced": Count(team.bounce.successes),
            "trials": Count(team.bounce.trials),
            "rate": Percent(team.bounce.value),
            "interval": interval(team.bounce),
        },
    )


def _ours(team: Score) -> Message:
    if not team.faults.sender:
        return Message("None is known to have come from how we send.")
    ours, own = (rate(count, team.bounce.trials, JEFFREYS) for count in (team.faults.sender, team.faults.address))
    args: dict[str, Value] = {
        "own": Count(own.successes),
        "own_rate": Percent(own.value),
        "own_interval": interval(own),
        "ours": Count(ours.successes),
        "ours_rate": Percent(ours.value),
        "ours_interval": interval(ours),
    }
    return Message(
        "From the addresses came %(own)s, %(own_rate)s %(own_interval)s; from how we send %(ours)s, %(ours_rate)s"
        " %(ours_interval)s, which no cleaning of lists lowers.",
        args,
    )


def _by_category(causes: Iterable[BounceCause], score: Score) -> Counter[Category]:
    """Return a unit's bounces by category; those that only a total tells of are `unknown`."""
    counts: Counter[Category] = Counter()
    for cause in causes:
        counts[cause.category] += cause.bounced
    counts["unknown"] += max(0, score.counts.bounced - counts.total())
    return +counts


def _reason_table(counts: Counter[Category], bounced: int) -> Table:
    ordered = _most_first(counts)
    shares = rates([count for _, count in ordered], [bounced] * len(ordered), JEFFREYS)
    return Table(
        caption=Message("%(n)s bounce by reason", plural="%(n)s bounces by reason", n=bounced),
        columns=(
            TableColumn(Message("Reason")),
            TableColumn(Message("Bounces"), "number"),
            TableColumn(Message("Share of %(bounced)s", {"bounced": Count(bounced)}), "number"),
            TableColumn(Message("Came from")),
            TableColumn(Message("What to do")),
            TableColumn(Message("Who acts")),
        ),
        rows=tuple(
            Row(
                (
                    CATEGORIES[category],
                    Count(count),
                    rate_cell(share),
                    FAULTS[MEANINGS[category].fault],
                    asked_for(category, MEANINGS[category].action),
                    OWNERS[MEANINGS[category].owner],
                )
            )
            for (category, count), share in zip(ordered, shares, strict=True)
        ),
        note=Message(
            "Each bounce with its evidence is in %(file)s; where that is weaker than usual, it asks for less.",
            {"file": Text("bounces.csv")},
        ),
    )


def _most_first(counts: Counter[Category]) -> list[tuple[Category, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


# --- by list source, provider and month -------------------------------------------------------------------------------
def _split_tables(causes: tuple[BounceCause, ...]) -> Iterator[Table]:
    sources = _split(causes, lambda cause: cause.source or "")
    if any(sources):
        yield _split_table(Message("Bounces by list source"), Message("Source"), _largest(sources, _source_name))
    providers = _split(causes, lambda cause: cause.provider)
    if set(providers) != {NO_PROVIDER}:
        caption = Message("Bounces by the recipients' mail provider")
        yield _split_table(caption, Message("Mail provider"), _largest(providers, _provider_name))
    months = _split(causes, lambda cause: cause.month)
    if len(months) > 1:
        yield _split_table(Message("Bounces by month"), Message("Month"), _latest(months))


def _split(causes: Iterable[BounceCause], key: Callable[[BounceCause], Key]) -> dict[Key, Split]:
    groups: defaultdict[Key, Split] = defaultdict(Counter)
    for cause in causes:
        groups[key(cause)][cause.fault] += cause.bounced
    return groups


def _largest(groups: Mapping[str, Split], named: Callable[[str], Value]) -> list[tuple[Value, Split]]:
    """Return the groups with the most bounces by name, and the others together."""
    ordered = sorted(groups.items(), key=lambda item: (-item[1].total(), item[0]))
    rows: list[tuple[Value, Split]] = [(named(name), split) for name, split in ordered[:GROUPS_SHOWN]]
    others = [split for _, split in ordered[GROUPS_SHOWN:]]
    if others:
        together = Message("%(n)s other", plural="%(n)s others", n=len(others))
        rows.append((together, _together(others)))
    return rows


def _latest(groups: Mapping[datetime, Split]) -> list[tuple[Value, Split]]:
    """Return the months by time, the early ones together."""
    ordered = sorted(groups.items())
    early = [split for _, split in ordered[:-MONTHS_SHOWN]]
    rows: list[tuple[Value, Split]] = [(Message("earlier"), _together(early))] if early else []
    return rows + [(Moment(month, "month"), split) for month, split in ordered[-MONTHS_SHOWN:]]


def _together(splits: Iterable[Split]) -> Split:
    total: Split = Counter()
    for split in splits:
        total.update(split)
    return total


def _split_table(caption: Message, title: Message, rows: list[tuple[Value, Split]]) -> Table:
    """Return a row a group: its bounces, and what how many of them came from; what none came from gets no column."""
    total = _together(split for _, split in rows)
    faults = [fault for fault in FAULT_TITLES if total[fault]]
    return Table(
        caption=caption,
        columns=(
            TableColumn(title),
            TableColumn(Message("Bounces"), "number"),
            *(TableColumn(FAULT_TITLES[fault], "number") for fault in faults),
        ),
        rows=tuple(
            Row((name, Count(split.total()), *(Count(split[fault]) for fault in faults))) for name, split in rows
        ),
    )


def _source_name(source: str) -> Value:
    return Text(source) if source else Message("not given")


def _provider_name(provider: str) -> Value:
    return Message("another, or not known") if provider == NO_PROVIDER else Text(provider_name(provider))


# --- one sender -------------------------------------------------------------------------------------------------------
def sender_bounces(index: Index, score: Score | None) -> Iterator[Block]:
    """Yield how many of a sender's bounces came from how we send, and the reasons of all."""
    if score is None or not told(score):
        return
    yield Note(_own_sentence(score.faults.sender, score.counts.bounced))
    counts = _most_first(_by_category(index.causes_of_sender.get(score.sender_key or 0, []), score))
    yield Table(
        caption=Message("%(n)s bounce by reason", plural="%(n)s bounces by reason", n=score.counts.bounced),
        columns=(
            TableColumn(Message("Reason")),
            TableColumn(Message("Bounces"), "number"),
            TableColumn(Message("What to do")),
        ),
        rows=tuple(
            Row((CATEGORIES[category], Count(count), asked_for(category, MEANINGS[category].action)))
            for category, count in counts[:REASONS_SHOWN]
        ),
        total=len(counts),
    )


def _own_sentence(ours: int, bounced: int) -> Message:
    if not ours:
        return Message(
            "Your one bounce did not come from how we send, as far as the server says why.",
            plural="None of your %(n)s bounces came from how we send, as far as the servers say why.",
            n=bounced,
        )
    return Message(
        "%(n)s of your bounces (%(bounced)s in all) came from how we send (domain, server, text), not from the address:"
        " keep that contact. %(tickets)s say what has to be mended, and by whom.",
        {"bounced": Count(bounced), "tickets": Link(Message("The tickets on the team's page"), TICKETS_HREF)},
        plural="%(n)s of your bounces (%(bounced)s in all) came from how we send (domain, server, text), not from the"
        " address: keep those contacts. %(tickets)s say what has to be mended, and by whom.",
        n=ours,
    )
