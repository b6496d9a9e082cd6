"""What is said of a contact that somebody is asked to act on: words for the codes that scripts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.words import REASON_TITLES
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.advice.types import Family, Rule
    from hygiene.values import Value

VALUE_WORDS: Mapping[str, Message] = {
    **REASON_TITLES,
    "created_after_suppression": Message("Came in after the entry"),
    "in_running_enrollment": Message("In a running sequence again"),
    "consent_withdrawn": Message("The basis was refused or taken back"),
    "no_basis": Message("No documented basis"),
    "consent_expired": Message("The basis has run out"),
    "no_sign_of_life": Message("No sign of life for too long"),
    "bought": Message("By its name a bought list"),
    "scraped": Message("By its name an extracted list"),
    "unknown": Message("A list of unknown origin"),
    "never_verified": Message("Never verified"),
    "verified_long_ago": Message("Verified long ago"),
    "malformed": Message("No email address"),
    "typo_domain": Message("The domain looks mistyped"),
    "disposable": Message("A throw-away mailbox"),
    "role_system": Message("A machine's mailbox"),
    "role_team": Message("A shared mailbox"),
}
"""By code, as `recommendations.json` has it. What is no code is a value from the data and stands as it is."""
FROM_DATA: frozenset[Family] = frozenset(("token", "experiment", "segment"))
"""Families whose values are the data's own (a name in capitals, an arm, a language): no word in them is a code."""


def value_words(rule: Rule, value: str) -> Value:
    """Return what the value of a row tells people."""
    words = None if rule.family in FROM_DATA else VALUE_WORDS.get(value)
    return words or Text(value)
