"""The manager's part of the team report: what to do and by whom, what moved and why, which checks said what."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.advice.types import SEVERITIES, Clear, NotApplicable, NotEnough
from hygiene.reports.actions import OWNER_WORDS, action_blocks, told
from hygiene.reports.blocks import BOUNCE_RATE, REPLY_RATE, linked
from hygiene.reports.document import Bullets, Note, Row, Section, Table, TableColumn
from hygiene.reports.gaps import CHANGE_WORDS, change_blocks
from hygiene.values import Change, Count, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.attribution.types import Gap, Metric
    from hygiene.advice.types import Suggestion
    from hygiene.reports.document import Block
    from hygiene.reports.index import Index
    from hygiene.values import Value

PIECES_NAMED = 10
ROWS_SHOWN = 100
"""Actions listed; all are in recommendations.json."""
SURE_OF_CHANGE = 2.576 / 1.645
"""A change is told beyond so many half-widths of its 90 % interval of chance: 99 %, since all senders are looked at."""
TEAM_OWNERS = {**OWNER_WORDS, "rep": Message("the sender")}


def team_action_blocks(index: Index) -> Iterator[Block]:
    """Yield the team's own actions, and the list of all by owner."""
    advice = index.audit.advice
    if advice is None:
        return
    if told(advice.team):
        yield from (
            block for block in action_blocks(advice.team, None, advice.people, up=False) if not isinstance(block, Note)
        )
    everything = [
        row.suggestion
        for rows in advice.senders.values()
        for row in rows
        if row.is_told or row.suggestion.weight == "gate"
    ]
    rows = [said for said in everything if said.rule.family != "experiment"]
    rows.sort(key=lambda said: (SEVERITIES.index(said.weight), said.rule.id, _name(said, index)))
    if rows:
        yield Table(
            caption=Message("Told to the senders, by who can act"),
            columns=(
                TableColumn(Message("Sender")),
                TableColumn(Message("Who can act")),
                TableColumn(Message("What to do")),
                TableColumn(Message("Gain"), "number"),
            ),
            rows=tuple(_row(said, index) for said in rows[:ROWS_SHOWN]),
            total=len(rows),
            sortable=True,
        )
    yield from _experiments([said for said in everything if said.rule.family == "experiment"], index)
    if not everything and not told(advice.team):
        yield Note(Message("No check found a fault, and no gain is sure enough to be promised."), "good")


def _experiments(tests: list[Suggestion], index: Index) -> Iterator[Block]:
    """Yield the tests worth planning, one a lever: what one sender would never finish, a team can."""
    by_subject: defaultdict[tuple[str, str], list[Suggestion]] = defaultdict(list)
    for said in tests:
        by_subject[said.metric, said.subject].append(said)
    rows = []
    for (metric, subject), same in sorted(by_subject.items()):
        least = min(same, key=lambda said: said.evidence["contacts_an_arm"])
        rate = REPLY_RATE if metric == "reply_rate" else BOUNCE_RATE
        names = ", ".join(sorted((_name(said, index) for said in same), key=str.casefold))
        figures = [Count(int(least.evidence[name])) for name in ("contacts_an_arm", "weeks")]
        rows.append(Row((least.advice.args.get("level", Text(subject)), rate, Text(names), *figures)))
    if rows:
        yield Table(
            caption=Message("Random splits worth planning, for the team together"),
            columns=(
                TableColumn(Message("What is tested")),
                TableColumn(Message("Rate")),
                TableColumn(Message("Told to")),
                TableColumn(Message("Contacts in each arm"), "number"),
                TableColumn(Message("Weeks at the team's volume"), "number"),
            ),
            rows=tuple(rows),
        )


def _name(said: Suggestion, index: Index) -> str:
    return index.sender_label(said.sender_key) if said.sender_key is not None else ""


def _row(said: Suggestion, index: Index) -> Row:
    key = said.sender_key
    href = index.sender_href(key, up=False, anchor="actions") if key is not None else None
    name = _name(said, index)
    gain = None
    if said.gain is not None:
        sign = 1 if said.metric == "reply_rate" else -1
        gain = (REPLY_RATE if sign == 1 else BOUNCE_RATE, Change(sign * said.gain.value))
    cells = (linked(Text(name), href), TEAM_OWNERS[said.rule.owner], said.advice, gain)
    return Row(cells, (name, said.rule.owner, said.rule.id, said.gain.value if said.gain else None))


