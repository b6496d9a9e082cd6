from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.errors import SourceError
from tests.sources.folder import CONTACTS, OneTable

if TYPE_CHECKING:
    from pathlib import Path


def times(*values: str, **options: object) -> OneTable:
    """A table of contacts created at these times."""
    rows = "".join(f'c{number:03},"{value}"\n' for number, value in enumerate(values))
    return OneTable("contacts.csv", "contact_id,created_at\n" + rows, **options)


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-12", at(2024, 3, 12)),
        ("2024-03-12 09:14", at(2024, 3, 12, 9, 14)),
        ("2024/03/12 9:14", at(2024, 3, 12, 9, 14)),
        ("2024-03-12T09:14:05.250Z", at(2024, 3, 12, 9, 14, 5, 250_000)),
        ("2024-03-12T09:14:05,25", at(2024, 3, 12, 9, 14, 5, 250_000)),
        ("2024-03-12T09:14:05+02:00", at(2024, 3, 12, 7, 14, 5)),
        ("2016-08-14T02:08:58+0200", at(2016, 8, 14, 0, 8, 58)),
        ("2024-03-12 09:14:05 UTC", at(2024, 3, 12, 9, 14, 5)),
        ("2024-03-12 09:14:05 -05", at(2024, 3, 12, 14, 14, 5)),
        ("3/15/2024 2:30 PM", at(2024, 3, 15, 14, 30)),
        ("3/15/2024, 12:05:09 am", at(2024, 3, 15, 0, 5, 9)),
        ("31/12/2026", at(2026, 12, 31)),
        ("31.12.2026", at(2026, 12, 31)),
        ("31-12-2026 14:05", at(2026, 12, 31, 14, 5)),
        ("05/05/2026", at(2026, 5, 5)),
        ("1700000000", at(2023, 11, 14, 22, 13, 20)),
        ("1700000000123", at(2023, 11, 14, 22, 13, 20, 123_000)),
        ("\u00a02024-03-12\u202f", at(2024, 3, 12)),
    ],
)
def test_a_time_is_read_in_every_form_that_exports_use(text: str, moment: datetime) -> None:
    assert times(text).rows("created_at") == [moment]


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-02-30", "31/02/2026", "1969-12-31", "9999-12-31", "infinity", "12/03/24", "2024", "0"]
)
def test_what_is_no_time_is_rejected_and_the_row_stays(text: str) -> None:
    loaded = times(text)
    assert loaded.rows("created_at") == [None]
    assert loaded.rejects == [("contacts.csv", 2, "created_at", text, "bad_time")]


def test_a_time_without_a_zone_is_read_in_the_zone_of_the_settings() -> None:
    loaded = times("2026-01-15 09:00", "2026-07-15 09:00", "2026-07-15T09:00Z", timezone="Europe/Paris")
    assert loaded.rows("created_at") == [at(2026, 1, 15, 8), at(2026, 7, 15, 7), at(2026, 7, 15, 9)]


