"""What a person leaves out of a session, redraws and takes back: a gap, and as if it never was."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats, Gap, GapCause
from physio.reasons import Reason, ReasonCode
from pipelines.analysis import analyse, encode_result
from pipelines.live.engine import Engine
from pipelines.session import (
    Baseline,
    LeftOut,
    LeftOutReason,
    Mark,
    Phase,
    PhaseName,
    TakenBack,
    TalkBaseline,
    beats_of,
    decode_event,
    encode_event,
    record_of,
    standing,
)
from pipelines.session.leaving_out import remaining
from tests.pipelines.logs import decisions, logs, session

WHY = LeftOutReason.MOVING


def hour(*more: object, seconds: float = 420.0) -> list:
    end = [Phase(seconds, PhaseName.FINISHED)]
    return [*session("rest", seconds), Baseline(190.0, 0, 10.0, 190.0), *end, *more]


def line(log: list) -> str:
    return "".join(map(encode_result, analyse(log)))


def test_what_is_left_out_is_a_gap_that_nothing_bridges() -> None:
    (whole,), (found,) = beats_of(hour()), beats_of(hour(LeftOut(500.0, 0, 200.0, 230.0, WHY)))
    (gap,) = [one for one in found.gaps if one.cause is GapCause.LEFT_OUT]
    assert gap.start <= 200.0 < 230.0 <= gap.end
    assert not ((found.beats.time > 200.0) & (found.beats.start < 230.0)).any()
    assert len(found.beats) < len(whole.beats)
    assert found.beats.segment[-1] == whole.beats.segment[-1] + 1
    assert found.span == whole.span
    kept = np.isin(whole.beats.time, found.beats.time)
    assert np.array_equal(whole.labels[kept], found.labels)


def test_what_is_left_out_on_both_sides_of_a_gap_is_two_gaps_beside_it() -> None:
    time = np.array([1.0, 2.0, 3.0, 4.0, 9.0, 10.0, 11.0, 12.0])
    beats = Beats(time, np.full(8, 1000.0), np.repeat([0, 1], 4))
    lost = Gap(4.0, 8.0, GapCause.LINK_LOST)
    kept, _, gaps = remaining(beats, None, [lost], [LeftOut(99.0, 0, 2.5, 9.5, WHY)])
    assert kept.time.tolist() == [1.0, 2.0, 11.0, 12.0]
    assert [(one.start, one.end, one.cause) for one in gaps] == [
        (2.0, 4.0, GapCause.LEFT_OUT),
        (4.0, 8.0, GapCause.LINK_LOST),
        (8.0, 10.0, GapCause.LEFT_OUT),
    ]


@pytest.mark.parametrize("span", [(0.0, 60.0), (380.0, 420.0), (0.0, 420.0), (900.0, 950.0)])
def test_it_may_be_the_beginning_the_end_everything_or_nothing(span: tuple[float, float]) -> None:
    log = hour(LeftOut(500.0, 0, *span, WHY))
    (found,) = beats_of(log)
    ends = found.beats.time, found.beats.start
    assert not ((ends[0] > span[0]) & (ends[1] < span[1])).any()
    (result,) = analyse(log)
    assert result.quality.duration_s <= 421.0


def test_a_mark_beside_it_has_no_estimate() -> None:
    marked = [Mark(300.0, "hip")]
    log = sorted(hour()[:-1] + marked, key=lambda one: one.time)
    end = [Phase(420.0, PhaseName.FINISHED), LeftOut(500.0, 0, 270.0, 295.0, WHY)]
    (result,) = analyse(log + end)
    assert result.marks[0].change_bpm is None
    assert result.marks[0].reason is not None


def test_the_trace_is_withheld_while_any_of_it_is_in_the_window() -> None:
    (source,) = record_of(hour(LeftOut(500.0, 0, 200.0, 230.0, WHY))).sources
    points = source.trace()
    blank = np.isnan(points.heart_rate)
    assert blank[(points.time > 200.0) & (points.time < 240.0)].all()
    assert not blank[(points.time > 241.0) | ((points.time < 199.0) & (points.time > 30.0))].any()


def test_another_baseline_counts_and_taken_back_the_one_before() -> None:
    other = Baseline(500.0, 0, 200.0, 400.0)
    assert beats_of(hour(other))[0].baseline == (200.0, 400.0)
    assert line(hour(other, TakenBack(501.0))) == line(hour())
    assert record_of(hour(other, TakenBack(501.0))).sources[0].baseline is not None


@pytest.mark.long
def test_a_baseline_of_talking_is_taken_back_like_one_of_silence() -> None:
    log = hour(TalkBaseline(500.0, 0, 200.0, 400.0))
    assert [where.talking for where, _ in beats_of(log)[0].choices] == [False, True]
    assert line([*log, TakenBack(501.0)]) == line(hour())
    engine = Engine()
    engine.advance([*log, TakenBack(501.0)])
    assert engine.beats(0).choices == beats_of(hour())[0].choices
    (view,) = engine.snapshot(501.0).sources
    assert view.baseline is not None


def test_live_withholds_a_window_that_holds_anything_left_out_until_it_is_taken_back() -> None:
    engine = Engine()
    engine.advance(session("rest", 100.0))
    end = engine.time

    def heart_rate() -> object:
        (view,) = engine.snapshot(end).sources
        return view.measures["mean_hr"]

    before, traced = heart_rate(), engine.trace(0, 0, 0)
    engine.advance([LeftOut(end, 0, end - 5.0, end - 2.0, WHY), LeftOut(end, 1, 0.0, end, WHY)])
    assert heart_rate().reason == Reason(ReasonCode.LEFT_OUT)
    assert np.isnan(engine.trace(0, 0, 0).points().heart_rate[-1])
    engine.advance([TakenBack(end)] * 2)
    assert (heart_rate(), engine.trace(0, 0, 0)) == (before, traced)


def test_live_reads_no_mark_beside_what_is_left_out_until_it_is_taken_back() -> None:
    engine = Engine()
    engine.advance([*session("rest", 300.0), Mark(150.0, "hip")])

    def change() -> object:
        (view,) = engine.snapshot(300.0, changes=True).sources
        return view.marks[0]

    before = change()
    engine.advance([LeftOut(300.0, 0, 170.0, 175.0, WHY)])
    assert (change().change_bpm, change().reason) == (None, Reason(ReasonCode.LEFT_OUT))
    engine.advance([TakenBack(300.0), LeftOut(300.0, 0, 230.0, 240.0, WHY)])
    assert change() == before
    assert before.change_bpm is not None


def test_rises_in_what_is_left_out_are_told_no_more_until_it_is_taken_back() -> None:
    engine = Engine()
    log = session("therapy", 520.0)
    engine.advance(log)
    (before,) = engine.snapshot(520.0).sources
    assert before.episodes
    first = before.episodes[0]
    engine.advance([LeftOut(520.0, 0, first.onset_s - 30.0, first.until_s, WHY)])
    (view,) = engine.snapshot(520.0).sources
    assert first not in view.episodes
    engine.advance([TakenBack(520.0)])
    assert engine.snapshot(520.0).sources[0].episodes == before.episodes


def test_all_of_it_is_in_the_line_that_analyse_prints() -> None:
    out = LeftOut(500.0, 0, 200.0, 230.0, WHY)
    told = analyse(hour(out))[0].quality.gaps
    assert GapCause.LEFT_OUT in [one.cause for one in told]
    assert line(hour(out, TakenBack(501.0))) == line(hour())
    two = hour(out, Baseline(501.0, 0, 240.0, 400.0), TakenBack(502.0), TakenBack(503.0))
    assert line(two) == line(hour())


def test_nothing_that_happened_before_the_last_beat_is_taken_back() -> None:
    log = [*hour()[:-1], TakenBack(420.0)]
    assert beats_of(log)[0].baseline is None  # no beats follow it
    packets = [one for one in session("rest", 420.0) if one.time > 190.0]
    early = [one for one in hour()[:-2] if one.time <= 190.0]
    chosen = [*early, Baseline(190.0, 0, 10.0, 190.0), *packets, TakenBack(421.0)]
    assert beats_of(chosen)[0].baseline == (10.0, 190.0)


@given(log=logs(), more=st.lists(decisions(100.0, 2), max_size=6))
@settings(max_examples=60)
def test_as_many_taken_back_as_decided_leave_the_log_as_it_was(log: list, more: list) -> None:
    decided = [one for one in more if not isinstance(one, TakenBack)]
    before = [
        one for one in log if not isinstance(one, LeftOut | Baseline | TalkBaseline | TakenBack)
    ]
    assert list(standing([*before, *decided, *[TakenBack(100.0)] * len(decided)])) == before


@given(log=logs())
@settings(max_examples=60, deadline=None)
def test_live_finds_what_is_found_in_the_whole_log(log: list) -> None:
    engine = Engine()
    for event in log:
        engine.advance((event,))
    live, whole = engine.source_beats(), beats_of(log)
    heard = {one.source: one for one in live}
    for one in whole:
        if one.source in heard:
            mine = heard[one.source]
            assert np.array_equal(mine.beats.time, one.beats.time)
            assert np.array_equal(mine.beats.segment, one.beats.segment)
            assert mine.gaps == one.gaps
            assert (mine.choices, mine.left_out) == (one.choices, ())
    for record in record_of(log).sources:
        if record.found.source in heard:
            assert engine.beats(record.found.source).around == record.found.around


@pytest.mark.parametrize("event", [LeftOut(9.0, 1, 2.0, 3.0, WHY), TakenBack(9.0)])
def test_they_are_stored_and_read(event: object) -> None:
    assert decode_event(encode_event(event)) == event
    assert msgspec.msgpack.decode(encode_event(event))["type"] == type(event).__name__
