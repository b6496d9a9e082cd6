"""Which of a report's words are judged: those of the server that refused, as far as the report tells them apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.mail.bounces.types import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT_LIMIT = 1000
"""Characters of a recipient's words that are judged."""
AFTER_DATA = re.compile(
    r"\bend[- ]of[- ](?:the )?(?:data|message)\b|\bafter (?:sending |receiving |the |end of )*(?:mail |"
    r"message )?data\b|\(state 1[78]\)|"
    r"\bafter i sent the message|\bafter the (?:message|mail) (?:data )?was (?:sent|transmitted|received)|"
    r"\bfinal dot\b|"
    r"\banswered to the message itself|\bafter <crlf>\.<crlf>|\btransfer complete\.?[^<]{0,60}<-- ?[45]\d\d|"
    r"\bin (?:response|reply) to data\b",
    re.IGNORECASE,
)
_DATA_ANSWERED = re.compile(r">>>\s*(?:DATA|\.)\s*<<<\s*[45]", re.IGNORECASE)
# With pipelining, RCPT is answered when DATA has been sent already; the complaint that nobody is left tells it.
_NEEDS_RECIPIENT = re.compile(r"\b5\d\d\b.{0,40}\b(?:need|no valid|without|no) (?:rcpt|recipient)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u9fff\uac00-\ud7a3]")
ENOUGH_WORDS = 3
"""Words of an answer that can say why; fewer are looked up in the rest of the report."""
_QUOTING = re.compile(
    r"the error that the other server returned was:|the response(?: from the remote server)? was:|"
    r"diagnostic information for administrators:|remote server returned",
    re.IGNORECASE,
)
_DIAGNOSTIC_TYPE = re.compile(r"^\s*[xX]?-?[A-Za-z][\w.-]{1,30}\s*;\s*")


def answer_in_fields(group: Mapping[str, str], said: str, report: str) -> Diagnostic:
    """Return what a delivery report's fields say of a recipient; where they say little, what its text says.

    Parameters
    ----------
    group
        The recipient's fields (RFC 3464).
    said
        The words of the text from the recipient's name on.
    report
        The whole text.
    """
    diagnostic = _DIAGNOSTIC_TYPE.sub("", group.get("diagnostic-code", ""))
    enough = len(_WORD.findall(diagnostic)) >= ENOUGH_WORDS
    text = diagnostic if enough else f"{diagnostic} {_quoted(said or report)}"
    if len(_WORD.findall(text)) < ENOUGH_WORDS:
        text = f"{text} {report}"
    return Diagnostic(text[:TEXT_LIMIT], group.get("status"), is_after_data(diagnostic) or is_after_data(said))


def answer_in_words(words: str, report: str) -> Diagnostic:
    """Return the words that a text says of a recipient; where they say nothing, all that the report says."""
    says_something = len(re.sub(r"\S+@\S+|[^\w]", "", words)) > len("unknown user")
    text = _quoted(words if says_something else f"{words}\n{report}")
    return Diagnostic(text[:TEXT_LIMIT], None, is_after_data(text))


def is_after_data(text: str) -> bool:
    """Tell whether a report says that the server refused only after it had seen the whole mail."""
    text = " ".join(text.split())
    if AFTER_DATA.search(text):
        return True
    return bool(_DATA_ANSWERED.search(text)) and not _NEEDS_RECIPIENT.search(text)


def _quoted(text: str) -> str:
    """Return the other server's own words, where the report quotes them after words of its own."""
    quotes = [found.end() for found in _QUOTING.finditer(text)]
    tails = [text[end:] for end in quotes if len(_WORD.findall(text[end : end + 300])) >= ENOUGH_WORDS]
    return tails[0] if tails else text
