"""Whether a sender's domain is fit for a campaign: its records, its mail's form, and whose rules apply."""

from __future__ import annotations

from hygiene.gate.domain.check import check_domain
from hygiene.gate.domain.evidence import DomainEvidence, gather

__all__ = ["DomainEvidence", "check_domain", "gather"]
