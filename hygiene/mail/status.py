"""The fields of a delivery report (RFC 3464): groups of `Name: value`, an empty line between them."""

from __future__ import annotations

import re
from typing import TypeAlias

Fields: TypeAlias = dict[str, str]
"""Names in lower case; the first value of each."""

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,60})[ \t]{0,3}:[ \t]*(.*)")
MAX_GROUPS = 50_000


def parse_groups(text: str) -> list[Fields]:
    r"""Return the groups of fields in a text; lines that are no field end their group.

    Examples
    --------
    >>> parse_groups("Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; b@c.example\nStatus: 5.1.1\n (bad)")
    [{'reporting-mta': 'dns; a.example'}, {'final-recipient': 'rfc822; b@c.example', 'status': '5.1.1 (bad)'}]
    """
    groups: list[Fields] = []
    current: Fields = {}
    name = ""
    for line in text.splitlines():
        if not line.strip():
            if current:
                groups.append(current)
            current, name = {}, ""
        elif name and line[0] in " \t":
            current[name] = f"{current[name]} {line.strip()}" if len(current[name]) < 20_000 else current[name]
        elif match := _FIELD.match(line):
            field = match[1].lower()
            # Some servers put no empty line between recipients: a second one begins a new group.
            if field in ("final-recipient", "original-recipient") and field in current:
                groups.append(current)
                current = {}
            name = field if field not in current else ""
            if name:
                current[name] = match[2].strip()
        else:
            name = ""
        if len(groups) >= MAX_GROUPS:
            return groups
    return [*groups, current] if current else groups
