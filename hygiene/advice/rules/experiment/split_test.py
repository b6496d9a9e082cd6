"""EXP-01: the likeliest lever is not sure enough, so it is worth a split test.

What it checks
    Whether a sender's strongest lever has a probability of a material gain of 50 % or more and is not sure enough to be
    claimed, or cannot be told from another effect (a sender alone on a sequence); then it plans a random split of the
    team's next contacts that would tell.

Why it matters
    Nothing but a random split separates what a sequence does from who was put into it: observational estimates of 15
    large trials were off by a factor of three in half of them. And most tests of one rep alone can never answer: from
    5 % to 7 % takes some 2,200 contacts an arm.

What to do
    Put the contacts whose key falls into arm B into the other choice, keep to it until the planned number is reached,
    and run `hygiene` again with `--previous`: it reads the arms by the same key.

Limits
    The plan assumes the difference that the model expects, a two-sided test at 5 % and a power of 80 %. The plan
    changes nothing by itself. Looking earlier than planned makes chance look like an effect.

Source
    Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed. (1988), section 6.2 (effect size h). Gordon
    et al., Marketing Science 38 (2019) 193: observational methods against 15 trials.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from hygiene.advice.contests import pair_values
from hygiene.advice.experiments import arm_of, plan
from hygiene.advice.pull import SCOPES, lever_evidence, lever_values, outcome
from hygiene.advice.tested import read_tests
from hygiene.advice.types import ContactRow, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.attribution.types import Lever
    from hygiene.advice.case import Case
    from hygiene.advice.tested import HeldTest
    from hygiene.advice.types import Outcome
    from hygiene.facts.factors import Factor
    from hygiene.values import Value

RULE = Rule(
    id="EXP-01",
    family="experiment",
    scope="sender",
    severity="info",
    title=Message("No lever is uncertain enough to need a test"),
    basis="association",
    effort_minutes=45,
    owner="manager",
)
LEAST_PROBABILITY = 0.5
TESTABLE: tuple[Factor, ...] = ("sequence", "timing")
"""What can be drawn for a contact: nobody can be given another source or industry."""
MOST_WEEKS = 52
"""A test that would take longer at the team's volume is not proposed: nobody would end it; assumed."""


def check(case: Case) -> Outcome:
    """Look for the strongest lever of each sender that is not claimed."""
    found = [_told(case, test) for test in read_tests(case)]
    for key, levers in case.attribution.levers.items() if case.attribution else ():
        metrics_claimed = {lever.metric for lever in levers if lever.standing == "claimed"}
        for lever in levers:
            if lever.metric in metrics_claimed or lever.standing == "claimed":
                continue
            if lever.factor in TESTABLE and lever.gains[lever.metric].p >= LEAST_PROBABILITY:
                if plan(case, lever).weeks > MOST_WEEKS:
                    continue
                metrics_claimed.add(lever.metric)
                found.append(_suggestion(case, key, lever))
    return outcome(case, tuple(found))


def _told(case: Case, test: HeldTest) -> Suggestion:
    """Return what a test that was held has shown; its gain is tested, and claimed only where it is one."""
    keys = {sender.sender_id: key for key, sender in case.facts.senders.items()}
    counted = {"a": test.as_it_was, "b": test.changed}
    return Suggestion(
        rule=RULE,
        subject=str(test.row["subject"]),
        sender_key=keys.get(test.row.get("sender_id") or ""),
        metric=test.metric,
        gain=test.gain if test.state == "better" else None,
        basis="tested",
        evidence={
            **{f"successes_{arm}": count[0] for arm, count in counted.items()},
            **{f"trials_{arm}": count[1] for arm, count in counted.items()},
            "contacts_an_arm": test.needed,
            "p_better": test.gain.p,
        },
        advice=_result(test),
    )


