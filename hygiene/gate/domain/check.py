"""The check of a sender's domain before a campaign: every finding, how much it weighs, and whose rule says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hygiene.gate.bulk import YAHOO_SENDS, bulk_rules
from hygiene.gate.domain.alignment import find_alignment
from hygiene.gate.domain.author import find_from, find_headers, find_subject
from hygiene.gate.domain.dkim import find_dkim
from hygiene.gate.domain.dmarc import find_dmarc
from hygiene.gate.domain.draft import draft, listed
from hygiene.gate.domain.one_click import find_one_click
from hygiene.gate.domain.spf import find_spf
from hygiene.gate.domain.transport import find_arc, find_ptr, find_results, find_tls
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.facts.sending import ConsumerDay
    from hygiene.gate.bulk import BulkRules, RecipientMix
    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Effect, Finding
    from hygiene.values import Value

HOLDS = frozenset(("spf", "dkim", "dmarc", "alignment", "one_click", "from", "subject"))
"""Checks whose `fail` stops a campaign; of the others a `warn` is the most."""
MUST_BE_KNOWN = frozenset(("spf", "dkim", "dmarc", "alignment", "one_click"))
"""Checks that a campaign waits for while a rule that applies requires them. What else a provider requires (TLS, a
server's name, form) only a mail shows, and is a remark."""
ASKED = ("spf", "dkim", "dmarc")
"""What a caller wants to know who hands in evidence; with a mail, alignment too."""


def check_domain(
    evidence: DomainEvidence,
    mix: RecipientMix,
    *,
    sends_a_day: int | None = None,
    history: Iterable[ConsumerDay] = (),
    asked: bool = False,
    yahoo_sends: int = YAHOO_SENDS,
) -> tuple[Finding, ...]:
    """Check a sender's domain for a campaign.

    Parameters
    ----------
    evidence
        What is known of the domain; nothing at all makes every record `unknown`, never `fail` and never `pass`.
    mix
        Who receives the campaign.
    sends_a_day, history, yahoo_sends
        As in `bulk_rules`.
    asked
        Whether the caller wants the domain checked (it gave a mail, records, or leave to ask the DNS): then SPF, DKIM
        and DMARC are required whatever the list.

    Returns
    -------
    tuple of Finding
        Always `domain.spf`, `domain.dkim`, `domain.dmarc`, `domain.alignment`, `domain.one_click`, `domain.from`,
        `domain.tls`, `domain.ptr`, `domain.bulk`; with a mail of the sender `domain.subject`, `domain.headers`,
        `domain.arc` and, where its receiver left them, `domain.results`; with lines that were not understood
        `domain.records`. A `fail` has the effect `hold`.
    """
    rules = bulk_rules(mix, evidence.domain, sends_a_day=sends_a_day, history=history, yahoo_sends=yahoo_sends)
    is_one_click_required = any(level.level == "required" for level in rules.of("one_click"))
    found = [
        find_spf(evidence),
        find_dkim(evidence),
        find_dmarc(evidence),
        find_alignment(evidence),
        find_one_click(evidence, is_required=is_one_click_required),
        find_from(evidence),
        find_subject(evidence),
        find_headers(evidence),
        find_tls(evidence),
        find_ptr(evidence),
        find_arc(evidence),
        find_results(evidence),
        _find_records(evidence),
        _find_bulk(evidence, rules),
    ]
    given = [finding for finding in found if finding is not None]
    has_mail = evidence.own_mail is not None
    return tuple(_weighed(finding, rules, asked=asked, has_mail=has_mail) for finding in given)


def _name(finding: Finding) -> str:
    return finding.check.removeprefix("domain.")


def _weighed(finding: Finding, rules: BulkRules, *, asked: bool, has_mail: bool) -> Finding:
    """Return a finding with what it leads to, and whose rule it is."""
    name = _name(finding)
    is_asked = asked and (name in ASKED or (name == "alignment" and has_mail))
    is_required = is_asked or (name in MUST_BE_KNOWN and _is_demanded(name, rules))
    effect: Effect = "hold" if finding.status == "fail" and name in HOLDS else "none"
    providers = rules.required_by(name)
    sources = "; ".join(dict.fromkeys([finding.source, *(level.source for level in providers)]))
    evidence = {**finding.evidence}
    if providers:
        evidence["required_by"] = listed(level.provider for level in providers)
    return replace(finding, is_required=is_required, effect=effect, source=sources.strip("; "), evidence=evidence)


def _is_demanded(name: str, rules: BulkRules) -> bool:
    """Tell whether a bulk rule that applies cannot do without a check.

    What Gmail asks of everybody, SPF or DKIM, is a remark while nobody showed a record: a campaign of some addresses
    there does not wait for it.
    """
    return rules.level(name) == "required"


def _find_records(evidence: DomainEvidence) -> Finding | None:
    """Tell which lines of the file of records were not understood; None: all were."""
    if not evidence.unread:
        return None
    lines = listed(str(unread.line) for unread in evidence.unread)
    values: dict[str, Value] = {"lines": Text(lines)}
    return draft(
        "records",
        "warn",
        Message(
            "%(n)s line of the file of records was not understood: %(lines)s.",
            values,
            plural="%(n)s lines of the file of records were not understood: %(lines)s.",
            n=len(evidence.unread),
        ),
        Message("Write each record on one line with its name in front, or paste what dig or nslookup prints."),
        lines=len(evidence.unread),
        reasons=listed(f"{unread.line}: {unread.trouble}" for unread in evidence.unread),
    )


def _find_bulk(evidence: DomainEvidence, rules: BulkRules) -> Finding:
    """Tell whether the campaign would make the domain a bulk sender for good."""
    scope = next(scope for scope in rules.scopes if scope.provider == "google")
    source = next(level.source for level in rules.levels if level.provider == "google")
    values: dict[str, Value] = {"domain": Text(evidence.domain), "sends": Count(scope.sends_a_day)}
    numbers: dict[str, Any] = {
        "sends_a_day": scope.sends_a_day,
        "most_so_far": scope.most_so_far,
        "recipients": scope.recipients,
    }
    if scope.is_new:
        message = Message(
            "This campaign would make the domain a bulk sender at Gmail for good: up to %(sends)s emails a day to"
            " private mailboxes there.",
            values,
        )
        remedy = Message("Spread the campaign over more days, or leave Gmail's private mailboxes out.")
        return draft("bulk", "warn", message, remedy, source=source, **numbers)
    if scope.is_bulk or not scope.recipients:
        return draft("bulk", "not_applicable", scope.why, source=source, **numbers)
    message = Message("This campaign does not make the domain a bulk sender at Gmail.", values)
    return draft("bulk", "pass", message, source=source, **numbers)
