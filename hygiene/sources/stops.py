"""Reads one file that says who must not be written to, whatever tool it is from: rows, and what could not be read.

Three kinds are told apart by their headers: a list without any (one address or domain a line, as block lists are), a
suppression list, and an export of contacts, of which only those are of interest who said no or whose address bounced.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hygiene.errors import SourceError
from hygiene.sources import optouts, rejects
from hygiene.sources.discover import SUFFIXES, SourceFile, split_name
from hygiene.sources.reading import read_raw
from hygiene.sources.tableread import match_file, read_table
from hygiene.sources.typed import given
from hygiene.sources.workspace import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import duckdb

    from hygiene.settings import Settings
    from hygiene.sources.raw import Raw

PLAIN_SUFFIXES = (".txt", "")
"""Of files with one address a line; they are read as CSV, which they are."""
LOST = (
    "too_few_cells",
    "too_many_cells",
    "open_quote",
    "unreadable_line",
    "missing_value",
    "unknown_value",
    "public_domain",
)
"""Rejects by which a row is lost, not only a cell."""
_OWN_REPORT = frozenset(("contact_id", "flag", "reason", "evidence"))
"""Headers of `contacts.csv` in our own report, where the reason `none` means that nothing speaks against writing."""
_SAYING = ("opted_out", "do_not_contact", "hard_bounce_reason")
"""Columns of contacts by which an export of contacts is of use here."""
_STOPS = f"""
SELECT coalesce(email, domain), reason, "at", CASE WHEN NOT $1 THEN source END, "key", variant, key_id, scope, expires
FROM {given("suppressions")} WHERE NOT ($2 AND reason = 'none') ORDER BY row
"""
_CONTACTS = f"""
SELECT coalesce(email, CASE WHEN contact_id LIKE '%_@_%' THEN contact_id END) AS who, other_emails,
       contact_id, opted_out, do_not_contact, opted_out_at, hard_bounce_reason
