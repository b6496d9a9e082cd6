"""Saved filters and upload files, one module a CRM: what each takes, in its own format, and nothing that it does not.

Where nothing is published of a tool's format (Outreach, Apollo), there is a list of addresses and no filter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.exports.filters import generic, hubspot, outreach_apollo, salesforce, salesloft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.exports.filters.types import Crm

CRMS: Mapping[str, Crm] = {
    "hubspot": hubspot.CRM,
    "salesforce": salesforce.CRM,
    "salesloft": salesloft.CRM,
    "outreach": outreach_apollo.OUTREACH,
    "apollo": outreach_apollo.APOLLO,
    "generic": generic.CRM,
}
"""By the name that `--for` takes."""
