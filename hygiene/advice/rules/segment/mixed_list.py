"""SEG-01: one sequence is sent to industries that answer very differently.

What it checks
    Whether a sender's enrollments in one sequence (200 or more whose industry is known) span three industries or more,
    well mixed (an entropy over 1.2 bits), and whether these truly answer differently: the reply rate of the one that
    answers most lies more than one point above that of the one that answers least, with a probability of 80 % or more,
    the sequence, the sender and the lists taken into account. Mixing alone is no fault and is not told.

Why it matters
    One text for all is written for nobody in particular. Where industries differ, the weak one hides behind the strong
    one, and the average says nothing about either.

What to do
    Save a filter for each of the two, and give the weak one an opening of its own.

Limits
    That industries differ does not say that a text of its own would lift the weak one, so no gain is claimed. The
    industry is what the export says.

Source
    HubSpot, "Understand your sequences sender score" (read 2026-11): segment contacts into saved filters. Mailchimp
    (11,000 campaigns, 2017, vendor data, grade B): segmented campaigns get 14 % more opens, and bounces hardly change.
    The lines are assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.attribution.types import CLAIMED
from hygiene.advice.pull import TOO_FEW
from hygiene.advice.types import Clear, Fired, NotEnough, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.mixes import Mix
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="SEG-01",
    family="segment",
    scope="segment",
    severity="info",
    title=Message("No sequence is sent to industries that answer very differently"),
    basis="association",
    effort_minutes=30,
    needs=("contacts.industry",),
)


def check(case: Case) -> Outcome:
    """Look for senders with one sequence for industries that differ; one suggestion a sender, on the largest."""
    from hygiene.advice.mixes import mixes_of

    if case.attribution is None:
        return NotEnough(sum(score.counts.ended for score in case.scores.senders), 200, TOO_FEW)
    mixes = mixes_of(case.attribution.models)
    largest: dict[str, Mix] = {}
    for mix in mixes:
        if mix.p_differ >= CLAIMED and (mix.sender_id not in largest or mix.ended > largest[mix.sender_id].ended):
            largest[mix.sender_id] = mix
    found = tuple(_suggestion(case, mix) for _, mix in sorted(largest.items()))
    return Fired(found) if found else Clear(len(mixes))


def _suggestion(case: Case, mix: Mix) -> Suggestion:
    keys = {sender.sender_id: key for key, sender in case.facts.senders.items()}
    sequence = next(row for row in case.facts.sequences.values() if row.sequence_id == mix.sequence_id)
    values: dict[str, Value] = {
        "sequence": Text(sequence.label),
        "ended": Count(mix.ended),
        "industries": Count(mix.industries),
        "best": Text(mix.best),
        "best_rate": Percent(mix.best_rate),
        "worst": Text(mix.worst),
        "worst_rate": Percent(mix.worst_rate),
        "certainty": Percent(mix.p_differ, 0),
    }
    return Suggestion(
        rule=RULE,
        subject=f"sequence:{mix.sequence_id}",
        sender_key=keys[mix.sender_id],
        sequence_key=sequence.key,
        evidence={
            "ended": mix.ended,
            "industries": mix.industries,
            "entropy_bits": mix.entropy,
            "best": mix.best,
            "best_rate": mix.best_rate,
            "worst": mix.worst,
            "worst_rate": mix.worst_rate,
            "p_differ": mix.p_differ,
        },
        advice=Message(
            "Split the contacts of %(sequence)s into saved filters: the %(ended)s so far come from %(industries)s"
            " industries that answer differently, with %(sequence)s about %(best_rate)s in %(best)s and %(worst_rate)s"
            " in %(worst)s.",
            values,
        ),
        steps=(
            Message("Give %(worst)s an opening that names what they care about.", values),
            Message("Compare the two filters separately from now on."),
        ),
    )
