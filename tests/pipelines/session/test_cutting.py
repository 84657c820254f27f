"""A stretch of a recording: what an epoch from and to the same moments holds, and no more."""

import numpy as np
import pytest

from devices.link import LinkState
from physio.presets import INTERBEAT
from pipelines.analysis import over_windows, summary
from pipelines.session import beats_of, stretch_of
from pipelines.session.events import Link, Mark, Part, PartName, Source
from tests.pipelines.logs import of_file


@pytest.fixture
def found():
    place = np.arange(900)
    rr = 850 + 40 * np.sin(place / 1.2) + (place * 7919 % 17 - 8)
    events = [Source(0.0, 0, "client", "x")]
    for block in np.split(rr[:600], 20):
        events.append(of_file(events[-1].time + block.sum() / 1000, 0, block))
    lost = events[-1].time
    events += [
        Mark(100.0, "early"),
        Mark(250.0, "within"),
        Part(90.0, PartName.REST),
        Part(260.0, PartName.TOUCH),
        Link(lost + 1.0, 0, LinkState.LOST),
        Link(lost + 30.0, 0, LinkState.BEATS),
    ]
    for block in np.split(rr[600:], 10):
        events.append(of_file(max(events[-1].time, lost + 30.0) + block.sum() / 1000, 0, block))
    (one,) = beats_of(events)
    return one


def test_a_stretch_has_the_values_of_the_same_epoch(found):
    start, end = 120.0, 480.0
    values = summary(stretch_of(found, start, end)).measures
    epoch = over_windows(found, np.array([start]), np.array([end]), INTERBEAT)
    for name in ("mean_hr", "rmssd", "sdnn", "pnn50", "sd1", "hf", "lf"):
        assert values[name].value == pytest.approx(epoch[name].value[0], rel=1e-9), name


def test_a_stretch_holds_nothing_of_what_lies_outside(found):
    part = stretch_of(found, 200.0, 300.0)
    assert part.beats.time.min() > 200.0
    assert part.beats.time.max() <= 300.0
    assert part.received == len(part.beats) == len(part.labels)
    assert [mark.text for mark in part.marks] == ["within"]
    assert [(one.name, one.start, one.end) for one in part.hour.parts] == [
        (PartName.REST, 200.0, 260.0),
        (PartName.TOUCH, 260.0, 300.0),
    ]
    assert part.gaps == ()
    everything = stretch_of(found, -np.inf, np.inf)
    assert np.array_equal(everything.beats.time, found.beats.time)
    assert everything.gaps == found.gaps


def test_a_beat_belongs_to_the_stretch_that_it_ends_in(found):
    edges = found.beats.time[[100, 200]].tolist()
    part = stretch_of(found, *edges)
    assert part.beats.time.tolist() == found.beats.time[101:201].tolist()


def test_a_gap_at_an_edge_is_cut_there(found):
    (gap,) = found.gaps
    middle = (gap.start + gap.end) / 2
    before, after = stretch_of(found, 0.0, middle), stretch_of(found, middle, np.inf)
    assert [(one.start, one.end) for one in before.gaps] == [(gap.start, middle)]
    assert [(one.start, one.end) for one in after.gaps] == [(middle, gap.end)]
    assert before.span[1] == after.span[0] == middle
    assert len(before.beats) + len(after.beats) == len(found.beats)


def test_where_no_heartbeat_lies_there_is_nothing(found):
    assert stretch_of(found, 1e5, 2e5) is None
