"""What a token's name stands for: a column of the contacts, the sender, a field we cannot see, or nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from hygiene.advice.qa.words import CHECKED, columns, company_columns, known, names, own_fields
from hygiene.advice.tokens.dialects import GRAMMARS
from hygiene.advice.tokens.near import nearest
from hygiene.sources.aliases import normalize_header

Kind = Literal["contact", "sender", "unseen", "misspelt", "unheard_of"]
INDEXED = re.compile(r"\[[\"']([^\"']*)[\"']\]")
LONGEST_PATH = 200
SHORTEST_FIELD = 8
"""In a vendor's own field of so many letters only one may be wrong: these are many, and everyday words (assumed)."""
HUBSPOT_NAMES = {"first_name": "firstname", "last_name": "lastname", "job_title": "jobtitle", "language": "hs_language"}
"""Internal names of contact properties that are not written as the contract's columns."""


class Binding(NamedTuple):
    """What a path is.

    `contact`: the value of `column`; `sender`: the sender's or the system's own, always filled; `unseen`: a field that
    may well exist and that the export does not hold; `misspelt`: a slip of `nearest`; `unheard_of`: no field that we
    know, in a tool whose fields are set up one by one.
    """

    kind: Kind
    column: str = ""
    nearest: str = ""

    @property
    def exists(self) -> bool:
        """Whether the field exists, as far as one can tell."""
        return self.kind not in ("misspelt", "unheard_of")


@lru_cache(maxsize=4096)
def bind(path: str, dialect: str, kept_out: frozenset[str] = frozenset()) -> Binding:
    """Return what a token's path is.

    Parameters
    ----------
    path
        As a scan returns it.
    dialect
        Of the template.
    kept_out
        Headers of the contacts' files that are no column of ours (normalized): fields that exist all the same.

    Examples
    --------
    >>> [bind(path, "hubspot").column for path in ("contact.firstname", "company.name", "contact.company")]
    ['first_name', 'company', 'company']
    >>> bind("contact.frstname", "hubspot"), bind("contact.favourite_colour", "hubspot").kind
    (Binding(kind='misspelt', column='', nearest='contact.firstname'), 'unheard_of')
    >>> bind("owner.email", "hubspot").kind, bind("contact.city", "hubspot").kind, bind("iceCream", "lemlist").kind
    ('sender', 'unseen', 'unseen')
    """
    system = GRAMMARS[dialect].system
    if len(path) > LONGEST_PATH or (system and dialect != "mautic" and system.fullmatch(path)):
        return Binding("sender")
    plain = INDEXED.sub(r".\1", path).replace("=", ".")
    *objects, name = [part.strip() for part in plain.split(".") if part.strip()] or [""]
    of = [part.lower().lstrip("$") for part in objects]
    if dialect == "mautic" and not of:
        return Binding("sender") if system and system.fullmatch(path) else _near(path, "", dialect, is_company=False)
    if set(of) & names("objects") or not name:
        return Binding("unseen")
    if set(of) & {"ownerfield", "sender", "owner", "user"}:
        return Binding("sender")
    is_company = bool(set(of) & names("companies"))
    if column := _column(name, is_company=is_company):
        return Binding("contact", column) if column in CHECKED else Binding("unseen")
    if _is_known(name, kept_out):
        return Binding("unseen")
    prefix = plain.rpartition(".")[0]
    return _near(name, prefix and f"{prefix}{'=' if '=' in path else '.'}", dialect, is_company=is_company)


def _column(name: str, *, is_company: bool) -> str | None:
    header = normalize_header(name)
    if is_company:
        return company_columns().get(header)
    return columns().get(header)


def _is_known(name: str, kept_out: frozenset[str]) -> bool:
    header = normalize_header(name)
    fields = known("contact") | known("company")
    return header in fields or header in kept_out or own_fields().fullmatch(name) is not None


def _near(name: str, prefix: str, dialect: str, *, is_company: bool) -> Binding:
    """Judge a name that nobody has: a slip of one, or not known at all."""
    meant = _meant(name, dialect, is_company=is_company)
    if meant:
        return Binding("misspelt", nearest=f"{prefix}{meant}")
    return Binding("unseen" if dialect in names("free") else "unheard_of")


def _meant(name: str, dialect: str, *, is_company: bool) -> str | None:
    """Return the field that a name is a slip of, in the spelling of the name; a number in it is no slip."""
    header = normalize_header(name)
    if any(letter.isdigit() for letter in header):
        return None
    own = company_columns() if is_company else {key: column for key, column in columns().items() if column in CHECKED}
    if found := nearest(header, sorted(own)):
        column = own[found]
        if dialect == "hubspot" and not is_company:
            return HUBSPOT_NAMES.get(column, column)
        found = _spelled(column, name) if normalize_header(column) == found else found
    else:
        found = nearest(header, sorted(known("company" if is_company else "contact")), shortest=SHORTEST_FIELD)
    return found.upper() if found and name.isupper() else found


def _spelled(column: str, like: str) -> str:
    """Return a column's name in the spelling of another name.

    Examples
    --------
    >>> [_spelled("first_name", like) for like in ("frst_name", "frstName", "FrstName", "Frst Name", "frstname")]
    ['first_name', 'firstName', 'FirstName', 'First Name', 'firstname']
    """
    parts = column.split("_")
    if "_" in like:
        text = column
    elif " " in like:
        text = " ".join(part.capitalize() for part in parts)
    elif like[0].isupper():
        text = "".join(part.capitalize() for part in parts)
    elif like.islower():
        text = "".join(parts)
    else:
        text = parts[0] + "".join(part.capitalize() for part in parts[1:])
    return text
