"""What a CRM's export says of a bounce: its text first, its own enumeration second, a bare “bounced” last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.mail.bounces.enums import UNEXPLAINED, by_enum
from hygiene.mail.read import read_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygiene.mail.bounces.types import Verdict


def read_details(details: Sequence[str | None]) -> list[Verdict]:
    """Return what each detail of a bounce means, in order.

    Parameters
    ----------
    details
        Texts of a server, HubSpot's enumeration, bare words, or None.

    Examples
    --------
    >>> [verdict.action for verdict in read_details(["POLICY", "Bounced", None, "550 5.1.1 no such user"])]
    ['fix_sender', 'review', 'review', 'remove']
    """
    texts = [(detail or "").strip() for detail in details]
    known = [by_enum(text) for text in texts]
    read = iter(read_lines([text for text, verdict in zip(texts, known, strict=True) if verdict is None]))
    return [verdict or _as_bounce(next(read).verdict) for verdict in known]


def _as_bounce(verdict: Verdict) -> Verdict:
    """Return the verdict of a bounce event, which is a bounce whatever its text looks like."""
    return verdict if verdict.fault != "none" else UNEXPLAINED
