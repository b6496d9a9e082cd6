"""File names for pages, made from ids that anybody may have chosen: `../../etc/passwd`, `CON`, `Ana` beside `ana`."""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 80
PLAIN = re.compile(r"(?!\.)[A-Za-z0-9._@-]{1,80}(?<!\.)")
UNSAFE = re.compile(r"[^A-Za-z0-9_@-]+")
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows the first dot."""


def page_name(identifier: str) -> str:
    """Return a file name, without suffix, for the page of `identifier`.

    An id that is a safe file name on every system stays as it is; any other keeps its safe characters and gets eight
    hex digits of its hash, so that two different ids do not meet.

    Examples
    --------
    >>> page_name("ana.diaz@acme.test")
    'ana.diaz@acme.test'
    >>> page_name("../Q4 plan")
    'Q4-plan-2139634e'
    """
    if PLAIN.fullmatch(identifier) and not DEVICES.fullmatch(identifier):
        return identifier
    return _hashed(identifier)


def page_names(identifiers: Iterable[str]) -> dict[str, str]:
    """Return a page name for each id; no two are equal, not even on a file system that ignores case.

    Parameters
    ----------
    identifiers
        All ids that share a folder, in any order; the result does not depend on it.

    Examples
    --------
    >>> page_names(["Ana", "ana", "bo"])
    {'Ana': 'Ana-a84c9e5c', 'ana': 'ana-2d111ea1', 'bo': 'bo'}
    """
    names = {identifier: page_name(identifier) for identifier in identifiers}
    for digest_size in (4, 8, 16, 32):
        alike: dict[str, list[str]] = defaultdict(list)
        for identifier, name in names.items():
            alike[name.lower()].append(identifier)
        clashing = [identifier for group in alike.values() if len(group) > 1 for identifier in group]
        if not clashing:
            break
        names |= {identifier: _hashed(identifier, digest_size) for identifier in clashing}
    return names


def _hashed(identifier: str, digest_size: int = 4) -> str:
    digest = blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=digest_size).hexdigest()
    readable = UNSAFE.sub("-", identifier).strip("-")[: LONGEST - 1 - len(digest)]
    return f"{readable or 'page'}-{digest}"
