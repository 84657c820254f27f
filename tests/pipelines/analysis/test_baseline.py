"""The index: the distance from a baseline, withheld in words where there is none."""

import numpy as np
import pytest

from physio.reasons import Reason, ReasonCode
from pipelines.analysis.offline import analyse, baseline_of, baselines_of, beats_of, summary
from pipelines.session.events import Baseline, Pace
from tests.pipelines.intervals import intervals, numbers, rest


def test_without_a_baseline_the_index_is_withheld():
    (result,) = analyse(intervals(rest()))
    assert result.arousal.value is None
    assert result.arousal.reason == Reason(ReasonCode.NO_BASELINE_CHOSEN)


def test_the_index_is_the_distance_from_the_baseline_in_its_spreads():
    rr = np.concatenate((rest(240), rest(240) - 150))
    (found,) = beats_of(intervals(rr))
    own = baseline_of(found, (0.0, 200.0))
    for result in (
        summary(found, baseline=(0.0, 200.0)),
        summary(found, baseline={found.role: own}),
        *analyse([*intervals(rr), Baseline(400.0, 0, 5.0, 9.0), Baseline(401.0, 0, 0.0, 200.0)]),
    ):
        heart = numbers(result)["mean_hr"]
        assert result.arousal.bpm == pytest.approx(heart - own.level)
        assert result.arousal.value > 0
        assert result.arousal.value == pytest.approx(
            sum(term.distance * term.weight for term in result.arousal.terms)
        )
        assert result.arousal.terms[0].distance == pytest.approx((heart - own.level) / own.spread)


def test_a_baseline_of_another_recording_is_taken_by_role():
    baselines = baselines_of(intervals(rest(240)))
    (found,) = beats_of(intervals(rest(240) - 150))
    assert list(baselines) == [found.role]
    heart = summary(found, baseline=baselines)
    assert heart.arousal.bpm == pytest.approx(
        numbers(heart)["mean_hr"] - baselines[found.role].level
    )
    other = summary(found, baseline={"therapist": baselines[found.role]})
    assert other.arousal.value is None
    assert other.arousal.reason == Reason(ReasonCode.NO_BASELINE_OF_ROLE, role=found.role)


def test_while_breathing_is_paced_heart_rate_stands_alone():
    events = [Pace(0.0, 6.0, 0.4), *intervals(rest())]
    (result,) = analyse(events, baseline=(0.0, 200.0))
    assert [term.name for term in result.arousal.terms] == ["heart rate"]
    (stopped,) = analyse([Pace(0.0, None, 0.4), *intervals(rest())], baseline=(0.0, 200.0))
    assert stopped.arousal.reason != result.arousal.reason


@pytest.mark.parametrize("window", [None, 60.0])
def test_who_follows_a_guide_breathes_and_is_no_slow_wave(window):
    rr = 900 + 50 * np.sin(2 * np.pi * 0.1 * 0.9 * np.arange(400))
    (alone,) = analyse(intervals(rr), window=window)
    (guided,) = analyse([Pace(0.0, 6.0, 0.4), *intervals(rr)], window=window)
    doubts = [
        [
            one["breathing_rate"].doubt
            for one in (found.measures, *(w.measures for w in found.windows))
        ]
        for found in (alone, guided)
    ]
    assert set(doubts[0]) == {Reason(ReasonCode.MAY_BE_SLOW_WAVE)}
    assert set(doubts[1]) == {None}


@pytest.mark.parametrize("span", [(0.0, 20.0), (5000.0, 6000.0), (200.0, 100.0)])
def test_a_baseline_without_beats_withholds_the_index_in_words(span):
    (result,) = analyse(intervals(rest()), baseline=span)
    assert result.arousal.value is None
    assert result.arousal.reason.code is ReasonCode.BASELINE_TOO_SHORT


def test_a_stretch_beyond_the_recording_is_cut_to_it():
    (found,) = beats_of(intervals(rest()))
    assert baseline_of(found, (-1e12, 1e12)) == baseline_of(found)
