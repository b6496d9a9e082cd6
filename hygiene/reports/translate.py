"""Values in the reader's language: sentences by gettext, numbers and dates by Babel.

A `Translator` is passed explicitly; there is no current language. English is the language of the message ids, so no
catalogue is read for it; for the others every `.po` file of the language is read once, when its `Translator` is made.
Babel itself is loaded with the first number that is shown: `--format csv` shows none.
"""

from __future__ import annotations

import re
from datetime import UTC
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from math import ceil, floor
from typing import TYPE_CHECKING

from hygiene.errors import SettingsError, did_you_mean
from hygiene.settings import LANGUAGES
from hygiene.values import BandMark, Change, Count, Interval, Link, Message, Moment, Percent, Points, Territory, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from importlib.resources.abc import Traversable

    from hygiene.scores.types import Band
    from hygiene.values import Value

PSEUDO = "x-pseudo"
"""A made-up language that changes every sentence of ours: what stays plain English was never translated."""
NOTHING = "–"
"""Shown for a figure that does not exist."""
TEXT_LIMIT = 300
"""Characters of one text from the data that are shown: a name or subject is shorter, a 2 MB cell is not."""
BAND_WORDS: Mapping[Band | None, Message] = {
    "low": Message("Low"),
    "fair": Message("Fair"),
    "good": Message("Good"),
    "excellent": Message("Excellent"),
    None: Message("Not enough evidence"),
}

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# Control and direction characters would act on a terminal or turn the text around; lone surrogates have no bytes.
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def visible(text: str, limit: int = TEXT_LIMIT) -> str:
    r"""Return a text from the data as one line without hidden effects, cut after `TEXT_LIMIT` characters.

    Examples
    --------
    >>> visible("Ann\x1b[31m\nLee")
    'Ann�[31m Lee'
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isprintable() else _INVISIBLE.sub("\ufffd", _SPACES.sub(" ", text))


def substitute(template: str, args: Mapping[str, str]) -> str:
    """Fill the `%(name)s` of a template; every other `%` is itself, and `%%` is one.

    Raises
    ------
    KeyError
        If a placeholder has no argument.

    Examples
    --------
    >>> substitute("%(who)s: 90 % of %(what)s", {"who": "Ann", "what": "%(who)s"})
    'Ann: 90 % of %(who)s'
    """
    if "%" not in template:
        return template
    return _PLACEHOLDER.sub(lambda found: args[found[1]] if found[1] else "%", template)


class Translator:
    """One language.

    Parameters
    ----------
    lang
        `en`, `fr`, or `x-pseudo` (for tests).
    strict
        Whether a sentence without a translation is a `LookupError` instead of staying English.

    Raises
    ------
    SettingsError
        If there is no such language.

    Examples
    --------
    >>> Translator("en").text(Percent(0.0712))
    '7.1%'
    """

    def __init__(self, lang: str, *, strict: bool = False) -> None:
        if lang not in (*LANGUAGES, PSEUDO):
            raise SettingsError(
                f'The language "{lang}" is not one of {", ".join(LANGUAGES)}{did_you_mean(lang, LANGUAGES)}.'
            )
        self.lang = lang
        self.locale = "en" if lang == PSEUDO else lang
        self._catalogue = _catalogue(lang, strict)

    def text(self, value: Value) -> str:
        """Return a value as plain text, a message with its arguments in place; the caller escapes."""
        match value:
            case Message():
                return substitute(self.template(value), self.arguments(value, self.text))
            case Text():
                return visible(value.value)
            case BandMark():
                return self.text(BAND_WORDS[value.band])
            case Link():
                return self.text(value.value)
            case _:
                return self._figure(value)

    def _figure(self, value: Percent | Count | Points | Interval | Change | Moment | Territory) -> str:
        match value:
            case Territory():
                return _territory(self.locale, value.code)
            case Percent():
                return NOTHING if value.value is None else _percent(self.locale, value.value, value.digits)
            case Count():
                return _decimal(self.locale, value.value, 0)
            case Points():
                return NOTHING if value.value is None else self._points(value.value, value.digits)
            case Interval():
                return f"[{self.interval(value)}]"
            case Change():
                return self._change(value.value)
            case Moment():
                return NOTHING if value.at is None else _moment(self.locale, value.at, value.grain)

    def _change(self, value: float) -> str:
        """Return a difference in percentage points: a sign always, and none of zero."""
        shown = round(100 * value, 1) + 0.0
        sign = "+" if shown > 0 else "\N{MINUS SIGN}" if shown < 0 else "±"
        return self.text(Message("%(number)s pt", {"number": Text(sign + _decimal(self.locale, abs(shown), 1))}))

    def _points(self, value: float, digits: int) -> str:
        return _decimal(self.locale, value if digits else floor(value), digits)

    def interval(self, value: Interval) -> str:
        """Return the two ends of an interval without brackets, the unit said once: `1.4–2.6%`."""
        if not value.percent:
            return f"{_decimal(self.locale, floor(value.low), 0)}–{_decimal(self.locale, ceil(value.high), 0)}"
        return f"{_decimal(self.locale, value.low * 100, 1)}–{_percent(self.locale, value.high, 1)}"

    def month(self, at: datetime) -> str:
        """Return the short name of a month without its year, for an axis."""
        return _moment(self.locale, at, "axis")

    def template(self, message: Message) -> str:
        """Return a message in this language, in the form that its number asks for, placeholders still in it."""
        if message.plural is None:
            return self._catalogue.gettext(message.id)
        return self._catalogue.ngettext(message.id, message.plural, message.n)

    def arguments(self, message: Message, render: Callable[[Value], str]) -> dict[str, str]:
        """Return a message's arguments as `render` shows them; `n` is the plural's number unless given."""
        args = {name: render(value) for name, value in message.args.items()}
        if message.plural is not None:
            args.setdefault("n", render(Count(message.n)))
        return args

    def phrase(self, message: str, **args: Value) -> str:
        """Return a fixed sentence of a template, known there as `_`."""
        return self.text(Message(message, args))

    def phrases(self, one: str, many: str, n: int, **args: Value) -> str:
        """Return a fixed sentence with a plural, known in templates as `ngettext`."""
        return self.text(Message(one, args, plural=many, n=n))


# --- numbers and dates: the same few thousand come again and again, and Babel takes 12 µs for each --------------------
@lru_cache(maxsize=65536)
def _decimal(locale: str, value: float, digits: int) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(round(value, digits) + 0, pattern, locale=locale)  # + 0 turns −0 into 0


@lru_cache
def _territory(locale: str, code: str) -> str:
    from babel.core import Locale

    return str(Locale.parse(locale).territories.get(code.upper(), visible(code)))


def _percent(locale: str, value: float, digits: int) -> str:
    return _rounded_percent(locale, round(value, digits + 2) + 0, digits)


@lru_cache(maxsize=65536)
def _rounded_percent(locale: str, value: float, digits: int) -> str:
    from babel.numbers import format_percent

    return format_percent(value, _percent_pattern(locale, digits), locale=locale)


@lru_cache
def _percent_pattern(locale: str, digits: int) -> str:
    from babel.core import Locale

    whole = str(Locale.parse(locale).percent_formats[None].pattern)
    return whole.replace("0", "0." + "0" * digits) if digits else whole


SKELETONS = {"month": "yMMM", "axis": "MMM"}


@lru_cache(maxsize=4096)
def _moment(locale: str, at: datetime, grain: str) -> str:
    from babel.dates import format_date, format_skeleton, format_time

    if at.tzinfo is not None:
        at = at.astimezone(UTC)
    if grain in SKELETONS:
        return format_skeleton(SKELETONS[grain], at, locale=locale)
    day = format_date(at, "medium", locale=locale)
    return day if grain == "day" else f"{day}, {format_time(at, 'HH:mm', locale=locale)} UTC"


# --- catalogues -------------------------------------------------------------------------------------------------------
class _Missing(NullTranslations):
    """The end of a strict chain of catalogues."""

    def gettext(self, message: str) -> str:
        raise LookupError(f'No translation of "{message}".')

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise LookupError(f'No translation of "{msgid1}" / "{msgid2}" for {n}.')


class _Pseudo(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def _catalogue(lang: str, strict: bool) -> NullTranslations:
    if lang == "en":
        return NullTranslations()
    if lang == PSEUDO:
        return _Pseudo()
    chain = NullTranslations()
    folder = files("hygiene") / "locale" / lang / "LC_MESSAGES"
    for path in sorted((path for path in folder.iterdir() if path.name.endswith(".po")), key=lambda path: path.name):
        chain.add_fallback(_read(path, lang))
    if strict:
        chain.add_fallback(_Missing())
    return chain


def _read(path: Traversable, lang: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=lang, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
