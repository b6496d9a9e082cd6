"""Problems planted into the clean documents of a team, each with the rule that should find it and what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks.causes.design import DAY
from benchmarks.causes.recipes import ACTIVE_MONDAY

if TYPE_CHECKING:
    from benchmarks.causes.tables import Outcome

RULES = ("TOK-01", "TOK-02", "TOK-07", "TOK-03", "OPT-01", "OPT-05", "BNC-02", "BNC-04")
"""The rules (evidence/recommender.md, section 6) that the planted problems should set off, and nothing else should."""
TEXTS = (
    ("TOK-01", 1, "{{ contact.firstname }}", "{{ contact.firstname }", "a token without its second brace"),
    ("TOK-02", 3, "{{ contact.firstname }}", "{{ contact.first_nme }}", "a property that does not exist"),
    ("TOK-07", 1, "{{ contact.firstname }}", "[First Name]", "a placeholder that was never filled"),
)
"""Rule, step, what stood there, what stands there now."""
EMPTY_STEP = 2
"""The step whose mails print the job title without a fallback."""
EMPTY_RATE = 0.15
OPTED_OUT, SUPPRESSED = 6, 3
"""Contacts in active enrollments who said no: in their own row, and by the suppression list only."""
NO_CONSENT_RATE = 0.6


def plant(tables: dict[str, pd.DataFrame], outcome: Outcome, random: np.random.Generator) -> list[dict[str, Any]]:
    """Plant all problems into the tables and return them: `rule`, `ids` (what a row about it names), `what`."""
    sequences = [str(name) for name in random.permutation(tables["sequences"]["sequence_id"])]
    enrollments, contacts = tables["enrollments"], tables["contacts"]
    problems = [
        _break_text(tables["templates"], sequence, *text) for sequence, text in zip(sequences, TEXTS, strict=False)
    ]
    in_sequence = enrollments["sequence_id"].eq(sequences[len(TEXTS)])
    is_empty = in_sequence & (random.random(len(contacts)) < EMPTY_RATE)
    contacts["job_title"] = contacts["job_title"].mask(is_empty)
    problems.append(_problem("TOK-03", [sequences[len(TEXTS)]], f"an empty job title, no fallback, step {EMPTY_STEP}"))
    problems.append(_opt_out(tables, random))
    has_none = contacts["country"].eq("Germany") & (random.random(len(contacts)) < NO_CONSENT_RATE)
    for column in ("legal_basis", "consent_at", "consent_source"):
        contacts[column] = contacts[column].mask(has_none)
    ids = contacts.loc[has_none & enrollments["outcome"].eq("active"), "contact_id"]
    problems.append(_problem("OPT-05", ["Germany", *ids], "opt-in country, no consent"))
    problems.append(_problem("BNC-02", ["vendor-a"], "five times the odds of a bounce"))
    blocked = enrollments.loc[outcome.blocked, "sender_id"]
    problems.append(_problem("BNC-04", sorted(set(blocked)), f"{len(blocked)} mails refused for the sender's sake"))
    return problems


def _problem(rule: str, ids: list[str], what: str) -> dict[str, Any]:
    return {"rule": rule, "ids": ids, "what": what}


def _break_text(
    templates: pd.DataFrame, sequence: str, rule: str, step: int, good: str, bad: str, what: str
) -> dict[str, Any]:
    """Replace a token in one step of a sequence."""
    row = templates["sequence_id"].eq(sequence) & templates["step"].eq(step)
    templates.loc[row, "body"] = templates.loc[row, "body"].str.replace(good, bad, n=1, regex=False)
    return _problem(rule, [sequence], f"{what}, step {step}")


def _opt_out(tables: dict[str, pd.DataFrame], random: np.random.Generator) -> dict[str, Any]:
    """Let some contacts in active enrollments have said no before they were enrolled."""
    enrollments, contacts = tables["enrollments"], tables["contacts"]
    active = np.flatnonzero(enrollments["outcome"].eq("active"))
    picked = np.sort(random.choice(active, min(OPTED_OUT + SUPPRESSED, len(active)), replace=False))
    own, listed = picked[:OPTED_OUT], picked[OPTED_OUT:]
    refused_at = pd.Timestamp(ACTIVE_MONDAY) - pd.Timedelta(seconds=9 * DAY)
    at = refused_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    contacts.loc[own, "opted_out"] = True
    contacts.loc[own, "opted_out_at"] = at
    more = pd.DataFrame(
        {"email": contacts.loc[listed, "email"], "reason": "opt_out", "at": at, "source": "written request"}
    )
    tables["suppressions"] = pd.concat([tables["suppressions"], more])
    return _problem("OPT-01", [str(name) for name in contacts.loc[picked, "contact_id"]], "in an active enrollment")
