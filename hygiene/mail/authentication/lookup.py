"""What the DNS says of a sender's domain: the only part of this room that asks anybody, and only when it is called.

A resolver that is broken, blocked or held back by a captive portal answers "does not exist" to everything. So a name
that surely exists is asked first and again at the end: where it is not found, nothing that was answered counts, and all
is unknown. A single question without an answer is unknown by itself.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hygiene.mail.addresses.dns import CANARY, TIMEOUT_SECONDS, require_dnspython
from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.authentication import tree
from hygiene.mail.authentication.spf import read_spf
from hygiene.mail.authentication.spf_record import is_spf
from hygiene.mail.authentication.zone import Zone, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.mail.addresses.dns import Resolver
    from hygiene.mail.authentication.message import MailFacts
    from hygiene.mail.authentication.zone import Question

BUDGET_SECONDS = 60.0
"""For all questions; what was not asked by then is unknown (assumed)."""
WORKERS = 8
MOST_QUESTIONS = 300
"""A broken SPF record of ten includes asks fewer (assumed); a hostile one stops here."""
MOST_WAVES = 12
"""Rounds of questions that the answers before raise: an SPF record may nest ten deep, RFC 7208, section 4.6.4."""
WELL_KNOWN_SELECTORS = (
    *(
        "google",
        "selector1",
        "selector2",
        "hs1",
        "hs2",
        "s1",
        "s2",
        "k1",
        "k2",
        "k3",
        "default",
        "dkim",
        "mail",
        "smtp",
    ),
    *(
        "mandrill",
        "zoho",
        "fm1",
        "fm2",
        "fm3",
        "protonmail",
        "sig1",
        "mailjet",
        "sendinblue",
        "pm",
        "mx",
        "key1",
        "key2",
    ),
)
"""Selectors that mailbox and sending services use by default, as generally known. Not finding one says nothing."""
Doubt = Literal["", "no_resolver", "canary_before", "canary_after"]


class LookUp(NamedTuple):
    """What was found."""

    zone: Zone
    """Empty where no answer counts."""
    doubt: Doubt
    """Why no answer counts; empty: they do."""
    asked: int
    """Questions, the canary's not counted."""


def look_up(
    domain: str,
    *,
    mail: MailFacts | None = None,
    selectors: Iterable[str] = (),
    resolver: Resolver | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    budget_seconds: float = BUDGET_SECONDS,
    workers: int = WORKERS,
) -> LookUp:
    """Ask the DNS for a domain's SPF, DKIM and DMARC records, and for what they hang on.

    Parameters
    ----------
    domain
        Of the sender's address, in ASCII.
    mail
        A mail of the sender: names the selectors, the Return-Path and the server.
    selectors
        Further DKIM selectors; the well-known ones are tried too.
    resolver
        Who is asked; None: the system's name servers.
    timeout_seconds, budget_seconds, workers
        For one question; for all; questions at the same time.

    Returns
    -------
    LookUp
        Nothing but doubt where the canary was not found, before or after.

    Raises
    ------
    MissingExtraError
        If dnspython is not installed.
    """
    require_dnspython()
    import dns.resolver

    if resolver is None:
        try:
            resolver = dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            return LookUp(Zone(), "no_resolver", 0)
    asker = _Asker(resolver, timeout_seconds, time.monotonic() + budget_seconds, workers)
    if not asker.finds_canary():
        return LookUp(Zone(), "canary_before", 0)
    asker.ask(first_questions(domain, mail, selectors))
    for _ in range(MOST_WAVES):
        raised = [question for question in _raised(domain, mail, asker.zone) if question not in asker.asked]
        if not raised:
            break
        asker.ask(raised)
    if not asker.finds_canary():
        return LookUp(Zone(), "canary_after", len(asker.asked))
    return LookUp(asker.zone, "", len(asker.asked))


def first_questions(domain: str, mail: MailFacts | None, selectors: Iterable[str]) -> list[Question]:
    """Return what is asked whatever the answers: the records of all domains that are named."""
    ours = name_of(domain)
    paths = [ours, *([mail.return_path] if mail and mail.return_path else [])]
    signers = [signature.domain for signature in mail.signatures] if mail else []
    found: list[Question] = [(name, "TXT") for name in paths]
    for name in dict.fromkeys([*paths, *signers]):
        found += tree.questions(name)
    names = [signature.key_name for signature in mail.signatures] if mail else []
    homes = dict.fromkeys((ours, primary_domain(ours) or ours))
    tried = dict.fromkeys((*selectors, *WELL_KNOWN_SELECTORS))
    names += [name_of(f"{selector}._domainkey.{home}") for selector in tried for home in homes]
    found += [(name, "TXT") for name in names if name]
    if mail and mail.border and mail.border.address:
        found.append((ip_address(mail.border.address).reverse_pointer, "PTR"))
    return [question for question in dict.fromkeys(found) if question[0]]


def _raised(domain: str, mail: MailFacts | None, zone: Zone) -> list[Question]:
    """Return the questions that the answers so far raise: included records, hosts, and the server's name."""
    found: list[Question] = []
    for name in dict.fromkeys((domain, mail.return_path if mail else "")):
        found += read_spf(name, zone).open_questions if name else ()
    if mail and mail.border and mail.border.address:
        for host in zone.ask(ip_address(mail.border.address).reverse_pointer, "PTR").texts:
            found += [(host, "A"), (host, "AAAA")]
    return list(dict.fromkeys(found))


class _Asker:
    """Asks in rounds, and keeps the answers."""

    def __init__(self, resolver: Resolver, timeout: float, end: float, workers: int) -> None:
        self.resolver, self.timeout, self.end, self.workers = resolver, timeout, end, workers
        self.zone = Zone()
        self.asked: set[Question] = set()

    def finds_canary(self) -> bool:
        """Tell whether a record that surely exists is found, whatever the budget."""
        found = _answer((CANARY, "TXT"), self.resolver, self.timeout)
        return any(is_spf(text) for text in found or ())

    def ask(self, questions: list[Question]) -> None:
        """Ask a round of questions."""
        new = [question for question in questions if question not in self.asked]
        room = max(MOST_QUESTIONS - len(self.asked), 0)
        wanted, refused = new[:room], new[room:]
        self.asked.update(new)

        def one(question: Question) -> tuple[str, ...] | None:
            return _answer(question, self.resolver, self.timeout) if time.monotonic() < self.end else None

        with ThreadPoolExecutor(max_workers=max(1, min(self.workers, len(wanted) or 1))) as pool:
            answers = dict(zip(wanted, pool.map(one, wanted), strict=True))
        told = {question: texts for question, texts in answers.items() if texts is not None}
        self.zone = Zone(
            {question: texts for question, texts in told.items() if texts},
            frozenset(told),
            frozenset([*refused, *(question for question in answers if question not in told)]),
        ).over(self.zone)


def _answer(question: Question, resolver: Resolver, timeout: float) -> tuple[str, ...] | None:
    """Return the records' data, none where DNS says that there are none, or None where it does not say."""
    import dns.exception
    import dns.resolver

    name, kind = question
    try:
        records = list(resolver.resolve(name, kind, lifetime=timeout, search=False))
        return tuple(sorted({_data(record, kind) for record in records}))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    # A name that DNS cannot even ask for (too long, an empty label) is no answer either.
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError):
        return None


def _data(record: Any, kind: str) -> str:
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    return str(record).split()[-1].removesuffix(".").lower()
