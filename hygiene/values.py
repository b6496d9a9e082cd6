"""What may stand in a sentence, a tile or a cell: numbers as numbers, texts of ours by their English form.

Nothing here is formatted or translated: that is done once, when a page is rendered (`reports/translate.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.scores.types import Band


@dataclass(frozen=True, slots=True)
class Percent:
    """A fraction 0–1, shown as a percentage with `digits` decimals; None shows as “–”."""

    value: float | None
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, shown with the language's grouping."""

    value: int


@dataclass(frozen=True, slots=True)
class Points:
    """A score or points, shown without decimals (`digits` 0) or with some; None shows as “–”.

    Without decimals it is rounded down: 39.6 is Low, and must not stand there as 40.
    """

    value: float | None
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """A 90 % interval in brackets, `[1.4–2.6 %]` or, with `percent` false, `[41–63]`, then rounded outwards."""

    low: float
    high: float
    percent: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of two rates, as a fraction, shown in percentage points with its sign: `+0.8 pt`."""

    value: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC, shown to the `grain` in the language's medium form; None shows as “–”."""

    at: datetime | None
    grain: Literal["month", "day", "minute"] = "day"


@dataclass(frozen=True, slots=True)
class Text:
    """Text from the data (a name, a subject, an id): hostile, never translated, escaped by each renderer."""

    value: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A country by its ISO 3166-1 code, shown by its name in the reader's language; another code shows as it is."""

    code: str


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of ours: an English message id with `%(name)s` placeholders, translated when it is rendered.

    With `plural`, the form is chosen by `n`; both forms may use `%(n)s`.
    """

    id: str
    args: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    n: int = 0


@dataclass(frozen=True, slots=True)
class BandMark:
    """A band as a word, a shape and a colour; None: not enough evidence."""

    band: Band | None


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads somewhere: a relative path inside the output folder, or `#id`."""

    value: Value
    href: str


Value: TypeAlias = (
    "Percent | Count | Points | Interval | Change | Moment | Territory | Text | Message | BandMark | Link"
)
