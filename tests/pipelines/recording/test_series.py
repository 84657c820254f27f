"""A series beside the beats, from the strap to the export and back."""

import time

import numpy as np
import pytest

from devices.codec import SERIES
from pipelines import formats, store
from pipelines.analysis.offline import analyse
from pipelines.live.engine import Engine
from pipelines.recording import sources
from pipelines.recording.recorder import Plan
from pipelines.session import events as ev
from pipelines.session.samples import SeriesName, samples_of
from pipelines.session.source_beats import beats_of
from tests.pipelines.recording import made_up
from tests.pipelines.recording.sessions import of_kind, record

NAME = SeriesName(0, "made_up", 0)


@pytest.fixture(autouse=True)
def row(monkeypatch):
    monkeypatch.setitem(SERIES, "made_up", made_up.ROW)


def recorded(library, seconds=40.0, **part):
    log, running = record(library, Plan([made_up.wearer(seconds, **part)]))
    return log, running._engine


def packets(log, kind="made_up"):
    return [packet for packet in of_kind(log, ev.Packet) if packet.kind == kind]


def same(one, other):
    assert one.keys() == other.keys()
    for name, series in one.items():
        for column in ("time", "value", "segment"):
            assert np.array_equal(getattr(series, column), getattr(other[name], column))


def without_the_series(log):
    return [event for event in log if getattr(event, "kind", "") != "made_up"]


def test_what_the_strap_sent_is_stored_raw_and_placed_in_time(library):
    sent = list(made_up.frames(40.0))
    log, engine = recorded(library, notifies=sent)
    assert [(one.time, one.data) for one in packets(log)] == [(s.time, s.data) for s in sent]
    assert {(one.rate, one.channel) for one in packets(log)} == {(made_up.RATE, 0)}
    (series,) = engine.samples().values()
    assert len(series) == len(sent) * made_up.FRAME
    assert series.unit == "uV"
    true = np.arange(len(series)) / made_up.RATE
    assert np.array_equal(series.value, made_up.wave(true))
    assert np.abs(series.time - true).max() < 0.05
    same(engine.samples(), samples_of(log))


def test_beats_know_nothing_of_it(library):
    log, engine = recorded(library, notifies=made_up.frames(40.0))
    alone = without_the_series(log)
    assert len(log) > len(alone) + 150
    assert analyse(log) == analyse(alone)
    other = Engine(engine._session)
    other.advance(alone)
    assert engine.snapshot(0.0) == other.snapshot(0.0)
    assert engine.trace(0, 0, 0) == other.trace(0, 0, 0)


def test_gaps_are_gaps(library):
    lost = [(20.0, 22.0)]
    sent = made_up.frames(130.0, lost=lost)
    log, _ = recorded(library, 130.0, scenario="dropouts", notifies=sent)
    series = samples_of(log)[NAME]
    place = np.flatnonzero(np.diff(series.segment))
    # What was lost on the way, and the link that was lost from 90 to 110 s.
    assert series.time[place] == pytest.approx([20.0, 90.0], abs=0.3)
    assert series.time[place + 1] == pytest.approx([22.0, 110.0], abs=0.3)
    assert np.diff(series.time[place[0] : place[0] + 2]) == pytest.approx([2.0], abs=0.25)


def test_export_and_replay_keep_it_byte_for_byte(library, tmp_path):
    both = sorted(
        (*made_up.frames(40.0), *made_up.frames(25.0, channel=1)), key=lambda step: step.time
    )
    log, engine = recorded(library, notifies=both)
    (session,) = library.sessions()
    path = store.export_session(library, session.id, tmp_path)
    read = formats.read(path)
    assert list(read.events) == log
    assert read.intervals == beats_of(log)[0].received
    again, running = record(library, Plan(sources.wearers(replays=(path,))))
    assert of_kind(again, ev.Packet) == of_kind(log, ev.Packet)
    assert samples_of(log).keys() == {NAME, NAME._replace(channel=1)}
    same(running._engine.samples(), engine.samples())
    assert [one.measures for one in analyse(again)] == [one.measures for one in analyse(log)]


def test_a_kind_that_is_not_known_is_kept_and_left_out_of_a_replay(library, tmp_path, monkeypatch):
    log, _ = recorded(library, notifies=made_up.frames(40.0))
    monkeypatch.delitem(SERIES, "made_up")
    (session,) = library.sessions()
    path = store.export_session(library, session.id, tmp_path)
    assert list(formats.read(path).events) == log
    assert samples_of(log) == {}
    again, _ = record(library, Plan(sources.wearers(replays=(path,))))
    assert of_kind(again, ev.Packet) == packets(log, "heart_rate")


def cost(engine, packet):
    """Return the processor time from a packet of beats to the snapshot that tells of it."""
    began = time.process_time()
    engine.advance([packet])
    engine.snapshot(0.0)
    return time.process_time() - began


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_hour_of_it_slows_nothing():
    seconds = 3600.0
    steps = made_up.strap(seconds, notifies=made_up.frames(seconds)).steps[:-1]
    beside, alone = Engine(), Engine()
    with_it, without, when, took = [], [], [], []
    for place, step in enumerate(steps):
        packet = ev.Packet(step.time, 0, step.kind, step.data)
        if step.kind == "made_up":
            began = time.process_time()
            beside.advance([packet])
            took.append(time.process_time() - began)
            when.append(step.time)
        elif place % 4:
            beside.advance([packet])
            alone.advance([packet])
        else:
            with_it.append(cost(beside, packet))
            without.append(cost(alone, packet))
    assert np.percentile(with_it, 99) <= 1.2 * np.percentile(without, 99)
    # The tenth that nothing held up: a busy machine only adds to what a frame costs.
    first, *_, last = (
        np.percentile(part, 10)
        for part in np.split(took, np.searchsorted(when, np.arange(600.0, seconds, 600.0)))
    )
    assert last <= 1.2 * first
    assert len(beside.samples()[NAME]) == len(took) * made_up.FRAME
