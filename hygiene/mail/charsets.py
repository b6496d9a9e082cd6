"""Bytes of any charset, named rightly, wrongly or not at all → text."""

from __future__ import annotations

import codecs

# Servers name the small standard and write its larger national extension.
_LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
}
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J")


def decoded(raw: bytes, charset: str | None) -> str:
    r"""Return bytes as text: by the charset named, else UTF-8, else what comes nearest; never raises.

    Examples
    --------
    >>> decoded(b"Bo\xeete pleine", "iso-8859-1"), decoded("Boîte".encode(), "no-such-charset")
    ('Boîte pleine', 'Boîte')
    """
    if any(sign in raw for sign in _ISO_2022_JP) and b"\x1b" in raw:
        charset = "iso-2022-jp"
    elif raw.isascii() and not (charset or "").lower().startswith(("utf-7", "utf-16", "hz")):
        return raw.decode("ascii")
    for name in (charset, "utf-8"):
        if name and (text := _try(raw, name.strip("\"' ").lower())) is not None:
            return text
    return raw.decode("cp1252", "replace")


def _try(raw: bytes, name: str) -> str | None:
    name = _LARGER.get(name, name)
    try:
        info = codecs.lookup(name)
        # A cut at the limit may split a character: the last few bytes may be wrong, the rest must be right.
        return raw.decode(info.name, "strict" if len(raw) < 1 << 16 else "ignore")
    except (LookupError, UnicodeError, ValueError, AssertionError):
        return None
