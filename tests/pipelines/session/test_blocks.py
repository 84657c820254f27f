"""Many intervals of a file in one packet are the same as a packet each."""

import itertools
import struct
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.codec import SERIES, Malformed
from devices.link import LinkState
from pipelines.analysis.offline import analyse
from pipelines.analysis.result import encode_result
from pipelines.formats import read
from pipelines.formats.recording import INTERVALS_TOGETHER
from pipelines.live.engine import Engine
from pipelines.session import PhaseName
from pipelines.session.blocks import block_of, one_by_one
from pipelines.session.decoding import START, decode
from pipelines.session.events import Link, Mark, Packet, Phase, Source, WallClock
from tests.pipelines.intervals import intervals, rest

ODD = [0.0, -5.0, 4000.0, float("nan"), float("inf"), 1e-320, 800.0, 801.5]


def block(*pairs, source=0):
    arrival, rr = np.array(pairs, dtype=float).T
    return block_of(source, arrival, rr)


def columns(raw):
    return [getattr(raw, name).tobytes() for name in ("arrival", "rr", "cause", "packets")]


BLOCKS = st.lists(st.tuples(st.floats(0, 100), st.sampled_from(ODD)), min_size=1, max_size=9).map(
    lambda pairs: block(*sorted(pairs, key=lambda pair: pair[0]))
)
OTHERS = st.sampled_from(
    [
        Link(0.0, 0, LinkState.LOST),
        Phase(0.0, PhaseName.PAUSED),
        Phase(0.0, PhaseName.SESSION),
        WallClock(0.0, 1e9, 60.0),
        Packet(0.0, 0, "intervals", struct.pack("<d", 700.0)),
        Packet(0.0, 0, "timed_intervals", b"odd"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS | OTHERS, max_size=12), st.integers(0, 12))
def test_a_block_brings_what_its_intervals_would_one_by_one(events, cut):
    whole = decode(START, events)[1]
    apart = decode(START, one_by_one(events))[1]
    state, first = decode(START, events[:cut])
    second = decode(state, events[cut:])[1]
    assert whole.keys() == apart.keys() == first.keys() | second.keys()
    for source, raw in whole.items():
        assert columns(raw) == columns(apart[source])
        assert raw.malformed == apart[source].malformed
        parts = [columns(chunk[source]) for chunk in (first, second) if source in chunk]
        assert columns(raw) == [b"".join(pieces) for pieces in zip(*parts, strict=True)]


def test_one_by_one_keeps_everything_else_and_every_time():
    mark = Mark(1.5, "touched hip")
    found = list(
        one_by_one(
            [Source(0.0, 3, "client", ""), block((1.0, 800.0), (2.0, 801.0), source=3), mark]
        )
    )
    assert found[1:] == [*intervals([800.0, 801.0], times=[1.0, 2.0], source=3), mark]


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 8,
        b"\0" * 17,
        struct.pack("<4d", 2.0, 1.0, 800.0, 800.0),
        struct.pack("<2d", float("nan"), 800.0),
        struct.pack("<2d", float("inf"), 800.0),
    ],
)
def test_a_block_that_cannot_be_read_is_malformed(data):
    assert isinstance(SERIES["timed_intervals"].decode(data), Malformed)
    raw = decode(START, [Packet(1.0, 0, "timed_intervals", data)])[1][0]
    assert (len(raw), raw.malformed) == (0, 1)


def file_of(tmp_path, rr):
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(f"{value:.0f}" for value in rr))
    return read(path)


def test_the_engine_shows_a_file_beat_by_beat(tmp_path):
    events = file_of(tmp_path, rest(300)).events
    at_once, apart = Engine(), Engine()
    at_once.advance(events)
    apart.advance(one_by_one(events))
    assert at_once.snapshot(0.0) == apart.snapshot(0.0)
    assert at_once.snapshot(0.0).sources[0].trace_length == 300


@pytest.mark.parametrize("count", [1, INTERVALS_TOGETHER, INTERVALS_TOGETHER + 1])
def test_a_file_is_a_few_packets_and_gives_the_numbers_of_a_packet_an_interval(tmp_path, count):
    rr = np.rint(rest(count))
    events = file_of(tmp_path, rr).events
    assert len(events) == len(list(events)) == 1 + -(-count // INTERVALS_TOGETHER)
    assert list(events[:]) == list(events)
    earlier = [events[0], *intervals(rr, times=np.cumsum(rr / 1000))]
    assert list(one_by_one(events)) == earlier
    if count > 1:
        assert [*map(encode_result, analyse(events))] == [*map(encode_result, analyse(earlier))]


def test_a_day_is_decoded_in_a_fraction_of_the_time_of_a_packet_an_interval(tmp_path):
    events = file_of(tmp_path, rest(50_000)).events
    earlier = list(one_by_one(events))

    def cost(log):
        began = time.process_time()
        decode(START, list(log))
        return time.process_time() - began

    ratios = [cost(events) / cost(earlier) for _ in itertools.repeat(None, 3)]
    assert min(ratios) < 0.2
