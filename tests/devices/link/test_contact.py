"""When a strap is said to be off the skin, and when it must not be."""

from devices.codec.heart_rate import HeartRate, Malformed
from devices.link.contact import OFF_AFTER, WAITING_AFTER, Contact, LinkState, after

BEAT = HeartRate(60, rr_ticks=(1024,))


def states(*readings):
    contact, said = Contact(), []
    for reading in readings:
        contact, state = after(contact, reading)
        said.append(state)
    return said


def test_beats_without_contact_are_beats():
    false_bit = HeartRate(60, contact=False, rr_ticks=(1000,))
    assert set(states(*[false_bit] * 50)) == {LinkState.BEATS}


def test_no_contact_and_no_beats_is_off_the_skin_after_some_packets():
    off = HeartRate(0, contact=False)
    assert states(*[off] * OFF_AFTER) == [None] * (OFF_AFTER - 1) + [LinkState.OFF_SKIN]


def test_absurd_intervals_are_no_beats():
    noise = HeartRate(0, contact=False, rr_ticks=(0, 65535, 20))
    assert states(*[noise] * OFF_AFTER)[-1] is LinkState.OFF_SKIN


def test_one_beat_brings_it_back():
    off = HeartRate(0, contact=False)
    assert states(*[off] * 5, BEAT, off)[-2:] == [LinkState.BEATS, None]


def test_packets_without_intervals_are_waited_for():
    plain = HeartRate(64)
    assert states(BEAT, *[plain] * WAITING_AFTER)[1:] == [None] * (WAITING_AFTER - 1) + [
        LinkState.WAITING
    ]


def test_slow_hearts_leave_packets_empty():
    assert set(states(*[BEAT, HeartRate(40)] * 20)) == {LinkState.BEATS, None}


def test_malformed_packets_mean_neither():
    assert states(*[Malformed("cut")] * 5) == [None] * 5
