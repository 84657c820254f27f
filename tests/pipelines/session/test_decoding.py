"""From events to intervals as received."""

import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState
from physio.time.clock import CAUSES
from pipelines.session import PhaseName
from pipelines.session.blocks import block_of
from pipelines.session.decoding import NOTHING, START, decode, joined
from pipelines.session.events import (
    Link,
    Mark,
    Packet,
    Phase,
    Source,
    Tick,
    WallClock,
)


def beats(time, *ticks, source=0):
    return Packet(time, source, "heart_rate", encode(HeartRate(60, True, None, ticks)))


def written(time, *rr, source=0):
    return Packet(time, source, "intervals", struct.pack(f"<{len(rr)}d", *rr))


def whole(*events):
    return decode(START, events)[1]


def causes(raw):
    return [CAUSES[code] for code in raw.cause]


def test_a_heart_rate_packet_brings_its_intervals_in_milliseconds():
    raw = whole(beats(1.0, 1024, 512))[0]
    assert raw.rr.tolist() == [1000.0, 500.0]
    assert raw.arrival.tolist() == [1.0, 1.0]
    assert raw.cause.tolist() == [0, 0]
    assert len(raw) == 2


def test_intervals_of_a_file_come_through_to_the_bit():
    rr = (936.0, 0.1 + 0.2, -5.0, 0.0, 451_000.0, float("inf"))
    raw = whole(written(1.0, *rr))[0]
    assert raw.rr.tolist() == list(rr)


def test_each_interval_of_a_block_is_a_packet_of_its_own():
    block = block_of(0, np.array([1.0, 2.0, 3.0]), np.array([800.0, 801.0, 802.0]))
    assert whole(block)[0].packets.tolist() == [1, 1, 1]
    assert whole(written(1.0, 800.0, 801.0))[0].packets.tolist() == [2]


def test_what_calls_gave_joined_is_what_one_call_gives():
    events = [beats(1.0, 1024, 900), beats(1.01, 1024, 900), Packet(1.5, 0, "heart_rate", b"")]
    events += [beats(2.0, 950), Link(3.0, 0, LinkState.LOST), beats(9.0, 700)]
    state, parts = START, [NOTHING]
    for event in events:
        state, new = decode(state, [event])
        parts += new.values()
    together, once = joined(parts), whole(*events)[0]
    for name in ("arrival", "rr", "cause", "packets"):
        assert getattr(together, name).tolist() == getattr(once, name).tolist(), name
    told = [(one.duplicates, one.malformed, one.ticks) for one in (together, once)]
    assert told == [(1, 1, 1024)] * 2
    assert joined([once]) is once


def test_sources_are_kept_apart():
    raw = whole(beats(1.0, 1024), beats(1.01, 1024, source=3), written(2.0, 700.0, source=3))
    assert raw[0].rr.tolist() == [1000.0]
    assert raw[3].rr.tolist() == [1000.0, 700.0]


# Within three quarters of its length (879 ms) it is a delivery of the same, unless it was alone for
# half a second: at 110 bpm, 300 ms are more than half.
@pytest.mark.parametrize(
    ("later", "kept"), [(0.0, 1), (0.051, 1), (0.3, 1), (0.45, 1), (0.6, 2), (1.0, 2)]
)
def test_a_packet_delivered_twice_counts_once(later, kept):
    raw = whole(beats(1.0, 900), beats(1.0 + later, 900))[0]
    assert len(raw) == kept
    assert raw.duplicates == 2 - kept


def test_three_deliveries_count_once_and_other_bytes_always_count():
    raw = whole(beats(1.0, 900), beats(1.001, 900), beats(1.002, 900), beats(1.003, 901))[0]
    assert raw.rr.tolist() == [900 * 1000 / 1024, 901 * 1000 / 1024]
    assert raw.duplicates == 2


