"""One document, many renderings: locale-free blocks with numbers as numbers.

A builder (`team.py`, `sender.py`, `sequence.py`) turns an `Audit` into a `Document`; a renderer (`html.py`,
`terminal.py`) turns it into bytes in a language. No block holds a formatted number or a translated sentence, so the
same figures appear everywhere and a kept document can be shown again in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.mail.bounces.types import Fault
    from hygiene.scores.types import Band
    from hygiene.values import Interval, Link, Message, Text, Value

Cell: TypeAlias = "Value | tuple[Value, ...] | None"
"""One table cell: a value, several side by side, or nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The page's first sentence, with its band."""

    sentence: Message
    band: Band | None
    detail: Message | None = None
    mark: Message | None = None
    """What stands over the sentence where the band alone would mislead."""
    alarm: bool = False
    """Whether to stop at once: shown in the colour of the lowest band."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its name, its interval and its denominator."""

    label: Message
    value: Value
    interval: Interval | None = None
    detail: Message | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Tiles:
    """A row of figures."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """A score on its scale of bands, with its 90 % interval; `score` None: too little evidence for a mark."""

    label: Message
    score: float | None
    low: float
    high: float
    edges: tuple[float, ...]
    """Lower edges of the bands after the first: (40, 60, 80)."""
    band: Band | None


@dataclass(frozen=True, slots=True)
class RateScale:
    """A rate against its target zone."""

    label: Message
    value: float | None
    low: float
    high: float
    target_low: float
    target_high: float
    axis_max: float


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of a trend."""

    month: datetime
    value: float | None
    low: float
    high: float
    trials: int


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A rate by month with its interval and its target zone; followed by its table in every rendering."""

    label: Message
    points: tuple[TrendPoint, ...]
    target_low: float
    target_high: float


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """One sender on a funnel plot."""

    label: str
    href: str | None
    trials: int
    rate: float
    outside: Literal["inside", "95", "99.8"]


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Senders' rates against the number they rest on, within the limits of chance."""

    label: Message
    target: float
    dots: tuple[FunnelDot, ...]
    curve: tuple[tuple[int, float, float, float, float], ...]
    """As `scores.types.Funnel.curve`."""


@dataclass(frozen=True, slots=True)
class StepBar:
    """One step of a sequence: how many got it, and what came back."""

    step: int
    sent: int
    replied: int
    bounced: int
    unsubscribed: int


@dataclass(frozen=True, slots=True)
class StepChart:
    """The steps of a sequence as bars; followed by its table in every rendering."""

    label: Message
    steps: tuple[StepBar, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole."""

    label: Message
    count: int
    kind: Fault
    """Decides the colour."""


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A whole and its parts on one bar; their labels and counts stand beside it in every rendering."""

    label: Message
    shares: tuple[Share, ...]

    @property
    def total(self) -> int:
        """The whole."""
        return sum(share.count for share in self.shares)


MarkKind: TypeAlias = Literal["chosen", "hubspot", "ninety_days"]
"""A way of pausing contacts; decides its shape on a chart."""


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """So many contacts paused, and the share of the expected replies that this loses, with its 90 % limits."""

    contacts: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FrontierMark:
    """A way of pausing, as a point beside the frontier."""

    label: Message
    kind: MarkKind
    contacts: int
    share: float


@dataclass(frozen=True, slots=True)
class FrontierChart:
    """What pausing costs, from nobody to everybody; followed by its table in every rendering."""

    label: Message
    points: tuple[FrontierPoint, ...]
    marks: tuple[FrontierMark, ...]
    """The later ones are drawn over the earlier ones."""


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """A group with about the same prediction: its mean, and the rate that came with its 90 % limits."""

    predicted: float
    observed: float
    low: float
    high: float
    trials: int
    """The number that the observed rate rests on."""


@dataclass(frozen=True, slots=True)
class CalibrationChart:
    """Predicted against observed rates; followed by its table in every rendering."""

    label: Message
    points: tuple[CalibrationPoint, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text from the data: hostile. `mark` says what it is, a token or a problem; None: plain words."""

    text: str
    mark: Message | None = None
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text from the data as it stands, with some of its parts marked."""

    label: Message
    passages: tuple[Passage, ...]
    is_cut: bool = False


ActionKind: TypeAlias = Literal["gate", "advice", "experiment"]
"""What must be done first, what would help, what is to be tried; decides the mark."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: what, how, and what it would change."""

    kind: ActionKind
    title: Message
    sentence: Message
    facts: tuple[tuple[Message, Value], ...]
    """Terms and figures: what would change, how sure that is, what it costs, what it rests on, whom it is about."""
    steps: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class GapPart:
    """One part of a gap between two rates, as a fraction, with its 90 % limits."""

    label: Message
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GapChart:
    """What the difference of two rates is made of; the parts sum to it. Their figures stand beside the bars."""

    label: Message
    total: float
    parts: tuple[GapPart, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines to be copied as they are, such as a DNS record: our own data, never a text of the source's.

    A `Message`, where people write them in their language.
    """

    label: Message
    text: Text | Message


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: `kind` decides alignment and how it sorts."""

    title: Message
    kind: Literal["text", "number", "band"] = "text"
    help: Message | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `sort` holds one plain key a column (number or text) for the renderer's sorting."""

    cells: tuple[Cell, ...]
    sort: tuple[float | str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption. Where rows were left out, `total` says of how many."""

    caption: Message
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    total: int | None = None
    note: Message | None = None
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence beside the figures."""

    sentence: Message
    tone: Literal["info", "warn", "good"] = "info"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences in a list."""

    items: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms and their meaning."""

    items: tuple[tuple[Message, Message], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading; `folded` ones stand closed on the screen and open on paper."""

    id: str
    title: Message
    blocks: tuple[Block, ...]
    intro: Message | None = None
    folded: bool = False


Block: TypeAlias = (
    "Verdict | Tiles | ScoreScale | RateScale | TrendChart | FunnelChart | StepChart | ShareBar | FrontierChart"
    " | CalibrationChart | GapChart | Action | MarkedText | Table | Note | Bullets | Definitions | Snippet | Section"
)


@dataclass(frozen=True, slots=True)
class Document:
    """One page."""

    kind: Literal["team", "sender", "sequence", "evidence"]
    title: Message
    """What the page is: `Sender report: %(name)s`."""
    context: tuple[tuple[Message, Value], ...]
    """Period, time zone, filters, data up to, profile: term and value, shown under the title."""
    blocks: tuple[Block, ...]
    breadcrumb: tuple[Link, ...] = ()
    """Way back: the last entry is the page's parent."""
    schema: str = "hygiene/document/1"
