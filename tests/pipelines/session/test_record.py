"""A record says of every packet what the engine said when it came, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings

from physio.compiled import machine_code_here
from physio.reasons import ReasonCode
from pipelines.formats import read
from pipelines.live.engine import Engine
from pipelines.live.wearer import Wearer
from pipelines.session import PhaseName, one_by_one, record
from pipelines.session.events import (
    AnyEvent,
    Baseline,
    Link,
    Part,
    PartName,
    Phase,
    Posture,
    PostureName,
    Source,
    TalkBaseline,
    Talking,
    WallClock,
)
from pipelines.session.record import SourceRecord, record_of
from pipelines.session.trace import COLUMNS, Points
from tests.pipelines.logs import LOST, logs, of_file, session
from tests.recordings import DATA, real

AGAIN = (pytest.mark.long, pytest.mark.law)
"""The same of more logs: for `make test-long`, and for mutants."""


class Listening:
    """An engine, and what each of its wearers said after each packet with beats."""

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        self.engine = Engine("s")
        self.said: dict[int, list] = {}
        for event in events:
            self.engine.advance((event,))
            for number, wearer in self.engine._wearers.items():
                said = self.said.setdefault(number, [])
                if len(wearer.points) > len(said):
                    said.append(wearer._glance)


def close(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True)


def assert_told_alike(events: Sequence[AnyEvent]) -> dict[int, int]:
    """Compare what both readers of a log say; return how many points each source has."""
    live = Listening(events)
    told = record_of(events)
    for source in told.sources:
        number = source.found.source
        assert_same_words(source, live.said.get(number, []))
        if number in live.engine._wearers:
            assert_same_points(source, live.engine, live.engine._wearers[number])
    return {source.found.source: len(source) for source in told.sources}


def assert_same_words(source: SourceRecord, said: list) -> None:
    told = source.glances
    assert len(source) == len(told) == len(said)
    for name in ("position", "direction", "trust", "episode"):
        assert [getattr(one, name) for one in told] == [getattr(one, name) for one in said], name
    for name in ("position_since", "direction_since", "level", "difference", "difference_error"):
        values = ([getattr(one, name) for one in each] for each in (told, said))
        close(*(np.array(each, float) for each in values))


def assert_same_points(source: SourceRecord, engine: Engine, wearer: Wearer) -> None:
    """Compare points, as far as live labels of the beats that they look at are final."""
    parts = [
        engine.trace(wearer.source.source, first, 0).points()
        for first in range(0, len(source), 256)
    ]
    found = engine.beats(wearer.source.source)
    assert np.array_equal(found.beats.time, source.found.beats.time)
    assert np.array_equal(found.labels, source.found.labels)
    assert wearer.baselines == source.known
    live = wearer.beats.since(0)[1]
    differ = np.flatnonzero(live != found.labels)
    settled = int(differ[0]) if len(differ) else len(live) + 2
    same = source.moments.count < settled
    points = source.trace()
    for place, name in enumerate(COLUMNS):
        column = np.concatenate([part.columns()[place] for part in parts] or [np.empty(0)])
        assert len(column) == len(points)
        close(getattr(points, name)[same], column[same])


def assert_parts_are_the_whole(source: SourceRecord) -> None:
    whole = source.trace()
    for first, last in ((0, 1), (7, 300), (len(source) - 3, len(source)), (5, 5)):
        part: Points = source.trace(first, last)
        for one, other in zip(part.columns(), whole.columns(), strict=True):
            close(one, other[first:last])


def with_moments(events: list[AnyEvent]) -> list[AnyEvent]:
    """Return the log with two baselines in it and some talking."""
    end = events[-1].time
    added = [
        Baseline(0.3 * end, 0, 5.0, 0.3 * end),
        Talking(0.5 * end, True),
        Talking(0.55 * end, False),
        Baseline(0.7 * end, 0, 0.4 * end, 0.7 * end),
        Talking(0.9 * end, True),
    ]
    return sorted([*events, *added], key=lambda event: event.time)


@pytest.mark.parametrize(
    "scenario",
    ["dropouts", *(pytest.param(one, marks=AGAIN) for one in ("therapy", "ectopic:8"))],
)
def test_a_record_says_what_was_said_live(scenario):
    events = with_moments(session(scenario, 420.0))
    assert assert_told_alike(events)[0] > 300
    (source,) = record_of(events).sources
    assert_parts_are_the_whole(source)
    assert len({one.trust.level for one in source.glances}) > 1
    assert {"", "near"} <= {one.position for one in source.glances}


def in_circumstances(events: list[AnyEvent]) -> list[AnyEvent]:
    """Return the log with postures, movement, and baselines silent and talking."""
    added = [
        Posture(10.0, 0, PostureName.SITTING),
        Baseline(130.0, 0, 10.0, 130.0),
        Talking(135.0, True),
        TalkBaseline(210.0, 0, 140.0, 210.0),
        Talking(230.0, False),
        Posture(240.0, 0, PostureName.STANDING),
        Talking(380.0, True),
        Part(400.0, PartName.MOVEMENT),
        Talking(410.0, False),
        Part(440.0, PartName.NONE),
        Baseline(450.0, 0, 380.0, 450.0),
        Posture(480.0, 0, PostureName.SITTING),
    ]
    return sorted([*events, *added], key=lambda event: event.time)


def test_what_is_said_in_every_circumstance_is_what_was_said_live():
    events = in_circumstances(session("therapy", 640.0))
    assert assert_told_alike(events)[0] > 500
    (source,) = record_of(events).sources
    where = {(one.position != "", one.trust.level) for one in source.glances}
    assert {(True, "clear"), (True, "limited"), (False, "clear")} <= where
    compared = np.isfinite(source.trace().arousal)
    for start, end in ((240.0, 360.0), (400.0, 440.0), (480.0, 600.0)):
        inside = (source.time >= start) & (source.time < end)
        assert inside.any()
        assert not compared[inside].any()
    assert compared[(source.time > 610.0)].all()
    talked = (source.time > 145.0) & (source.time < 229.0)
    assert compared[talked].all()


RECORDINGS = (
    "polar_h10_dhyb/sample_data_ibi.csv",
    "vollmer_hrm_raw/14121501.hrm",
    "elite_hrv_txt/2017-06-29 13-11-53.txt",
    "selfloops_txt/20170808002e.txt",
)


@pytest.mark.long
@real
@pytest.mark.parametrize(
    "name",
    [RECORDINGS[0], *(pytest.param(name, marks=AGAIN) for name in RECORDINGS[1:])],
)
def test_a_record_of_a_real_recording_says_what_was_said_live(name):
    events = list(one_by_one(read(DATA / name).events))[:420]
    assert max(assert_told_alike(with_moments(events)).values()) > 200


@settings(max_examples=50, deadline=None)
@given(logs())
def test_a_record_of_any_log_says_what_was_said_live(events: list[AnyEvent]) -> None:
    assert_told_alike(events)


@pytest.mark.long
def test_a_record_takes_a_quarter_of_what_the_fold_of_its_packets_takes():
    def seconds(job, events):
        job(events)
        taken = []
        for _ in range(3):
            begun = process_time()
            job(events)
            taken.append(process_time() - begun)
        return min(taken)

    def everything(events):
        return [(source.trace(), source.glances) for source in record_of(events).sources]

    short, long = session("therapy", 300.0), session("therapy", 1800.0)
    with machine_code_here():
        assert seconds(everything, long) < seconds(lambda log: Engine().advance(log), short) * 1.5


def test_only_what_is_asked_for_is_read(monkeypatch):
    (source,) = record_of(session("rest", 1500.0)).sources
    asked = []
    whole = record.readings
    monkeypatch.setattr(
        record, "readings", lambda *a, end, **k: asked.append(len(end)) or whole(*a, end=end, **k)
    )
    assert source.found.labels is not None
    assert not asked
    first, last = source.between(600.0, 700.0)
    part = source.trace(first, last)
    assert (part.time[0] >= 600.0, part.time[-1] <= 700.0) == (True, True)
    assert 80 < len(part) < 120
    assert sum(asked) == len(part) < len(source)
    source.trace(first, last)
    assert sum(asked) == len(part)


def test_a_source_that_sent_nothing_has_no_points():
    (source,) = record_of([Source(0.0, 0, "client", "x"), Baseline(3.0, 0, 0.0, 3.0)]).sources
    assert (len(source), len(source.trace()), source.glances, source.baseline) == (0, 0, (), None)
    assert source.between(0.0, 10.0) == (0, 0)


def troubled(seed: int, packets: int) -> list[AnyEvent]:
    """A long log with late packets, backlogs, losses told and untold, odd beats and pauses."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, packets)
    rr = 800.0 + 60.0 * np.sin(0.6 * np.arange(sizes.sum())) + rng.normal(0, 12, sizes.sum())
    odd = rng.random(len(rr)) < rng.choice([0.0, 0.02, 0.1])
    rr[odd] *= rng.choice([0.4, 0.6, 1.5, 2.0, 4.5, 0.0], len(rr))[odd]
    sent = np.cumsum(rr)[np.cumsum(sizes) - 1] / 1000.0
    events: list[AnyEvent] = [Source(0.0, 0, "client", "x")]
    late, end = 0.0, 0.0
    for number, part in enumerate(np.split(rr, np.cumsum(sizes)[:-1])):
        happening = rng.random()
        late = 4.0 * rng.random() if happening < 0.03 else max(0.0, late - part.sum() / 1000.0)
        time = max(end, float(sent[number]) + late + 0.3 * rng.random())
        if happening > 0.99:
            events += [Link(time, 0, LOST), WallClock(time, 1.7e9, 30.0)]
        elif happening > 0.98:
            events += [Talking(time, bool(rng.random() < 0.5))]
        elif happening > 0.97:
            events += [Baseline(time, 0, time - 100.0 * rng.random(), time)]
        elif happening > 0.965:
            events += [Phase(time, PhaseName.PAUSED), Phase(time, PhaseName.SESSION)]
        if happening < 0.95 or happening > 0.965:
            events.append(of_file(time, 0, part))
        end = time
    return events


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=AGAIN) for seed in (1, 2, 3))])
def test_a_record_of_a_troubled_session_says_what_was_said_live(seed):
    assert assert_told_alike(troubled(seed, 260))[0] > 150


