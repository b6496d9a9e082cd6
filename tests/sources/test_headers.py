from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import SourceError
from hygiene.resources import resource
from hygiene.settings import Settings
from hygiene.sources import preview
from hygiene.sources.aliases import load_aliases, normalize_header
from hygiene.sources.headers import best_table, match_headers
from hygiene.sources.schema import INPUT
from tests.sources.folder import OneTable, write

if TYPE_CHECKING:
    from pathlib import Path


def columns(table: str, *headers: str) -> dict[str, str]:
    """Header by canonical column."""
    return {use.column: use.header for use in match_headers(table, headers, lambda _: ()).uses}


@pytest.mark.parametrize("table", INPUT)
def test_every_column_of_the_contract_is_known_by_its_own_name(table: str) -> None:
    assert columns(table, *INPUT[table]) == {name: name for name in INPUT[table]}


@pytest.mark.parametrize(
    ("table", "headers"),
    [
        (
            "contacts",  # HubSpot, labels
            {
                "Record ID": "contact_id",
                "First Name": "first_name",
                "Email": "email",
                "Country/Region": "country",
                "Create Date": "created_at",
                "Unsubscribed from all email": "opted_out",
                "Sends Since Last Engagement": "sends_since_engagement",
                "Legal basis for processing contact's data": "legal_basis",
            },
        ),
        (
            "contacts",  # HubSpot, internal names
            {
                "hs_object_id": "contact_id",
                "firstname": "first_name",
                "jobtitle": "job_title",
                "createdate": "created_at",
                "hs_email_optout": "opted_out",
                "hs_email_hard_bounce_reason_enum": "hard_bounce_reason",
                "hs_sales_email_last_opened": "last_opened_at",
            },
        ),
        ("contacts", {"ID du contact": "contact_id", "PRENOM": "first_name", "Adresse e-mail": "email"}),
        ("contacts", {"Kontakt-ID": "contact_id", "Vorname": "first_name", "E-Mail-Adresse": "email"}),
        (
            "contacts",  # Apollo
            {"Apollo Contact Id": "contact_id", "Title": "job_title", "Email Status": "verification"},
        ),
        (
            "contacts",  # Smartlead
            {"id": "contact_id", "is_unsubscribed": "opted_out", "company_name": "company"},
        ),
        ("contacts", {"id": "contact_id", "last replied": "last_replied_at", "last_contacted": "last_sent_at"}),
        ("enrollments", {"campaign_lead_map_id": "enrollment_id", "Campaign": "sequence_id", "lastState": "outcome"}),
        ("enrollments", {"enrolledBy": "sender_id", "enrolledAt": "enrolled_at", "toEmail": "contact_id"}),
        ("totals", {"Utilisateur": "sender_id", "Séquences terminées": "ended", "Réponses": "replied"}),
        (
            "events",  # lemlist
            {
                "_id": "event_id",
                "type": "type",
                "createdAt": "at",
                "sendUserEmail": "sender_id",
                "leadEmail": "contact_id",
                "campaignName": "sequence_id",
                "sequenceStep": "step",
            },
        ),
        ("suppressions", {"Email": "email", "createdAt": "at"}),
    ],
)
def test_headers_of_tools_and_languages_are_known(table: str, headers: dict[str, str]) -> None:
    assert columns(table, *headers) == {column: header for header, column in headers.items()}


def test_headers_match_whatever_their_case_accents_spaces_and_punctuation() -> None:
    spellings = ["Sender ID", "SENDER_ID", " sender-id ", "sénder.id", "senderId"]
    assert {normalize_header(spelling) for spelling in spellings} == {"senderid"}


def test_of_two_bounce_reasons_of_one_name_the_enumeration_wins() -> None:
    header = "Record ID,Email hard bounce reason,Email hard bounce reason\n"
    rows = "1,550 5.1.1 no such user,UNKNOWN_USER\n2,UNKNOWN_USER,MAILBOX_FULL\n"
    loaded = OneTable("contacts.csv", header + rows)
    assert loaded.rows("hard_bounce_reason") == ["UNKNOWN_USER", "MAILBOX_FULL"]


