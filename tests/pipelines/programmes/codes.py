"""Codes of a phone's log, made by what docs/phone.md says of them."""

from datetime import timedelta
from zlib import crc32

from pipelines.programmes import PhoneLog, Practised
from pipelines.programmes.code import LETTERS, PREFIX


def code_of(log: PhoneLog) -> str:
    """Return a log as a code, which the page on the phone makes too."""
    body = bytearray(bytes.fromhex(log.plan or "00000000"))
    body += _number(len(log.practices))
    before = 0
    for one in sorted(log.practices, key=lambda one: one.started):
        started = int(one.started.timestamp())
        body += _practice_bytes(one, started - before)
        before = started
    told = _number(len(body)) + bytes(body)
    letters = _letters(told + crc32(told).to_bytes(4, "big"))
    groups = [letters[place : place + 5] for place in range(0, len(letters), 5)]
    return "-".join((PREFIX, *groups))


def _practice_bytes(one: Practised, since: int) -> bytes:
    offset = one.started.utcoffset() or timedelta()
    quarters = round(offset / timedelta(minutes=15))
    note = one.note.encode()
    numbers = (
        since, -2 * quarters - 1 if quarters < 0 else 2 * quarters, one.breathed_s,
        round(10.0 * one.first_rate), round(10.0 * one.last_rate), one.pauses,
        _answer(one.tension_before), _answer(one.tension_after), len(note),
    )  # fmt: skip
    return b"".join(map(_number, numbers)) + note


def _answer(answer: int | None) -> int:
    return 0 if answer is None else answer + 1


def _number(value: int) -> bytes:
    told = bytearray()
    while value >= 128:
        told.append(value % 128 + 128)
        value //= 128
    return bytes((*told, value))


def _letters(told: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in told)
    bits += "0" * (-len(bits) % 5)
    return "".join(LETTERS[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))
