"""What token QA finds, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from hygiene.advice.qa.paths import Binding
    from hygiene.advice.tokens.grammar import Missing
    from hygiene.advice.tokens.types import Kind

    Integers = NDArray[np.int64]

Defect: TypeAlias = Literal[
    "empty", "placeholder", "markup", "emoji", "whitespace", "title", "two_names", "legal_form", "capitals",
    "small_letters", "fallback_language", "fallback_clash",
]  # fmt: skip
DEFECTS: tuple[Defect, ...] = (
    *("empty", "placeholder", "markup", "emoji", "whitespace", "title", "two_names", "legal_form", "capitals"),
    *("small_letters", "fallback_language", "fallback_clash"),
)
BREAKING: frozenset[Defect] = frozenset({"empty", "placeholder", "markup"})
"""What breaks a mail; the others only look careless."""
Where: TypeAlias = Literal["subject", "body"]
SHOWN_ROWS = 20


class Flaw(NamedTuple):
    """What one token does to a mail."""

    path: str
    column: str
    defect: Defect

    @property
    def breaks(self) -> bool:
        """Whether the mail is broken by it."""
        return self.defect in BREAKING


class StepProblem(NamedTuple):
    """A place of the text itself that is wrong, whoever gets it."""

    where: Where
    kind: Kind
    text: str
    """What stands there, cut short."""


class TokenQuality(NamedTuple):
    """A token of a step, and for how many enrollments it has something to print."""

    path: str
    fallback: str | None
    """Inline default; None: there is none."""
    where: tuple[Where, ...]
    is_printed: bool
    """False: it is only tested in a condition."""
    binding: Binding
    usable: int | None
    """Enrollments with a value that can be printed; None: the export does not hold the column."""
    mails: int

    @property
    def coverage(self) -> float | None:
        """Share of the sequence's enrollments with a usable value; None: not known."""
        return self.usable / self.mails if self.usable is not None and self.mails else None


class StepRow(NamedTuple):
    """A mail that would go out broken."""

    contact_id: str
    path: str
    value: str
    defect: Defect


@dataclass(frozen=True, eq=False)
class StepQuality:
    """One step, filled in for every enrollment of its sequence."""

    sequence_key: int
    step: int
    dialect: str | None
    """None: no token shows which."""
    language: str | None
    """ISO 639-1, of the sequence or read off the text."""
    missing: Missing
    """What the tool does for a missing value: prints nothing, prints `[[MISSING TOKEN …]]`, or does not send."""
    tokens: tuple[TokenQuality, ...]
    problems: tuple[StepProblem, ...]
    mails: int
    """Enrollments of the sequence."""
    broken: int
    """Mails with a breaking flaw."""
    ugly: int
    """Mails with any other flaw and no breaking one."""
    defects: Mapping[Defect, int]
    """Mails by what is wrong with them; one may count in several."""
    rows: tuple[StepRow, ...]
    """The first `SHOWN_ROWS` broken ones, running enrollments first."""
    unread: int
    """Mails that were not filled in: the texts are too large."""
    subject: str | None
    """Of the template, tokens and all; None or empty: it goes out in the thread of the step before."""
    has_body: bool
    shown_subject: str
    """Filled in for the most frequent state of the values."""
    shown_text: str
    """The body, filled in and without its HTML, as that contact would read it."""
    words: int
    """Of `shown_text`."""
    links: tuple[str, ...]
    """Addresses that the body links or shows, as written, and the subject's never."""
    places: Integers
    """Rows of `Enrolled.rows`, in their order."""
    groups: Integers
    """Of each place the group in `flaws`."""
    flaws: tuple[tuple[Flaw, ...], ...]
    """By group: what is wrong with its mails."""

    def of(self, flaw: Flaw) -> Integers:
        """Return the places of the mails with a flaw."""
        hit = np.array([flaw in flaws for flaws in self.flaws], dtype=bool)
        return self.places[hit[self.groups]] if hit.any() else self.places[:0]

    def all_flaws(self) -> Iterator[Flaw]:
        """Yield each different flaw, in the order of its first appearance."""
        yield from dict.fromkeys(flaw for flaws in self.flaws for flaw in flaws)
