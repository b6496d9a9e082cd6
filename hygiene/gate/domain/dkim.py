"""`domain.dkim`: whether the sender's mail is signed, and whether the key that lies in the DNS is worth something."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.domain.draft import GIVE_MAIL, draft, faults_listed, listed, not_known
from hygiene.mail.authentication.dkim import ADVISED_BITS, BROKEN, LEAST_BITS, SIGNATURE_BROKEN, SIGNATURE_WEAK, WEAK
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding, Status
    from hygiene.mail.authentication.dkim import Key, Signature
    from hygiene.mail.authentication.types import Fault
    from hygiene.values import Value

STANDARD = "RFC 6376"
_ORDER: tuple[Status, ...] = ("pass", "warn", "unknown", "fail")
"""Of several signatures or keys, the best counts: a receiver needs one."""


class _Candidate(NamedTuple):
    key: Key
    signature: Signature | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Of the signature, then of the key."""
        return (*(self.signature.faults if self.signature else ()), *self.key.faults)

    @property
    def worst(self) -> Fault | None:
        """The fault that decides."""
        broken = {**SIGNATURE_BROKEN, **BROKEN}
        return next((fault for fault in self.faults if fault.code in broken), next(iter(self.faults), None))

    @property
    def status(self) -> Status:
        """Whether a receiver can use it."""
        if self.signature and self.signature.is_broken:
            return "fail"
        if self.key.state in ("unknown", "failed"):
            return "unknown"
        if self.key.state == "absent" or self.key.is_broken:
            return "fail"
        return "warn" if self.faults else "pass"


def find_dkim(evidence: DomainEvidence) -> Finding:
    """Judge the signatures of the mail, or else the keys that are known."""
    if evidence.signatures:
        ours = {found.domain for found in evidence.aligned_signers if found.is_aligned}
        candidates = [_Candidate(key, signature) for signature, key in evidence.signatures]
        return _judged(min(candidates, key=lambda found: _rank(found, ours)), evidence)
    if evidence.seen_mail:
        return draft(
            "dkim",
            "fail",
            Message("The email carries no DKIM signature."),
            Message(
                "Switch DKIM on for %(domain)s in the service that sends, and publish the key that it shows.",
                _of(evidence),
            ),
            source=f"{STANDARD}, section 3.5",
            domain=evidence.domain,
        )
    if not evidence.keys:
        return _no_selector(evidence)
    return _judged(min((_Candidate(key) for key in evidence.keys), key=lambda found: _rank(found, set())), evidence)


def _rank(found: _Candidate, ours: set[str]) -> tuple[int, bool, str]:
    is_ours = found.signature is None or found.signature.domain in ours
    return _ORDER.index(found.status), not is_ours, found.key.name


def _of(evidence: DomainEvidence) -> dict[str, Value]:
    return {"domain": Text(evidence.domain)}


def _no_selector(evidence: DomainEvidence) -> Finding:
    if not evidence.domain or evidence.doubt:
        return not_known("dkim", "DKIM", evidence.domain, "unknown", evidence, STANDARD)
    if evidence.was_asked:
        message = Message(
            "No DKIM key of %(domain)s was found under the usual selectors, which proves nothing.", _of(evidence)
        )
    else:
        message = Message(
            "No DKIM selector of %(domain)s is known, so whether its mail is signed is not known.", _of(evidence)
        )
    return draft("dkim", "unknown", message, GIVE_MAIL, source=STANDARD, domain=evidence.domain)


