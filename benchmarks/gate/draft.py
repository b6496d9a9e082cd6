"""A list while things are planted in it: rows of the list, and what the source has to know of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.gate.history import DAY, HOUR, NOW
from benchmarks.gate.people import mailbox
from benchmarks.gate.tables import moment, seen_since
from benchmarks.gate.words import FREEMAIL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.gate.people import Book

STEPS = 3
STEP_DAYS = 4


@dataclass
class Draft:
    """What the plants of one sender's list add to the source and to the list."""

    sender_id: str
    language: str
    kind: str
    """Of the export, see `tables.KINDS`."""
    is_of_crm: bool
    """Whether the list comes from the CRM, which then knows each of its contacts."""
    batch: tuple[str, str]
    """Source and import batch that plants say they come from."""
    book: Book
    random: np.random.Generator
    contacts: list[dict[str, Any]] = field(default_factory=list)
    enrollments: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    suppressions: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    """Addresses, and domains with an @ before them, that the suppression ledger knows and the source does not."""
    rows: list[dict[str, Any]] = field(default_factory=list)

    def person(self, *, freemail: bool = True, in_crm: bool = True, **known: Any) -> dict[str, Any]:
        """Add a person, whom the source knows with what is `known`, and return it as a row of the list has it."""
        person: dict[str, Any] = self.book.add([self.language]).iloc[0].to_dict()
        while not freemail and person["email"].partition("@")[2] in FREEMAIL[self.language]:
            person = self.book.add([self.language]).iloc[0].to_dict()
        person |= {"source": self.batch[0], "import_batch": self.batch[1], "verification": "valid"}
        person |= {name: value for name, value in known.items() if value is not None}
        if in_crm:
            self.contacts.append(person | {"created_at": moment(np.array([NOW - 100 * DAY]))[0]})
        return {name: value for name, value in person.items() if name not in {"opted_out", "do_not_contact"}}

    def address(self, domain: str | None = None) -> str:
        """Return a new address, at a domain if one is given."""
        while True:
            email = str(self.book.add([self.language])["email"][0])
            moved = f"{email.partition('@')[0]}@{domain}" if domain else email
            if moved == email or mailbox(moved) not in self.book.taken:
                self.book.taken.add(mailbox(moved))
                return moved

    def spelled(self, email: str) -> str:
        """Return another spelling of the same mailbox."""
        local, _, domain = email.partition("@")
        forms = [email.upper(), f" {local.title()}@{domain}", f"{local}+crm@{domain}"]
        if domain == "gmail.com":
            forms += [f"{local[0]}.{local[1:]}@gmail.com", f"{local}@googlemail.com"]
        return self.one(forms)

    def enroll(self, person: dict[str, Any], days: int, outcome: str, events: Sequence[tuple[str, str]] | None) -> None:
        """Add an enrollment that began so many days ago, its mails, and what answered the first of them.

        Without `events` no event of it was exported, whatever the export has of others.
        """
        number = f"p{self.sender_id[-2:]}{len(self.enrollments):05d}"
        enrolled_at = NOW - days * DAY - 8 * HOUR
        sends = STEPS if outcome == "finished" else 1
        ended_at = {"active": 0, "finished": enrolled_at + 20 * DAY}.get(outcome, enrolled_at + 2 * HOUR)
        ids = {"enrollment_id": number, "contact_id": person["contact_id"], "sender_id": self.sender_id}
        ids["sequence_id"] = f"{self.language}-1"
        times = {"enrolled_at": moment(np.array([enrolled_at]))[0], "ended_at": moment(np.array([ended_at]))[0]}
        self.enrollments.append(ids | times | {"outcome": outcome})
        if events is None:
            return
        mails = [("sent", "", enrolled_at + step * STEP_DAYS * DAY, step + 1) for step in range(sends)]
        mails += [(kind, detail, enrolled_at + HOUR, 1) for kind, detail in events]
        for i, (kind, detail, at, step) in enumerate(mails):
            if at >= seen_since(self.kind):
                event = {"event_id": f"{number}-{i}", "step": step, "type": kind, "detail": detail}
                self.events.append(ids | event | {"at": moment(np.array([at]))[0], "is_machine": ""})

    def suppress(self, **what: str) -> None:
        """Add a suppression of an `email` or of a `domain`."""
        self.suppressions.append({"email": "", "domain": ""} | what | {"reason": "opt_out", "at": "2026-05-01"})

    def row(self, person: dict[str, Any], plant: str, expects: str, *, is_dead: bool = False) -> None:
        """Put a person on the list."""
        about = {"plant": plant, "expects": expects, "origin": "plant", "rate": float(is_dead), "is_dead": is_dead}
        self.rows.append(person | about | {"theta": 0.0})

    def coin(self) -> bool:
        """Toss a coin."""
        return bool(self.random.random() < 0.5)

    def one(self, words: Sequence[str]) -> str:
        """Return one of some words."""
        return words[int(self.random.integers(0, len(words)))]
