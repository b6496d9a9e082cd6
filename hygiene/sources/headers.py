"""Matches the headers of a file to the columns of its table."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hygiene.errors import SourceError, did_you_mean
from hygiene.sources.aliases import load_aliases, normalize_header, normalize_word
from hygiene.sources.schema import INPUT
from hygiene.sources.tables import ColumnReading, ImportNote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from hygiene.sources.aliases import Alias

MERGED = ("opted_out", "do_not_contact", "unsubscribed")
"""Columns that several headers may fill: yes in any of them is a yes, since an opt-out is never lost."""
JOINED = {"detail": " ", "other_emails": "; "}
"""Columns whose headers each say a part, and what comes between: HubSpot has a bounce's code and text apart."""
FILLED = ("email",)
"""Columns of which a further header counts where the first is empty."""
EXACT = "exact"
OPT_OUT_PARTS = (
    *(
        "unsub",
        "optout",
        "optedout",
        "optstatus",
        "donotcontact",
        "donotemail",
        "donotmail",
        "suppress",
        "blacklist",
        "blocklist",
    ),
    *("desinscri", "desabonn", "listerouge", "listenoire", "nepascontacter", "opposition", "refus"),
    *("abgemeldet", "abmeld", "widerspr", "sperrliste", "gesperrt", "keinewerbung", "nichtkontaktieren"),
)
"""Parts of headers (normalised) that look like an opt-out."""
OPT_OUT_WORDS = ("dnc", "robinson")
"""Whole words of headers (normalised) that do."""
NO_ANSWERS = ("link", "links", "url", "lien", "rate", "taux", "quote", "count", "page", "token")
"""Ends of headers (normalised) of what is given to everybody, or counted: the link of a tool's emails says nothing."""
NO_ANSWERS_FIRST = ("lien", "url", "taux", "nombre", "listunsubscribe")
"""Beginnings of such headers."""
OTHER_CHANNELS = (
    *("fax", "sms", "whatsapp", "linkedin", "calls", "donotcall", "phonednc", "phoneopt", "bloctel"),
    *("oppositiontelephonique", "demarchagetelephonique", "werbeanruf"),
)
"""Parts of headers (normalised) on other ways to reach somebody."""
PERMISSION_PARTS = ("permission", "consent", "optin", "optedin", "einwillig", "subscribed", "abonne", "angemeldet")
"""Parts of headers (normalised) that look like a permission, of which a no may be an opt-out."""


@dataclass(frozen=True)
class Use:
    """One header that fills one column."""

    index: int
    header: str
    column: str
    how: str
    words: Mapping[str, str]
    """Of an alias that reads only some words of a column of other meaning; else empty."""


@dataclass(frozen=True)
class Matching:
    """How the headers of a file are used."""

    table: str
    headers: tuple[str, ...]
    uses: tuple[Use, ...]
    duplicates: Mapping[int, str]
    """Headers left aside because another one fills their column."""

    def of(self, column: str) -> tuple[Use, ...]:
        """Return the headers that fill a column; more than one for `MERGED`, `JOINED`, `FILLED` and preferred words."""
        return tuple(use for use in self.uses if use.column == column)

    def readings(self, formats: Mapping[int, tuple[str | None, str | None]]) -> tuple[ColumnReading, ...]:
        """Return how each header was read, in the file's order.

        Parameters
        ----------
        formats
            By header index: the format found, and what decided it.
        """
        readings = []
        for index, header in enumerate(self.headers):
            uses = [use for use in self.uses if use.index == index]
            readings += [ColumnReading(header, use.column, use.how, *formats.get(index, (None, None))) for use in uses]
            if not uses:
                column = self.duplicates.get(index)
                readings.append(ColumnReading(header, column, "duplicate" if column else "unknown"))
        return tuple(readings)


def match_headers(table: str, headers: Sequence[str], sample: Callable[[int], Collection[str]]) -> Matching:
    """Match headers to the columns of a table.

    The contract's own names go first, then the aliases in the order of their files. A header fills one column, unless
    an alias reads only certain words of it (`status`).

    Parameters
    ----------
    table
        A table of the contract.
    headers
        As the file has them; they may repeat.
    sample
        Gives some values of a header's column, to tell two headers of the same name apart.
    """
    headers = tuple(header.strip().lstrip("\ufeff") for header in headers)
    plain = [normalize_header(header) for header in headers]
    own_names = {normalize_header(column) for column in INPUT[table]}
    taken = {index for index, name in enumerate(plain) if name in own_names}
    uses: list[Use] = []
    duplicates: dict[int, str] = {}
    for column in INPUT[table]:
        own = [
            Use(i, headers[i], column, EXACT, {}) for i, name in enumerate(plain) if name == normalize_header(column)
        ]
        claims = own + _alias_claims(table, column, headers, plain, taken, sample)
        if column == "other_emails":  # of two filled columns of addresses, both are this person's
            claims = [*(replace(use, column=column) for use in uses if use.column == "email")][1:] + claims
        winners = claims if column in (*MERGED, *JOINED, *FILLED) else claims[:1]
        if column == "opted_out_at":  # a second date says no as well as the first
            uses += [replace(use, column="opted_out") for use in claims[1:] if not use.words]
            claims = claims[:1]
        if words := _preferred_words(table, column):  # another header fills the gaps, with words that are sure
            winners = [*winners, *(replace(use, words=words) for use in claims[1:])]
        uses += winners
        duplicates.update({use.index: column for use in claims[len(winners) :]})
        taken.update(use.index for use in claims if not use.words)
    return Matching(table, headers, tuple(uses), duplicates)


