"""Records that share an address, the ledger's memory, and exceptions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygiene.gate.cleanup.plan import same_mailbox
from hygiene.gate.cleanup.types import Memory
from hygiene.settings import Allowed
from tests.canonical import day
from tests.gate.cleanup.making import DEAD, FULL, UNLIKELY, flag, plan


def actions(result):
    return {row.flag.facts.contact_id: (row.action, row.code) for row in result.decisions}


@pytest.mark.parametrize("spelling", ["Ann@Example.org", " ann@example.org", "ann+news@example.org"])
def test_who_said_no_once_said_no_under_every_record_of_the_mailbox(spelling):
    result = plan(
        flag("a", email="ann@example.org", unsubscribed_at=day(3)),
        flag("b", email=spelling),
        flag("c", email="other@example.org"),
    )
    assert actions(result) == {"a": ("suppress", "unsubscribed"), "b": ("suppress", "said_no_elsewhere")}
    assert result.decisions[1].other == "a"


def test_the_no_may_come_after_in_the_order_of_the_contacts():
    result = plan(flag("a", email="ann@example.org", **DEAD), flag("b", email="ann@example.org", opted_out=True))
    assert actions(result) == {"a": ("suppress", "said_no_elsewhere"), "b": ("suppress", "opted_out")}


def test_a_dead_address_is_dead_in_each_record_but_not_by_a_plus_tag():
    result = plan(
        flag("a", email="ann@example.org", **DEAD),
        flag("b", email="ANN@example.org"),
        flag("c", email="ann+x@example.org"),
    )
    assert actions(result) == {"a": ("remove", "address_bounced"), "b": ("remove", "dead_elsewhere")}


def test_an_address_that_another_record_shows_alive_is_looked_into():
    result = plan(
        flag("a", email="ann@example.org", **DEAD),
        flag("b", email="ann@example.org", alive_at=day(20)),
        flag("c", email="ann@example.org"),
    )
    assert actions(result) == {"a": ("review", "alive_elsewhere")}
    assert result.decisions[0].other == "b"


def test_life_before_the_bounce_proves_nothing():
    result = plan(flag("a", email="ann@example.org", **DEAD), flag("b", email="ann@example.org", alive_at=day(2)))
    assert actions(result)["b"] == ("remove", "dead_elsewhere")


def remember(**memories):
    known = {f"{name}@example.org": memory for name, memory in memories.items()}
    return lambda emails: {email: known[email] for email in emails if email in known}


MEMORIES = [
    (Memory("no", "opt_out", day(1)), {}, ("suppress", "ledger_no")),
    (Memory("no", "objection", None), {"alive_at": day(40)}, ("suppress", "ledger_no")),
    (Memory("no", "opt_out", day(1)), DEAD, ("suppress", "ledger_no")),
    (Memory("dead", "hard_bounce_address", day(1)), {}, ("remove", "ledger_dead")),
    (Memory("dead", "hard_bounce_address", day(1)), DEAD, ("remove", "address_bounced")),
    (Memory("dead", "hard_bounce_address", day(1)), {"alive_at": day(2)}, None),
    (Memory("dead", "hard_bounce_address", None), {"alive_at": day(2)}, None),
    (Memory("left", "left_company", day(1)), {}, ("review", "ledger_left")),
    (Memory("left", "left_company", day(1)), FULL, ("hold", "bounce_on_hold")),
]


@pytest.mark.parametrize(("memory", "known", "expected"), MEMORIES)
def test_the_ledger_remembers_what_the_source_does_not(memory, known, expected):
    assert actions(plan(flag("a", **known), recall=remember(a=memory))).get("a") == expected


def allowed(**named):
    return Allowed(
        evidence="spoke on the phone", owner="Ann", expires=named.pop("expires", date(2026, 12, 31)), **named
    )


def test_an_exception_lifts_a_removal_and_a_pause():
    rows = flag("a", **DEAD), flag("b", outlook=UNLIKELY), flag("c", **DEAD)
    result = plan(*rows, allow=[allowed(contact="a"), allowed(email="b@example.org")])
    assert actions(result) == {"c": ("remove", "address_bounced")}
    assert [(row.state, row.lifted) for row in result.exempted] == [
        ("used", "address_bounced"),
        ("used", "unlikely_to_reply"),
    ]


@pytest.mark.parametrize("said", [{"opted_out": True}, {"unsubscribed_at": day(1)}, {"suppressed": "by hand"}])
def test_no_exception_lifts_an_opt_out(said):
    result = plan(flag("a", **said), allow=[allowed(contact="a"), allowed(email="A@example.org".lower())])
    assert actions(result)["a"][0] == "suppress"
    assert {row.state for row in result.exempted} == {"said_no"}


def test_no_exception_lifts_a_no_that_only_the_ledger_or_another_record_knows():
    memory = Memory("no", "opt_out", None)
    result = plan(flag("a"), allow=[allowed(contact="a")], recall=remember(a=memory))
    assert actions(result) == {"a": ("suppress", "ledger_no")}
    rows = flag("a", email="x@example.org", opted_out=True), flag("b", email="x@example.org", **DEAD)
    assert actions(plan(*rows, allow=[allowed(contact="b")]))["b"] == ("suppress", "said_no_elsewhere")


def test_an_exception_ends_with_its_last_day():
    for expires, state in ((date(2026, 3, 2), "used"), (date(2026, 3, 1), "expired")):  # as of 2 March
        result = plan(flag("a", **DEAD), allow=[allowed(contact="a", expires=expires)])
        assert [row.state for row in result.exempted] == [state]
        assert bool(actions(result)) is (state == "expired")


def test_an_exception_that_is_not_needed_or_names_nobody_is_told():
    result = plan(flag("a"), allow=[allowed(contact="a"), allowed(contact="nobody")])
    assert [row.state for row in result.exempted] == ["not_needed", "unknown"]


PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["x@example.org", "y@example.org", "x+t@example.org", None, "no address"]),
        st.sampled_from([{}, {"opted_out": True}, DEAD, {"alive_at": day(30)}, FULL, {"hard_bounce_reason": "SPAM"}]),
    ),
    max_size=6,
)


@PATIENT
@given(PEOPLE, st.permutations(range(6)))
def test_the_order_of_the_contacts_does_not_matter(people, order):
    rows = [flag(f"c{place}", email=email, **known) for place, (email, known) in enumerate(people)]
    shuffled = [rows[place] for place in order if place < len(rows)]
    one, other = plan(*rows), plan(*shuffled)
    assert actions(one) == actions(other)


@PATIENT
@given(PEOPLE, st.integers(0, 5))
def test_one_more_opt_out_suppresses_its_mailbox_and_changes_nobody_else(people, place):
    rows = [flag(f"c{number}", email=email, **known) for number, (email, known) in enumerate(people)]
    if place >= len(rows):
        return
    before, email = actions(plan(*rows)), rows[place].facts.email
    rows[place] = flag(f"c{place}", email=email, opted_out=True)
    after = actions(plan(*rows))
    for number, row in enumerate(rows):
        name, other = f"c{number}", row.facts.email
        if number == place or (email and other and same_mailbox(other) == same_mailbox(email)):
            assert after[name][0] == "suppress"
        else:
            assert after.get(name) == before.get(name)


@PATIENT
@given(PEOPLE)
def test_no_address_of_somebody_who_said_no_has_another_action(people):
    rows = [flag(f"c{number}", email=email, **known) for number, (email, known) in enumerate(people)]
    no = {same_mailbox(row.facts.email) for row in rows if row.facts.opted_out and row.facts.email}
    found = actions(plan(*rows))
    for row in rows:
        if row.facts.email and same_mailbox(row.facts.email) in no:
            assert found[row.facts.contact_id][0] == "suppress"
