"""Senders without their names, for reports that works councils read: who is who stays with whoever has the exports."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.types import Sender


def pseudonyms(senders: Mapping[int, Sender], salt: str) -> dict[int, Sender]:
    """Return the senders as `sender-01`, `sender-02` …, without name and address, in an order that tells nothing.

    Parameters
    ----------
    senders
        By key.
    salt
        What the order is drawn from besides the ids, such as the hash of the data: who has only the ids cannot find
        the order again, and another month's report has another one.
    """
    drawn = sorted(senders.values(), key=lambda row: blake2b(row.sender_id.encode(), key=salt.encode()[:64]).digest())
    width = max(2, len(str(len(drawn))))
    names = {row.key: f"sender-{place:0{width}d}" for place, row in enumerate(drawn, start=1)}
    return {key: row._replace(sender_id=names[key], name=None, email=None) for key, row in senders.items()}
