"""What is wrong with a contact's value: it is empty, stands for nothing, or nobody would write it so by hand."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from hygiene.advice.qa.words import columns, words
from hygiene.mail.normalize import fold
from hygiene.sources.aliases import normalize_header

if TYPE_CHECKING:
    from hygiene.advice.qa.types import Defect

PLAIN: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[-’' ][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)*")
"""A value with nothing to look at but whether it is a word that stands for none."""
MARKUP: Final = re.compile(r"<[A-Za-z/!?]|[{}]|&[a-z]{2,8};|&#\d+;|\[\[|\*\||\|\*|%%|https?://|\\[nrt]")
SPACES: Final = re.compile(r"[\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff\t\r\n\x00-\x1f]| {2,}")
NO_NAME: Final = re.compile(r"[\W\d_]+")
JOINED: Final = re.compile(r"\s*[/;&+,|]\s*")
ENDS: Final = " .,;:!?-_*()[]<>\"'#"
FINE_SIGNS: Final = frozenset("®©™°№℠")
LONGEST_VALUE: Final = 500
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
    if PLAIN.fullmatch(text):
        return _of_words(text, column)
    if MARKUP.search(text):
        return "markup"
    if is_placeholder(text, column):
        return "placeholder"
    if any(unicodedata.category(sign) in ("So", "Cs", "Co", "Cn") and sign not in FINE_SIGNS for sign in text):
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
    >>> [is_placeholder(value, "company") for value in ("n/a", "--", "Nom de l'entreprise", "Test Drive Ltd", "3M")]
    [True, True, True, False, False]
    """
    folded = fold(value).strip()
    if folded in words("placeholders", "any") or folded in words("placeholders", column):
        return True
    bare = folded.strip(ENDS)
    if not bare or (column in NAMES and not NO_NAME.sub("", folded)):
        return True
    if bare in words("placeholders", "any") or bare in words("placeholders", column):
        return True
    return column in OWN_NAME and columns().get(normalize_header(value)) == column


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
def _forms() -> tuple[frozenset[str], frozenset[str]]:
    from hygiene.advice.qa.words import table

    found = table("values")["legal_forms"]
    return words("legal_forms", "words"), frozenset(found["capitals"])


def without_form(company: str) -> str:
    """Return a company's name without the legal form at its end.

    Examples
    --------
    >>> [without_form(name) for name in ("Müller Technik GmbH & Co. KG", "Durand, SAS", "SAS", "Visa")]
    ['Müller Technik', 'Durand', 'SAS', 'Visa']
    """
    forms, capitals = _forms()
    parts = company.split()
    for size in (4, 3, 2, 1):
        tail = " ".join(parts[-size:])
        if len(parts) > size and (fold(tail).strip("(),") in forms or (size == 1 and tail.strip("(),.") in capitals)):
            return " ".join(parts[:-size]).rstrip(" ,(-–")
    return company


def _case(text: str, column: str) -> Defect | None:
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= LEAST_CAPITALS.get(column, LONGEST_VALUE) and text.isupper():
        return "capitals"
    if len(letters) >= LEAST_SMALL.get(column, LONGEST_VALUE) and text.islower() and text.split()[0] not in SMALL_NAMES:
        return "small_letters"
    return None
