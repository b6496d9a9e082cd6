"""The rules, each a module of its own, in the order of their families; the one place that lists them."""

from __future__ import annotations

import inspect
import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from hygiene.errors import SettingsError, did_you_mean
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.types import Rule, RuleModule

HEADINGS = ("What it checks", "Why it matters", "What to do", "Limits", "Source")
"""What each rule's docstring explains, in this order."""
CITED = "Source"
"""The heading under which a text keeps its own language."""
RULES = (
    "opt_out.still_enrolled",
    "opt_out.unheard_request",
    "opt_out.slow_stop",
    "opt_out.no_way_out",
    "opt_out.missing_basis",
    "opt_out.unproven_source",
    "opt_out.reimported",
    "token.malformed",
    "token.unknown_property",
    "token.broken_mails",
    "token.low_coverage",
    "token.no_token",
    "token.left_over",
    "token.ugly_values",
    "segment.mixed_list",
    "segment.weak_segment",
    "segment.segment_gap",
    "segment.other_language",
    "content.not_linked",
    "content.nothing_to_link",
    "copy.length",
    "copy.questions",
    "copy.subject_line",
    "sequence.weak_sequence",
    "sequence.one_sender",
    "sequence.late_steps",
    "sequence.single_step",
    "timing.weak_slot",
    "bounce.over_limit",
    "bounce.bad_source",
    "bounce.dead_enrolled",
    "bounce.own_fault",
    "bounce.unverified",
    "bounce.doubtful_address",
    "engagement.unengaged",
    "engagement.pause_frontier",
    "deliverability.authentication",
    "deliverability.bulk_sender",
    "deliverability.complaints",
    "honesty.too_little_data",
    "honesty.odd_counts",
    "honesty.no_replies",
    "experiment.split_test",
)
"""Modules of `hygiene.advice.rules`."""


class Explained(NamedTuple):
    """A rule with its explanation."""

    rule: Rule
    summary: str
    """One line in English."""
    sections: dict[str, tuple[str, ...]]
    """Paragraphs by heading, each without line breaks."""


@cache
def load_rules() -> tuple[RuleModule, ...]:
    """Return the rules' modules."""
    return tuple(cast("RuleModule", import_module(f"hygiene.advice.rules.{name}")) for name in RULES)


def explained(module: RuleModule) -> Explained:
    """Return a rule's docstring in parts.

    Raises
    ------
    ValueError
        If a heading is missing or out of order: a bug, held by a test.
    """
    lines = inspect.cleandoc(module.__doc__ or "").splitlines()
    places = [number for number, line in enumerate(lines) if line in HEADINGS]
    if tuple(lines[place] for place in places) != HEADINGS:
        raise ValueError(f"{module.RULE.id}: the headings must be {', '.join(HEADINGS)}")
    ends = [*places[1:], len(lines)]
    sections = {
        lines[start]: _paragraphs("\n".join(lines[start + 1 : end])) for start, end in zip(places, ends, strict=True)
    }
    summary = lines[0].removeprefix(f"{module.RULE.id}: ")
    return Explained(module.RULE, summary, sections)


def _paragraphs(section: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", section.strip()) if part)


def sentence(text: str) -> Message:
    """Return a summary or paragraph of an explanation as a message: its `%` are signs, never placeholders.

    Examples
    --------
    >>> sentence("More than 3 % of them.").id
    'More than 3 %% of them.'
    """
    return Message(text.replace("%", "%%"))


def sentences(module: RuleModule) -> tuple[Message, ...]:
    """Return what a rule's explanation says in our own words: the summary, and each paragraph but the cited."""
    _, summary, sections = explained(module)
    paragraphs = (text for heading, texts in sections.items() if heading != CITED for text in texts)
    return tuple(sentence(text) for text in (summary, *paragraphs))


def of_family(family: str | None) -> tuple[RuleModule, ...]:
    """Return the rules of one family; of all where none is named.

    Raises
    ------
    SettingsError
        If no rule is of that family.
    """
    if family is None:
        return load_rules()
    found = tuple(module for module in load_rules() if module.RULE.family == family)
    if not found:
        families = {module.RULE.family for module in load_rules()}
        raise SettingsError(f'No rule is of the family "{family}"{did_you_mean(family, families)}.')
    return found


def find_rule(rule_id: str) -> RuleModule:
    """Return one rule by its id, whatever its case.

    Raises
    ------
    SettingsError
        If there is none.
    """
    by_id = {module.RULE.id: module for module in load_rules()}
    if rule_id.upper() not in by_id:
        raise SettingsError(f'There is no rule "{rule_id}"{did_you_mean(rule_id.upper(), by_id)}.')
    return by_id[rule_id.upper()]
