"""DKIM: what a signature in a mail says, and what the key in the DNS is worth.

RFC 6376 (3.5 the signature, 3.6.1 the key), RFC 8301 (keys of at least 1,024 bits, 2,048 advised; no SHA-1), RFC 8463
(Ed25519). Whether a signature is valid is not computed here: that is for the receiver, whose word stands in
`Authentication-Results`.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.mail.authentication.key_size import rsa_bits
from hygiene.mail.authentication.tags import read_tags
from hygiene.mail.authentication.types import Fault
from hygiene.mail.authentication.zone import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.mail.authentication.zone import State, Zone

LEAST_BITS = 1024
"""RFC 8301, section 3.2: a verifier must not take a shorter RSA key."""
ADVISED_BITS = 2048
"""RFC 8301, section 3.2: what a signer should use."""
ED25519_BYTES = 32
"""RFC 8463, section 4."""
BROKEN: Mapping[str, str] = {
    "several": "RFC 6376, section 3.6.2.2",
    "syntax": "RFC 6376, section 3.2",
    "duplicate": "RFC 6376, section 3.2",
    "version": "RFC 6376, section 3.6.1",
    "revoked": "RFC 6376, section 3.6.1",
    "no_key": "RFC 6376, section 3.6.1",
    "bad_key": "RFC 6376, section 3.6.1",
    "unknown_kind": "RFC 6376, section 3.6.1",
    "not_for_mail": "RFC 6376, section 3.6.1",
    "sha1_only": "RFC 8301, section 3.1",
    "short": "RFC 8301, section 3.2",
}
"""Faults of a key for which no receiver takes its signatures."""
WEAK: Mapping[str, str] = {
    "testing": "RFC 6376, section 3.6.1",
    "not_long": "RFC 8301, section 3.2",
    "ed25519": "RFC 8463, section 3",
}
SIGNATURE_BROKEN: Mapping[str, str] = {
    "signature_syntax": "RFC 6376, section 3.2",
    "signature_version": "RFC 6376, section 3.5",
    "signature_part": "RFC 6376, section 3.5",
    "signature_from": "RFC 6376, section 5.4",
    "signature_identity": "RFC 6376, section 3.5",
    "signature_sha1": "RFC 8301, section 3.1",
}
"""Faults of a signature for which no receiver takes it."""
SIGNATURE_WEAK: Mapping[str, str] = {"signature_length": "RFC 6376, section 8.2"}
_NEEDED = ("a", "b", "bh", "d", "h", "s")


@dataclass(frozen=True)
class Signature:
    """What a `DKIM-Signature` says of itself."""

    domain: str
    """`d=`: who answers for the mail. Empty: no domain at all."""
    selector: str
    """`s=`: which of the domain's keys."""
    algorithm: str
    covered: tuple[str, ...]
    """`h=`: the names of the headers that it covers, in lower case."""
    faults: tuple[Fault, ...] = ()

    @property
    def key_name(self) -> str:
        """Where its key lies: RFC 6376, section 3.6.2.1."""
        return name_of(f"{self.selector}._domainkey.{self.domain}") if self.selector and self.domain else ""

    @property
    def is_broken(self) -> bool:
        """Whether no receiver takes it, whatever the key."""
        return any(fault.code in SIGNATURE_BROKEN for fault in self.faults)


def read_signature(value: str) -> Signature:
    """Return what the value of a `DKIM-Signature` header says; never raises.

    Examples
    --------
    >>> signature = read_signature("v=1; a=rsa-sha256; d=Example.com; s=s1; h=From:Subject; bh=eA==; b=eA==")
    >>> signature.key_name, signature.covered, signature.faults
    ('s1._domainkey.example.com', ('from', 'subject'), ())
    """
    tags = read_tags(value)
    domain, selector = name_of(tags.dense("d")), name_of(tags.dense("s"))
    algorithm, covered = tags.get("a").lower(), tags.words("h")
    identity = name_of(tags.get("i").rpartition("@")[2]) if "i" in tags.values else domain
    missing = [name for name in _NEEDED if not tags.get(name)]
    faults = [Fault("signature_syntax", fault.detail) for fault in tags.faults]
    faults += [Fault("signature_part", f"{name}=") for name in missing]
    if tags.get("v") != "1":
        faults.append(Fault("signature_version", f"v={tags.get('v')[:40]}"))
    if covered and "from" not in covered:
        faults.append(Fault("signature_from"))
    if domain and identity != domain and not identity.endswith("." + domain):
        faults.append(Fault("signature_identity", identity[:80]))
    if algorithm.endswith("sha1"):
        faults.append(Fault("signature_sha1", algorithm[:40]))
    if "l" in tags.values:
        faults.append(Fault("signature_length", f"l={tags.get('l')[:40]}"))
    return Signature(domain, selector, algorithm, covered, tuple(faults))


