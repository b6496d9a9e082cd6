"""What a CRM's module gives: its filters, and how a contact stands in its upload files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from hygiene.gate.cleanup.types import UPLOAD
from hygiene.reports.cells import is_live

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hygiene.facts.types import ContactFacts
    from hygiene.gate.cleanup.types import Action, Decision, Held
    from hygiene.gate.cleanup.undo import Field


_PLAIN = re.compile(r"(?!.{255})[\w!#%&'*+/=?^|~$-]+(?:\.[\w!#%&'*+/=?^|~$-]+)*@[^\W_](?:[\w-]*\.)+[\w-]*[^\W_]")
"""What an import screen takes: a dot-atom (RFC 5322, section 3.2.3) without braces and backticks, letters of any script
(RFC 6531), a domain with a dot. Quoted forms, comments and literals go to the quarantine: somebody has to look."""


class Row(NamedTuple):
    """A line of an upload file of one action."""

    file: str
    """Its name between the action's and `.csv`: `upload`, `opt-out.upload`."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Crm:
    """How one CRM takes a cleanup."""

    name: str
    label: str
    rows: Callable[[Decision], list[Row] | Held]
    """Where a contact stands, or why nowhere."""
    columns: Callable[[Action, str], tuple[str, ...]]
    """Header of an upload file."""
    filters: Mapping[str, Any] = field(default_factory=dict)
    """Saved filters by file name: JSON where the name ends so, else text."""
    script: Callable[[Sequence[Decision]], tuple[str, str]] | None = None
    """A filter that is made from the decisions: file name and text."""
    fields: Mapping[Field, str] = field(default_factory=dict)
    """What the CRM calls that which a cleanup changes; what is missing here goes by our own name."""


def plain_address(contact: ContactFacts) -> str | Held:
    """Return the address as an import screen takes it, else why not; a `Held` holds no @."""
    address = (contact.email or "").strip()
    if not address:
        return "no_address"
    if is_live(address):
        return "live_cell"
    return address if _PLAIN.fullmatch(address) and "${" not in address else "odd_address"


def by_email(row: Decision) -> list[Row] | Held:
    """Return the one line of a file that has a column `Email` alone."""
    address = plain_address(row.flag.facts)
    return [Row(UPLOAD, (address,))] if "@" in address else address  # type: ignore[return-value]


def email_column(_action: Action, _file: str) -> tuple[str, ...]:
    """Return the header of such a file."""
    return ("Email",)
