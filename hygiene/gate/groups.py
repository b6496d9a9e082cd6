"""The rows of a list by what their bounce chance depends on: source, batch, verification, and earlier mail."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast, get_args

import numpy as np

from hygiene.gate.risk import Group, batch_of
from hygiene.gate.risk.types import Verification

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hygiene.flags.types import ContactFlag
    from hygiene.gate.campaign import Campaign

THIS_LIST = "(this list)"
"""Batch of the rows that name none: they come in one file, and share their luck."""
_VERIFICATIONS = frozenset(get_args(Verification))


def group_rows(campaign: Campaign) -> dict[int, Group]:
    """Return the group of each row, by place."""
    values = campaign.people.values
    columns = zip(
        *(values[name].tolist() for name in ("source", "import_batch", "created_at", "verification")),
        campaign.people.known,
        strict=True,
    )
    return {
        place: Group(
            source,
            batch_of(batch, created_at) or THIS_LIST,
            cast("Verification", told) if told in _VERIFICATIONS else "none",
            is_known_good=any(map(_is_known_good, known)),
        )
        for place, (source, batch, created_at, told, known) in enumerate(columns)
    }


def _is_known_good(contact: ContactFlag) -> bool:
    """Tell whether a mail has reached a contact, with no bounce since."""
    facts = contact.facts
    if facts.last_bounce_at is not None:
        return facts.alive_at is not None and facts.alive_at > facts.last_bounce_at
    return facts.alive_at is not None or bool(facts.sends) or bool(facts.replies)


def as_counts(groups: Iterable[Group]) -> tuple[list[Group], NDArray[np.int64]]:
    """Return the distinct groups in an order of their own, and the rows of each."""
    counted = Counter(groups)
    ordered = sorted(counted, key=lambda group: tuple(str(part or "") for part in group))
    return ordered, np.array([counted[group] for group in ordered], dtype=np.int64)


def name_of(campaign: Campaign, place: int) -> str:
    """Return what a row is drawn by: its address, else its id."""
    listed = campaign.listed
    return str(listed.values["email"][place] or listed.values["contact_id"][place] or listed.cells[place])