@dataclass(frozen=True)
class Key:
    """What is known of the key under a selector."""

    name: str
    state: State
    faults: tuple[Fault, ...] = ()
    """Codes of `BROKEN` and `WEAK`."""
    kind: str = ""
    """`rsa` or `ed25519`."""
    bits: int = 0
    """Of an RSA modulus; 0: not known."""
    alias: str = ""
    """The name that the selector hands on to, as sending services want it."""

    @property
    def is_broken(self) -> bool:
        """Whether no receiver takes what it signed."""
        return any(fault.code in BROKEN for fault in self.faults)


def read_key(name: str, zone: Zone) -> Key:
    """Return what is known of the key at a name such as `s1._domainkey.example.com`.

    Examples
    --------
    >>> from hygiene.mail.authentication.zone import Zone
    >>> read_key("s1._domainkey.example.com", Zone({("s1._domainkey.example.com", "TXT"): ("v=DKIM1; p=",)})).faults
    (Fault(code='revoked', detail=''),)
    """
    answer = zone.ask(name)
    if answer.state != "found":
        return Key(name_of(name), answer.state, alias=answer.alias)
    keys = [text for text in answer.texts if _is_key(text)]
    if not keys:
        return Key(name_of(name), "absent" if answer.is_complete else "unknown", alias=answer.alias)
    if len(keys) > 1:
        return Key(name_of(name), "found", (Fault("several", str(len(keys))),), alias=answer.alias)
    return _judged(name_of(name), keys[0], answer.alias)


def _is_key(text: str) -> bool:
    """Tell whether a TXT record is meant as a key: it says so, or it has the tag that a key must have."""
    tags = read_tags(text)
    return "p" in tags.values or tags.get("v").upper().startswith("DKIM")


def _judged(name: str, text: str, alias: str) -> Key:
    tags = read_tags(text)
    faults = [Fault(fault.code, fault.detail) for fault in tags.faults]
    kind = tags.get("k", "rsa").lower() or "rsa"
    if "v" in tags.values and (tags.get("v") != "DKIM1" or next(iter(tags.values)) != "v"):
        faults.append(Fault("version", f"v={tags.get('v')[:40]}"))
    hashes, services = tags.words("h"), tags.words("s")
    if hashes and "sha256" not in hashes:
        faults.append(Fault("sha1_only", tags.get("h")[:40]))
    if services and not {"*", "email"} & set(services):
        faults.append(Fault("not_for_mail", tags.get("s")[:40]))
    if "y" in tags.words("t"):
        faults.append(Fault("testing"))
    bits = 0
    if "p" not in tags.values:
        faults.append(Fault("no_key"))
    elif not tags.dense("p"):
        faults.append(Fault("revoked"))
    else:
        found, bits = _public(kind, tags.dense("p"))
        faults += found
    return Key(
        name, "found", tuple(sorted(faults, key=lambda fault: (fault.code not in BROKEN, fault))), kind, bits, alias
    )


def _public(kind: str, text: str) -> tuple[list[Fault], int]:
    """Return what is wrong with a public key, and its bits."""
    if kind not in ("rsa", "ed25519"):
        return [Fault("unknown_kind", kind[:40])], 0
    try:
        raw = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeError, ValueError):
        return [Fault("bad_key", text[:40])], 0
    if kind == "ed25519":
        return [Fault("ed25519") if len(raw) == ED25519_BYTES else Fault("bad_key", text[:40])], 0
    bits = rsa_bits(raw)
    if bits is None:
        return [Fault("bad_key", text[:40])], 0
    if bits < LEAST_BITS:
        return [Fault("short", str(bits))], bits
    return ([Fault("not_long", str(bits))] if bits < ADVISED_BITS else []), bits