def test_a_record_of_a_rhythm_locked_to_the_beat_says_what_was_said_live():
    """What is judged by five minutes is so in every part of a record."""
    rr = 800.0 + np.random.default_rng(1).normal(0.0, 12.0, 700)
    rr[::6] -= 80.0
    rr[1::6] += 80.0
    ends = np.cumsum(rr) / 1000.0
    log = [of_file(end, 0, [one]) for end, one in zip(ends.tolist(), rr.tolist(), strict=True)]
    events = [Source(0.0, 0, "client", "x"), *log]
    assert assert_told_alike(events)[0] == 700
    (whole,), (part,) = record_of(events).sources, record_of(events).sources
    codes = [one.trust.reason and one.trust.reason.code for one in whole.glances]
    assert codes.count(ReasonCode.IRREGULAR) > 300
    assert part.trace(400, 450).trust.tolist() == whole.trace().trust[400:450].tolist()


def test_a_rhythm_that_was_locked_earlier_is_told_of_as_long_as_it_was_live():
    """Points are read together from as far back as five minutes, not from where they begin."""
    rr = 800.0 + np.random.default_rng(4).normal(0.0, 12.0, 700)
    rr[:300:6] -= 80.0
    rr[1:300:6] += 80.0
    ends = np.cumsum(rr) / 1000.0
    log = [of_file(end, 0, [one]) for end, one in zip(ends.tolist(), rr.tolist(), strict=True)]
    events = [Source(0.0, 0, "client", "x"), *log]
    assert assert_told_alike(events)[0] == 700
    (late,) = record_of(events).sources
    (whole,) = record_of(events).sources
    told = late.trace(520, 560).trust.tolist()
    assert told == whole.trace().trust[520:560].tolist()
    assert len(set(told)) == 2
