"""Each sign of a machine fires where it should, and its near misses stay a person's."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygiene.engine import open_engine
from hygiene.facts import ContactReader, read_facts
from hygiene.facts.machines import EVERYTHING_COST, EVERYTHING_LEAD
from hygiene.facts.types import EngagedContacts, Engagement
from hygiene.settings import Settings
from tests.canonical import make_tables

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.facts.types import ContactFacts, Facts

Event = dict[str, Any]
MORNING = datetime(2026, 3, 2, 9, 12, 31)
"""Not on a whole minute: the times of these exports are kept by the second."""
EMAILS = {key: f"c{key}@{'acme' if key < 10 else 'big'}.example" for key in range(1, 80)}


def event(kind: str, seconds: float, day: int = 0, contact: int = 1, **columns: Any) -> Event:
    """An event some seconds after nine o'clock of a day; times of day differ from day to day."""
    return {
        "event_key": 0,
        "enrollment_key": contact,
        "contact_key": contact,
        "sender_key": 1,
        "type": kind,
        "at": MORNING + timedelta(days=day, minutes=7 * day, seconds=seconds),
        **columns,
    }


def mails(count: int, contact: int = 1, kind: str = "sent") -> list[Event]:
    """A mail a day."""
    return [event(kind, 0, day, contact) for day in range(count)]


def by_minute(events: list[Event]) -> list[Event]:
    """The same events in an export that keeps whole minutes."""
    return [{**row, "at": row["at"].replace(second=0)} for row in events]


def facts_of(folder: Path, events: list[Event], **chosen: Any) -> tuple[Facts, list[tuple[Any, ...]]]:
    contacts = {row["contact_key"] for row in events}
    tables = make_tables(
        folder,
        events=events,
        contacts=[{"contact_key": key, "contact_id": f"c{key}", "email": EMAILS[key]} for key in sorted(contacts)],
        senders=[{"sender_key": 1, "sender_id": "s1"}],
    )
    with open_engine() as engine:
        engine.attach(tables)
        facts = read_facts(engine, tables.report, Settings(**chosen))
        rows = engine.rows('SELECT contact_key, "at", type, sign FROM signals ORDER BY event_key')
    return facts, rows


def signs(folder: Path, events: list[Event], **chosen: Any) -> Counter[tuple[str, str | None]]:
    """Count the opens and clicks by sign."""
    _, rows = facts_of(folder, events, **chosen)
    return Counter((kind, sign) for _, _, kind, sign in rows)