def test_where_the_enumeration_is_empty_its_words_count_in_the_other_column_too() -> None:
    header = "Record ID,Email hard bounce reason,hs_email_hard_bounce_reason\n"
    rows = "1,POLICY,\n2,,UNKNOWN_USER\n3,,550 5.1.1 no such user\n4,,\n"
    loaded = OneTable("contacts.csv", header + rows)
    assert loaded.rows("hard_bounce_reason") == ["POLICY", "UNKNOWN_USER", None, None]


def test_lemlists_activities_name_their_contacts_by_address() -> None:
    kinds = ["Sent", "Opened", "Clicked", "Replied", "Bounced", "Unsubscribed"]
    rows = "".join(f"lea_1,ann@one.example,emails{kind},2026-01-01T10:00Z,s@own.example\n" for kind in kinds)
    loaded = OneTable("events.csv", "leadId,leadEmail,type,createdAt,sendUserEmail\n" + rows)
    assert loaded.rows("type") == ["sent", "open", "click", "reply", "bounce", "unsubscribe"]
    assert set(loaded.rows("contact_id", "sender_id")) == {("ann@one.example", "s@own.example")}


def test_apollos_stage_and_unsubscription_are_read() -> None:
    rows = "a@x.example,true,Cold\nb@x.example,false,Do Not Contact\nc@x.example,,Replied\n"
    loaded = OneTable("contacts.csv", "Email,Email Unsubscribed,Stage\n" + rows)
    assert loaded.rows("opted_out", "do_not_contact") == [(True, False), (False, True), (False, False)]
    assert loaded.rejects == []


def test_unknown_columns_are_kept_out_and_named() -> None:
    loaded = OneTable("contacts.csv", "contact_id,Shoe size\nc1,42\n")
    reading = loaded.reading.columns[1]
    assert (reading.header, reading.column, reading.how) == ("Shoe size", None, "unknown")


def test_the_address_stands_for_the_id_in_a_file_without_one() -> None:
    loaded = OneTable("contacts.csv", "Email,First Name\nAnn@One.Example,Ann\nann@one.example,Ann\n")
    assert loaded.rows("contact_id") == ["ann@one.example"]
    assert loaded.reading.columns[0].how == "alias: e-mail address, as the file has no id"


def test_a_missing_column_lists_the_headers_and_the_nearest() -> None:
    with pytest.raises(SourceError) as caught:
        OneTable("enrollments.csv", "enrollment_id,contact_id,sendr_id,sequence_id,enrolled_at\n1,2,3,4,2026-01-01\n")
    assert str(caught.value) == (
        'enrollments.csv lacks the needed column sender_id (did you mean "sendr_id"?). Its headers are '
        '"enrollment_id", "contact_id", "sendr_id", "sequence_id", "enrolled_at": rename one, or run '
        "hygiene columns enrollments.csv to see how they are read."
    )


def test_several_missing_columns_are_named_together() -> None:
    with pytest.raises(SourceError) as caught:
        OneTable("totals.csv", "sender_id\nann\n")
    assert str(caught.value) == (
        'totals.csv lacks the needed columns ended, replied and bounced. Its headers are "sender_id": rename one, '
        "or run hygiene columns totals.csv to see how they are read."
    )


def test_rates_without_counts_are_refused_with_the_reason() -> None:
    text = "Utilisateur;Séquences terminées;Taux de réponse;Taux de rebond\nAnn;120;12,5 %;2 %\n"
    with pytest.raises(SourceError) as caught:
        OneTable("totals.csv", text)
    assert str(caught.value) == (
        'totals.csv gives rates ("Taux de réponse") without the counts replied and bounced: '
        "a rate without its denominator means nothing. Export the counts instead."
    )


def test_rates_beside_their_counts_are_only_kept_out() -> None:
    loaded = OneTable("totals.csv", "sender_id,ended,replied,bounced,reply rate\nann,120,10,2,8.5 %\n")
    assert loaded.rows("ended", "replied", "bounced") == [(120, 10, 2)]


