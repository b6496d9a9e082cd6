"""What DNS says of the recipients' domains: the only part that asks anybody, and only when it is called.

A domain is `dead` or takes `no_mail` only where DNS says so in so many words. A time-out, a server's failure or no
network is `unknown` and never counts against an address.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hygiene.errors import HygieneError

if TYPE_CHECKING:
    from collections.abc import Iterable

DomainState = Literal["ok", "no_mail", "dead", "unknown"]
CANARY = "gmail.com"
"""A domain that surely exists and takes mail: where even this has no MX, the answers are worth nothing (assumed)."""
TIMEOUT_SECONDS = 5.0
"""For one question, over all name servers and tries (dnspython's own default)."""
BUDGET_SECONDS = 900.0
"""For all: what was not asked by then is unknown, so that a network that fails on the way ends it too (assumed)."""
WORKERS = 16
"""Questions at the same time (assumed: quick enough for 10,000 domains, kind enough to a router's resolver)."""


class MissingExtraError(HygieneError):
    """An optional dependency that a look-up needs is not installed."""


class Resolver(Protocol):
    """The part of `dns.resolver.Resolver` that is used; tests inject their own."""

    def resolve(self, qname: str, rdtype: str, *, lifetime: float, search: bool) -> Iterable[Any]:
        """Return the records, or raise an exception of `dns.resolver`."""


def domain_states(
    domains: Iterable[str],
    resolver: Resolver | None = None,
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
    budget_seconds: float = BUDGET_SECONDS,
    workers: int = WORKERS,
) -> dict[str, DomainState]:
    """Ask DNS, once a domain, whether it takes mail.

    Parameters
    ----------
    domains
        In ASCII (`AddressCheck.domain`).
    resolver
        Who is asked; None: the system's name servers.
    timeout_seconds
        For one question; a domain needs one to three.
    budget_seconds
        For all; the domains not asked by then are `unknown`.
    workers
        Questions at the same time, at least 1.

    Returns
    -------
    dict
        Each domain as given → `ok` (an MX, or without one an address: RFC 5321 section 5.1), `no_mail` (null MX,
        RFC 7505; or neither MX nor address), `dead` (NXDOMAIN), `unknown` (anything else). All are `unknown` where a
        domain that surely exists is not found, before or after: then the network is at fault.

    Raises
    ------
    MissingExtraError
        If dnspython is not installed.
    """
    require_dnspython()
    import dns.resolver

    given = list(dict.fromkeys(domains))
    names = {domain: domain.strip().rstrip(".").lower() for domain in given}
    wanted = sorted(set(names.values()))
    if resolver is None:
        try:
            resolver = dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            return dict.fromkeys(given, "unknown")
    asked = resolver
    if not wanted or _state(CANARY, asked, timeout_seconds) != "ok":
        return dict.fromkeys(given, "unknown")
    end = time.monotonic() + budget_seconds

    def ask(name: str) -> DomainState:
        return _state(name, asked, timeout_seconds) if time.monotonic() < end else "unknown"

    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(wanted)))) as pool:
        found = dict(zip(wanted, pool.map(ask, wanted), strict=True))
    # A network that fell over on the way (a captive portal) answers NXDOMAIN to all: look at the canary again.
    if "dead" in found.values() and _state(CANARY, asked, timeout_seconds) != "ok":
        found = dict.fromkeys(wanted, "unknown")
    return {domain: found[name] for domain, name in names.items()}


def require_dnspython() -> None:
    """Raise the error that names the remedy where dnspython is not installed.

    Raises
    ------
    MissingExtraError
        If it is not.
    """
    try:
        import dns.resolver  # noqa: F401
    except ImportError as error:
        raise MissingExtraError('DNS look-ups need dnspython. Install it: pip install "hygiene[dns]"') from error


def _state(name: str, resolver: Resolver, timeout: float) -> DomainState:
    """Return the state of one domain."""
    import dns.exception
    import dns.resolver

    try:
        try:
            hosts = [str(record.exchange) for record in resolver.resolve(name, "MX", lifetime=timeout, search=False)]
        except dns.resolver.NXDOMAIN:
            return "dead"
        except dns.resolver.NoAnswer:
            return _by_address(name, resolver, timeout)
        if not hosts:  # a resolver that does not raise for an empty answer
            return _by_address(name, resolver, timeout)
    # A name that DNS cannot even ask for (too long, an empty label) is no answer either.
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError):
        return "unknown"
    return "no_mail" if all(host in {"", "."} for host in hosts) else "ok"


def _by_address(name: str, resolver: Resolver, timeout: float) -> DomainState:
    """Return the state of a domain without MX: RFC 5321 section 5.1 takes its address for one."""
    import dns.resolver

    for kind in ("A", "AAAA"):
        try:
            if list(resolver.resolve(name, kind, lifetime=timeout, search=False)):
                return "ok"
        except dns.resolver.NoAnswer:
            continue
    return "no_mail"
