"""From the rows of an export to facts for the ledger: what a row means, and which rows are no reason to remember.

A bounce is remembered only where the address itself is at fault, for a contact is removed for its own fault only; a
word that says nothing else (“bounced”) leaves it open whose fault it was. Any other reason is a no of somebody, and is
taken up even where its words are not known.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from hygiene.gate.ledger.types import MAY_EXPIRE, Hashes, make_entry
from hygiene.mail.addresses.names import is_public, named_in
from hygiene.sources.aliases import load_aliases, normalize_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.ledger.types import Entry, Reason
    from hygiene.sources.stops import Stop, StopFile

Meaning: TypeAlias = "Reason | Literal['bounce', 'other_fault', 'no_stop', 'unclear']"
"""Of a reason's words: one of `types.REASONS`, a bounce of unknown fault, one of another's fault than the address's,
nothing against writing, or not known."""
WORDS = "suppression_reason"
"""The kind of words in `models/columns/values.toml`."""
_DIGITS = re.compile(r"[0-9a-f]{64}")


class Defaults(NamedTuple):
    """What holds for the rows of a file that do not say otherwise."""

    reason: Reason | None = None
    """None: a row must have a reason of its own."""
    at: datetime | None = None
    source: str = ""
    """Empty: the file's name."""
    expires: date | None = None
    """Only for reasons that may expire."""


class Rejected(NamedTuple):
    """A row that could not be used."""

    file: str
    line: int | None
    value: str
    code: str
    """A code of `sources.rejects` (such as `public_domain`), `no_address` or `foreign_key`."""


class Import(NamedTuple):
    """What a file comes to."""

    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...]
    silent: int
    """Rows that say nothing against writing."""
    bounces: int
    """Bounces of which nothing says that the address is at fault."""
    without_reason: int
    """Rows that say no reason, where there is no default."""


def understand(file: StopFile, hasher: Hasher, defaults: Defaults) -> Import:
    """Return the facts of a file.

    Parameters
    ----------
    file
        As `hygiene.sources.stops.read_stops` reads it.
    hasher
        Of the ledger that they are for.
    defaults
        For rows that do not say otherwise.
    """
    meanings = _meanings(file.stops)
    rejected = [Rejected(file.file, *unread) for unread in file.unread]
    entries: list[Entry] = []
    counts = dict.fromkeys(("no_stop", "bounce", "other_fault", "without"), 0)
    for stop in file.stops:
        meant = _reason(meanings.get((stop.reason, stop.is_bounce)), defaults.reason)
        if meant in counts:
            counts[meant] += 1
            continue
        names = named_in(stop.who or "")
        public = [name for name in names if is_public(name)]
        rejected += [Rejected(file.file, None, name, "public_domain") for name in public]
        found = _entries(
            stop, [name for name in names if name not in public], cast("Reason", meant), file.file, hasher, defaults
        )
        entries += found
        if not found and not public:
            code = "no_address" if stop.who is not None else "foreign_key"
            rejected.append(Rejected(file.file, None, stop.who or stop.key or "", code))
    bounces = counts["bounce"] + counts["other_fault"]
    return Import(tuple(entries), tuple(rejected), file.silent + counts["no_stop"], bounces, counts["without"])


def _reason(meaning: Meaning | None, default: Reason | None) -> str:
    """Return the reason of a row, or why there is none."""
    if meaning is None:
        return default or "without"
    if meaning == "unclear":  # whoever put it on the list meant something
        return default or "do_not_contact"
    return default if meaning == "bounce" and default == "hard_bounce_address" else meaning


def _meanings(stops: Iterable[Stop]) -> dict[tuple[str | None, bool], Meaning]:
    """Return what each distinct reason means; rows without one are not in it."""
    words = load_aliases().words[WORDS]
    found: dict[tuple[str | None, bool], Meaning] = {}
    texts = []
    for reason, is_bounce in {(stop.reason, stop.is_bounce): None for stop in stops if (stop.reason or "").strip()}:
        known = words.get(normalize_word(reason or ""))
        if known:
            found[reason, is_bounce] = cast("Meaning", known)
        else:
            texts.append((reason or "", is_bounce))
    if texts:
        found.update(_read_as_bounces(texts))
    return found


def _read_as_bounces(texts: list[tuple[str, bool]]) -> dict[tuple[str | None, bool], Meaning]:
    """Return what texts mean that may be a server's: only a code tells for sure that one is."""
    from hygiene.mail.bounces.crm import read_details  # reads the model of texts

    found: dict[tuple[str | None, bool], Meaning] = {}
    for (text, is_bounce), verdict in zip(texts, read_details([text for text, _ in texts]), strict=True):
        if verdict.action == "remove":
            found[text, is_bounce] = "hard_bounce_address"
        elif is_bounce or verdict.status_code:
            found[text, is_bounce] = "bounce" if verdict.fault in ("address", "unknown") else "other_fault"
        else:
            found[text, is_bounce] = "unclear"
    return found


def _entries(
    stop: Stop, names: Sequence[str], reason: Reason, file: str, hasher: Hasher, defaults: Defaults
) -> list[Entry]:
    """Return the entries of a row, one a name; none where it names nobody."""
    at, expires = stop.at or defaults.at, (day_of(stop.expires) or defaults.expires) if reason in MAY_EXPIRE else None
    if stop.who is None:  # a ledger's own export, whose facts stay as they are
        hashes = own_hashes(stop.key, stop.variant, stop.scope, stop.key_id, hasher)
        return [make_entry(hashes, reason, at=at, source=stop.source or "", expires=expires)] if hashes else []
    source = stop.source or defaults.source or file
    return [hasher.entry(name, reason, at=at, source=source, expires=expires) for name in names]


def own_hashes(
    key: str | None, variant: str | None, scope: str | None, key_id: str | None, hasher: Hasher | None
) -> Hashes | None:
    """Return the hashes of a row as `hygiene ledger export` writes it; None where another key made them, or none.

    Parameters
    ----------
    key, variant, scope, key_id
        The cells of the columns of these names.
    hasher
        Of the key at hand; None: there is none.
    """
    key, variant, key_id = ((text or "").strip().lower() for text in (key, variant, key_id))
    if hasher is None or key_id != hasher.key_id or not _DIGITS.fullmatch(key):
        return None
    if scope not in (None, "address", "domain") or (variant and not _DIGITS.fullmatch(variant)):
        return None
    return Hashes(key, variant or None, "domain" if scope == "domain" else "address")


def day_of(text: str | None) -> date | None:
    """Return a day; None, which is the stricter answer, where it cannot be read."""
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
