"""OPT-04: a step shows its reader no way to say no, or no postal address where the law asks for one.

What it checks
    Whether the text of each step holds a link, a token or a sentence by which a contact can opt out, and, in sequences
    with contacts in the United States or Canada, a postal address. Where a sequence has no way out in any step,
    although other templates of the export have one, it is a gate; where only some steps lack it, it weighs high. Where
    no template of the export has one, the team is told once: the tool may add it by itself.

Why it matters
    Whoever finds no way out reports the mail as spam, which hurts every sender of the domain. Most laws ask for a way
    out in each mail; US and Canadian law ask for a postal address, also between companies.

What to do
    Paste the sentence at the end of each step, or switch the tool's unsubscribe link on. Put the address in the
    signature.

Limits
    What the tool or the signature adds when it sends is not in the template: send one mail to yourself and look. An
    address is known by its form, which may miss one. Who writes is not checked, since tools add the signature. This is
    no legal advice.

Source
    CAN-SPAM, 15 U.S.C. 7704(a)(3) and (5); CASL, SOR/2012-36; directive 2002/58/EC, article 13(4); for France, the
    CNIL's position of 17 February 2005 and article L34-5 CPCE. Phrases: models/legal/opt_out_phrases.toml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.templates import (
    MOST_NAMED,
    answered,
    by_sender,
    named,
    running_in,
    subject_of,
    with_severity,
    with_text,
)
from hygiene.advice.types import NotApplicable, Rule, Suggestion
from hygiene.advice.ways_out import asks_for_address, has_postal_address, has_way_out, paste_for
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepQuality
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="OPT-04",
    family="opt_out",
    scope="template",
    severity="high",
    title=Message("Each email shows a way to say no, and an address where one is needed"),
    effort_minutes=10,
    needs=("templates",),
)


def check(case: Case) -> Outcome:
    """Look for a way out and for an address in each step."""
    steps = with_text(case)
    if isinstance(steps, NotApplicable):
        return steps
    abroad = {step.sequence_key: _countries(case, step) for step in steps}
    asked = [step for step in steps if abroad[step.sequence_key]]
    unaddressed = [step for step in asked if not has_postal_address(step)]
    without = [step for step in steps if not has_way_out(step)]
    if len(without) == len(steps):
        # Where nothing is shown anywhere, the tool or the signature probably adds it: said once, to the team.
        return answered([_nowhere(steps, _by_country(unaddressed, abroad))], len(steps))
    found = []
    shown = {step.sequence_key for step in steps if has_way_out(step)}
    for is_gate in (True, False):
        of = [step for step in without if (step.sequence_key not in shown) == is_gate]
        found += [_missing(case, key, own, is_gate=is_gate) for key, own in by_sender(case, of).items()]
    if unaddressed and len(unaddressed) == len(asked):
        found.append(_no_address(_by_country(unaddressed, abroad), len(unaddressed)))
    else:
        found += [_one_address(case, key, own, abroad) for key, own in by_sender(case, unaddressed).items()]
    return answered(found, len(steps))


def _nowhere(steps: tuple[StepQuality, ...], enrollments: dict[str, int]) -> Suggestion:
    contacts = sum(enrollments.values())
    address = Message(
        "Look for your postal address as well: %(contacts)s enrollments are of contacts in countries where each email"
        " has to show one.",
        {"contacts": Count(contacts)},
    )
    return Suggestion(
        rule=RULE,
        scope="team",
        subject="opt_out:all_templates",
        evidence={"templates": len(steps), "without_way_out": len(steps), **enrollments},
        advice=Message(
            "Send yourself one email of a sequence and look for a way to say no: none of the team's %(n)s templates has"
            " one. If your tool adds it by itself, all is well.",
            {"n": Count(len(steps))},
        ),
        steps=(
            Message("If nothing is added, switch the tool's unsubscribe link on, or paste a sentence into each step."),
            *_pastes(steps),
            *((address,) if contacts else ()),
        ),
    )


def _missing(case: Case, key: int | None, own: list[StepQuality], *, is_gate: bool) -> Suggestion:
    values = {**named(case, own[0]), "n": Count(len(own))}
    if is_gate:
        advice = Message(
            "Add a way to say no to %(sequence)s before the next email goes out: none of its steps has one, though the"
            " team's other templates do.",
            values,
        )
    else:
        advice = Message(
            "Add a way to say no to step %(step)s of %(sequence)s: the other steps have one.",
            values,
            plural="Add a way to say no to %(n)s steps, such as step %(step)s of %(sequence)s: the other steps have"
            " one.",
            n=len(own),
        )
    return Suggestion(
        rule=with_severity(RULE, "gate" if is_gate else "high"),
        subject=subject_of(case, own[0]),
        sender_key=key,
        sequence_key=own[0].sequence_key,
        evidence={"without_way_out": len(own), "running": running_in(case, key, own)},
        advice=advice,
        steps=(
            *_pastes(own),
            *(
                Message("It is missing in step %(step)s of %(sequence)s.", named(case, step))
                for step in own[:MOST_NAMED]
            ),
        ),
    )


def _pastes(steps: Iterable[StepQuality]) -> list[Message]:
    """Return the sentences to paste, one a language of the steps."""
    blocks = dict.fromkeys(paste_for(step.language) for step in steps)
    return [
        Message(
            "To paste at the end of an email (%(language)s): %(block)s", {"language": Text(code), "block": Text(block)}
        )
        for block, code in blocks
    ]


def _countries(case: Case, step: StepQuality) -> dict[str, int]:
    """Return the contacts of a step's sequence by country, of those whose law asks for an address."""
    if not len(step.places):
        return {}
    counts = case.enrolled.rows["country"].iloc[step.places].value_counts()
    asked = asks_for_address(str(name) for name in counts.index)
    return {str(name): int(count) for name, count in counts.items() if str(name) in asked}


