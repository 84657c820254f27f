"""Marks of a session: the strap's delay taken off, live as offline, pooled over sessions."""

import itertools
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings

from devices.scripted.simulated import simulate
from physio.arousal.pooling import Together
from physio.reasons import Reason, ReasonCode
from pipelines.analysis import analyse, summaries
from pipelines.live import Engine
from pipelines.session import beats_of, mark_changes_of, pooled_marks, strap_delay
from pipelines.session.events import Mark, Posture, PostureName, Source, Strap, Talking
from proof.validation.made import marked_hours as made
from tests.pipelines.logs import logs, of_file, session

HOUR = 3600.0
TOGETHER = 6
"""Intervals of a packet, so that an hour is folded soon."""


def hour(*marks, seed=1, rises=(), device="x", **told):
    """The log of an hour that wanders, 4 bpm more in the minute after each of `rises`."""
    random = np.random.default_rng(seed)
    rate = made.wandering_rate(random, HOUR, 3.5)
    if len(rises):
        rate = made.raised(rate, np.asarray(rises), 4.0)
    beats = made.heard(rate, random)
    parts = [slice(first, first + TOGETHER) for first in range(0, len(beats), TOGETHER)]
    packets = [of_file(float(beats.time[part][-1]), 0, beats.rr[part]) for part in parts]
    events = [Source(0.0, 0, "client", device, **told), *packets, *marks]
    return sorted(events, key=lambda event: event.time)


def folded(events):
    engine = Engine("s")
    engine.advance(events)
    return engine


def changes(events):
    (found,) = beats_of(events)
    return mark_changes_of(found)


def only(found, text):
    return replace(found, marks=tuple(one for one in found.marks if one.text == text))


def strap(name, model=None, source=0):
    return Strap(1.0, source, name, model, 80)


@pytest.mark.parametrize(
    ("device", "told", "seconds"),
    [
        ("Polar H10 A1B2C3", None, 2.1),
        ("A0:9E:1A:00:00:00", strap("Polar H10 A1B2C3", "H10"), 2.1),
        ("A0:9E:1A:00:00:00", strap("", "H10"), 2.1),
        ("replay of Polar H10 A1B2C3", None, 2.1),
        ("Simulated strap (rest)", strap("Simulated strap (rest)", "simulated"), 2.1),
        ("TRACKR HR 12", None, 1.6),
        ("HRM-Dual:123", None, 0.2),
        ("A0:9E:1A:00:00:00", strap("", "HRM Dual"), 0.2),
        ("Movesense 1234", None, 0.0),
        ("Some strap", strap("Some strap"), None),
        ("", None, None),
    ],
)
def test_what_is_known_of_a_straps_delay(device, told, seconds):
    assert strap_delay(Source(0.0, 0, "client", device), told) == (
        None if seconds is None else pytest.approx(seconds)
    )
    assert strap_delay(None, None) is None


@pytest.mark.parametrize("scenario", ["rest", "therapy"])
def test_the_delay_is_what_a_simulated_strap_has(scenario):
    truth = simulate(scenario, seconds=600.0).truth.beat_time
    (found,) = beats_of(session(scenario, 600.0))
    ticks = np.diff(np.rint(truth * 1024.0)) / 1.024
    windows = np.lib.stride_tricks.sliding_window_view(ticks, 100)
    place = int(np.abs(windows[:20] - found.beats.rr[:100]).sum(axis=1).argmin())
    late = found.beats.time - truth[1 + place :][: len(found.beats)]
    assert np.median(late) == pytest.approx(strap_delay(None, strap("Simulated strap")), abs=0.1)


def test_the_delay_is_taken_off_the_marks_and_the_talking():
    mark, talking = Mark(1502.1, "m"), [Talking(2000.0, on=True), Talking(2100.0, on=False)]
    plain = changes(hour(mark, *talking))
    late = changes(hour(msgspec.structs.replace(mark, time=1500.0), *talking, device="Polar H10 1"))
    assert late[0].change_bpm == pytest.approx(plain[0].change_bpm, abs=1e-9)
    assert (plain[0].time_s, late[0].time_s) == (1502.1, 1500.0)
    (edge,) = changes(hour(Mark(1939.0, "m"), *talking))
    (shifted,) = changes(hour(Mark(1939.0, "m"), *talking, device="Polar H10 1"))
    assert edge.change_bpm is not None
    assert shifted.change_bpm is not None


def test_no_estimate_while_talking():
    talking = [Talking(1550.0, on=True), Talking(1600.0, on=False)]
    during, apart = changes(hour(Mark(1500.0, "a"), Mark(2400.0, "b"), *talking))
    assert (during.change_bpm, during.reason) == (None, Reason(ReasonCode.WHILE_TALKING))
    assert apart.percentile is not None


def test_a_mark_beside_a_change_of_posture_is_not_read_and_others_rest_on_their_posture():
    marks = [Mark(600.0, "calm"), Mark(1790.0, "rose"), Mark(1900.0, "soon"), Mark(2400.0, "late")]
    events = hour(*marks)
    plain = changes(events)
    stood = changes(
        sorted([*events, Posture(1800.0, 0, PostureName.STANDING)], key=lambda event: event.time)
    )
    changed = Reason(ReasonCode.POSTURE_CHANGED)
    assert [one.reason for one in stood] == [None, changed, changed, None]
    for before, after in ((plain[0], stood[0]), (plain[3], stood[3])):
        assert before.change_bpm == after.change_bpm
        assert after.minutes < before.minutes - 20.0


