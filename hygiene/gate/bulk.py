"""Whose rules a campaign meets: who receives it, and which providers' rules for bulk senders apply to its domain.

Gmail's, Yahoo's and Microsoft's rules are about private mailboxes alone: a list of companies' own domains meets none of
them, wherever those are hosted. What each provider asks is data, `models/bulk/requirements.toml`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from hygiene.advice.rules.deliverability.bulk_sender import BULK_SENDS, PROVIDERS
from hygiene.gate.bulk_book import LEVELS, Level, Provider, book
from hygiene.gate.bulk_words import asked_of_everybody
from hygiene.gate.bulk_words import why as why_bulk
from hygiene.mail.addresses.lists import first_listed, free_mail, relays
from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.addresses.syntax import domain_form
from hygiene.values import Count, Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hygiene.facts.sending import ConsumerDay
    from hygiene.values import Value

RecipientClass = Literal["google", "yahoo", "microsoft", "free_mail", "business"]
"""Private mailboxes of the three providers with rules, of others, and everybody else."""
YAHOO_SENDS = 1
"""Mails a day from which Yahoo's rules for bulk senders are taken to apply: it publishes no number (assumed)."""


@dataclass(frozen=True)
class RecipientMix:
    """How many of a list's recipients are of each class; only classes with recipients."""

    recipients: Mapping[RecipientClass, int]

    @classmethod
    def of(cls, domains: Mapping[str, int]) -> RecipientMix:
        """Count recipients by class.

        Parameters
        ----------
        domains
            Recipients by the domain of their address, in any case, ASCII or not.

        Examples
        --------
        >>> RecipientMix.of({"Gmail.com": 3, "googlemail.com": 1, "orange.fr": 2, "acme.com": 5}).recipients
        {'google': 4, 'free_mail': 2, 'business': 5}
        """
        counts: Counter[RecipientClass] = Counter()
        for domain, count in domains.items():
            if domain.strip() and count > 0:
                counts[class_of(domain)] += count
        return cls({kind: counts[kind] for kind in get_args(RecipientClass) if counts[kind]})

    @property
    def total(self) -> int:
        """All recipients."""
        return sum(self.recipients.values())

    def count(self, kind: RecipientClass) -> int:
        """Return the recipients of a class."""
        return self.recipients.get(kind, 0)


def class_of(domain: str) -> RecipientClass:
    """Return the class of a recipient's domain; staff domains of the providers (google.com) are business.

    Examples
    --------
    >>> class_of("hotmail.fr"), class_of("gmx.de"), class_of("google.com")
    ('microsoft', 'free_mail', 'business')
    """
    name = domain.strip().rstrip(".").lower()
    if not name.isascii():  # the form of an ASCII name changes nothing, and takes 80 µs
        name = domain_form(name).ascii or name
    provider = free_mail().get(name)
    if provider in ("google", "yahoo", "microsoft"):
        return cast("RecipientClass", provider)
    return "free_mail" if provider or first_listed(name, relays()) else "business"


class Scope(NamedTuple):
    """How a provider sees the sender's domain in this campaign."""

    provider: Provider
    recipients: int
    sends_a_day: int
    """The most in one day to this provider: this campaign's, and what the domain sent on its busiest day besides."""
    most_so_far: int
    """On the busiest day of the history; 0: no history."""
    is_bulk: bool
    """Whether its rules for bulk senders apply."""
    is_assumed: bool
    """Whether that is assumed, for want of a published number."""
    is_new: bool
    """Whether this campaign would be what makes the domain a bulk sender for good."""
    why: Message


class RuleLevel(NamedTuple):
    """What one provider asks for one check."""

    check: str
    """The second word of the check's id: `spf` of `domain.spf`."""
    provider: Provider
    level: Level
    why: Message
    source: str


@dataclass(frozen=True)
class BulkRules:
    """Which rules apply to a campaign."""

    scopes: tuple[Scope, ...]
    levels: tuple[RuleLevel, ...]

    def of(self, check: str) -> tuple[RuleLevel, ...]:
        """Return what each provider asks for a check."""
        return tuple(level for level in self.levels if level.check == check)

    def level(self, check: str) -> Level:
        """Return the strictest level of a check over the providers; nobody's rule is at least a recommendation."""
        found = [level.level for level in self.of(check)]
        if not found:
            return "not_applicable"
        strictest = min(found, key=LEVELS.index)
        return "recommended" if strictest == "not_applicable" else strictest

    def required_by(self, check: str) -> tuple[RuleLevel, ...]:
        """Return the rules that require a check."""
        return tuple(level for level in self.of(check) if level.level in ("required", "either"))


