"""Why enrollments bounced, and what a contact's answers said."""

from __future__ import annotations

import pytest

from hygiene.engine import open_engine
from hygiene.facts import ContactReader, read_facts
from hygiene.settings import Settings
from tests.canonical import day, make_tables
from tests.facts.test_facts import contacts, enrollment, event

TEXTS = [
    {"bounce_key": 1, "category": "invalid_mailbox", "fault": "address", "action": "remove", "signal": "code 5.1.1"},
    {"bounce_key": 2, "category": "authentication", "fault": "sender", "action": "fix_sender", "ticket": "dmarc"},
    {"bounce_key": 3, "category": "unknown", "fault": "unknown", "action": "review", "provider": "proofpoint"},
    {"bounce_key": 4, "category": "mailbox_full", "fault": "temporary", "action": "hold"},
]


def read(tmp_path, events, *, people=None, **settings):
    tables = make_tables(
        tmp_path,
        senders=[{"sender_key": 1, "sender_id": "s1"}],
        contacts=people or contacts(1, 2, 3, email="a@gmail.com", source="fair"),
        enrollments=[enrollment(key, ended_at=day(20)) for key in (1, 2, 3)],
        events=events,
        bounce_texts=TEXTS,
    )
    with open_engine() as engine:
        engine.attach(tables)
        chosen = Settings(**settings)
        facts = read_facts(engine, tables.report, chosen)
        rows = {row.contact_id: row for row in ContactReader(engine, tables.report, chosen).contacts()}
    return facts, rows


def test_causes_are_counted_by_what_the_texts_mean(tmp_path):
    facts, _ = read(
        tmp_path, [event(1, "bounce", 5, bounce_key=1), event(2, "bounce", 6, bounce_key=2), event(3, "bounce", 7)]
    )
    found = {(cause.category, cause.fault, cause.ticket, cause.bounced) for cause in facts.bounce_causes}
    assert found == {
        ("invalid_mailbox", "address", None, 1),
        ("authentication", "sender", "dmarc", 1),
        ("unknown", "unknown", None, 1),
    }
    assert {(cause.source, cause.provider, cause.month) for cause in facts.bounce_causes} == {
        ("fair", "google", day(0))
    }


def test_causes_add_up_to_the_bounces_of_the_scores(tmp_path):
    facts, _ = read(tmp_path, [event(1, "bounce", 5, bounce_key=1), event(3, "bounce", 7, bounce_key=4)])
    assert sum(cause.bounced for cause in facts.bounce_causes) == sum(cell.counts.bounced for cell in facts.cells) == 2


def test_a_bounce_whose_mail_arrived_after_all_is_no_cause(tmp_path):
    facts, _ = read(tmp_path, [event(1, "bounce", 5, bounce_key=1), event(1, "delivered", 6)])
    assert facts.bounce_causes == ()


def test_of_two_bounces_the_first_that_says_something_speaks(tmp_path):
    facts, _ = read(
        tmp_path, [event(1, "bounce", 4), event(1, "bounce", 5, bounce_key=2), event(1, "bounce", 6, bounce_key=1)]
    )
    assert [cause.category for cause in facts.bounce_causes] == ["authentication"]


def test_where_the_event_says_nothing_the_contact_s_own_reason_does(tmp_path):
    people = contacts(1, email="a@acme.com", bounce_key=1)
    facts, rows = read(tmp_path, [event(1, "bounce", 5, bounce_key=3)], people=people)
    assert [(cause.category, cause.provider) for cause in facts.bounce_causes] == [("invalid_mailbox", "other")]
    assert (rows["c1"].last_bounce_category, rows["c1"].last_bounce_action) == ("invalid_mailbox", "remove")


def test_a_company_s_provider_is_known_by_the_host_that_answered(tmp_path):
    facts, _ = read(tmp_path, [event(1, "bounce", 5, bounce_key=3)], people=contacts(1, email="a@acme.com"))
    assert [cause.provider for cause in facts.bounce_causes] == ["proofpoint"]


def test_nothing_after_as_of_is_a_cause_or_an_answer(tmp_path):
    events = [
        event(1, "sent", 1),
        event(1, "bounce", 9, bounce_key=1),
        event(2, "reply", 9, reply_kind="opt_out"),
        event(3, "reply", 9, reply_kind="out_of_office", returns_on=day(30), is_machine=True),
    ]
    facts, rows = read(tmp_path, events, as_of=day(8))
    assert facts.bounce_causes == ()
    assert all(row.asked_out_at is None and row.away_at is None and row.last_bounce_at is None for row in rows.values())


def test_a_contact_carries_what_its_answers_said(tmp_path):
    events = [
        event(1, "reply", 2, reply_kind="opt_out"),
        event(2, "reply", 2, reply_kind="out_of_office", returns_on=day(4), is_machine=True),
        event(2, "reply", 3, reply_kind="out_of_office", returns_on=day(30), is_machine=True),
        event(3, "reply", 3, reply_kind="left_company", successor="eva@x.example", is_machine=True),
        *(event(3, "bounce", at, bounce_key=4) for at in (4, 5, 6)),
    ]
    _, rows = read(tmp_path, events, as_of=day(10))
    assert rows["c1"].asked_out_at == day(2)
    assert (rows["c2"].away_at, rows["c2"].away_until, rows["c2"].is_away) == (day(3), day(30), True)
    assert (rows["c3"].left_at, rows["c3"].successor, rows["c3"].full_mailboxes) == (day(3), "eva@x.example", 3)
    assert rows["c2"].replies == 0


@pytest.mark.parametrize(("as_of", "full", "lately"), [(70, 1, False), (30, 2, True)])
def test_full_mailboxes_are_counted_for_sixty_days_and_a_bounce_holds_for_thirty(tmp_path, as_of, full, lately):
    events = [event(1, "bounce", 3, bounce_key=4), event(1, "bounce", 20, bounce_key=4)]
    _, rows = read(tmp_path, events, as_of=day(as_of))
    assert (rows["c1"].full_mailboxes, rows["c1"].bounced_lately) == (full, lately)
