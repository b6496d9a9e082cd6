"""The words of the answer: what kind of reply it is, and all that the text says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date

Kind = Literal["human", "out_of_office", "left_company", "referral", "negative", "opt_out", "auto_reply", "challenge"]
"""`human`: interest, a question, anything neutral. `out_of_office`: away, and back again. `left_company`: the person no
longer works there. `referral`: a person who says that somebody else is the right one. `negative`: a person who says no.
`opt_out`: asks not to be written to again. `auto_reply`: any other automatic answer. `challenge`: a filter that wants a
click before it lets the mail through."""

KINDS: Final[tuple[Kind, ...]] = (
    "human",
    "out_of_office",
    "left_company",
    "referral",
    "negative",
    "opt_out",
    "auto_reply",
    "challenge",
)

HeadersKind = Literal["auto", "weak", "none"]
"""What the headers alone say: `auto` a machine wrote it, `weak` they hint at it, `none` they don't say."""


class ReplyReading(NamedTuple):
    """What a reply to our mail says.

    Attributes
    ----------
    kind : Kind
        What the reply is.
    is_machine : bool
        Nobody typed it: such a reply is no engagement and never counts as one.
    returns_on : datetime.date or None
        The first day on which an absent person is back; only for `out_of_office`.
    successor : str or None
        The address, or else the name, that the text points to; only for `left_company` and `referral`.
    language : str or None
        ISO 639-1 code of the text's language, where it shows.
    signal : str
        What decided: `header:NAME`, `subject:RULE`, `body:RULE`, `line:RULE`, `likeness` to our phrases, or
        `default` where nothing spoke.
    confidence : float
        0–1; how far the evidence is to be trusted (assumed, not fitted).
    """

    kind: Kind
    is_machine: bool
    returns_on: date | None
    successor: str | None
    language: str | None
    signal: str
    confidence: float
