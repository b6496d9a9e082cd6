"""What only the documented worlds export: templates, events, legal bases, refusals; all of it clean.

It holds honest near misses as well: people who unsubscribed and are left alone, returned mails of dead addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.causes.design import DAY

if TYPE_CHECKING:
    from benchmarks.causes.tables import Outcome

FOOTER = (
    "\n\n{{ sender.firstname }}\nSeller Ltd, 1 High Street, London\nUnsubscribe: https://seller.example/unsubscribe"
)
STEPS = (
    (
        "A question about {{ company.name }}",
        """Hello {{ contact.firstname }},

I work with companies like {{ company.name }} that want fewer late orders. Most of them lose two days a month to it.

Is that something you look after?""",
    ),
    (
        "Late orders",
        """Hello {{ contact.firstname }},

as a {{ contact.jobtitle }} you will know the Monday call about what did not arrive. Two of our customers cut it short.

Shall I show you how they did it?""",
    ),
    (
        "One last idea",
        """Hello {{ contact.firstname }},

here is a checklist that our customers use before they order. It takes five minutes.

Would it help to go through it together?""",
    ),
)
STEP_DAYS = (0, 4, 9)
DEAD_ADDRESS = (
    "550 5.1.1 The email account that you tried to reach does not exist",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.1.1 <recipient>: Recipient address rejected: User unknown in virtual mailbox table",
)
BLOCKED = (
    "550 5.7.26 This mail is unauthenticated, which poses a security risk; authenticate with SPF or DKIM",
    "550 5.7.1 Message rejected due to the poor reputation of the sending domain",
)
ANSWERS = ("Thanks, let us talk on Tuesday.", "Not now, please try again in spring.", "Yes, send me the checklist.")
OPT_IN = ("Germany", "Spain")
"""Countries whose contacts need to have consented; Spain to be on the safe side."""


def document(tables: dict[str, pd.DataFrame], outcome: Outcome, random: np.random.Generator) -> None:
    """Add the documents to the tables."""
    enrollments, contacts = tables["enrollments"], tables["contacts"]
    has_left = enrollments["outcome"].eq("unsubscribed")  # contacts stand in the order of enrollments, one each
    needs = contacts["country"].isin(OPT_IN)
    contacts["opted_out"] = has_left
    contacts["opted_out_at"] = enrollments["ended_at"].where(has_left)
    contacts["legal_basis"] = np.where(needs, "Freely given consent from contact", "Legitimate interest – prospect")
    contacts["consent_at"] = contacts["created_at"].where(needs)
    contacts["consent_source"] = pd.Series("Web form", index=contacts.index).where(needs)
    tables["templates"] = _templates(tables["sequences"]["sequence_id"])
    tables["suppressions"] = pd.DataFrame(
        {
            "email": contacts["email"][has_left],
            "reason": "opt_out",
            "at": enrollments["ended_at"][has_left],
            "source": "unsubscribe link",
        }
    )
    tables["events"] = _events(enrollments, outcome, random)


def _templates(sequences: pd.Series) -> pd.DataFrame:
    """Return the table `templates`: the same clean text in each sequence."""
    rows = [
        {"sequence_id": sequence, "step": i + 1, "subject": subject, "body": body + FOOTER, "dialect": "hubspot"}
        for sequence in sequences
        for i, (subject, body) in enumerate(STEPS)
    ]
    return pd.DataFrame(rows)


def _events(enrollments: pd.DataFrame, outcome: Outcome, random: np.random.Generator) -> pd.DataFrame:
    """Return the table `events`: mails sent, answers, bounces and unsubscribes."""
    keys = enrollments[["enrollment_id", "contact_id", "sender_id", "sequence_id"]]
    start, end = (pd.to_datetime(enrollments[name]) for name in ("enrolled_at", "ended_at"))
    last = end.fillna(start + pd.Timedelta(seconds=DAY))
    sent_steps = np.ones(len(keys), dtype=int)
    parts = []
    for i, days in enumerate(STEP_DAYS):
        at = start + pd.Timedelta(days=days)
        is_sent = (at < last) & ~(outcome.bounced & (i > 0))
        sent_steps = np.where(is_sent, i + 1, sent_steps)
        parts.append(keys.assign(step=i + 1, type="sent", at=at, detail=None)[is_sent])
    address, blocked, answers = (
        np.array(texts, dtype=object)[random.integers(0, len(texts), len(keys))]
        for texts in (DEAD_ADDRESS, BLOCKED, ANSWERS)
    )
    ends = (
        ("bounce", outcome.bounced, np.where(outcome.blocked, blocked, address)),
        ("reply", outcome.replied, answers),
        ("unsubscribe", enrollments["outcome"].eq("unsubscribed"), None),
    )
    parts += [keys.assign(step=sent_steps, type=name, at=end, detail=detail)[which] for name, which, detail in ends]
    events = pd.concat(parts).sort_values(["at", "enrollment_id", "step"], kind="stable").reset_index(drop=True)
    events.insert(0, "event_id", events.index + 1)
    return events.assign(at=events["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
