"""The codec of 0x2A37: total over bytes, and exact both ways for everything legal."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.codec.heart_rate import (
    HeartRate,
    Malformed,
    decode,
    encode,
    intervals_ms,
    is_duplicate,
)

word = st.integers(0, 0xFFFF)
readings = st.builds(
    HeartRate,
    bpm=st.integers(0, 255),
    contact=st.sampled_from([None, False, True]),
    energy_kj=st.none() | word,
    rr_ticks=st.lists(word, max_size=9).map(tuple),
    wide=st.booleans(),
) | st.builds(HeartRate, bpm=st.integers(256, 0xFFFF), rr_ticks=st.lists(word).map(tuple))


@st.composite
def legal_payloads(draw):
    """Built field by field from the specification, not by `encode`."""
    bpm = draw(word)
    wide = bpm > 255 or draw(st.booleans())
    contact = draw(st.sampled_from([0b000, 0b100, 0b110]))
    energy = draw(st.none() | word)
    rr = draw(st.lists(word, max_size=9))
    flags = wide | contact | (energy is not None) << 3 | bool(rr) << 4
    parts = [struct.pack("<BH" if wide else "<BB", flags, bpm)]
    parts += [] if energy is None else [struct.pack("<H", energy)]
    return b"".join(parts + [struct.pack("<H", interval) for interval in rr])


@given(readings)
def test_every_measurement_survives_encoding(reading):
    assert decode(encode(reading)) == reading


@given(legal_payloads())
def test_every_legal_payload_survives_decoding(payload):
    assert encode(decode(payload)) == payload


@given(st.binary(max_size=64), st.sampled_from([bytes, bytearray, memoryview]))
def test_any_bytes_give_a_value(payload, kind):
    reading = decode(kind(payload))
    assert isinstance(reading, Malformed) == bool(len(payload) < least_length(payload))


def least_length(payload):
    if not payload:
        return 1
    return 2 + bool(payload[0] & 1) + 2 * bool(payload[0] & 8)


@given(legal_payloads(), st.data())
def test_a_cut_keeps_the_older_intervals(payload, data):
    whole = decode(payload)
    kept = data.draw(st.integers(least_length(payload), len(payload)))
    cut = decode(payload[:kept])
    assert cut.rr_ticks == whole.rr_ticks[: len(cut.rr_ticks)]
    assert cut.leftover == (len(payload) - kept) % 2
    assert (cut.bpm, cut.contact, cut.energy_kj) == (whole.bpm, whole.contact, whole.energy_kj)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("10 43 72 03 8a 03", HeartRate(0x43, rr_ticks=(0x372, 0x38A))),
        ("10 3c 8c 04", HeartRate(0x3C, rr_ticks=(0x48C,))),
        ("00 40", HeartRate(0x40)),
        ("01 2c 01", HeartRate(300)),
        ("01 40 00", HeartRate(64, wide=True)),
        ("04 40", HeartRate(64, contact=False)),
        ("16 40 00 04", HeartRate(64, contact=True, rr_ticks=(1024,))),
        ("02 40", HeartRate(64)),
        ("18 40 e8 03 00 04", HeartRate(64, energy_kj=1000, rr_ticks=(1024,))),
        ("10 40", HeartRate(64)),
        ("10 40 00 04 ff", HeartRate(64, rr_ticks=(1024,), leftover=1)),
        ("00 40 00 04", HeartRate(64, leftover=2)),
    ],
)
def test_known_payloads(payload, expected):
    assert decode(bytes.fromhex(payload)) == expected


@pytest.mark.parametrize("payload", ["", "00", "01 40", "08 40 01", "09 40 00 01"])
def test_a_cut_inside_the_fixed_fields_is_said(payload):
    assert isinstance(decode(bytes.fromhex(payload)), Malformed)
    assert intervals_ms(decode(bytes.fromhex(payload))) == ()


def test_units():
    reading = HeartRate(60, rr_ticks=(1024, 512, 1))
    assert reading.rr_ms == (1000.0, 500.0, 1000 / 1024)
    assert intervals_ms(reading, ticks_per_second=1000) == (1024.0, 512.0, 1.0)


@pytest.mark.parametrize(
    "reading",
    [HeartRate(-1), HeartRate(65536), HeartRate(60, energy_kj=-1), HeartRate(60, leftover=1)],
)
def test_what_cannot_be_sent_is_refused(reading):
    with pytest.raises(ValueError, match="must be"):
        encode(reading)


def test_the_guard_takes_only_what_was_delivered_twice():
    first = (10.0, b"\x10\x3c\x8c\x04")
    assert is_duplicate(first, 10.0, first[1])
    assert is_duplicate(first, 10.049, first[1])
    assert not is_duplicate(first, 10.05, first[1])
    assert not is_duplicate(first, 10.01, b"\x10\x3c\x8d\x04")
    assert not is_duplicate(None, 10.0, first[1])


@pytest.mark.long
def test_a_million_random_and_mutated_payloads():
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    payload = b""
    try:
        for _ in range(1_000_000):
            payload = (
                mutated(rng, payload) if rng.random() < 0.5 else rng.randbytes(rng.randrange(24))
            )
            reading = decode(payload)
            if isinstance(reading, HeartRate) and not reading.leftover:
                assert decode(encode(reading)) == reading
    except Exception as error:  # noqa: BLE001 - any at all
        pytest.fail(f"seed {seed}, payload {payload.hex()}: {error!r}")


def mutated(rng, payload):
    data = bytearray(payload or b"\x10\x43\x72\x03\x8a\x03")
    place = rng.randrange(len(data))
    match rng.randrange(4):
        case 0:
            data[place] ^= 1 << rng.randrange(8)
        case 1:
            del data[place:]
        case 2:
            data[place:place] = rng.randbytes(rng.randrange(4))
        case _:
            data[0] = rng.randrange(32)
    return bytes(data[:64])
