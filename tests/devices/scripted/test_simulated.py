"""The simulated straps do what their truth says, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.clock import run
from devices.codec.heart_rate import decode
from devices.link import Link, LinkState, Notification, StateChange
from devices.scripted.model import Episode, Heart, Waves, beat_times, with_early_beats
from devices.scripted.packets import Habits
from devices.scripted.script import Drop, Notify
from devices.scripted.simulated import ScriptedBaseline, ScriptedMark, simulate
from devices.sources import simulated

ALL = ["rest", "paced:6", "therapy", "ectopic:5", "dropouts"]


def intervals(made):
    """Return arrival (s) and length (ms) of every interval that the strap sends."""
    notes = [step for step in made.script.steps if isinstance(step, Notify)]
    pairs = [(step.time, ms) for step in notes for ms in decode(step.data).rr_ms]
    return np.array(pairs).T


def fitted(rr, rate):
    """Return the peak to trough in ms of the cosine at `rate` breaths/min, beside a trend."""
    end = np.cumsum(rr) / 1000
    angle = 2 * np.pi * rate / 60 * (end - rr / 2000)
    columns = np.column_stack([np.ones_like(end), end, np.cos(angle), np.sin(angle)])
    _, _, cosine, sine = np.linalg.lstsq(columns, rr, rcond=None)[0]
    return 2 * np.hypot(cosine, sine)


@pytest.mark.parametrize("scenario", ALL)
def test_the_same_seed_gives_the_same_bytes(scenario):
    assert simulate(scenario, seed=3).script == simulate(scenario, seed=3).script
    assert simulate(scenario, seed=3).script != simulate(scenario, seed=4).script


@pytest.mark.parametrize("scenario", ["rest", "paced:6", "ectopic:5"])
def test_intervals_sent_are_the_beats_to_a_tick(scenario):
    made = simulate(scenario)
    _, rr = intervals(made)
    beats = made.truth.beat_time
    true = 1000 * np.diff(beats)
    first = int(np.argmin([np.abs(true[k : k + 20] - rr[:20]).sum() for k in range(20)]))
    assert np.max(np.abs(true[first : first + len(rr)] - rr)) <= 1000 / 1024
    # Rounding never adds up: the sum stays within one tick.
    assert abs(rr.sum() - true[first : first + len(rr)].sum()) <= 1000 / 1024


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("scenario", "bpm"), [("rest", 64), ("paced:6", 62), ("dropouts", 66)])
def test_mean_heart_rate(scenario, bpm, seed):
    made = simulate(scenario, seed=seed)
    _, rr = intervals(made)
    assert 60000 / rr.mean() == pytest.approx(bpm, rel=0.01)
    assert np.all(made.truth.heart_rate(np.arange(100.0)) == bpm)


@pytest.mark.parametrize("rate", [4.5, 6, 9, 12, 15])
def test_rsa_is_what_averaging_over_a_beat_leaves(rate):
    made = simulate(f"paced:{rate}")
    _, rr = intervals(made)
    expected = float(made.truth.rsa_amplitude(0.0))
    period = 60 / 62
    assert expected == pytest.approx(100 * np.sinc(rate / 60 * period))
    assert fitted(rr, rate) == pytest.approx(expected, rel=0.02)


def test_the_averaging_factor_shows_at_fast_breathing():
    slow, fast = (float(simulate(f"paced:{r}").truth.rsa_amplitude(0.0)) for r in (4.5, 24))
    assert slow > 99
    assert fast < 78


def test_every_component_is_at_its_frequency_with_its_size():
    tone = Waves(np.array([0.1]), np.array([0.02]), np.array([0.5]))
    heart = Heart(60.0, 15.0, rsa=60.0, mayer=tone)
    beats = beat_times(heart, np.random.default_rng(1), seconds=600)
    rr = 1000 * np.diff(beats)
    assert fitted(rr, 15) == pytest.approx(60 * np.sinc(0.25), rel=0.02)
    assert fitted(rr, 6) == pytest.approx(2 * 20 * np.sinc(0.1), rel=0.02)
    for nothing_there in (4.0, 9.0, 21.0):
        assert fitted(rr, nothing_there) < 1.0


def test_the_integral_of_the_rate_counts_the_beats():
    heart = Heart(60.0, 15.0, rsa=80.0)
    beats = beat_times(heart, np.random.default_rng(1), seconds=100)
    grid = np.linspace(-10, 100, 110_001)
    count = np.trapezoid(heart.rate(grid), grid)
    assert abs(len(beats) - count) <= 1


def test_unpaced_breathing_wanders_about_its_rate():
    truth = simulate("rest").truth
    rate = truth.breathing_rate(np.arange(600.0))
    assert rate.mean() == pytest.approx(14, abs=0.5)
    assert 0.1 < rate.std() < 1.0


def test_therapy_tells_its_baseline_marks_and_episodes():
    made = simulate("therapy")
    baseline, *marks = made.scripted
    assert baseline == ScriptedBaseline(180.0, 0.0, 180.0)
    assert [mark.text for mark in marks] == ["touched hip", "long silence", "spoke of the accident"]
    assert [mark.time for mark in marks] == [one.onset + 2 for one in made.truth.episodes]
    assert all(isinstance(mark, ScriptedMark) for mark in marks)
    assert made.truth.duration == 1500


def test_an_episode_rises_settles_and_is_felt_in_everything():
    made = simulate("therapy")
    arrival, rr = intervals(made)
    episode = made.truth.episodes[0]
    before, high, later = ((lo <= arrival) & (arrival < lo + 30) for lo in (250, 325, 450))
    rise = 60000 / rr[high].mean() - 60000 / rr[before].mean()
    assert rise == pytest.approx(episode.height, abs=3)
    assert 60000 / rr[later].mean() == pytest.approx(72, abs=3)
    calm, aroused = (made.truth.rsa_amplitude(t) for t in (250.0, 330.0))
    assert aroused < 0.6 * calm
    assert made.truth.breathing_rate(330.0) > made.truth.breathing_rate(250.0) + 2


def test_half_recovery_is_where_it_says():
    episode = Episode(100.0, 12.0, 70.0)
    assert float(episode.shape(170.0)) == pytest.approx(0.5, abs=1e-6)
    assert float(episode.shape(100.0)) == pytest.approx(0.018, abs=0.001)
    assert float(episode.shape(120.0)) > 0.97
    assert float(episode.shape(300.0)) < 1e-5


@pytest.mark.long
def test_long_therapy_goes_on_having_episodes():
    made = simulate("therapy", seconds=4 * 3600)
    assert len(made.truth.episodes) == 36
    assert made.truth.episodes[-1].onset > 4 * 3600 - 400


def test_early_beats_come_early_and_are_paused_after():
    made = simulate("ectopic:5", seconds=1800)
    truth = made.truth
    rr = 1000 * np.diff(truth.beat_time)
    assert len(truth.early) == round(0.05 * len(truth.beat_time))
    short, long = rr[truth.early - 1], rr[truth.early]
    assert np.all(short < 0.82 * np.median(rr))
    assert np.all(long > 1.15 * np.median(rr))
    assert np.min(np.diff(truth.early)) >= 4
    assert np.all(np.diff(truth.beat_time) > 0)


@given(st.integers(0, 200), st.floats(0, 0.2))
def test_early_beats_of_any_share(count, share):
    times = np.arange(count, dtype=float)
    early = with_early_beats(times, np.random.default_rng(0), share=share)
    assert len(early.time) == count
    assert np.all(np.diff(early.time) > 0)
    assert np.array_equal(np.flatnonzero(early.time != times), early.index)


def test_the_strap_sends_once_a_second_and_late():
    made = simulate("rest", habits=Habits(latency=2.6))
    notes = np.array([step.time for step in made.script.steps if isinstance(step, Notify)])
    assert np.diff(notes).mean() == pytest.approx(0.99, rel=0.001)
    assert np.all((np.diff(notes) > 0.9) & (np.diff(notes) < 1.1))
    arrival, rr = intervals(made)
    end = made.truth.beat_time
    lag = [np.median(arrival[50:500] - end[k + 50 : k + 500]) for k in range(20)]
    sums = arrival[0] + np.cumsum(rr) / 1000
    k = int(np.argmin([np.ptp(sums[:300] - end[k : k + 300]) for k in range(20)]))
    assert lag[k] == pytest.approx(2.6, abs=0.15)


def test_every_packet_has_contact_and_a_plausible_rate():
    notes = [step for step in simulate("rest").script.steps if isinstance(step, Notify)]
    readings = [decode(note.data) for note in notes]
    assert all(reading.contact for reading in readings)
    assert all(50 < reading.bpm < 80 for reading in readings)
    assert {len(reading.rr_ticks) for reading in readings} <= {0, 1, 2}


def test_dropouts_are_what_the_link_reports():
    opened = simulated("dropouts")
    emitted = []

    async def main():
        await Link(opened.adapter, opened.wanted, emit=emitted.append, start=0.0).run()

    run(main(), speed="max")
    said = [(r.time, r.state) for r in emitted if isinstance(r, StateChange)]
    broken = [loss for loss in opened.truth.losses if loss.cause == "link"]
    assert [t for t, s in said if s is LinkState.LOST] == [loss.start for loss in broken]
    assert [t for t, s in said if s is LinkState.WAITING][1:] == [loss.end for loss in broken]
    (off,) = [t for t, s in said if s is LinkState.OFF_SKIN]
    contact = next(loss for loss in opened.truth.losses if loss.cause == "contact")
    assert contact.start < off < contact.end
    arrived = [r.time for r in emitted if isinstance(r, Notification)]
    lost = next(loss for loss in opened.truth.losses if loss.cause == "packets")
    assert not [t for t in arrived if lost.start <= t < lost.end]


def test_a_short_run_has_only_what_fits():
    made = simulate("dropouts", seconds=100)
    assert [loss.end for loss in made.truth.losses] == [100]
    assert max(step.time for step in made.script.steps) == 100
    assert simulate("therapy", seconds=20).scripted == ()
    assert len([s for s in simulate("dropouts").script.steps if isinstance(s, Drop)]) == 2


@pytest.mark.parametrize(
    "words",
    [
        "",
        "sleep",
        "rest:3",
        "rest:",
        "paced",
        "paced:",
        "paced:x",
        "paced:2",
        "paced:31",
        "paced:nan",
        "paced:6:7",
        "ectopic",
        "ectopic:0",
        "ectopic:21",
        "ectopic:-1",
        "ectopic:nan",
    ],
)
def test_an_unknown_scenario_is_told_which_there_are(words):
    with pytest.raises(ValueError, match=r"rest, paced:RATE .* therapy, .* or dropouts\.$"):
        simulate(words)


@pytest.mark.parametrize("seconds", [0, -5, float("nan"), float("inf"), 1e9])
def test_an_absurd_length_is_refused(seconds):
    with pytest.raises(ValueError, match="lasts above 0"):
        simulate("rest", seconds=seconds)


def test_opened_says_what_it_is():
    opened = simulated("therapy", seed=2)
    assert opened.simulated
    assert opened.duration == 1500
    assert opened.device == "Simulated strap (therapy)"
    assert len(opened.scripted) == 4
