"""The last line of a practice and of an assessment, from events to figures."""

from dataclasses import replace

import numpy as np
import pytest

from devices.scripted import simulate
from physio import NO_BEATS, label_beats
from physio.beats import Beats
from physio.breathing.assessment import Course, stepped
from physio.breathing.resonance import AGREEING, Earlier
from pipelines.analysis import ResonanceReason, StepVerdict, assessed, practised
from pipelines.session import Assessment, Pace, SourceBeats, guides_of

STEPS = Assessment(0.0, Course.STEPPED, 0.0, 0.4)


def found(scenario, paces, *, delay=2.1, known=True, seconds=None, assessment=STEPS):
    times = simulate(scenario, seconds=seconds).truth.beat_time
    times = times[times > 0.0]
    rr = 1000.0 * (times[1:] - times[:-1])
    beats = Beats(times[1:] + delay, rr, [0] * len(rr))
    return SourceBeats(
        source=0,
        role="client",
        device="a strap",
        received=len(beats),
        duplicates=0,
        malformed=0,
        beats=beats,
        labels=label_beats(beats),
        gaps=(),
        delay=delay if known else 0.0,
        delay_known=known,
        guides=guides_of(paces, times[-1] + 5.0),
        assessment=assessment,
    )


def steps():
    for step in stepped():
        yield from (Pace(step.start, step.rate, 0.4), Pace(step.end, None, 0.4))


def test_an_assessment_is_read_from_what_the_log_tells_of_the_guide():
    line = assessed(found("resonance:5.5", steps()), "s")
    assert [step.rate for step in line.steps] == [6.5, 6.0, 5.5, 5.0, 4.5]
    assert {step.verdict for step in line.steps} == {StepVerdict.SCORED}
    assert {step.adherence_percent for step in line.steps} == {100.0}
    assert (line.resonance.value, line.resonance.verdict) == (5.5, "clear")
    assert line.resonance.reason is None
    assert line.resonance.margin_percent == pytest.approx(66.0, abs=5.0)


def test_the_delay_is_taken_out_of_the_phase_and_an_unknown_one_leaves_none():
    phases = [
        [step.phase for step in assessed(found("resonance:5.5", steps(), **more), "s").steps]
        for more in ({"delay": 0.0}, {"delay": 2.1}, {"delay": 2.1, "known": False})
    ]
    assert phases[1] == pytest.approx(phases[0], abs=0.5)
    assert phases[2] == [None] * 5


def test_reasons_of_an_unclear_assessment():
    edge = assessed(found("resonance:4.5", steps()), "s").resonance
    assert (edge.value, edge.verdict, edge.reason) == (4.5, "edge", ResonanceReason.STILL_RISING)
    few = assessed(found("rest", steps(), seconds=1090), "s")
    assert (few.resonance.value, few.resonance.reason) == (None, ResonanceReason.TOO_FEW)
    assert {step.verdict for step in few.steps} == {StepVerdict.NOT_SCORED}
    assert {step.rsa_amplitude for step in few.steps} == {None}


def nearly_even(told, *, wider):
    """Return a person whose heart moves about as far at each pace, at 5.5 so much `wider`."""
    swings = np.array([one.rsa_amplitude for one in assessed(told, "s").steps])
    step = np.clip(told.beats.time // 240.0, 0, 4).astype(int)
    size = np.where(step == 2, 100.0 * (1.0 + wider), 100.0) / swings[step]
    uneven = 1.0 + 0.25 * np.repeat(np.random.default_rng(5).standard_normal(400), 10)[: len(step)]
    rr = 900.0 + (told.beats.rr - 900.0) * size * uneven
    return replace(told, beats=replace(told.beats, rr=rr), labels=None)


def test_two_assessments_that_agree_are_clear_together():
    told = nearly_even(found("resonance:5.5", steps()), wider=-0.03)
    alone = assessed(told, "s").resonance
    assert (alone.value, alone.verdict) == (5.5, "unclear")
    assert alone.reason is ResonanceReason.NO_DIFFERENCE
    for earlier, clear in (
        (Earlier(5.5, 1.0), True),
        (Earlier(5.5, AGREEING - 0.01), False),
        (Earlier(6.0, 1.0), False),
    ):
        compared = replace(told, assessment=Assessment(0.0, Course.STEPPED, 0.0, 0.4, earlier))
        line = assessed(compared, "s").resonance
        assert (line.value, line.verdict) == (5.5, "clear" if clear else "unclear")
        assert (line.reason is ResonanceReason.AGREES) is clear


def test_without_an_assessment_nothing_is_found():
    line = assessed(found("resonance:5.5", steps(), assessment=None), "s")
    assert line.steps == ()
    assert line.resonance.reason is ResonanceReason.TOO_FEW


def test_a_practice_with_a_rest_in_it():
    paces = [Pace(0.0, 6.0, 0.4), Pace(120.0, None, 0.4), Pace(180.0, 6.0, 0.4)]
    told = found("paced:6", [*paces, Pace(240.0, None, 0.4)])
    line = practised(told, "s")
    assert line.duration_s == pytest.approx(180.0)
    assert line.paced_rate == pytest.approx(6.0)
    assert line.breathing_rate == pytest.approx(6.0, abs=0.05)
    assert line.adherence_percent == 100.0
    assert line.rsa_amplitude == pytest.approx(100.0, rel=0.05)
    assert 0.9 < line.rhythm_regularity <= 1.0


def test_a_person_who_breathes_otherwise_follows_little():
    line = practised(found("rest", [Pace(0.0, 6.0, 0.4)]), "s")
    assert line.adherence_percent < 50.0
    assert line.breathing_rate == pytest.approx(14.0, abs=1.0)


def test_a_practice_without_a_beat_or_without_a_guide():
    told = found("paced:6", [Pace(0.0, 6.0, 0.4)])
    silent = practised(replace(told, beats=NO_BEATS, labels=None, received=0), "s")
    assert (silent.adherence_percent, silent.breathing_rate) == (None, None)
    assert silent.paced_rate == pytest.approx(6.0)
    unguided = practised(replace(told, guides=()), "s")
    assert (unguided.paced_rate, unguided.adherence_percent, unguided.duration_s) == (None, None, 0)