FROM {given("contacts")}
UNION ALL
SELECT email, NULL, contact_id, opted_out, do_not_contact, NULL, NULL FROM {given(optouts.OPT_OUTS)}
ORDER BY who, contact_id
"""


class Stop(NamedTuple):
    """A row that may name somebody not to write to; texts are as they stand there, and hostile."""

    who: str | None
    """An address or a domain; None: only a hashed key says it."""
    reason: str | None = None
    """In the words of the file."""
    at: datetime | None = None
    """Naive UTC."""
    source: str | None = None
    key: str | None = None
    variant: str | None = None
    key_id: str | None = None
    scope: str | None = None
    expires: str | None = None
    is_bounce: bool = False
    """Whether the reason is that of a bounce, by its column."""


class Unread(NamedTuple):
    """A row that could not be used."""

    line: int | None
    value: str
    code: str
    """One of `rejects.REJECT_CODES`."""


class StopFile(NamedTuple):
    """What one file says."""

    file: str
    stops: tuple[Stop, ...]
    silent: int = 0
    """Rows that say nothing against writing."""
    unread: tuple[Unread, ...] = ()
    overlooked: tuple[str, ...] = ()
    """Headers that nothing reads and that look like an opt-out."""


def read_stops(path: Path, settings: Settings) -> StopFile:
    """Read who must not be written to.

    Parameters
    ----------
    path
        A file of any kind that a source may hold, or plain text.
    settings
        `timezone`, `date_order` and `memory_limit_mib` are used.

    Raises
    ------
    SourceError
        If the file cannot be understood at all.
    """
    suffix = _suffix(path)
    with _workspace(settings) as (con, work):
        raw = read_raw(con, SourceFile(path, "contacts", suffix), work)
        raw.require_all_sheets()
        if _has_no_header(raw):
            return _plain_list(con, raw)
        matching = match_file(con, raw)
    uses = [use for column in _SAYING for use in matching.of(column)] if matching.of("contact_id") else []
    is_own = {header.strip().lower() for header in raw.headers} >= _OWN_REPORT
    if uses:
        found = _read_as("contacts", path, suffix, settings)
        # A column such as `status`, of which a few words are read, is no sign that the file is about contacts.
        if found.stops or not all(use.words for use in uses):
            return found
    return _read_as("suppressions", path, suffix, settings, is_own=is_own)


def read_emails(path: Path, settings: Settings) -> list[str]:
    """Read the addresses of a list, one a row, in its order; an empty text where a row has none.

    Raises
    ------
    SourceError
        If the file cannot be understood, or has no column of addresses.
    """
    with _workspace(settings) as (con, work):
        raw = read_raw(con, SourceFile(path, "contacts", _suffix(path)), work)
        raw.require_all_sheets()
        if _has_no_header(raw):
            return [stop.who or "" for stop in _plain_list(con, raw).stops]
        email = match_file(con, raw).of("email")
        if not email:
            seen = ", ".join(f'"{header}"' for header in raw.headers if header) or "none"
            raise SourceError(
                f"{path.name} has no column of email addresses; its headers are {seen}. Rename one to email, or give"
                " one address a line without a header."
            )
        query = f"SELECT coalesce(CAST(c{email[0].index} AS VARCHAR), '') FROM {raw.relation} ORDER BY row"
        return [text for (text,) in con.execute(query).fetchall()]


@contextmanager
def _workspace(settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    with tempfile.TemporaryDirectory(prefix="hygiene-") as folder:
        work = Path(folder)
        with connect(settings.memory_limit_mib, work) as con:
            yield con, work


def _suffix(path: Path) -> str:
    """Return the suffix as which a file is read.

    Raises
    ------
    SourceError
        If there is no such file, or it is of a kind that is not read.
    """
    if not path.is_file():
        raise SourceError(f"{path} is not a file: give an exported list, such as unsubscribes.csv.")
    suffix = split_name(path)[1]
    if not suffix and path.suffix.lower() in PLAIN_SUFFIXES:
        return ".csv"
    if not suffix:
        raise SourceError(f"{path.name} has no known suffix: one of {', '.join(SUFFIXES)} or .txt is expected.")
    return suffix


def _has_no_header(raw: Raw) -> bool:
    """Tell whether the first row is one of the list already: it holds an address, or nothing but a domain."""
    cells = [header.strip().lstrip("\ufeff") for header in raw.headers if header.strip()]
    return any(_is_address(cell) for cell in cells) or (len(cells) == 1 and _is_domain(cells[0]))


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local) and "." in domain and not domain.count(" ")


def _is_domain(text: str) -> bool:
    return "." in text.strip("@*.") and not text.count(" ")


def _plain_list(con: duckdb.DuckDBPyConnection, raw: Raw) -> StopFile:
    """Return the rows of a list without a header: of each the first cell with an @, else the first that is filled."""
    cells = ", ".join(f"CAST(c{index} AS VARCHAR)" for index in range(len(raw.headers)))
    rows = [raw.headers, *con.execute(f"SELECT {cells} FROM {raw.relation} ORDER BY row").fetchall()]
    stops = tuple(Stop(who) for who in map(_named_in, rows) if who)
    unread = tuple(Unread(bad.line, bad.value[: rejects.MAX_VALUE], bad.code) for bad in raw.broken)
    return StopFile(raw.file, stops, unread=unread)


def _named_in(row: tuple[str | None, ...]) -> str:
    if len(row) == 1:  # most lists
        return (row[0] or "").strip().lstrip("\ufeff")
    cells = [cell.strip().lstrip("\ufeff") for cell in row if cell and cell.strip()]
    return next((cell for cell in cells if "@" in cell), cells[0] if cells else "")


def _read_as(table: str, path: Path, suffix: str, settings: Settings, *, is_own: bool = False) -> StopFile:
    """Read a file as a list of suppressions, or as contacts, of whom only those matter who said no."""
    with _workspace(settings) as (con, work):
        rejects.create(con)
        optouts.create(con)
        read = read_table(con, SourceFile(path, table, suffix), work, settings)
        overlooked = tuple(str(note.values["column"]) for note in read.notes if note.code == "unread_opt_out_column")
        query = "SELECT line, coalesce(value, ''), code FROM rejects ORDER BY line, code"
        lost = tuple(Unread(*row) for row in con.execute(query).fetchall() if row[2] in LOST)
        if table == "contacts":
            found = _stops_of_contacts(con, path.name)
        else:
            # lemlist's column `source` says why; then it does not say which tool says so.
            sides = [
                {use.header for use in read.reading.columns if use.column == name} for name in ("reason", "source")
            ]
            told = con.execute(_STOPS, [bool(sides[0] & sides[1]), is_own]).fetchall()
            stops = tuple(Stop(*row) for row in told)
            found = StopFile(path.name, stops, read.kept - len(stops))
        return found._replace(unread=(*lost, *found.unread), overlooked=overlooked)


def _stops_of_contacts(con: duckdb.DuckDBPyConnection, file: str) -> StopFile:
    """Return what contacts say: an opt-out, a mark not to contact and a bounce are each a stop of its own."""
    stops: list[Stop] = []
    nameless: list[Unread] = []
    silent = 0
    for who, others, contact_id, opted_out, do_not_contact, at, bounce in con.execute(_CONTACTS).fetchall():
        addresses = [address for address in (who, others) if address]
        said = [
            *([Stop(address, "opt_out", at) for address in addresses] if opted_out else []),
            *([Stop(address, "do_not_contact") for address in addresses] if do_not_contact else []),
            *([Stop(who, bounce, is_bounce=True)] if bounce and who else []),
        ]
        if not (opted_out or do_not_contact or bounce):
            silent += 1
        elif not said:
            nameless.append(Unread(None, contact_id or "", "missing_value"))
        else:
            stops += said
    return StopFile(file, tuple(stops), silent, tuple(nameless))
