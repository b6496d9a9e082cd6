"""DAT-02: the counts under the rates do not add up, so the rates may not mean what they say.

What it checks
    Enrollments that still run 60 days after the last of their kind would have ended; enrollments that somebody took out
    by hand before most answers come; senders, or a whole team, without a single bounce where chance alone would hardly
    do that; totals that contradict the enrollments; and columns that contradict the events.

Why it matters
    A rate is as good as what it divides by. Enrollments that never end count nowhere, those ended by hand count without
    having had their chance, and bounces that nobody sees make a list look clean. The same faults come about by an
    unlucky export and by tidying up; which it was does not matter for mending them.

What to do
    Let finished enrollments end in the sequencer, export again, and connect the inboxes whose bounces are not seen.

Limits
    What usually passes until an enrollment ends is read off those that did end. Somebody may have had good reason to
    take contacts out. A sender with a very clean list may have no bounce in 200 by luck, and hears of it only where
    that has a probability under 10 %.

Source
    The export itself. That bounces are seen in some inboxes only: docs/score.md. The lines of 2 %, 5 % and 1 % from
    which it speaks are assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.counts import ended_early, never_ended, unseen_bounces
from hygiene.advice.types import Clear, Fired, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="DAT-02",
    family="honesty",
    scope="team",
    severity="medium",
    title=Message("The counts under the rates add up"),
    effort_minutes=30,
    owner="ops",
    needs=("enrollments|events|totals",),
)
CONTRADICTED = 0.01
"""Share of the ended enrollments whose column contradicts their events, from which on it is said; assumed."""


def check(case: Case) -> Outcome:
    """Look for counts that do not reconcile."""
    found = (*_running(case), *_taken_out(case), *_unseen(case), *_contradictions(case))
    return Fired(found) if found else Clear(case.scores.team.counts.ended + case.scores.team.counts.active)


def _running(case: Case) -> Iterator[Suggestion]:
    stale = never_ended(case)
    if stale is None:
        return
    values: dict[str, Value] = {
        "days": Count(int(stale.days)),
        "before": Percent(stale.rate_before),
        "after": Percent(stale.rate_after),
    }
    yield Suggestion(
        rule=RULE,
        subject="enrollments:never-ended",
        evidence={
            "enrollments": len(stale.rows),
            "share": stale.share,
            "days": stale.days,
            "reply_rate": stale.rate_before,
            "reply_rate_if_ended": stale.rate_after,
        },
        advice=Message(
            "End what is over: %(n)s enrollment still runs, more than %(days)s days after it began. It counts nowhere"
            " until it ends; had it ended without a reply, the team's reply rate would be %(after)s instead of"
            " %(before)s.",
            values,
            plural="End what is over: %(n)s enrollments still run, more than %(days)s days after they began. They count"
            " nowhere until they end; had they ended without a reply, the team's reply rate would be %(after)s instead"
            " of %(before)s.",
            n=len(stale.rows),
        ),
        steps=(Message("Look for paused tasks in the sequencer: an enrollment that waits for a task never ends."),),
        rows=stale.rows,
    )


def _taken_out(case: Case) -> Iterator[Suggestion]:
    early = ended_early(case)
    if early is None:
        return
    values: dict[str, Value] = {
        "days": Points(early.days, 1),
        "share": Percent(early.share),
        "before": Percent(early.rate_before),
        "after": Percent(early.rate_after),
    }
    yield Suggestion(
        rule=RULE,
        subject="enrollments:taken-out-early",
        evidence={
            "enrollments": len(early.rows),
            "share": early.share,
            "days": early.days,
            "reply_rate": early.rate_before,
            "reply_rate_without": early.rate_after,
        },
        advice=Message(
            "Let enrollments run: %(n)s of them, %(share)s of the ended, was taken out by hand within %(days)s days of"
            " its start, when most answers are still to come. Without it the team's reply rate would be %(after)s"
            " instead of %(before)s.",
            values,
            plural="Let enrollments run: %(n)s of them, %(share)s of the ended, were taken out by hand within %(days)s"
            " days of their start, when most answers are still to come. Without them the team's reply rate would be"
            " %(after)s instead of %(before)s.",
            n=len(early.rows),
        ),
        rows=early.rows,
    )


def _unseen(case: Case) -> Iterator[Suggestion]:
    for unseen in unseen_bounces(case):
        values: dict[str, Value] = {
            "ended": Count(unseen.ended),
            "rate": Percent(unseen.rate),
            "luck": Percent(unseen.luck),
        }
        if unseen.sender_key is None:
            advice = Message(
                "Export the bounces too: none of the team's %(ended)s ended enrollments bounced. At %(rate)s that would"
                " happen by luck with a probability of %(luck)s.",
                values,
            )
        else:
            advice = Message(
                "Have it checked whether your bounces are seen: none of your %(ended)s ended enrollments bounced. At"
                " %(rate)s that would happen by luck with a probability of %(luck)s.",
                values,
            )
        yield Suggestion(
            rule=RULE,
            subject="bounces:unseen",
            sender_key=unseen.sender_key,
            scope="team" if unseen.sender_key is None else "sender",
            evidence={"ended": unseen.ended, "bounced": 0, "usual_bounce_rate": unseen.rate, "p_luck": unseen.luck},
            advice=advice,
            steps=(Message("Send one email to an address that does not exist and see whether the sequencer notices."),),
        )


def _contradictions(case: Case) -> Iterator[Suggestion]:
    contradicting = 0
    for note in case.imported.notes:
        count = int(note.values.get("count", 0))
        if note.code == "events_contradict_columns":
            contradicting += count
        if note.code == "totals_contradict_enrollments":
            yield Suggestion(
                rule=RULE,
                subject="import:totals",
                evidence={"senders": count},
                advice=Message(
                    "Compare the totals with the enrollments: they differ for %(n)s sender. The enrollments were"
                    " counted.",
                    plural="Compare the totals with the enrollments: they differ for %(n)s senders. The enrollments"
                    " were counted.",
                    n=count,
                ),
                steps=(Message("Export both for the same days, and once more."),),
            )
    if contradicting and contradicting >= CONTRADICTED * case.scores.team.counts.ended:
        yield Suggestion(
            rule=RULE,
            subject="import:events",
            evidence={"enrollments": contradicting, "ended": case.scores.team.counts.ended},
            advice=Message(
                "Export the events once more: %(n)s enrollment says of itself what its events contradict. The events"
                " were counted.",
                plural="Export the events once more: %(n)s enrollments say of themselves what their events contradict."
                " The events were counted.",
                n=contradicting,
            ),
        )
