"""The text of a report, parted from the mail that it gives back."""

from __future__ import annotations

import re
from typing import NamedTuple

from hygiene.mail.message import original_headers

_HEADER = re.compile(r"^[ \t>|]{0,4}(?:\*\s)?([A-Za-z][A-Za-z0-9-]{1,40})[ \t]?:(?:\s|$)")
_SURE = frozenset(("received", "return-path", "mime-version", "dkim-signature", "x-mailer", "content-type"))
_TELLING = _SURE | {
    *("message-id", "date", "from", "to", "cc", "subject", "reply-to", "delivered-to", "sender", "in-reply-to"),
    *("references", "user-agent", "content-transfer-encoding", "x-originating-ip", "thread-index", "x-priority"),
    *("importance", "organization", "envelope-to", "arc-seal"),
}
_TOGETHER = frozenset(("message-id", "from", "date"))
_ENOUGH = 3
"""Header lines in a row that make a returned original; one must be `_SURE`, or all of `_TOGETHER` among them: reports
name a mail's subject and id too."""
# Lines that announce the original. What follows is not about the failure, whatever it says.
_ANNOUNCED = re.compile(
    r"^[ \t>*]{0,6}(?:[-=_*|#]{2,}[ \t|]{0,3})?(?:(?:below this line is a copy|this is a copy of|here is a copy of|"
    r"the (?:body|text) of)"
    r" (?:of )?(?:the|your)|(?:your |the )?(?:original|unsent|returned|undelivered|rejected|failed|offending|"
    r"unmodified|non-delivered|undeliverable) (?:e-?mail |mail )?(?:message|mail|text|headers?|information|content)"
    r"(?: (?:headers?|follows?|text|body|content|is (?:below|attached)|attached|begins?))*|"
    r"message (?:headers?|text|body|content|header follow)(?: follows?)?|(?:the )?headers? of the (?:original|message)|"
    r"text of (?:your|the) (?:message|mail)|copy of (?:your|the) (?:message|mail)|"
    r"(?:en-t[eê]tes? (?:de message|du message)|message (?:d'origine|original)|urspr[uü]ngliche|originalnachricht|"
    r"encabezados? de(?:l)? mensaje|mensaje original|intestazioni|messaggio originale|mensagem original|cabe[cç]alhos|"
    r"oorspronkelijk|originele|oryginaln|originalmeddelande|ursprungliga|oprindelig|opprinnelig|alkuper[aä]i|"
    r"p[uů]vodn|orijinal|исходн|оригинал|заголовки|元のメッセージ|オリジナル|以下.{0,12}(?:メール|ヘッダ)|原始|原邮件|邮件原文|원본|원래))"
    r"[^\n]{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)

_COPY = re.compile(
    r"copy of|below this line|unsent message|returned message|message (?:text|body) follow", re.IGNORECASE
)


class ReportText(NamedTuple):
    """A text in two parts."""

    report: str
    """What the reporting server says."""
    original: dict[str, str]
    """Headers of the returned mail, where they stand in the text."""


def part_text(text: str) -> ReportText:
    r"""Part a report's text at the first line that begins or announces the returned original.

    Examples
    --------
    >>> parted = part_text("<a@b.example>:\nNo such user\n\nReceived: from x\nMessage-Id: 1\nTo: a@b.example\n\nHi")
    >>> parted.report.strip().splitlines()[-1], parted.original["to"]
    ('No such user', 'a@b.example')
    """
    block = _header_block(text)
    announced = next((found.start() for found in _ANNOUNCED.finditer(text) if _announces(found, text)), None)
    cut = min((place for place in (block, announced) if place is not None), default=None)
    if cut is None:
        return ReportText(text, {})
    # Some servers announce the original first and explain afterwards: with nothing said yet, the text goes on.
    if block is None:
        rest = text[cut:].partition("\n")[2]
        return ReportText(text[:cut], original_headers(rest) if _HEADER.match(rest.lstrip()) else {})
    quoted = re.sub(r"(?m)^[ \t]{0,4}(?:>|\|) ?", "", text[block:])
    return ReportText(text[:cut], original_headers(quoted))


def _announces(found: re.Match[str], text: str) -> bool:
    """Tell whether a line that looks like an announcement is one: something was said before, and headers follow.

    Servers also head the facts about the original so, and explain the failure below.
    """
    if not text[: found.start()].strip():
        return False
    if _COPY.search(found[0]):
        return True
    following = [line for line in text[found.end() : found.end() + 600].splitlines() if line.strip()][:2]
    headers = (_HEADER.match(line) for line in following)
    return any(header is not None and header[1].lower() in _TELLING | {"x-mailer"} for header in headers)


def _header_block(text: str) -> int | None:
    """Return where a run of a mail's header lines begins."""
    start: int | None = None
    place = 0
    names: list[str] = []
    for line in text.splitlines(keepends=True):
        found = _HEADER.match(line)
        if found and (found[1].lower() in _TELLING or (names and found[1].lower().startswith("x-"))):
            start = place if start is None else start
            names.append(found[1].lower())
            sure = not _SURE.isdisjoint(names) or _TOGETHER.issubset(names)
            if (len(names) >= _ENOUGH and sure) or names[:2] == ["received", "received"]:
                return start
        elif not (names and line[:1] in " \t" and line.strip()):
            start, names = None, []
        place += len(line)
    return None
