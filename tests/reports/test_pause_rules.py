"""The report of the pause rules: every figure in its column, in both languages."""

from __future__ import annotations

import re

import pytest

from hygiene.flags.pauses.replay import replay
from hygiene.flags.pauses.rules import pause_rules
from hygiene.reports.document import Bullets, Note, Table
from hygiene.reports.pause_rules import pause_rules_report, rule_words
from hygiene.reports.text import cell_text, table_lines
from hygiene.reports.translate import PSEUDO, Translator
from hygiene.values import Count, Percent
from tests.flags.pauses.slow import Mail, stream_of
from tests.reports.test_translations import ENGLISH, outer_text

ALARM = [Mail(0, at >= 5, at >= 5, at) for at in range(10)]
CALM = [Mail(1, list=at) for at in range(1_200)]


def report(*senders: list[Mail]):
    stream = stream_of(*senders) if senders else stream_of([Mail(0)])
    result = replay(stream, pause_rules(), 0.0)
    return result, list(pause_rules_report(result))


def test_each_figure_stands_in_its_column():
    result, blocks = report(ALARM + CALM, ALARM, CALM)
    table = blocks[0]
    assert isinstance(table, Table)
    titles = [column.title.id for column in table.columns]
    rows = {row.sort[0]: dict(zip(titles, row.cells, strict=True)) for row in table.rows}
    assert list(rows) == [rule.name for rule in pause_rules()]
    (superkabe,) = (found for found in result.rules if found.rule.name == "superkabe")
    assert (superkabe.stopped, superkabe.false, superkabe.not_judged) == (2, 1, 1)
    shown = rows["superkabe"]
    assert [shown[name] for name in ("Senders stopped", "False pauses", "Not judged", "Rightly")] == [
        Count(2),
        Count(1),
        Count(1),
        Count(0),
    ]
    assert shown["Emails lost"] == Count(superkabe.sends_lost)
    assert superkabe.sends_lost == 1_200


def test_the_second_table_shows_the_shares_of_the_healthy_and_of_the_bad():
    result, blocks = report(ALARM + CALM)
    table = blocks[-1]
    assert isinstance(table, Table)
    shares = result.simulated.shares["ours"]
    (ours,) = (row for row in table.rows if row.sort[0] == "ours")
    expected = [shares[rho][at] for at in (0, -1) for rho in (0.0, 0.02, 0.05)]
    assert list(ours.cells[1:]) == [Percent(share) for share in expected]


def test_without_events_only_the_known_truth_is_shown():
    result, _ = report()
    blocks = list(pause_rules_report(replay(stream_of([Mail(0)]), (), 0.0)))
    assert not isinstance(blocks[0], Note)
    empty = type(result)(**{**vars(result), "senders": 0})
    note, table = pause_rules_report(empty)
    assert isinstance(note, Note)
    assert isinstance(table, Table)


def words(blocks, translator):
    lines = []
    for block in blocks:
        if isinstance(block, Table):
            lines += table_lines(block, translator)
        elif isinstance(block, Bullets):
            lines += [cell_text(item, translator) for item in block.items]
    return "\n".join(lines)


def test_no_english_is_left_in_french_and_no_word_escapes_translation():
    _, blocks = report(ALARM + CALM, ALARM)
    names = {rule.owner for rule in pause_rules()}
    french = words(blocks, Translator("fr", strict=True))
    for name in names:
        french = french.replace(name, "")
    assert ENGLISH.findall(french) == []
    outside = outer_text(words(blocks, Translator(PSEUDO)))
    assert set(re.findall(r"[^\W\d_]+", outside)) <= {part for name in names for part in re.findall(r"\w+", name)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reply_io", "Reply.io: 8% or more within a day"),
        ("instantly", "Instantly: more than 1.8% of the last 100 emails, from 50 on"),
        ("superkabe_warns", "Superkabe, a warning only: 3 bounces within 60 emails"),
        ("sequenzy", "Sequenzy: 20 bounces, from 100 emails on more than 10%, from 500 emails on more than 5%"),
        ("ours", "Ours: more than 3% in 7 or 28 days, with a probability of 95%"),
    ],
)
def test_a_rule_is_said_in_one_line(name, said):
    (rule,) = (rule for rule in pause_rules() if rule.name == name)
    assert Translator("en").text(rule_words(rule)) == said