def test_a_subscription_leaked_by_a_reconnect_counts_no_packet_twice():
    # The guard looks at the session clock alone: a link that was lost and found lies in between.
    lost, back = Link(1.2, 0, LinkState.LOST), Link(1.3, 0, LinkState.BEATS)
    raw = whole(beats(1.0, 900), lost, back, beats(1.35, 901), beats(1.351, 901))[0]
    assert (raw.rr.tolist(), raw.duplicates) == ([900 * 1000 / 1024, 901 * 1000 / 1024], 1)
    assert causes(raw) == ["", "link lost"]


def test_the_first_packet_after_a_reconnect_is_new_whatever_it_holds():
    lost, back = Link(1.02, 0, LinkState.LOST), Link(4.0, 0, LinkState.BEATS)
    raw = whole(beats(1.0, 900), lost, back, beats(4.1, 900), beats(5.0, 900))[0]
    assert len(raw) == 3
    assert raw.duplicates == 0
    assert causes(raw) == ["", "link lost", ""]


def test_the_guard_is_of_each_source_alone():
    raw = whole(beats(1.0, 900), beats(1.01, 900, source=1), beats(1.02, 900))
    assert (len(raw[0]), raw[0].duplicates) == (1, 1)
    assert (len(raw[1]), raw[1].duplicates) == (1, 0)


def test_rows_of_a_file_are_never_duplicates():
    raw = whole(written(1.0, 800.0), written(1.0, 800.0))[0]
    assert len(raw) == 2
    assert raw.duplicates == 0


@pytest.mark.parametrize(
    "packet",
    [
        Packet(1.0, 0, "heart_rate", b""),
        Packet(1.0, 0, "heart_rate", b"\x11\x40"),
        Packet(1.0, 0, "intervals", b"\x00" * 7),
    ],
)
def test_a_malformed_packet_brings_nothing_and_is_counted(packet):
    raw = whole(packet)[0]
    assert len(raw) == 0
    assert raw.malformed == 1


@pytest.mark.parametrize("filler", [0, 65535])
def test_a_field_without_a_value_is_no_interval_and_no_break(filler):
    events = [beats(float(n), 1000 + n, filler) for n in range(1, 9)]
    raw = whole(*events)[0]
    assert raw.rr.tolist() == [(1000 + n) * 1000 / 1024 for n in range(1, 9)]
    assert set(raw.cause.tolist()) == {0}
    assert len(whole(beats(1.0, filler))[0]) == 0


def test_a_strap_may_count_in_milliseconds():
    raw = whole(Source(0.0, 0, "client", "strap", ticks=1000), beats(1.0, 900, 901))[0]
    assert raw.rr.tolist() == [900.0, 901.0]
    cut, _ = decode(START, [Source(0.0, 0, "client", "strap", ticks=1000)])
    assert decode(cut, [beats(1.0, 900)])[1][0].rr.tolist() == [900.0]


def test_heart_rate_alone_is_no_interval():
    raw = whole(Packet(1.0, 0, "heart_rate", b"\x00\x40"), Packet(1.0, 0, "ecg", b"\x00" * 8))[0]
    assert len(raw) == 0
    assert raw.malformed == 0


def test_how_long_a_strap_told_a_heart_rate_alone_is_counted():
    alone = [Packet(at, 0, "heart_rate", b"\x00\x40") for at in (1.0, 2.0, 5.5)]
    assert whole(*alone)[0].rate_alone == 4.5
    assert whole(alone[0], beats(2.0, 900), alone[2])[0].rate_alone == 0.0


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (Link(2.0, 0, LinkState.LOST), "link lost"),
        (Link(2.0, 0, LinkState.SEARCHING), "link lost"),
        (Link(2.0, 0, LinkState.STOPPED), "link lost"),
        (Link(2.0, 0, LinkState.OFF_SKIN), "strap off the skin"),
        (Link(2.0, 0, LinkState.BEATS), ""),
        (Link(2.0, 1, LinkState.LOST), ""),
        (WallClock(2.0, 1e9, 30.0), "computer suspended"),
        (WallClock(2.0, 1e9, -30.0), "clock changed"),
        (WallClock(2.0, 1e9), ""),
        (Phase(2.0, PhaseName.PAUSED), "paused"),
        (Phase(2.0, PhaseName.SESSION), ""),
        (Mark(2.0, "paused"), ""),
    ],
)
def test_what_the_log_tells_is_a_break_before_the_next_interval(event, cause):
    raw = whole(beats(1.0, 900), event, Phase(2.5, PhaseName.SESSION), beats(3.0, 901, 902))[0]
    assert causes(raw) == ["", cause, ""]


