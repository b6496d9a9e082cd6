"""The verdict: what the findings come to, once the exceptions that somebody answers for are taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.errors import SettingsError, did_you_mean
from hygiene.gate.checks import CHECKS, NEVER_WAIVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hygiene.gate.reasons import Dropped
    from hygiene.gate.types import Finding, Verdict, WaiverState
    from hygiene.settings import WaiverSetting


def verdict_of(findings: Iterable[Finding], dropped: Sequence[Dropped]) -> Verdict:
    """Return the verdict: the gravest that any finding asks for.

    HOLD is graver than UNKNOWN, which is graver than TRIM: what fails for sure need not be looked at again, and what
    nobody could look at is never a GO.
    """
    open_findings = [finding for finding in findings if finding.waiver is None]
    if any(finding.status == "fail" and finding.effect == "hold" for finding in open_findings):
        return "hold"
    if any(finding.status == "unknown" and finding.is_required for finding in open_findings):
        return "unknown"
    return "trim" if dropped else "go"


def in_force(waivers: Iterable[WaiverSetting], today: date) -> tuple[WaiverSetting, ...]:
    """Return the waivers that hold on a day.

    Raises
    ------
    SettingsError
        If one names a check that does not exist, or one that nobody can waive.
    """
    waivers = tuple(waivers)
    for waiver in waivers:
        if waiver.check not in CHECKS:
            raise SettingsError(
                f'The waiver of {waiver.owner} in hygiene.toml names "{waiver.check}", which is no check'
                f"{did_you_mean(waiver.check, CHECKS)}."
            )
        if waiver.check in NEVER_WAIVED:
            raise SettingsError(
                f"The waiver of {waiver.owner} in hygiene.toml names {waiver.check}, which nobody can waive: take it"
                " out."
            )
    return tuple(waiver for waiver in waivers if waiver.expires >= today)


def waive(
    findings: Iterable[Finding], waivers: Sequence[WaiverSetting], today: date
) -> tuple[list[Finding], tuple[tuple[WaiverSetting, WaiverState], ...]]:
    """Return the findings with the waivers that they need, and what became of each waiver."""
    holding = {waiver.check: waiver for waiver in in_force(waivers, today)}
    answered = [
        replace(finding, waiver=holding[finding.check])
        if finding.check in holding and finding.status in ("warn", "fail", "unknown")
        else finding
        for finding in findings
    ]
    used = {finding.check for finding in answered if finding.waiver}
    states: list[tuple[WaiverSetting, WaiverState]] = []
    for waiver in waivers:
        if waiver.expires < today:
            states.append((waiver, "expired"))
        else:
            states.append((waiver, "used" if waiver.check in used else "not_needed"))
    return answered, tuple(states)