def _judged(found: _Candidate, evidence: DomainEvidence) -> Finding:
    key, signature = found.key, found.signature
    values: dict[str, Value] = {
        "domain": Text(signature.domain if signature else evidence.domain),
        "name": Text(key.name),
        "bits": Count(key.bits),
        "least": Count(LEAST_BITS),
        "advised": Count(ADVISED_BITS),
        "detail": Text(found.worst.detail if found.worst else ""),
    }
    if found.status == "unknown":
        return not_known("dkim", "DKIM", key.alias or key.name, key.state, evidence, STANDARD)
    source = f"{STANDARD}, section 3.6.2"
    if key.state == "absent" and not (signature and signature.is_broken):
        message = Message("There is no DKIM key at %(name)s.", values)
        remedy: Message | None = Message("Publish there the key that the sending service shows for this selector.")
    elif found.worst:
        message, remedy = _words(values)[found.worst.code]
        source = {**BROKEN, **WEAK, **SIGNATURE_BROKEN, **SIGNATURE_WEAK}[found.worst.code]
    elif signature:
        message = Message("The email is signed for %(domain)s with a key of %(bits)s bits.", values)
        remedy = None
    else:
        message = Message(
            "A key of %(bits)s bits lies at %(name)s; whether mail is signed with it, only an email shows.", values
        )
        remedy = None
    return draft(
        "dkim",
        found.status,
        message,
        remedy,
        source=source,
        domain=signature.domain if signature else evidence.domain,
        key_at=key.name,
        bits=key.bits or None,
        kind=key.kind,
        alias=key.alias,
        signatures=len(evidence.signatures) or None,
        also=listed(other.name for other in evidence.keys if other.name != key.name),
        faults=faults_listed(found.faults),
    )


def _words(values: Mapping[str, Value]) -> Mapping[str, tuple[Message, Message]]:
    """Return what is said of each fault, and what to do."""
    again = Message("Publish the key anew, exactly as the sending service shows it.")
    settings = Message("Set it right in the settings of the sending service, or ask its support.")
    unusable = Message("The DKIM key at %(name)s cannot be read: %(detail)s", values)
    broken = Message(
        "The DKIM signature for %(domain)s breaks its own rules, so no receiver takes it: %(detail)s", values
    )
    return {
        "several": (
            Message("There are %(detail)s DKIM keys at %(name)s, and a selector may have only one.", values),
            Message("Delete all but the one that the sending service shows."),
        ),
        "syntax": (unusable, again),
        "duplicate": (unusable, again),
        "version": (unusable, again),
        "bad_key": (unusable, again),
        "unknown_kind": (unusable, again),
        "no_key": (Message("The DKIM record at %(name)s holds no key.", values), again),
        "revoked": (
            Message("The DKIM key at %(name)s is withdrawn: it is empty.", values),
            Message("Sign with a selector that is in use, or publish its key anew."),
        ),
        "not_for_mail": (Message("The DKIM key at %(name)s is not for mail: %(detail)s", values), again),
        "sha1_only": (
            Message("The DKIM key at %(name)s allows only SHA-1, which receivers no longer take.", values),
            Message("Delete the tag h from the key's record."),
        ),
        "short": (
            Message("The DKIM key at %(name)s has %(bits)s bits; receivers take none below %(least)s.", values),
            Message("Make a new key of %(advised)s bits in the sending service, and publish it.", values),
        ),
        "not_long": (
            Message("The DKIM key at %(name)s has %(bits)s bits; %(advised)s are advised.", values),
            Message("Make a new key of %(advised)s bits in the sending service, and publish it.", values),
        ),
        "testing": (
            Message(
                "The DKIM key at %(name)s says that it is only being tested, so receivers may pass it over.", values
            ),
            Message("Take the flag t=y out of the key's record."),
        ),
        "ed25519": (
            Message("The DKIM key at %(name)s is of the kind Ed25519, which not every receiver reads.", values),
            Message("Sign with an RSA key of %(advised)s bits as well.", values),
        ),
        "signature_syntax": (broken, settings),
        "signature_version": (broken, settings),
        "signature_part": (broken, settings),
        "signature_identity": (broken, settings),
        "signature_from": (
            Message("The DKIM signature for %(domain)s does not cover From, so no receiver takes it.", values),
            settings,
        ),
        "signature_sha1": (
            Message("The DKIM signature for %(domain)s is made with SHA-1, which receivers no longer take.", values),
            Message("Choose rsa-sha256 in the settings of the sending service."),
        ),
        "signature_length": (
            Message("The DKIM signature for %(domain)s covers only the beginning of the text: %(detail)s", values),
            Message("Have the sending service sign the whole text, without the tag l."),
        ),
    }
