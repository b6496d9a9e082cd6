"""The forms in which exports write times and numbers, as regular expressions (RE2) and SQL."""

from __future__ import annotations

from hygiene.sources.sql import literal

WHITESPACE = " \t\r\n\u00a0\u2007\u2009\u202f\u200b\ufeff"
"""Trimmed from every cell: also no-break and thin spaces, and the marks that copying leaves."""
_OUTER = r"^[\s\x{00A0}\x{2007}\x{2009}\x{202F}\x{200B}\x{FEFF}]|[\s\x{00A0}\x{2007}\x{2009}\x{202F}\x{200B}\x{FEFF}]$"

NO_ANSWER = (
    *("n/a", "#n/a", "na", "n.a.", "<na>", "-", "--", "–", "—", "?", "none", "(none)", "null", "nan", "nil", "\\n"),
    *("(blank)", "(empty)", "never", "jamais", "nie", "0000-00-00", "0000-00-00 00:00:00"),
)
"""Cells, in lower case, in which exports and databases write that nothing was said."""

NOES = ("no", "non", "nein", "false", "faux", "falsch", "0")
"""The same where a cell is to be a date."""

_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_DATE = r"\d{1,2}[/-]\d{1,2}[/-]\d{4}"
_DOTTED = r"\d{1,2}\.\d{1,2}\.\d{4}"
_GAP = r"[ ,T\x{00A0}\x{202F}]"
TIMES = {
    "iso": rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}([ T]+{_CLOCK})?",
    "iso_zoned": rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}[ T]+{_CLOCK} ?(Z|UTC|GMT|[+-]\d{{2}}(:?\d{{2}})?)",
    "date": rf"{_DATE}({_GAP}+{_CLOCK})?",
    "date_half_day": rf"{_DATE}{_GAP}+{_CLOCK}{_GAP}?[AaPp][Mm]",
    "dotted": rf"{_DOTTED}({_GAP}+{_CLOCK})?",
    "dotted_half_day": rf"{_DOTTED}{_GAP}+{_CLOCK}{_GAP}?[AaPp][Mm]",
    "epoch_s": r"\d{9,10}",
    "epoch_ms": r"\d{12,13}",
}
"""By name: the whole of a trimmed cell."""
TIME_LABELS = {
    "iso": "ISO 8601",
    "iso_zoned": "ISO 8601",
    "date": "",  # the order found
    "date_half_day": "",
    "dotted": "DMY",  # nobody writes the month first with dots
    "dotted_half_day": "DMY",
    "epoch_s": "epoch s",
    "epoch_ms": "epoch ms",
}
DATE_PARTS = rf"^(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}){_GAP}*"
EARLIEST, LATEST = "1970-01-01", "2100-01-01"
"""A time outside is a typing error or a placeholder: it would become the latest moment of the data."""

SIGNS = {",": "comma", ".": "point"}
SPACED = r"\d{1,3}([ '\x{2019}\x{00A0}\x{2009}\x{202F}]\d{3})+"
"""A count with spaces or apostrophes between thousands."""
LARGEST = 2_147_483_647
"""Counts are stored as 32-bit integers."""


def trimmed(cell: str) -> str:
    """Return SQL for a text cell without outer white space, null if nothing is left."""
    # trim() with a list of characters is slow, and few cells need it.
    stripped = f"trim({cell}, {literal(WHITESPACE)})"
    return f"nullif(CASE WHEN regexp_matches({cell}, {literal(_OUTER)}) THEN {stripped} ELSE {cell} END, '')"
