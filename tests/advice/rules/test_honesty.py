"""The rules of honesty: too little data, counts that do not add up, replies that nobody exported."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Suggestion
from tests.advice.mails import mailed
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.types import Outcome
    from tests.advice.making import Rows


def only(found: Outcome) -> Suggestion:
    assert isinstance(found, Fired)
    (said,) = found.suggestions
    return said


def outcomes(replied: int, bounced: int) -> Any:
    return lambda place: "replied" if place < replied else "bounced" if place < replied + bounced else "finished"


# --- DAT-01 -----------------------------------------------------------------------------------------------------------
def test_a_new_sender_hears_how_many_enrollments_are_missing(tmp_path: Path) -> None:
    said = only(ask("DAT-01", make_case(tmp_path, enrollments=enrolled(60, outcome=outcomes(9, 0)))))
    assert said.evidence["ended"] == 60
    assert said.evidence["missing_for_hubspot"] == said.evidence["more_ended"] == 40
    assert sum(float(said.evidence[f"p_{band}"]) for band in ("low", "fair", "good", "excellent")) == pytest.approx(1)


def test_the_number_said_to_be_enough_is_enough(tmp_path: Path) -> None:
    few = make_case(tmp_path / "few", enrollments=enrolled(20, outcome=outcomes(1, 1)))
    assert few.scores.senders[0].status == "insufficient_evidence"
    more = int(only(ask("DAT-01", few)).evidence["more_ended"])
    times = (20 + more) / 20
    many = enrolled(20 + more, outcome=outcomes(round(times), round(times)))
    assert make_case(tmp_path / "many", enrollments=many).scores.senders[0].status == "scored"


def test_below_ten_ended_enrollments_at_least_ten_are_asked_for(tmp_path: Path) -> None:
    said = only(ask("DAT-01", make_case(tmp_path, enrollments=enrolled(4))))
    assert said.evidence["more_ended"] >= 6


def test_a_sender_with_enough_hears_nothing(tmp_path: Path) -> None:
    case = make_case(tmp_path, enrollments=enrolled(200, outcome=outcomes(20, 4)))
    assert ask("DAT-01", case) == Clear(1)


def test_contacts_alone_have_no_score(tmp_path: Path) -> None:
    assert isinstance(ask("DAT-01", make_case(tmp_path, contacts=people(5))), NotApplicable)


# --- DAT-02 -----------------------------------------------------------------------------------------------------------
def stale(number: int, days: int) -> Rows:
    """100 ended enrollments with 10 replies, and running ones that began so many days before the last of them."""
    rows = enrolled(100, outcome=outcomes(10, 2))
    running = enrolled(number, outcome="active", enrolled_at=START + timedelta(days=18 - days))
    return [*rows, *({**row, "enrollment_id": f"r{row['contact_id']}"} for row in running)]


def test_enrollments_that_never_end_are_counted_with_what_they_hide(tmp_path: Path) -> None:
    said = only(ask("DAT-02", make_case(tmp_path, enrollments=stale(20, days=90))))
    assert (said.subject, said.sender_key) == ("enrollments:never-ended", None)
    assert said.evidence == {
        "enrollments": 20,
        "share": pytest.approx(20 / 120),
        "days": 74,  # 14 as the others took, and 60
        "reply_rate": pytest.approx(10 / 98),
        "reply_rate_if_ended": pytest.approx(10 / 118),
    }
    assert {row.contact_id for row in said.rows} == {f"c{place}" for place in range(20)}


@pytest.mark.parametrize(("number", "days"), [(20, 70), (9, 90)])
def test_enrollments_that_still_may_end_are_no_fault(number: int, days: int, tmp_path: Path) -> None:
    assert ask("DAT-02", make_case(tmp_path, enrollments=stale(number, days))) == Clear(100 + number)


@pytest.mark.parametrize(("days", "is_told"), [(2, True), (9, False)])
def test_enrollments_taken_out_before_answers_come_are_told(days: int, is_told: bool, tmp_path: Path) -> None:
    def outcome(place: int) -> str:
        return "unenrolled" if place % 5 == 4 else outcomes(10, 2)(place)

    def ended_at(place: int) -> Any:
        return START + timedelta(hours=place) + timedelta(days=days if place % 5 == 4 else 14)

    found = ask("DAT-02", make_case(tmp_path, enrollments=enrolled(100, outcome=outcome, ended_at=ended_at)))
    if not is_told:
        assert found == Clear(100)
        return
    said = only(found)
    assert said.subject == "enrollments:taken-out-early"
    assert said.evidence["enrollments"] == 20
    assert said.evidence["reply_rate"] == pytest.approx(8 / 98)  # two of the first ten were taken out
    assert said.evidence["reply_rate_without"] == pytest.approx(8 / 78)


def two_senders(without: int, others: int, bounced: int) -> Rows:
    """`ann` without a bounce, `bob` with some."""
    return [
        *enrolled(without, sender_id="ann"),
        *(
            {**row, "enrollment_id": f"b{row['contact_id']}"}
            for row in enrolled(others, sender_id="bob", outcome=outcomes(0, bounced))
        ),
    ]


def test_a_spotless_sender_is_asked_whether_bounces_are_seen(tmp_path: Path) -> None:
    case = make_case(tmp_path, enrollments=two_senders(300, 300, 12))
    said = only(ask("DAT-02", case))
    assert (said.subject, case.facts.senders[said.sender_key or 0].sender_id) == ("bounces:unseen", "ann")
    assert said.evidence["p_luck"] == pytest.approx(0.96**300)


def test_where_bounces_are_rare_none_is_luck(tmp_path: Path) -> None:
    assert ask("DAT-02", make_case(tmp_path, enrollments=two_senders(100, 300, 1))) == Clear(400)


def test_a_team_without_any_bounce_is_told_once(tmp_path: Path) -> None:
    said = only(ask("DAT-02", make_case(tmp_path, enrollments=two_senders(120, 120, 0))))
    assert (said.sender_key, said.evidence["p_luck"]) == (None, pytest.approx(0.97**240))


def test_totals_that_contradict_the_enrollments_are_told(tmp_path: Path) -> None:
    totals = [{"sender_id": "ann", "ended": 180, "replied": 20, "bounced": 4}]
    case = make_case(tmp_path, enrollments=enrolled(200, outcome=outcomes(20, 4)), totals=totals)
    said = only(ask("DAT-02", case))
    assert (said.subject, said.evidence) == ("import:totals", {"senders": 1})


def test_contacts_alone_have_no_counts(tmp_path: Path) -> None:
    assert isinstance(ask("DAT-02", make_case(tmp_path, contacts=people(5))), NotApplicable)


# --- DAT-03 -----------------------------------------------------------------------------------------------------------
def opened(number: int, replies: int = 0) -> dict[str, Rows]:
    rows = enrolled(number, outcome="finished")
    events = mailed(rows, answered=lambda place: int(place < replies), opened=lambda place: place % 3 == 0)
    return {"enrollments": rows, "events": events}


def test_opens_without_any_reply_ask_for_the_replies(tmp_path: Path) -> None:
    said = only(ask("DAT-03", make_case(tmp_path, **opened(120))))
    assert (said.evidence["delivered"], said.evidence["opens_and_clicks"], said.sender_key) == (120, 40, None)


def test_few_enrollments_without_a_reply_prove_nothing(tmp_path: Path) -> None:
    found = ask("DAT-03", make_case(tmp_path, **opened(60)))
    assert isinstance(found, NotEnough)
    assert (found.have, found.need) == (60, 100)


def test_where_replies_are_known_engagement_is_judged_by_them(tmp_path: Path) -> None:
    assert ask("DAT-03", make_case(tmp_path, **opened(120, replies=6))) == Clear(1)


@pytest.mark.parametrize("often", [10, 60])
def test_a_sender_without_a_reply_is_told_where_luck_hardly_does_it(often: int, tmp_path: Path) -> None:
    rows = enrolled(900, sender_id=lambda place: ("ann", "bob", "cid")[place % 3])
    events = mailed(
        rows,
        answered=lambda place: int(place % 3 != 1 and place // 3 % often == 0),
        opened=lambda place: place % 5 == 0,
    )
    case = make_case(tmp_path, enrollments=rows, events=events)
    found = ask("DAT-03", case)
    if often == 60:  # five replies in 300: none is no wonder
        assert found == Clear(3)
        return
    said = only(found)
    assert case.facts.senders[said.sender_key or 0].sender_id == "bob"
    assert said.evidence["delivered"] == 300
    assert said.evidence["p_luck"] < 0.01


def test_without_events_no_open_misleads(tmp_path: Path) -> None:
    assert isinstance(ask("DAT-03", make_case(tmp_path, enrollments=enrolled(120))), NotApplicable)


def test_without_opens_or_clicks_nobody_is_judged_by_them(tmp_path: Path) -> None:
    rows = enrolled(120)
    assert isinstance(ask("DAT-03", make_case(tmp_path, enrollments=rows, events=mailed(rows))), NotApplicable)