def test_nothing_breaks_before_the_first_interval():
    raw = whole(
        Source(0.0, 0, "client", "strap"),
        Link(0.0, 0, LinkState.SEARCHING),
        WallClock(0.0, 1e9, 5.0),
        Packet(0.5, 0, "heart_rate", b"\x00\x40"),
        Link(1.0, 0, LinkState.LOST),
        beats(2.0, 900),
    )[0]
    assert causes(raw) == [""]


def test_a_break_waits_for_an_interval_and_its_first_cause_is_told():
    raw = whole(
        beats(1.0, 900),
        Link(2.0, 0, LinkState.OFF_SKIN),
        Packet(3.0, 0, "heart_rate", b"\x00\x40"),
        Link(4.0, 0, LinkState.LOST),
        beats(9.0, 901),
        beats(10.0, 902),
    )[0]
    assert causes(raw) == ["", "strap off the skin", ""]


def test_nothing_is_received_during_a_pause():
    raw = whole(
        beats(1.0, 900),
        Phase(1.5, PhaseName.PAUSED),
        beats(2.0, 901),
        Phase(2.5, PhaseName.SESSION),
        beats(3.0, 902),
    )[0]
    assert raw.arrival.tolist() == [1.0, 3.0]
    assert causes(raw) == ["", "paused"]


PACKETS = st.builds(
    lambda time, source, ticks: beats(time, *ticks, source=source),
    st.sampled_from([0.0, 0.01, 0.04, 0.06, 1.0]),
    st.integers(0, 1),
    st.lists(st.sampled_from([0, 900, 901, 65535]), max_size=3),
)
OTHERS = st.sampled_from(
    [
        Link(0.0, 0, LinkState.LOST),
        Link(0.0, 1, LinkState.OFF_SKIN),
        Phase(0.0, PhaseName.PAUSED),
        Phase(0.0, PhaseName.SESSION),
        WallClock(0.0, 1e9, 60.0),
        Packet(0.0, 1, "heart_rate", b"\xff"),
        written(0.0, 800.0, 801.0),
        Tick(0.0),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PACKETS | OTHERS, max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_any_cutting_gives_the_same(events, cuts):
    state, parts = START, []
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    for start, end in itertools.pairwise(edges):
        state, chunk = decode(state, events[start:end])
        parts.append(chunk)
    final, expected = decode(START, events)
    assert state == final
    for source, raw in expected.items():
        chunks = [part[source] for part in parts if source in part]
        for name in ("arrival", "rr", "cause"):
            joined = np.concatenate([getattr(chunk, name) for chunk in chunks])
            assert joined.tobytes() == getattr(raw, name).tobytes()
        assert sum(chunk.duplicates for chunk in chunks) == raw.duplicates
        assert sum(chunk.malformed for chunk in chunks) == raw.malformed
        assert final.sources[source].received == len(raw)


def test_the_state_given_is_not_changed():
    state, _ = decode(START, [beats(1.0, 900)])
    kept = dict(state.sources)
    decode(state, [beats(2.0, 901), Link(3.0, 0, LinkState.SEARCHING), beats(4.0, 901, source=1)])
    assert state.sources == kept
    assert START.sources == {}
