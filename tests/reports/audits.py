"""Audits that the reports are tested on: made from counts, scored by the real scores, no file and no engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

import numpy as np

from hygiene.facts.types import (
    BounceCause,
    Cell,
    ContactFacts,
    Counts,
    EngagedContacts,
    Engagement,
    Facts,
    ListSource,
    Sender,
    Sequence,
    Step,
)
from hygiene.flags.contacts import decide_all, summarize
from hygiene.flags.engagement.costs import COMPLAINT_RATE, Costs
from hygiene.flags.engagement.frontier import cost_of, frontier
from hygiene.flags.engagement.judged import Judged
from hygiene.flags.engagement.summary import EngagementSummary
from hygiene.reports.audit import Audit
from hygiene.scores.profile import load_profile
from hygiene.scores.score import score_all
from hygiene.settings import Settings
from hygiene.sources.tables import ColumnReading, FileReading, ImportNote, ImportReport
from tests.canonical import QUIET
from tests.reports.advice_samples import sample_advice

MONTHS = tuple(datetime(2026, month, 1) for month in (1, 2, 3))
NAMES = (
    "Ana Díaz",
    "Bo <b>Li</b>",
    "Chloé Martin",
    "Dov Katz",
    "Eve Okoro",
    "Finn Hale",
    "Gita Rao",
    "Hugo Petit",
    "Ines Sá",
    "Jon Aas",
    "Kim Sol",
    "Léa Roux",
)
COUNTS = (
    Counts(ended=300, replied=30, bounced=6, active=12),
    Counts(ended=300, replied=27, bounced=6),
    Counts(ended=300, replied=6, bounced=33, active=3),  # a bad list, few replies: clearly below good
    Counts(ended=300, replied=26, bounced=3),
    Counts(ended=240, replied=20, bounced=5),
    Counts(ended=360, replied=33, bounced=6),
    Counts(ended=63, replied=6, bounced=1),  # HubSpot shows no score yet
    Counts(ended=300, replied=8, bounced=24),  # clearly below good
    Counts(ended=330, replied=30, bounced=5),
    Counts(ended=3, replied=0, bounced=1),  # next to nothing
    Counts(ended=300, replied=25, bounced=8, unsubscribed=2),
    Counts(),  # nothing has ended
)
"""What the quarter of each sender came to."""
SEQUENCES = ("Trade fair", "Renewal – Q1")
DEAD = ("vendor-x", "other", "invalid_mailbox", "address", None)
GONE = ("webinar", "other", "invalid_domain", "address", None)
FULL = ("webinar", "google", "mailbox_full", "temporary", None)
SILENT = (None, "other", "unknown", "unknown", None)
GMAIL = ("webinar", "google", "authentication", "sender", "google_authentication")
OUTLOOK = ("webinar", "microsoft", "authentication", "sender", "microsoft_authentication")
REFUSED = (None, "microsoft", "reputation", "sender", None)
SPAM = ("webinar", "yahoo", "reputation", "sender", "yahoo_spam_rate")
FILTER = (None, "mimecast", "recipient_filter", "recipient_filter", None)
CAUSES = {3: (DEAD, DEAD, DEAD, DEAD, REFUSED, GONE), 8: (GMAIL, OUTLOOK, GMAIL, DEAD, REFUSED, SPAM), 10: (SILENT,)}
"""Why the bounces of a sender came back, one after another: source, provider, category, fault, ticket."""
USUAL = (DEAD, FULL, GONE, SILENT, REFUSED, FILTER)
AS_OF = datetime(2026, 3, 31, 17, 30)
CONTROL = "d04"
"""The id of a contact that the hash puts into the control group."""


def sample_audit(settings: Settings | None = None) -> Audit:
    """Return the audit of twelve senders over three months and two sequences."""
    settings = settings or Settings()
    facts, judged = sample_facts(), sample_judged()
    flags = summarize(decide_all(sample_contacts(), judged))
    scores = score_all(facts, load_profile(settings.profile), settings)
    return Audit(
        settings,
        sample_import(),
        facts,
        scores,
        flags,
        engagement=sample_engagement(),
        judged=judged,
        advice=sample_advice(),
    )


def sample_facts() -> Facts:
    senders = {key: Sender(key, f"r{key:02d}", name, None, None, None, None) for key, name in enumerate(NAMES, start=1)}
    sequences = {key: Sequence(key, f"s{key}", name, None, None) for key, name in enumerate(SEQUENCES, start=1)}
    cells = tuple(
        Cell(sender, sequence, month, part)
        for sender, counts in enumerate(COUNTS, start=1)
        if counts.ended
        for (sequence, month), part in zip(
            ((sequence, month) for sequence in sequences for month in MONTHS), split(counts, 6), strict=True
        )
    )
    return Facts(
        as_of=AS_OF,
        senders=senders,
        sequences=sequences,
        cells=cells,
        steps=(Step(1, 1, 1400, 90, 60, 1), Step(1, 2, 1150, 30, 2, 1), Step(2, 1, 1300, 80, 35, 0)),
        list_sources=(
            ListSource("vendor-x", "2026-01", Counts(ended=400, replied=12, bounced=48)),
            ListSource("webinar", None, Counts(ended=1800, replied=180, bounced=30)),
            ListSource(None, None, Counts(ended=596, replied=19, bounced=20)),
        ),
        contacts=2400,
        bounce_causes=causes_of(cells),
        engagements=(
            Engagement(1, "click", None, 9),
            Engagement(1, "open", None, 118),
            Engagement(3, "click", None, 2),
            Engagement(3, "click", "instant", 840),
            Engagement(3, "open", None, 61),
            Engagement(3, "open", "instant", 280),
            Engagement(3, "open", "proxy", 1),
            Engagement(8, "open", "opens_everything", 240),
        ),
        engaged=EngagedContacts(contacts=312, human=140),
        has_events=True,
        has_seats=False,
    )


def causes_of(cells: tuple[Cell, ...]) -> tuple[BounceCause, ...]:
    """Return a cause for every bounce of the cells: each sender's in turn."""
    counted: Counter[tuple[object, ...]] = Counter()
    seen: Counter[int] = Counter()
    for cell in cells:
        causes = CAUSES.get(cell.sender_key, USUAL)
        for _ in range(cell.counts.bounced):
            counted[cell.sender_key, cell.sequence_key, cell.month, *causes[seen[cell.sender_key] % len(causes)]] += 1
            seen[cell.sender_key] += 1
    return tuple(BounceCause(*cause, bounced=bounced) for cause, bounced in counted.items())