def test_more_intervals_than_time_are_not_read():
    events = hour(Mark(1500.0, "a"), Mark(2700.0, "b"))
    twice = [
        msgspec.structs.replace(one, time=one.time + 0.3)
        for one in events
        if getattr(one, "kind", "") == "intervals" and 1300 < one.time < 1700
    ]
    crowded = sorted([*events, *twice], key=lambda event: event.time)
    first, second = changes(crowded)
    assert first.change_bpm is None
    assert first.reason.code in (ReasonCode.MORE_THAN_TIME, ReasonCode.LITTLE_BESIDE)
    assert second.change_bpm is not None


def test_a_mark_bears_the_moment_it_marks_and_may_be_taken_back():
    marks = [
        Mark(1500.0, "a", moment=1480.0),
        Mark(2000.0, "b"),
        Mark(2001.0, "", replaces=2000.0, removed=True),
        Mark(2400.0, "c"),
        Mark(2410.0, "d", replaces=2400.0),
    ]
    assert [(one.time_s, one.text) for one in changes(hour(*marks))] == [
        (1480.0, "a"), (2400.0, "d"),
    ]  # fmt: skip


def test_a_recording_without_marks_has_none():
    (result,) = analyse(hour())
    assert result.marks == result.pooled_marks == ()
    assert folded(session("rest", 60.0)).snapshot(0.0, changes=True).sources[0].marks == ()


def test_live_ends_as_offline():
    marks = [Mark(float(time), "ab"[time % 2]) for time in range(201, 3400, 400)]
    events = hour(*marks, strap("Polar H10 1"))
    engine = folded(events)
    (offline,) = analyse(events)
    assert summaries(engine.source_beats()) == (offline,)
    assert all(one.percentile is not None for one in offline.marks)
    assert all(one.low < one.change_bpm < one.high for one in offline.marks)
    (view,) = engine.snapshot(HOUR, changes=True).sources
    # All of it is known; only the labels of the newest beats may differ.
    assert view.marks == offline.marks


@pytest.mark.long
def test_live_marks_are_provisional_and_do_not_depend_on_when_they_were_asked_for():
    marked = hour(Mark(1500.0, "a"), Mark(1501.0, "b"), strap("Polar H10 1"))
    events = [event for event in marked if event.time < 1800.0]
    asked, other = Engine("s"), Engine("s")
    for time, part in itertools.groupby(events, key=lambda event: event.time // 60):
        part = list(part)
        asked.advance(part)
        other.advance(part)
        if not 1300.0 < part[-1].time < 1700.0:
            continue
        shown = asked.snapshot(60.0 * time, changes=True).sources[0].marks
        if part[-1].time < 1500.0:
            assert shown == ()
        elif part[-1].time < 1545.0:
            assert {one.reason.code for one in shown} == {ReasonCode.NO_MINUTE_AFTER}
        elif part[-1].time > 1570.0:
            assert {one.reason for one in shown} == {None}
    assert asked.snapshot(HOUR, changes=True) == other.snapshot(HOUR, changes=True)
    assert asked.snapshot(HOUR).sources[0].marks == ()


@given(logs())
@settings(max_examples=60, deadline=None)
def test_any_session_is_told_live_as_offline(events):
    engine = folded(events)
    engine.snapshot(0.0, changes=True)
    found, offline = engine.source_beats(), beats_of(events)
    assert [one.marks for one in found] == [one.marks for one in offline]
    assert [mark_changes_of(one) for one in found] == [mark_changes_of(one) for one in offline]
    assert pooled_marks(found) == pooled_marks(offline)


def test_marks_of_a_label_are_pooled_over_sessions_and_the_chance_is_shared():
    sessions = []
    for seed in range(3):
        random = np.random.default_rng(seed)
        rises = made.apart(random, 5, HOUR, 130.0)
        others = made.anywhere(random, 3, HOUR)
        marks = [Mark(float(time), "touched hip") for time in rises]
        marks += [Mark(float(time), "long silence") for time in others]
        marks += [Mark(float(time) + 1.0, "") for time in others]
        if seed == 0:
            marks.append(Mark(1000.0, "tears"))
        sessions += beats_of(hour(*marks, seed=seed, rises=rises))
    silence, tears, hip = pooled_marks(sessions)
    assert [one.text for one in (silence, tears, hip)] == ["long silence", "tears", "touched hip"]
    assert (hip.marks, hip.sessions, hip.together) == (15, 3, Together.RISE)
    assert hip.low <= 4.0 <= hip.high
    assert silence.together is Together.LIKE_ANY
    assert (tears.marks, tears.together) == (1, Together.TOO_FEW)
    assert (tears.change_bpm, tears.p) == (None, None)
    (hip_alone,) = pooled_marks(only(one, "touched hip") for one in sessions)
    assert hip.p == pytest.approx(2.0 * hip_alone.p)
