"""What a log becomes offline: windows, sources, gaps, and a reason for every value withheld."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState
from physio import labels
from physio.beats import Beats
from physio.measures import MEASURES
from physio.time import clock
from pipelines.analysis.offline import analyse, beats_of, quality_of, windows_of
from pipelines.analysis.result import encode_result as line_of
from pipelines.session import PhaseName
from pipelines.session.decoding import START, decode
from pipelines.session.events import Link, Mark, Packet, Phase, Source, WallClock
from tests.pipelines.intervals import intervals, numbers, rest


def test_windows_lie_inside_the_recording():
    assert windows_of((10.0, 310.0), 60.0, None) == [
        (10.0 + 60 * k, 70.0 + 60 * k) for k in range(5)
    ]
    assert windows_of((0.0, 90.0), 60.0, 15.0) == [(0.0, 60.0), (15.0, 75.0), (30.0, 90.0)]
    assert windows_of((0.0, 90.0), None, 30.0) == [(0.0, 60.0), (30.0, 90.0)]
    assert windows_of((0.0, 59.0), 60.0, None) == []
    assert windows_of((0.0, 90.0), None, None) == []


@pytest.mark.parametrize(
    ("window", "sliding"),
    [(0, None), (-60, None), (60, 0), (math.nan, None), (60, math.inf), (1, 1e-4)],
)
def test_windows_without_sense_are_refused(window, sliding):
    with pytest.raises(ValueError, match="windows") as caught:
        windows_of((0.0, 600.0), window, sliding)
    assert "\n" not in str(caught.value)


def test_sources_are_measured_apart_and_named_by_their_role():
    events = [
        Source(0.0, 2, "therapist", "b"),
        Source(0.0, 1, "client", "a"),
        Source(0.0, 5, "member 5", "c"),
        *sorted(
            intervals(rest(), source=1) + intervals(rest(seed=2) - 200, source=2),
            key=lambda packet: packet.time,
        ),
    ]
    client, therapist, member = analyse(events)
    assert [client.source, therapist.source, member.source] == ["client", "therapist", "member 5"]
    alone = analyse([Source(0.0, 1, "client", "a"), *intervals(rest(), source=1)])
    assert alone == (client,)
    assert numbers(therapist)["mean_rr"] == pytest.approx(700, abs=5)
    assert member.quality.beats == 0
    assert member.quality.verdict == "none"
    assert all(measure.value is None and measure.reason for measure in member.measures.values())


def test_an_empty_log_has_no_results():
    assert analyse([]) == ()
    assert analyse([Mark(1.0, "alone")]) == ()


def test_beats_count_what_arrived_and_not_what_is_believed():
    rr = [5000.0, *rest(100), 0.0, -3.0, *rest(100), 4000.0]
    passing = np.cumsum(np.maximum(rr, 0)) / 1000
    (result,) = analyse(intervals(rr, times=passing))
    assert result.quality.beats == len(rr)
    assert [gap.cause for gap in result.quality.gaps] == [
        "interval above 3 s", "interval above 3 s",
    ]  # fmt: skip
    # No time is missing where an interval of 0 ms is written: a break, and no gap.
    (found,) = beats_of(intervals(rr, times=passing))
    assert found.beats.segment[-1] == 1
    assert result.quality.gaps[0].start_s == 0.0
    assert result.quality.duration_s == pytest.approx(passing[-1])
    assert result.time_s == pytest.approx(result.quality.duration_s)


def ticks(time, *values):
    return Packet(time, 0, "heart_rate", encode(HeartRate(60, True, None, values)))


def session(minutes=6):
    """A strap's session with a lost link, a pause, a suspend and packets delivered twice."""
    events = [WallClock(0.0, 1.7e9), Source(0.0, 0, "client", "strap")]
    rr = np.round(rest(70 * minutes) * 1.024).astype(int)
    times = np.cumsum(rr) / 1024
    for place, (time, value) in enumerate(zip(times.tolist(), rr.tolist(), strict=True)):
        if place == 109:
            events.append(Link(time, 0, LinkState.LOST))
        if not 100 <= place < 110:
            events += [ticks(time, value)] * (2 if place % 17 == 0 else 1)
        if place == 200:
            events += [Phase(time, PhaseName.PAUSED), Phase(time, PhaseName.SESSION)]
        if place == 300:
            events.append(WallClock(time, 1.7e9 + time + 30, 30.0))
    return events


