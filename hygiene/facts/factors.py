"""What enrollments came to, by everything that could have made a difference: the rows that attribution learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from hygiene.facts.queries import Questions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.facts.types import Facts
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

    Integers = NDArray[np.int64]

Factor: TypeAlias = Literal["sender", "sequence", "source", "import_batch", "industry", "country", "weekday", "daytime"]
FACTORS: tuple[Factor, ...] = (
    *("sender", "sequence", "source", "import_batch", "industry", "country", "weekday", "daytime"),
)
NOT_TOLD = -1
"""The code of a level that the source leaves empty."""
DAYTIMES = ("night", "morning", "midday", "afternoon", "evening")
_DAYTIME_STARTS = (7, 11, 14, 18)
"""First hour of each part of the day after the night; the evening ends at midnight."""


@dataclass(frozen=True)
class FactorTable:
    """Cells of equal factors as columns of equal length, and what came of them."""

    codes: dict[Factor, Integers]
    """Of each factor the level of each row: a place in `levels`, or `NOT_TOLD`."""
    levels: dict[Factor, tuple[str, ...]]
    """Names, by code: ids of senders and sequences, otherwise the text of the contacts, weekdays 1–7 (Monday first)
    and `DAYTIMES` in the settings' time zone."""
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
    """Return the cells of all ended enrollments; needs the view `outcomes`, which `read_facts` defines.

    Without the hour of enrolling (all at midnight, as exports of plain days have it) there is no `daytime`.
    """
    import pandas as pd

    columns = engine.arrays(Questions(settings, report).sql("outcome_factors"))
    moments = pd.DatetimeIndex(np.ma.filled(columns["enrolled_at"], np.datetime64("NaT")), tz="UTC")
    local = moments.tz_convert(settings.timezone)
    hour = np.searchsorted(_DAYTIME_STARTS, local.hour.to_numpy(), side="right")
    has_hours = bool((moments.hour != 0).any())
    text: dict[Factor, Any] = {
        "sender": _named(columns["sender_key"], {key: row.sender_id for key, row in facts.senders.items()}),
        "sequence": _named(columns["sequence_key"], {key: row.sequence_id for key, row in facts.sequences.items()}),
        "source": columns["source"],
        "import_batch": columns["import_batch"],
        "industry": columns["industry"],
        "country": columns["country"],
        "weekday": np.array([str(day) for day in range(1, 8)], dtype=object)[local.dayofweek.to_numpy()],
        "daytime": np.array(DAYTIMES if has_hours else [None] * len(DAYTIMES), dtype=object)[hour],
    }
    codes: dict[Factor, Integers] = {}
    levels: dict[Factor, tuple[str, ...]] = {}
    for factor in FACTORS:
        values: NDArray[Any] = np.ma.filled(np.ma.asarray(text[factor], dtype=object), None)
        place, names = pd.factorize(values, sort=True)
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
