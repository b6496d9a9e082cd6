"""Sample documents that hold every block, with the names and lengths that real teams have."""

from __future__ import annotations

from datetime import datetime
from math import sqrt
from random import Random

from hygiene.reports.document import (
    Action,
    Bullets,
    CalibrationChart,
    CalibrationPoint,
    Definitions,
    Document,
    FrontierChart,
    FrontierMark,
    FrontierPoint,
    FunnelChart,
    FunnelDot,
    GapChart,
    GapPart,
    MarkedText,
    Note,
    Passage,
    RateScale,
    Row,
    ScoreScale,
    Section,
    Share,
    ShareBar,
    Snippet,
    StepBar,
    StepChart,
    Table,
    TableColumn,
    Tile,
    Tiles,
    TrendChart,
    TrendPoint,
    Verdict,
)
from hygiene.values import BandMark, Count, Interval, Link, Message, Moment, Percent, Points, Text

NAMES = (
    "Élodie Lefèvre-Marchand",
    "Jean-Baptiste de La Rochefoucauld",
    "Aïcha Benâmar",
    "Tom O’Neill",
    "Zoë Müller",
    "Wolfgang Amadeus Hohenlohe-Schillingsfürst",
    "محمد عبد الله",
    "Li Wei",
    "Søren Kjærgård",
    "Chloé Dubois",
    "Mary Ann Smith",
    "Noël Garçon",
)
ENDED = (1240, 860, 512, 431, 388, 302, 255, 212, 186, 143, 63, 7)
REPLY = (0.121, 0.031, 0.084, 0.072, 0.095, 0.061, 0.079, 0.088, 0.058, 0.071, 0.048, 0.143)
BOUNCE = (0.012, 0.094, 0.021, 0.035, 0.018, 0.029, 0.041, 0.026, 0.033, 0.022, 0.032, 0.0)
SCORES = (78, 18, 57, 48, 62, 52, 46, 56, 44, 55, None, None)
BANDS = ("good", "low", "fair", "fair", "good", "fair", "fair", "fair", "fair", "fair", None, None)
MONTHS = tuple(datetime(2025 + (3 + i) // 12, (3 + i) % 12 + 1, 1) for i in range(12))


def around(rate: float, trials: int) -> tuple[float, float]:
    half = 1.645 * sqrt(max(rate * (1 - rate), 0.002) / max(trials, 1))
    return max(0.0, rate - half), min(1.0, rate + half)


def slug(i: int) -> str:
    return f"senders/sender-{i}.html"


def senders_table(count: int = len(NAMES)) -> Table:
    rows = []
    for i in range(count):
        k = i % len(NAMES)
        ended, reply, bounce = ENDED[k] + i - k, REPLY[k] + i * 1e-5, BOUNCE[k] + i * 1e-5
        cells = (
            Link(Text(NAMES[k]), slug(i)),
            (Points(SCORES[k]), Interval(30, 65, percent=False)) if SCORES[k] else None,
            BandMark(BANDS[k]),
            (Percent(reply), Interval(*around(reply, ended))),
            (Percent(bounce), Interval(*around(bounce, ended))),
            Count(ended),
            Message("Hold one import") if k == 1 else None,
        )
        rows.append(Row(cells, (NAMES[k], SCORES[k], SCORES[k], reply, bounce, ended, None)))
    return Table(
        caption=Message("Senders with enough data"),
        columns=(
            TableColumn(Message("Sender")),
            TableColumn(Message("Score"), "number"),
            TableColumn(Message("Band"), "band"),
            TableColumn(Message("Reply rate"), "number", Message("human replies out of delivered enrollments")),
            TableColumn(Message("Bounce rate"), "number"),
            TableColumn(Message("Ended"), "number"),
            TableColumn(Message("First action")),
        ),
        rows=tuple(rows),
        sortable=True,
    )


def funnel(count: int = len(NAMES)) -> FunnelChart:
    target = 0.073
    draw = Random(7)  # noqa: S311  the same dots each time
    dots = []
    for i in range(count):
        trials, rate = ENDED[i % 12] + (i * 37) % 400, target
        sd = sqrt(target * (1 - target) / trials)
        rate = max(0.0, draw.gauss(target, sd)) if i >= len(NAMES) else REPLY[i]
        z = abs(rate - target) / sd
        dots.append(
            FunnelDot(NAMES[i % 12], slug(i), trials, rate, "99.8" if z > 3.09 else "95" if z > 1.96 else "inside")
        )
    curve = []
    for n in range(10, 1700, 30):
        sd = sqrt(target * (1 - target) / n)
        curve.append((n, *(min(1.0, max(0.0, target + z * sd)) for z in (-3.09, -1.96, 1.96, 3.09))))
    return FunnelChart(Message("Reply rate"), target, tuple(dots), tuple(curve))


def trend() -> TrendChart:
    rates = (0.061, 0.066, 0.058, None, 0.072, 0.081, 0.079, 0.088, 0.045, 0.069, 0.083, 0.09)
    trials = (210, 188, 202, 0, 240, 260, 233, 190, 40, 150, 220, 98)
    points = tuple(
        TrendPoint(month, rate, *(around(rate, n) if rate is not None else (0.0, 1.0)), n)
        for month, rate, n in zip(MONTHS, rates, trials, strict=True)
    )
    return TrendChart(Message("Reply rate"), points, 0.07, 0.13)


CONTEXT = (
    (Message("Period"), Message("%(a)s to %(b)s", {"a": Moment(MONTHS[0]), "b": Moment(MONTHS[-1])})),
    (Message("Data up to"), Moment(datetime(2026, 3, 31, 16, 42), "minute")),
    (Message("Profile"), Text("default")),
)
METHOD = Section(
    "method",
    Message("How the figures are computed"),
    (
        Definitions(
            (
                (Message("Ended"), Message("Enrollments whose sequence is over: 90 % of all.")),
                (Message("Reply rate"), Message("Human replies out of delivered enrollments.")),
            )
        ),
    ),
    folded=True,
)


def team(count: int = len(NAMES)) -> Document:
    return Document(
        kind="team",
        title=Message("Team report"),
        context=CONTEXT,
        blocks=(
            Verdict(
                Message(
                    "%(n)s of %(all)s senders needs action: holding one import brings bounces under %(limit)s.",
                    {"all": Count(12), "limit": Percent(0.03, 0)},
                    plural="%(n)s of %(all)s senders need action.",
                    n=1,
                ),
                "fair",
                Message(
                    "Score %(score)s, on %(ended)s ended enrollments.", {"score": Points(52), "ended": Count(4599)}
                ),
            ),
            Tiles(
                (
                    Tile(Message("Team score"), Points(52), Interval(48, 56, percent=False), Message("of 100")),
                    Tile(
                        Message("Reply rate"),
                        Percent(0.0731),
                        Interval(0.066, 0.081),
                        Message("321 of 4,391 delivered"),
                    ),
                    Tile(
                        Message("Bounce rate"), Percent(0.0452), Interval(0.040, 0.051), Message("208 of 4,599 ended")
                    ),
                    Tile(Message("Contacts to clean"), Count(1312), None, Message("of 6,012 contacts"), "contacts.csv"),
                )
            ),
            Section("senders", Message("Senders"), (senders_table(count),), Message("Sorted by need for action.")),
            Section(
                "chance",
                Message("More than chance?"),
                (funnel(count), Note(Message("One sender is beyond what chance makes."), "warn")),
            ),
            Section("trend", Message("By month"), (trend(),)),
            Section("bounces", Message("Why emails came back"), (shares(), *snippets())),
            Section("answers", Message("Who will still answer?"), (frontier(), calibration())),
            METHOD,
        ),
    )


def frontier() -> FrontierChart:
    shares = [(i / 40) ** 2.5 for i in range(41)]
    marks = (
        FrontierMark(Message("The model's choice"), "chosen", 381, 0.024),
        FrontierMark(Message("No sign of life for 90 days"), "ninety_days", 3582, 0.626),
        FrontierMark(Message("HubSpot's 11/16 rule"), "hubspot", 63, 0.005),
    )
    points = tuple(FrontierPoint(144 * i, share, share * 0.8, min(share * 1.2, 1)) for i, share in enumerate(shares))
    return FrontierChart(Message("What pausing costs"), points, marks)


def calibration() -> CalibrationChart:
    observed = (0.0, 0.004, 0.011, 0.009, 0.016, 0.021, 0.03, 0.034, 0.06, 0.094)
    predicted = (0.002, 0.005, 0.008, 0.011, 0.015, 0.02, 0.027, 0.037, 0.055, 0.103)
    points = tuple(
        CalibrationPoint(expected, rate, *around(rate, 900), 900)
        for expected, rate in zip(predicted, observed, strict=True)
    )
    return CalibrationChart(Message("Predicted and observed reply rate"), points)


def shares() -> ShareBar:
    counts = {"address": 95, "sender": 45, "temporary": 36, "recipient_filter": 9, "unknown": 1}
    parts = tuple(Share(Message("of %(x)s", {"x": Text(kind)}), count, kind) for kind, count in counts.items())
    return ShareBar(Message("186 bounces"), parts)


def snippets() -> tuple[Snippet, Snippet]:
    record = '_dmarc.example.com. TXT "v=DMARC1; p=none"\nexample.com. TXT "v=spf1 <x> & y ~all"'
    return (
        Snippet(Message("To copy"), Text(record)),
        Snippet(Message("To ask"), Message("Could you let %(x)s in?", {"x": Text("example.com")})),
    )


def sender() -> Document:
    return Document(
        kind="sender",
        title=Message("Sender report: %(name)s", {"name": Text(NAMES[0])}),
        context=CONTEXT,
        breadcrumb=(Link(Message("Team report"), "../index.html"),),
        blocks=(
            Verdict(
                Message("Your score is %(score)s: good, and 2 points from excellent.", {"score": Points(78)}),
                "good",
                Message("Fewest changes for the next band: %(n)s more reply.", {}, "%(n)s more replies.", 6),
            ),
            Section(
                "score",
                Message("Where you stand"),
                (
                    ScoreScale(Message("Score"), 78, 71, 84, (40, 60, 80), "good"),
                    RateScale(Message("Reply rate"), 0.121, 0.106, 0.137, 0.07, 0.13, 0.2),
                    RateScale(Message("Bounce rate"), 0.012, 0.008, 0.018, 0, 0.03, 0.1),
                    RateScale(Message("Bounce rate"), None, 0, 1, 0, 0.03, 0.1),
                    Note(Message("Bounces are well under control."), "good"),
                ),
            ),
            Section("actions", Message("What would help most"), actions()),
            Section("gap", Message("The gap"), (gap(),)),
            Section("trend", Message("By month"), (trend(),)),
            Section("sequences", Message("Your sequences"), (steps(), sequences_table())),
            Section(
                "next",
                Message("What to do"),
                (
                    Bullets((Message("Check the list source."), Message("Answer replies within a day."))),
                    Section("inner", Message("Why"), (Note(Message("An inner part.")),)),
                ),
            ),
            METHOD,
        ),
    )


def actions() -> tuple[Action, ...]:
    facts = (
        (Message("Bounce rate"), Message("%(a)s → %(b)s", {"a": Percent(0.041), "b": Percent(0.019)})),
        (Message("Score"), Message("%(a)s → %(b)s", {"a": BandMark("fair"), "b": BandMark("good")})),
        (Message("Takes"), Message("15 minutes")),
    )
    rows = Table(
        Message("3 contacts to act on"),
        (TableColumn(Message("Contact")), TableColumn(Message("Value"))),
        tuple(Row((Text(f"c{n}"), Text("opted_out"))) for n in range(3)),
        total=12,
    )
    steps = (Message("Take them out of their sequences."), Message("Put them on the suppression list."))
    return (
        Action("gate", Message("1. Before the next email"), Message("Unenroll these three."), (), steps, rows),
        Action("advice", Message("2. Addresses"), Message("Stop enrolling from the list."), facts, steps[:1]),
        Action("experiment", Message("3. An experiment"), Message("Test it by a random split."), facts[2:]),
    )


def gap() -> GapChart:
    parts = (
        GapPart(Message("where the contacts came from"), 0.028, 0.022, 0.034),
        GapPart(Message("bounces from how we send"), -0.002, -0.002, -0.002),
        GapPart(Message("chance"), 0.005, -0.009, 0.019),
    )
    return GapChart(Message("Bounce rate: you 5.5%, your peers 2.4%"), 0.031, parts)


def template() -> MarkedText:
    passages = (
        Passage("Hello "),
        Passage("{{ contact.firstname|default('<b>') }}", Message("token")),
        Passage(",\n\n"),
        Passage("{{ company.name }", Message("broken braces"), is_problem=True),
        Passage(" <script>alert(1)</script>"),
    )
    return MarkedText(Message("Step 1, text"), passages, is_cut=True)


def sequences_table() -> Table:
    return Table(
        Message("Sequences"),
        (
            TableColumn(Message("Sequence")),
            TableColumn(Message("Band"), "band"),
            TableColumn(Message("Ended"), "number"),
        ),
        (
            Row(
                (
                    Link(Text("Relance Q4 – directeurs achats"), "../sequences/q4.html"),
                    BandMark("excellent"),
                    Count(700),
                )
            ),
            Row((Text("Trade fair 2024"), BandMark(None), Count(9))),
        ),
        total=8,
        note=Message("Sequences under 10 ended enrollments have no score."),
    )


def steps() -> StepChart:
    return StepChart(
        Message("Steps of Q4"), (StepBar(1, 1240, 84, 24, 3), StepBar(2, 1012, 41, 2, 1), StepBar(3, 880, 25, 0, 6))
    )


def sequence() -> Document:
    return Document(
        kind="sequence",
        title=Message("Sequence report: %(name)s", {"name": Text("Relance Q4")}),
        context=CONTEXT,
        breadcrumb=(Link(Message("Team report"), "../index.html"),),
        blocks=(
            Verdict(Message("Too little has ended to judge this sequence."), None),
            Section("steps", Message("Steps"), (steps(),)),
            Section("templates", Message("The emails"), (template(),)),
            Section("senders", Message("Senders"), (senders_table(),)),
        ),
    )
