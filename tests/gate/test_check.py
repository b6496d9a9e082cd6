"""The check before a campaign: what each row, mail and history leads to, and the verdict that comes of it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hygiene.errors import SettingsError, SourceError
from hygiene.gate.batch_plan import BAD_PASSES
from hygiene.gate.ledger import open_ledger
from hygiene.gate.risk import hierarchy
from hygiene.gate.whole import STOP
from hygiene.settings import Settings, WaiverSetting
from tests.gate.making import END, TEMPLATE, check, finding, newcomers, person, reasons, team, write


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    people = [
        person(700, opted_out="true"),
        person(701, email="p701@gmail.com", opted_out="true"),
        person(702, hard_bounce_reason="UNKNOWN_USER"),
        person(703, hard_bounce_reason="POLICY"),
    ]
    running = {
        "enrollment_id": "r1",
        "contact_id": "c10",
        "sender_id": "ann",
        "sequence_id": "intro",
        "enrolled_at": "2026-06-28",
        "outcome": "active",
    }
    folder = tmp_path_factory.mktemp("team") / "source"
    team(folder, extra=people)
    path = folder / "enrollments.csv"
    columns = ("enrollment_id", "contact_id", "sender_id", "sequence_id", "enrolled_at", "ended_at", "outcome")
    path.write_text(path.read_text() + ",".join(str(running.get(name, "")) for name in columns) + "\n")
    return folder


def test_a_clean_list_is_a_go(source):
    report = check(source, newcomers(60), sender_id="ann")
    assert report.verdict == "go"
    assert report.kept == tuple(range(60))
    assert report.dropped == ()
    assert finding(report, "whole.sender") == "pass"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (person(700), "opted_out"),
        (person(9, email="P700@Company700.FR"), "opted_out"),
        (person(9, email="p700+news@company700.fr"), "opted_out"),
        (person(9, email="p.7.01@googlemail.com"), "opted_out"),
        (person(9, contact_id="c700", email=""), "opted_out"),
        (person(9, contact_id="new", opted_out="true"), "opted_out_in_list"),
        (person(9, contact_id="new", opted_out="peut-être"), "opted_out_in_list"),
        (person(702), "unknown_user"),
        (person(50), "address_bounced"),
        (person(9, contact_id="n", email="n@b.fr", hard_bounce_reason="550 5.1.1 no such user"), "bounced_in_list"),
        (person(9, contact_id="n", email=""), "no_address"),
        (person(9, contact_id="n", email="nobody"), "malformed_address"),
        (person(9, contact_id="n", email="ana@gmial.com"), "typo_domain"),
        (person(9, contact_id="n", email="ana@mailinator.com"), "disposable"),
        (person(9, contact_id="n", email="info@company9.fr"), "role_team"),
        (person(9, contact_id="n", email="no-reply@company9.fr"), "role_system"),
        (person(10), "in_sequence"),
        (person(36), "enrolled_recently"),
        (person(9, contact_id="n", email="ana@b.fr", language="de"), "other_language"),
        (person(9, contact_id="n", email="ana@b.fr", first_name=""), "broken_mail"),
        (person(9, contact_id="n", email="ana@b.fr", first_name="N/A"), "broken_mail"),
    ],
)
def test_each_row_that_must_not_be_sent_to_is_dropped_for_its_reason(source, row, reason):
    report = check(source, [*newcomers(20), row])
    assert report.verdict == "trim"
    assert reasons(report) == {reason: 1}
    assert report.dropped[0].line == 22


def test_a_bounce_that_is_the_senders_fault_costs_nobody_the_row(source):
    rows = [person(11), person(703), person(9, contact_id="x", email="other@b.fr", hard_bounce_reason="POLICY")]
    assert check(source, rows).verdict == "go"


@pytest.mark.parametrize(
    ("column", "cell", "other", "reason"),
    [
        ("opted_out", "true", "Ann.T+x@googlemail.com", "opted_out_in_list"),
        ("do_not_contact", "yes", "a.nnt@gmail.com", "do_not_contact_in_list"),
        ("hard_bounce_reason", "550 5.1.1 no such user", "ANNT@gmail.com", "bounced_in_list"),
        ("verification", "invalid", "annt@Gmail.com", "verified_invalid"),
    ],
)
@pytest.mark.parametrize("comes_first", [True, False])
def test_what_a_list_says_in_one_row_holds_for_the_others_of_that_person(
    source, column, cell, other, reason, comes_first
):
    fine = {**person(9, contact_id="n1", email="annt@gmail.com", opted_out=""), column: ""}
    told = {**person(9, contact_id="n2", email=other, opted_out=""), column: cell}
    report = check(source, [*newcomers(10), *((told, fine) if comes_first else (fine, told))])
    assert reasons(report) == {reason: 2}


def test_of_one_mailbox_only_one_row_is_kept(source):
    rows = [
        person(900, email="ana@gmail.com"),
        person(901, email="ANA@gmail.com "),
        person(902, email="a.n.a+x@googlemail.com"),
        person(903, email="ana@other.fr"),
    ]
    report = check(source, rows)
    assert reasons(report) == {"duplicate": 2}
    assert check(source, rows[::-1]).kept != ()


def test_ids_of_another_system_name_nobody(source):
    rows = [person(n, email=f"new{n}@elsewhere{n}.fr") for n in range(690, 720)]
    report = check(source, rows)
    assert report.verdict == "go"
    assert finding(report, "rows.opt_out") == "warn"


def test_what_the_list_lacks_the_source_fills_in(source):
    """A list of addresses alone: first name, language and country are those of the CRM."""
    rows = [
        {"email": person(number)["email"]} for number in range(80, 105)
    ]  # their sequences ended 16 days ago or before
    assert check(source, rows).verdict == "go"
    assert check(source, [{"email": "unknown@b.fr"}]).dropped[0].reason == "broken_mail"


def test_a_company_has_so_many_rows_as_the_settings_allow(source):
    rows = [person(900 + n, email=f"p{n}@one.fr") for n in range(8)]
    assert check(source, rows).verdict == "go"
    assert reasons(check(source, rows, settings={"max_per_company": 3})) == {"company_full": 5}


@pytest.mark.parametrize(
    ("text", "check_id", "status"),
    [
        (TEMPLATE, "template.tokens", "pass"),
        (TEMPLATE.replace("{{contact.firstname}}", "{{contact.frstname}}"), "template.tokens", "fail"),
        (TEMPLATE.replace("}},", "},"), "template.tokens", "fail"),
        (TEMPLATE.replace("{{contact.firstname}}", "[First Name]"), "template.tokens", "fail"),
        (TEMPLATE.replace("{{contact.firstname}}", "{{contact.city}}"), "template.tokens", "unknown"),
        (TEMPLATE.replace("Reply STOP and I will not write again.", ""), "template.opt_out", "fail"),
        (TEMPLATE.replace("A question", "Re: A question"), "template.subject", "fail"),
        (TEMPLATE.replace("A question", "A QUESTION FOR YOU"), "template.subject", "warn"),
        (TEMPLATE.replace("A question", ""), "template.subject", "warn"),
        (TEMPLATE.replace("A question", "A question " * 9), "template.subject", "warn"),
    ],
)
def test_the_mail_is_looked_at(source, tmp_path, text, check_id, status):
    (tmp_path / "mail.txt").write_text(text, encoding="utf-8")
    report = check(source, newcomers(20), template=tmp_path / "mail.txt")
    assert finding(report, check_id) == status
    verdicts = {"fail": "hold", "unknown": "unknown", "warn": "go", "pass": "go"}
    assert report.verdict == verdicts[status]


def test_a_field_that_only_the_list_has_is_looked_at_row_by_row(source, tmp_path):
    (tmp_path / "mail.txt").write_text(TEMPLATE + "{{contact.snippet}}", encoding="utf-8")
    rows = [{**row, "snippet": "you won" if place else ""} for place, row in enumerate(newcomers(10))]
    report = check(source, rows, template=tmp_path / "mail.txt")
    assert reasons(report) == {"broken_mail": 1}


@pytest.mark.parametrize(("country", "verdict"), [("France", "go"), ("United States", "hold"), ("Canada", "hold")])
def test_a_postal_address_is_asked_for_where_the_law_does(source, country, verdict):
    assert check(source, newcomers(20, country=country)).verdict == verdict


def test_a_mail_as_it_was_sent_shows_what_the_tool_adds(source, tmp_path):
    (tmp_path / "mail.txt").write_text("Subject: Hello\n\nHi {{contact.firstname}}, shall we talk?", encoding="utf-8")
    sent = "From: Ann <ann@seller.com>\nSubject: Hello\nContent-Type: text/html\n\n<p>Hi Ana</p><a href='https://x.example/unsubscribe?u=1'>no</a>"
    (tmp_path / "sent.eml").write_text(sent, encoding="utf-8")
    without = check(source, newcomers(20), template=tmp_path / "mail.txt")
    shown = check(source, newcomers(20), template=tmp_path / "mail.txt", eml=tmp_path / "sent.eml")
    assert (without.verdict, shown.verdict) == ("hold", "go")


def test_a_sequence_without_templates_leaves_the_check_unknown(source, tmp_path):
    folder = team(tmp_path / "bare", templates=[])
    report = check(folder, newcomers(20))
    assert report.verdict == "unknown"
    assert finding(report, "template.tokens") == "unknown"


def test_what_is_believed_of_a_new_source_moves_the_bounces_to_expect_and_no_row(tmp_path, monkeypatch):
    folder = team(tmp_path / "source", ended=900, bounced=range(0, 900, 60))
    rows = [*newcomers(80), *newcomers(200, 20_000, source="nova"), *newcomers(40, 30_000, source="atlas")]
    found = []
    for share in (0.0, 1.0):
        monkeypatch.setattr(hierarchy, "ELSEWHERE_SHARE", share)
        found.append(check(folder, rows, sender_id="ann"))
    assert found[0].verdict == found[1].verdict == "trim"
    assert found[0].kept == found[1].kept
    assert found[1].bounces.mean > 1.3 * found[0].bounces.mean


def test_the_bounces_to_expect_are_those_of_the_sender(tmp_path):
    back = [number for number in range(0, 1200, 2) if number % 12 == 0]  # every sixth of bob's, none of ann's
    folder = team(tmp_path / "source", ended=1200, bounced=back)
    rows, lax = newcomers(60, import_batch="new"), {"bounce_limit": 0.5}
    ann, bob, anybody = (check(folder, rows, sender_id=name, settings=lax).bounces for name in ("ann", "bob", None))
    assert ann.mean < anybody.mean < bob.mean
    assert bob.mean > 1.5 * ann.mean


def test_a_bad_sender_is_held_and_a_good_one_of_the_same_domain_is_not(tmp_path):
    folder = team(tmp_path / "source", ended=1200, bounced=range(0, 1200, 24))  # every 12th of bob's, none of ann's
    held = check(folder, newcomers(30), sender_id="bob")
    assert held.verdict == "hold"
    assert finding(held, "whole.sender") == "fail"
    assert finding(check(folder, newcomers(30), sender_id="ann"), "whole.sender") == "pass"


@pytest.mark.parametrize(("back", "status"), [((1, 3), "warn"), ((1, 3, 5), "fail")])
def test_two_bounces_of_twenty_emails_stop_nobody(tmp_path, back, status):
    report = check(team(tmp_path / "source", ended=20, bounced=back), newcomers(30), sender_id="ann")
    told = [one for one in report.findings if one.check in ("whole.sender", "whole.domain")]
    assert [one.status for one in told] == [status] * 2
    assert all(one.evidence["p_over_limit"] >= STOP for one in told)


def test_a_bad_batch_is_trimmed_and_the_rest_goes(tmp_path):
    rotten = range(3, 703, 10)  # a third of batch b3
    folder = team(tmp_path / "source", ended=2000, bounced=rotten)
    rows = newcomers(100)
    report = check(folder, rows)
    dropped = {rows[row.place]["import_batch"] for row in report.dropped}
    assert report.verdict == "trim"
    assert dropped == {"b3"}
    assert {row.reason for row in report.dropped} == {"over_budget"}
    assert report.price is not None
    assert report.price.mean > 0


def test_a_new_source_is_tried_first(source):
    rows = [*newcomers(40), *newcomers(300, first=20_000, source="vendor-x", import_batch="x1")]
    report = check(source, rows)
    assert report.verdict == "trim"
    assert reasons(report) == {"untested_source": 300 - 65}
    (plan,) = report.plans
    assert (plan.source, plan.rows, plan.size, plan.accept) == ("vendor-x", 300, 65, 2)
    kept = [rows[place] for place in report.kept]
    assert check(source, kept).verdict == "go"


@pytest.mark.parametrize(("back", "goes_on"), [(8, True), (12, False)])
def test_a_test_batch_is_as_large_as_the_rows_that_are_kept_of_it(tmp_path, back, goes_on):
    lately = [number for number in range(600) if number % 50 >= 35]
    folder = team(tmp_path / "source", bounced=lately[: back * 7 : 7])
    report = check(folder, newcomers(900, source="vendor-x", import_batch="x1"))
    (plan,) = report.plans
    assert (plan.rows, plan.size, plan.accept) == (900, len(report.kept), 0)
    assert 0 < plan.size < 65
    assert (plan.release > 0) == goes_on
    assert (dict(plan.passes)[0.08] <= BAD_PASSES) == goes_on


@pytest.mark.parametrize(("text", "status"), [("550 5.7.26 unauthenticated", "fail"), ("452 4.2.2 over quota", "pass")])
def test_a_sender_whose_mail_is_refused_is_held_and_no_contact_pays_for_it(tmp_path, text, status):
    events = []
    for number in range(600):
        keys = {"enrollment_id": f"e{number}", "contact_id": f"c{number}", "sequence_id": "intro", "step": 1}
        keys |= {
            "sender_id": "ann" if number % 2 else "bob",
            "at": f"{END - timedelta(days=60 - number % 50):%Y-%m-%d}",
        }
        kinds = [("sent", ""), *([("bounce", text)] if number % 50 > 40 and number % 2 else [])]
        events += [{**keys, "event_id": f"{number}{kind}", "type": kind, "detail": words} for kind, words in kinds]
    folder = team(tmp_path / "source", bounced=(), events=events)
    report = check(folder, newcomers(30), sender_id="ann")
    assert finding(report, "whole.refused") == status
    assert report.verdict == ("hold" if status == "fail" else "go")
    assert not report.dropped
    assert finding(check(folder, newcomers(30), sender_id="bob"), "whole.refused") == "pass"


def test_a_new_source_is_tried_first_however_alike_and_good_the_others_are(tmp_path):
    back = set(range(0, 2400, 120))
    people = [
        person(
            number, source=f"fair-{number % 12}", hard_bounce_reason="550 5.1.1 user unknown" if number in back else ""
        )
        for number in range(2400)
    ]
    folder = team(tmp_path / "source", 2400, back, contacts=people)
    report = check(folder, newcomers(300, source="vendor-x", import_batch="x1"))
    assert reasons(report) == {"untested_source": 300 - 65}


def test_without_any_history_only_a_test_batch_goes(tmp_path):
    contacts = write(tmp_path / "crm" / "contacts.csv", newcomers(5))
    (tmp_path / "mail.txt").write_text(TEMPLATE, encoding="utf-8")
    report = check(contacts.parent, newcomers(200), template=tmp_path / "mail.txt")
    assert len(report.kept) <= 65
    assert report.verdict in ("trim", "unknown")


def test_a_source_that_knows_no_opt_out_is_no_go(tmp_path):
    people = [{"contact_id": "c1", "email": "a@b.fr"}]
    folder = write(tmp_path / "crm" / "contacts.csv", people).parent
    (tmp_path / "mail.txt").write_text("Subject: Hello\n\nReply STOP and I will not write.", encoding="utf-8")
    report = check(folder, [{"email": "x@y.fr"}], template=tmp_path / "mail.txt")
    assert report.verdict == "unknown"
    assert finding(report, "rows.opt_out") == finding(report, "rows.bounced") == "unknown"


def test_whoever_is_in_the_ledger_is_dropped(source, tmp_path):
    path, key = tmp_path / "ledger.jsonl", tmp_path / "ledger.key"
    ledger = open_ledger(path, key, create=True)
    gone, moved = newcomers(2)
    ledger.add([ledger.entry(gone["email"], "opt_out"), ledger.entry(f"@{moved['email'].partition('@')[2]}", "legal")])
    settings = {"ledger": path, "ledger_key": key}
    report = check(source, newcomers(30), settings=settings)
    assert reasons(report) == {"in_ledger": 2}
    assert report.ledger_entries == 2
    key.write_text("00" * 32, encoding="utf-8")
    unread = check(source, newcomers(30), settings=settings)
    assert unread.verdict == "unknown"
    assert finding(unread, "rows.ledger") == "unknown"


def test_the_sources_suppressions_hold_for_people_it_does_not_know(tmp_path):
    path, key = tmp_path / "ledger.jsonl", tmp_path / "ledger.key"
    ledger = open_ledger(path, key, create=True)
    rows = newcomers(30)
    hashed = ledger.entry(rows[2]["email"], "opt_out").key
    suppressions = [
        {"email": rows[0]["email"].upper(), "reason": "asked", "at": "2026-01-02"},
        {"domain": rows[1]["email"].partition("@")[2], "reason": "customer"},
        {"key": hashed, "reason": "opt_out"},
    ]
    source = team(tmp_path / "source")
    write(source / "suppressions.csv", suppressions, ("email", "domain", "key", "reason", "at"))
    assert reasons(check(source, rows)) == {"suppressed": 2}
    assert reasons(check(source, rows, settings={"ledger": path, "ledger_key": key})) == {"suppressed": 3}


def _waived(check_id: str, expires: date = date(2099, 1, 1)) -> dict[str, object]:
    return {"waivers": (WaiverSetting(check_id, "Ann", "the tool adds it", expires),)}


def test_a_waiver_takes_the_effect_away_and_is_shown(source, tmp_path):
    (tmp_path / "mail.txt").write_text("Subject: Hello\n\nShall we talk?", encoding="utf-8")
    rows, mail = newcomers(20), tmp_path / "mail.txt"
    report = check(source, rows, template=mail, settings=_waived("template.opt_out"))
    assert report.verdict == "go"
    assert [state for _, state in report.waivers] == ["used"]
    expired = check(source, rows, template=mail, settings=_waived("template.opt_out", date(2026, 1, 1)))
    assert expired.verdict == "hold"
    assert [state for _, state in expired.waivers] == ["expired"]
    role = [person(9, contact_id="n", email="info@company9.fr")]
    assert check(source, role, settings=_waived("rows.role")).verdict == "go"


@pytest.mark.parametrize("check_id", ["rows.opt_out", "rows.ledger", "rows.bounced", "rows.address"])
def test_nobody_can_waive_an_opt_out(source, check_id):
    with pytest.raises(SettingsError, match="nobody can waive"):
        check(source, newcomers(3), settings=_waived(check_id))


def test_a_waiver_of_a_check_that_does_not_exist_is_an_error(source):
    with pytest.raises(SettingsError, match=r'"rows.rol", which is no check.*"rows.role"'):
        check(source, newcomers(3), settings=_waived("rows.rol"))


def test_names_that_do_not_exist_are_errors(source):
    with pytest.raises(SourceError, match=r'no sender "an".*"ann"'):
        check(source, newcomers(3), sender_id="an")
    with pytest.raises(SourceError, match=r'no sequence "intr".*"intro"'):
        check(source, newcomers(3), sequence_id="intr")


def test_the_order_of_the_rows_makes_no_difference(source):
    rows = [
        *newcomers(40),
        *newcomers(120, first=20_000, source="vendor-x", import_batch=""),
        *(person(number) for number in range(40, 60)),
        person(900, email="one@gmail.com"),
        person(901, email="o.ne@gmail.com"),
    ]
    first = check(source, rows)
    shuffled = rows.copy()
    random.Random(3).shuffle(shuffled)  # noqa: S311
    second = check(source, shuffled)
    assert first.verdict == second.verdict
    assert {rows[place]["email"] for place in first.kept} == {shuffled[place]["email"] for place in second.kept}


def test_a_list_of_nobody_is_held(source):
    assert check(source, [person(700)]).verdict == "hold"
    assert check(source, [], columns=["email"]).verdict == "hold"


def test_the_settings_of_a_test_are_those_of_a_user():
    assert replace(Settings(), mode="observe").mode == "observe"


@pytest.mark.parametrize("place", ["list", "source"])
def test_a_column_that_looks_like_an_opt_out_and_is_not_read_leaves_the_check_unknown(tmp_path, place):
    header = "Unsubscribed by telephone"
    source = team(tmp_path / "source")
    rows = newcomers(20)
    if place == "list":
        rows = [{**row, header: "yes"} for row in rows]
    else:
        path = source / "contacts.csv"
        path.write_text(
            "\n".join(f"{line},{'yes' if n else header}" for n, line in enumerate(path.read_text().splitlines()))
        )
    report = check(source, rows)
    assert report.verdict == "unknown"
    said = next(one for one in report.findings if one.check == "rows.opt_out")
    assert said.is_required
    assert said.message.args["names"].value == header
    report = check(source, [*rows, {**rows[0], "email": "new@b.fr", "contact_id": "n", "opted_out": "true"}])
    assert (report.verdict, reasons(report)) == ("unknown", {"opted_out_in_list": 1})


def test_hashed_suppressions_without_their_key_leave_the_check_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "here"))
    theirs = open_ledger(tmp_path / "theirs.jsonl", tmp_path / "theirs.key", create=True)
    entry = theirs.entry("p10003@company10003.fr", "opt_out")
    row = {"key": entry.key, "scope": "address", "key_id": theirs.own_hasher.key_id, "reason": "opt_out"}
    source = team(tmp_path / "source", suppressions=[row])
    assert check(source, newcomers(20)).verdict == "unknown"
    report = check(source, newcomers(20), settings={"ledger_key": tmp_path / "theirs.key"})
    assert (report.verdict, reasons(report)) == ("trim", {"suppressed": 1})


def test_an_id_alone_is_enough(source):
    rows = [{"contact_id": f"c{number}"} for number in range(80, 100)]
    assert check(source, rows).verdict == "go"