def mover_blocks(index: Index) -> Iterator[Block]:
    """Yield how the team's rates changed and why, and the senders whose rates moved by more than chance."""
    attribution = index.audit.advice.attribution if index.audit.advice else None
    if attribution is None:
        return
    yield from change_blocks(attribution.team_changes)
    moved = [(key, gap) for (key, _), gap in attribution.changes.items() if _has_moved(gap)]
    moved.sort(key=lambda row: (index.sender_label(row[0]).casefold(), row[1].metric))
    if not attribution.changes:
        return
    if not moved:
        yield Note(Message("No sender's rate has moved by more than chance since the weeks before."))
        return
    yield Table(
        caption=Message("Senders whose rates moved by more than chance"),
        columns=(
            TableColumn(Message("Sender")),
            TableColumn(Message("Rate")),
            TableColumn(Message("Before"), "number"),
            TableColumn(Message("Lately"), "number"),
            TableColumn(Message("Mostly from")),
        ),
        rows=tuple(_moved_row(index, key, gap) for key, gap in moved),
    )


def _has_moved(gap: Gap) -> bool:
    chance = gap.parts[-1]
    return abs(gap.own - gap.peers) > SURE_OF_CHANGE * (chance.high - chance.value)


def _moved_row(index: Index, key: int, gap: Gap) -> Row:
    change = gap.own - gap.peers
    largest = max(gap.parts, key=lambda part: part.value * (1 if change > 0 else -1))
    words: dict[Metric, Message] = {"reply_rate": REPLY_RATE, "bounce_rate": BOUNCE_RATE}
    cause: Value = Message("%(cause)s: %(part)s", {"cause": CHANGE_WORDS[largest.cause], "part": Change(largest.value)})
    name = linked(Text(index.sender_label(key)), index.sender_href(key, up=False, anchor="gap"))
    return Row((name, words[gap.metric], Percent(gap.peers), Percent(gap.own), cause))


def checks_section(index: Index) -> Section:
    """Return what each check said: passed, not asked and why, too little data; empty where nobody asked."""
    outcomes = index.audit.advice.outcomes if index.audit.advice else {}
    passed = tuple(rule.title for rule, outcome in outcomes.values() if isinstance(outcome, Clear))
    others = tuple(
        Message("%(rule)s %(title)s: %(why)s", {"rule": Text(rule.id), "title": rule.title, "why": _why(outcome)})
        for rule, outcome in outcomes.values()
        if isinstance(outcome, NotApplicable | NotEnough)
    )
    blocks: list[Block] = list(_noticed(index))
    if passed:
        blocks += [Note(Message("%(n)s check passed.", plural="%(n)s checks passed.", n=len(passed)), "good")]
        blocks += [Bullets(passed)]
    if others:
        blocks += [Note(Message("%(n)s could not be asked.", plural="%(n)s could not be asked.", n=len(others)))]
        blocks += [Bullets(others)]
    return Section("checks", Message("What was checked"), tuple(blocks), folded=True)


def _noticed(index: Index) -> Iterator[Block]:
    """Yield what cannot be linked, and how many enrollments were looked at one by one, where that is not all."""
    looked_at, total = index.audit.advice.looked_at if index.audit.advice else (0, 0)
    unlinkable = index.audit.advice.unlinkable if index.audit.advice else ()
    if unlinkable:
        names = ", ".join(problem.content_id for problem in unlinkable[:PIECES_NAMED])
        yield Note(
            Message(
                "%(n)s piece of content has an address that no email may link, so it is never suggested: %(names)s.",
                {"names": Text(names)},
                plural="%(n)s pieces of content have addresses that no email may link, so they are never suggested:"
                " %(names)s.",
                n=len(unlinkable),
            ),
            "warn",
        )
    if looked_at < total:
        yield Note(
            Message(
                "Of %(total)s enrollments the running ones and the latest, %(looked_at)s in all, were looked at one by"
                " one; gains and gaps rest on all that have ended.",
                {"total": Count(total), "looked_at": Count(looked_at)},
            )
        )


def _why(outcome: NotApplicable | NotEnough) -> Value:
    if isinstance(outcome, NotApplicable):
        return outcome.why
    return Message(
        "too little data, %(have)s of %(need)s %(unit)s",
        {"have": Count(outcome.have), "need": Count(outcome.need), "unit": outcome.unit},
    )
