"""The last resort for a bounce that names nobody in a way that we know: flufl.bounce, if it is there."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import compat32

from hygiene.mail.message import READ_BYTES


def recipients_by_flufl(raw: bytes) -> list[str]:
    """Return the addresses that flufl.bounce (extra `bounces`) finds, sorted; none where it is not installed."""
    try:
        from flufl.bounce import scan_message
    except ImportError:
        return []
    try:
        found = scan_message(BytesParser(policy=compat32).parsebytes(raw[:READ_BYTES]))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, RecursionError):
        return []  # its detectors fail on some mails (evidence of 2026: an IndexError on mails without From)
    return sorted(address.decode("utf-8", "replace") for address in found)
