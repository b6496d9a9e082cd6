"""A subject as its writer sees it: decoded, and without the “Re:” and “[External]” that programs put before it."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final, NamedTuple

from hygiene.mail.replies.folding import folded

LONGEST: Final = 300
"""Characters of a subject that are read."""

# “Re:” in the mail programs of our languages; an answer to an answer repeats it.
_ANSWERED = re.compile(
    r"(?:re|aw|antw|sv|vs|r|ynt|ytl|odp|atb|res|回复|答复|回覆|返信|답장|ответ)(?:\[\d{1,2}\]|\(\d{1,2}\))? ?: ?"
)
_PREFIX = re.compile(
    r"(?:fwd?|tr|wg|rv|i|enc|doorst|pd|vb|vl|fs|转发|轉寄|转寄|転送|전달|пересл) ?: ?"
    r"|\[[^\]\n]{0,40}\] ?|\([^)\n]{0,20}\) ?|(?:ext|external|spam|\*{1,5}[^*\n]{0,30}\*{1,5}) ?[:-] ?|[\W_]{1,5}"
)


class Subject(NamedTuple):
    """A folded subject.

    Attributes
    ----------
    text : str
        Without prefixes.
    is_answered : bool
        It had a “Re:”: what follows may be somebody else's words, our own or an earlier automatic reply's.
    """

    text: str
    is_answered: bool


def read_subject(subject: str) -> Subject:
    """Return the subject folded and without prefixes.

    Examples
    --------
    >>> read_subject("[EXT] RE: =?utf-8?q?R=C3=A9ponse_automatique?= : offre")
    Subject(text='reponse automatique : offre', is_answered=True)
    """
    text = " ".join(folded(decoded(subject[: 4 * LONGEST])[:LONGEST]).split())
    answered = False
    for _ in range(8):
        if found := _ANSWERED.match(text):
            answered = True
        elif not (found := _PREFIX.match(text)):
            break
        text = text[found.end() :]
    return Subject(text, answered)


def decoded(subject: str) -> str:
    """Return a subject with its encoded words (RFC 2047) decoded; what can't be decoded stays as it is.

    Examples
    --------
    >>> decoded("=?utf-8?b?QWJ3ZXNlbmQ=?="), decoded("=?no-such-charset?q?a?=")
    ('Abwesend', '=?no-such-charset?q?a?=')
    """
    if "=?" not in subject:
        return subject
    try:
        return str(make_header(decode_header(subject)))
    except (HeaderParseError, LookupError, ValueError):
        return subject
