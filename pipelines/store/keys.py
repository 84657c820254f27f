"""The library key, and how the passphrase and the recovery key wrap it.

The library key (32 random bytes) opens the index, which holds each session's own key. It is
stored twice, sealed with AES-256-GCM: under a key derived from the passphrase by scrypt, and
under one derived from the recovery key (160 random bits) by HKDF-SHA256.

Sources: scrypt, Percival and Josefsson 2016, RFC 7914, doi:10.17487/RFC7914; HKDF, Krawczyk and
Eronen 2010, RFC 5869, doi:10.17487/RFC5869; AES-GCM, Dworkin 2007, NIST SP 800-38D,
doi:10.6028/NIST.SP.800-38D; the recovery key's alphabet, Crockford, Base 32.

Keys are held in a `Key`, which is zero once nobody holds it. What Python cannot wipe: a passphrase
and a recovery key, which are `str`, the statement that hands SQLCipher its key, and the bytes of a
session's key as SQLite returns them; they stay in freed memory until it is used again.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata

import msgspec

KEY_BYTES = 32
_RECOVERY_BYTES = 20
_RECOVERY_LETTERS = 32
_GROUP = 4
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_RFC4648, _CROCKFORD)
_FROM_CROCKFORD = str.maketrans(_CROCKFORD, _RFC4648)
_MISREAD = str.maketrans("OIL", "011")


class Cost(msgspec.Struct, frozen=True):
    """What one guess of a passphrase costs: scrypt's n, r and p (memory 128 n r bytes)."""

    n: int = 2**17
    r: int = 8
    p: int = 1

    def __post_init__(self) -> None:
        """Refuse what a changed file could ask for: hours of work or all memory."""
        if not (2 <= self.n <= 2**20 and self.n.bit_count() == 1):
            raise ValueError("n is a power of two up to 2**20")
        if not (1 <= self.r <= 16 and 1 <= self.p <= 16):
            raise ValueError("r and p lie in 1 to 16")


class Key(bytearray):
    """A key that is overwritten with zeros once nobody holds it, and that is never printed."""

    def __del__(self) -> None:
        self[:] = bytes(len(self))

    def __repr__(self) -> str:
        return "Key()"

    __str__ = __repr__


class Sealed(msgspec.Struct, frozen=True):
    """The library key, sealed; `cost` is None where the secret is itself random."""

    salt: bytes
    nonce: bytes
    box: bytes
    cost: Cost | None = None


def random_key() -> Key:
    """Return 32 random bytes from the operating system."""
    return Key(secrets.token_bytes(KEY_BYTES))


def seal(key: Key, secret: str, cost: Cost | None) -> Sealed:
    """Seal `key` under a passphrase (with its `cost`) or a recovery key (None)."""
    from pipelines.store.ciphers import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    box = AESGCM(_derive(secret, salt, cost)).encrypt(nonce, key, _purpose(cost))
    return Sealed(salt=salt, nonce=nonce, box=box, cost=cost)


def unseal(sealed: Sealed, secret: str) -> Key | None:
    """Return the sealed key, None if `secret` is another or the file was changed."""
    from pipelines.store.ciphers import AESGCM, InvalidTag

    cipher = AESGCM(_derive(secret, sealed.salt, sealed.cost))
    key = Key(KEY_BYTES)
    try:
        cipher.decrypt_into(sealed.nonce, sealed.box, _purpose(sealed.cost), key)
    except (InvalidTag, ValueError):
        return None
    return key


def derive(key: Key, purpose: bytes, length: int) -> bytes:
    """Return bytes that follow from a key and what they are for, and do not tell the key."""
    from pipelines.store.ciphers import HKDF, SHA256

    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def new_recovery_key() -> str:
    """Return 160 random bits in eight groups of four letters and digits, none of them I L O U."""
    letters = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    letters = letters.translate(_TO_CROCKFORD)
    return "-".join(letters[i : i + _GROUP] for i in range(0, len(letters), _GROUP))


def read_recovery_key(text: str) -> str | None:
    """Return `text` in the form of `new_recovery_key`, None if it is no recovery key.

    Case, spaces and hyphens do not count; O is read as 0, I and L as 1.
    """
    letters = "".join(text.upper().replace("-", " ").split()).translate(_MISREAD)
    if len(letters) != _RECOVERY_LETTERS or not set(letters) <= set(_CROCKFORD):
        return None
    return "-".join(letters[i : i + _GROUP] for i in range(0, len(letters), _GROUP))


def _derive(secret: str, salt: bytes, cost: Cost | None) -> Key:
    from pipelines.store.ciphers import HKDF, SHA256, Scrypt

    key = Key(KEY_BYTES)
    if cost is None:
        info = b"interbeat recovery key"
        derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info)
        derivation.derive_into(_random_bits(secret), key)
    else:
        # The same passphrase typed on two systems may come composed or decomposed.
        typed = Key(unicodedata.normalize("NFKC", secret).encode(errors="surrogateescape"))
        Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive_into(typed, key)
    return key


def _random_bits(recovery: str) -> Key:
    return Key(base64.b32decode(recovery.replace("-", "").translate(_FROM_CROCKFORD)))


def _purpose(cost: Cost | None) -> bytes:
    return b"interbeat library key, " + (b"recovery" if cost is None else b"passphrase")