@settings(max_examples=8, deadline=None)
@given(moments=st.lists(st.datetimes(at(1971, 1, 1), at(2099, 1, 1)), min_size=1, max_size=20))
def test_zones_are_those_of_pythons_own_tables(moments: list[datetime]) -> None:
    # Python's zoneinfo is the other, independent copy of the same zone tables.
    moments = sorted({moment.replace(second=0, microsecond=0) for moment in moments})
    texts = [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
    utc = [moment.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(ZoneInfo("UTC")) for moment in moments]
    found = times(*texts, timezone="America/New_York").rows("created_at")
    # In the hour that the clocks repeat or skip either reading is right.
    assert all(
        abs(one - other.replace(tzinfo=None)) in (timedelta(0), timedelta(hours=1))
        for one, other in zip(found, utc, strict=True)
    )
    assert sum(one != other.replace(tzinfo=None) for one, other in zip(found, utc, strict=True)) <= 1


@pytest.mark.parametrize(
    ("values", "setting", "found", "form"),
    [
        (["02/01/2026", "31/01/2026"], "auto", [at(2026, 1, 2), at(2026, 1, 31)], ("DMY", "data")),
        (["02/01/2026", "01/31/2026"], "auto", [at(2026, 2, 1), at(2026, 1, 31)], ("MDY", "data")),
        (["02/01/2026"], "DMY", [at(2026, 1, 2)], ("DMY", "setting")),
        (["02/01/2026"], "MDY", [at(2026, 2, 1)], ("MDY", "setting")),
        (["02/01/2026", "31/01/2026"], "MDY", [at(2026, 2, 1), None], ("MDY", "setting")),
        (["02/02/2026"], "auto", [at(2026, 2, 2)], ("DMY", None)),
        (["01.03.2026", "1.3.2026 2:05 PM"], "auto", [at(2026, 3, 1), at(2026, 3, 1, 14, 5)], ("DMY", None)),
        (["01.03.2026"], "MDY", [at(2026, 3, 1)], ("DMY", None)),
        (["01.03.2026", "01/31/2026"], "auto", [at(2026, 3, 1), at(2026, 1, 31)], ("MDY, DMY", "data")),
        (["2026-01-02", "2026-01-02T00:00Z"], "auto", [at(2026, 1, 2)] * 2, ("ISO 8601", None)),
        (["1700000000123"], "auto", [at(2023, 11, 14, 22, 13, 20, 123_000)], ("epoch ms", None)),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_column_or_the_setting(
    values: list[str], setting: str, found: list[datetime | None], form: tuple[str, str | None]
) -> None:
    loaded = times(*values, date_order=setting)
    assert loaded.rows("created_at") == found
    reading = loaded.reading.columns[1]
    assert (reading.format, reading.format_from) == form


def test_an_undecidable_column_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(SourceError) as caught:
        times("02/01/2026", "03/04/2026", "05/05/2026")
    assert str(caught.value) == (
        'contacts.csv, column "created_at": "02/01/2026" may be day before month or month before day, and no value of '
        'the column decides it. Set date_order = "DMY" (or "MDY") in hygiene.toml, or give --date-order DMY.'
    )


def test_a_column_that_needs_both_orders_is_an_error_that_names_both_values() -> None:
    with pytest.raises(SourceError) as caught:
        times("31/01/2026", "02/28/2026")
    assert str(caught.value) == (
        'contacts.csv, column "created_at": "31/01/2026" is day before month and "02/28/2026" month before day. '
        'Write the column in one order, or set date_order = "DMY" (or "MDY") in hygiene.toml or --date-order.'
    )


def counts(*values: str) -> OneTable:
    """A table of contacts with these counters."""
    rows = "".join(f'c{number:03},"{value}"\n' for number, value in enumerate(values))
    return OneTable("contacts.csv", "contact_id,sends_since_engagement\n" + rows)


@pytest.mark.parametrize(
    ("values", "numbers", "form"),
    [
        (["0", "7", "1234"], [0, 7, 1234], None),
        (["1 234", "12\u00a0345", "1\u202f234\u202f567", "1'234"], [1234, 12345, 1234567, 1234], None),
        (["1,234", "12,345"], [1234, 12345], "thousands comma"),
        (["1.234", "5"], [1234, 5], "thousands point"),
        (["3.0", "4.00"], [3, 4], "decimal point"),
        (["3,0"], [3], "decimal comma"),
        (["1.000.000"], [1_000_000], "thousands point"),
        (["1.000", "2.345"], [1000, 2345], "thousands point"),
        (["1,000"], [1000], "thousands comma"),
        (["1.000"], [1000], "thousands point"),
    ],
)
def test_a_count_is_read_with_its_signs(values: list[str], numbers: list[int], form: str | None) -> None:
    loaded = counts(*values)
    assert loaded.rows("sends_since_engagement") == numbers
    assert loaded.reading.columns[1].format == form


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["-3"], "bad_count"),
        (["2.5"], "bad_count"),
        (["12,5 %"], "bad_count"),
        (["many"], "bad_count"),
        (["99999999999"], "bad_count"),
        (["1,5"], "bad_count"),
        (["1.000", "2.0"], "ambiguous_number"),
        (["2,000", "3,00"], "ambiguous_number"),
    ],
)
def test_what_is_no_count_is_rejected(values: list[str], code: str) -> None:
    loaded = counts(*values)
    assert loaded.rows("sends_since_engagement")[0] is None
    assert loaded.rejects == [("contacts.csv", 2, "sends_since_engagement", values[0], code)]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["true", "TRUE", "1", "yes", "Y", "Oui", "VRAI", "ja", "Wahr", "x", " X "], True),
        (["false", "0", "no", "Non", "FAUX", "nein", "Falsch", "n"], False),
    ],
)
def test_yes_and_no_are_read_in_three_languages(words: list[str], meant: bool) -> None:
    rows = "".join(f"e{n},c,s,q,2026-01-01,2026-01-02,{word}\n" for n, word in enumerate(words))
    header = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,replied\n"
    loaded = OneTable("enrollments.csv", header + rows)
    assert (loaded.rows("replied"), loaded.rejects) == ([meant] * len(words), [])


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Finished", "finished"),
        ("Terminé", "finished"),
        ("Beendet", "finished"),
        ("COMPLETED", "finished"),
        ("Finished (No Reply)", "finished"),
        ("Répondu", "replied"),
        ("REPLIED", "replied"),
        ("Finished (Replied)", "replied"),
        ("emailsReplied", "replied"),
        ("BOUNCED", "bounced"),
        ("-1", "bounced"),
        ("1", "active"),
        ("-2", "unsubscribed"),
        ("Opted Out", "unsubscribed"),
        ("INPROGRESS", "active"),
        ("En cours", "active"),
        ("meeting", "meeting"),
    ],
)
def test_outcomes_are_read_in_the_words_of_the_tools(word: str, outcome: str) -> None:
    header = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,outcome\n"
    loaded = OneTable("enrollments.csv", header + f"e,c,s,q,2026-01-01,{word}\n")
    assert loaded.rows("outcome") == [outcome]


