"""The walk up the tree that finds the DMARC record which applies to a domain, and its organizational domain.

RFC 9989: 4.10 (at most eight names), 4.10.1 (which record applies), 4.10.2 (the organizational domain). Receivers that
still follow RFC 7489 find the organizational domain by a list of public suffixes; for a registered domain with a record
and its sub-domains, both come to the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.authentication.dmarc import is_dmarc, read_dmarc
from hygiene.mail.authentication.zone import name_of

if TYPE_CHECKING:
    from hygiene.mail.authentication.dmarc import DmarcRecord, Policy
    from hygiene.mail.authentication.zone import Question, State, Zone

MOST_NAMES = 8
"""Names that are asked for one domain: RFC 9989, section 4.10."""
LABEL = "_dmarc"


class Step(NamedTuple):
    """One name of a walk."""

    domain: str
    state: State
    """Of a DMARC record at `_dmarc.` and the domain."""
    record: DmarcRecord | None = None
    several: int = 0
    """Records, where there is more than one: then none counts."""
    near: str = ""
    """A TXT record there that was perhaps meant as one."""

    @property
    def is_found(self) -> bool:
        """Whether one record is there."""
        return self.record is not None


@dataclass(frozen=True)
class Walk:
    """What is known of the DMARC records from a domain up to the root."""

    domain: str
    steps: tuple[Step, ...]
    """From the domain upwards; ends where a record says that it is the last."""

    @property
    def uncertain(self) -> tuple[Step, ...]:
        """The names that nobody told, or that did not answer, up to the registered domain: none is expected above."""
        least = (primary_domain(self.domain) or "").count(".")
        return tuple(
            step for step in self.steps if step.state in ("unknown", "failed") and step.domain.count(".") >= least
        )

    @property
    def organizational(self) -> str | None:
        """The organizational domain, RFC 9989, section 4.10.2; None: not known."""
        for step in self.steps:
            if step.record and step.record.suffix == "n":
                return step.domain if not self._is_uncertain_before(step) else None
            if step.record and step.record.suffix == "y" and step.domain != self.domain:
                return _one_below(self.domain, step.domain) if not self._is_uncertain_before(step) else None
        if self.uncertain:
            return None
        found = [step.domain for step in self.steps if step.is_found]
        return found[-1] if found else self.domain

    @property
    def applied(self) -> Step | None:
        """The record that applies, RFC 9989, section 4.10.1; None: there is none, or it is not known."""
        if self.steps and self.steps[0].is_found:
            return self.steps[0]
        top = self.organizational
        if top is None:
            return None
        by_domain = {step.domain: step for step in self.steps if step.is_found}
        suffix = next((step for step in self.steps if step.record and step.record.suffix == "y"), None)
        return by_domain.get(top) or suffix

    @property
    def state(self) -> State:
        """Whether a record applies."""
        if self.applied:
            return "found"
        if self.steps and not self.uncertain:
            return "absent"
        return "failed" if any(step.state == "failed" for step in self.uncertain) else "unknown"

    @property
    def policy(self) -> Policy | None:
        """What receivers are asked to do with mail that fails, for this domain."""
        step = self.applied
        if step is None or step.record is None:
            return None
        return step.record.policy if step.domain == self.domain else step.record.subdomain_policy or step.record.policy

    def _is_uncertain_before(self, end: Step) -> bool:
        return any(step.domain.count(".") > end.domain.count(".") for step in self.uncertain)


def tree_names(domain: str) -> tuple[str, ...]:
    """Return the domains whose DMARC records a walk asks for, from the domain upwards: RFC 9989, section 4.10.

    Examples
    --------
    >>> tree_names("mail.example.com")
    ('mail.example.com', 'example.com', 'com')
    >>> tree_names("a.b.c.d.e.f.g.h.i.j.mail.example.com")[:3]
    ('a.b.c.d.e.f.g.h.i.j.mail.example.com', 'g.h.i.j.mail.example.com', 'h.i.j.mail.example.com')
    """
    labels = domain.split(".") if domain else []
    rest = labels[1:] if len(labels) <= MOST_NAMES else labels[1 - MOST_NAMES :]
    return tuple(".".join(names) for names in (labels, *(rest[start:] for start in range(len(rest)))) if names)


def walk(domain: str, zone: Zone) -> Walk:
    """Walk up the tree from a domain, as far as its records are known."""
    name = name_of(domain)
    steps: list[Step] = []
    for at in tree_names(name):
        step = _step(at, zone)
        steps.append(step)
        if step.record and step.record.suffix in ("y", "n"):
            break
    return Walk(name, tuple(steps))


def questions(domain: str) -> tuple[Question, ...]:
    """Return what a walk asks."""
    return tuple((f"{LABEL}.{at}", "TXT") for at in tree_names(name_of(domain)))


def _step(domain: str, zone: Zone) -> Step:
    answer = zone.ask(f"{LABEL}.{domain}")
    records = [text for text in answer.texts if is_dmarc(text)]
    if len(records) == 1:
        return Step(domain, "found", read_dmarc(records[0]))
    if records:
        return Step(domain, "absent", several=len(records))
    near = next((text for text in answer.texts if "dmarc1" in text[:40].lower()), "")
    if answer.state == "found":
        return Step(domain, "absent" if answer.is_complete or near else "unknown", near=near)
    return Step(domain, answer.state)


def _one_below(domain: str, above: str) -> str:
    """Return the domain one label below another, on the way to `domain`."""
    return ".".join(domain.split(".")[-above.count(".") - 2 :])
