"""The mails with their first answers, the groups and the complaints: worked cases, and a slow version of last touch."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.engine import open_engine
from hygiene.facts import engagement as module
from hygiene.facts import keep_signals
from hygiene.facts.engagement import EngagementReader
from hygiene.settings import Settings
from tests.canonical import day, make_tables
from tests.facts.test_facts import contacts, event

EPOCH_DAY = 20_454.0
"""2026-01-01."""
PEOPLE = contacts(1, 2, 3)
ANSWERS = ("replied_at", "clicked_at", "opened_at")


def with_reader(folder, ask, people=PEOPLE, events=(), enrollments=(), **chosen):
    tables = make_tables(folder, contacts=list(people), events=list(events), enrollments=list(enrollments))
    with open_engine() as engine:
        engine.attach(tables)
        keep_signals(engine, tables.report, Settings(**chosen))
        return ask(EngagementReader(engine, tables.report, Settings(**chosen)))


def mails(folder, events, enrollments=(), **chosen) -> list[tuple[Any, ...]]:
    """Return (contact key, sent, replied, clicked, opened) in days of 2026; None for a moment that is not."""

    def ask(reader):
        (sends,) = reader.ranges()
        assert reader.sends == len(sends.sent_at)
        times = [getattr(sends, name) - EPOCH_DAY for name in ("sent_at", *ANSWERS)]
        rows = zip(sends.keys[sends.contact].tolist(), *(column.round(6).tolist() for column in times), strict=True)
        return [tuple(None if cell == np.inf else cell for cell in row) for row in rows]

    return with_reader(folder, ask, events=events, enrollments=enrollments, **chosen)


CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[Any, ...]]]] = {
    "a mail nobody answered": ([event(1, "sent", 3)], [(1, 3, None, None, None)]),
    "each kind of answer has its first moment": (
        [event(1, "sent", 3), event(1, "open", 4), event(1, "open", 5), event(1, "click", 6), event(1, "reply", 7)],
        [(1, 3, 7, 6, 4)],
    ),
    "an answer belongs to the last mail before it": (
        [event(1, "sent", 1), event(1, "sent", 3), event(1, "reply", 4)],
        [(1, 1, None, None, None), (1, 3, 4, None, None)],
    ),
    "also to a mail of another enrollment and sender": (
        [event(1, "sent", 1), {**event(2, "sent", 3, sender_key=2), "contact_key": 1}, event(1, "reply", 4)],
        [(1, 1, None, None, None), (1, 3, 4, None, None)],
    ),
    "a reply before any mail is an answer to none": (
        [event(1, "reply", 1), event(1, "sent", 2)],
        [(1, 2, None, None, None)],
    ),
    "a reply at the moment of the mail answers it": (
        [event(1, "reply", 2), event(1, "sent", 1), event(1, "sent", 2)],
        [(1, 1, None, None, None), (1, 2, 2, None, None)],
    ),
    "a mail that bounced had no chance": (
        [event(1, "sent", 1), event(1, "sent", 3), event(1, "bounce", 3.1)],
        [(1, 1, None, None, None)],
    ),
    "who replied got the mail, whatever bounced": (
        [event(1, "sent", 3), event(1, "bounce", 3.1), event(1, "reply", 5)],
        [(1, 3, 5, None, None)],
    ),
    "an open saves no bounced mail": ([event(1, "sent", 3), event(1, "open", 3.1), event(1, "bounce", 3.2)], []),
    "machines do not answer": (
        [event(1, "sent", 3), *(event(1, kind, 4, is_machine=True) for kind in ("open", "click", "reply"))],
        [(1, 3, None, None, None)],
    ),
    "the human open after the machine's counts": (
        [event(1, "sent", 3), event(1, "open", 3.5, is_machine=True), event(1, "open", 6)],
        [(1, 3, None, None, 6)],
    ),
    "other contacts' answers are theirs": (
        [event(1, "sent", 1), event(2, "sent", 2), event(2, "reply", 3)],
        [(1, 1, None, None, None), (2, 2, 3, None, None)],
    ),
    "deliveries, meetings and complaints are no answers": (
        [event(1, "sent", 1), *(event(1, kind, 2) for kind in ("delivered", "meeting", "complaint", "unsubscribe"))],
        [(1, 1, None, None, None)],
    ),
    "two mails of one moment are two": (
        [event(1, "sent", 1), event(1, "sent", 1), event(1, "reply", 2)],
        [(1, 1, None, None, None), (1, 1, 2, None, None)],
    ),
    "no events are no mails": ([], []),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_mails_have_the_first_human_answers_of_last_touch(tmp_path, case):
    events, expected = CASES[case]
    assert mails(tmp_path, events) == expected


def test_where_a_tool_logs_deliveries_only_they_are_the_mails(tmp_path):
    assert mails(tmp_path, [event(1, "delivered", 1), event(1, "reply", 2)]) == [(1, 1, 2, None, None)]


def test_nothing_after_as_of_is_known(tmp_path):
    events = [
        event(1, "sent", 1),
        event(1, "reply", 5),
        event(1, "sent", 6),
        event(2, "sent", 2),
        event(2, "bounce", 9),
    ]
    assert mails(tmp_path, events, as_of=day(5)) == [(1, 1, 5, None, None), (2, 2, None, None, None)]
    assert mails(tmp_path, events, as_of=day(4)) == [(1, 1, None, None, None), (2, 2, None, None, None)]
    assert mails(tmp_path, events, as_of=day(0)) == []


def test_sender_and_step_are_the_mails_own(tmp_path):
    events = [
        event(1, "sent", 1, sender_key=4, step=2),
        event(1, "reply", 2, sender_key=9, step=8),
        event(2, "sent", 1, sender_key=None),
    ]

    def ask(reader):
        (sends,) = reader.ranges()
        return sends.sender.tolist(), sends.step.tolist()

    assert with_reader(tmp_path, ask, events=events) == ([4, 0], [2, 0])


EVENTS = st.lists(
    st.builds(
        # An open at the moment of the mail would be a machine's.
        lambda contact, kind, at, machine: event(
            contact, kind, at / 2 + 0.1 * (kind in ("open", "click")), is_machine=machine
        ),
        st.integers(1, 3),
        st.sampled_from(["sent", "sent", "sent", "open", "click", "reply", "reply", "bounce", "complaint"]),
        st.integers(0, 16),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=40,
)


def slow(events: list[dict[str, Any]], as_of: Any) -> list[tuple[Any, ...]]:
    """Contact by contact, event by event; at one moment the mails come first."""
    found = []
    for contact in (1, 2, 3):
        own = [row for row in events if row["contact_key"] == contact and row["at"] <= as_of]
        own.sort(key=lambda row: (row["at"], row["type"] != "sent"))
        sent: list[dict[str, Any]] = []
        for row in own:
            if row["type"] == "sent":
                sent.append(defaultdict(lambda: None, sent=(row["at"] - day(0)).total_seconds() / 86_400))
            elif sent and not row.get("is_machine"):
                sent[-1].setdefault(row["type"], (row["at"] - day(0)).total_seconds() / 86_400)
        found += [
            (contact, mail["sent"], mail["reply"], mail["click"], mail["open"])
            for mail in sent
            if "bounce" not in mail or "reply" in mail
        ]
    return found


@settings(max_examples=25, deadline=None)
@given(events=EVENTS, cut=st.integers(0, 16))
def test_the_mails_are_those_of_going_through_the_events_one_by_one(tmp_path_factory, events, cut):
    if not any(row["type"] == "sent" for row in events):
        events = [event(1, "sent", 0), *events]
    folder = tmp_path_factory.mktemp("x")
    found = mails(folder, events, as_of=day(cut / 2))
    by_time = sorted(slow(events, day(cut / 2)), key=lambda row: (row[0], row[1], row[2] is not None, row[2] or 0))
    assert sorted(found, key=str) == sorted(by_time, key=str)
    assert [row[:2] for row in found] == [row[:2] for row in by_time]


def groups(folder, people) -> tuple[list[int], list[int]]:
    def ask(reader):
        (sends,) = reader.ranges()
        assert sends.keys.tolist() == [row["contact_key"] for row in people]
        return sends.source.tolist(), sends.domain.tolist()

    return with_reader(folder, ask, people=people)


def person(key: int, **columns: Any) -> dict[str, Any]:
    return {"contact_key": key, "contact_id": f"c{key}", **columns}


def test_a_contacts_source_is_its_own_else_its_import_batch_else_none(tmp_path):
    people = [
        person(1, source="web", import_batch="b1"),
        person(2, import_batch="web"),
        person(3, import_batch="b1"),
        person(4),
        person(5, source="Web"),
    ]
    one, two, three, four, five = groups(tmp_path, people)[0]
    assert one == two
    assert four == 0
    assert min(one, three, five) > 0
    assert len({one, three, five}) == 3


def test_the_names_of_the_sources_are_told_by_their_number(tmp_path):
    people = [person(1, source="web"), person(2, import_batch="fair"), person(3)]

    def ask(reader):
        (sends,) = reader.ranges()
        names = reader.source_names
        assert len(names) == 2
        return [names.get(number) for number in sends.source.tolist()]

    assert with_reader(tmp_path, ask, people=people) == ["web", "fair", None]


def test_a_domain_is_shared_by_two_or_is_none(tmp_path):
    people = [
        person(1, email="ann@Acme.com"),
        person(2, email="bob@acme.com"),
        person(3, email="eve@alone.com"),
        person(4),
        person(5, email="not an address"),
        person(6, email="nor this"),
        person(7, email="x@beta.com"),
        person(8, email="y@BETA.com"),
    ]
    domain = groups(tmp_path, people)[1]
    assert domain[0] == domain[1] > 0
    assert domain[2:6] == [0, 0, 0, 0]
    assert domain[6] == domain[7] > 0
    assert domain[0] != domain[6]


def test_the_domain_of_many_is_a_providers(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_AT_A_DOMAIN", 3)
    people = [person(key, email=f"u{key}@{'mail' if key < 5 else 'firm'}.com") for key in range(1, 8)]
    assert groups(tmp_path, people)[1] == [0, 0, 0, 0, 1, 1, 1]


def test_complaints_are_counted_by_contact_and_list_source(tmp_path):
    people = [person(1, source="a"), person(2, source="a"), person(3, source="b"), person(4)]
    events = [
        *(event(key, "sent", at) for key in (1, 2, 3, 4) for at in (1, 2)),
        event(1, "complaint", 3),
        event(1, "complaint", 4),
        event(2, "complaint", 3),
        event(4, "complaint", 9),
        event(3, "unsubscribe", 3),
        event(2, "bounce", 2.5),
    ]
    ask = EngagementReader.complaints
    assert with_reader(tmp_path / "late", ask, people, events) == {0: (2, 1), 1: (3, 2), 2: (2, 0)}
    assert with_reader(tmp_path / "early", ask, people, events, as_of=day(3)) == {0: (2, 0), 1: (3, 2), 2: (2, 0)}


def test_a_sample_takes_whole_companies_and_about_so_many_mails(tmp_path):
    people = [person(key, email=f"u{key}@firm{key // 4}.com") for key in range(1, 401)]
    events = [event(key, "sent", 1) for key in range(1, 401)]

    def ask(reader):
        (whole,) = reader.ranges()
        return whole, reader.sample(100), reader.sample(400)

    whole, some, all_of_them = with_reader(tmp_path, ask, people, events)
    assert all_of_them.keys.tolist() == whole.keys.tolist()
    assert 50 <= len(some.keys) <= 150
    assert 50 <= len(some.sent_at) <= 150
    for number in set(some.domain.tolist()) - {0}:
        assert (some.domain == number).sum() == (whole.domain == number).sum()


ENDED = {"enrollment_key": 1, "contact_key": 1, "sender_key": 1, "sequence_key": 1, "enrolled_at": day(0)}
ENDED |= {"ended_at": day(4), "outcome": "replied", "replied": True}


def test_where_the_events_know_no_reply_the_enrollments_tell_of_it(tmp_path):
    sent = [event(1, "sent", 1), event(1, "sent", 3), event(2, "sent", 3)]
    told = [(1, 1, None, None, None), (1, 3, 4, None, None), (2, 3, None, None, None)]
    assert mails(tmp_path, sent, [ENDED]) == told


def test_a_reply_among_the_events_speaks_for_all(tmp_path):
    events = [event(1, "sent", 1), event(2, "sent", 2), event(2, "reply", 3)]
    assert mails(tmp_path, events, [ENDED]) == [(1, 1, None, None, None), (2, 2, 3, None, None)]


def test_a_reply_to_come_is_not_known_to_be_among_the_events(tmp_path):
    later = [event(1, "sent", 1), event(2, "sent", 2), event(2, "reply", 9)]
    assert mails(tmp_path, later, [ENDED], as_of=day(5)) == [(1, 1, 4, None, None), (2, 2, None, None, None)]
