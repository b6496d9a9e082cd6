"""Slips of the finger in a domain: narrow rules, for a wrong correction costs more than a missed slip.

A distance of one alone is no evidence: `acme.com`, `ge.com` and `bt.com` stand close to `me.com`. So a slip must lead
to one of the forty domains of `models/addresses/typos.toml`, of five letters or more, under the same suffix, and be one
that fingers make: two neighbours swapped, a letter left out or doubled, or the key beside the right one. The first
letter is right: `ymail.com` and `cloud.com` are others. A domain that two contacts use is a real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.mail.addresses.lists import free_mail, slips

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST_LABEL = 5
"""Letters of a label, on both sides, below which one slip proves nothing: `gail.com` is a real one (assumed)."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# AZERTY and QWERTZ put these elsewhere.
_OTHER_NEIGHBORS = ("az", "ze", "qs", "wx", "lm", "mp", "tz", "zu", "yx", "o0", "p0", "i1", "l1")


def _neighbors() -> frozenset[tuple[str, str]]:
    """Return the pairs of keys that lie side by side or, half a key apart, in the next row."""
    pairs = set(_OTHER_NEIGHBORS)
    for row, below in zip(_ROWS, (*_ROWS[1:], ""), strict=True):
        pairs.update(row[i : i + 2] for i in range(len(row) - 1))
        pairs.update(row[i + shift] + key for i, key in enumerate(below) for shift in (0, 1) if i + shift < len(row))
    return frozenset((pair[a], pair[1 - a]) for pair in pairs for a in (0, 1))


NEIGHBORS = _neighbors()


def distance(a: str, b: str) -> int:
    """Return the Damerau-Levenshtein distance (optimal string alignment) of two words.

    Insertions, deletions, substitutions and swaps of neighbours cost one each; no substring is edited twice.

    Examples
    --------
    >>> distance("gmial", "gmail"), distance("yahooo", "yahoo"), distance("acme", "me")
    (1, 1, 2)
    """
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def is_slip(label: str, meant: str) -> bool:
    """Tell whether fingers that wanted `meant` may have typed `label`.

    Examples
    --------
    >>> is_slip("gmial", "gmail"), is_slip("hotnail", "hotmail"), is_slip("outlok", "outlook")
    (True, True, True)
    >>> is_slip("cloud", "icloud"), is_slip("grail", "gmail"), is_slip("itcloud", "icloud")
    (False, False, False)
    """
    first_is_right = label[:1] == meant[:1] or label[:2] == meant[1::-1]
    if not first_is_right or min(len(label), len(meant)) < SHORTEST_LABEL:
        return False
    if abs(len(label) - len(meant)) > 1 or distance(label, meant) != 1:
        return False
    if sorted(label) == sorted(meant):  # neighbours swapped
        return True
    at = next((i for i, (x, y) in enumerate(zip(label, meant, strict=False)) if x != y), min(len(label), len(meant)))
    if len(label) == len(meant):
        return (label[at], meant[at]) in NEIGHBORS
    return len(label) < len(meant) or (at > 0 and label[at] == label[at - 1])


def meant_domain(domain: str) -> str | None:
    """Return the domain that was probably meant, or None where the domain may be what it says.

    Parameters
    ----------
    domain
        Lower-case ASCII.

    Examples
    --------
    >>> meant_domain("gmial.com"), meant_domain("hotmail.con"), meant_domain("gmailc.om"), meant_domain("acme.com")
    ('gmail.com', 'hotmail.com', 'gmail.com', None)
    """
    return next(_meant(domain), None)


def _meant(domain: str) -> Iterator[str]:
    table = slips()
    if domain in table.keep or domain in free_mail():
        return
    name, _, tld = domain.rpartition(".")
    if tld in table.tlds:
        mended = f"{name}.{table.tlds[tld]}"
        yield meant_domain(mended) or mended
    if domain in table.listed:
        yield table.listed[domain]
    if (undotted := domain.replace(".", "")) in table.undotted:
        yield table.undotted[undotted]
    label, _, suffix = domain.partition(".")
    for meant in table.targets.get(suffix, ()):
        if is_slip(label, meant):
            yield f"{meant}.{suffix}"


def is_under_no_tld(domain: str) -> bool:
    """Tell whether the domain ends in a slip that is no top-level domain: nobody can have it, however many use it.

    Examples
    --------
    >>> is_under_no_tld("acme.con"), is_under_no_tld("acme.co")
    (True, False)
    """
    return domain.rpartition(".")[2] in slips().tlds
