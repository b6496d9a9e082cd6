"""What permission rows of contacts show: one decision, for the rules, `hygiene consent` and `hygiene check` alike."""

from __future__ import annotations

from hygiene.advice.permission.judge import judge
from hygiene.advice.permission.types import SENDABLE, STATUSES, Code, Status

__all__ = ["SENDABLE", "STATUSES", "Code", "Status", "judge"]
