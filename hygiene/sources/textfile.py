"""Makes plain text of what exports call CSV: UTF-8, line feeds, a known separator.

DuckDB reads neither cp1252 nor files that mix line ends, and its own sniffer takes a short row for a one-column file:
so the encoding, the separator and the headers are settled here.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 1 << 20
SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 1 << 18
MAX_CONTROLS = 0.05
"""Share of control characters up to which bytes are text; one in nine of random bytes is a control character."""
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_EXCEL_HINT = re.compile(r"sep=.", re.IGNORECASE)
_UNDEFINED_IN_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))

MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook", "give it the suffix .xlsx"),
    (b"PAR1", "a Parquet file", "give it the suffix .parquet"),
    (b"\x1f\x8b", "compressed with gzip", "give it the suffix .csv.gz"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save it as .xlsx"),
    (b"%PDF", "a PDF document", "export the table as CSV"),
    (b"<!DOCTYPE", "a web page", "export it again while you are signed in"),
    (b"<html", "a web page", "export it again while you are signed in"),
)
"""First bytes of a file, what they mean, and the remedy."""
OWN_MAGIC = {".xlsx": b"PK\x03\x04", ".parquet": b"PAR1", ".csv.gz": b"\x1f\x8b"}


@dataclass(frozen=True)
class TextFile:
    """A table as UTF-8 text with line feeds."""

    path: Path
    """The file itself where it was clean, else a clean copy with the same lines."""
    encoding: str
    separator: str
    headers: tuple[str, ...]
    skip: int = 0
    """Lines above the header: blank ones, or Excel's `sep=;`."""


def check_magic(path: Path, suffix: str) -> None:
    """Stop at a file that is empty or is not what its suffix says.

    Raises
    ------
    SourceError
        Says what the file is and what to do.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read ({error.strerror}): check its permissions.") from error
    if not head:
        raise SourceError(f"{path.name} is empty (0 bytes): export it again or leave it out.")
    own = OWN_MAGIC.get(suffix)
    if own is not None and head.startswith(own):
        return
    for magic, what, remedy in MAGIC:
        if head.startswith(magic):
            raise SourceError(f"{path.name} is not {suffix} but {what}: {remedy}.")
    if own is not None:
        raise SourceError(f"{path.name} is not {suffix}: give it the suffix of what it is, or export it again.")


def prepare_text(path: Path, suffix: str, work: Path) -> TextFile:
    """Settle encoding, line ends, separator and headers of a text file.

    Parameters
    ----------
    path
        The file as it was handed in.
    suffix
        One of `.csv`, `.csv.gz`, `.tsv`.
    work
        Folder for a clean copy, where one is needed.

    Raises
    ------
    SourceError
        If the file holds no text, or no header.
    """
    encoding, is_clean = _scan(path, suffix)
    clean = path
    if not is_clean or suffix == ".csv.gz":
        clean = work / f"{path.name}.utf8"
        _copy(path, suffix, encoding, clean)
    with clean.open(encoding="utf-8", newline="") as file:
        sample = file.read(_SAMPLE)
    if len(sample) == _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    skip = 0
    while sample and (not (first := sample.split("\n", 1)[0]).strip() or _EXCEL_HINT.fullmatch(first)):
        sample = sample[len(first) + 1 :]
        skip += 1
    if not sample:
        raise SourceError(f"{path.name} holds no text: export it again or leave it out.")
    separator = find_separator(sample)
    return TextFile(clean, encoding, separator, tuple(_rows(sample, separator)[0]), skip)


def _open(path: Path, suffix: str) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if suffix == ".csv.gz" else path.open("rb")


def _scan(path: Path, suffix: str) -> tuple[str, bool]:
    """Return the encoding, and whether the file can be read as it stands."""
    try:
        with _open(path, suffix) as file:
            head = file.read(_SAMPLE)
            encoding = _encoding_by_head(path, head)
            if encoding is not None:
                return encoding, False
            decoder = codecs.getincrementaldecoder("utf-8")()
            is_clean = True
            block = head
            while block:
                decoder.decode(block)
                is_clean = is_clean and b"\r" not in block and b"\x00" not in block
                block = file.read(BLOCK)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _encoding_of(path, suffix), False
    except (OSError, EOFError) as error:
        raise SourceError(f"{path.name} cannot be unpacked ({error}): export it again.") from error
    return "utf-8", is_clean


def _encoding_by_head(path: Path, head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls <= MAX_CONTROLS * len(head):
        return None
    # Text in UTF-16 without its mark has a zero beside every Latin letter.
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) * 10 > len(zeros) * 7:
            return encoding
    raise SourceError(f"{path.name} is not text but binary data: export it again as CSV.")


def _encoding_of(path: Path, suffix: str) -> str:
    """Tell the encoding of text that is not (wholly) UTF-8."""
    with _open(path, suffix) as file:
        content = file.read(64 * BLOCK)
    text = content.decode("utf-8", errors="replace")
    damaged = text.count("�")
    # A UTF-8 file with a few broken bytes stays UTF-8; the bytes become U+FFFD.
    if sum(1 for letter in text if ord(letter) > 127) > 3 * damaged:
        return "utf-8"
    if not any(byte in content for byte in _UNDEFINED_IN_CP1252):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE]).best()
    return best.encoding if best is not None else "cp1252"


def _copy(path: Path, suffix: str, encoding: str, clean: Path) -> None:
    errors = "replace" if encoding in ("utf-8", "cp1252") else "strict"
    try:
        with (
            _open(path, suffix) as file,
            io.TextIOWrapper(file, encoding=encoding, errors=errors, newline=None) as reader,
            clean.open("w", encoding="utf-8", newline="\n") as writer,
        ):
            is_start = True
            while block := reader.read(BLOCK):
                block = block.replace("\x00", "")
                writer.write(block.lstrip("\ufeff") if is_start else block)
                is_start = False
    except (OSError, EOFError, UnicodeError) as error:
        raise SourceError(f"{path.name} cannot be read as {encoding} ({error}): save it as UTF-8.") from error


def _rows(sample: str, separator: str) -> list[list[str]]:
    limit = csv.field_size_limit(1 << 30)
    try:
        return list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
    finally:
        csv.field_size_limit(limit)


def find_separator(sample: str) -> str:
    r"""Return the separator under which most rows have as many cells as the header, then the most cells.

    Examples
    --------
    >>> find_separator("a;b\n1,5;2\n")
    ';'
    """
    best, best_mark = SEPARATORS[0], (0.0, 1)
    for separator in SEPARATORS:
        rows = [row for row in _rows(sample, separator) if row][:200]
        width = len(rows[0]) if rows else 1
        mark = (round(sum(len(row) == width for row in rows) / max(len(rows), 1), 1), width)
        if width > 1 and (best_mark[1] == 1 or mark > best_mark):
            best, best_mark = separator, mark
    return best