def test_what_the_log_tells_of_breaks_is_a_gap():
    events = session()
    (result,) = analyse(events)
    assert [gap.cause for gap in result.quality.gaps] == [
        "link lost",
        "paused",
        "computer suspended",
    ]
    (found,) = beats_of(events)
    assert result.quality.beats == 70 * 6 - 10
    assert found.received == result.quality.beats == decode(START, events)[0].sources[0].received
    assert len(np.unique(found.beats.segment)) == 4


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=8))
def test_any_cutting_of_a_log_gives_the_same_beats_and_result(cuts):
    events = session()
    state, ticking, labelling = START, clock.START, labels.START
    parts, marked = [], []
    edges = [0, *sorted(cuts), len(events)]
    for start, end in itertools.pairwise(edges):
        state, raw = decode(state, events[start:end])
        for chunk in raw.values():
            ticking, settled = clock.advance(ticking, chunk.arrival, chunk.rr, chunk.cause)
            labelling, final = labels.advance(labelling, settled.beats.rr, settled.beats.segment)
            parts.append(settled)
            marked.append(final)
    rest_of_it = clock.pending(ticking)
    labelling, final = labels.advance(labelling, rest_of_it.beats.rr, rest_of_it.beats.segment)
    whole = clock.join(*parts, rest_of_it)
    (found,) = beats_of(events)
    for name in ("time", "rr", "segment"):
        assert getattr(whole.beats, name).tobytes() == getattr(found.beats, name).tobytes()
    assert (
        np.concatenate([*marked, final, labels.pending(labelling)]).tobytes()
        == found.labels.tobytes()
    )
    assert whole.gaps == found.gaps


def test_a_log_analysed_twice_gives_the_same_line():
    assert [line_of(result) for result in analyse(session(), window=60.0)] == [
        line_of(result) for result in analyse(session(), window=60.0)
    ]


def test_quality_speaks_of_the_whole_recording():
    (found,) = beats_of(intervals(rest()))
    quality = quality_of(found)
    assert quality.coverage_percent == pytest.approx(100)
    assert quality.duration_s == pytest.approx(rest().sum() / 1000)
    assert (quality.verdict, quality.reason) == ("good", None)
    assert isinstance(found.beats, Beats)


ABSURD = st.sampled_from([0.0, -1.0, 100.0, 2999.0, 3001.0, 60_000.0, math.nan, math.inf])
ANY_INTERVALS = st.lists(st.floats(300, 1500) | ABSURD, max_size=120)


@settings(max_examples=150, deadline=None)
@given(ANY_INTERVALS, st.booleans(), st.sampled_from([None, 10.0, 60.0]))
def test_every_withheld_value_has_a_reason_and_no_line_a_number_json_has_not(rr, use, window):
    times = np.cumsum([value if 0 < value < 1e6 else 0.0 for value in rr]) / 1000
    events = [Source(0.0, 0, "client", "x"), *intervals(rr, times=times)]
    (result,) = analyse(events, labels=use, window=window, baseline=(0.0, 60.0))
    json.loads(line_of(result), parse_constant=lambda constant: pytest.fail(constant))
    assert result.quality.beats == np.count_nonzero(np.array(rr) > -np.inf)
    assert list(result.measures) == list(MEASURES)
    for panel in (result.measures, *(line.measures for line in result.windows)):
        for name, measure in panel.items():
            assert measure.unit == MEASURES[name].unit
            assert measure.value is not None or measure.reason
            assert 0 <= measure.coverage_percent <= 100 + 1e-9
            assert 0 <= measure.corrected_percent <= 100
            if measure.low is not None:
                assert measure.low <= measure.value <= measure.high
