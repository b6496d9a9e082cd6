"""Consent: who may be written to by the law's table, on what basis and until when; never legal advice."""

from __future__ import annotations

from hygiene.advice.permission import SENDABLE, STATUSES
from hygiene.gate.consent.rows import consent_of_rows

__all__ = ["SENDABLE", "STATUSES", "consent_of_rows"]
