"""What enrollments came to, by everything that could have made a difference: the rows that attribution learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from hygiene.facts.arrays import plain
from hygiene.facts.queries import Questions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.facts.types import Facts
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

    Integers = NDArray[np.int64]

Factor: TypeAlias = Literal["sender", "sequence", "source", "import_batch", "industry", "country", "timing"]
FACTORS: tuple[Factor, ...] = ("sender", "sequence", "source", "import_batch", "industry", "country", "timing")
NOT_TOLD = -1
"""The code of a level that the source leaves empty."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOON = 12
MOST_ENDED = 400_000
"""Enrollments that attribution learns from: more make it slower and hardly surer."""


@dataclass(frozen=True)
class FactorTable:
    """Cells of equal factors as columns of equal length, and what came of them."""

    codes: dict[Factor, Integers]
    """Of each factor the level of each row: a place in `levels`, or `NOT_TOLD`."""
    levels: dict[Factor, tuple[str, ...]]
    """Names, by code: ids of senders and sequences, the words of the contacts, and when the enrollment began, in the
    settings' time zone: `tue-am`, `tue-pm`, or `tue` where only days are known."""
    week: Integers
    """Weeks since 1970 in which the rows ended."""
    ended: Integers
    replied: Integers
    bounced: Integers
    address_bounced: Integers
    """Bounced for the address's fault, or for no known one."""

    @property
    def delivered(self) -> Integers:
        """Ended and not bounced: what could reply."""
        return self.ended - self.bounced


def read_factors(engine: Engine, report: ImportReport, facts: Facts, settings: Settings) -> FactorTable:
    """Return the cells of ended enrollments; needs the views of `define_outcomes`.

    Of more than `MOST_ENDED` one in so many is read, by key, so that some are left of every sender and list.

    Where all began at midnight, as exports of plain days have it, the time of day is not known.
    """
    import pandas as pd

    ended = sum(cell.counts.ended for cell in facts.cells)
    every = max(1, -(-ended // MOST_ENDED))
    columns = engine.arrays(Questions(settings, report).sql("outcome_factors", every=every))
    moments = pd.DatetimeIndex(np.ma.filled(columns["enrolled_at"], np.datetime64("NaT")), tz="UTC")
    text: dict[Factor, Any] = {
        "sender": _named(columns["sender_key"], {key: row.sender_id for key, row in facts.senders.items()}),
        "sequence": _named(columns["sequence_key"], {key: row.sequence_id for key, row in facts.sequences.items()}),
        "source": columns["source"],
        "import_batch": columns["import_batch"],
        "industry": columns["industry"],
        "country": columns["country"],
        "timing": _slots(moments, settings.timezone),
    }
    codes: dict[Factor, Integers] = {}
    levels: dict[Factor, tuple[str, ...]] = {}
    for factor in FACTORS:
        place, names = pd.factorize(plain(text[factor]), sort=factor != "sender")
        codes[factor], levels[factor] = place.astype(np.int64), tuple(str(name) for name in names)
    week = np.ma.filled(columns["ended_at"], np.datetime64("NaT")).astype("datetime64[D]").astype(np.int64) // 7
    counts = {name: np.asarray(columns[name], dtype=np.int64) for name in ("ended", "replied", "bounced")}
    address = np.asarray(columns["address_bounced"], dtype=np.int64)
    return FactorTable(codes, levels, week, **counts, address_bounced=address)


def _named(keys: Any, names: dict[int, str]) -> NDArray[Any]:
    found = np.empty(len(keys), dtype=object)
    distinct, place = np.unique(np.ma.filled(keys, NOT_TOLD), return_inverse=True)
    found[:] = np.array([names.get(int(key)) for key in distinct], dtype=object)[place]
    return found


def _slots(moments: Any, timezone: str) -> NDArray[Any]:
    local = moments.tz_convert(timezone)
    days: NDArray[Any] = np.array(WEEKDAYS, dtype=object)[local.day_of_week.to_numpy()]
    if not (moments.hour != 0).any():
        return days
    return np.asarray(days + np.where(local.hour.to_numpy() < NOON, "-am", "-pm").astype(object))
