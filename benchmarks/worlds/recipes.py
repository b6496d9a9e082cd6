"""What a world is made of: every number of the simulator, and how the named worlds differ from `base`.

All of them are `assumed`: chosen so that `base` comes out near 2 % replies an email, 43–44 % alive among those who may
still be mailed, and true probabilities that rank the next reply with an AUC of .90–.93. No customer's data is behind
them. Simplified: no seasons, no duplicates, catch-all domains or role accounts, no ties between colleagues' replies,
a refusal does not depend on the mail's text, and an invalid address is invalid from the first mail on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = datetime(2026, 6, 30, 18, tzinfo=UTC)
"""The moment of the export; a Tuesday."""
SPAN_DAYS = 365
"""Over which the histories are spread."""
NEXT_SENDS = 3
"""Sends that the truth looks ahead (contract, `p_reply`)."""
SENDERS = 12
SEQUENCES = 12
SKILL_DEVIATION = 0.3
"""Of a sender's skill, on the logit of theta."""
SEQUENCE_DEVIATION = 0.2
STEP_DECAY = 0.10
"""What each further step of a sequence takes from the logit of theta."""
SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 3, 8


class Source(NamedTuple):
    """Where contacts come from."""

    name: str
    share: float
    """Of all contacts."""
    theta: tuple[float, float]
    """Beta of the probability of a human reply to an email, while alive."""
    death: tuple[float, float]
    """Beta of the probability that a contact dies at a send."""
    invalid_rate: float
    """Addresses that bounce at the first send."""
    complaint_rate: float
    """Hazard of a complaint a send."""


SOURCES = (
    Source("inbound", 0.14, (1.53, 11.1), (1.60, 25.4), 0.004, 0.0003),
    Source("event", 0.16, (1.28, 16.9), (2.05, 21.9), 0.012, 0.0007),
    Source("partner", 0.18, (1.12, 21.3), (2.00, 17.5), 0.015, 0.0011),
    Source("purchased", 0.30, (0.78, 32.8), (2.10, 13.0), 0.050, 0.0025),
    Source("scraped", 0.22, (0.64, 41.4), (2.00, 10.0), 0.080, 0.0035),
)


@dataclass(frozen=True)
class Recipe:
    """One world. Rates are fractions; those that say nothing else are a send's."""

    name: str = "base"
    largest: int | None = None
    """Most contacts that this world has; None: as many as asked for."""
    sends_range: tuple[int, int] = (1, 24)
    """Planned sends of a contact, uniform, both ends included."""
    revival_rate: float = 0.0
    """Dead contacts that come back at a send."""
    drift: float = 1.0
    """Odds of a reply at the end of the span ÷ those at its beginning."""
    proxy_rate: float = 0.45
    """Contacts behind a proxy that opens by itself."""
    scanner_rate: float = 0.20
    """Company domains whose gateway opens each mail and clicks each link."""
    ooo_rate: float = 0.03
    """Sends that an out-of-office note answers."""
    ooo_is_marked: bool = True
    """Whether the tool marks these notes; if not, they look like replies and stop the enrollment."""
    has_source: bool = True
    """Whether the contacts' list source is exported."""
    has_opens: bool = True
    """Whether opens and clicks are exported."""
    unsubscribe_rate: tuple[float, float] = (0.0015, 0.003)
    """Of the alive and of the dead."""
    leave_rate: float = 0.001
    """Contacts that change their job before a send: dead for good, the address bounces sooner or later."""
    soft_bounce_rate: float = 0.003
    block_rate: float = 0.001
    """Mails refused for the sender's reputation: not the contact's fault."""


_BASE = Recipe()
WORLDS: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            _BASE,
            replace(_BASE, name="revival", revival_rate=0.02),
            replace(_BASE, name="revival_strong", revival_rate=0.05),
            replace(_BASE, name="drift", drift=2.0),
            replace(_BASE, name="drift_down", drift=0.5),
            # In `base` the machines' share of opens is .82 already; here .88.
            replace(_BASE, name="proxies", proxy_rate=0.60),
            replace(_BASE, name="scanners", scanner_rate=0.60),
            replace(_BASE, name="no_source", has_source=False),
            replace(_BASE, name="tiny", largest=200),
            replace(_BASE, name="ooo_as_reply", ooo_is_marked=False),
            replace(_BASE, name="no_opens", has_opens=False),
            replace(_BASE, name="steps_only", sends_range=(3, 10)),
        )
    }
)
"""The worlds by name."""