LATER = [event("open", 3000, 1), event("click", 3100, 1)]
"""A person's, in a mail that nobody hurried to read."""
CASES: dict[str, tuple[list[Event], dict[tuple[str, str | None], int]]] = {
    "the export says so": (
        [event("sent", 0), event("open", 900, is_machine=True), event("click", 950)],
        {("open", "declared"): 1, ("click", None): 1},
    ),
    "an agent gives a proxy away": ([event("sent", 0), event("open", 900, agent="proxy")], {("open", "proxy"): 1}),
    "an agent gives a scanner away": (
        [event("sent", 0), event("click", 900, agent="scanner")],
        {("click", "scanner"): 1},
    ),
    "nobody opens within five seconds": (
        [event("sent", 0), event("open", 4), event("click", 4)],
        {("open", "instant"): 1, ("click", "instant"): 1},
    ),
    "five seconds may be a person": ([event("sent", 0), event("open", 5)], {("open", None): 1}),
    "a delivery counts, not the send before it": (
        [event("sent", 0), event("delivered", 100), event("open", 103)],
        {("open", "instant"): 1},
    ),
    "the next mail is not this one's": (
        [event("sent", 0), event("open", 3000), event("sent", 3003)],
        {("open", None): 1},
    ),
    "a person who clicks right after opening": (
        [event("sent", 0), event("open", 700), event("click", 701)],
        {("open", None): 1, ("click", None): 1},
    ),
    "images shown by the click itself": (
        [event("sent", 0), event("open", 700), event("click", 700)],
        {("open", None): 1, ("click", None): 1},
    ),
    "two links, a minute apart": (
        [event("sent", 0), event("click", 700, detail="a"), event("click", 760, detail="b")],
        {("click", None): 2},
    ),
    "two links, a second apart": (
        [event("sent", 0), event("click", 700, detail="a"), event("click", 701, detail="b")],
        {("click", None): 2},
    ),
    "two links in one second": (
        [event("sent", 0), event("click", 700, detail="a"), event("click", 700, detail="b")],
        {("click", "burst"): 2},
    ),
    "a double click": (
        [event("sent", 0), event("click", 700, detail="a"), event("click", 700, detail="a")],
        {("click", None): 2},
    ),
    "three clicks in one second, on links not named": (
        [event("sent", 0), *(event("click", 700) for _ in range(3))],
        {("click", "burst"): 3},
    ),
    "three links within five seconds": (
        [event("sent", 0), *(event("click", 700 + 2 * n, detail="abc"[n]) for n in range(3))],
        {("click", "all_links"): 3},
    ),
    "three links at a reader's pace": (
        [event("sent", 0), *(event("click", 700 + 5 * n, detail="abc"[n]) for n in range(3))],
        {("click", None): 3},
    ),
    "a conversation shown at once opens all of its mails": (
        [*mails(4), *(event("open", 4000, 3) for _ in range(4))],
        {("open", None): 4},
    ),
    "three colleagues in one second": (
        [*(event("sent", n, 0, n) for n in (1, 2, 3)), *(event("open", 900, 0, n) for n in (1, 2, 3))],
        {("open", "same_domain"): 3},
    ),
    "two colleagues in one second": (
        [*(event("sent", n, 0, n) for n in (1, 2, 3)), *(event("open", 900, 0, n) for n in (1, 2))],
        {("open", None): 2},
    ),
    "three of a large domain in one second": (
        [*(event("sent", n, 0, n) for n in range(20, 51)), *(event("open", 900, 0, n) for n in (20, 21, 22))],
        {("open", None): 3},
    ),
    "three in one second at different companies": (
        [*(event("sent", n, 0, n) for n in (1, 2, 20)), *(event("open", 900, 0, n) for n in (1, 2, 20))],
        {("open", None): 3},
    ),
    "within the minute, mail after mail": (
        [*mails(3), *(event("open", 20 + n, n) for n in range(3))],
        {("open", "prompt"): 3},
    ),
    "within the minute, over the full hour": (
        [event(kind, 2825 + delay, 7 * n) for n in range(3) for kind, delay in (("sent", 0), ("open", 40))],
        {("open", "prompt"): 3},
    ),
    "within the minute, thrice in one mail": (
        [*mails(3), event("open", 20), event("click", 30), event("open", 40)],
        {("open", None): 2, ("click", None): 1},
    ),
    "within the minute, twice": ([*mails(2), *(event("open", 20, n) for n in range(2))], {("open", None): 2}),
    "within the minute, in three of six mails": (
        [*mails(6), *(event("open", 20, n) for n in range(3))],
        {("open", None): 3},
    ),
    "a scanned contact's late events stay a person's": (
        [*mails(4), *(event("open", 20, n) for n in range(4)), *LATER],
        {("open", "prompt"): 4, ("open", None): 1, ("click", None): 1},
    ),
    "a gateway is known by its whole domain": (
        [*(event("sent", 0, n, n) for n in (1, 2, 3)), *(event("open", 30, n, n) for n in (1, 2, 3))],
        {("open", "prompt"): 3},
    ),
    "clicks on everything are known by the whole domain": (
        [
            *(event("sent", 0, n, n) for n in (1, 2, 3)),
            *(event("click", 500 + 200 * link, n, n, detail="ab"[link]) for n in (1, 2, 3) for link in (0, 1)),
        ],
        {("click", "clicks_everything"): 6},
    ),
    "a gateway that opens and clicks everything at leisure": (
        [
            *mails(EVERYTHING_LEAD),
            *(event("open", 400 + n, n) for n in range(EVERYTHING_LEAD)),
            *(
                event("click", 500 + 200 * link, n, detail="ab"[link])
                for n in range(EVERYTHING_LEAD)
                for link in (0, 1)
            ),
        ],
        {("open", "opens_everything"): EVERYTHING_LEAD, ("click", "clicks_everything"): 2 * EVERYTHING_LEAD},
    ),
    "bounces without a send make no habit": (
        [*mails(2), *(event("bounce", n, 3, 2) for n in (1, 2)), *(event("open", 20, n) for n in (0, 1))],
        {("open", None): 2},
    ),
    "several links, mail after mail, at a gateway's leisure": (
        [*mails(3), *(event("click", 500 + 200 * link, n, detail="ab"[link]) for n in range(3) for link in (0, 1))],
        {("click", "clicks_everything"): 6},
    ),
    "one link in each of three mails": (
        [*mails(3), *(event("click", 500, n, detail="ab"[n % 2]) for n in range(3))],
        {("click", None): 3},
    ),
    "several links in two mails of three": (
        [*mails(3), *(event("click", 500 + 200 * link, n, detail="ab"[link]) for n in (0, 1) for link in (0, 1))],
        {("click", None): 4},
    ),
    "a late click behind a gateway that is quick": (
        [*mails(4), *(event("click", 2, n, detail=link) for n in range(4) for link in "ab"), LATER[1]],
        {("click", "instant"): 8, ("click", None): 1},
    ),
    "bounced mails are not held against a gateway": (
        [*mails(5), event("bounce", 9, 3), event("bounce", 9, 4), *(event("open", 20 + n, n) for n in range(3))],
        {("open", "prompt"): 3},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_sign_fires_and_its_near_misses_stay_a_persons(tmp_path: Path, name: str) -> None:
    events, expected = CASES[name]
    assert signs(tmp_path, events) == expected


def test_by_the_minute_one_open_in_the_minute_of_the_send_proves_nothing(tmp_path: Path) -> None:
    events = by_minute([event("sent", 0), event("open", 2)])
    assert signs(tmp_path, events) == {("open", None): 1}


def test_by_the_minute_who_always_opens_in_the_minute_of_the_send_is_a_gateway(tmp_path: Path) -> None:
    events = by_minute([*mails(5), *(event("open", 0, n) for n in range(4)), event("click", 0, 2), *LATER])
    assert signs(tmp_path, events) == {
        ("open", "prompt"): 4,
        ("click", "prompt"): 1,
        ("open", None): 1,
        ("click", None): 1,
    }


def test_by_the_minute_a_gateway_may_answer_in_the_next_minute(tmp_path: Path) -> None:
    events = by_minute([*mails(4), *(event("open", 0, n) for n in range(3)), event("open", 30, 3)])
    assert signs(tmp_path, events) == {("open", "prompt"): 4}


def test_by_the_minute_equal_times_are_no_burst(tmp_path: Path) -> None:
    events = by_minute(
        [
            *(event("sent", 0, 0, n) for n in (1, 2, 3)),
            *(event("open", 1900, 0, n) for n in (1, 2, 3)),
            *(event("click", 1900, 0, detail=link) for link in "abc"),
        ]
    )
    assert signs(tmp_path, events) == {("open", None): 3, ("click", None): 3}


def test_by_the_minute_all_links_in_the_minute_of_the_send_are_a_scanners(tmp_path: Path) -> None:
    events = by_minute([event("sent", 0), *(event("click", n, detail="abc"[n]) for n in range(3))])
    assert signs(tmp_path, events) == {("click", "all_links"): 3}


def test_by_the_day_times_tell_nothing(tmp_path: Path) -> None:
    events = [
        {**row, "at": row["at"].replace(hour=0, minute=0, second=0)}
        for row in [*mails(6), *(event("open", 0, n) for n in range(6)), event("click", 0, 5)]
    ]
    assert signs(tmp_path, events) == {("open", None): 6, ("click", None): 1}


def test_one_odd_time_does_not_make_an_export_exact(tmp_path: Path) -> None:
    events = [*by_minute([event("sent", 0), event("open", 2), *LATER]), event("open", 3000, 4)]
    assert ("open", "instant") not in signs(tmp_path, events)


OPENED = [event("open", 1000 + 977 * n, n) for n in range(EVERYTHING_LEAD + EVERYTHING_COST + 2)]


LEAST = EVERYTHING_LEAD
READERS: dict[str, tuple[int, int, list[Event], bool]] = {
    "all mails": (LEAST, LEAST, [], True),
    "all of too few mails": (LEAST - 1, LEAST - 1, [], False),
    "all but one": (LEAST + 1, LEAST, [], False),
    "all but one of many": (LEAST + EVERYTHING_COST + 1, LEAST + EVERYTHING_COST, [], True),
    "a click": (LEAST, LEAST, [event("click", 5000, 2)], False),
    "a reply": (LEAST, LEAST, [event("reply", 5000, 2)], False),
    "a second look": (LEAST, LEAST, [event("open", 9000, 2)], False),
    "an automatic reply": (LEAST, LEAST, [event("reply", 5000, 2, is_machine=True)], True),
    "a scanner's click": (LEAST, LEAST, [event("click", 1, 2)], True),
}
"""Mails sent, mails opened once, what else came back, and whether that is a machine."""


@pytest.mark.parametrize("name", READERS)
def test_who_opens_everything_once_and_does_nothing_else_is_a_proxy(tmp_path: Path, name: str) -> None:
    sent, opens, more, machine = READERS[name]
    found = signs(tmp_path, [*mails(sent), *OPENED[:opens], *more])
    assert (found["open", "opens_everything"] == opens) is machine
    assert (found["open", None] == 0) is machine
    assert found["click", "opens_everything"] == 0


def test_where_only_deliveries_are_logged_they_are_the_mails(tmp_path: Path) -> None:
    events = [*mails(EVERYTHING_LEAD, kind="delivered"), *OPENED[:EVERYTHING_LEAD]]
    assert signs(tmp_path, events) == {("open", "opens_everything"): EVERYTHING_LEAD}


def test_raw_and_human_figures_stand_side_by_side(tmp_path: Path) -> None:
    events = [
        *(event("sent", 0, 0, key) for key in (1, 2, 3)),
        event("open", 2, 0, 1),
        event("open", 3000, 0, 2),
        event("click", 3200, 0, 2),
        event("open", 3, 0, 3),
        event("reply", 7000, 0, 3),
    ]
    facts, _ = facts_of(tmp_path, events)
    assert facts.engagements == (
        Engagement(1, "click", None, 1),
        Engagement(1, "open", None, 1),
        Engagement(1, "open", "instant", 2),
    )
    assert facts.engaged == EngagedContacts(contacts=3, human=2)


def test_a_period_counts_by_the_day_of_the_open(tmp_path: Path) -> None:
    events = [*mails(3), *(event("open", 3000 + n, n) for n in range(3))]
    facts, _ = facts_of(tmp_path, events, since=MORNING + timedelta(days=1), until=MORNING + timedelta(days=2))
    assert facts.engagements == (Engagement(1, "open", None, 1),)
    assert facts.engaged == EngagedContacts(1, 1)


def contact_of(folder: Path, events: list[Event]) -> ContactFacts:
    tables = make_tables(folder, events=events, contacts=[{"contact_key": 1, "contact_id": "c1"}])
    with open_engine() as engine:
        engine.attach(tables)
        read_facts(engine, tables.report, Settings())
        (contact,) = ContactReader(engine, tables.report, Settings()).contacts()
    return contact


def test_a_machines_open_engages_nobody(tmp_path: Path) -> None:
    contact = contact_of(tmp_path, [*mails(3), event("open", 3000, 0), event("open", 2, 2)])
    assert (contact.engagements, contact.sends_since_engagement) == (1, 2)
    assert contact.last_engaged_at == MORNING + timedelta(seconds=3000)


def test_a_reply_is_a_persons_whatever_its_time(tmp_path: Path) -> None:
    contact = contact_of(tmp_path, [*mails(3), *(event("open", 2, n) for n in range(3)), event("reply", 3, 2)])
    assert (contact.engagements, contact.replies, contact.sends_since_engagement) == (1, 1, 0)


def test_a_habit_is_judged_by_what_was_known(tmp_path: Path) -> None:
    known = [*mails(3), *(event("open", 20 + n, n) for n in range(3))]
    later = [event("sent", 0, day) for day in range(9, 15)]
    as_of = MORNING + timedelta(days=8)
    assert signs(tmp_path, [*known, *later], as_of=as_of) == {("open", "prompt"): 3}
    assert signs(tmp_path, [*known, *later]) == {("open", None): 3}


def test_who_opened_everything_is_judged_by_what_was_known(tmp_path: Path) -> None:
    known = [*mails(LEAST), *OPENED[:LEAST]]
    as_of = MORNING + timedelta(days=20)
    for later in (event("reply", 0, 30), event("click", 900, 30), event("sent", 0, 30)):
        assert signs(tmp_path, [*known, later], as_of=as_of) == {("open", "opens_everything"): LEAST}
        assert signs(tmp_path, [*known, later])["open", None] == LEAST


EVENTS = st.lists(
    st.builds(
        lambda kind, day, second, contact, link: event(kind, second, day, contact, detail=link),
        st.sampled_from(("sent", "sent", "sent", "delivered", "open", "open", "open", "click", "reply", "bounce")),
        st.integers(0, 8),
        st.sampled_from((0, 1, 2, 20, 59, 60, 900, 901)),
        st.integers(1, 4),
        st.sampled_from((None, "a", "b", "c")),
    ),
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=EVENTS, after=EVENTS, minutes=st.booleans())
def test_what_comes_after_as_of_changes_no_sign(
    tmp_path: Path, before: list[Event], after: list[Event], minutes: bool
) -> None:
    shown = by_minute(before) if minutes else before
    as_of = MORNING + timedelta(days=20)
    known = [*shown, event("sent", 0, 0)]
    later = [{**row, "at": row["at"] + timedelta(days=21)} for row in after]
    facts, rows = facts_of(tmp_path, known, as_of=as_of)
    facts_later, rows_later = facts_of(tmp_path, [*known, *later], as_of=as_of)
    assert rows == rows_later
    assert facts.engagements == facts_later.engagements
    assert facts.engaged == facts_later.engaged


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_each_open_and_click_is_counted_once(tmp_path: Path, events: list[Event]) -> None:
    facts, rows = facts_of(tmp_path, [*events, event("sent", 0)])
    exported = Counter(row["type"] for row in events if row["type"] in ("open", "click"))
    assert Counter(kind for _, _, kind, _ in rows) == exported
    assert sum(row.events for row in facts.engagements) == exported.total()
