"""Rhythms locked to every k-th beat: refused, told from breathing in step, or called unclear."""

from math import sin, tau

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import physio
from physio import locked_rhythm, panel, quality
from physio.beats import NO_BEATS, Beats
from physio.locked_rhythm import Lock, counts, locks, parts
from physio.reasons import Reason, ReasonCode
from physio.windows import windows
from proof.validation.made import locked as made
from proof.validation.made.artefacts import unpaced
from proof.validation.made.beats import from_intervals, modulated

KINDS = ("pause", "reset", "interpolated")


def locked(rr, period, early, kind, phase=0):
    return made.locked(rr, period, early=early, kind=kind, phase=phase)


def in_step(period, *, swing=120.0, mean_rr=900.0, off=0.0, duration=300.0, seed=0, second=0.0):
    """Return beats of breathing paced at the mean heart rate over k, but for a share `off`."""
    random = np.random.default_rng(seed)
    rate = 1000.0 / mean_rr / period * (1.0 + off)
    phase = random.uniform(0.0, tau, 3)

    def wave(time):
        breath = tau * rate * time + phase[0]
        return 0.5 * swing * (sin(breath) + second * sin(2.0 * breath + phase[1])) + 15.0 * sin(
            tau * 0.1 * time + phase[2]
        )

    beats = modulated(wave, mean_rr=mean_rr, duration=duration)
    return from_intervals(beats.rr + random.normal(0.0, 6.0, len(beats)))


def lock_of(beats):
    return Lock(locks(beats, beats.time[-1:])[0])


def judged(beats):
    return physio.judge(beats)


@pytest.mark.sampled
@pytest.mark.parametrize("kind", KINDS[:2])
@pytest.mark.parametrize("period", range(2, 13))
def test_beats_that_are_early_at_every_kth_place_are_never_good(period, kind):
    for seed, early in enumerate((0.08, 0.15, 0.25, 0.4)):
        rr = locked(unpaced(seed, duration=300.0), period, early, kind, seed % period)
        found = judged(from_intervals(rr))
        assert found.verdict != "good", (seed, early)
        if period > 4 and early <= 0.15:
            assert found.withhold_hrv == quality.IRREGULAR, (seed, early)


@pytest.mark.parametrize("period", range(2, 13))
def test_an_interpolated_beat_at_every_kth_place_is_never_good(period):
    for seed, early in enumerate((0.25, 0.35, 0.45, 0.5)):
        rr = locked(unpaced(seed, duration=280.0), period, early, "interpolated")
        assert judged(from_intervals(rr)).verdict != "good", (seed, early)


@pytest.mark.parametrize("period", range(5, 13))
def test_breathing_in_step_with_every_fifth_beat_or_later_is_breathing(period):
    for seed, swing in enumerate((40.0, 100.0, 200.0)):
        assert lock_of(in_step(period, swing=swing, seed=seed)) is Lock.NONE


@pytest.mark.parametrize("period", [3, 4])
def test_breathing_in_step_with_every_third_or_fourth_beat_cannot_be_told(period):
    found = judged(in_step(period))
    assert (found.verdict, found.reason.code) == ("limited", ReasonCode.IN_STEP)
    assert found.withhold_hrv is None
    for off in (-0.01, 0.01):
        assert judged(in_step(period, off=off)).verdict == "good"


def test_breathing_that_is_no_sinusoid_in_step_with_five_beats_is_at_most_doubted():
    kinds = {lock_of(in_step(5, seed=seed, second=0.2)) for seed in range(8)}
    assert Lock.UNCLEAR in kinds
    assert Lock.LOCKED not in kinds


def test_rest_is_never_locked_however_lively():
    for seed in range(8):
        rr = unpaced(seed, duration=900.0, depth=20.0 + 8.0 * seed, slow_wave=30.0, noise=10.0)
        beats = from_intervals(rr)
        end = np.arange(300.0, beats.time[-1], 60.0)
        assert not locks(beats, end).any()


