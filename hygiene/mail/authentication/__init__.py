"""What SPF, DKIM and DMARC records and the headers of a mail say: parsing alone, nothing is sent and nothing is opened.

`lookup` is the one part that asks anybody, and only when it is called.
"""

from __future__ import annotations

from hygiene.mail.authentication.message import MailFacts, load_message, read_message
from hygiene.mail.authentication.zone import Zone

__all__ = ["MailFacts", "Zone", "load_message", "read_message"]
