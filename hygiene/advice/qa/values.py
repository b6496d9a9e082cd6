"""What is wrong with a contact's value: it is empty, stands for nothing, or nobody would write it so by hand."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from hygiene.advice.qa.words import columns, table, words
from hygiene.mail.normalize import fold

if TYPE_CHECKING:
    from hygiene.advice.qa.types import Defect

PLAIN: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[-’' ][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)*")
"""A value with nothing to look at but whether it is a word that stands for none."""
MARKUP: Final = re.compile(r"<[A-Za-z/!?]|[{}]|&[a-z]{2,8};|&#\d+;|\[\[|\*\||\|\*|%%|https?://|\\[nrt]")
SPACES: Final = re.compile(r"[\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff\t\r\n\x00-\x1f]| {2,}")
EMOJI: Final = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\ue000-\uf8ff\ufe0f\ufffd\U0001f000-\U0001faff]"
)
SIGNS: Final = re.compile(r"[\W_]+")
NO_NAME: Final = re.compile(r"[\W\d_]+")
JOINED: Final = re.compile(r"\s*[/;&+,|]\s*")
ENDS: Final = " .,;:!?-_*()[]<>\"'#"
LONGEST_VALUE: Final = 500
LONGEST_WORD: Final = 40
"""Characters of a value that may stand for none: the longest in the table has 24."""
NAMES: Final = frozenset({"first_name", "last_name"})
OWN_NAME: Final = frozenset({"first_name", "last_name", "company", "job_title"})
"""Columns whose header is no value: “Industrie” and “Land” may be one."""
LEAST_CAPITALS: Final = {"first_name": 3, "last_name": 3, "company": 9, "job_title": 9, "country": 5}
"""Letters from which a value in capitals is no acronym (assumed): IBM and DECAUX may be written so, DUPONT LOGISTIQUE
not. Industries are kept in capitals by HubSpot and printed by their labels."""
LEAST_SMALL: Final = {"first_name": 3, "last_name": 3}
SMALL_NAMES: Final = frozenset({"de", "du", "von", "van", "le", "la", "di", "da"})


def defect_of(value: str | None, column: str) -> Defect | None:
    """Return the worst that is wrong with a value of a column; None: it can be printed as it is.

    Examples
    --------
    >>> [defect_of(value, "first_name") for value in (" ", "N/A", "JEAN", "Dr. Ann", "Ann & Bob", "Ann")]
    ['empty', 'placeholder', 'capitals', 'title', 'two_names', None]
    >>> [defect_of(value, "company") for value in ("IBM", "Durand SAS", "<b>Acme</b>", "Acme 🚀")]
    [None, 'legal_form', 'markup', 'emoji']
    """
    if not value or not value.strip():
        return "empty"
    text = value[:LONGEST_VALUE]
    if column == "email":
        return None if "@" in text else "placeholder"
    if PLAIN.fullmatch(text):
        return _of_words(text, column)
    if MARKUP.search(text):
        return "markup"
    if not text.isascii() and EMOJI.search(text):
        return "emoji"
    if text != text.strip() or SPACES.search(text):
        return "whitespace"
    return _of_words(text, column) or _case(text, column)


def _of_words(text: str, column: str) -> Defect | None:
    if is_placeholder(text, column):
        return "placeholder"
    if column == "first_name" and _has_title(text):
        return "title"
    if column == "first_name" and _is_two(text):
        return "two_names"
    return "legal_form" if column == "company" and without_form(text) != text else None


def is_placeholder(value: str, column: str) -> bool:
    """Say whether a value stands for none: `N/A`, `-`, `test`, or the column's own name.

    Examples
    --------
    >>> [is_placeholder(value, "company") for value in ("n/a", "--", "Nom de l'entreprise", "Company 7")]
    [True, True, True, False]
    """
    if len(value) > LONGEST_WORD:
        return False
    folded = fold(value).strip()
    if folded in words("placeholders", "any") or folded in words("placeholders", column):
        return True
    bare = folded.strip(ENDS)
    if not bare or (column in NAMES and not NO_NAME.sub("", folded)):
        return True
    if bare in words("placeholders", "any") or bare in words("placeholders", column):
        return True
    return column in OWN_NAME and SIGNS.sub("", bare) in _headers(column)


@cache
def _headers(column: str) -> frozenset[str]:
    return frozenset(header for header, meant in columns().items() if meant == column)


def _has_title(text: str) -> bool:
    first = fold(text).split()[0]
    titles = words("titles", "words")
    return first in titles or any(title.endswith(".") and first.startswith(title) for title in titles)


def _is_two(text: str) -> bool:
    if len([part for part in JOINED.split(text) if NO_NAME.sub("", part)]) > 1:
        return True
    inner = fold(text).split()[1:-1]
    return any(word in words("pairs", "words") for word in inner)


@cache
def _forms() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the forms, those that only count in capitals, and the last words of all."""
    forms, capitals = words("legal_forms", "words"), frozenset(table("values")["legal_forms"]["capitals"])
    ends = {form.split()[-1].strip("(),.") for form in forms} | {fold(form) for form in capitals}
    return forms, capitals, frozenset(ends)


def without_form(company: str) -> str:
    """Return a company's name without the legal form at its end.

    Examples
    --------
    >>> [without_form(name) for name in ("Müller Technik GmbH & Co. KG", "Durand, SAS", "SAS", "Visa")]
    ['Müller Technik', 'Durand', 'SAS', 'Visa']
    """
    forms, capitals, ends = _forms()
    if fold(company.rpartition(" ")[2]).strip("(),.") not in ends:
        return company
    parts = company.split()
    for size in (4, 3, 2, 1):
        tail = " ".join(parts[-size:])
        if len(parts) > size and (fold(tail).strip("(),") in forms or (size == 1 and tail.strip("(),.") in capitals)):
            return " ".join(parts[:-size]).rstrip(" ,(-–")
    return company


def _case(text: str, column: str) -> Defect | None:
    if not (text.isupper() or text.islower()):
        return None
    letters = sum(letter.isalpha() for letter in text)
    if letters >= LEAST_CAPITALS.get(column, LONGEST_VALUE) and text.isupper():
        return "capitals"
    if letters >= LEAST_SMALL.get(column, LONGEST_VALUE) and text.islower() and text.split()[0] not in SMALL_NAMES:
        return "small_letters"
    return None
