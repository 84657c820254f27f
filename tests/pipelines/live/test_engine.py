"""The engine is a fold: cuts, ticks and the time of a question change nothing it ends with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import compiled
from physio.measures import MEASURES
from physio.reasons import Reason, ReasonCode
from pipelines.analysis.offline import analyse, summaries
from pipelines.live.curves import MOST
from pipelines.live.engine import Engine
from pipelines.session import PhaseName, without_left_out
from pipelines.session.events import (
    AnyEvent,
    Baseline,
    Link,
    Mark,
    Packet,
    Part,
    PartName,
    Phase,
    Posture,
    PostureName,
    Source,
    Strap,
    TalkBaseline,
    Talking,
    Tick,
)
from pipelines.session.snapshot import SourceView
from pipelines.session.source_beats import beats_of
from pipelines.session.trace import COLUMNS
from tests.pipelines.engines import grown
from tests.pipelines.logs import LOST, logs, session


@pytest.fixture(autouse=True)
def one_code():
    """Machine code throughout: what is interpreted first may differ from it in the last digit."""
    with compiled.machine_code_here():
        yield


def folded(events: Sequence[AnyEvent], cuts: Sequence[int] = ()) -> Engine:
    engine = Engine("s")
    edges = sorted({0, len(events), *(cut % (len(events) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        engine.advance(events[start:end])
    return engine


def state(engine: Engine) -> bytes:
    """Everything that can be asked of an engine, as bytes."""
    snapshot = engine.snapshot(1e4)
    parts = [
        msgspec.msgpack.encode(snapshot, enc_hook=repr),
        msgspec.msgpack.encode(summaries(engine.source_beats()), enc_hook=repr),
    ]
    for view in snapshot.sources:
        found = engine.beats(view.source)
        assert found.labels is not None
        parts += [found.beats.time.tobytes(), found.beats.rr.tobytes()]
        parts += [found.beats.segment.tobytes(), found.labels.tobytes()]
        parts.append(msgspec.msgpack.encode(engine.trace(view.source, 0, 0)))
    return b"|".join(parts)


def plain(value):
    return msgspec.to_builtins(value, enc_hook=repr)


def assert_same(one: object, other: object) -> None:
    """Equal to 1e-9, relative or near zero absolute."""
    if isinstance(one, float) and isinstance(other, float):
        assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9), (one, other)
    elif isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    else:
        assert one == other


CUTS = st.lists(st.integers(0, 200), max_size=6)
TICKS = st.lists(st.integers(0, 200), max_size=3)


@settings(max_examples=50, deadline=None)
@given(logs(), CUTS, TICKS)
def test_cuts_and_ticks_change_nothing_and_offline_is_the_same(
    events: list[AnyEvent], cuts: list[int], ticks: list[int]
) -> None:
    assert_cut_is_whole(events, cuts, ticks)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(logs(), CUTS, TICKS)
def test_many_cuts_and_ticks_change_nothing(
    events: list[AnyEvent], cuts: list[int], ticks: list[int]
) -> None:
    assert_cut_is_whole(events, cuts, ticks)


def assert_cut_is_whole(events: list[AnyEvent], cuts: list[int], ticks: list[int]) -> None:
    whole = folded(events)
    ticking = list(events)
    for place in ticks:
        ticking.insert(place % (len(ticking) + 1), Tick(float(place)))
    cut = folded(ticking, cuts)
    cut.snapshot(3.0)
    assert state(cut) == state(whole)
    offline = analyse(events)
    assert_same(plain(summaries(whole.source_beats())), plain(offline))
    for found in beats_of(events):
        mine = without_left_out(whole.beats(found.source))
        np.testing.assert_array_equal(mine.beats.time, found.beats.time)
        np.testing.assert_array_equal(mine.labels, found.labels)
        assert mine.gaps == found.gaps


@settings(max_examples=30, deadline=None)
@given(logs())
def test_a_log_folded_twice_gives_the_same_bytes(events: list[AnyEvent]) -> None:
    assert state(folded(events)) == state(folded(events))


@pytest.fixture(scope="module")
def rest() -> list[AnyEvent]:
    return session("rest", 400.0)


def test_the_running_quality_is_the_final_one(rest: list[AnyEvent]) -> None:
    engine = grown(rest)
    (view,) = engine.snapshot(0.0).sources
    (result,) = summaries(engine.source_beats())
    assert view.quality.beats == result.quality.beats > 300
    assert view.quality.duration_s == pytest.approx(result.quality.duration_s, abs=1e-9)
    assert view.quality.coverage_percent == pytest.approx(result.quality.coverage_percent, abs=1e-9)
    assert view.quality.verdict == result.quality.verdict == "good"


def test_snapshots_say_where_a_wearer_is_against_their_baseline(rest: list[AnyEvent]) -> None:
    engine = grown(rest)
    assert engine.snapshot(400.0).sources[0].glance.position == ""
    assert engine.snapshot(400.0).sources[0].baseline_progress == 180.0
    (chosen,) = engine.learnt_baselines(400.0)
    engine.advance([chosen, *rest[-5:]])
    (view,) = engine.snapshot(400.0).sources
    assert view.baseline is not None
    assert view.baseline.end - view.baseline.start == pytest.approx(180.0)
    assert view.baseline_progress is None
    assert engine.learnt_baselines(400.0) == []


def test_a_reading_that_grows_old_is_withheld(rest: list[AnyEvent]) -> None:
    engine = grown(rest)
    newest = engine.snapshot(0.0)
    assert newest.sources[0].glance.trust == "clear"
    assert newest.sources[0].measures["mean_hr"].value is not None
    later = engine.snapshot(newest.time + 30.0)
    assert later.sources[0].glance.trust == "none"
    assert later.sources[0].measures["mean_hr"].value is None
    assert later.sources[0].measures["mean_hr"].reason == Reason(
        ReasonCode.NO_BEATS_FOR, seconds=30
    )
    assert later.sources[0].glance.position == ""


def test_a_lost_link_is_a_gap_while_it_lasts_and_after(rest: list[AnyEvent]) -> None:
    engine = grown(rest[:200])
    at = engine.snapshot(0.0).time
    engine.advance([Link(at + 1.0, 0, LOST)])
    (going,) = engine.snapshot(at + 20.0).sources[0].quality.gaps
    assert (going.end, going.cause) == (None, "link lost")
    engine.advance([event for event in rest[230:] if isinstance(event, Packet)])
    (gap,) = engine.snapshot(0.0).sources[0].quality.gaps
    assert gap.end is not None
    assert gap.end > gap.start
    assert gap.cause == "link lost"


def test_marks_can_be_reworded_and_taken_back() -> None:
    engine = Engine()
    engine.advance([Mark(1.0, ""), Mark(2.0, "tears"), Mark(3.0, "long silence", replaces=1.0)])
    assert [(mark.time, mark.text) for mark in engine.marks()] == [
        (1.0, "long silence"),
        (2.0, "tears"),
    ]
    engine.advance([Mark(4.0, "", replaces=2.0, removed=True)])
    assert [mark.time for mark in engine.marks()] == [1.0]


def test_a_battery_is_what_the_strap_said_last_and_never_nonsense() -> None:
    engine = Engine()
    engine.advance([Source(0.0, 0, "client", "Strap"), Strap(1.0, 1, "Another", None, 3)])

    def after(battery: int | None) -> int | None:
        engine.advance([Strap(2.0, 0, "Strap", "H10", battery)])
        (view,) = engine.snapshot(2.0).sources
        return view.battery_percent

    said = [90, 15, None, 255, -1, 0]
    assert [after(battery) for battery in said] == [90, 15, 15, 15, 15, 0]


def test_a_pause_is_a_phase_and_a_gap(rest: list[AnyEvent]) -> None:
    engine = grown(rest[:100])
    at = engine.snapshot(0.0).time
    engine.advance([Phase(at, PhaseName.SESSION), Phase(at + 1.0, PhaseName.PAUSED)])
    assert engine.snapshot(0.0).phase == "paused"
    assert engine.phase_before_pause() == "session"
    engine.advance([Phase(at + 30.0, PhaseName.SESSION), *rest[140:]])
    assert [gap.cause for gap in engine.snapshot(0.0).sources[0].quality.gaps] == ["paused"]


@pytest.mark.usefixtures("english")
def test_too_little_for_a_baseline_is_said_in_a_sentence(rest: list[AnyEvent]) -> None:
    chosen, sentence = grown(rest[:30]).chosen_baselines(30.0, 180.0)
    assert chosen == []
    assert sentence is not None
    assert sentence.endswith(".")


def columns(engine: Engine, first: int) -> dict[str, np.ndarray]:
    trace = engine.trace(0, first, 0)
    return dict(zip(COLUMNS, trace.points().columns(), strict=True))


def test_a_trace_asked_for_in_parts_is_the_whole_trace(rest: list[AnyEvent]) -> None:
    engine = grown(rest)
    length = engine.snapshot(0.0).sources[0].trace_length
    first, second = columns(engine, 0), columns(engine, MOST - 50)
    assert len(first["time"]) == MOST < length
    assert len(second["time"]) == length - MOST + 50
    for name, values in first.items():
        np.testing.assert_allclose(second[name][1:50], values[MOST - 49 :], rtol=1e-9)
    assert np.isfinite(first["heart_rate"][20:]).all()


def test_intervals_of_a_trace_are_those_from_the_one_asked_for(rest: list[AnyEvent]) -> None:
    engine = grown(rest)
    whole, part = (engine.trace(0, 0, first).intervals() for first in (0, 350))
    np.testing.assert_array_equal(part, whole[:, 350:])


def test_what_is_read_from_breathing_is_withheld_while_somebody_talks(
    rest: list[AnyEvent],
) -> None:
    engine = grown(rest)
    end = engine.snapshot(0.0).time
    assert engine.snapshot(0.0).sources[0].measures["breathing_rate"].value is not None
    engine.advance([Talking(end - 40.0, True), Talking(end - 20.0, False)])
    (view,) = engine.snapshot(end).sources
    assert view.measures["breathing_rate"].reason == Reason(ReasonCode.WHILE_TALKING)
    assert view.measures["rsa_amplitude"].value is None
    assert view.measures["mean_hr"].value is not None
    trace = engine.trace(0, view.trace_length - 200, 0)
    time, rsa = trace.points().time, trace.points().rsa
    assert np.isnan(rsa[time > end - 39.0]).all()
    assert np.isfinite(rsa[time < end - 41.0]).all()
    (offline,) = analyse(
        [*rest, Talking(end - 40.0, True), Talking(end - 20.0, False)], window=60.0, sliding=20.0
    )
    for window in offline.windows:
        over_talk = window.end_s > end - 40.0 and window.start_s < end - 20.0
        assert (window.measures["rsa_amplitude"].value is None) == over_talk


def test_what_is_read_at_the_breathing_rate_is_withheld_as_long_as_its_window_holds_talk(
    rest: list[AnyEvent],
) -> None:
    engine = grown(rest)
    end = engine.snapshot(0.0).time
    quiet = engine.snapshot(end, names=tuple(MEASURES)).sources[0].measures
    # 62 s ago: in the last 64 s, which regularity is of, not in the last 60 s.
    engine.advance([Talking(end - 70.0, True), Talking(end - 62.0, False)])
    after = engine.snapshot(end, names=tuple(MEASURES)).sources[0].measures
    engine.advance([Talking(end - 40.0, True), Talking(end - 20.0, False)])
    during = engine.snapshot(end, names=tuple(MEASURES)).sources[0].measures
    silent = {name for name in quiet if quiet[name].value is not None}
    assert {name for name in silent if after[name].value is None} == {"rhythm_regularity"}
    assert {name for name in silent if during[name].value is None} == silent & {
        "breathing_rate",
        "rsa_amplitude",
        "rsa_peak_to_trough",
        "rsa_porges_bohrer",
        "rhythm_regularity",
    }
    assert "rsa_peak_to_trough" in silent


def test_a_strap_that_never_comes_back_leaves_a_gap_to_the_end(rest: list[AnyEvent]) -> None:
    log = rest[:200]
    at = grown(log).snapshot(0.0).time
    log = [*log, Link(at + 1.0, 0, LOST), Phase(at + 60.0, PhaseName.FINISHED)]
    (offline,) = analyse(log)
    (gap,) = offline.quality.gaps
    assert (gap.cause, gap.end_s) == ("link lost", at + 60.0)
    assert offline.quality.coverage_percent < 90.0
    engine = grown(log)
    assert_same(plain(summaries(engine.source_beats())), plain((offline,)))
    running = engine.snapshot(0.0).sources[0].quality
    assert running.duration_s == pytest.approx(offline.quality.duration_s)
    assert running.coverage_percent == pytest.approx(offline.quality.coverage_percent)


@pytest.mark.parametrize(("address", "replayed"), [("replay", True), ("C1:B2", False), ("", False)])
def test_a_replay_says_so(address, replayed):
    engine = Engine()
    engine.advance([Source(0.0, 0, "client", "a strap", address)])
    assert engine.snapshot(1.0).replayed is replayed


def test_b_takes_a_baseline_of_talking_while_somebody_talks(rest: list[AnyEvent]) -> None:
    now = rest[-1].time
    log = sorted(
        [*rest, Talking(120.0, True), Talking(200.0, False), Talking(300.0, True)],
        key=lambda event: event.time,
    )
    (chosen,), sentence = grown(log).chosen_baselines(now, 180.0)
    assert sentence is None
    assert isinstance(chosen, TalkBaseline)
    assert (chosen.start, chosen.end) == (300.0, pytest.approx(now, abs=2.0))
    (chosen,), _ = grown([e for e in log if e.time < 290.0]).chosen_baselines(290.0, 180.0)
    assert isinstance(chosen, Baseline)
    assert chosen.start == 200.0


@pytest.mark.usefixtures("english")
def test_b_reaches_back_to_a_change_of_posture_and_says_where_that_is_too_short(
    rest: list[AnyEvent],
) -> None:
    log = sorted(
        [*rest, Posture(5.0, 0, PostureName.SITTING), Posture(200.0, 0, PostureName.STANDING)],
        key=lambda event: event.time,
    )
    (chosen,), _ = grown(log).chosen_baselines(rest[-1].time, 180.0)
    assert chosen.start == 320.0
    for until in (250.0, 370.0):
        chosen, sentence = grown([e for e in log if e.time < until]).chosen_baselines(until, 180.0)
        assert (chosen, sentence is not None) == ([], True)


def test_no_baseline_is_learnt_across_talk_or_a_change_of_posture(rest: list[AnyEvent]) -> None:
    talk = [Talking(250.0, True), Talking(260.0, False)]
    for moved in (talk, [Posture(230.0, 0, PostureName.LYING)]):
        log = sorted([*rest, *moved], key=lambda event: event.time)
        assert grown(log).learnt_baselines(400.0) == []
    first = [Posture(30.0, 0, PostureName.LYING)]
    log = sorted([*rest, *first], key=lambda event: event.time)
    assert len(grown(log).learnt_baselines(400.0)) == 1


def test_a_snapshot_says_which_baseline_it_compares_with_and_why_with_none(
    rest: list[AnyEvent],
) -> None:
    log = sorted(
        [
            *rest,
            Posture(5.0, 0, PostureName.SITTING),
            Baseline(190.0, 0, 10.0, 190.0),
            Posture(200.0, 0, PostureName.STANDING),
        ],
        key=lambda event: event.time,
    )

    def seen(until: float, *more: AnyEvent) -> SourceView:
        told = grown([*(e for e in log if e.time < until), *more])
        return told.snapshot(until).sources[0]

    sitting = seen(199.0)
    assert (sitting.baseline.posture, sitting.baseline.talking) == ("sitting", False)
    assert sitting.arousal.baseline.posture == "sitting"
    assert sitting.arousal.value is not None
    assert sitting.glance.position
    for until, code in (
        (205.0, ReasonCode.POSTURE_CHANGED),
        (319.0, ReasonCode.POSTURE_CHANGED),
        (330.0, ReasonCode.NO_BASELINE_OF_POSTURE),
    ):
        view = seen(until)
        assert (view.arousal.value, view.arousal.reason.code) == (None, code)
        assert (view.glance.position, view.glance.level, view.baseline) == ("", None, None)
        assert view.uncompared.code is code
    talking = seen(199.0, Talking(198.5, True))
    assert talking.uncompared.code is ReasonCode.NO_BASELINE_OF_TALKING
    assert talking.glance.position == ""
    moving = seen(199.0, Part(198.5, PartName.MOVEMENT))
    assert moving.uncompared.code is ReasonCode.MOVING
    assert moving.measures["mean_hr"].value is None
    assert moving.glance.trust == "none"
