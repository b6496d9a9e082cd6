"""The source whose coaching pages are the longest we can think of: every section, long and hostile names everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.advice.making import START, enrolled, people, write_source

if TYPE_CHECKING:
    from pathlib import Path

    from tests.advice.making import Rows

SENDERS, SEQUENCES, LISTS, INDUSTRIES = 4, 60, 8, 5
ENROLLMENTS, RUNNING = 4_800, 800
BOUNCES = (
    "550 5.1.1 no such user",
    "552 5.2.2 mailbox full",
    "550 5.7.26 unauthenticated: DMARC",
    "554 5.7.1 blocked for its reputation: spamhaus",
    "451 4.3.0 try later",
    "550 5.7.1 message content rejected as spam",
    "550 5.1.2 host unknown",
    "it just did not work",
)
BODY = (
    "Hi {{ contact.firstname }}, [First Name] {{ contact.company }} {{ contact.nope_nope_nope }} {{ {{ ??"
    + " word" * 99
)


def long_name(kind: str, number: int) -> str:
    """Return a name of 60 characters, most of which take five bytes in HTML."""
    return f"{kind} {number} – l'été & <\"".ljust(60, '"')


def worst_source(folder: Path) -> Path:
    """Write the source."""
    sequences = [f"sequence-{number:02d}-".ljust(60, "s") for number in range(SEQUENCES)]
    rows = enrolled(
        ENROLLMENTS,
        sender_id=lambda place: f"sender-{place % SENDERS}-".ljust(60, "r"),
        contact_id=lambda place: f"contact-{place}-".ljust(60, "c"),
        sequence_id=lambda place: sequences[place // SENDERS % SEQUENCES],
        enrolled_at=lambda place: START - timedelta(days=300) + timedelta(hours=1.5 * place),
        outcome=_outcome,
    )
    return write_source(
        folder,
        enrollments=rows,
        events=_events(rows),
        contacts=_contacts(),
        senders=[
            {"sender_id": f"sender-{number}-".ljust(60, "r"), "name": long_name("Vendeur", number)}
            for number in range(SENDERS)
        ],
        sequences=[
            {"sequence_id": sequence, "name": long_name("Séquence", number), "language": ("fr", "en")[number % 2]}
            for number, sequence in enumerate(sequences)
        ],
        templates=[
            {
                "sequence_id": sequence,
                "step": step,
                "subject": "RE: {{contact.nope}}!",
                "body": BODY,
                "dialect": "hubspot",
            }
            for sequence in sequences
            for step in (1, 2)
        ],
    )


def _outcome(place: int) -> str:
    if place >= ENROLLMENTS - RUNNING:
        return "active"
    if (place // 7 % LISTS == 0 and place % 3 == 0) or place % 37 == 0:
        return "bounced"
    return "replied" if place // 11 % INDUSTRIES and place % 9 in (0, 4) else "finished"


def _contacts() -> Rows:
    return people(
        ENROLLMENTS,
        contact_id=lambda place: f"contact-{place}-".ljust(60, "c"),
        email=lambda place: f"{'prenom.' * 4}nom{place}@tres-longue-entreprise-{place}.example",
        first_name=lambda place: ("MARIE", "N/A", "", '"""""""', "{{x}}")[place % 5],
        last_name=lambda place: long_name("Nom", place),
        company=lambda place: long_name("Société", place),
        source=lambda place: long_name("Liste", place // 7 % LISTS),
        industry=lambda place: long_name("Secteur", place // 11 % INDUSTRIES),
        country=lambda place: ("France", "Deutschland")[place % 2],
        language=lambda place: ("fr", "en")[place // 5 % 2],
        opted_out=lambda place: "true" if place % 17 == 0 else None,
        do_not_contact=lambda place: "true" if place % 29 == 0 else None,
    )


def _events(rows: Rows) -> Rows:
    events = []
    for place, row in enumerate(rows):
        at = row["enrolled_at"] + timedelta(hours=1)
        of = {name: row[name] for name in ("enrollment_id", "contact_id", "sender_id", "sequence_id")} | {"step": 1}
        events.append({**of, "type": "sent", "at": at})
        if row["outcome"] == "bounced":
            detail = BOUNCES[place // SENDERS % len(BOUNCES)]
            events.append({**of, "type": "bounce", "at": at + timedelta(minutes=1), "detail": detail})
            continue
        if place % 3 == 0:
            events.append({**of, "type": "click", "at": at + timedelta(seconds=1), "user_agent": "python-requests/2"})
        if place % 2:
            events.append({**of, "type": "open", "at": at + timedelta(hours=2), "user_agent": "Mozilla/5.0"})
        if row["outcome"] == "replied":
            events.append({**of, "type": "reply", "at": at + timedelta(hours=5), "detail": "Oui, parlons-en jeudi."})
    return events