def _no_address(enrollments: dict[str, int], steps: int) -> Suggestion:
    return Suggestion(
        rule=RULE,
        scope="team",
        subject="postal_address:all_templates",
        evidence={"without_address": steps, **enrollments},
        advice=Message(
            "Send yourself one email of a sequence and look for your postal address: %(contacts)s enrollments are of"
            " contacts in countries where each email has to show one, and no template does. If your tool or your"
            " signature adds it, all is well.",
            {"contacts": Count(sum(enrollments.values()))},
        ),
        steps=(Message("The address of the company that you write for is enough, best in the signature."),),
    )


def _one_address(case: Case, key: int | None, own: list[StepQuality], abroad: dict[int, dict[str, int]]) -> Suggestion:
    return Suggestion(
        rule=RULE,
        subject=f"postal_address:{subject_of(case, own[0])}",
        sender_key=key,
        sequence_key=own[0].sequence_key,
        evidence={"without_address": len(own), **_by_country(own, abroad)},
        advice=Message(
            "Add your postal address to step %(step)s of %(sequence)s: some of its contacts live where each email has"
            " to show one.",
            {**named(case, own[0]), "n": Count(len(own))},
            plural="Add your postal address to %(n)s steps, such as step %(step)s of %(sequence)s: some of their"
            " contacts live where each email has to show one.",
            n=len(own),
        ),
        steps=(
            Message("The address of the company that you write for is enough, best in the signature."),
            *(
                Message("It is missing in step %(step)s of %(sequence)s.", named(case, step))
                for step in own[:MOST_NAMED]
            ),
        ),
    )


def _by_country(steps: list[StepQuality], abroad: dict[int, dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for key in {step.sequence_key for step in steps}:
        for name, count in abroad[key].items():
            total[f"enrollments_{name}"] = total.get(f"enrollments_{name}", 0) + count
    return dict(sorted(total.items()))
