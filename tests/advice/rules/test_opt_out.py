"""The rules on opt-outs and permission: who said no, how fast that was heeded, and on what basis one writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Suggestion
from hygiene.reports.translate import Translator
from hygiene.settings import Settings
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.types import Outcome
    from tests.advice.making import Rows

AS_OF = datetime(2026, 6, 1)
SETTINGS = Settings(as_of=AS_OF)
RUNNING = {"outcome": "active"}


def by_number(values: dict[int, Any], other: Any = None) -> Any:
    return lambda place: values.get(place, other)


def event(place: int, kind: str, at: datetime, detail: str | None = None) -> dict[str, Any]:
    return {
        "event_id": f"{kind}-{place}-{at:%d%H%M}",
        "enrollment_id": f"e{place}",
        "contact_id": f"c{place}",
        "sender_id": "ann",
        "sequence_id": "intro",
        "step": 1,
        "type": kind,
        "at": at,
        "detail": detail,
    }


def sent(number: int, at: datetime = START) -> Rows:
    return [event(place, "sent", at) for place in range(number)]


def said(found: Outcome) -> dict[tuple[int | None, str], Suggestion]:
    assert isinstance(found, Fired), found
    return {(row.sender_key, row.subject): row for row in found.suggestions}


def only(found: Outcome) -> Suggestion:
    ((_, suggestion),) = said(found).items()
    return suggestion


@pytest.mark.parametrize(("number", "steps"), [(1, ("this contact", "the opt-out")), (2, ("them", "their opt-out"))])
def test_one_contact_is_spoken_of_as_one_all_through(tmp_path: Path, number: int, steps: tuple[str, str]) -> None:
    case = make_case(
        tmp_path,
        SETTINGS,
        enrollments=enrolled(3, outcome="active"),
        contacts=people(3, opted_out=lambda place: "true" if place < number else None),
    )
    shown = [Translator("en").text(step) for step in only(ask("OPT-01", case)).steps]
    assert shown == [
        f"Take {steps[0]} out of every running sequence before the next step goes out.",
        f"Then have it checked why the sequence tool did not know of {steps[1]}.",
    ]


# --- OPT-01 -----------------------------------------------------------------------------------------------------------
def test_who_said_no_and_is_still_enrolled_is_named_to_the_sender_of_the_enrollment(tmp_path: Path) -> None:
    case = make_case(
        tmp_path,
        SETTINGS,
        enrollments=enrolled(8, sender_id=lambda place: ("ann", "bob")[place % 2], **RUNNING),
        contacts=people(8, opted_out=by_number({0: "true"}), do_not_contact=by_number({1: "true", 2: "true"})),
        suppressions=[{"email": "person3@company3.example", "reason": "competitor"}],
    )
    found = said(ask("OPT-01", case))
    ann, bob = found[(1, "contact-list:opted-out")], found[(2, "contact-list:opted-out")]
    assert len(found) == 2
    assert ann.rows == (ContactRow("c0", "opted_out"), ContactRow("c2", "do_not_contact"))
    assert bob.rows == (ContactRow("c1", "do_not_contact"), ContactRow("c3", "suppressed"))
    assert ann.evidence == {"contacts": 2, "running_enrollments": 2, "opted_out": 1, "do_not_contact": 1}
    assert (ann.gain, ann.metric, ann.weight) == (None, "none", "gate")


def test_beyond_the_rows_looked_at_one_by_one_the_latest_sender_is_told(tmp_path: Path) -> None:
    case = make_case(tmp_path, SETTINGS, enrollments=enrolled(3, **RUNNING), contacts=people(3, opted_out="true"))
    rows = case.enrolled.rows
    cut = replace(case, enrolled=replace(case.enrolled, rows=rows[rows["contact_id"].eq("c1")]))
    assert only(ask("OPT-01", cut)).evidence["contacts"] == 3


def test_who_said_no_and_is_enrolled_no_more_is_left_in_peace(tmp_path: Path) -> None:
    outcome = by_number({0: "finished", 1: "unsubscribed"}, "active")
    opted_out = by_number({0: "true", 1: "true"})
    case = make_case(
        tmp_path, SETTINGS, enrollments=enrolled(5, outcome=outcome), contacts=people(5, opted_out=opted_out)
    )
    assert ask("OPT-01", case) == Clear(3)


def test_where_nobody_is_enrolled_the_question_does_not_arise(tmp_path: Path) -> None:
    ended = make_case(tmp_path / "ended", SETTINGS, enrollments=enrolled(3), contacts=people(3, opted_out="true"))
    assert isinstance(ask("OPT-01", ended), NotApplicable)
    contacts = make_case(tmp_path / "contacts", contacts=people(3, opted_out="true"))
    assert isinstance(ask("OPT-01", contacts), NotApplicable)


# --- OPT-02 -----------------------------------------------------------------------------------------------------------
ASKS = "Please remove me from your list and do not contact me again."


def requests(folder: Path, **columns: Any) -> Outcome:
    """Contact 0 asks in words, contact 1 unsubscribes, contact 2 replies kindly."""
    later = START + timedelta(days=1)
    events = [
        *sent(4),
        event(0, "reply", later, ASKS),
        event(1, "unsubscribe", later),
        event(2, "reply", later, "Thanks, let us talk on Tuesday."),
    ]
    return ask(
        "OPT-02", make_case(folder, SETTINGS, enrollments=enrolled(4), events=events, contacts=people(4, **columns))
    )


def test_a_request_that_the_crm_does_not_know_is_named(tmp_path: Path) -> None:
    found = only(requests(tmp_path, opted_out="false"))
    assert found.rows == (ContactRow("c0", "asked_out"), ContactRow("c1", "unsubscribed"))
    assert found.evidence == {"contacts": 2, "asked_in_reply": 1, "unsubscribed": 1, "requests": 2}
    assert found.sender_key == 1


def test_without_a_column_of_opt_outs_only_the_request_in_words_is_named(tmp_path: Path) -> None:
    assert only(requests(tmp_path)).rows == (ContactRow("c0", "asked_out"),)


def test_a_request_that_the_crm_knows_is_heard(tmp_path: Path) -> None:
    assert requests(tmp_path / "row", opted_out=by_number({0: "true", 1: "true"}, "false")) == Clear(2)
    assert requests(tmp_path / "mark", do_not_contact="true", opted_out="false") == Clear(2)


def test_without_replies_or_events_nothing_is_said_of_requests(tmp_path: Path) -> None:
    silent = make_case(tmp_path / "silent", SETTINGS, enrollments=enrolled(3), events=sent(3))
    assert isinstance(ask("OPT-02", silent), NotApplicable)
    assert isinstance(ask("OPT-02", make_case(tmp_path / "none", enrollments=enrolled(3))), NotApplicable)


# --- OPT-03 -----------------------------------------------------------------------------------------------------------
FRIDAY = datetime(2026, 3, 6, 12)


def clock(folder: Path, hours: dict[int, float], **columns: Any) -> Outcome:
    """Five contacts unsubscribe on a Friday at noon; some get another email so many hours later."""
    events = [*sent(5), *(event(place, "unsubscribe", FRIDAY) for place in range(5))]
    events += [event(place, "sent", FRIDAY + timedelta(hours=more)) for place, more in hours.items()]
    contacts = people(5, opted_out="true", **columns)
    return ask("OPT-03", make_case(folder, SETTINGS, enrollments=enrolled(5), events=events, contacts=contacts))


def test_a_slow_stop_is_timed_from_the_first_request_to_the_last_email(tmp_path: Path) -> None:
    found = only(clock(tmp_path, {0: 24, 1: 72, 2: 96}))
    assert found.rows == (ContactRow("c2", "96 h"), ContactRow("c1", "72 h"), ContactRow("c0", "24 h"))
    expected = {"requests": 5, "written_to_later": 3, "share_written_to_later": 0.6, "median_hours": 72.0}
    expected |= {"longest_hours": 96.0, "over_48_hours": 2, "over_10_business_days": 0}
    assert found.evidence == expected
    assert (found.sender_key, found.rule.owner) == (None, "ops")


def test_one_email_after_ten_business_days_is_too_late_whatever_the_median(tmp_path: Path) -> None:
    days = 14 * 24  # from a Friday to a Friday: ten business days
    assert clock(tmp_path / "in-time", {0: 1, 1: 2, 2: days}) == Clear(5)
    found = only(clock(tmp_path / "late", {0: 1, 1: 2, 2: days + 3 * 24}))
    assert found.evidence["over_10_business_days"] == 1
    assert found.evidence["median_hours"] == 2.0


def test_the_crms_own_date_counts_and_a_new_consent_ends_the_request(tmp_path: Path) -> None:
    earlier = FRIDAY - timedelta(hours=30)
    assert only(clock(tmp_path / "crm", {0: 24}, opted_out_at=by_number({0: earlier}))).evidence["median_hours"] == 54.0
    anew = by_number({0: FRIDAY + timedelta(hours=80)})
    assert clock(tmp_path / "anew", {0: 96}, consent_at=anew) == Clear(5)
    assert only(clock(tmp_path / "before", {0: 72}, consent_at=anew)).evidence["median_hours"] == 72.0


def test_a_complaint_and_a_suppression_start_the_clock_unless_it_is_for_a_bounce(tmp_path: Path) -> None:
    def late(folder: str, reason: str | None, kind: str = "open") -> Outcome:
        later = FRIDAY + timedelta(hours=90)
        events = [*sent(2), event(1, kind, FRIDAY), event(0, "sent", later), event(1, "sent", later)]
        suppressions = [{"email": "person0@company0.example", "reason": reason, "at": FRIDAY}]
        tables = {"enrollments": enrolled(2), "events": events, "contacts": people(2), "suppressions": suppressions}
        return ask("OPT-03", make_case(tmp_path / folder, SETTINGS, **tables))

    assert [row.contact_id for row in only(late("asked", "asked in writing")).rows] == ["c0"]
    assert [row.contact_id for row in only(late("empty", None)).rows] == ["c0"]
    assert [row.contact_id for row in only(late("complained", "Hard bounce", "complaint")).rows] == ["c1"]
    assert isinstance(late("bounced", "Hard bounce"), NotApplicable)


def test_a_request_with_a_day_and_no_time_counts_from_the_end_of_that_day(tmp_path: Path) -> None:
    def hours(folder: str, more: float) -> Outcome:
        events = [*sent(1), event(0, "sent", datetime(2026, 3, 6) + timedelta(hours=more))]
        contacts = people(1, opted_out="true", opted_out_at="2026-03-06")
        return ask(
            "OPT-03", make_case(tmp_path / folder, SETTINGS, enrollments=enrolled(1), events=events, contacts=contacts)
        )

    assert hours("same-day", 20) == Clear(1)
    assert hours("two-days", 24 + 47) == Clear(1)
    assert only(hours("three-days", 24 + 49)).evidence["median_hours"] == 49.0


def test_requests_that_are_heeded_in_time_are_clear_and_without_a_date_nothing_is_timed(tmp_path: Path) -> None:
    assert clock(tmp_path / "heeded", {}) == Clear(5)
    assert clock(tmp_path / "soon", {0: 47.9}) == Clear(5)
    undated = make_case(
        tmp_path / "undated", enrollments=enrolled(2), events=sent(2), contacts=people(2, opted_out="true")
    )
    assert isinstance(ask("OPT-03", undated), NotApplicable)
    assert isinstance(ask("OPT-03", make_case(tmp_path / "none", enrollments=enrolled(2))), NotApplicable)


# --- OPT-05 -----------------------------------------------------------------------------------------------------------
CONSENT = "Freely given consent from contact"
INTEREST = "Legitimate interest – prospect/lead"


def bases(folder: Path, number: int, settings: Settings = SETTINGS, *, running: int = 0, **columns: Any) -> Outcome:
    """Contacts made half a year before the moment of the run; the first `running` are in running enrollments."""
    columns = {"created_at": AS_OF - timedelta(days=180), "legal_basis": INTEREST, **columns}
    outcome = lambda place: "active" if place < running else "finished"  # noqa: E731
    enrollments = enrolled(number, outcome=outcome, sender_id=lambda place: ("ann", "bob")[place % 2])
    return ask("OPT-05", make_case(folder, settings, enrollments=enrollments, contacts=people(number, **columns)))


def test_a_country_that_asks_for_consent_needs_a_documented_basis(tmp_path: Path) -> None:
    country = by_number(
        {0: "Germany", 1: "Allemagne", 2: "DE", 3: "Deutschland", 4: "Österreich", 5: "Italie"}, "France"
    )
    basis = by_number({1: CONSENT, 3: None}, INTEREST)
    found = said(bases(tmp_path, 8, running=1, country=country, legal_basis=basis))
    germany = found[(None, "country:DE")]
    assert germany.rows == (ContactRow("c0", "no_basis"), ContactRow("c3", "no_basis"), ContactRow("c2", "no_basis"))
    expected = {"contacts": 3, "in_running_enrollments": 1, "no_basis": 3, "consent_expired": 0, "no_sign_of_life": 0}
    assert germany.evidence == expected | {"consent_withdrawn": 0, "with_another_basis": 2}
    assert set(found) == {
        (None, "country:DE"),
        (None, "country:AT"),
        (None, "country:IT"),
        (1, "contact-list:no-basis"),
    }
    assert found[(1, "contact-list:no-basis")].rows == (ContactRow("c0", "no_basis"),)
    assert germany.rule.owner == "legal"
    # Written as each reader writes it, not as the export happens to.
    assert "3 contacts in Germany" in Translator("en").text(germany.advice)
    assert "3 contacts (pays\u00a0: Allemagne)" in Translator("fr").text(germany.advice)
    (alone,) = found[(1, "contact-list:no-basis")].steps
    assert "how this contact agreed" in Translator("en").text(alone)


@pytest.mark.parametrize(
    "columns",
    [
        {"legal_basis": CONSENT},
        {"legal_basis": "Consentement libre du contact"},
        {"legal_basis": "Einwilligung"},
        {"legal_basis": "Legitimate interest – existing customer"},
        {"legal_basis": None, "consent_at": AS_OF - timedelta(days=90)},
        {"country": "France"},
        {"country": "United States"},
        {"country": "Suisse"},
        {"country": "Belgium", "email": lambda place: f"info@company{place}.example"},
    ],
    ids=" ".join,
)
def test_whoever_has_a_basis_or_needs_none_is_not_counted(columns: dict[str, Any], tmp_path: Path) -> None:
    assert bases(tmp_path, 4, running=2, **{"country": "Germany", **columns}) == Clear(4)


@pytest.mark.parametrize(
    "columns",
    [
        {"legal_basis": "No consent", "consent_at": AS_OF - timedelta(days=90)},
        {"legal_basis": "Not applicable"},
        {"country": "Germany", "email": lambda place: f"info@company{place}.example"},
    ],
    ids=" ".join,
)
def test_what_says_that_there_is_none_is_no_basis(columns: dict[str, Any], tmp_path: Path) -> None:
    found = said(bases(tmp_path, 4, **{"country": "Germany", **columns}))
    assert found[(None, "country:DE")].evidence["no_basis"] == 4


@pytest.mark.parametrize(
    ("basis", "months", "has_expired"),
    [
        ("Purchase", 25, True),
        ("Purchase", 23, False),
        ("Inquiry", 7, True),
        ("Inquiry", 5, False),
        ("Express consent", 60, False),
        (INTEREST, 60, False),
    ],
)
def test_an_implied_consent_in_canada_runs_out(basis: str, months: int, has_expired: bool, tmp_path: Path) -> None:
    at = AS_OF - timedelta(days=30.5 * months)
    found = bases(tmp_path, 3, country="Canada", legal_basis=basis, consent_at=at)
    if has_expired:
        assert only(found).evidence["consent_expired"] == 3
    else:
        assert found == Clear(3)


def test_after_three_years_without_a_sign_of_life_the_data_are_too_old_and_an_open_is_none(tmp_path: Path) -> None:
    old, lately = AS_OF - timedelta(days=3 * 365 + 10), AS_OF - timedelta(days=60)
    found = bases(
        tmp_path,
        6,
        country="France",
        created_at=by_number({5: lately}, old),
        last_opened_at=by_number({1: lately}),
        last_clicked_at=by_number({2: lately}),
        last_replied_at=by_number({3: lately}),
        legal_basis=by_number({4: "Client existant"}, INTEREST),
    )
    suggestion = only(found)
    assert suggestion.subject == "country:FR"
    assert {row.contact_id for row in suggestion.rows} == {"c0", "c1"}
    assert suggestion.evidence["no_sign_of_life"] == 2


def test_an_old_table_is_said_to_be_old(tmp_path: Path) -> None:
    late = replace(SETTINGS, as_of=datetime(2028, 1, 1))
    for folder, settings, warned in (("now", SETTINGS, False), ("late", late, True)):
        found = bases(tmp_path / folder, 2, settings, country="Germany", created_at=settings.as_of)
        steps = [step.id for step in only(found).steps]
        assert any("more than a year old" in step for step in steps) is warned


def test_without_countries_or_bases_nothing_is_said_of_permission(tmp_path: Path) -> None:
    assert isinstance(bases(tmp_path / "no-country", 3), NotApplicable)
    assert isinstance(bases(tmp_path / "elsewhere", 3, country="Atlantis"), NotApplicable)
    assert isinstance(bases(tmp_path / "no-basis", 3, country="Germany", legal_basis=None), NotApplicable)
    assert bases(tmp_path / "not-asked", 3, country="France", legal_basis=None) == Clear(3)


def test_who_may_not_be_written_to_anyway_needs_no_basis(tmp_path: Path) -> None:
    assert isinstance(bases(tmp_path, 3, country="Germany", opted_out="true"), NotApplicable)


# --- OPT-06 -----------------------------------------------------------------------------------------------------------
def sources(folder: Path, number: int, **columns: Any) -> Outcome:
    return ask("OPT-06", make_case(folder, SETTINGS, enrollments=enrolled(number), contacts=people(number, **columns)))


def test_a_bought_a_scraped_and_an_unknown_source_without_proof_are_named(tmp_path: Path) -> None:
    names = {0: "Fichier acheté Ventis", 1: "Fichier acheté Ventis", 2: "LinkedIn extraction", 3: "Inconnu", 4: None}
    basis = by_number({1: INTEREST})
    found = said(sources(tmp_path, 6, source=by_number(names, "Trade fair"), legal_basis=basis))
    assert set(found) == {
        (None, "source:Fichier acheté Ventis"),
        (None, "source:LinkedIn extraction"),
        (None, "source:unknown"),
    }
    bought = found[(None, "source:Fichier acheté Ventis")]
    assert bought.rows == (ContactRow("c0", "bought"),)
    assert bought.evidence == {
        "contacts": 1,
        "enrolled_from_source": 2,
        "in_running_enrollments": 0,
        "kind": "bought",
    }
    assert {row.contact_id for row in found[(None, "source:unknown")].rows} == {"c3", "c4"}


@pytest.mark.parametrize(
    "name",
    ["vendor-x", "ZoomInfo", "LinkedIn", "Webinar", "Not a purchased list", "Salon des achats", "Unknown Pleasures"],
)
def test_a_plain_name_gives_nothing_away(name: str, tmp_path: Path) -> None:
    assert sources(tmp_path, 4, source=name, legal_basis=by_number({0: INTEREST})) == Clear(4)


@pytest.mark.parametrize(
    "proof", [{"legal_basis": CONSENT}, {"consent_source": "Web form"}, {"consent_at": START}], ids=str
)
def test_a_bought_list_with_proof_is_clear(proof: dict[str, Any], tmp_path: Path) -> None:
    assert sources(tmp_path, 4, source="Purchased list May", **proof) == Clear(4)


def test_an_unknown_source_is_spoken_of_only_where_proof_could_stand(tmp_path: Path) -> None:
    assert sources(tmp_path / "no-column", 4, source=by_number({0: "Webinar"}, "unknown")) == Clear(4)
    assert isinstance(sources(tmp_path / "no-source", 4, legal_basis=INTEREST), NotApplicable)


# --- OPT-07 -----------------------------------------------------------------------------------------------------------
SUPPRESSED_AT = datetime(2026, 1, 1)


def suppressed(folder: Path, suppressions: Rows, number: int = 6, outcome: Any = "finished", **columns: Any) -> Outcome:
    columns = {"created_at": SUPPRESSED_AT - timedelta(days=30), **columns}
    enrollments = enrolled(number, outcome=outcome)
    contacts = people(number, **columns)
    return ask(
        "OPT-07", make_case(folder, SETTINGS, enrollments=enrollments, contacts=contacts, suppressions=suppressions)
    )


def test_a_suppressed_contact_that_came_back_or_is_enrolled_is_dropped(tmp_path: Path) -> None:
    names = [{"email": f"Person{place}@company{place}.example"} for place in range(3)]
    rows = [{**name, "domain": None, "reason": "asked", "at": SUPPRESSED_AT} for name in names]
    rows += [{"email": None, "domain": "company4.example", "reason": "", "at": None}]
    created = by_number({0: SUPPRESSED_AT + timedelta(days=3)}, SUPPRESSED_AT - timedelta(days=30))
    outcome = by_number({1: "active", 4: "active"}, "finished")
    found = only(suppressed(tmp_path, rows, created_at=created, outcome=outcome))
    assert [row.contact_id for row in found.rows] == ["c0", "c1", "c4"]
    assert found.rows[0].value == "asked"
    assert found.rows[2].value == "in_running_enrollment"
    expected = {"contacts": 3, "created_after_suppression": 1, "in_running_enrollments": 2, "unmatched_keys": 0}
    assert found.evidence == expected


def test_a_suppressed_contact_that_was_known_before_and_rests_is_clear(tmp_path: Path) -> None:
    rows = [{"email": "person0@company0.example", "reason": "asked", "at": SUPPRESSED_AT}]
    assert suppressed(tmp_path / "known", rows) == Clear(6)
    strangers = [{"email": "somebody@else.example", "reason": "asked", "at": SUPPRESSED_AT}]
    assert suppressed(tmp_path / "strangers", strangers) == Clear(6)


def test_without_suppressions_or_with_hashed_keys_only_nothing_can_be_compared(tmp_path: Path) -> None:
    none = make_case(tmp_path / "none", SETTINGS, enrollments=enrolled(2), contacts=people(2))
    assert isinstance(ask("OPT-07", none), NotApplicable)
    hashed = [{"key": "a" * 64, "reason": "asked", "at": SUPPRESSED_AT}]
    found = suppressed(tmp_path / "hashed", hashed)
    assert isinstance(found, NotApplicable)
    assert found.why.n == 1
