"""Packets of the first version are read, and those that say no more are written, as ever."""

import msgspec

from pipelines.session.events import Packet
from pipelines.session.serialization import decode_event, encode_event

FIRST = {"type": "Packet", "time": 1.5, "source": 2, "kind": "heart_rate", "data": b"\x10\x40"}


def test_a_packet_of_beats_is_stored_as_the_first_version_stored_it():
    packet = Packet(1.5, 2, "heart_rate", b"\x10\x40")
    assert encode_event(packet) == msgspec.msgpack.encode(FIRST)
    assert decode_event(msgspec.msgpack.encode(FIRST)) == packet


def test_rate_and_channel_are_stored_and_read():
    packet = Packet(1.5, 2, "ecg", b"\x00", 130.0, 3)
    assert decode_event(encode_event(packet)) == packet
