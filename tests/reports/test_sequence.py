"""The page of a sequence: its steps, its senders by name, its way back."""

from __future__ import annotations

from dataclasses import replace

from hygiene.reports.document import StepBar, StepChart, TrendChart
from hygiene.reports.sequence import sequence_document
from tests.reports.audits import sample_audit
from tests.reports.parts import blocks_of, column, links_of, said, sections_of, tables_of, verdict_of


def test_the_verdict_names_the_band_of_the_sequence() -> None:
    verdict = verdict_of(sequence_document(sample_audit(), 1))
    assert said(verdict.sentence) == "This sequence's score is ◆ Fair: 57 of 100."
    assert verdict.band == "fair"


def test_the_steps_hold_the_counts_of_the_facts() -> None:
    chart = blocks_of(sequence_document(sample_audit(), 1), StepChart)[0]
    assert chart.steps == (StepBar(1, 1400, 90, 60, 1), StepBar(2, 1150, 30, 2, 1))


def test_a_source_without_events_has_no_steps() -> None:
    audit = sample_audit()
    document = sequence_document(replace(audit, facts=replace(audit.facts, steps=())), 1)
    assert "steps" not in sections_of(document)


def test_its_senders_stand_by_name_and_lead_to_their_sequences() -> None:
    table = tables_of(sections_of(sequence_document(sample_audit(), 1))["senders"])[0]
    names = column(table, "Sender")
    assert names == sorted(names, key=str.casefold)
    assert links_of(table)[0] == "../senders/r01.html#sequences"
    assert column(table, "Ended of HubSpot's minimum")[6] == "33 of 101"  # 63 enrollments, two sequences


def test_its_months_add_up_to_its_enrollments() -> None:
    audit = sample_audit()
    reply, bounce = blocks_of(sequence_document(audit, 1), TrendChart)
    score = next(score for score in audit.scores.sequences if score.sequence_key == 1)
    assert sum(point.trials for point in bounce.points) == score.counts.ended
    assert sum(point.trials for point in reply.points) == score.counts.ended - score.counts.bounced


def test_a_sequence_in_which_nothing_has_ended_says_so() -> None:
    audit = sample_audit()
    unused = audit.facts.sequences[1]._replace(key=3, sequence_id="s3", name=None)
    audit = replace(audit, facts=replace(audit.facts, sequences={**audit.facts.sequences, 3: unused}))
    document = sequence_document(audit, 3)
    assert said(verdict_of(document).sentence) == (
        "No enrollment in this sequence has ended yet, so there is no score."
    )
    assert said(document.title) == "Sequence report: s3"
