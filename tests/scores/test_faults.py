from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.facts.types import BounceCause, Counts, Sender
from hygiene.scores.faults import faults
from hygiene.scores.score import score_all, score_level
from hygiene.scores.tracking import bounces_unseen
from hygiene.settings import Settings
from tests.canonical import day
from tests.scores.small_facts import DEFAULT, cell, facts_of

ANN = Sender(1, "ann", None, None, None, None, None)


def cause(sender: int, sequence: int, fault: str, bounced: int) -> BounceCause:
    return BounceCause(sender, sequence, day(0), None, "other", "unknown", fault, None, bounced)


def test_faults_are_summed_at_every_level():
    facts = facts_of([cell(1, 1, 1, 100, 5, 6), cell(1, 2, 1, 100, 5, 4), cell(2, 1, 1, 100, 5, 3)])
    causes = (cause(1, 1, "address", 4), cause(1, 1, "sender", 2), cause(1, 2, "sender", 4), cause(2, 1, "unknown", 3))
    scores = score_all(replace(facts, bounce_causes=causes), DEFAULT, Settings())
    assert scores.team.faults == (4, 6, 0, 0, 3)
    assert [score.faults for score in scores.senders] == [(4, 6, 0, 0, 0), (0, 0, 0, 0, 3)]
    assert [score.faults for score in scores.sequences] == [(4, 2, 0, 0, 3), (0, 4, 0, 0, 0)]
    assert [score.faults for score in scores.pairs] == [(4, 2, 0, 0, 0), (0, 4, 0, 0, 0), (0, 0, 0, 0, 3)]


@given(st.integers(0, 40), st.dictionaries(st.sampled_from(("address", "sender", "temporary")), st.integers(0, 9)))
def test_faults_sum_to_the_bounces(extra, known):
    bounced = extra + sum(known.values())
    assert sum(faults(bounced, Counter(known))) == bounced


def test_bounces_that_only_a_total_tells_of_are_nobody_s_known_fault():
    assert faults(5, None) == (0, 0, 0, 0, 5)


@pytest.mark.parametrize(
    ("counts", "sender", "suspect"),
    [
        (Counts(ended=100), ANN, True),
        (Counts(ended=99), ANN, False),
        (Counts(ended=100, bounced=1), ANN, False),
        (Counts(ended=100), ANN._replace(inbox="Google Workspace"), False),
        (Counts(ended=100), ANN._replace(inbox="Office 365"), False),
        (Counts(ended=100), ANN._replace(inbox="IMAP"), True),
        (Counts(ended=100), ANN._replace(email="ann@gmail.com"), False),
        (Counts(ended=100), ANN._replace(email="ann@outlook.com"), False),
        (Counts(ended=100), ANN._replace(email="ann@acme.com"), True),
        (Counts(ended=100), ANN._replace(email="ann@gmail.com", inbox="IMAP"), True),
        (Counts(ended=100), None, True),
    ],
)
def test_a_spotless_record_is_doubted_only_where_bounces_may_go_unseen(counts, sender, suspect):
    assert bounces_unseen(counts, sender) is suspect


def test_a_suspect_is_not_excellent_in_any_of_its_sequences_and_the_team_keeps_its_band():
    facts = facts_of([cell(1, 1, 1, 200, 30, 0), cell(2, 1, 1, 200, 30, 2)])
    scores = score_all(facts, DEFAULT, Settings())
    suspect, seen = scores.senders
    assert (suspect.status, suspect.band, suspect.score) == ("bounce_tracking_suspect", None, 100)
    assert (seen.status, seen.band) == ("scored", "excellent")
    assert scores.team.status == "scored"
    assert [score.status for score in scores.pairs] == ["bounce_tracking_suspect", "scored"]
    assert score_level(facts, "sender", DEFAULT, Settings()) == scores.senders
