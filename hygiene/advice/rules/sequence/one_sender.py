"""SEQ-02: one sender alone uses a sequence, so nobody can tell the two apart.

What it checks
    Whether at least nine in ten of the enrollments that have a sequence or its sender have both: then what the sequence
    does and what the sender does are one and the same in the data. Told for sequences with 100 ended enrollments or
    more, where somebody could swap.

Why it matters
    A weak rate there may be the text or the person, a strong one too. Whoever decides by it blames or copies the wrong
    one.

What to do
    Let the sender and a colleague swap sequences for two weeks, for the same kind of contacts.

Limits
    Two weeks make the two separable, which is not yet a test: how many contacts a test needs, EXP-01 plans.

Source
    The export itself; the share of nine in ten is assumed (docs/advice.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.attribution.attribution import Attribution
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="SEQ-02",
    family="sequence",
    scope="sequence",
    severity="medium",
    title=Message("Each sequence is used by several senders"),
    basis="association",
    effort_minutes=30,
    owner="manager",
    needs=("enrollments|events",),
)
LEAST_ENDED = 100
SWAP_WEEKS = 2


def check(case: Case) -> Outcome:
    """Look for sequences that cannot be told from their only sender."""
    if case.attribution is None:
        ended = sum(score.counts.ended for score in case.scores.senders)
        return NotEnough(ended, 200, Message("ended enrollments of two senders or more"))
    models = case.attribution.models
    table = models.table
    names = table.levels["sequence"]
    if len(names) < 2:
        return NotApplicable(Message("There is one sequence only, so nobody could swap."))
    found = []
    for level, name in enumerate(names):
        rival = models.rivals["sequence", level]
        if rival is not None and rival[0] == "sender":
            ended = int(table.ended[table.codes["sequence"] == level].sum())
            if ended >= LEAST_ENDED:
                found.append(_suggestion(case, case.attribution, name, rival[1], ended))
    return Fired(tuple(found)) if found else Clear(len(names))


def _suggestion(case: Case, attribution: Attribution, sequence_id: str, sender_id: str, ended: int) -> Suggestion:
    sequence = next(row for row in case.facts.sequences.values() if row.sequence_id == sequence_id)
    sender = next(row for row in case.facts.senders.values() if row.sender_id == sender_id)
    table = attribution.models.table
    own = table.codes["sender"] == table.levels["sender"].index(sender_id)
    of = table.codes["sequence"] == table.levels["sequence"].index(sequence_id)
    shared = float(table.ended[own & of].sum()) / max(int(table.ended[own | of].sum()), 1)
    values: dict[str, Value] = {
        "sequence": Text(sequence.label),
        "sender": Text(sender.label),
        "ended": Count(ended),
        "shared": Percent(shared, 0),
        "weeks": Count(SWAP_WEEKS),
    }
    return Suggestion(
        rule=RULE,
        subject=f"sequence:{sequence_id}",
        sequence_key=sequence.key,
        evidence={"ended": ended, "share_in_common": shared, "sender_id": sender_id, "weeks": SWAP_WEEKS},
        advice=Message(
            "Let %(sender)s and a colleague swap sequences for %(weeks)s weeks: next to nobody else uses %(sequence)s"
            " (%(ended)s ended enrollments), so what the sequence does cannot be told from what %(sender)s does.",
            values,
        ),
        steps=(
            Message("Give both the same kind of contacts, from the same lists, while they swap."),
            Message("Then run the report again: it compares the two as soon as they come apart."),
        ),
    )
