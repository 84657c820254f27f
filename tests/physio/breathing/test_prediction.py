import numpy as np
import pytest

from devices.scripted import simulate
from physio import labels
from physio.beats import NO_BEATS, Beats
from physio.breathing.pacer import ease, steady
from physio.breathing.prediction import LEAST_SHARE, OFF, predicted
from pipelines.formats import read
from pipelines.session import beats_of
from tests.recordings import DATA, real

BREATHING = 1225.42, 1405.42
"""Seconds of wearable_hrv's condition of paced breathing, by the file's time stamps."""


def heart(rate, *, delay=0.0, swing=50.0, noise=0.0, seconds=200.0, late=0.0, seed=1):
    """Return beats that swing with a guide of this rate, `late` breaths after it."""
    rng, time, ends = np.random.default_rng(seed), 0.0, []
    while time < seconds:
        turn = 2.0 * np.pi * (rate / 60.0 * (time + 0.45) - late)
        time += (900.0 + swing * np.cos(turn) + noise * rng.standard_normal()) / 1000.0
        ends.append(time)
    ends = np.array(ends)
    return Beats(ends[1:] + delay, 1000.0 * np.diff(ends), np.zeros(len(ends) - 1, int))


def foresee(beats, pacer, now, delay, usable=None):
    held = np.ones(len(beats), bool) if usable is None else usable
    return predicted(beats, held, pacer, now=now, delay=delay)


@pytest.mark.parametrize("delay", [0.4, 1.1, 2.1, 2.6])
@pytest.mark.parametrize("rate", [4.5, 6.0, 9.0])
def test_the_wave_shown_now_lies_where_the_heart_is_now(rate, delay):
    """After two minutes, the phase shown is within 5 % of a breath of the true one."""
    beats, pacer = heart(rate, delay=delay, noise=8.0, late=0.2), steady(rate)
    for now in np.arange(130.0, 190.0, 3.7):
        found = foresee(beats, pacer, now, delay)
        assert found.shown
        assert found.error < 10.0
        assert found.known < now - delay
        turn = np.angle(found.cosine + 1j * found.sine) / (2.0 * np.pi)
        assert abs((turn - 0.2 + 0.5) % 1.0 - 0.5) < 0.05


def test_without_noise_the_heart_rate_itself_is_foreseen():
    beats, pacer = heart(6.0, delay=2.0), steady(6.0)
    found = foresee(beats, pacer, 150.0, 2.0)
    coming = (beats.time > 150.0) & (beats.time < 152.0)
    middle = beats.time[coming] - 2.0 - 0.0005 * beats.rr[coming]
    assert found.rate(middle) == pytest.approx(60000.0 / beats.rr[coming], abs=0.5)


def test_beats_that_have_not_arrived_play_no_part():
    beats, pacer = heart(6.0, delay=2.0, noise=8.0), steady(6.0)
    known = beats.time <= 150.0
    cut = Beats(beats.time[known], beats.rr[known], beats.segment[known])
    whole, part = (foresee(one, pacer, 150.0, 2.0) for one in (beats, cut))
    assert (whole.known, whole.level, whole.error) == (part.known, part.level, part.error)


def test_an_easing_guide_takes_the_wave_along():
    pacer = ease(steady(8.0), 10.0, 5.0, per_minute=1.0)
    time, ends = 0.0, []
    while time < 200.0:
        time += 0.9 + 0.05 * np.cos(2.0 * np.pi * float(pacer.phase(time + 0.45)))
        ends.append(time)
    ends = np.array(ends)
    beats = Beats(ends[1:] + 2.0, 1000.0 * np.diff(ends), np.zeros(len(ends) - 1, int))
    assert foresee(beats, pacer, 170.0, 2.0).error < 3.0


def test_another_rate_than_the_guides_is_off():
    found = foresee(heart(6.6, delay=2.0), steady(6.0), 180.0, 2.0)
    assert found.error > OFF
    assert not found.shown


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_heart_that_breathes_on_its_own_is_off(seed):
    times = simulate("rest", seconds=300.0, seed=seed).truth.beat_time
    times = times[times > 0.0]
    beats = Beats(times[1:] + 2.1, 1000.0 * np.diff(times), np.zeros(len(times) - 1, int))
    shown = [foresee(beats, steady(6.0), now, 2.1).shown for now in np.arange(120.0, 290.0, 5.0)]
    assert np.mean(shown) <= 0.1


def test_a_wave_that_hardly_shows_beside_the_noise_is_off():
    found = foresee(heart(6.0, swing=5.0, noise=30.0), steady(6.0), 180.0, 2.0)
    assert found.share < LEAST_SHARE
    assert not found.shown


@pytest.mark.parametrize("now", [0.0, 5.0, 20.0])
def test_too_few_breaths_show_nothing(now):
    found = foresee(heart(6.0, delay=2.0), steady(6.0), now, 2.0)
    assert found is None or not found.shown


def test_no_beats_and_a_silent_strap_foresee_nothing():
    assert foresee(NO_BEATS, steady(6.0), 100.0, 2.0) is None
    assert foresee(heart(6.0, delay=2.0, seconds=100.0), steady(6.0), 106.0, 2.0) is None


def test_nothing_is_carried_over_a_gap():
    beats = heart(6.0, delay=2.0)
    split = Beats(beats.time, beats.rr, (beats.time > 140.0).astype(int))
    assert not np.isfinite(foresee(split, steady(6.0), 172.0, 2.0).error)
    assert foresee(split, steady(6.0), 150.0, 2.0) is None


def test_an_artefact_that_is_labelled_changes_little():
    beats, pacer = heart(6.0, delay=2.0, noise=5.0), steady(6.0)
    spoilt = beats.rr.copy()
    at = int(np.searchsorted(beats.time, 145.0))
    spoilt[at] = 400.0
    usable = np.ones(len(beats), bool)
    usable[at] = False
    found = foresee(Beats(beats.time, spoilt, beats.segment), pacer, 150.0, 2.0, usable)
    assert found.shown
    assert found.error < 10.0


def errors(name, rate, start, end, delay):
    (found,) = beats_of(read(DATA / name).events)
    usable = labels.usable(found.labels, found.beats.segment)
    late = Beats(found.beats.time + delay, found.beats.rr, found.beats.segment)
    moments = np.arange(start + 70.0, end, 2.0)
    told = [foresee(late, steady(rate, at=start), now, delay, usable) for now in moments]
    return [one for one in told if one is not None and np.isfinite(one.error)]


@real
@pytest.mark.parametrize("delay", [0.4, 2.1, 2.6])
def test_paced_breathing_of_a_real_person_is_foreseen(delay):
    found = errors("wearable_hrv_multidevice/test_vu.txt", 6.0, *BREATHING, delay)
    assert len(found) >= 50
    assert np.median([one.error for one in found]) <= 10.0
    assert all(one.shown for one in found)


@real
def test_a_real_person_at_a_pace_of_their_own_is_off():
    found = errors("polar_h10_dhyb/sample_data_ibi.csv", 4.0, 0.0, 590.0, 2.1)
    assert len(found) >= 200
    assert np.median([one.error for one in found]) > OFF
    found = errors("polar_h10_dhyb/sample_data_ibi.csv", 6.0, 0.0, 590.0, 2.1)
    assert not any(one.shown for one in found)
