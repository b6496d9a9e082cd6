"""Outreach and Apollo: lists of addresses alone. Nothing is published of how either would take a filter from a file."""

from __future__ import annotations

from hygiene.exports.filters.types import Crm, by_email, email_column

OUTREACH = Crm("outreach", "Outreach", by_email, email_column)
APOLLO = Crm("apollo", "Apollo", by_email, email_column)
