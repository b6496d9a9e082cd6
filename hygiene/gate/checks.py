"""Every check by its stable id, in the order of the report, and which of them nobody can waive."""

from __future__ import annotations

from hygiene.gate.reasons import ROW_CHECKS

ROWS = tuple(check.id for check in ROW_CHECKS)
CHECKS: tuple[str, ...] = (
    *(check for check in ROWS if check.startswith("rows.")),
    *("template.tokens", "template.mails", "template.opt_out", "template.postal_address", "template.subject"),
    *("domain.spf", "domain.dkim", "domain.dmarc", "domain.alignment", "domain.one_click", "domain.from"),
    *("domain.subject", "domain.headers", "domain.tls", "domain.ptr", "domain.arc", "domain.results"),
    *("domain.records", "domain.bulk"),
    *("whole.rows", "whole.untested", "whole.bounces", "whole.sender", "whole.domain", "whole.refused"),
    "whole.complaints",
)
NEVER_WAIVED = frozenset(("rows.opt_out", "rows.ledger", "rows.bounced", "rows.address", "whole.rows"))
"""An opt-out is never lost, and nobody can write to an address that does not exist."""
