"""What the page on a phone logged, as it comes back: a code of letters, or a file that holds one.

A code is "IB1" and letters of Crockford's base 32, five in a group. Case, spaces, hyphens and line
ends do not count, and O, I and L are read as 0, 1 and 1. Its bytes are the length of the body, the
body, and the CRC-32 of both (four bytes, the highest first). The body is the id of the plan (four
bytes), the number of practices, and each of them: seconds since the one before it (the first since
1970 UTC), the offset from UTC in quarter hours (2 n to the east, 2 n - 1 to the west), seconds of
breathing, tenths of breaths/min at the beginning and at the end, pauses, tension before and after
(0 for no answer, else the answer and 1), and the note as bytes of UTF-8 behind their number. A
number stands in groups of seven bits, the lowest first, the highest bit set where more follow.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import msgspec

from pipelines.language import tr
from pipelines.reading import CannotRead, contents

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX: Final = "IB1"
LARGEST: Final = 10_000_000
"""Bytes of a file with a log at most; a year of practices takes a hundredth."""
_ALIKE: Final = str.maketrans("OIL", "011")
_PASSED_OVER: Final = re.compile(r"[\s\-\u2010-\u2014\u00ad]+")
_MOST: Final = 2**42
"""Above any number of a code; what is larger would not end."""


class BadLog(ValueError):  # noqa: N818 - the name states the trouble
    """A code or file that holds no log, in one sentence: what, and what to do."""


class Practised(msgspec.Struct, frozen=True, kw_only=True):
    """A practice with the page on a phone.

    Attributes
    ----------
    started : datetime
        With its offset from UTC.
    breathed_s : int
        Seconds of breathing, pauses left out.
    first_rate, last_rate : float
        Breaths/min at which the guide began and ended.
    pauses : int
        How many there were.
    tension_before, tension_after : int or None
        From 0 to 10 as the person felt it, None for no answer.
    note : str
        In their words, "" for none.
    """

    started: datetime
    breathed_s: int
    first_rate: float
    last_rate: float
    pauses: int = 0
    tension_before: int | None = None
    tension_after: int | None = None
    note: str = ""


class PhoneLog(msgspec.Struct, frozen=True):
    """The practices of a page in order of time, and the id of its plan, "" for none."""

    plan: str
    practices: tuple[Practised, ...]


def read_log(said: str) -> PhoneLog:
    """Return the log that a code holds, or the file that `said` is the name of.

    Raises
    ------
    BadLog
        If it can be read from neither, or is cut or changed.
    """
    if _is_code(said) and not os.path.lexists(said):
        return log_of_code(said)
    try:
        text = contents(Path(said), most=LARGEST).decode("utf-8-sig")
    except CannotRead as error:
        raise BadLog(
            tr("{path} is neither a code nor a file that can be read: {why}.", path=said, why=error)
        ) from error
    except UnicodeDecodeError as error:
        raise BadLog(tr("{path} is no text in UTF-8; save it so.", path=said)) from error
    return _log_of_file(text)


def log_of_code(code: str) -> PhoneLog:
    """Return the log that a code holds.

    Raises
    ------
    BadLog
        If it is no code, or is cut or changed.
    """
    if not _is_code(code):
        raise BadLog(
            tr("There is no code here; one begins with {prefix} on the phone.", prefix=PREFIX)
        )
    numbers = _Numbers(_bytes_of(_squeezed(code)[len(PREFIX) :]))
    plan = numbers.take(4).hex()
    practices = tuple(_practices(numbers))
    numbers.end()
    return PhoneLog("" if plan == "00000000" else plan, practices)


def as_told(one: Practised) -> dict[str, Any]:
    """Return a practice as the file of the page, and a line of JSON, tell it."""
    told: dict[str, Any] = msgspec.to_builtins(one)
    return {**told, "started": one.started.isoformat(timespec="seconds")}


def _log_of_file(text: str) -> PhoneLog:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return log_of_code(text)
    code = told.get("code") if isinstance(told, dict) else None
    if not isinstance(code, str):
        raise BadLog(tr("This file holds no code; save it on the phone again."))
    log = log_of_code(code)
    if told.get("practices") != [as_told(one) for one in log.practices]:
        raise _changed()
    return log


def _changed() -> BadLog:
    return BadLog(
        tr(
            "This code is cut or changed; copy it on the phone again, from its first letter to its "
            "last."
        )
    )


def _squeezed(code: str) -> str:
    return _PASSED_OVER.sub("", code).upper()


def _is_code(said: str) -> bool:
    return _squeezed(said[:100]).startswith(PREFIX)


def _bytes_of(letters: str) -> bytes:
    """Return the body of a code whose length and checksum are right."""
    values = [LETTERS.find(letter) for letter in letters.translate(_ALIKE)]
    if -1 in values:
        raise _changed()
    held = bytes(_eights(values))
    numbers = _Numbers(held)
    length = numbers.next()
    begin = len(held) - len(numbers.left)
    if len(numbers.left) != length + 4:
        raise _changed()
    told = held[: begin + length]
    if crc32(told) != int.from_bytes(held[begin + length :], "big"):
        raise _changed()
    return told[begin:]


def _eights(values: list[int]) -> Iterator[int]:
    held = bits = 0
    for value in values:
        held, bits = held << 5 | value, bits + 5
        if bits >= 8:
            bits -= 8
            yield held >> bits
            held &= (1 << bits) - 1
    if held or bits >= 5:  # what fills the last letter is nothing, and less than a letter
        raise _changed()


class _Numbers:
    """The bytes of a body, taken from its beginning."""

    def __init__(self, told: bytes) -> None:
        self.left = told

    def take(self, count: int) -> bytes:
        if count > len(self.left):
            raise _changed()
        taken, self.left = self.left[:count], self.left[count:]
        return taken

    def next(self) -> int:
        value, weight = 0, 1
        while weight <= _MOST:
            (byte,) = self.take(1)
            value += byte % 128 * weight
            if byte < 128:
                return value
            weight *= 128
        raise _changed()

    def end(self) -> None:
        if self.left:
            raise _changed()


def _practices(numbers: _Numbers) -> Iterator[Practised]:
    started = 0
    for _ in range(numbers.next()):
        started += numbers.next()
        quarters = numbers.next()
        minutes = 15 * (-(quarters + 1) // 2 if quarters % 2 else quarters // 2)
        breathed, first, last, pauses, before, after, length = (numbers.next() for _ in range(7))
        if max(before, after) > 11:
            raise _changed()
        yield Practised(
            started=_moment(started, minutes),
            breathed_s=breathed,
            first_rate=first / 10.0,
            last_rate=last / 10.0,
            pauses=pauses,
            tension_before=before - 1 if before else None,
            tension_after=after - 1 if after else None,
            note=_text(numbers.take(length)),
        )


def _moment(seconds: int, minutes: int) -> datetime:
    try:
        zone = timezone(timedelta(minutes=minutes))
        return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError) as error:
        raise _changed() from error


def _text(told: bytes) -> str:
    try:
        return told.decode()
    except UnicodeDecodeError as error:
        raise _changed() from error
