"""Lists of `tag=value; tag=value`: DKIM signatures and keys, and DMARC records.

RFC 6376, section 3.2: names are case-sensitive, space around names and values does not count, a name stands once.
RFC 9989, section 4.7: DMARC takes the same form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hygiene.mail.authentication.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 20_000
"""Characters that are read; a key of 4,096 bits takes 750."""
MOST_TAGS = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Tags:
    """The tags of a list, in order, the first of each name."""

    values: Mapping[str, str]
    faults: tuple[Fault, ...] = field(default=())
    """`syntax` (a part that is no tag) and `duplicate` (a name that stands twice), each with the part."""

    def get(self, name: str, default: str = "") -> str:
        """Return a tag's value."""
        return self.values.get(name, default)

    def dense(self, name: str) -> str:
        """Return a tag's value without any space, as base64 is read."""
        return _SPACES.sub("", self.get(name))

    def words(self, name: str, separator: str = ":") -> tuple[str, ...]:
        """Return the parts of a tag's value in lower case."""
        parts = (part.strip().lower() for part in self.get(name).split(separator))
        return tuple(part for part in parts if part)


def read_tags(text: str) -> Tags:
    """Return the tags of a list; never raises.

    Examples
    --------
    >>> read_tags("v=DKIM1; k = rsa; p=MIG fMA0=;").values
    {'v': 'DKIM1', 'k': 'rsa', 'p': 'MIG fMA0='}
    >>> read_tags("v=1; oops; v=2").faults
    (Fault(code='syntax', detail='oops'), Fault(code='duplicate', detail='v'))
    """
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for part in text[:LONGEST].split(";")[:MOST_TAGS]:
        name, equals, value = part.partition("=")
        name = name.strip()
        if not part.strip():
            continue
        if not equals or not _NAME.fullmatch(name):
            faults.append(Fault("syntax", part.strip()[:80]))
        elif name in values:
            faults.append(Fault("duplicate", name))
        else:
            values[name] = value.strip()
    return Tags(values, tuple(faults))
