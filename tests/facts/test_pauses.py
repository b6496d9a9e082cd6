"""Sends and bounces by sender, day and list."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.engine import open_engine
from hygiene.facts.pauses import NO_LIST, PAUSE_TABLES, read_sender_days
from hygiene.flags.pauses.replay import replay_pauses
from hygiene.settings import Settings
from tests.canonical import day, make_tables
from tests.facts.test_facts import event

TEXTS = [
    {"bounce_key": 1, "category": "invalid_mailbox", "fault": "address"},
    {"bounce_key": 2, "category": "authentication", "fault": "sender"},
    {"bounce_key": 3, "category": "unknown", "fault": "unknown"},
    {"bounce_key": 4, "category": "mailbox_full", "fault": "temporary"},
]
PEOPLE = [
    {"contact_key": 1, "contact_id": "c1", "import_batch": "spring", "created_at": day(-9)},
    {"contact_key": 2, "contact_id": "c2", "created_at": day(-3.5)},
    {"contact_key": 3, "contact_id": "c3", "bounce_key": 2},
]
EPOCH_DAY = 20_454
"""2026-01-01."""


def read(tmp_path, events, **chosen):
    tables = make_tables(tmp_path, contacts=PEOPLE, events=events, bounce_texts=TEXTS)
    with open_engine() as engine:
        engine.attach(tables, PAUSE_TABLES)
        found = read_sender_days(engine, tables.report, Settings(**chosen))
    columns = (
        found.sender_key,
        found.day - EPOCH_DAY,
        found.list_key,
        found.sends,
        found.bounces,
        found.address_bounces,
    )
    return [tuple(int(cell) for cell in row) for row in zip(*columns, strict=True)]


def test_rows_are_by_sender_day_and_list(tmp_path):
    rows = read(
        tmp_path,
        [
            event(1, "sent", 0.3),
            event(1, "sent", 0.6),
            event(2, "sent", 0.5),
            event(3, "sent", 1),
            event(1, "open", 0.4),
        ],
    )
    assert [(sender, at, sends) for sender, at, _, sends, _, _ in rows] == [(1, 0, 1), (1, 0, 2), (1, 1, 1)]
    lists = [row[2] for row in rows]
    assert lists[2] == NO_LIST
    assert len(set(lists)) == 3


def test_a_bounce_stands_on_the_day_it_came_back_and_needs_no_send(tmp_path):
    assert read(tmp_path, [event(1, "sent", 0), event(1, "bounce", 2, bounce_key=1)]) == [
        (1, 0, 0, 1, 0, 0),
        (1, 2, 0, 0, 1, 1),
    ]


@pytest.mark.parametrize(("key", "address"), [(1, 1), (2, 0), (3, 1), (4, 0), (None, 1)])
def test_ours_are_the_bounces_of_the_address_or_of_nobody(tmp_path, key, address):
    assert read(tmp_path, [event(1, "bounce", 1, bounce_key=key)]) == [(1, 1, 0, 0, 1, address)]


def test_where_the_text_says_nothing_the_contacts_own_reason_does(tmp_path):
    assert read(tmp_path, [event(3, "bounce", 1, bounce_key=3)]) == [(1, 1, NO_LIST, 0, 1, 0)]


def test_an_enrollment_bounces_once_however_many_notices_come(tmp_path):
    notices = [
        event(1, "bounce", 1, bounce_key=4),
        event(1, "bounce", 3, bounce_key=1),
        event(1, "bounce", 4, bounce_key=1),
    ]
    assert read(tmp_path, notices) == [(1, 1, 0, 0, 1, 0), (1, 3, 0, 0, 0, 1)]


def test_bounces_of_no_known_enrollment_count_one_by_one(tmp_path):
    notices = [{**event(1, "bounce", 1, bounce_key=1), "enrollment_key": None} for _ in range(2)]
    assert read(tmp_path, notices) == [(1, 1, 0, 0, 2, 2)]


def test_where_a_tool_logs_deliveries_only_they_are_the_sends(tmp_path):
    assert read(tmp_path, [event(1, "delivered", 0)]) == [(1, 0, 0, 1, 0, 0)]


def test_no_events_are_no_days(tmp_path):
    assert read(tmp_path, []) == []


EVENT = st.builds(
    lambda key, kind, at, text: event(key, kind, at, bounce_key=text if kind == "bounce" else None),
    st.integers(1, 3),
    st.sampled_from(["sent", "sent", "sent", "bounce", "open"]),
    st.integers(0, 20),
    st.sampled_from([1, 2, 3, 4, None]),
)


@settings(max_examples=12, deadline=None)
@given(events=st.lists(EVENT, min_size=1, max_size=40), cut=st.integers(0, 20))
def test_events_after_as_of_change_nothing(tmp_path_factory, events, cut):
    known = [row for row in events if row["at"] <= day(cut)]
    whole, part = (read(tmp_path_factory.mktemp("x"), rows, as_of=day(cut)) for rows in (events, known))

    def unnamed(rows):
        return [(sender, at, *counts) for sender, at, _, *counts in rows]

    assert unnamed(whole) == unnamed(part)


@settings(max_examples=12, deadline=None)
@given(events=st.lists(EVENT, min_size=1, max_size=40))
def test_counts_are_those_of_a_slow_count(tmp_path_factory, events):
    rows = read(tmp_path_factory.mktemp("x"), events)
    sends = Counter((row["at"] - day(0)).days for row in events if row["type"] == "sent")
    found: Counter[int] = Counter()
    for _, at, _, sent, _, _ in rows:
        found[at] += sent
    assert +found == sends
    bounced = {row["enrollment_key"] for row in events if row["type"] == "bounce"}
    assert sum(row[4] for row in rows) == len(bounced)


def test_a_source_is_replayed_in_one_call_and_knows_nothing_after_as_of(tmp_path):
    early = [event(1, "sent", at / 50) for at in range(100)] + [event(1, "bounce", 1, bounce_key=1)]
    late = [{**event(1, "bounce", 9, bounce_key=1), "enrollment_key": None} for _ in range(30)]
    results = []
    for name, events in (("whole", early + late), ("part", early)):
        tables = make_tables(tmp_path / name, contacts=PEOPLE, events=events, bounce_texts=TEXTS)
        with open_engine() as engine:
            engine.attach(tables, PAUSE_TABLES)
            results.append(replay_pauses(engine, tables.report, Settings(as_of=day(5))))
    assert results[0] == results[1]
    assert (results[0].senders, results[0].sends, results[0].bounces) == (1, 100, 1)
