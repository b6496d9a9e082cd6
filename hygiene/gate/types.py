"""What a check before a campaign answers: findings, rows that must not be written to, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hygiene.values import Message

Verdict: TypeAlias = Literal["go", "trim", "hold", "unknown"]
Status: TypeAlias = Literal["pass", "warn", "fail", "unknown", "not_applicable"]
"""`unknown` is never `pass`: it could not be looked at. `not_applicable`: the question does not arise."""
Effect: TypeAlias = Literal["none", "trim", "hold"]
"""What a `fail` leads to: nothing, rows that are dropped, or no campaign."""
Area: TypeAlias = Literal["rows", "template", "domain", "whole"]
Number: TypeAlias = int | float | str


@dataclass(frozen=True)
class Waiver:
    """An exception that somebody answers for, from `hygiene.toml`."""

    check: str
    owner: str
    reason: str
    expires: date
    """The last day on which it holds."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer of one check."""

    check: str
    """Stable id, such as `domain.spf`; its first word is its `Area`."""
    status: Status
    message: Message
    """One sentence on what was found."""
    effect: Effect = "none"
    """Of a `fail`; what a `warn` has is never more than a remark."""
    is_required: bool = False
    """Whether the campaign may not start while this is `unknown`."""
    remedy: Message | None = None
    """One sentence on what to do."""
    evidence: Mapping[str, Number] = field(default_factory=dict)
    """Numbers and short texts with names; texts may be hostile."""
    rows: int = 0
    """Rows of the list that it concerns."""
    source: str = ""
    """The rule behind it, such as `RFC 8058, section 3.1`."""
    waiver: Waiver | None = None
    """Set where a `fail` or `unknown` is waived: then it has no effect."""
