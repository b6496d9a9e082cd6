"""DNS look-ups, all mocked: only what DNS says in so many words counts; silence, failure and no network never do."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import dns.exception
import dns.resolver
import pytest

from hygiene.errors import HygieneError
from hygiene.mail.addresses import domain_states
from hygiene.mail.addresses.dns import CANARY, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable


class Mx(NamedTuple):
    exchange: str
    preference: int = 10


class Names:
    """Answers from a table: records, an exception to raise, or (not in it) NXDOMAIN."""

    def __init__(self, table: dict[tuple[str, str], object], canary: object = (Mx("mx.example.net."),)) -> None:
        self.table = {(CANARY, "MX"): canary, **table}
        self.asked: Counter[tuple[str, str]] = Counter()
        self.lock = threading.Lock()
        self.together = self.most_together = 0

    def resolve(self, qname: str, rdtype: str, *, lifetime: float, search: bool) -> list[object]:
        assert lifetime > 0
        assert search is False  # "acme.com" must not become "acme.com.my-office.lan"
        with self.lock:
            self.asked[qname, rdtype] += 1
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        try:
            found = self.table.get((qname, rdtype))
            if callable(found):
                found = found()
            if isinstance(found, BaseException):
                raise found
            if found is None:
                raise dns.resolver.NoAnswer if any(name == qname for name, _ in self.table) else dns.resolver.NXDOMAIN
            return list(found)
        finally:
            with self.lock:
                self.together -= 1


def state(table: dict[tuple[str, str], object], **kwargs: object) -> str:
    return domain_states(["acme.com"], Names(table), **kwargs)["acme.com"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({("acme.com", "MX"): [Mx("mx1.acme.com.")]}, "ok"),
        ({("acme.com", "MX"): [Mx("."), Mx("mx1.acme.com.")]}, "ok"),
        ({("acme.com", "MX"): [Mx(".", 0)]}, "no_mail"),  # RFC 7505
        ({("acme.com", "A"): ["192.0.2.7"]}, "ok"),  # RFC 5321 section 5.1
        ({("acme.com", "AAAA"): ["2001:db8::7"]}, "ok"),
        ({("acme.com", "MX"): [], ("acme.com", "A"): ["192.0.2.7"]}, "ok"),
        ({("acme.com", "TXT"): ["v=spf1 -all"]}, "no_mail"),  # it exists, without MX and address
        ({}, "dead"),
        ({("acme.com", "MX"): dns.exception.Timeout()}, "unknown"),
        ({("acme.com", "MX"): dns.resolver.LifetimeTimeout(timeout=1, errors=[])}, "unknown"),
        ({("acme.com", "MX"): dns.resolver.NoNameservers()}, "unknown"),  # SERVFAIL
        ({("acme.com", "MX"): dns.resolver.YXDOMAIN()}, "unknown"),
        ({("acme.com", "MX"): OSError("network is unreachable")}, "unknown"),
        ({("acme.com", "A"): dns.exception.Timeout()}, "unknown"),
        ({("acme.com", "AAAA"): dns.resolver.NoNameservers()}, "unknown"),
        ({("acme.com", "A"): dns.resolver.NXDOMAIN()}, "unknown"),  # contradicts the answer before it
    ],
)
def test_each_answer_has_its_state(table, expected):
    assert state(table) == expected


@pytest.mark.parametrize(
    "canary", [dns.resolver.NXDOMAIN(), dns.exception.Timeout(), dns.resolver.NoNameservers(), OSError(), [Mx(".")]]
)
def test_where_a_surely_existing_domain_is_not_found_nothing_is_dead(canary):
    names = Names({("acme.com", "MX"): [Mx("mx1.acme.com.")]}, canary=canary)
    assert domain_states(["gone.com", "acme.com"], names) == {"gone.com": "unknown", "acme.com": "unknown"}
    assert set(names.asked) <= {(CANARY, "MX"), (CANARY, "A"), (CANARY, "AAAA")}


def test_a_network_that_falls_over_on_the_way_makes_nothing_dead():
    answers = iter([[Mx("mx.example.net.")], dns.resolver.NXDOMAIN()])
    assert domain_states(["gone.com"], Names({}, canary=lambda: next(answers))) == {"gone.com": "unknown"}


def test_each_domain_is_asked_once_and_answered_as_it_was_given():
    names = Names({("acme.com", "MX"): [Mx("mx1.acme.com.")]})
    given = ["acme.com", "ACME.com", "acme.com.", "acme.com", "gone.com"]
    assert domain_states(iter(given), names) == {
        "acme.com": "ok",
        "ACME.com": "ok",
        "acme.com.": "ok",
        "gone.com": "dead",
    }
    assert names.asked["acme.com", "MX"] == names.asked["gone.com", "MX"] == 1


def test_no_domain_needs_no_question():
    names = Names({})
    assert domain_states([], names) == {}
    assert not names.asked


@pytest.mark.parametrize("workers", [1, 4])
def test_no_more_questions_are_open_than_workers_allow(workers):
    gate = threading.Barrier(workers, timeout=10)

    def wait() -> Callable[[], object]:
        gate.wait()  # falls over unless as many as `workers` are open at once
        time.sleep(0.02)  # room for one more, were there one
        return [Mx("mx.example.net.")]

    names = Names({(f"firm{i}.com", "MX"): wait for i in range(12)})
    found = domain_states([f"firm{i}.com" for i in range(12)], names, workers=workers)
    assert set(found.values()) == {"ok"}
    assert names.most_together == workers


def test_what_was_not_asked_within_the_budget_is_unknown():
    names = Names({("acme.com", "MX"): [Mx("mx1.acme.com.")]})
    assert domain_states(["acme.com", "gone.com"], names, budget_seconds=0) == {
        "acme.com": "unknown",
        "gone.com": "unknown",
    }


def dead_end() -> dns.resolver.Resolver:
    """Return a real resolver whose name server is a port of this machine on which nobody listens."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], 9
    return resolver


def test_without_a_name_server_all_is_unknown():
    assert domain_states(["acme.com", "gone.com"], dead_end(), timeout_seconds=0.2) == {
        "acme.com": "unknown",
        "gone.com": "unknown",
    }


@pytest.mark.parametrize("domain", ["acme.com", "a" * 64 + ".com", "a..com", "\ud800.com", "", ".", "ex ample"])
def test_a_name_server_that_fails_or_a_name_that_cannot_be_asked_is_unknown(domain):
    class Half:
        def resolve(self, qname: str, rdtype: str, *, lifetime: float, search: bool) -> object:
            if qname == CANARY:
                return [Mx("mx.example.net.")]
            return dead_end().resolve(qname, rdtype, lifetime=lifetime, search=search)

    assert domain_states([domain], Half(), timeout_seconds=0.2) == {domain: "unknown"}


def test_a_machine_without_a_resolver_knows_nothing(monkeypatch):
    def none() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    assert domain_states(["acme.com"]) == {"acme.com": "unknown"}


def test_a_missing_dnspython_is_an_error_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "dns.resolver", None)
    with pytest.raises(MissingExtraError, match=r'pip install "hygiene\[dns\]"') as caught:
        domain_states(["acme.com"], Names({}))
    assert isinstance(caught.value, HygieneError)
