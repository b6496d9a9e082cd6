"""What must hold of the decision on permission, whatever the rows are."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.advice.legal import countries
from hygiene.advice.permission.types import CODES
from hygiene.gate.consent import SENDABLE, STATUSES, consent_of_rows
from hygiene.reports.translate import Translator
from tests.gate.consent.people import AS_OF, CONSENT, INTEREST

if TYPE_CHECKING:
    import random

few = settings(max_examples=40, deadline=None)  # an example is a data frame
TRANSLATORS = (Translator("en"), Translator("fr", strict=True))
RANK = {status: place for place, status in enumerate(STATUSES)}
HOSTILE = ("=1+1", "<script>alert(1)</script>", "%(country)s", "\x1b[31m", "’ OR 1=1", "\u202eabc", "x" * 300, " ")
moments = st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)).map(
    lambda at: at.replace(microsecond=0)
)
names = st.sampled_from(
    [None, "", "Atlantis", *HOSTILE, *(row.code for row in countries()), "Allemagne", "U.S.", "Canada"]
)
bases = st.sampled_from(
    [None, "", *HOSTILE, CONSENT, INTEREST, "Purchase", "Inquiry", "Published address", "None", "Kunde"]
)
domains = st.sampled_from(
    ["acme.com", "acme.de", "acme.fr", "acme.ca", "acme.us", "web.de", "acme.co.uk", "", *HOSTILE]
)
contacts = st.fixed_dictionaries(
    {
        "contact_id": st.sampled_from([None, *(f"c{place}" for place in range(40))]),
        "email": st.none() | st.builds("{}@{}".format, st.sampled_from(["ann", "info", "=cmd"]), domains),
        "country": names,
        "legal_basis": bases,
        "consent_at": moments,
        "consent_source": st.none() | st.sampled_from(HOSTILE),
        "created_at": moments,
        "last_own_contact_at": moments,
    }
)
OBJECTIONS: dict[str, Any] = {
    "opted_out": True,
    "opted_out_at": datetime(2026, 1, 1),
    "do_not_contact": True,
    "suppressed": "",
    "unsubscribed_at": datetime(2026, 1, 1),
    "asked_out_at": datetime(2026, 1, 1),
    "complained_at": datetime(2026, 1, 1),
    "legal_basis": "Consent withdrawn",
}


def judge(rows: list[dict[str, Any]], as_of: datetime = AS_OF) -> pd.DataFrame:
    return consent_of_rows(pd.DataFrame(rows), as_of, bases_known=True)


@few
@given(contacts, st.sampled_from(sorted(OBJECTIONS)), contacts)
def test_an_opt_out_is_objected_whatever_else_is_known(row: dict[str, Any], said: str, more: dict[str, Any]) -> None:
    added = {name: value for name, value in more.items() if name != said and value is not None}
    found = judge([{**row, **added, said: OBJECTIONS[said]}])
    assert found["status"].tolist() == ["objected"]


@few
@given(contacts, contacts, st.sampled_from(["opted_out", "do_not_contact", "legal_basis"]))
def test_whoever_said_no_in_one_row_said_it_in_each_row_of_the_address(
    one: dict[str, Any], other: dict[str, Any], said: str
) -> None:
    rows = [
        {**one, "contact_id": "a", "email": "Ann@acme.com"},
        {**other, "contact_id": "b", "email": " ann@ACME.com "},
    ]
    rows[1][said] = OBJECTIONS[said]
    assert judge(rows)["status"].tolist() == ["objected", "objected"]


@few
@given(st.lists(contacts, min_size=1, max_size=12), st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], chance: random.Random) -> None:
    places = list(range(len(rows)))
    chance.shuffle(places)
    found, shuffled = judge(rows), judge([rows[place] for place in places])
    shuffled.index = pd.Index(places)
    pd.testing.assert_frame_equal(found.drop(columns="why"), shuffled.sort_index().drop(columns="why"))
    assert found["why"].tolist() == shuffled.sort_index()["why"].tolist()


@few
@given(contacts, st.integers(0, 6000))
def test_what_has_expired_is_never_documented_again(row: dict[str, Any], days: int) -> None:
    now, later = judge([row])["status"][0], judge([row], AS_OF + timedelta(days=days))["status"][0]
    assert not (now == "expired" and later in SENDABLE)


@few
@given(contacts)
def test_the_domain_never_makes_a_status_better(row: dict[str, Any]) -> None:
    with_hint = judge([{**row, "email": "ann@acme.de"}])["status"][0]
    without = judge([{**row, "email": "ann@acme.com"}])["status"][0]
    assert RANK[with_hint] >= RANK[without]


@few
@given(st.lists(contacts, max_size=6))
def test_every_row_gets_a_status_a_code_and_a_sentence_in_both_languages(rows: list[dict[str, Any]]) -> None:
    found = judge(rows) if rows else consent_of_rows(pd.DataFrame(columns=["email"]), AS_OF)
    assert len(found) == len(rows)
    for status, code, why in zip(found["status"], found["code"], found["why"], strict=True):
        assert CODES[code] == status or (CODES[code], status) == ("documented", "expires_soon")
        for translator in TRANSLATORS:
            said = translator.text(why)
            assert said
            assert "%(" not in said
            assert "–." not in said, "a date that is not there must not be spoken of"


def test_texts_numbers_and_times_of_any_kind_are_read() -> None:
    frame = pd.DataFrame(
        {
            "contact_id": [1, 2.5, None],
            "email": ["a@acme.de", None, float("nan")],
            "country": ["Germany", pd.NA, 49],
            "opted_out": [True, None, pd.NA],
            "consent_at": ["2026-01-01T10:00:00+02:00", "no date", None],
            "created_at": pd.to_datetime(["2026-01-01", None, None], utc=True),
        },
        index=["x", "y", "z"],
    )
    found = consent_of_rows(frame, AS_OF)
    assert found["status"].tolist() == ["objected", "unknown_country", "unknown_country"]
    assert found["since"].iloc[0] == pd.Timestamp("2026-01-01 08:00:00")


def test_equal_rows_share_a_sentence_and_different_ones_do_not() -> None:
    base = {"email": None, "country": "CA", "legal_basis": "Purchase"}
    days = [datetime(2025, 7, 1), datetime(2025, 7, 1, 23), datetime(2025, 7, 2)]
    found = judge([{**base, "contact_id": str(at), "consent_at": at} for at in days])["why"].tolist()
    assert found[0] is found[1]
    said = [Translator("en").text(why) for why in found]
    assert said[0] == "Implied consent (customer or contract) of Jul 1, 2025: in Canada it holds until Jul 1, 2027."
    assert "Jul 2, 2027" in said[2]


def test_fifty_thousand_rows_take_less_than_a_second() -> None:
    frame = _many(50_000, np.random.default_rng(1))
    consent_of_rows(frame.head(10), AS_OF)
    start = time.process_time()
    found = consent_of_rows(frame, AS_OF)
    assert time.process_time() - start < 1.0
    assert len(found) == 50_000


def _many(number: int, chance: np.random.Generator) -> pd.DataFrame:
    def day() -> pd.Series:
        return pd.Timestamp("2022-06-01") + pd.Series(pd.to_timedelta(chance.integers(0, 1400, number), "D"))

    places = range(number)
    return pd.DataFrame(
        {
            "contact_id": [f"c{place}" for place in places],
            "email": [f"p{place}@company{place % 9000}.{('com', 'de', 'fr')[place % 3]}" for place in places],
            "country": [("France", "Germany", "US", "Canada", "BE", None)[place % 6] for place in places],
            "legal_basis": [(CONSENT, INTEREST, "Purchase", None)[place % 4] for place in places],
            "created_at": day(),
            "consent_at": day().where(chance.random(number) < 0.3),
            "opted_out": chance.random(number) < 0.05,
        }
    )


@pytest.mark.parametrize("status", STATUSES)
def test_the_many_rows_hold_every_status(status: str) -> None:
    found = consent_of_rows(_many(2000, np.random.default_rng(1)), AS_OF)
    assert status in set(found["status"])