def test_words_of_a_status_column_say_only_what_they_are_known_to_say() -> None:
    rows = "a@x.example,unsubscribed\nb@x.example,BLACKLISTED\nc@x.example,running\nd@x.example,-2\n"
    loaded = OneTable("contacts.csv", "email,status\n" + rows)
    assert loaded.rows("opted_out", "do_not_contact") == [
        (True, False),
        (False, True),
        (False, False),
        (True, False),
    ]
    assert loaded.rejects == []


@pytest.mark.parametrize(
    ("headers", "table"),
    [
        (["Record ID", "First Name", "Email"], "contacts"),
        (["Inscription", "ID d'inscription", "ID du contact", "Expéditeur", "Séquence", "Inscrit le"], "enrollments"),
        (["contact_id", "sender_id", "type", "at", "subject"], "events"),
        (["Sender", "Ended", "Replied", "Bounced"], "totals"),
    ],
)
def test_a_file_of_another_name_is_the_table_that_its_headers_fit_best(headers: list[str], table: str) -> None:
    assert best_table(headers) == table


def test_a_preview_tells_the_reading_of_any_file(tmp_path: Path) -> None:
    write(tmp_path, {"export 12.csv": "Record ID;Prénom;Create Date;?\n1;Zoé;02/01/2026;x\n"})
    reading = preview(tmp_path / "export 12.csv", Settings())
    assert (reading.table, reading.rows, reading.encoding, reading.separator) == ("contacts", 1, "utf-8", ";")
    assert [(column.column, column.how, column.format) for column in reading.columns] == [
        ("contact_id", "alias: HubSpot", None),
        ("first_name", "alias: HubSpot", None),
        ("created_at", "alias: HubSpot", "DMY or MDY"),
        (None, "unknown", None),
    ]
    assert preview(tmp_path / "export 12.csv", Settings(), table="senders").table == "senders"


@pytest.mark.parametrize(
    ("name", "table", "sentence"),
    [
        ("none.csv", None, "{folder}/none.csv is not a file: give one file, such as contacts.csv."),
        (
            "notes.txt",
            None,
            "notes.txt has no known suffix: one of .csv, .csv.gz, .tsv, .xlsx, .parquet, .jsonl is expected.",
        ),
        (
            "contacts.csv",
            "contact",
            (
                '"contact" is no table (did you mean "contacts"?): one of enrollments, events, totals, contacts, '
                "senders, sequences, templates, content, suppressions is expected."
            ),
        ),
    ],
)
def test_a_preview_that_cannot_be_says_why(tmp_path: Path, name: str, table: str | None, sentence: str) -> None:
    write(tmp_path, {"notes.txt": "x", "contacts.csv": "contact_id\n1\n"})
    with pytest.raises(SourceError) as caught:
        preview(tmp_path / name, Settings(), table)
    assert str(caught.value) == sentence.format(folder=tmp_path)


def test_every_alias_names_its_source() -> None:
    for entry in (resource("models") / "columns").iterdir():
        data = tomllib.loads(entry.read_text(encoding="utf-8"))
        groups = [group for groups in data.values() if isinstance(groups, list) for group in groups]
        assert groups, entry.name
        assert all(group.get("source") for group in groups), entry.name


def test_no_word_has_two_meanings() -> None:
    for entry in (resource("models") / "columns").iterdir():
        if entry.name == "values.toml":
            for kind, groups in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                words = [
                    (normalize_header(word) + word[:1] * (word[0] == "-"), group["value"])
                    for group in groups
                    for word in group["words"]
                ]
                meanings = dict(words)
                assert all(meanings[word] == value for word, value in words), kind


def test_every_choice_that_words_stand_for_exists() -> None:
    choices = {column.name: column.choices for table in INPUT.values() for column in table.values() if column.choices}
    words = load_aliases().words
    assert set(choices) <= set(words)
    for name, allowed in choices.items():
        assert set(words[name].values()) <= set(allowed), name
