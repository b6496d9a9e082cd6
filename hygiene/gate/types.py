"""What a check before a campaign answers: findings, rows that must not be written to, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.gate.batch_plan import BatchPlan
    from hygiene.gate.reasons import Dropped
    from hygiene.settings import WaiverSetting
    from hygiene.values import Message

Verdict: TypeAlias = Literal["go", "trim", "hold", "unknown"]
Status: TypeAlias = Literal["pass", "warn", "fail", "unknown", "not_applicable"]
"""`unknown` is never `pass`: it could not be looked at. `not_applicable`: the question does not arise."""
Effect: TypeAlias = Literal["none", "trim", "hold"]
"""What a `fail` leads to: nothing, rows that are dropped, or no campaign."""
Area: TypeAlias = Literal["rows", "template", "domain", "whole"]
Number: TypeAlias = int | float | str
WaiverState: TypeAlias = Literal["used", "not_needed", "expired"]


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
    waiver: WaiverSetting | None = None
    """Set where a `fail` or `unknown` is waived: then it has no effect."""


class Expected(NamedTuple):
    """How many of something the campaign will bring."""

    mean: float
    low: float
    """10 % quantile: `low` and `high` hold four in five outcomes."""
    high: float


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """The answer of a check before a campaign."""

    verdict: Verdict
    mode: str
    """`enforce`, `suggest` or `observe`."""
    file: str
    """Name of the list's file."""
    rows: int
    """Of the list, those included that could not be taken apart."""
    kept: tuple[int, ...]
    """Places of the rows that may be sent to, ascending."""
    dropped: tuple[Dropped, ...]
    """The others, each with its reason."""
    findings: tuple[Finding, ...]
    """In the order of `checks.CHECKS`."""
    waivers: tuple[tuple[WaiverSetting, WaiverState], ...]
    as_of: datetime | None
    """The moment up to which the source knows."""
    sender: str | None
    """Label of the sender that was named."""
    bounces: Expected | None
    """Of the rows kept; None: nobody is left."""
    room: int
    """Bounces that the domain's budget has left for the rows kept."""
    complaints: Expected | None
    """None: the source tells of no complaint."""
    price: Expected | None
    """Human replies that the rows dropped by choice would have brought; None: none was."""
    avoided: Expected | None
    """Address bounces that they would have brought."""
    plans: tuple[BatchPlan, ...]
    """Of new list sources."""
    ledger_entries: int
