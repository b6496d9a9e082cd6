"""The size of an RSA public key, read from its DER form without a library for cryptography.

RFC 6376, section 3.6.1, wants an RSAPublicKey (RFC 8017, A.1.1); what is in use, and what its own appendix C shows, is
a SubjectPublicKeyInfo (RFC 5280, section 4.1) around it. Both are read.
"""

from __future__ import annotations

from typing import NamedTuple

_SEQUENCE, _INTEGER, _BIT_STRING, _OBJECT = 0x30, 0x02, 0x03, 0x06
_RSA = bytes.fromhex("2a864886f70d010101")
"""1.2.840.113549.1.1.1, rsaEncryption."""


class _Part(NamedTuple):
    kind: int
    content: bytes
    rest: bytes


def rsa_bits(der: bytes) -> int | None:
    """Return the number of bits of an RSA key's modulus; None: that is no RSA key.

    Examples
    --------
    >>> rsa_bits(bytes.fromhex("30090202008f0203010001")), rsa_bits(b"junk")
    (8, None)
    """
    whole = _part(der)
    if whole is None or whole.kind != _SEQUENCE:
        return None
    first = _part(whole.content)
    if first is not None and first.kind == _SEQUENCE:
        return _wrapped(first)
    if first is None or first.kind != _INTEGER or not first.content:
        return None
    exponent = _part(first.rest)
    return int.from_bytes(first.content, "big").bit_length() if exponent and exponent.kind == _INTEGER else None


def _wrapped(algorithm: _Part) -> int | None:
    """Return the bits of a key within a SubjectPublicKeyInfo."""
    name = _part(algorithm.content)
    bits = _part(algorithm.rest)
    if name is None or name.kind != _OBJECT or name.content != _RSA or bits is None or bits.kind != _BIT_STRING:
        return None
    inner = _part(bits.content[1:])  # the first octet counts the unused bits
    is_plain = inner is not None and inner.kind == _SEQUENCE and inner.content[:1] == bytes([_INTEGER])
    return rsa_bits(bits.content[1:]) if is_plain else None


def _part(der: bytes) -> _Part | None:
    """Return the first part of DER-encoded data; None where it is cut off."""
    if len(der) < 2:
        return None
    length, start = der[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(der[2 : 2 + count], "big"), 2 + count
        if not 0 < count <= 4 or len(der) < start:
            return None
    return _Part(der[0], der[start : start + length], der[start + length :]) if len(der) >= start + length else None
