"""What the rules say of the sample team: a gate, a lever, an experiment, gaps that sum, checks of every outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygiene.advice.advise import Advice
from hygiene.advice.attribution.attribution import Attribution
from hygiene.advice.attribution.types import Gain, Gap, Part
from hygiene.advice.follow import Followed, Moves
from hygiene.advice.rank import rank
from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, NotEnough, Rule, Suggestion
from hygiene.facts.enrolled import Template
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Cause, Metric

HUBSPOT = "hubspot"
LIST = "vendor-x <i>2026</i>"


def rule(rule_id: str, **more: Any) -> Rule:
    known: dict[str, Any] = {"family": "bounce", "scope": "source", "severity": "high", "basis": "association"}
    title = {
        "BNC-02": Message("No list bounces more than the others"),
        "SEQ-01": Message("No sequence gets fewer replies than the team's others would"),
        "TIM-01": Message("No time of the week gets fewer replies than the others"),
        "SEG-02": Message("No segment answers less than the others"),
        "EXP-01": Message("No lever is uncertain enough to need a test"),
    }[rule_id]
    return Rule(id=rule_id, title=title, **{**known, **more})


GATE = rule("SEG-02", family="opt_out", severity="gate", basis="exact", effort_minutes=5, owner="ops")
LEVER = rule("BNC-02")
TEST = rule("EXP-01", family="experiment", severity="info", effort_minutes=45, owner="manager")


def lever(sender_key: int) -> Suggestion:
    return Suggestion(
        rule=LEVER,
        subject=f"source:{LIST}",
        sender_key=sender_key,
        metric="bounce_rate",
        gain=Gain(0.07, 0.05, 0.09, 0.998),
        points=14.0,
        p_better_band=0.81,
        replies=-1.4,
        evidence={"bounced_here": 29, "bounced_here_of": 150},
        advice=Message(
            "Stop enrolling from the list %(level)s: your bounce rate would probably be %(after)s %(interval)s instead"
            " of %(before)s. Its addresses bounced at %(here)s of your %(here_trials)s, the team's other lists at"
            " %(elsewhere)s of %(elsewhere_trials)s.",
            {
                "level": Text(LIST),
                "after": Percent(0.04),
                "interval": Interval(0.02, 0.06),
                "before": Percent(0.11),
                "here": Percent(0.193),
                "here_trials": Count(150),
                "elsewhere": Percent(0.017),
                "elsewhere_trials": Count(2396),
            },
        ),
        steps=(Message("Put the bounced ones on the suppression list first, then delete them."),),
    )


def gate(sender_key: int) -> Suggestion:
    return Suggestion(
        rule=GATE,
        subject="contact-list:opted-out",
        sender_key=sender_key,
        advice=Message("Put the bounced ones on the suppression list first, then delete them."),
        rows=tuple(
            ContactRow(f"c{number:02d}", "=opted_out" if number == 1 else "opted_out") for number in range(1, 8)
        ),
    )


def trial(sender_key: int) -> Suggestion:
    return Suggestion(
        rule=TEST,
        subject="sequence:s1",
        sender_key=sender_key,
        metric="reply_rate",
        evidence={"contacts_an_arm": 2199, "weeks": 9},
        advice=Message(
            "Test %(level)s against the team's other choices by a random split before you change anything: that it"
            " would help has a probability of %(certainty)s only.",
            {"level": Text("Trade fair"), "certainty": Percent(0.62, 0)},
        ),
    )


def gap(metric: Metric, own: float, peers: float, **parts: float) -> Gap:
    """Return a gap; what the parts leave is chance."""
    rest = own - peers - sum(parts.values())
    named: dict[Cause, float] = {**parts, "noise": rest}  # type: ignore[dict-item]
    return Gap(metric, own, peers, tuple(Part(cause, x, x - 0.01, x + 0.01) for cause, x in named.items()))


def sample_advice() -> Advice:
    senders = {1: rank([trial(1)]), 3: rank([trial(3), lever(3), gate(3)]), 8: rank([lever(8), trial(8)])}
    gaps = {
        (3, "reply_rate"): gap("reply_rate", 0.0225, 0.0903, source=-0.02, sequence=-0.012, sender=-0.018),
        (3, "bounce_rate"): gap("bounce_rate", 0.11, 0.026, source=0.07, sender=0.004, sending=0.01),
    }
    changes = {
        (8, "bounce_rate"): gap("bounce_rate", 0.14, 0.02, sending=0.1, sender=0.0),
        (1, "reply_rate"): gap("reply_rate", 0.1, 0.1, period=0.0, sender=0.0),
    }
    missing = Message("The export holds no %(what)s.", {"what": Text("contacts.source")})
    outcomes = {
        "BNC-02": (LEVER, Fired((lever(3), lever(8)))),
        "SEQ-01": (rule("SEQ-01"), Clear(12)),
        "TIM-01": (rule("TIM-01"), NotEnough(80, 200, Message("ended enrollments of two senders or more"))),
        "SEG-02": (rule("SEG-02"), NotApplicable(missing)),
    }
    team = {"bounce_rate": gap("bounce_rate", 0.05, 0.03, source=0.015, sender=0.0)}
    attribution = Attribution(None, {}, gaps, changes, team)  # type: ignore[arg-type] — pages need no model
    said = {
        "advice": {"en": "Stop enrolling from <b>x</b>.", "fr": "N’inscrivez plus depuis <b>x</b>."},
        "subject": "source:x",
    }
    followed = (
        Followed(said, 3, "done", Moves((33, 300), (4, 120), "better")),
        Followed({**said, "advice": None}, None, "unknown", None),
    )
    templates = (
        Template(
            1, 1, "{{ contact.firstname }}, a question", "Hi {{ contact.firstname },\n\n<script>x()</script>", "hubspot"
        ),
        Template(1, 2, None, "Again, [First Name]" + " 0" * 1_000, None),
    )
    return Advice(outcomes, rank([]), senders, attribution, templates, followed=followed)
