"""The page of `hygiene backtest` and the model card: every figure in its column, in both languages."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from types import SimpleNamespace

import pytest

from hygiene.flags.engagement.backtest import Backtest, Calibration, Origin, Ranking, RuleResult
from hygiene.reports.backtest import RULES, SCORES, as_moment, backtest_document, contact_blocks, model_card
from hygiene.reports.document import Bullets, CalibrationChart, Document, Note, Table
from hygiene.reports.html import render_page
from hygiene.reports.text import cell_text, render_text
from hygiene.reports.translate import PSEUDO, Translator
from hygiene.values import Count, Message, Percent, Points
from tests.flags.pauses.slow import Mail, stream_of
from tests.reports.test_translations import ENGLISH, outer_text

EN, FR = Translator("en"), Translator("fr", strict=True)
DAYS = 20_619  # 15 June 2026
MOMENTS = ("Jun 15, 2026", "Jul 27, 2026", "Sep 7, 2026")


def rankings(*aucs: float) -> tuple[Ranking, ...]:
    briers = (0.03, 0.04, None, 0.05)
    return tuple(Ranking(name, auc, brier) for name, auc, brier in zip(SCORES, aucs, briers, strict=True))


def result(*stacked: bool) -> Backtest:
    aucs = ((0.9, 0.8, 0.7, 0.5), (0.8, 0.7, 0.7, 0.5), (0.7, 0.9, 0.7, 0.5))
    origins = tuple(
        Origin(DAYS + 42.0 * at, 600 + at, (18, 1, 15)[at], is_stacked, rankings(*aucs[at]))
        for at, is_stacked in enumerate(stacked)
    )
    rules = tuple(
        RuleResult(name, judged=1_000, paused=100 * at, replied=50, lost=at, mails=3_000, saved=300 * at)
        for at, name in enumerate(RULES)
    )
    points = (Calibration(0.01, 1, 100, 0.002, 0.04), Calibration(0.2, 30, 100, 0.22, 0.39))
    return Backtest(origins, points, rules, budget=0.05) if origins else Backtest((), (), (), 0.05)


IMPORTED = SimpleNamespace(data_until=datetime(2026, 10, 30, 17, 59), tables={"contacts": 6_000, "events": 47_962})


def tables(back: Backtest) -> list[Table]:
    return [block for block in contact_blocks(back) if isinstance(block, Table)]


def shown(table: Table, translator: Translator = EN) -> list[list[str]]:
    return [[cell_text(cell, translator) for cell in row.cells] for row in table.rows]


def titles(table: Table, translator: Translator = EN) -> list[str]:
    return [translator.text(column.title) for column in table.columns]


# --- whom each rule pauses --------------------------------------------------------------------------------------------
def test_each_rule_stands_with_its_shares_of_what_it_could_lose_and_save() -> None:
    table, _ = tables(result(True, True, True))
    ours = dict(zip(titles(table), table.rows[3].cells, strict=True))
    assert cell_text(ours.pop("Rule"), EN) == "Ours, by costs"
    assert ours == {
        "Contacts judged": Count(1_000),
        "Paused": Count(300),
        "Replies lost": Count(3),
        "Share of the replies": Percent(3 / 50),
        "Emails saved": Count(900),
        "Share of the emails": Percent(900 / 3_000),
    }
    assert shown(table)[4][0] == "Ours, losing at most 5% of the replies"
    assert cell_text(table.note, EN).startswith("All 3 moments together")


# --- how well each way ranks ------------------------------------------------------------------------------------------
def test_each_way_of_ranking_is_a_row_and_each_moment_a_column() -> None:
    _, table = tables(result(True, True, True))
    assert titles(table) == ["Way", *(f"AUC {moment}" for moment in MOMENTS), "Mean AUC", "Mean Brier"]
    assert shown(table) == [
        ["Engagement model", "0.900", "0.800", "0.700", "0.800", "0.0300"],
        ["BG/BB alone", "0.800", "0.700", "0.900", "0.800", "0.0400"],
        ["Emails since the last reply", "0.700", "0.700", "0.700", "0.700", ""],
        ["The same rate for all", "0.500", "0.500", "0.500", "0.500", "0.0500"],
    ]
    assert titles(table, FR)[1:3] == ["AUC 15 juin 2026", "AUC 27 juil. 2026"]


def test_the_note_says_of_each_moment_how_many_were_judged_and_replied() -> None:
    _, table = tables(result(False, True))
    assert cell_text(table.note, EN) == (
        "Jun 15, 2026: 18 of 600 contacts judged replied; too little was known for more than BG/BB alone."
        " Jul 27, 2026: 1 of 601 contacts judged replied."
    )
    assert cell_text(table.note, FR) == (
        "15 juin 2026\u00a0: 18 contacts jugés sur 600 ont répondu\u00a0;"
        " on en savait trop peu pour plus que BG/BB seul."
        " 27 juil. 2026\u00a0: 1 contact jugé sur 601 a répondu."
    )


@pytest.mark.parametrize(
    ("stacked", "name"),
    [
        ((False, False), "Engagement model (too little data: BG/BB alone)"),
        ((False, True), "Engagement model"),
        ((True,), "Engagement model"),
    ],
)
def test_a_model_that_was_never_more_than_bgbb_is_named_so(stacked: tuple[bool, ...], name: str) -> None:
    _, table = tables(result(*stacked))
    assert len(table.columns) == len(stacked) + 3
    assert shown(table)[0][0] == name


# --- the rest ---------------------------------------------------------------------------------------------------------
def test_the_tenths_are_the_charts_points() -> None:
    (chart,) = (block for block in contact_blocks(result(True)) if isinstance(block, CalibrationChart))
    assert [(p.predicted, p.observed, p.low, p.high, p.trials) for p in chart.points] == [
        (0.01, 0.01, 0.002, 0.04, 100),
        (0.2, 0.3, 0.22, 0.39, 100),
    ]


def test_a_history_too_short_is_said_to_be_and_nothing_else_is() -> None:
    (note,) = contact_blocks(result())
    assert isinstance(note, Note)
    assert cell_text(note.sentence, EN).startswith("The history is too short to look back")


@pytest.mark.parametrize(
    ("days", "moment"),
    [(0.0, datetime(1970, 1, 1)), (DAYS + 0.5, datetime(2026, 6, 15, 12)), (-1.0, datetime(1969, 12, 31))],
)
def test_days_since_1970_are_a_moment(days: float, moment: datetime) -> None:
    assert as_moment(days) == moment


def card(back: Backtest, *, is_stacked: bool = True, data_hash: str = "0f" * 16) -> Document:
    pooled = SimpleNamespace(alpha_=0.553, beta_=11.044, gamma_=1.109, delta_=8.014)
    model = SimpleNamespace(
        sources_=SimpleNamespace(pooled=pooled),
        stack_=object() if is_stacked else None,
        contacts_=56_672,
        replies_=12_636,
        delay_=3.04,
    )
    return model_card(model, back, IMPORTED, data_hash)


def test_the_card_says_what_was_learned_from() -> None:
    text = render_text(card(result(True)), EN)
    for said in (
        "Fingerprint of the data (data_hash): 0f0f0f",
        "- BG/BB by list source with a hazard on top",
        "- Learned from 56,672 contacts with an email and 12,636 human replies.",
        "- An email counts as silence after 3.0 days",
        "- BG/BB of all: α 0.553, β 11.044, γ 1.109, δ 8.014.",
        "## Limits",
    ):
        assert said in text
    assert "- BG/BB alone with the shipped prior" in render_text(card(result(True), is_stacked=False), EN)


def pauses():
    from hygiene.flags.pauses.replay import replay

    return replay(stream_of([Mail(0)]), (), 0.0)


@pytest.mark.parametrize(
    "back", [result(True, True, True), result(False, True), result()], ids=["three", "two", "none"]
)
def test_no_english_is_left_in_french_and_no_word_escapes_translation(back: Backtest) -> None:
    for document in (
        card(back, data_hash="00"),
        card(back, is_stacked=False, data_hash="00"),
        backtest_document(back, pauses(), IMPORTED),
    ):
        french = render_text(document, FR)
        assert ENGLISH.findall(french.replace("Reply.io", "")) == []
        outside = outer_text(render_text(document, Translator(PSEUDO)))
        assert set(re.findall(r"[^\W\d_]+", outside)) <= {"Jun", "Jul", "Sep", "Oct", "UTC"}


def test_the_page_and_the_text_hold_the_same_rows() -> None:
    document = backtest_document(result(True, True, True), pauses(), IMPORTED)
    page, text = unescape(render_page(document, EN, depth=0)), render_text(document, EN)
    for table in tables(result(True, True, True)):
        for row in shown(table):
            for cell in row:
                assert cell in page
                assert cell in text


def test_every_word_for_how_to_read_it_is_a_sentence() -> None:
    (bullets,) = (block for block in contact_blocks(result(True)) if isinstance(block, Bullets))
    for item in bullets.items:
        assert isinstance(item, Message)
        assert cell_text(item, EN).endswith(".")


def test_a_mean_is_over_the_moments_alone() -> None:
    _, table = tables(result(True, True))
    assert table.rows[1].cells[-2:] == (Points(pytest.approx(0.75), 3), Points(pytest.approx(0.04), 4))
