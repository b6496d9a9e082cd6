"""Whom a bounce is about: the addresses that a report's text names as failed, each with the words said of it."""

from __future__ import annotations

import re
from typing import NamedTuple

# A local part is ASCII, or letters of another script (RFC 6531) as a whole: where text without spaces runs into an
# address, it is not part of it. Ideographic and full-width punctuation are no letters.
_FOREIGN = r"\u00c0-\u2fff\u3041-\ufeff"
_LOCAL = rf"(?:[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~\u00c0-\u10ff-]{{1,80}}|[{_FOREIGN}]{{1,40}})"
_DOMAIN = rf"[A-Za-z0-9{_FOREIGN}](?:[A-Za-z0-9{_FOREIGN}._-]{{0,200}}[A-Za-z0-9])?"
# A control sign beside an address is no writing: what is left of it may be somebody else's.
ADDRESS = re.compile(rf"(?<![\x00-\x08\x0b-\x1f\x7f])(?:\"[^\"\n]{{1,64}}\"|{_LOCAL})@(?:{_DOMAIN}|\[[0-9A-Fa-f.:]+\])")
_LEFT = r"[ \t>*|]{0,12}(?:\d{1,3}[.)][ \t]+|[-*•o][ \t]+)?[<\"'(\[«]{0,3}(?:mailto:|smtp:|rfc822;[ \t]?)?"
_FIRST = re.compile(rf"^{_LEFT}({ADDRESS.pattern})", re.IGNORECASE)
_LABELS = re.compile(
    r"\brcpt[ _]to\b|\b(?:final|original|failed|actual|undelivered|intended|invalid|bad|bounced|"
    r"to)?[ -]?(?:recipients?|address(?:es)?|"
    r"addressees?|rcpt|destination|destinataires?|empf[aä]nger|destinatari[oi]s?|ontvangers?|adresat\w*|mottagare|"
    r"modtager\w*|"
    r"mottaker\w*|vastaanottaja\w*|al[iı]c[iı]\w*|p[rř][ií]jemc\w*|c[ií]mzett\w*|получател\w*|адресат\w*|一人の宛先|宛先|"
    r"受信者|収信人|收件人|"
    r"收信人|収件者|送信先|받는 ?사람|수신자|수신인)[^\n@]{0,30}[:：=]"
    r"|\bdelivery to\b|\bdelivered to\b|\bsent to\b|\bmessage to\b|\bmail to\b"
    r"|\bundeliverable to\b|\be-?mail to\b|\bnachricht an\b|\bmessage [aà]\b|\breach\b",
    re.IGNORECASE,
)
# The head of the original, told again: it also names those who got the mail.
_TO = re.compile(r"^[ \t]*(?:to|an|[aà]|para|aan|til|do|кому|宛先|收件人)[ \t]*[:：]", re.IGNORECASE)
_FAILURE = re.compile(
    r"\b[45]\d\d\b|\b[45]\.\d\.\d|unknown|not (?:found|exist|deliver|listed|known)|no such|reject|fail|undeliver|"
    r"invalid|"
    r"disabled|full|quota|couldn't|could not|cannot|unable|wasn't|inexist|inconnu|unbekannt|desconocid|sconosciut|"
    r"存在|不明|없|неизвест|не найден|不存在",
    re.IGNORECASE,
)
# What names the sender, or whom to ask.
_OTHERS = re.compile(
    r"\bmail[ _]from\b|^[ \t>]*(?:from|sender|de|von|da|van|reply-to|return-path|cc|date|message-id|subject|"
    r"from address|"
    r"envelope-from|originator|generating server|expéditeur|absender|送信者|发件人|差出人|"
    r"x-[\w-]+)[ \t]*[:：]|\bsender\b|"
    r"\bpostmaster\b|\bcontact\b|\bassistance\b|"
    r"\bplease (?:e-?mail|write|send|forward|notify|report)\b|\bhelp\b|\bsupport@|\babuse@|\bquestions\b|"
    r"\badministrator\b(?! rejected)|"
    r"\bon behalf of\b|\breport (?:this|the) (?:problem|error)\b|\boriginal message from\b|\bfrom <?maskaddr",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|abuse|support|noreply|no-reply|help(?:desk)?|root|nobody|hostmaster|"
    r"microsoftexchange[0-9a-f]+)@",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"^[0-9A-Za-z.$_-]*\d{4,}[0-9A-Za-z.$_-]*\.[0-9A-Za-z.$_-]*\d{3,}")
