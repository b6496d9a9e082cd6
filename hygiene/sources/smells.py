"""Which files of no table seem to say who opted out, by their names and headers."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from hygiene.sources.headers import smells_of_opt_out

if TYPE_CHECKING:
    from pathlib import Path

_START = 4096
"""Bytes of a file in which its headers are looked for."""
_BOUNCES = re.compile(r"bounces?[\W_]*list|list[\W_]*of[\W_]*bounces?", re.IGNORECASE)


def names_opt_outs(path: Path) -> bool:
    """Tell whether a file is named like a list of opt-outs, such as `hubspot-unsubscribes.csv`."""
    return smells_of_opt_out(path.name.split(".")[0])


def hints_at_opt_outs(path: Path) -> bool:
    """Tell whether a file that is not read is named like a list of bounces, or has a header that looks like an opt-out.

    Of workbooks and Parquet, the headers are not looked at.
    """
    if _BOUNCES.search(path.name):
        return True
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            start = file.read(_START)
    except OSError:  # whoever reads it will tell
        return False
    if start[:4] in (b"PK\x03\x04", b"PAR1"):
        return False
    headers = start.replace(b"\x00", b"").decode("utf-8", "replace").lstrip().split("\n", 1)[0]
    return any(smells_of_opt_out(header) for header in re.split(r"[,;\t|]", headers))
