"""The table of SMTP codes: what a server's code says, by RFC 3463 and by the providers' own pages.

The table is data, `models/bounces/codes.toml`, each row with its source. A *specific* code tells the category by
itself; x.0.0, 5.7.0, 5.7.1, 5.3.0, 5.1.0, 5.5.0, 5.4.1 and bare reply codes never do, since servers say them for
anything.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.prefilter import Prefilter
from hygiene.resources import resource

if TYPE_CHECKING:
    from hygiene.mail.bounces.types import Action, Category

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
# At the start, after a sign that ends what came before, or before an enhanced code: a number in a sentence is none.
_REPLY = re.compile(
    r"(?:^|[:;(=#<>]\s?|\b(?:said|error|code|smtp|response|status|reply|with|was|answer(?:ed)?|replied|"
    r"host)\b[ :=]{1,3}|"
    r"mask\w+ )([45][0-7]\d)(?=[\s\-:;,.)]|$)|\b([45][0-7]\d)(?= [45]\.\d)|\b(55\d|45[0-2]|421|43[0-2]|471|50[0-4]|"
    r"53\d)\b"
)


class Codes(NamedTuple):
    """The codes in a server's answer, the first of each kind first."""

    enhanced: tuple[str, ...]
    """RFC 3463: class.subject.detail."""
    reply: str | None
    """RFC 5321, section 4.2: three digits."""
    said: tuple[str, ...] = ()
    """The enhanced codes of the answer itself; the others come from the report's `Status` field."""

    @property
    def is_transient(self) -> bool:
        """Whether the answer says “not now” (class 4) and nothing says “never” (class 5)."""
        classes = {code[0] for code in (*self.enhanced, *((self.reply,) if self.reply else ()))}
        return "4" in classes and "5" not in classes

    @property
    def shown(self) -> str | None:
        """The one code to show: the most telling one."""
        telling = (code for code in self.enhanced if not code.endswith(".0"))
        return next(iter((*telling, *self.enhanced, self.reply)))


class CodeRow(NamedTuple):
    """One row of the table."""

    name: str
    category: Category
    specific: bool
    action: Action | None
    """Only where it differs from the category's own."""
    provider: str | None
    ticket: str | None
    """Id of the ticket that mends the cause, for IT."""
    needs: re.Pattern[str] | None
    """What the text must hold besides the code."""
    token: re.Pattern[str] | None
    """A provider's own code word, instead of a code."""
    first: tuple[int, ...]
    last: tuple[int, ...]
    """The range of codes, both ends included; empty for a token."""


def codes_in(text: str, status: str | None = None) -> Codes:
    """Return the codes of a normalised text; `status`, of the report's own field, comes last.

    Examples
    --------
    >>> codes_in("550 5.1.1 maskaddr : user unknown", "5.0.0")
    Codes(enhanced=('5.1.1', '5.0.0'), reply='550', said=('5.1.1',))
    """
    found = [".".join(match.groups()) for match in _ENHANCED.finditer(text)]
    said = tuple(dict.fromkeys(found))
    if status and (match := _ENHANCED.search(status)):
        found.append(".".join(match.groups()))
    if any(code[0] != "2" for code in found):  # a transcript also shows what went well
        found = [code for code in found if code[0] != "2"]
    reply = _REPLY.search(text)
    return Codes(tuple(dict.fromkeys(found)), next(filter(None, reply.groups())) if reply else None, said)


def specific_row(codes: Codes, text: str, raw: str) -> tuple[CodeRow, str] | None:
    """Return the row that tells the category by itself, and the code or token found; None where no code does.

    The codes come first, in their order, then the words of providers.

    Parameters
    ----------
    codes, text
        Of the normalised text.
    raw
        The folded text with only its addresses masked: some words of providers stand in links.
    """
    for code in codes.enhanced:
        by_code = _row_of(code, text)
        if by_code and by_code.specific:
            return by_code, code
    rows = _tokens()
    for number in _prefilter().candidates(raw):
        row = rows[number]
        found = row.token.search(raw) if row.token else None
        if found and row.specific and _holds(row, raw) and _named(row, text):
            return row, found[0]
    return None


def vague_row(codes: Codes, text: str) -> CodeRow | None:
    """Return the row of a code that only hints, or None."""
    rows = (_row_of(code, text) for code in (*codes.enhanced, *((codes.reply,) if codes.reply else ())))
    return next((row for row in rows if row), None)


def _row_of(code: str, text: str) -> CodeRow | None:
    rows = _rows_for(tuple(map(int, code.split("."))))
    return next((row for row in rows if _holds(row, text) and _is_theirs(row, rows, text)), None)


def _holds(row: CodeRow, text: str) -> bool:
    return row.needs is None or row.needs.search(text) is not None


def _is_theirs(row: CodeRow, rows: tuple[CodeRow, ...], text: str) -> bool:
    """Tell whether a row may speak: a code that one provider alone uses is that provider's, else the words name it."""
    return all(other.provider == row.provider for other in rows) or _named(row, text)


def _named(row: CodeRow, text: str) -> bool:
    if row.provider is None:
        return True
    return PROVIDER_WORDS.get(row.provider, re.compile(rf"\b{row.provider}\b")).search(text) is not None


@cache
def _rows_for(numbers: tuple[int, ...]) -> tuple[CodeRow, ...]:
    """Return the rows that hold a code, the most particular first."""
    rows = [row for row in table() if len(row.first) == len(numbers) and row.first <= numbers <= row.last]

    def width(row: CodeRow) -> tuple[int, ...]:
        return tuple(last - first for first, last in zip(row.first, row.last, strict=True))

    return tuple(sorted(rows, key=lambda row: (row.needs is None, row.provider is None, width(row))))


@cache
def _tokens() -> tuple[CodeRow, ...]:
    return tuple(row for row in table() if row.token)


@cache
def _prefilter() -> Prefilter:
    return Prefilter([row.token.pattern for row in _tokens() if row.token])


@cache
def table() -> tuple[CodeRow, ...]:
    """Return the rows of `models/bounces/codes.toml`."""
    text = (resource("models") / "bounces" / "codes.toml").read_text(encoding="utf-8")
    return tuple(_parse(row) for row in tomllib.loads(text)["code"])


def _parse(row: dict[str, str]) -> CodeRow:
    first, last = row.get("from", row.get("code", "")), row.get("to", row.get("code", ""))
    return CodeRow(
        name=row["name"],
        category=row["category"],  # type: ignore[arg-type]
        specific=bool(row["specific"]),
        action=row.get("action"),  # type: ignore[arg-type]
        provider=row.get("provider"),
        ticket=row.get("ticket"),
        needs=re.compile(row["needs"]) if "needs" in row else None,
        token=re.compile(rf"\b(?:{row['token']})(?!\w)", re.IGNORECASE) if "token" in row else None,
        first=_numbers(first, "0"),
        last=_numbers(last, "999"),
    )


def _numbers(code: str, wildcard: str) -> tuple[int, ...]:
    return (
        tuple(
            int(wildcard if part == "x" else part.replace("x", "9" if wildcard == "999" else "0"))
            for part in code.split(".")
        )
        if code
        else ()
    )


PROVIDER_WORDS = {
    "google": re.compile(r"\bg(?:mail|oogle|smtp)\b"),
    "microsoft": re.compile(r"\b(?:microsoft|outlook|hotmail|office ?365|exchange)\b"),
    "yahoo": re.compile(r"\b(?:yahoo|aol|verizon)\b"),
    "apple": re.compile(r"\b(?:apple|icloud)\b"),
}
"""How texts name a provider; of the others, by their name."""