def too_short(name):
    measure = physio.MEASURES[name]
    return [Reason(ReasonCode.TOO_SHORT, needed=round(measure.shortest))]


def test_what_is_withheld_is_variability_of_every_kind_and_not_heart_rate():
    beats = from_intervals(locked(unpaced(1, duration=400.0), 8, 0.2, "pause"))
    for found in (panel.trailing(beats, None, end=390.0), physio.measure(beats, labels=False)):
        for name, estimate in found.items():
            if physio.MEASURES[name].hrv:
                # Of a recording the first two minutes are not judged yet, and too short for some.
                assert estimate.reason in (quality.IRREGULAR, *too_short(name)), name
        assert found["mean_hr"].value is not None


def test_a_window_is_judged_by_five_minutes_however_short_it_is():
    calm, odd = unpaced(2, duration=600.0), locked(unpaced(3, duration=400.0), 6, 0.2, "reset")
    beats = from_intervals(np.concatenate((calm, odd)))
    end = np.array([590.0, 620.0, 960.0])
    held = windows(beats, np.ones(len(beats), bool), end - 10.0, end)
    assert quality.rhythm(held).tolist() == [Lock.NONE, Lock.NONE, Lock.LOCKED]
    mixed = held.take(np.array([2, 2, 0, 2, 1, 1, 1, 0]))
    kinds = [Lock.LOCKED, Lock.LOCKED, Lock.NONE, Lock.LOCKED, *[Lock.NONE] * 4]
    assert quality.rhythm(mixed).tolist() == kinds
    assert len(quality.rhythm(held.take(np.array([], int)))) == 0
    # Two minutes of it are enough where no others lie before them.
    alone = from_intervals(odd)
    assert locks(alone, np.array([110.0, 125.0])).tolist() == [Lock.NONE, Lock.LOCKED]


def test_a_rhythm_stays_known_over_the_first_two_minutes_after_a_gap():
    rr = locked(unpaced(4, duration=500.0), 6, 0.2, "reset")
    time = np.cumsum(rr) / 1000.0
    segment = (time > 200.0).astype(int)
    beats = Beats(time + 10.0 * segment, rr, segment)
    found = locks(beats, np.array([150.0, 215.0, 300.0, 340.0, 500.0]))
    assert found.tolist() == [Lock.LOCKED] * 5
    # What came more than five minutes before plays no part, and no fold goes over a gap.
    shorter = Beats(time + 400.0 * segment, rr, segment)
    assert locks(shorter, np.array([650.0, 780.0])).tolist() == [Lock.NONE, Lock.LOCKED]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_moments_together_are_those_alone_and_by_five_minutes_of_beats(seed):
    random = np.random.default_rng(seed)
    rr = unpaced(int(random.integers(0, 50)), duration=900.0, noise=12.0)
    if random.random() < 0.7:
        rr = locked(rr, int(random.integers(2, 13)), random.uniform(0.06, 0.3), KINDS[seed % 3])
    segment = np.cumsum(random.random(len(rr)) < random.choice([0.0, 0.003]))
    beats = Beats(np.cumsum(rr) / 1000.0 + 3.0 * segment, rr, segment)
    end = np.sort(random.uniform(0.0, beats.time[-1] + 10.0, 20))
    together = locks(beats, end)
    for one, moment in zip(together, end, strict=True):
        assert locks(beats, np.array([moment]))[0] == one
        first = np.searchsorted(beats.time, moment - locked_rhythm.SECONDS)
        last = np.searchsorted(beats.time, moment, side="right")
        assert locks(beats[first:last], np.array([moment]))[0] == one