def bulk_rules(
    mix: RecipientMix,
    domain: str,
    *,
    sends_a_day: int | None = None,
    history: Iterable[ConsumerDay] = (),
    yahoo_sends: int = YAHOO_SENDS,
) -> BulkRules:
    """Tell which providers' rules apply to a campaign.

    Parameters
    ----------
    mix
        Of the campaign's recipients.
    domain
        Of the sender's address; its sub-domains and those above it, down to the registered one, add up.
    sends_a_day
        Mails a day planned for the whole campaign, spread evenly over its recipients; None: all on one day.
    history
        What was sent to private mailboxes so far. Days of other registered domains don't count; days whose sender is
        not known do.
    yahoo_sends
        Mails a day from which Yahoo's rules for bulk senders are taken to apply.

    Raises
    ------
    ModelError
        If the providers' requirements are missing from the install.
    """
    most = _busiest_days(history, domain)
    scopes = tuple(
        _scope(provider, mix, sends_a_day, most.get(provider), yahoo_sends) for provider in get_args(Provider)
    )
    return BulkRules(scopes, tuple(_levels({scope.provider: scope for scope in scopes})))


def _busiest_days(history: Iterable[ConsumerDay], domain: str) -> dict[str, tuple[int, datetime]]:
    """Return the most mails that the registered domain sent to each provider in one day, and the day."""
    ours = primary_domain(domain)
    sends: Counter[tuple[str, datetime]] = Counter()
    for row in history:
        if row.sender_domain is None or primary_domain(row.sender_domain) == ours:
            sends[(row.provider, row.day)] += row.sends
    most: dict[str, tuple[int, datetime]] = {}
    for (provider, day), count in sorted(sends.items(), key=lambda item: (item[0][1], item[0][0])):
        if count > most.get(provider, (0, day))[0]:
            most[provider] = (count, day)
    return most


def _scope(
    provider: Provider,
    mix: RecipientMix,
    sends_a_day: int | None,
    busiest: tuple[int, datetime] | None,
    yahoo_sends: int,
) -> Scope:
    recipients = mix.count(provider)
    planned = recipients
    if sends_a_day is not None and mix.total:
        planned = min(recipients, -(-max(sends_a_day, 0) * recipients // mix.total))  # rounded up
    most = busiest[0] if busiest else 0
    sends = planned + most
    limit = {"google": BULK_SENDS, "microsoft": BULK_SENDS + 1, "yahoo": yahoo_sends}[provider]
    is_over = sends >= limit
    values: dict[str, Value] = {
        "provider": Text(PROVIDERS[provider]),
        "recipients": Count(recipients),
        "sends": Count(sends),
        "most": Count(most),
        "day": Moment(busiest[1] if busiest else None),
        "limit": Count(yahoo_sends if provider == "yahoo" else BULK_SENDS),
    }
    is_bulk = recipients > 0 and is_over
    why = why_bulk(provider, values, has_recipients=recipients > 0, is_bulk=is_bulk, was_over=most >= limit)
    is_new = provider == "google" and is_bulk and most < limit
    return Scope(provider, recipients, sends, most, is_bulk, is_bulk and provider == "yahoo", is_new, why)


def _levels(scopes: Mapping[Provider, Scope]) -> Iterable[RuleLevel]:
    """Yield the strictest level of each check and provider."""
    all_of = book()
    for check in dict.fromkeys(row.check for row in all_of.requirements):
        for provider, scope in scopes.items():
            rows = [row for row in all_of.requirements if row.check == check and provider in row.providers]
            met = [row for row in rows if scope.recipients and (row.of == "everyone" or scope.is_bulk)]
            best = min(met, key=lambda row: LEVELS.index(row.level), default=None)
            level: Level = best.level if best else "recommended" if rows and scope.recipients else "not_applicable"
            why = asked_of_everybody(provider) if best and best.of == "everyone" else scope.why
            yield RuleLevel(check, provider, level, why, all_of.sources[provider])