def _result(test: HeldTest) -> Message:
    (a, trials_a), (b, trials_b) = test.as_it_was, test.changed
    values: dict[str, Value] = {
        "level": Text(test.level),
        "a": Percent(a / trials_a if trials_a else None),
        "b": Percent(b / trials_b if trials_b else None),
        "trials_a": Count(trials_a),
        "trials_b": Count(trials_b),
        "needed": Count(test.needed),
    }
    match test.state:
        case "running":
            return Message(
                "The test of %(level)s is running: %(trials_a)s and %(trials_b)s contacts of %(needed)s in each arm."
                " Wait until both are full before you read anything into it.",
                values,
            )
        case "better":
            return Message(
                "The test of %(level)s is over: give it up for good. With it %(a)s of %(trials_a)s, with the other"
                " choice %(b)s of %(trials_b)s, by a random split.",
                values,
            )
        case "worse":
            return Message(
                "The test of %(level)s is over: keep it. With it %(a)s of %(trials_a)s, with the other choice %(b)s of"
                " %(trials_b)s, by a random split.",
                values,
            )
        case "no_difference":
            return Message(
                "The test of %(level)s is over and found no difference: with it %(a)s of %(trials_a)s, with the other"
                " choice %(b)s of %(trials_b)s. Choose what is less work.",
                values,
            )


def _suggestion(case: Case, key: int, lever: Lever) -> Suggestion:
    planned = plan(case, lever)
    values = {**lever_values(case, key, lever), "arm": Count(planned.per_arm), "weeks": Count(planned.weeks)}
    if lever.rival is not None:
        advice = Message(
            "Whether it is %(level)s or who uses it cannot be told from these data: nobody else does. Swap for a while,"
            " by a random split.",
            values,
        )
    elif race := lever.contest:
        advice = Message(
            "Test %(level)s against the team's other choices by a random split: either it or %(second)s is what holds"
            " you back most, and only a test can tell.",
            {**values, **pair_values(case, lever, race)},
        )
    else:
        advice = Message(
            "Test %(level)s against the team's other choices by a random split before you change anything: that it"
            " would help has a probability of %(certainty)s only.",
            values,
        )
    said = Suggestion(
        rule=RULE,
        scope=SCOPES[lever.factor],
        subject=f"{lever.factor}:{lever.level}",
        sender_key=key,
        metric=lever.metric,
        p_better_band=lever.p_better_band,
        evidence={
            **lever_evidence(case, key, lever),
            "p_gain": lever.gains[lever.metric].p,
            "contacts_an_arm": planned.per_arm,
            "weeks": planned.weeks,
            "rate_a": planned.rate_a,
            "rate_b": planned.rate_b,
        },
        advice=advice,
        steps=(
            Message(
                "Needed are %(arm)s contacts in each arm; at the team's volume that takes %(n)s week. Decide now to"
                " stop there and not before.",
                values,
                plural="Needed are %(arm)s contacts in each arm; at the team's volume that takes %(n)s weeks. Decide"
                " now to stop there and not before.",
                n=planned.weeks,
            ),
        ),
    )
    rows = tuple(_arms(case, lever, said.subject, 2 * planned.per_arm))
    return replace(said, rows=rows, steps=(*said.steps, _how(has_contacts=bool(rows))))


def _how(*, has_contacts: bool) -> Message:
    """Return how contacts get into the arms: only those that are in the export and not enrolled yet can be drawn."""
    if has_contacts:
        return Message(
            "Enroll the contacts of arm A as now and those of arm B with the other choice. Each has its letter in the"
            " list; contacts imported later are drawn when you run this again."
        )
    return Message(
        "Export your next contacts before you enroll them and run this again: it draws them into an arm A, which goes"
        " on as now, and an arm B with the other choice."
    )


def _arms(case: Case, lever: Lever, test: str, most: int) -> Iterator[ContactRow]:
    """Yield the contacts not yet enrolled that the test can begin with, each with its arm."""
    waiting = (
        contact
        for contact in case.enrolled.waiting
        if getattr(contact, lever.factor, lever.level) == lever.level  # a sequence and a time fit everybody
    )
    for contact in islice(waiting, most):
        yield ContactRow(contact.contact_id, arm_of(test, contact.contact_id).upper())