_SCHEME = re.compile(r"^'?(?:mailto:|smtp[=:]|rfc822[=:;])", re.IGNORECASE)
MAX_RECIPIENTS = 50_000
VALUE_LIMIT = 20_000
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
BLOCK_LIMIT = 1500
LINES_BEFORE = 6
"""Lines before a recipient's name in which its reason may stand."""
_LINES_LIMIT = 50_000


class Named(NamedTuple):
    """An address that a text names, and what the text says from there on."""

    email: str
    words: str


def address_in(value: str) -> str | None:
    """Return the address in a header or field value, as it is written; None where there is none.

    Examples
    --------
    >>> address_in("rfc822; <Ann@Example.com>"), address_in("rfc822; root")
    ('Ann@Example.com', None)
    """
    value = value[:VALUE_LIMIT]
    if _CONTROLS.search(value):
        return None
    if found := ADDRESS.search(value):
        return tidy(found[0])
    return None


def tidy(address: str) -> str:
    """Return an address without the signs that writing put around it."""
    return _SCHEME.sub("", address.strip("<>()[],;:'\" ").rstrip("."))


def addresses_in(value: str) -> list[str]:
    """Return the addresses of a header such as `To`, in order, each once."""
    return list(dict.fromkeys(tidy(found) for found in ADDRESS.findall(value[:20_000])))


def failed_in(text: str, ours: frozenset[str], written_to: list[str]) -> list[Named]:
    """Return the recipients that the text of a report names.

    Parameters
    ----------
    text
        What the reporting server says, without the returned original.
    ours
        Addresses (lower case) of the one who gets the report and of the one who sends it.
    written_to
        The recipients of the returned original, where they are known; the best evidence for a name in mid-sentence.
    """
    lines = text.splitlines()[:_LINES_LIMIT]
    known = {address.lower() for address in written_to}
    ranked: dict[str, tuple[int, int]] = {}
    before = heading = ""
    for number, line in enumerate(lines):
        if _CONTROLS.search(line):
            continue
        before, heading = heading, line if line.strip() else heading
        for found in ADDRESS.finditer(line[:2000]) if "@" in line else ():
            email = tidy(found[0])
            if email.lower() in ranked and ranked[email.lower()][0] <= 1:
                continue
            rank = _rank(email, line, before, ours, known)
            if rank is not None and rank < ranked.get(email.lower(), (9, 0))[0]:
                ranked[email.lower()] = (rank, number)
    if not ranked:
        return []
    best = min(rank for rank, _ in ranked.values())
    # Of what is only mentioned, one is taken: the first; of what stands where failed recipients stand, all.
    kept = {email: number for email, (rank, number) in ranked.items() if rank <= max(best, 1)}
    heads = {_head(lines[number], email) for email, number in kept.items()}
    for email, (rank, number) in ranked.items():  # told in the same words as one that is sure
        if rank == 2 and _head(lines[number], email).strip() and _head(lines[number], email) in heads:
            kept[email] = number
    if best > 2:
        kept = dict(list(kept.items())[:1])
    return _with_words(kept, lines, text)


def _head(line: str, email: str) -> str:
    return line[: line.lower().find(email.lower())]


def _rank(email: str, line: str, before: str, ours: frozenset[str], known: set[str]) -> int | None:
    """Return how surely a line names a failed recipient: 0 is surest, None is not at all."""
    lower = email.lower()
    if (_DAEMON.match(lower) and lower not in known) or _MESSAGE_ID.match(email):
        return None
    if lower in ours and lower not in known:
        return None
    place = line.lower().find(lower)
    if lower in known and not _TO.search(line[:place]):
        return 0 if not _OTHERS.search(line) else 3
    if _OTHERS.search(line[:place]):
        return None
    first = _FIRST.match(line)
    if first and tidy(first[1]).lower() == lower:
        return 1
    if _LABELS.search(line[:place]) or (_LABELS.search(before) and before.rstrip().endswith((":", "："))):
        return 1
    if _FAILURE.search(line) or _TO.search(line[:place]):
        return 2
    return 3


def _with_words(kept: dict[str, int], lines: list[str], text: str) -> list[Named]:
    starts = sorted(kept.items(), key=lambda item: item[1])[:MAX_RECIPIENTS]
    written = {tidy(found).lower(): tidy(found) for found in reversed(ADDRESS.findall(text))}
    named = []
    before = 0
    for position, (email, number) in enumerate(starts):
        later = [start for _, start in starts[position + 1 :] if start > number]
        end = later[0] if later else len(lines)
        words = "\n".join(lines[number:end])
        if not _FAILURE.search(words.replace(email, "")):  # some servers give the reason first
            words = "\n".join(lines[max(before, number - LINES_BEFORE) : end])
        before = end
        named.append(Named(written.get(email, email), words[:BLOCK_LIMIT]))
    return named
