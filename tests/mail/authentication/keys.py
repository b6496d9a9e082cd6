"""Public keys of any size, written as DER by hand; and TXT records that hold them."""

from __future__ import annotations

import base64


def part(kind: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes([kind, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([kind, 0x80 | len(size)]) + size + content


def integer(value: int) -> bytes:
    return part(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def rsa_public_key(bits: int) -> bytes:
    """RFC 8017, A.1.1."""
    return part(0x30, integer((1 << (bits - 1)) + 12345) + integer(65537))


def public_key_info(bits: int) -> bytes:
    """RFC 5280, section 4.1."""
    algorithm = part(0x30, part(0x06, bytes.fromhex("2a864886f70d010101")) + part(0x05, b""))
    return part(0x30, algorithm + part(0x03, b"\0" + rsa_public_key(bits)))


def key_record(bits: int = 2048, tags: str = "v=DKIM1; k=rsa") -> str:
    return f"{tags}; p={base64.b64encode(public_key_info(bits)).decode()}"


ED25519_RECORD = f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(range(32))).decode()}"
