"""The key file, and the hashes made with it.

A plain hash of an address is reversed in seconds by hashing all likely names (evidence/recommender.md, fact 10); with a
key (HMAC-SHA256, RFC 2104) only whoever has the key file can even ask whether an address is in the ledger.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from typing import TYPE_CHECKING

from hygiene.errors import LedgerError
from hygiene.gate.ledger.disk import sync_folder
from hygiene.gate.ledger.types import Hashes, make_entry
from hygiene.mail.addresses.names import address_of, domain_of, variant_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from hygiene.gate.ledger.types import Entry, Reason
    from hygiene.mail.addresses.names import Address

KEY_BYTES = 32
"""As many as SHA-256 gives (RFC 2104, section 3: fewer weakens it, more does not help)."""
KEY_ID_TEXT = b"hygiene ledger key"
"""What is hashed to know a key again; neither an address nor a domain."""
_HEX = re.compile(rb"[0-9a-f]{64}\s*")


class Hasher:
    """Hashes under one key.

    Examples
    --------
    >>> hasher = Hasher(bytes(32))
    >>> hasher.of("Ann@acme.com") == hasher.of("ann@ACME.com"), hasher.of("@acme.com").scope, hasher.of("ann")
    (True, 'domain', None)
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = self.hashed(KEY_ID_TEXT)[:32]

    def hashed(self, text: bytes) -> str:
        """Return the HMAC of a text, as 64 hexadecimal digits."""
        return hmac.digest(self._key, text, "sha256").hex()

    def of(self, who: str) -> Hashes | None:
        """Return the hashes of an address, or of a domain; None where the text is neither."""
        if domain := domain_of(who):  # first, for `*@acme.com` means everybody there
            return Hashes(self.domain(domain), None, "domain")
        if address := address_of(who):
            return Hashes(*self.address(address), "address")
        return None

    def entry(
        self, who: str, reason: Reason, *, at: datetime | None = None, source: str = "", expires: date | None = None
    ) -> Entry:
        """Return the entry of an address, or of a domain and all below it; see `Ledger.entry`.

        Raises
        ------
        ValueError
            If `who` is neither an address nor a domain, or the reason has no end.
        """
        hashes = self.of(who)
        if hashes is None:
            raise ValueError("neither an address nor a domain")
        return make_entry(hashes, reason, at=at, source=source, expires=expires)

    def address(self, address: Address) -> tuple[str, str | None]:
        """Return the hash of an address, and that of its variant; None where it has none."""
        own = self.hashed(_bytes(f"{address.local}@{address.domain}"))
        variant = variant_of(address)
        return own, None if variant == address else self.hashed(_bytes(f"{variant.local}@{variant.domain}"))

    def domain(self, domain: str) -> str:
        """Return the hash of a domain in its one spelling; no address can have the same, for it has no @."""
        return self.hashed(b"domain:" + _bytes(domain))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a hostile cell may hold half a character


def read_key(path: Path) -> Hasher | None:
    """Return the hasher of a key file; None where there is no such file.

    Raises
    ------
    LedgerError
        If the file cannot be read, or holds no key.
    """
    try:
        with path.open("rb") as file:
            content = file.read(1024)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(
            f"The ledger's key {path} cannot be read: {error.strerror}. Mend its rights, or name another with"
            " ledger_key in hygiene.toml."
        ) from error
    if not _HEX.fullmatch(content):
        raise LedgerError(
            f"{path} holds no ledger key: it should be 64 hexadecimal digits. Put back a copy of the key, or name"
            " another file with ledger_key in hygiene.toml."
        )
    return Hasher(bytes.fromhex(content[:64].decode()))


def make_key(path: Path) -> Hasher:
    """Make a key file, readable by its owner only, and return its hasher; where one has come first, that one's.

    The file is there whole or not at all: nobody reads half a key.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(KEY_BYTES).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _publish(partial, path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    made = read_key(path)
    if made is None:  # taken away again at once
        raise FileNotFoundError(2, os.strerror(2), str(path))
    return made


def _publish(partial: Path, path: Path) -> None:
    """Give a file its name unless that is taken: by a link, which never replaces, where the file system has links."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        return
    except OSError:
        if not path.exists():
            partial.replace(path)
