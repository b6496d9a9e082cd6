"""One DMARC record, read as a receiver does.

RFC 9989 (May 2026, which replaces RFC 7489), sections 4.7 and 4.8. Which record applies to a domain: `tree.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hygiene.mail.authentication.tags import Tags, read_tags
from hygiene.mail.authentication.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

Policy = Literal["none", "quarantine", "reject"]
POLICIES: tuple[Policy, ...] = ("none", "quarantine", "reject")
BROKEN: Mapping[str, str] = {
    "several": "RFC 9989, section 4.10",
    "duplicate": "RFC 6376, section 3.2",
    "no_policy": "RFC 9989, section 4.10.1",
    "bad_policy": "RFC 9989, section 4.10.1",
}
"""Faults for which receivers pass the record over."""
WEAK: Mapping[str, str] = {
    "as_none": "RFC 9989, section 4.10.1",
    "syntax": "RFC 9989, section 4.7",
    "bad_value": "RFC 9989, section 4.7",
    "no_reports": "RFC 9989, section 5.1.3",
    "bad_report_address": "RFC 9989, section 4.8",
    "policy_not_second": "RFC 7489, section 6.3",
}
"""Faults that receivers put up with, or some of them."""
NOTED: Mapping[str, str] = {"old_tag": "RFC 9989, appendix A.6"}
"""What is no fault yet: receivers of today ignore it."""
_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_REPORT_URI = re.compile(
    r"mailto:[^\s@,!]{1,100}@[a-z0-9_.-]{1,253}(?:![0-9]{1,20}[kmgt]?)?|https?://[^\s,!]{1,1000}", re.IGNORECASE
)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
}
_OLD = ("pct", "rf", "ri")
"""Tags of RFC 7489 that RFC 9989 took out."""


@dataclass(frozen=True)
class DmarcRecord:
    """A record's tags, read as a receiver does."""

    text: str
    policy: Policy | None
    """`p=`; None: receivers pass the record over."""
    subdomain_policy: Policy | None
    """`sp=`, where it is there and valid."""
    dkim_mode: Literal["r", "s"]
    """`adkim=`: relaxed or strict alignment."""
    spf_mode: Literal["r", "s"]
    suffix: Literal["y", "n", "u"]
    """`psd=`: whether the domain is a public suffix, an organization's own, or not said."""
    is_testing: bool
    """`t=y`: apply one step less than the policy."""
    reports: tuple[str, ...]
    """`rua=`: where reports go, as far as valid."""
    faults: tuple[Fault, ...]

    @property
    def is_broken(self) -> bool:
        """Whether receivers pass it over."""
        return any(fault.code in BROKEN for fault in self.faults)


def is_dmarc(text: str) -> bool:
    """Tell whether a TXT record is a DMARC record: RFC 9989, sections 4.7 and 4.8.

    Examples
    --------
    >>> is_dmarc("v=DMARC1; p=none"), is_dmarc("v=dmarc1; p=none"), is_dmarc("p=none; v=DMARC1"), is_dmarc("v=DMARC12")
    (True, False, False, False)
    """
    return _VERSION.match(text) is not None


def read_dmarc(text: str) -> DmarcRecord:
    """Return what a DMARC record says; never raises.

    Examples
    --------
    >>> record = read_dmarc("v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@example.com; adkim=s")
    >>> record.policy, record.subdomain_policy, record.dkim_mode, record.faults
    ('reject', 'quarantine', 's', ())
    >>> read_dmarc("v=DMARC1; p=nnoe").faults[0]
    Fault(code='bad_policy', detail='p=nnoe')
    """
    tags = read_tags(text)
    reports = [uri for uri in tags.words("rua", ",") if _REPORT_URI.fullmatch(uri)]
    wrong = [name for name in ("p", "sp", "np") if name in tags.values and _policy(tags, name) is None]
    faults = [*tags.faults, *_policy_faults(tags, wrong, has_reports=bool(reports)), *_smaller_faults(tags, reports)]
    is_used = _policy(tags, "p") is not None and not wrong
    return DmarcRecord(
        text=text,
        policy=_policy(tags, "p") if is_used else ("none" if reports else None),
        subdomain_policy=_policy(tags, "sp") if is_used else None,
        dkim_mode="s" if tags.get("adkim").lower() == "s" else "r",
        spf_mode="s" if tags.get("aspf").lower() == "s" else "r",
        suffix=_suffix(tags),
        is_testing=tags.get("t").lower() == "y",
        reports=tuple(reports),
        faults=tuple(sorted(faults, key=lambda fault: (fault.code not in BROKEN, fault))),
    )


def _policy(tags: Tags, name: str) -> Policy | None:
    value = tags.get(name).lower()
    return next((policy for policy in POLICIES if policy == value), None)


def _suffix(tags: Tags) -> Literal["y", "n", "u"]:
    value = tags.get("psd").lower()
    return "y" if value == "y" else "n" if value == "n" else "u"


def _policy_faults(tags: Tags, wrong: list[str], *, has_reports: bool) -> list[Fault]:
    """Return what RFC 9989, section 4.10.1, says of a policy that is missing or no policy."""
    if not wrong and "p" in tags.values:
        second = list(tags.values)[1:2]
        return [] if second == ["p"] else [Fault("policy_not_second")]
    detail = f"{wrong[0]}={tags.get(wrong[0])[:40]}" if wrong else ""
    if has_reports:
        return [Fault("as_none", detail)]
    return [Fault("bad_policy", detail) if wrong else Fault("no_policy")]


def _smaller_faults(tags: Tags, reports: list[str]) -> list[Fault]:
    faults = [
        Fault("bad_value", f"{name}={tags.get(name)[:40]}")
        for name, choices in _CHOICES.items()
        if name in tags.values and tags.get(name).lower() not in choices
    ]
    faults += [Fault("old_tag", f"{name}={tags.get(name)[:40]}") for name in _OLD if name in tags.values]
    given = tags.words("rua", ",")
    if not given:
        faults.append(Fault("no_reports"))
    faults += [Fault("bad_report_address", uri[:80]) for uri in given if uri not in reports][:5]
    return faults
