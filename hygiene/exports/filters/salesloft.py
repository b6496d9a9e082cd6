"""Salesloft: saved list views as JSON, and lists of addresses.

`POST /v2/saved_list_views.json` takes a name, a view (people, companies or recordings) and `view_params`, a text that
is a “JSON object of list view parameters” (Salesloft's API definition v2). The parameters are those that `people.json`
filters by; that a view takes them by the same names is likely, and not written anywhere.
"""

from __future__ import annotations

import json

from hygiene.exports.filters.types import Crm, by_email, email_column

PARAMETERS = {
    "bounced": ("hygiene: bounced", {"bounced": True}),
    "do-not-contact": ("hygiene: do not contact", {"do_not_contact": True}),
}

CRM = Crm(
    "salesloft",
    "Salesloft",
    by_email,
    email_column,
    {
        f"salesloft-{name}.json": {"name": title, "view": "people", "view_params": json.dumps(parameters)}
        for name, (title, parameters) in PARAMETERS.items()
    },
    fields={"opt_out": "do_not_contact", "bounce_reason": "bouncing"},
)
