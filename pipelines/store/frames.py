"""Sealed frames of a log: bytes in, bytes out.

A frame is its length and the checksum of number and length, 12 random bytes, and what was sealed
under AES-256-GCM with the line before all frames and the frame's number beside it: none can be
moved, left out in the middle or taken from another file, and one that was torn off is dropped.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from pipelines.store.keys import KEY_BYTES, Key

if TYPE_CHECKING:
    from pipelines.store.ciphers import AESGCM

_NONCE = 12
SEALED_KEY = _NONCE + KEY_BYTES + 16
"""Bytes of a key that is sealed by `seal`."""
HEAD = struct.Struct(">II")
_LENGTH = struct.Struct(">I")


def pack(bodies: Iterable[bytes]) -> bytes:
    """Return events as stored, one after the other, each behind its length."""
    return b"".join(_LENGTH.pack(len(body)) + body for body in bodies)


def unpack(events: bytes) -> Iterator[bytes]:
    """Yield what `pack` put together."""
    place = 0
    while place < len(events):
        (length,) = _LENGTH.unpack_from(events, place)
        place += _LENGTH.size
        yield events[place : place + length]
        place += length


class Changed(Exception):  # noqa: N818 - a state, not an error of the caller
    """A frame is there and is not as it was written."""


def frames_in(
    cipher: AESGCM, line: bytes, body: BinaryIO, *, whole: bool = False
) -> Iterator[bytes]:
    """Yield what the frames of a body hold, read from here on, up to one that was torn off.

    Raises
    ------
    Changed
        At one that is not as it was written; of a body that is to be `whole`, at one torn off too.
    """
    number = 0
    while head := body.read(HEAD.size):
        box = _box(head, body, number)
        if box is None and whole:
            raise Changed
        if box is None:
            return
        events = unseal(cipher, box, _about(line, number))
        if events is None:
            raise Changed
        yield events
        number += 1


def _box(head: bytes, body: BinaryIO, number: int) -> bytes | None:
    """Return what is sealed behind a frame's head, None where either was torn off."""
    if len(head) < HEAD.size:
        return None
    length, told = HEAD.unpack(head)
    if told != checksum(number, length):
        raise Changed
    box = body.read(length)
    return box if len(box) == length else None


def sealed_frame(cipher: AESGCM, line: bytes, number: int, events: bytes) -> bytes:
    """Return the frame of this number."""
    box = seal(cipher, events, _about(line, number))
    return HEAD.pack(len(box), checksum(number, len(box))) + box


def checksum(number: int, length: int) -> int:
    """Return the checksum of a frame's head."""
    # It tells a length that was changed from a frame that was torn off.
    return zlib.crc32(HEAD.pack(number, length))


def _about(line: bytes, number: int) -> bytes:
    return line + number.to_bytes(8, "big")


def cipher_of(key: Key | bytes) -> AESGCM:
    """Return what seals under a key."""
    from pipelines.store.ciphers import AESGCM

    return AESGCM(key)


def seal(cipher: AESGCM, content: bytes | Key, about: bytes) -> bytes:
    """Return content sealed, with what it is about."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, content, about)


def unseal(cipher: AESGCM, box: bytes, about: bytes) -> bytes | None:
    """Return what `seal` sealed, None where it or what it is about was changed."""
    from pipelines.store.ciphers import InvalidTag

    try:
        return cipher.decrypt(box[:_NONCE], box[_NONCE:], about)
    except (InvalidTag, ValueError):
        return None
