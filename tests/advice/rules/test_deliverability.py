"""The rules on delivery: authentication, the scope of the rules for bulk senders, and complaints."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.rules.deliverability.complaints import ENOUGH
from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Suggestion
from hygiene.settings import Settings
from tests.advice.making import START, ask, enrolled, make_case, people
from tests.advice.rules.test_bounces import DEAD, UNAUTHENTICATED, bounces

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.types import Outcome
    from tests.advice.making import Rows

SETTINGS = Settings(as_of=datetime(2026, 3, 1))
SENDERS = [
    {"sender_id": "ann", "email": "ann@acme.example"},
    {"sender_id": "bob", "email": "bob@news.acme.example"},
    {"sender_id": "cid", "email": "cid@other.example"},
]


def said(found: Outcome) -> dict[str, Suggestion]:
    assert isinstance(found, Fired), found
    return {row.subject: row for row in found.suggestions}


# --- DEL-01 -----------------------------------------------------------------------------------------------------------
def refused(folder: Path, texts: list[str | None]) -> Outcome:
    events = {"events": bounces(dict(enumerate(texts)))} if texts else {}
    return ask("DEL-01", make_case(folder, SETTINGS, enrollments=enrolled(20), contacts=people(20), **events))


def test_refusals_for_want_of_authentication_go_to_it_with_their_tickets(tmp_path: Path) -> None:
    spf = "550 5.7.23 SPF validation failed for this message"
    found = said(refused(tmp_path, [UNAUTHENTICATED, UNAUTHENTICATED, spf, DEAD, None]))["dns:authentication"]
    expected = {"bounced": 3, "senders": "ann", "last_month": "2026-01"}
    assert {name: found.evidence[name] for name in expected} == expected
    assert found.evidence["ticket_dmarc"] == 2
    assert found.evidence["ticket_spf"] == 1
    assert (found.sender_key, found.rule.owner, found.weight) == (None, "it", "gate")


def test_bounces_that_say_something_else_are_no_failure_of_the_records(tmp_path: Path) -> None:
    blocked = "550 5.7.1 Service unavailable, client host [192.0.2.1] blocked using Spamhaus"
    assert refused(tmp_path, [DEAD, DEAD, blocked]) == Clear(3)


def test_where_no_bounce_says_anything_nothing_is_known_and_that_is_no_pass(tmp_path: Path) -> None:
    for folder, texts in (("silent", [None, None]), ("none", [])):
        found = refused(tmp_path / folder, texts)
        assert isinstance(found, NotApplicable)
        assert "that is no pass" in found.why.id


# --- DEL-02 -----------------------------------------------------------------------------------------------------------
def mails(number: int, sender: Any, at: Any, kind: str = "sent") -> Rows:
    return [
        {
            "event_id": f"{kind}{place}",
            "enrollment_id": None,
            "contact_id": f"c{place % 50}",
            "sender_id": sender(place),
            "sequence_id": "intro",
            "step": place // 50 + 1,
            "type": kind,
            "at": at(place),
        }
        for place in range(number)
    ]


def bulk(folder: Path, number: int, domain: str = "gmail.com", days: int = 1, other: int = 0) -> Outcome:
    """Mails of one day and the next by two addresses of one domain; `other` of them by another domain."""

    def sender(place: int) -> str:
        return "cid" if place < other else ("ann", "bob")[place % 2]

    def at(place: int) -> datetime:
        return START + timedelta(days=place % days, seconds=place // days)

    contacts = people(50, email=lambda place: f"person{place}@{domain}")
    return ask(
        "DEL-02", make_case(folder, SETTINGS, events=mails(number, sender, at), contacts=contacts, senders=SENDERS)
    )


def test_five_thousand_mails_a_day_to_gmail_make_a_bulk_sender_sub_domains_added_up(tmp_path: Path) -> None:
    found = said(bulk(tmp_path, 5_000))["domain:acme.example"]
    assert found.evidence == {
        "most_sends_a_day": 5_000,
        "provider": "google",
        "day": "2026-01-05",
        "days_over": 1,
        "limit": 5_000,
    }
    assert found.sender_key is None


def test_fewer_a_day_another_domain_or_a_companys_own_domain_are_out_of_scope(tmp_path: Path) -> None:
    assert bulk(tmp_path / "fewer", 4_999) == Clear(4_999)
    assert bulk(tmp_path / "days", 6_000, "hotmail.fr", days=2) == Clear(3_000)
    assert bulk(tmp_path / "domains", 6_000, "yahoo.fr", other=2_000) == Clear(4_000)
    assert bulk(tmp_path / "company", 5_000, "gmail.company.example") == Clear(0)


def test_without_events_the_scope_is_not_known(tmp_path: Path) -> None:
    assert isinstance(ask("DEL-02", make_case(tmp_path, enrollments=enrolled(3))), NotApplicable)


# --- DEL-05 -----------------------------------------------------------------------------------------------------------
def complained(folder: Path, sent: int, complaints: int, bounced: int = 0) -> Outcome:
    def sender(place: int) -> str:
        return ("ann", "bob")[place % 2]

    def at(place: int) -> datetime:
        return START + timedelta(seconds=place)

    events = mails(sent, sender, at) + mails(complaints, sender, at, "complaint") + mails(bounced, sender, at, "bounce")
    contacts = people(50)
    return ask("DEL-05", make_case(folder, SETTINGS, events=events, contacts=contacts, senders=SENDERS))


def test_complaints_are_held_against_the_domain_with_their_uncertainty(tmp_path: Path) -> None:
    found = said(complained(tmp_path, 3_000, 30, bounced=100))
    assert list(found) == ["domain:acme.example"]
    stop = found["domain:acme.example"]
    assert (stop.evidence["complaints"], stop.evidence["delivered"]) == (30, 2_900)
    assert stop.evidence["complaint_rate"] == 30 / 2_900
    low, high, p_stop = (float(stop.evidence[name]) for name in ("rate_low", "rate_high", "p_over_stop"))
    # Beta(30.5, 3869.5): mean 0.78 %, standard deviation 0.141 points.
    assert low == pytest.approx(0.0056, abs=0.0001)
    assert high == pytest.approx(0.0103, abs=0.0001)
    assert p_stop > 0.999
    assert (stop.sender_key, stop.weight) == (None, "gate")


def test_above_a_thousandth_it_is_watched_and_not_stopped(tmp_path: Path) -> None:
    watch = said(complained(tmp_path, 4_000, 9))["domain:acme.example"]
    assert watch.weight == "high"
    assert 0.8 <= float(watch.evidence["p_over_watch"]) < 1
    assert float(watch.evidence["p_over_stop"]) < 0.95


def test_one_complaint_among_few_mails_is_no_alarm_but_too_few_to_tell(tmp_path: Path) -> None:
    found = complained(tmp_path, 300, 1)
    assert isinstance(found, NotEnough)
    assert (found.have, found.need) == (300, 11_490)


def test_enough_mails_with_few_complaints_are_well(tmp_path: Path) -> None:
    assert complained(tmp_path, 11_500, 2) == Clear(11_500)


def test_no_complaint_at_all_is_no_evidence_of_none(tmp_path: Path) -> None:
    assert isinstance(complained(tmp_path / "none", 500, 0), NotApplicable)
    assert isinstance(ask("DEL-05", make_case(tmp_path / "events", enrollments=enrolled(3))), NotApplicable)


def test_the_sample_size_is_that_of_the_normal_approximation() -> None:
    assert round(1.959964**2 * 0.003 * 0.997 / 0.001**2) == ENOUGH