@pytest.mark.parametrize(
    ("word", "verification"),
    [("Verified", "valid"), ("Extrapolated", "unknown"), ("Catch-all", "catch_all"), ("catch_all", "catch_all")],
)
def test_verifications_are_read_in_apollos_words(word: str, verification: str) -> None:
    loaded = OneTable("contacts.csv", f"contact_id,verification\nc,{word}\n")
    assert loaded.rows("verification") == [verification]


def test_an_unknown_word_is_rejected_and_an_optional_column_keeps_its_row() -> None:
    header = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,outcome\n"
    loaded = OneTable("enrollments.csv", header + "e,c,s,q,2026-01-01,telepathy\n")
    assert loaded.rows("outcome") == [None]
    assert loaded.rejects == [("enrollments.csv", 2, "outcome", "telepathy", "unknown_value")]


def test_a_bad_cell_in_a_needed_column_costs_the_row() -> None:
    header = "contact_id,sender_id,type,at\n"
    rows = "c1,s,sent,2026-01-01\nc2,s,telepathy,2026-01-01\nc3,s,sent,noon\n,s,sent,2026-01-01\n"
    loaded = OneTable("events.csv", header + rows)
    assert loaded.rows("type") == ["sent"]
    assert [reject[1:] for reject in loaded.rejects] == [
        (3, "type", "telepathy", "unknown_value"),
        (4, "at", "noon", "bad_time"),
        (5, "contact_id", None, "missing_value"),
    ]


def test_hostile_text_is_only_text() -> None:
    cell = "=cmd|' /C calc'!A0"
    loaded = OneTable("contacts.csv", f"contact_id,first_name,company\n../../c1,<script>alert(1)</script>,{cell}\n")
    assert loaded.rows("contact_id", "first_name", "company") == [("../../c1", "<script>alert(1)</script>", cell)]


def test_an_apostrophe_before_an_id_is_the_spreadsheets_and_goes() -> None:
    loaded = OneTable("contacts.csv", "contact_id,first_name\n'00123,'Ann\n")
    assert loaded.rows("contact_id", "first_name") == [("00123", "'Ann")]


def test_typed_parquet_columns_keep_their_meaning(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            f"""COPY (SELECT 7.0::DOUBLE AS contact_id, TIMESTAMPTZ '2026-01-01 10:00+02' AS created_at,
                       DATE '2026-02-01' AS verified_at, 1::TINYINT AS opted_out, 3::DOUBLE AS sends_since_engagement,
                       1700000000123::BIGINT AS last_sent_at)
                TO '{tmp_path / "contacts.parquet"}'"""
        )
    loaded = OneTable("contacts.parquet", (tmp_path / "contacts.parquet").read_bytes())
    columns = ("contact_id", "created_at", "verified_at", "opted_out", "sends_since_engagement", "last_sent_at")
    assert loaded.rows(*columns) == [
        ("7", at(2026, 1, 1, 8), at(2026, 2, 1), True, 3, at(2023, 11, 14, 22, 13, 20, 123_000))
    ]
    assert loaded.rejects == []


def test_a_plain_source_has_no_rejects() -> None:
    assert OneTable("contacts.csv", CONTACTS).rejects == []
