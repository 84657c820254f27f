"""From packets of any series to samples in time."""

import numpy as np
import pytest

from devices.codec import SERIES
from devices.codec.payload import Malformed, SamplePayload
from devices.codec.series import Series
from devices.link import LinkState
from pipelines.live.engine import Engine
from pipelines.session import PhaseName
from pipelines.session.events import Link, Packet, Phase, WallClock
from pipelines.session.samples import SeriesName, samples_of


def axes(payload):
    if len(payload) % 3:
        return Malformed("no whole samples")
    return SamplePayload(np.frombuffer(payload, "i1").astype(float).reshape(-1, 3))


def plain(payload):
    return SamplePayload(np.frombuffer(payload, "i1").astype(float))


def either(payload):
    return axes(payload[1:]) if payload[:1] == b"3" else plain(payload[1:])


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    kinds = {"plain": (plain, 10.0), "axes": (axes, 10.0), "either": (either, 10.0)}
    for name, (decode, rate) in (kinds | {"slow": (plain, None)}).items():
        monkeypatch.setitem(SERIES, name, Series(name, "mg", f"uuid of {name}", decode, rate=rate))


def frame(second, source=0, kind="plain", **part):
    """Return a packet of the ten samples of a second, which arrives at its end."""
    data = bytes((second + place) % 100 for place in range(10))
    return Packet(float(second + 1), source, kind, data, **part)


def only(events):
    (series,) = samples_of(events).values()
    return series


def test_samples_come_at_the_rate_of_their_series_to_the_bit():
    series = only([frame(second) for second in range(20)])
    assert series.time == pytest.approx(np.arange(1, 201) / 10)
    assert series.value.tolist() == [(n // 10 + n % 10) % 100 for n in range(200)]
    assert series.segment.tolist() == [0] * 200
    assert series.unit == "mg"


@pytest.mark.parametrize(
    ("event", "begins"),
    [
        (Link(4.5, 0, LinkState.LOST), True),
        (Link(4.5, 0, LinkState.SEARCHING), True),
        (Link(4.5, 1, LinkState.LOST), False),
        (Link(4.5, 0, LinkState.OFF_SKIN), False),
        (Link(4.5, 0, LinkState.BEATS), False),
        (WallClock(4.5, 1e9, 60.0), True),
        (WallClock(4.5, 1e9), False),
        (Phase(4.5, PhaseName.PAUSED), True),
    ],
)
def test_what_the_log_tells_is_a_gap(event, begins):
    log = [*map(frame, range(4)), event, Phase(4.6, PhaseName.SESSION), *map(frame, range(4, 9))]
    assert np.unique(only(log).segment).tolist() == [0, 1][: 1 + begins]


def test_nothing_is_received_during_a_pause():
    log = [
        frame(0),
        Phase(1.5, PhaseName.PAUSED),
        frame(1),
        Phase(2.5, PhaseName.SESSION),
        frame(2),
    ]
    assert only(log).time == pytest.approx([*np.arange(1, 11) / 10, *np.arange(21, 31) / 10])


def test_a_packet_delivered_twice_counts_once():
    twice = Packet(1.01, 0, "plain", frame(0).data)
    series = only([frame(0), twice, frame(1)])
    assert (len(series), series.duplicates) == (20, 1)


def test_what_cannot_be_read_is_counted_and_kept_out():
    whole = Packet(1.0, 0, "axes", bytes(30))
    series = only([whole, Packet(2.0, 0, "axes", bytes(31)), Packet(3.0, 0, "axes", b"")])
    assert (series.value.shape, series.malformed) == ((10, 3), 1)
    mixed = only([Packet(1.0, 0, "either", b"3" + bytes(9)), Packet(2.0, 0, "either", b"1\1")])
    assert (mixed.value.shape, mixed.malformed) == ((3, 3), 1)


def test_series_sources_and_channels_are_kept_apart():
    log = [frame(0), frame(0, source=1), frame(0, channel=2), Packet(1.0, 0, "slow", b"\7")]
    log += [Packet(1.0, 0, "heart_rate", b"\x00\x40"), Packet(1.0, 0, "no such kind", b"\1")]
    assert list(samples_of(log)) == [
        SeriesName(0, "plain", 0),
        SeriesName(0, "plain", 2),
        SeriesName(0, "slow", 0),
        SeriesName(1, "plain", 0),
    ]


@pytest.mark.parametrize(
    ("rate", "step"), [(5.0, 0.2), (None, 0.1), (0.0, 0.1), (-1.0, 0.1), (float("nan"), 0.1)]
)
def test_the_rate_of_the_packet_counts_before_that_of_its_series(rate, step):
    series = only([frame(0, rate=rate)])
    assert np.diff(series.time) == pytest.approx([step] * 9)


def test_a_series_without_a_rate_is_of_its_arrivals():
    log = [Packet(time, 0, "slow", b"\7") for time in (1.0, 61.5, 200.25)]
    assert only(log).time.tolist() == [1.0, 61.5, 200.25]


def test_beats_and_their_wearer_know_nothing_of_it():
    log = [Packet(float(n), 0, "intervals", np.float64(1000).tobytes()) for n in range(1, 20)]
    beside = [packet for n, beat in enumerate(log) for packet in (beat, frame(n))]
    alone, both = Engine(), Engine()
    alone.advance(log)
    both.advance(beside)
    assert alone.snapshot(30.0) == both.snapshot(30.0)


def test_beats_of_another_channel_are_kept_and_not_counted():
    log = [Packet(1.0, 0, "heart_rate", b"\x10\x40\x00\x04", channel=1)]
    engine = Engine()
    engine.advance(log)
    assert engine.received == 0
