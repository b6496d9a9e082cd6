"""What the contacts' addresses look like before anybody writes to them: warnings, never a removal.

Only a server says that an address is dead. A form that is unusual, a shared mailbox or a likely slip of the finger is
for a person to look at.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.addresses import check_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygiene.mail.addresses import Problem
    from hygiene.mail.addresses.dns import DomainState


class AddressRow(NamedTuple):
    """A contact's address and what was found."""

    contact_id: str
    email: str
    problems: tuple[Problem, ...]
    suggestion: str | None
    """The domain that was probably meant."""
    domain_state: DomainState | None
    """What DNS said; None: not asked."""

    @property
    def is_worth_a_look(self) -> bool:
        """Whether anything but a mere note was found."""
        return any(problem.weight != "note" for problem in self.problems) or self.domain_state in ("dead", "no_mail")


def domain_counts(addresses: Iterable[str]) -> Counter[str]:
    """Return how many distinct addresses each domain has: what two use is no slip of the finger."""
    distinct = {address.strip().lower() for address in addresses}
    return Counter(domain for address in distinct if (domain := check_address(address).domain))


def check_all(
    contacts: Iterable[tuple[str, str]], counts: Mapping[str, int], states: Mapping[str, DomainState] | None = None
) -> Iterator[AddressRow]:
    """Yield what was found for each contact, in the same order.

    Parameters
    ----------
    contacts
        Ids and addresses.
    counts
        As `domain_counts` returns them.
    states
        What DNS says of the domains; None: nobody was asked.
    """
    for contact_id, email in contacts:
        check = check_address(email, counts)
        state = states.get(check.domain, "unknown") if states is not None and check.domain else None
        yield AddressRow(contact_id, email, check.problems, check.suggestion, state)
