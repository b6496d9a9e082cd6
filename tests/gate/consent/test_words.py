"""Every code of the decision, and everything in the legal table, has its words."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import get_args

import pytest

from hygiene.advice.legal import BasisKind, Regime, countries
from hygiene.advice.permission.types import CODES, STATUSES
from hygiene.facts.opt_outs import OptOutKind
from hygiene.gate.consent import words
from hygiene.reports.translate import Translator
from hygiene.resources import resource


def test_every_word_of_the_decision_has_a_sentence_and_no_other() -> None:
    assert set(words.WHY) == set(CODES)
    assert tuple(words.STATUS_WORDS) == STATUSES
    assert set(words.REGIME_WORDS) == set(get_args(Regime))
    assert set(words.BASIS_WORDS) == set(get_args(BasisKind))
    assert set(words.KIND_WORDS) == set(get_args(OptOutKind))


def test_every_condition_and_conflict_of_the_table_has_a_sentence_and_no_other() -> None:
    assert set(words.CONDITIONS) == {condition for row in countries() for condition in row.conditions}
    assert set(words.CONFLICTS) == {row.conflict for row in countries() if row.conflict}


def test_the_disclaimer_is_the_tables_own() -> None:
    table = tomllib.loads((resource("models") / "legal" / "countries.toml").read_text(encoding="utf-8"))
    assert table["disclaimer"] == words.DISCLAIMER.id


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_sentence_names_what_it_rests_on_and_says_that_a_basis_is_needed(code: str) -> None:
    said = Translator("en").text(
        words.why(
            code=code,  # type: ignore[arg-type]
            judged_by="CA",
            country="CA",
            country_from="column",
            hint=None,
            basis="enquiry",
            since=datetime(2026, 1, 2),
            months=6,
            expires_at=datetime(2026, 7, 2),
        )
    )
    assert ("documented basis" in said) == (CODES[code] == "needs_documented_basis" or code == "implied_ended")  # type: ignore[index]
    assert "forbidden" not in said
    assert "illegal" not in said
