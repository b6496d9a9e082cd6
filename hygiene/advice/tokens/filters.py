"""The filters that a mail uses. The names are needed to tell a filter from a fallback (`|title` from `|there`).

Sources: developers.hubspot.com/docs/cms/hubl/filters; shopify.github.io/liquid (both read 2026-11); Apollo's letter
case operators: knowledge.apollo.io 4409735256845.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HUBL = _words(
    "abs add allow_snake_case attr batch between_times bool_val capitalize center convert_rgb count cut date_format "
    "datetimeformat default d dictsort difference divide divisible e escape escape_attr escape_html escape_jinjava "
    "escape_js escapejson escape_url escapeurl filesizeformat first float float_val format format_currency "
    "format_currency_value format_date format_datetime format_number format_time fromjson fromyaml geo_distance "
    "groupby indent int int_val intersect ipaddr join last length list log lower lstrip map md5 minus_time multiply "
    "number_format plus_time pprint random regex_replace reject rejectattr render replace reverse root round rstrip "
    "safe sanitize_html select selectattr shuffle slice sort split string string_val striptags strtodate strtotime "
    "sum symmetric_difference title tojson toyaml trim truncate truncatehtml type union unique unixtimestamp upper "
    "urldecode urlencode urlize wordcount wordwrap xmlattr"
)
LIQUID = _words(
    "abs append at_least at_most base64_decode base64_encode capitalize ceil compact concat date default divided_by "
    "downcase escape escape_once find first floor group_by join json last lstrip map minus modulo newline_to_br "
    "number_with_delimiter pluralize plus prepend raw remove remove_first remove_last replace replace_first "
    "replace_last reverse round rstrip size slice sort sort_natural split strip strip_html strip_newlines sum times "
    "titlecase title truncate truncatewords uniq upcase url_decode url_encode where"
)


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


PLAIN: dict[str, Callable[[str], str]] = {
    "capitalize": _capitalized,
    "title": str.title,
    "titlecase": str.title,
    "capitalize_each_word": str.title,
    "proper": str.title,
    "upper": str.upper,
    "upcase": str.upper,
    "uppercase": str.upper,
    "lower": str.lower,
    "downcase": str.lower,
    "lowercase": str.lower,
    "trim": str.strip,
    "strip": str.strip,
    "escape": html.escape,
    "urlencode": quote,
    "url_encode": quote,
    "size": lambda text: str(len(text)),
    "len": lambda text: str(len(text)),
    "length": lambda text: str(len(text)),
}
"""The filters without an argument that change what a reader sees."""
LONGEST_VALUE = 2_000
"""Characters that a value may have: a chain of `replace` or `append` could double itself at each step (assumed)."""


def apply(name: str, text: str, arguments: list[str]) -> str:
    """Return the text as the filter leaves it; one that we don't know leaves it as it is.

    Examples
    --------
    >>> apply("capitalize", "ANN", []), apply("append", "Ann", ["!"]), apply("unheard_of", "Ann", [])
    ('Ann', 'Ann!', 'Ann')
    """
    return _applied(name.lower(), text, arguments)[:LONGEST_VALUE]


def _applied(name: str, text: str, arguments: list[str]) -> str:
    if name in PLAIN:
        return PLAIN[name](text)
    if name == "append" and arguments:
        return text + arguments[0]
    if name == "prepend" and arguments:
        return arguments[0] + text
    if name == "replace" and len(arguments) > 1:
        return text.replace(arguments[0], arguments[1])
    return text
