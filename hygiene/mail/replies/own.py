"""What the sender wrote: the reply without the quoted original and without the signature.

Our own mail stands under most replies, with its "unsubscribe" and its "if you are out of office"; none of it may
decide. What is looked at is bounded: `RAW` characters of the mail, of which `OWN` of the sender's are read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from hygiene.mail.replies.folding import folded, folded_in_place
from hygiene.mail.replies.html import html_text, is_html
from hygiene.mail.replies.rules import languages

RAW: Final = 65_536
"""Characters of the mail that are looked at (assumed: HTML of a short reply is 5 to 30 thousand)."""
OWN: Final = 12_000
"""Characters of the sender's own text that are read (assumed: what a reply wants is said at its top)."""
LINE: Final = 1_000
"""Characters of a line in which a quotation's heading is looked for."""
WRAPPED: Final = 3
"""Lines over which a mail program wraps such a heading."""

_CLOCK_OR_YEAR = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\b20\d\d\b|20\d\d年|20\d\d년")
_DIGIT = re.compile(r"\d")
_RULED = re.compile(r"^[\s>*]*[-_=]{3,40}\s?([^-_=][^\n]{0,80}?)\s?[-_=]{3,40}\s*$")
_SENTENCE_END = re.compile(r"[!?]|[a-z]{3}\. ")
_DATED = r"\s(?=\S{0,12}[ ,]{0,2}\S{0,12}[ ,]{0,2}\d)"


class _Words(NamedTuple):
    wrote: re.Pattern[str]
    inline: re.Pattern[str]
    opener: re.Pattern[str]
    block: re.Pattern[str]
    labels: frozenset[str]
    original: re.Pattern[str]


@cache
def _words() -> _Words:
    gathered: dict[str, set[str]] = {"wrote": set(), "opener": set(), "from": set(), "label": set(), "original": set()}
    for language in languages().values():
        for name, words in language.quotes.items():
            gathered[name] |= {folded(word) for word in words}
    one = {
        name: "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) for name, words in gathered.items()
    }
    return _Words(
        wrote=re.compile(rf"(?:{one['wrote']})"),
        inline=re.compile(rf"(?:{one['wrote']})[^:\n]{{0,80}}:(?=\s|$)"),
        opener=re.compile(rf"(?:^|(?<=[\s>.!?]))(?:{one['opener']}){_DATED}"),
        block=re.compile(rf"(?:^|(?<=[\s*>]))(?:{one['from']})\*?\s?:[^\n]{{1,200}}?[\s*](?:{one['label']})\*?\s?:"),
        labels=frozenset(gathered["from"] | gathered["label"]),
        original=re.compile(one["original"]),
    )


def own_text(text: str) -> str:
    r"""Return the sender's own words: no quoted original, no signature, no HTML; at most `OWN` characters.

    Examples
    --------
    >>> own_text("Not for us.\n-- \nJo\n\nOn Mon, 13 Apr 2026, Tom <t@north.example> wrote:\n> Unsubscribe")
    'Not for us.'
    """
    text = text[:RAW]
    if is_html(text):
        text = html_text(text)
    said: list[str] = []
    length, spoken = 0, False
    lines = text.replace("\u2028", "\n").splitlines()
    at = 0
    while at < len(lines) and length < OWN:
        line, skipped = lines[at], 1
        if line.lstrip().startswith((">", "|>")):
            pass
        elif skipped := _attribution(lines, at):
            if not _quoted_next(lines, at + skipped) and spoken:
                break
        elif (spoken and line.rstrip() == "--") or _starts_original(lines, at):
            break
        else:
            before, cut = _before_inline(line)
            said.append(before)
            length += len(before) + 1
            spoken, skipped = spoken or bool(before.strip()), 1
            if cut:
                break
        at += skipped
    return "\n".join(said)[:OWN].strip()


def _attribution(lines: list[str], at: int) -> int:
    """Return over how many lines “On …, … wrote:” stands from line `at` on; 0 if it does not."""
    for count in range(1, WRAPPED + 1):
        last = lines[at + count - 1].rstrip() if at + count <= len(lines) else ""
        if not last:
            return 0
        if last[-1] in ":：":
            # The heading starts as late as it can: a line before it may be the sender's own.
            starts_later = any(_is_attribution(lines[at + skip : at + count]) for skip in range(1, count))
            return count if not starts_later and _is_attribution(lines[at : at + count]) else 0
    return 0


def _is_attribution(lines: list[str]) -> bool:
    text = folded(" ".join(line.strip() for line in lines)[:LINE])
    if len(text) > 400 or not _DIGIT.search(text):
        return False
    return bool(_words().wrote.search(text)) or ("@" in text and bool(_CLOCK_OR_YEAR.search(text)))


def _quoted_next(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 3] if line.strip()), "")
    return following.lstrip().startswith(">")


def _starts_original(lines: list[str], at: int) -> bool:
    """Return whether “-----Original Message-----” or a block of header lines starts here."""
    if (ruled := _RULED.match(lines[at][:LINE])) and _words().original.search(folded(ruled[1])):
        return True
    if not _is_label(lines[at]):
        return False
    block = [line for line in lines[at : at + 6] if line.strip()][:4]
    return sum(map(_is_label, block)) >= 3


def _is_label(line: str) -> bool:
    head, colon, _ = line[:60].replace("：", ":").partition(":")
    return bool(colon) and len(head) <= 30 and folded(head).strip(" \t*>\u3000") in _words().labels


def _before_inline(line: str) -> tuple[str, bool]:
    """Return the line up to a quotation that an export put on the same line, and whether there was one."""
    if ":" not in line or len(line) < 25:
        return line, False
    words, text = _words(), folded_in_place(line)
    ends = [block.start()] if (block := words.block.search(text)) else []
    for wrote in words.inline.finditer(text):
        openers = [found.start() for found in words.opener.finditer(text, max(0, wrote.start() - 200), wrote.start())]
        if openers:
            ends.append(openers[0] if len(openers) == 1 else _first_of_last(text, openers))
            break
    return (line[: min(ends)], True) if ends else (line, False)


def _first_of_last(text: str, openers: list[int]) -> int:
    """Return the opener that heads the quotation: the first after the last sentence before it."""
    for earlier, later in zip(openers[-2::-1], openers[:0:-1], strict=True):
        if _SENTENCE_END.search(text[earlier:later]):
            return later
    return openers[0]
