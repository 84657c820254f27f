from itertools import pairwise

import numpy as np
import pytest

from devices.scripted import simulate
from physio import label_beats, labels
from physio.beats import Beats
from physio.breathing.assessment import RATES, NotScored, assessed, sliding, stepped
from physio.breathing.following import following
from physio.breathing.pacer import steady
from physio.breathing.resonance import Choice
from proof.validation.made.beats import tone


def beats_of(scenario, *, seconds=None, seed=1):
    times = simulate(scenario, seed=seed, seconds=seconds).truth.beat_time
    times = times[times > 0.0]
    return Beats(times[1:], 1000.0 * np.diff(times), np.zeros(len(times) - 1, int))


def usable(beats):
    return labels.usable(label_beats(beats), beats.segment)


def assess(beats, steps=None):
    return assessed(beats, usable(beats), steps or stepped())


def test_steps_go_from_fast_to_slow_and_rest_between():
    steps = stepped(at=10.0)
    assert [step.rate for step in steps] == list(RATES)
    assert [step.start for step in steps] == [10.0, 250.0, 490.0, 730.0, 970.0]
    assert steps[-1].end == 10.0 + 18 * 60


def test_every_step_holds_its_breaths_whole():
    for step in stepped(at=3.0):
        assert float(step.pacer.phase(step.end)) == pytest.approx(2.0 * step.rate)


def test_sliding_takes_78_breaths_and_a_quarter_of_an_hour():
    steps = sliding(at=5.0)
    pacer, end = steps[0].pacer, steps[-1].end
    assert steps[0].start == 5.0
    assert float(pacer.phase(end)) == pytest.approx(78.0, abs=1e-9)
    assert 14.5 * 60.0 < end - 5.0 < 15.1 * 60.0
    assert all(one.end == other.start for one, other in pairwise(steps))
    longer = np.diff(np.diff(pacer.time_of(np.arange(78.0))))
    assert longer == pytest.approx(np.full(76, 0.0679), abs=1e-3)  # 67 ms, as published


def test_sliding_never_goes_below_four_a_minute():
    steps = sliding()
    assert float(np.min(steps[0].pacer.rate(np.arange(0.0, 1000.0)))) >= 4.25


def test_breaths_of_a_slide_count_for_the_nearest_rate():
    for step in sliding():
        lasting = 60.0 / np.diff(step.pacer.time_of(_whole(step)))
        assert np.abs(lasting - step.rate).max() <= 0.251


def _whole(step):
    first, last = (round(float(step.pacer.phase(at))) for at in (step.start, step.end))
    return np.arange(first, last + 1.0)


@pytest.mark.parametrize("best", [6.0, 5.5, 5.0])
def test_the_simulated_persons_resonance_is_found(best):
    found = assess(beats_of(f"resonance:{best}"))
    assert (found.resonance.rate, found.resonance.verdict) == (best, Choice.CLEAR)
    assert all(step.reason is None and step.adherence == 1.0 for step in found.steps)
    widest = max(found.steps, key=lambda step: step.swing)
    assert widest.rate == best
    assert widest.swing == pytest.approx(160.0, rel=0.03)


def test_a_swing_that_grows_to_the_slowest_step_is_an_edge():
    found = assess(beats_of("resonance:4.5"))
    assert (found.resonance.rate, found.resonance.verdict) == (4.5, Choice.EDGE)


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_person_who_breathes_otherwise_is_not_scored(seed):
    found = assess(beats_of("rest", seconds=1090, seed=seed))
    assert {step.reason for step in found.steps} == {NotScored.NOT_FOLLOWED}
    assert found.resonance.rate is None
    assert found.resonance.verdict is Choice.UNCLEAR


def test_steady_breathing_at_one_rate_is_scored_at_that_rate_alone():
    found = assess(beats_of("paced:6", seconds=1090))
    assert [step.rate for step in found.steps if step.reason is None] == [6.0]


def test_steps_that_were_not_reached_are_not_scored():
    found = assess(beats_of("resonance:5.5", seconds=500))
    reasons = [step.reason for step in found.steps]
    assert reasons == [None, None, *[NotScored.NOT_REACHED] * 3]
    assert found.resonance.verdict is Choice.UNCLEAR


def test_no_beats_at_all():
    found = assessed(Beats([], [], []), np.ones(0, bool), stepped())
    assert {step.reason for step in found.steps} == {NotScored.NOT_REACHED}


def test_breaths_with_artefacts_do_not_count_and_too_many_take_the_step():
    beats = beats_of("resonance:5.5")
    fine, spoilt = usable(beats).copy(), usable(beats).copy()
    second = (beats.time > 240.0) & (beats.time < 360.0)
    fine[np.flatnonzero(second)[20]] = False
    spoilt[np.flatnonzero(second)[::8]] = False
    one, many = (assessed(beats, part, stepped()).steps[1] for part in (fine, spoilt))
    assert one.reason is None
    assert 0.0 < one.artefacts < 0.2
    assert many.reason is NotScored.ARTEFACTS
    assert many.swing is None


def test_a_gap_spoils_the_breaths_that_it_touches():
    beats = beats_of("resonance:5.5")
    lost = (beats.time > 270.0) & (beats.time < 290.0)
    kept = Beats(beats.time[~lost], beats.rr[~lost], (beats.time[~lost] > 280.0).astype(int))
    found = following(kept, usable(kept), stepped()[1].pacer, start=240.0, end=360.0)
    begin, end = kept.time[kept.segment == 0][-1], kept.start[kept.segment == 1][0]
    touched = (found.onset < end) & (found.end > begin)
    assert np.count_nonzero(touched) == 3
    assert np.array_equal(~found.clean, touched)


@pytest.mark.parametrize("rate", [4.5, 6.0, 9.0])
def test_swing_of_a_tone_is_its_own(rate):
    beats = tone(rate / 60.0, 50.0, duration=200.0)
    found = following(beats, np.ones(len(beats), bool), steady(rate), start=0.0, end=180.0)
    # The tone lies at the end of each interval; the fit is exact but for what its middle moves.
    assert found.swing == pytest.approx(100.0, rel=0.02)
    assert found.adherence == 1.0


def test_a_delay_turns_the_phase_and_leaves_the_rest():
    beats = beats_of("paced:6", seconds=200)
    later = Beats(beats.time + 2.0, beats.rr, beats.segment)
    one, two = (
        following(b, np.ones(len(b), bool), steady(6.0), start=10.0, end=190.0)
        for b in (beats, later)
    )
    turned = np.remainder(two.lateness - one.lateness + 180.0, 360.0) - 180.0
    assert turned == pytest.approx(72.0, abs=3.0)
    assert two.adherence == one.adherence == 1.0


def test_another_rate_nearby_is_not_followed():
    beats = beats_of("paced:6.6", seconds=200)
    found = following(beats, np.ones(len(beats), bool), steady(6.0), start=0.0, end=190.0)
    assert found.adherence < 0.7