@pytest.mark.parametrize("skipped", [0, 7, 500])
def test_many_stretches_are_folded_as_one_by_one_wherever_the_first_begins(skipped):
    change = np.rint(64.0 * 50.0 * np.random.default_rng(skipped).standard_normal(1200))
    first = skipped + np.array([0, 3, 50, 111, 260])
    last = first + np.array([300, 222, 301, 375, 150])
    found = [(np.empty((5, 90)), np.empty((5, 12))) for _ in range(2)]
    locked_rhythm._fold_all(change, first, last, *found[0])
    locked_rhythm._fold_each(change, first, last, *found[1])
    for together, alone in zip(*found, strict=True):
        np.testing.assert_allclose(together, alone, atol=1e-9)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_stretch_of_a_moment_is_found_the_same_from_its_newest_beat_as_among_all(seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(0, 1500))
    rr = random.choice([250.0, 300.0, 800.0, 1500.0]) + random.uniform(-50.0, 50.0, count)
    segment = np.cumsum(random.random(count) < random.choice([0.0, 0.003, 0.03]))
    time = np.cumsum(rr) / 1000.0 + random.choice([0.5, 40.0, 400.0]) * segment
    beats = Beats(time, rr, segment)
    end = random.uniform(-10.0, 400.0 + (time[-1] if count else 0.0), 20)
    found = []
    for rule in (locked_rhythm._one_by_one, locked_rhythm._all_at_once):
        last = time.searchsorted(end, side="right")
        first = last.copy()
        rule(time, segment, locked_rhythm._ticks(beats).sums, end, first, last)
        found.append((first.tolist(), last.tolist()))
    assert found[0] == found[1]


@pytest.mark.parametrize("rule", [locked_rhythm._one_by_one, locked_rhythm._all_at_once])
def test_of_a_very_quick_rhythm_the_newest_beats_are_looked_at(rule):
    beats = from_intervals(np.full(1400, 250.0))
    last = np.array([1300])
    first = last.copy()
    sums = locked_rhythm._ticks(beats).sums
    rule(beats.time, beats.segment, sums, beats.time[1299:1300], first, last)
    assert (first[0], last[0]) == (1300 - locked_rhythm.MOST_BEATS, 1300)


def test_parts_are_five_minutes_of_a_segment_and_its_rest():
    rr = np.full(1500, 1000.0)
    segment = np.repeat([0, 1], [700, 800])
    beats = Beats(np.cumsum(rr) / 1000.0 + 5.0 * segment, rr, segment)
    # An elapsed time counts from the end of a segment's first interval.
    assert (parts(beats) + 1).tolist() == [300, 600, 700, 1000, 1300, 1500]
    assert (parts(beats[450:]) + 451).tolist() == [600, 700, 1000, 1300, 1500]
    assert parts(NO_BEATS).tolist() == []
    assert counts(np.array([0, 2, 1], np.int8), np.array([4, 9, 11])).tolist() == [5, 2, 5]


def test_of_a_whole_recording_the_share_that_is_locked_decides():
    calm, odd = unpaced(5, duration=3000.0), locked(unpaced(6, duration=600.0), 7, 0.2, "pause")
    beats = from_intervals(np.concatenate((calm, odd)))
    assert 15.0 < judged(beats).irregular < 18.0
    assert judged(beats).verdict == "none"
    longer = from_intervals(np.concatenate((calm, calm, odd)))
    assert 7.0 < judged(longer).irregular < 9.5
    assert judged(longer).verdict == "good"


@pytest.mark.parametrize("rr", [[], [800.0], [800.0] * 30, [2900.0] * 60, [800.0] * 400])
def test_few_or_even_beats_are_no_rhythm(rr):
    beats = from_intervals(np.array(rr))
    assert locks(beats, np.array([0.0, 50.0, 1000.0])).tolist() == [0, 0, 0]


def test_what_is_no_length_is_looked_over():
    rr = unpaced(7, duration=400.0)
    rr[[50, 120]] = np.nan, -5.0
    beats = Beats.of_any_length(np.cumsum(np.nan_to_num(rr)) / 1000.0, rr, np.zeros(len(rr), int))
    assert lock_of(beats) is Lock.NONE
