"""One wearer: what each packet leaves behind, and what is said of it until the next one comes."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from devices.link import LinkState
from physio.arousal.glance import Direction
from physio.measures import MEASURES
from physio.reasons import Reason, ReasonCode
from pipelines.live.wearer import BASELINE_GOAL, STALE, Wearer
from pipelines.session.circumstances import UNTOLD, Circumstances
from pipelines.session.reading import TRUST
from pipelines.session.snapshot import IN_VIEW, Glance, SourceView
from tests.pipelines.live.wearers import raw, rhythm, wearing

NONE, LIMITED, CLEAR = range(3)


def seen(wearer: Wearer, later: float = 0.0, talks=(), names=IN_VIEW) -> SourceView:
    """What is shown `later` s after the newest packet."""
    now = (wearer.last_arrival or 0.0) + later
    return wearer.view(now, paced=False, around=Circumstances(tuple(talks)), names=names)


def words(glance: Glance) -> tuple[str, str, str, str | None]:
    return glance.position, glance.direction, glance.trust, glance.reason


@pytest.fixture(scope="module")
def quiet() -> Wearer:
    """Two minutes of rest, the first of them the baseline."""
    wearer = wearing(rhythm(70.0))
    wearer.choose_baseline(0.0, 61.0)
    return wearing(rhythm(50.0), start=wearer.last_arrival or 0.0, wearer=wearer)


def climbing(time: float) -> float:
    """Heart rate in bpm that rises from 60 s on."""
    return 70.0 + 0.4 * max(time - 60.0, 0.0)


@pytest.fixture(scope="module")
def rising() -> Wearer:
    """A minute of rest, and a rise from it of 12 bpm in half a minute."""
    rr = rhythm(92.0, climbing)
    first = int(np.searchsorted(np.cumsum(rr), 62e3))
    wearer = wearing(rr[:first])
    wearer.choose_baseline(0.0, 61.0)
    return wearing(rr[first:], start=wearer.last_arrival or 0.0, wearer=wearer)


def test_places_of_trust_are_in_order():
    assert TRUST == ("none", "limited", "clear")


def test_trust_is_kept_with_each_packet_as_it_was_said_then():
    def talks(time: float):
        return ((30.0, inf),) if 30.0 <= time < 40.0 else ((30.0, 40.0),) if time >= 40.0 else ()

    wearer = wearing(rhythm(60.0), talks=talks)
    time = wearer.beats.closed()[0].time
    trusts = wearer.trusts.values
    assert len(trusts) == len(wearer.points.values) == len(time)
    assert set(trusts[time < 9.5].tolist()) == {NONE}
    assert set(trusts[(time > 10.5) & (time < 30.0)].tolist()) == {CLEAR}
    assert set(trusts[(time > 30.0) & (time < 40.0)].tolist()) == {LIMITED}
    assert set(trusts[time > 40.0].tolist()) == {CLEAR}


def test_a_reading_is_limited_while_somebody_talks_and_not_after(quiet):
    now = quiet.last_arrival
    assert words(seen(quiet).glance)[2:] == ("clear", None)
    assert words(seen(quiet, talks=((now - 5.0, inf),)).glance)[2:] == (
        "limited",
        Reason(ReasonCode.TALKING),
    )
    assert words(seen(quiet, talks=((now - 5.0, now - 1.0),)).glance)[2:] == ("clear", None)
    assert words(seen(quiet, 2.0, talks=((now + 1.0, inf),)).glance)[2:] == (
        "limited",
        Reason(ReasonCode.TALKING),
    )


def test_position_and_direction_are_those_of_the_newest_beats(quiet, rising):
    assert words(seen(quiet).glance) == ("near", "steady", "clear", None)
    assert words(seen(rising).glance) == ("above", "rising", "clear", None)
    glance = seen(rising).glance
    assert glance.level == pytest.approx(glance.difference_bpm / rising.baselines[UNTOLD].spread)
    # The level is the mean of half a minute: what rises by 12 bpm in it lags by half of that.
    assert 5.0 < glance.difference_bpm < 9.0
    assert glance.difference_error_bpm < 0.5 * rising.baselines[UNTOLD].spread
    assert abs(seen(quiet).glance.difference_bpm) < 1.0


def test_what_was_said_goes_with_its_trust(rising):
    late = seen(rising, 10.0).glance
    assert words(late) == (
        "above",
        "rising",
        "limited",
        Reason(ReasonCode.LAST_BEAT_AGO, seconds=10),
    )
    assert late.level == seen(rising).glance.level
    lost = seen(rising, 16.0).glance
    assert words(lost) == (
        "",
        Direction.UNCLEAR,
        "none",
        Reason(ReasonCode.LAST_BEAT_AGO, seconds=16),
    )
    assert (lost.level, lost.difference_bpm, lost.difference_error_bpm) == (None, None, None)


def test_without_marks_nothing_is_said_of_any(quiet):
    assert quiet.mark_changes((), 0.0, UNTOLD, episodes=()) == ()


def test_nothing_is_said_before_the_first_beat():
    wearer = wearing([])
    view = wearer.view(5.0, paced=False, around=Circumstances(), names=IN_VIEW)
    assert words(view.glance) == ("", Direction.UNCLEAR, "none", Reason(ReasonCode.NO_BEATS_YET))
    assert {one.reason for one in view.measures.values()} == {Reason(ReasonCode.NO_BEATS_YET)}
    assert (view.last_beat, view.trace_length, view.baseline) == (None, 0, None)
    assert (view.link, view.link_since) == (None, 0.0)
    assert (view.quality.beats, view.quality.duration_s, view.quality.gaps) == (0, 0.0, ())
    assert view.baseline_progress == 0.0


def test_a_trailing_window_is_withheld_once_its_newest_beat_is_old(quiet):
    given = seen(quiet, STALE, names=IN_VIEW).measures
    assert {name for name, one in given.items() if one.value is None} == set()
    old = seen(quiet, STALE + 0.6).measures
    assert {one.reason for one in old.values()} == {Reason(ReasonCode.NO_BEATS_FOR, seconds=16)}
    assert {name: (one.unit, one.window) for name, one in old.items()} == {
        name: (MEASURES[name].unit, MEASURES[name].window) for name in IN_VIEW
    }


def test_each_measure_is_that_of_its_name(quiet):
    found = seen(quiet, names=(*IN_VIEW, "mean_rr")).measures
    assert found["mean_hr"].value == pytest.approx(70.0, abs=1.0)
    assert found["breathing_rate"].value == pytest.approx(15.0, abs=0.5)
    assert found["mean_rr"].value == pytest.approx(60000.0 / found["mean_hr"].value)
    assert set(found) == {*IN_VIEW, "mean_rr"}
    assert set(seen(quiet).measures) == set(IN_VIEW)


def test_a_new_packet_is_measured_anew(quiet):
    wearer = wearing(rhythm(30.0))
    before = seen(wearer).measures["mean_hr"].value
    wearing([500.0] * 8, start=wearer.last_arrival, wearer=wearer)
    assert seen(wearer).measures["mean_hr"].value > before + 10.0


def test_breathing_is_withheld_while_its_window_holds_talk(quiet):
    now = quiet.last_arrival
    during = seen(quiet, talks=((now - 40.0, now - 20.0),)).measures
    assert during["breathing_rate"].value is None
    assert during["mean_hr"].value is not None
    before = seen(quiet, talks=((0.0, now - 61.0),)).measures
    assert before["breathing_rate"].value is not None


def test_a_packet_without_intervals_is_no_beat(quiet):
    wearer = wearing(rhythm(20.0))
    arrival, count = wearer.last_arrival, len(wearer.points)
    wearer.take(raw(arrival + 1.0), arrival + 1.0, around=Circumstances())
    assert (wearer.last_arrival, len(wearer.points), len(wearer.trusts)) == (arrival, count, count)
    assert seen(wearer).trace_length == count


def test_a_point_knows_how_many_beats_there_were_after_it():
    wearer = wearing(rhythm(20.0)[:21], each=3)
    assert wearer.points.values.tolist() == [3, 6, 9, 12, 15, 18, 21]


def test_a_state_of_the_link_keeps_its_beginning_and_the_end_of_a_file_is_none():
    wearer = wearing([])
    wearer.link_changed(LinkState.BEATS, 3.0)
    wearer.link_changed(LinkState.BEATS, 9.0)
    assert (wearer.link, wearer.link_since, wearer.link_before_end) == (
        LinkState.BEATS, 3.0, LinkState.BEATS,
    )  # fmt: skip
    wearer.link_changed(LinkState.LOST, 12.0)
    wearer.link_changed(LinkState.STOPPED, 20.0)
    assert (wearer.link, wearer.link_since) == (LinkState.STOPPED, 20.0)
    assert wearer.link_before_end == LinkState.LOST
    view = wearer.view(21.0, paced=False, around=Circumstances(), names=IN_VIEW)
    assert (view.link, view.link_since) == (LinkState.STOPPED, 20.0)


def test_a_baseline_has_its_band_and_until_then_its_progress(quiet):
    wearer = wearing(rhythm(100.0))
    view = seen(wearer)
    assert view.baseline is None
    assert view.baseline_goal == BASELINE_GOAL
    assert view.baseline_progress == pytest.approx(wearer.last_arrival)
    band, own = seen(quiet).baseline, quiet.baselines[UNTOLD]
    assert (band.level, band.spread) == (own.level, own.spread)
    assert (band.start, band.end) == (0.0, 61.0)
    assert seen(quiet).baseline_progress is None
    assert band.level == pytest.approx(70.0, abs=0.5)


def test_progress_stops_at_its_goal():
    wearer = wearing(rhythm(200.0), each=20)
    assert seen(wearer).baseline_progress == BASELINE_GOAL


def test_what_was_chosen_last_counts_and_nothing_can_be_none():
    wearer = wearing(rhythm(150.0), each=5)
    wearer.choose_baseline(0.0, 70.0)
    first = wearer.baselines[UNTOLD]
    wearer.choose_baseline(70.0, 140.0)
    assert (wearer.baselines[UNTOLD].start, wearer.baselines[UNTOLD].end) == (70.0, 140.0)
    assert first != wearer.baselines[UNTOLD]
    wearer.choose_baseline(0.0, 20.0)
    assert wearer.baselines[UNTOLD] is None


def test_labelled_intervals_are_not_in_a_baseline():
    rr = rhythm(70.0)
    rr[20:60:6] *= 0.5
    wearer = wearing(rr, each=3)
    wearer.choose_baseline(0.0, float(rr.sum()) / 1000.0)
    assert wearer.baselines[UNTOLD].level == pytest.approx(70.0, abs=1.5)


def test_trust_is_of_the_last_minute_and_quality_of_the_whole():
    rr = rhythm(60.0)
    # At uneven places: at every eighth beat they would be a rhythm.
    rr[[20, 29, 36, 47, 53]] *= 0.5
    wearer = wearing(rr)
    assert seen(wearer).glance.trust == "limited"
    assert seen(wearer).glance.reason.code is ReasonCode.CORRECTED
    share = seen(wearer).quality.corrected_percent
    assert 5.0 < share < 15.0
    wearing(rhythm(70.0), start=wearer.last_arrival, wearer=wearer)
    assert words(seen(wearer).glance)[2:] == ("clear", None)
    assert seen(wearer).quality.corrected_percent == pytest.approx(share / 2, rel=0.2)
    assert seen(wearer).quality.beats == len(wearer.beats)


@pytest.mark.long
@pytest.mark.law
def test_a_rhythm_locked_to_every_eighth_beat_is_told_after_two_minutes_and_until_it_is_over():
    rr = rhythm(150.0)
    early = np.arange(4, len(rr) - 1, 8)
    rr[early + 1] += 0.08 * rr[early]
    rr[early] *= 0.92
    wearer = wearing(rr[:100])
    assert seen(wearer).glance.reason is None
    wearing(rr[100:], start=wearer.last_arrival, wearer=wearer)
    view = seen(wearer)
    assert (view.glance.trust, view.glance.reason.code) == ("limited", ReasonCode.IRREGULAR)
    assert (view.quality.verdict, view.quality.reason.code) == ("none", ReasonCode.TOO_IRREGULAR)
    assert view.measures["rsa_amplitude"].reason.code is ReasonCode.TOO_IRREGULAR
    assert view.measures["mean_hr"].value == pytest.approx(70.0, abs=1.5)
    wearing(rhythm(400.0), start=wearer.last_arrival, wearer=wearer)
    assert words(seen(wearer).glance)[2:] == ("clear", None)
    assert seen(wearer).measures["rsa_amplitude"].value is not None


def test_a_gap_that_lasts_has_no_end(quiet):
    wearer = wearing(rhythm(30.0))
    end = wearer.beats.end
    wearer.link_changed(LinkState.LOST, end + 1.0)
    (gap,) = seen(wearer, 20.0).quality.gaps
    assert (gap.start, gap.end, gap.cause) == (pytest.approx(end), None, "link lost")
    assert seen(wearer, 20.0).quality.duration_s == pytest.approx(end + 20.0, abs=1.0)
    assert seen(quiet, 20.0).quality.gaps == ()


def test_a_minute_with_a_gap_in_it_is_limited_and_half_of_it_none():
    for missing, word in ((12.0, "limited"), (40.0, "none")):
        wearer = wearing(rhythm(60.0))
        again = (wearer.last_arrival or 0.0) + missing
        wearing(rhythm(15.0), start=again, wearer=wearer)
        view = seen(wearer)
        assert view.glance.trust == word, missing
        assert view.glance.reason.code is ReasonCode.LITTLE_OF_MINUTE


def test_the_index_is_of_these_windows_and_the_own_baseline(quiet, rising):
    for wearer, low, high in ((quiet, -1.0, 1.0), (rising, 2.0, 9.0)):
        arousal = seen(wearer).arousal
        assert low < arousal.value < high
        assert arousal.terms
    assert seen(wearing(rhythm(20.0))).arousal.reason == Reason(ReasonCode.NO_BASELINE_YET)


def test_while_paced_the_index_is_of_heart_rate_alone(quiet):
    names = {
        paced: [t.name for t in quiet.view(
            quiet.last_arrival, paced=paced, around=Circumstances(), names=IN_VIEW).arousal.terms]
        for paced in (False, True)
    }  # fmt: skip
    assert len(names[True]) == 1
    assert len(names[False]) == 2


def test_who_it_is_is_told(quiet):
    view = seen(quiet)
    assert (view.source, view.role, view.device) == (0, "client", "a strap")
    assert view.last_beat == quiet.last_arrival
    assert view.trace_length == len(quiet.beats)
