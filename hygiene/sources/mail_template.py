"""Reads the template of a campaign from a file of its own: a text, a mail, or a table with a row a step."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from hygiene.errors import SourceError
from hygiene.mail.charsets import decoded
from hygiene.sources.discover import SourceFile, split_name
from hygiene.sources.headers import match_headers
from hygiene.sources.reading import read_raw
from hygiene.sources.tableread import sampler
from hygiene.sources.workspace import connect

if TYPE_CHECKING:
    from hygiene.settings import Settings

TABLE = "templates"
LONGEST_FILE = 10_000_000
"""Bytes: a hundred times what Gmail shows of a mail."""
_SUBJECT = re.compile(r"\ufeff?\s*(?:subject|objet|betreff|asunto|oggetto)[ \t\u00a0]*:[ \t]*([^\r\n]*)", re.IGNORECASE)


class WrittenStep(NamedTuple):
    """A step as it was written: hostile text."""

    step: int
    subject: str | None
    """None: none is told."""
    body: str
    dialect: str | None


def read_template(path: Path, settings: Settings) -> tuple[WrittenStep, ...]:
    """Read a template.

    Parameters
    ----------
    path
        A text or HTML file, whose first line may give the subject (`Subject: …`); a mail (`.eml`); or a table as the
        contract's `templates`, of which `step` and `sequence_id` may be missing.
    settings
        `memory_limit_mib` is used.

    Raises
    ------
    SourceError
        If the file cannot be read, is too large, or has no text.
    """
    if not path.is_file():
        raise SourceError(f"{path} is not a file: give the template that is to be sent, such as intro.txt.")
    if path.stat().st_size > LONGEST_FILE:
        raise SourceError(f"{path.name} has more than {LONGEST_FILE:,} bytes, which no mail has: give one template.")
    _, suffix = split_name(path)
    steps = _from_table(path, suffix, settings) if suffix else (_from_mail(path) or _from_text(path),)
    if not any(step.body.strip() for step in steps):
        raise SourceError(f"{path.name} has no text: write what is to be sent into it, after a line “Subject: …”.")
    return steps


def _from_text(path: Path) -> WrittenStep:
    text = decoded(path.read_bytes(), None)
    found = _SUBJECT.match(text)
    body = text[found.end() :].lstrip("\r\n") if found else text
    return WrittenStep(1, found.group(1).strip() if found else None, body, None)


def _from_mail(path: Path) -> WrittenStep | None:
    if path.suffix.lower() != ".eml":
        return None
    from email import message_from_bytes, policy

    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    part = mail.get_body(("html", "plain"))
    try:
        body = part.get_content() if part else ""
    except (LookupError, UnicodeError):  # a charset that nobody knows
        payload = part.get_payload(decode=True) if part else b""
        body = decoded(payload if isinstance(payload, bytes) else b"", None)
    return WrittenStep(1, str(mail.get("Subject") or "") or None, str(body), None)


def _from_table(path: Path, suffix: str, settings: Settings) -> tuple[WrittenStep, ...]:
    with tempfile.TemporaryDirectory(prefix="hygiene-") as work, connect(settings.memory_limit_mib, Path(work)) as con:
        try:
            raw = read_raw(con, SourceFile(path, TABLE, suffix), Path(work))
            matching = match_headers(TABLE, raw.headers, sampler(con, raw))
            use = {
                name: matching.of(name)[0].index for name in ("step", "subject", "body", "dialect") if matching.of(name)
            }
            if "body" not in use:
                seen = ", ".join(f'"{header}"' for header in raw.headers if header) or "none"
                raise SourceError(f"{path.name} has no column for the text: name one body. Its headers are {seen}.")
            cells = ", ".join(
                f"CAST(c{use[name]} AS VARCHAR)" if name in use else "NULL"
                for name in ("step", "subject", "body", "dialect")
            )
            rows = con.execute(f"SELECT {cells} FROM {raw.relation} ORDER BY row").fetchall()
        except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
            reason = str(error).splitlines()[0]
            raise SourceError(f"{path.name} cannot be read to its end ({reason}): export it again.") from error
    return tuple(
        WrittenStep(_number(step, place), subject, body or "", dialect)
        for place, (step, subject, body, dialect) in enumerate(rows, start=1)
    )


def _number(step: str | None, place: int) -> int:
    return int(step) if step and step.strip().isdecimal() else place
