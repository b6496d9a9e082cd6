"""What a rule is, what it can answer, and what it suggests: numbers, and sentences by their English form."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.advice.attribution.types import Gain, Metric
    from hygiene.advice.case import Case
    from hygiene.values import Message

Family: TypeAlias = Literal[
    "token", "segment", "content", "copy", "sequence", "bounce", "engagement", "opt_out", "deliverability", "honesty",
    "experiment",
]  # fmt: skip
Scope: TypeAlias = Literal["team", "sender", "sequence", "template", "segment", "source", "list"]
Severity: TypeAlias = Literal["gate", "high", "medium", "info"]
SEVERITIES: tuple[Severity, ...] = ("gate", "high", "medium", "info")
Basis: TypeAlias = Literal["association", "tested", "published", "exact"]
Number: TypeAlias = int | float | str
Owner: TypeAlias = Literal["rep", "ops", "it", "manager", "legal"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a rule declares; its module's docstring explains it under five headings (`registry.HEADINGS`)."""

    id: str
    """Stable, such as `BNC-02`."""
    family: Family
    scope: Scope
    severity: Severity
    title: Message
    """What is well where the rule is silent: shown among the checks that passed."""
    basis: Basis = "exact"
    effort_minutes: int = 15
    """How long a person needs to follow the advice; assumed."""
    owner: Owner = "rep"
    """Who can act on it."""
    needs: tuple[str, ...] = ()
    """Tables (`templates`) or columns with any value (`contacts.source`) without which it cannot be asked; one of
    several will do where they stand between bars."""


class ContactRow(NamedTuple):
    """A contact to act on, and the value that is the reason."""

    contact_id: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One thing to do, as numbers."""

    rule: Rule
    subject: str
    """What it is about: `source:vendor-x`, `sequence:intro/2`, `token:contact.firstname`."""
    advice: Message
    sender_key: int | None = None
    """Whom it is told; None: the team."""
    sequence_key: int | None = None
    scope: Scope | None = None
    """Where it differs from the rule's."""
    metric: Metric | Literal["none"] = "none"
    gain: Gain | None = None
    """None: no gain is claimed."""
    basis: Basis | None = None
    """Where it differs from the rule's."""
    severity: Severity | None = None
    """Where it differs from the rule's."""
    effort_minutes: int | None = None
    """Where it differs from the rule's."""
    points: float = 0.0
    """Expected change of the sender's score."""
    p_better_band: float | None = None
    replies: float | None = None
    """Expected change of the number of replies."""
    evidence: Mapping[str, Number] = field(default_factory=dict)
    """Numbers with names; rates are fractions."""
    steps: tuple[Message, ...] = ()
    """How to do it."""
    rows: tuple[ContactRow, ...] = ()
    """The contacts to act on."""

    @property
    def weight(self) -> Severity:
        """How grave it is."""
        return self.severity or self.rule.severity

    @property
    def minutes(self) -> int:
        """How long following it takes, about."""
        return self.rule.effort_minutes if self.effort_minutes is None else self.effort_minutes

    @property
    def id(self) -> str:
        """The same for the same advice in every run: rule, sender and subject."""
        of = f"{self.rule.id}|{self.sender_key}|{self.subject}"
        return f"{self.rule.id}-{blake2b(of.encode(), digest_size=4).hexdigest()}"


@dataclass(frozen=True)
class Fired:
    """There is something to do."""

    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Clear:
    """Looked at, and all is well."""

    checked: int
    """How many things were looked at: contacts, steps, senders."""


@dataclass(frozen=True)
class NotApplicable:
    """The question does not arise here, or the export does not hold what it needs."""

    why: Message


@dataclass(frozen=True)
class NotEnough:
    """Too little data to tell."""

    have: int
    need: int
    unit: Message
    """Of what, such as “ended enrollments”."""


Outcome: TypeAlias = Fired | Clear | NotApplicable | NotEnough


class RuleModule(Protocol):
    """A module of `advice/rules`."""

    RULE: Rule
    __doc__: str | None

    @staticmethod
    def check(case: Case) -> Outcome:
        """Answer the rule's question on the facts of a case."""
