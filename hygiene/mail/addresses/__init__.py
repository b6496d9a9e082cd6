"""What can be known of an address before a mail is sent: form, kind, slips of the finger, and its domain's DNS."""

from __future__ import annotations

from hygiene.mail.addresses.check import check_address
from hygiene.mail.addresses.dns import domain_states
from hygiene.mail.addresses.providers import provider_of
from hygiene.mail.addresses.types import AddressCheck, Problem, Weight

__all__ = ["AddressCheck", "Problem", "Weight", "check_address", "domain_states", "provider_of"]
