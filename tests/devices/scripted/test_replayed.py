"""A recording arrives again exactly as it was, at any speed."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.clock import run
from devices.link import Link, LinkState, Notification, StateChange
from devices.scripted.replayed import Arrival, Loss, replay_script
from devices.sources import replayed

times = st.lists(st.floats(0, 5000, allow_subnormal=False), max_size=30).map(sorted)
losses = st.lists(
    st.builds(
        lambda start, length: Loss(start, None if length is None else start + length),
        st.floats(0, 5000, allow_subnormal=False),
        st.none() | st.floats(0, 100, allow_subnormal=False),
    ),
    max_size=4,
)


def arrivals(when, kind="heart_rate"):
    return [Arrival(time, kind, struct.pack("<d", n)) for n, time in enumerate(when)]


def replay(opened, speed="max"):
    emitted = []

    async def main():
        await Link(opened.adapter, opened.wanted, emit=emitted.append).run()

    run(main(), speed=speed)
    return emitted


def got(emitted):
    return [
        Arrival(r.time, r.kind, r.data, r.rate, r.channel)
        for r in emitted
        if isinstance(r, Notification)
    ]


@settings(deadline=None)
@given(times, losses)
def test_every_packet_comes_back_with_its_own_time(when, lost):
    recorded = arrivals(when)
    emitted = replay(replayed(recorded, losses=lost))
    assert got(emitted) == recorded
    stamps = [record.time for record in emitted]
    assert stamps == sorted(stamps)
    assert emitted[-1].state is LinkState.STOPPED


@pytest.mark.parametrize("speed", [1.0, 20.0])
def test_the_same_at_any_speed(speed):
    when = [0.05, 0.1, 0.1, 0.3, 0.4]
    recorded = arrivals(when)
    lost = [Loss(0.15, 0.25)]
    fast = replay(replayed(recorded, losses=lost))
    slower = replay(replayed(recorded, losses=lost), speed)
    assert got(fast) == got(slower) == recorded

    def loss_states(emitted):
        return [r for r in emitted if isinstance(r, StateChange) and r.state is LinkState.LOST]

    assert loss_states(fast) == loss_states(slower)
    assert [r.time for r in loss_states(fast)] == [0.15]


def test_intervals_come_by_their_own_characteristic():
    emitted = replay(replayed(arrivals([1.0, 2.0], "intervals"), name="a file"))
    assert [record.kind for record in emitted if isinstance(record, Notification)] == [
        "intervals"
    ] * 2
    assert LinkState.BEATS in [r.state for r in emitted if isinstance(r, StateChange)]


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Arrival,
            st.floats(0, 5000, allow_subnormal=False),
            st.sampled_from(["heart_rate", "intervals"]),
            st.binary(max_size=4),
            st.none() | st.sampled_from([25.0, 130.0]),
            st.integers(0, 2),
        ),
        max_size=30,
    ),
    losses,
)
def test_any_number_of_series_comes_back_in_order(recorded, lost):
    recorded.sort(key=lambda one: one.time)
    assert got(replay(replayed(recorded, losses=lost))) == recorded


def test_an_hour_of_silence_is_no_loss():
    emitted = replay(replayed(arrivals([1.0, 3601.0])))
    assert LinkState.LOST not in [r.state for r in emitted if isinstance(r, StateChange)]


def test_a_link_that_never_came_back():
    opened = replayed(arrivals([1.0, 2.0]), losses=[Loss(3.0)], end=20.0)
    emitted = replay(opened)
    assert opened.duration == 20.0
    assert [(r.time, r.state) for r in emitted if isinstance(r, StateChange)][-2:] == [
        (3.0, LinkState.LOST),
        (20.0, LinkState.STOPPED),
    ]


def test_nothing_recorded_ends_at_once():
    assert got(replay(replayed([]))) == []


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        (arrivals([2.0, 1.0]), "order of time"),
        (arrivals([-1.0, 1.0]), "session clock"),
        (arrivals([float("nan")]), "session clock"),
        (arrivals([1.0], "no_such_kind"), "series that a strap sends"),
        (arrivals([1.0], "timed_intervals"), "series that a strap sends"),
        ([Arrival(1.0, "heart_rate", b"", channel=-1)], "series that a strap sends"),
        ([Arrival(1.0, "heart_rate", b"", channel=10**9)], "series that a strap sends"),
    ],
)
def test_what_is_no_recording_is_refused(recorded, words):
    with pytest.raises(ValueError, match=words):
        replay_script(recorded)