def split(counts: Counts, parts: int) -> list[Counts]:
    """Spread counts evenly; the parts add up to them again."""
    spread = [[n // parts + (part < n % parts) for n in counts] for part in range(parts)]
    return [Counts(*part) for part in spread]


def contact(contact_id: str, **known: object) -> ContactFacts:
    """Return a contact of the first sender of whom nothing is known but what is given."""
    plain = QUIET._replace(
        contact_key=0, contact_id=contact_id, email=f"{contact_id}@acme.test", last_sent_at=datetime(2026, 3, 1)
    )
    return plain._replace(**known)


def bounced(category: str, action: str, signal: str, detail: str | None = None) -> dict[str, object]:
    """Return what is known of a contact whose last bounce means this."""
    return {
        "last_bounce_at": datetime(2026, 1, 12),
        "last_bounce_category": category,
        "last_bounce_action": action,
        "last_bounce_signal": signal,
        "last_bounce_detail": detail,
    }


def sample_contacts() -> list[ContactFacts]:
    return [
        contact("c01", opted_out=True, opted_out_at=datetime(2026, 2, 3), active_enrollments=1),
        contact("c02", unsubscribed_at=datetime(2026, 2, 9)),
        contact("c03", complained_at=datetime(2026, 2, 10)),
        contact("c04", do_not_contact=True),
        contact("c05", suppressed="left for a competitor"),
        contact(
            "c06", hard_bounce_reason="UNKNOWN_USER", **bounced("invalid_mailbox", "remove", "hubspot:UNKNOWN_USER")
        ),
        contact("=c07", email="=cmd|' /C calc'!A0", contact_key=107, sends=14, sends_since_reply=14),
        contact("c08", sender_key=3, contact_key=108, sends=19, replies=2, sends_since_reply=17),
        contact("c09", sender_key=3, sends=0, marketing_sends_since_engagement=20, marketing_engaged=True),
        contact("c10"),
        contact("c11", sender_key=3, asked_out_at=datetime(2026, 3, 3)),
        contact(
            "c12", sender_key=3, **bounced("invalid_mailbox", "remove", "code 5.1.1 + phrase en.x", "550 5.1.1 no user")
        ),
        contact("c13", sender_key=3, full_mailboxes=3),
        contact(
            "c14", sender_key=3, bounced_lately=True, **bounced("mailbox_full", "hold", "code 5.2.2", "552 5.2.2 full")
        ),
        contact("c15", sender_key=3, left_at=datetime(2026, 3, 9), successor="eva@acme.test"),
        contact("c16", sender_key=3, away_at=datetime(2026, 3, 20), away_until=datetime(2026, 5, 6), is_away=True),
        contact(CONTROL, sender_key=8, contact_key=109, sends=12, sends_since_reply=12),
        *(
            contact(
                f"f{n:02d}", sender_key=8, contact_key=200 + n, sends=12 + n % 2, sends_since_reply=12, replies=n % 2
            )
            for n in range(25)
        ),
    ]


def judged_of(chances: dict[int, float], threshold: float = 0.01, **columns: float) -> Judged:
    """Return what the model says of contacts: their key and their probability of a reply, ordered by key.

    A column not given follows from the probability: limits of half and twice; one reply lifts over the threshold.
    """
    keys = np.array(sorted(chances), dtype=np.int64)
    p = np.array([chances[key] for key in sorted(chances)])
    known = {
        "low": p / 2,
        "high": 2 * p,
        "p_engaged": np.full(len(p), 0.4),
        "threshold": np.full(len(p), threshold),
        "sends": np.full(len(p), 12),
        "after_open": p,
        "after_reply": np.full(len(p), 2 * threshold),
        "half_machines": p,
        "hubspot_rule": p < 0.002,
        "ninety_days": p < 0.5,
    }
    given = {name: np.full(len(p), value) for name, value in columns.items()}
    return Judged(keys=keys, p_reply=p, control_share=0.05, **{**known, **given})


def sample_judged() -> Judged:
    """Return what the model says of `sample_contacts`."""
    return judged_of({107: 0.0004, 108: 0.0061, 109: 0.003, **{200 + n: 0.001 + n * 0.0003 for n in range(25)}})


def sample_engagement() -> EngagementSummary:
    """Return the figures of a team of 2,400 contacts, of whom 28 are hardly likely to reply."""
    place = np.arange(2_313)
    p = 0.01613 + 0.00004 * place + 0.3 * (place / len(place)) ** 3
    threshold = np.full(len(p), 0.01725)
    return EngagementSummary(
        is_given=False,
        is_stacked=True,
        learned_contacts=2_391,
        learned_replies=1_204,
        delay_days=3.24,
        costs=Costs(200.0, 1.0, 150.0),
        complaint_rate=COMPLAINT_RATE,
        has_complaints=False,
        budget=None,
        control_share=0.05,
        pause_after=3,
        judged=len(p),
        expected_replies=float(p.sum()),
        chosen=cost_of(p, p < threshold),
        frontier=tuple(frontier(p, threshold)),
        hubspot_rule=cost_of(p, place % 30 < 2),
        ninety_days=cost_of(p, place % 9 < 5),
        tail=0.95,
        newly_paused=1,
        no_longer_paused=0,
    )


def sample_import() -> ImportReport:
    columns = (
        ColumnReading("sender_id", "sender_id", "exact"),
        ColumnReading("Date de fin", "ended_at", "alias: HubSpot", "DMY", "data"),
        ColumnReading("Humeur", None, "unknown"),
    )
    return ImportReport(
        source="exports",
        data_hash="6f1ed002ab5595859014ebf0951522d9",
        tables={"enrollments": 2799, "senders": 12, "contacts": 2400},
        given=("enrollments", "contacts", "senders"),
        files=(FileReading("enrollments.csv", "enrollments", 2800, 1, "cp1252", ";", columns),),
        notes=(
            ImportNote("ended_without_time", {"count": 3}),
            ImportNote("unknown_ids", {"table": "sequences", "column": "sequence_id", "count": 2}),
        ),
        rejected=1,
        data_from=datetime(2026, 1, 2),
        data_until=AS_OF,
        has_events=True,
        ignored_files=("notes.txt",),
    )


def audit_of(counts: list[Counts], settings: Settings | None = None) -> Audit:
    """Return the audit of senders `r1, r2, …` with such counts in one sequence and one month, and no contacts."""
    settings = settings or Settings()
    facts = sample_facts()
    facts = replace(
        facts,
        senders={key: Sender(key, f"r{key}", None, None, None, None, None) for key in range(1, len(counts) + 1)},
        sequences=facts.sequences if counts else {},
        cells=tuple(Cell(key, 1, MONTHS[0], part) for key, part in enumerate(counts, start=1)),
        steps=(),
        list_sources=(),
        bounce_causes=(),
        engagements=(),
        engaged=EngagedContacts(),
        contacts=0,
    )
    scores = score_all(facts, load_profile(settings.profile), settings)
    return Audit(settings, sample_import(), facts, scores, summarize([]))