def _alias_claims(
    table: str,
    column: str,
    headers: tuple[str, ...],
    plain: list[str],
    taken: set[int],
    sample: Callable[[int], Collection[str]],
) -> list[Use]:
    """Return the headers that an alias gives to a column, the best first."""
    claims: list[Use] = []
    claimed = set(taken)
    for alias in load_aliases().aliases:
        if (alias.table, alias.column) == (table, column):
            fitting = [i for i, name in enumerate(plain) if _fits(alias, name) and (alias.words or i not in claimed)]
            fitting.sort(key=lambda i: -_preferred(alias, sample(i)))
            claims += [Use(i, headers[i], column, f"alias: {alias.origin}", alias.words) for i in fitting]
            claimed.update(() if alias.words else fitting)
    return claims


def with_email_as_id(matching: Matching) -> Matching:
    """Let the e-mail address stand for a missing `contact_id`: exports of Apollo or lemlist have no other."""
    email = matching.of("email")
    if matching.table != "contacts" or matching.of("contact_id") or not email:
        return matching
    how = "alias: e-mail address, as the file has no id"
    named = (replace(use, column="contact_id", how=how) for use in email)
    return replace(matching, uses=(*named, *matching.uses))


def smells_of_opt_out(header: str) -> bool:
    """Tell whether a header or another name looks like an opt-out."""
    plain = normalize_header(header)
    if (
        plain.endswith(NO_ANSWERS)
        or plain.startswith(NO_ANSWERS_FIRST)
        or any(part in plain for part in OTHER_CHANNELS)
    ):
        return False
    words = map(normalize_header, re.split(r"[\W_]+", header))
    return any(part in plain for part in OPT_OUT_PARTS) or any(word in OPT_OUT_WORDS for word in words)


def note_headers(matching: Matching, says_no: Callable[[int], bool]) -> list[ImportNote]:
    """Note the headers that look like an opt-out or a permission and are not read, and those of further addresses.

    Parameters
    ----------
    matching
        How the headers are used.
    says_no
        Tells of a header's column whether any cell in it may be a no (`answers.may_say_no`).
    """
    used = {use.index for use in matching.uses} | set(matching.duplicates)
    answered = {use.index for use in matching.uses if not use.words or "no" in use.words}
    notes = []
    for index, header in enumerate(matching.headers):
        values = {"table": matching.table, "column": header}
        if index not in used and smells_of_opt_out(header) and says_no(index):
            notes.append(ImportNote("unread_opt_out_column", values))
        elif index not in answered and matching.table == "contacts" and _is_permission(header):
            notes.append(ImportNote("unread_permission_column", values))
    if matching.table == "contacts":
        further = matching.of("email")[1:]
        notes += [ImportNote("further_email_column", {"table": "contacts", "column": use.header}) for use in further]
    return notes


def _is_permission(header: str) -> bool:
    return any(part in normalize_header(header) for part in PERMISSION_PARTS)


def require_columns(matching: Matching, file: str) -> None:
    """Stop at a table without a needed column.

    Raises
    ------
    SourceError
        Lists the headers seen, the nearest to the missing column's name, and what to do.
    """
    missing = [name for name, column in INPUT[matching.table].items() if column.required and not matching.of(name)]
    if matching.table == "suppressions" and not any(matching.of(name) for name in ("email", "domain", "key")):
        missing = ["email"]
    if not missing:
        return
    used = {use.index for use in matching.uses}
    unused = [header for index, header in enumerate(matching.headers) if index not in used and header]
    rates = [header for header in matching.headers if normalize_header(header) in load_aliases().rates]
    if matching.table == "totals" and rates:
        raise SourceError(
            f'{file} gives rates ("{rates[0]}") without the counts {_listing(missing)}: '
            "a rate without its denominator means nothing. Export the counts instead."
        )
    near = {normalize_header(header): header for header in unused}
    hint = did_you_mean(normalize_header(missing[0]), near)
    for plain, header in near.items():
        hint = hint.replace(f'"{plain}"', f'"{header}"')
    seen = ", ".join(f'"{header}"' for header in matching.headers if header) or "none"
    raise SourceError(
        f"{file} lacks the needed {'column' if len(missing) == 1 else 'columns'} {_listing(missing)}{hint}. "
        f"Its headers are {seen}: rename one, or run hygiene columns {file} to see how they are read."
    )


def best_table(headers: Sequence[str]) -> str:
    """Return the table of which the headers fill the most columns, counted in needed columns first."""

    def mark(table: str) -> tuple[bool, int]:
        matching = with_email_as_id(match_headers(table, headers, lambda _: ()))
        filled = {use.column for use in matching.uses}
        needed = [name for name, column in INPUT[table].items() if column.required]
        return bool(needed) and filled.issuperset(needed), len(filled)

    return max(INPUT, key=mark)


def _fits(alias: Alias, name: str) -> bool:
    return name in alias.headers or any(name.startswith(prefix) for prefix in alias.prefixes)


def _preferred(alias: Alias, values: Collection[str]) -> int:
    return sum(value in alias.prefer for value in values) if alias.prefer else 0


def _preferred_words(table: str, column: str) -> dict[str, str]:
    """Return the words that an alias of the column prefers, by their normalised form."""
    aliases = (alias for alias in load_aliases().aliases if (alias.table, alias.column) == (table, column))
    return {normalize_word(word): word for alias in aliases for word in sorted(alias.prefer)}


def _listing(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
