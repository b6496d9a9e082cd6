"""One form for every text: folded, on one line, and with nothing in it that names somebody.

Addresses are masked before any rule or model reads a text. Test mails are often named after their reason
(`full@example.com`), and real people are called Nobody and Blocker: the local part of an address must not decide.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MASKS = ("maskaddr", "maskhost", "maskip", "maskurl", "maskid")
"""What stands for an address, a host or domain, an IP address, a URL, and an id of a queue or session."""

# Two letters are a country; of the longer ones only those that mail servers commonly live under, so that a sentence
# that lacks a space after its full stop (“rejected.Please”) is not taken for a host.
_TLD = (
    r"(?:[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|name|pro|mobi|arpa|local|lan|localdomain|internal|corp|example|"
    r"invalid|test|cloud|email|online|site|shop|store|tech|agency|group|company|consulting|solutions|services|systems|"
    r"digital|global|world|media|life|live|app|dev|xyz|top|club|paris|berlin|bzh|asia|africa)"
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,62}[a-z0-9_])?"
_HOST = rf"(?:{_LABEL}\.){{1,8}}{_TLD}"
_FILE = re.compile(r"(?<!\w)[\w-]*\.(?:exe|zip|js|scr|bat|pif|vbs|docm|xlsm|rar|7z|iso|html?|pdf|doc|xls)\b(?![.\w])")

# All of these read folded text.
_URL = re.compile(r"\b(?:https?|ftp)://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+")
# Where text without spaces runs into an address (Chinese, Japanese, Korean), it is no part of it.
_CJK = r"\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef"
_ADDRESS = re.compile(
    r"<[^\s<>@]{1,64}@[^\s<>@]{1,255}>"
    r"|(?:mailto:|smtp:|rfc822;\s{0,3})?(?:\"[^\"\n@]{1,64}\"|"
    # Only from the beginning of a word on: else each letter would be tried.
    rf"(?<![^\s<>()\[\]{{}}\"',;:@|=/?{_CJK}])"
    rf"(?:[^\s<>()\[\]{{}}\"',;:@|=/?{_CJK}]|(?<=\w)'(?=\w)){{1,128}}(?:=[^\s<>@]{{1,64}})?)"
    r"@(?:\[[\w.:]{2,64}\]|[a-z0-9\u00c0-\u10ff.-]{1,255}|[\w.-]{1,255})"
)
_IP = re.compile(r"\[?(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)\]?(?::\d{1,5}\b)?")
_IP6 = re.compile(r"\[?(?:ipv6:)?(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4})(?:[0-9a-f:]*)\]?")
_HOSTS = re.compile(rf"(?<![a-z0-9_.@-]){_HOST}(?![a-z0-9_-]|\.\w)\.?(?:\[maskip\]|:\d{{2,5}}\b)?")
# A queue id mixes digits and letters; words and plain numbers are none. Codes such as TS03 or S3140 are kept, for they
# say something: an id is longer.
_ID = re.compile(
    r"(?<![\w.-])(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[a-z])"
    r"(?:[a-z0-9]{9,}(?:[.-][a-z0-9-]+)*|[a-z0-9]+-[a-z0-9]{6}-[a-z0-9]{2})(?![\w-])"
)
# Machines whose name says what the answer is about; they keep that one word.
_TELLING = {
    "dnsbl": re.compile(
        r"spamhaus|spamcop|barracudacentral|sorbs|uceprotect|psbl|senderscore|manitu|abuseat|rbl|dnsbl|surbl|uribl|"
        r"spamrats|mailspike|invaluement|cloudmark|senderbase|talosintelligence|blocklist|blacklist|mxtoolbox|njabl|"
        r"(?:^|[/.])bl\."
    ),
    "spf": re.compile(r"openspf|spf\."),
    "dmarc": re.compile(r"dmarc"),
}
_QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛`´′", "'"), **dict.fromkeys("“”„‟«»″", '"'), "\u00a0": " ", "\u00ad": ""})
_MARKS = re.compile("[\u0300-\u036f]")
_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"[<>()\[\]{}\"']*\s*\b(mask(?:addr|host|ip|url|id))\b\s*[<>()\[\]{}\"']*")
_CODE_PREFIX = re.compile(r"\b([245]\d\d)[- #]{1,2}([245]\.\d{1,3}\.\d{1,3})\b[ -]?")
_DASHED = re.compile(r"\b([245]\d\d)-(?=\S)")


def fold(text: str) -> str:
    """Return a text without case, accents and typographic signs; Hangul and kana keep their form.

    Examples
    --------
    >>> fold("Boîte pleine — « Straße »")
    'boite pleine — " strasse "'
    """
    text = text.translate(_QUOTES)
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed))


def _mask(name: str, mask: str) -> str:
    told = next((word for word, names in _TELLING.items() if names.search(name)), None)
    return f" {told} " if told else mask


def unwrapped(text: str) -> str:
    """Return an SMTP answer of many lines as one: a code that each line repeats is said once.

    Examples
    --------
    >>> unwrapped("550-5.1.1 The account does not 550-5.1.1 exist. 550 5.1.1 Try again")
    '550 5.1.1 The account does not exist. Try again'
    """
    said: set[str] = set()

    def once(found: re.Match[str]) -> str:
        code = f"{found[1]} {found[2]} "
        if code in said:
            return ""
        said.add(code)
        return code

    return _DASHED.sub(r"\1 ", _CODE_PREFIX.sub(once, text))


class Forms(NamedTuple):
    """A text in the two forms in which it is read."""

    text: str
    """Folded, on one line, masked: for rules and model."""
    unmasked: str
    """The same with nothing masked but addresses: links, hosts and ids may hold a provider's own code."""


def forms(text: str) -> Forms:
    """Return the two forms of a text."""
    unmasked = fold(unwrapped(_SPACES.sub(" ", text)))
    if "@" in unmasked:
        unmasked = _ADDRESS.sub(" maskaddr ", unmasked)
    text = _URL.sub(lambda found: _mask(found[0], " maskurl "), unmasked)
    text = _IP.sub(" maskip ", text)
    if "::" in text or text.count(":") > 6:
        text = _IP6.sub(" maskip ", text)
    if "." in text:
        files = set(_FILE.findall(text))
        text = _HOSTS.sub(lambda found: found[0] if found[0] in files else _mask(found[0], " maskhost "), text)
    text = _BRACKETS.sub(r" \1 ", _ID.sub(" maskid ", text))
    return Forms(_SPACES.sub(" ", text).strip(), unmasked)


def normalized(text: str) -> str:
    r"""Return the one form of a text that rules and model read: masked, folded, on one line.

    Examples
    --------
    >>> normalized("550-5.1.1 <Full@Example.com>:\r\n Recipient   UNKNOWN (mx1.example.net[192.0.2.7])")
    '550 5.1.1 maskaddr : recipient unknown maskhost maskip'
    """
    return forms(text).text
