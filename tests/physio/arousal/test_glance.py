from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal.baseline import Baseline, baseline
from physio.arousal.glance import (
    EDGES,
    HOLD,
    MARGIN,
    NOTHING_YET,
    POSITIONS,
    Direction,
    Trust,
    TrustLevel,
    advance,
    trust,
)
from physio.arousal.level import NO_LEVEL, Level, levels
from physio.arousal.slope import NO_SLOPE, Slope, slope
from physio.beats import NO_BEATS, Beats
from physio.reasons import Reason, ReasonCode

QUIET = Baseline(0.0, 180.0, 70.0, 2.0, None, None, None)
TALKING = Reason(ReasonCode.TALKING)
CLEAR = Trust(TrustLevel.CLEAR, None)
EVEN = Slope(0.0, -2.0, 2.0)
DIRECTIONS = tuple(Direction)


def shown(
    levels, slopes=EVEN, *, quiet=QUIET, start=0.0, state=NOTHING_YET, trusted=CLEAR, error=0.5
):
    """Return the states while heart rate goes through `levels` (spreads), one a second."""
    states = []
    for second, level in enumerate(levels):
        at = slopes[second] if isinstance(slopes, list) else slopes
        bpm = 70.0 + level * 2.0
        state = advance(state, start + second, Level(bpm, error), at, quiet, trusted)
        states.append(state)
    return states


def test_who_has_seen_nothing_claims_nothing():
    assert NOTHING_YET.trust.level is TrustLevel.NONE
    assert NOTHING_YET.level is None
    assert NOTHING_YET.difference is None
    assert not NOTHING_YET.sided
    assert not NOTHING_YET.episode


def bpm_slope(value, half=2.0) -> Slope:
    return Slope(value, value - half, value + half)


@pytest.mark.parametrize(
    ("level", "word"),
    [
        (-2.01, "below"),
        (-1.5, "a little below"),
        (-1.0, "near"),
        (0.0, "near"),
        (1.0, "near"),
        (1.01, "a little above"),
        (2.01, "above"),
        (40.0, "above"),
    ],
)
def test_first_word_is_the_position_by_spreads(level, word):
    state = shown([level])[0]
    assert state.position == word
    assert state.level == pytest.approx(level)
    assert state.difference == pytest.approx(2.0 * level)


@pytest.mark.parametrize(
    ("level", "error", "number", "trusted"),
    [
        (0.0, 1.0, True, "clear"),
        (0.0, 1.01, True, "limited"),
        (0.0, 2.0, True, "limited"),
        (0.0, 2.01, False, "limited"),
        (3.0, 5.99, True, "limited"),
        (3.0, 6.01, False, "limited"),
        (-3.0, 6.01, False, "limited"),
        (3.0, None, False, "limited"),
    ],
)
def test_the_error_rules_number_and_trust(level, error, number, trusted):
    """The spread is 2 bpm: half of it for a clear side, it or the difference for a number."""
    state = shown([level], error=error)[0]
    assert state.difference_error == error
    assert (state.difference == pytest.approx(2.0 * level)) if number else state.difference is None
    assert state.level == pytest.approx(level)
    assert state.trust.level == trusted
    assert state.trust.reason == (None if trusted == "clear" else Reason(ReasonCode.WHICH_SIDE))


def test_what_limits_the_beats_is_told_before_the_side():
    talked = Trust(TrustLevel.LIMITED, TALKING)
    assert shown([0.0], error=9.0, trusted=talked)[0].trust is talked
    assert shown([0.0], error=9.0, quiet=None)[0].trust is CLEAR


@given(
    st.lists(st.tuples(st.floats(-6.0, 6.0), st.floats(0.0, 8.0)), min_size=2, max_size=120),
    st.floats(0.2, 3.0),
)
def test_word_dot_and_number_tell_one_thing(moments, every):
    state, edges = NOTHING_YET, (-np.inf, *EDGES, np.inf)
    for number, (level, error) in enumerate(moments):
        before = state
        state = advance(state, every * number, Level(70.0 + 2.0 * level, error), EVEN, QUIET, CLEAR)
        place = POSITIONS.index(state.position)
        assert edges[place] - MARGIN - 1e-9 <= state.level <= edges[place + 1] + MARGIN + 1e-9
        if state.difference is not None:
            assert state.difference == pytest.approx(2.0 * state.level)
        triple = (state.level, state.difference, state.difference_error)
        if state.level != pytest.approx(level):
            assert triple == (before.level, before.difference, before.difference_error)
            assert every * number - state.position_since < HOLD


def test_a_level_at_an_edge_does_not_flicker():
    wobble = [1.0 + 0.45 * (-1) ** (second // 11) for second in range(200)]
    assert {state.position for state in shown(wobble)} == {"a little above"}
    assert {state.position for state in shown([0.9, *wobble])} == {"near"}


def test_a_word_holds_and_then_gives_way():
    states = shown([0.0, *[5.0] * 30])
    assert [state.position for state in states[:10]] == ["near"] * 10
    assert states[10].position == "above"


@given(
    st.lists(st.floats(-6.0, 6.0), min_size=30, max_size=120),
    st.lists(st.floats(-60.0, 60.0), min_size=120, max_size=120),
    st.floats(0.1, 30.0),
)
def test_no_word_is_shown_for_less_than_its_hold(levels, slopes, half):
    states = shown(levels, [bpm_slope(value, half) for value in slopes])
    for name in ("position", "direction"):
        words = [getattr(state, name) for state in states]
        changes = [t for t in range(1, len(words)) if words[t] != words[t - 1]]
        assert np.all(np.diff([0, *changes]) >= HOLD)
        assert set(words) <= {*POSITIONS, *DIRECTIONS}


def test_lost_trust_takes_both_words_at_once():
    before = shown([3.0] * 3, bpm_slope(30.0))[-1]
    after = advance(
        before,
        3.0,
        Level(76.0, 0.5),
        bpm_slope(30.0),
        QUIET,
        Trust(TrustLevel.NONE, Reason(ReasonCode.LAST_BEAT_AGO, seconds=16)),
    )
    assert (after.position, after.direction, after.level) == ("", Direction.UNCLEAR, None)
    assert after.trust.reason == Reason(ReasonCode.LAST_BEAT_AGO, seconds=16)
    again = advance(after, 4.0, Level(76.0, 0.5), EVEN, QUIET, CLEAR)
    assert again.position == "above"


def test_without_baseline_there_is_direction_but_no_position():
    states = shown([0.0] * 15, bpm_slope(20.0), quiet=None)
    assert {state.position for state in states} == {""}
    assert states[-1].direction == "rising"
    assert states[-1].difference is None


def test_without_heart_rate_there_is_no_position():
    talked = Trust(TrustLevel.LIMITED, TALKING)
    state = advance(shown([0.0])[0], 1.0, NO_LEVEL, NO_SLOPE, QUIET, talked)
    assert (state.position, state.level, state.difference_error) == ("", None, None)


@pytest.mark.parametrize(
    ("at", "word"),
    [
        (bpm_slope(12.0), "rising"),
        (bpm_slope(-12.0), "lowering"),
        (bpm_slope(0.0), "steady"),
        (bpm_slope(5.0), "steady"),
        (bpm_slope(8.0), "rising"),
        (bpm_slope(-8.0), "lowering"),
        (bpm_slope(7.99), "steady"),
        (bpm_slope(7.0, 9.0), Direction.UNCLEAR),
        (bpm_slope(12.0, 13.0), Direction.UNCLEAR),
        (bpm_slope(0.0, 40.0), Direction.UNCLEAR),
        (NO_SLOPE, Direction.UNCLEAR),
    ],
)
def test_direction_is_the_slope_against_its_uncertainty(at, word):
    assert shown([0.0] * 12, at)[-1].direction == word


def test_settling_is_said_only_after_heart_rate_has_been_above():
    falling = bpm_slope(-15.0)
    assert shown([1.5] * 30, falling)[-1].direction == "lowering"
    assert shown([3.0] * 30, falling)[-1].direction == "settling"


def test_below_the_baseline_nothing_settles():
    up = shown([3.0] * 12)[-1]
    down = shown([-3.0] * 30, bpm_slope(-15.0), state=up, start=20.0)[-1]
    assert down.direction == "lowering"


def test_an_episode_ends_where_heart_rate_rests_near():
    up = shown([3.0] * 12)[-1]
    assert up.episode
    resting = shown([0.0] * 30, state=up, start=12.0)[-1]
    assert not resting.episode
    assert (
        shown([1.5] * 30, bpm_slope(-15.0), state=resting, start=42.0)[-1].direction == "lowering"
    )


def test_the_same_states_come_from_the_same_calls():
    levels = list(3.0 * np.sin(np.arange(100) / 9.0))
    assert shown(levels) == shown(levels)
    halfway = shown(levels[:50])[-1]
    assert shown(levels[50:], state=halfway, start=50.0)[-1] == shown(levels)[-1]


@pytest.mark.parametrize(
    ("change", "word", "reason"),
    [
        ({}, "clear", None),
        ({"age": None}, "none", Reason(ReasonCode.NO_BEATS_YET)),
        ({"begun": 9.0}, "none", Reason(ReasonCode.FIRST_BEATS)),
        ({"age": 5.0}, "clear", None),
        ({"age": 8.2}, "limited", Reason(ReasonCode.LAST_BEAT_AGO, seconds=8)),
        ({"age": 15.2}, "none", Reason(ReasonCode.LAST_BEAT_AGO, seconds=15)),
        ({"corrected": 5.0}, "clear", None),
        ({"corrected": 6.0}, "limited", Reason(ReasonCode.CORRECTED, percent=6)),
        ({"corrected": 15.5}, "none", Reason(ReasonCode.CORRECTED, percent=16)),
        ({"coverage": 84.0}, "limited", Reason(ReasonCode.LITTLE_OF_MINUTE, percent=84)),
        ({"coverage": 30.0}, "none", Reason(ReasonCode.LITTLE_OF_MINUTE, percent=30)),
        ({"talking": True}, "limited", Reason(ReasonCode.TALKING)),
        ({"irregular": True}, "limited", Reason(ReasonCode.IRREGULAR)),
        (
            {"talking": True, "age": 20.0},
            "none",
            Reason(ReasonCode.LAST_BEAT_AGO, seconds=20),
        ),
    ],
)
def test_trust(change, word, reason):
    good = {"age": 0.5, "begun": 10.0, "corrected": 0.0, "coverage": 100.0}
    calm = {"talking": False, "irregular": False}
    assert trust(**(good | calm | change)) == Trust(word, reason)


def beats_along(bpm, seconds, *, waves=(), noise=0.0, seed=0) -> Beats:
    """Beats of a heart rate given as a function of time (s), with waves (bpm, per minute)."""
    rng = np.random.default_rng(seed)
    fine = np.arange(0.0, seconds + 5.0, 0.05)
    rate = np.array([bpm(t) for t in fine])
    for size, per_minute in waves:
        rate = rate + size * np.sin(2 * np.pi * per_minute / 60 * fine + rng.uniform(0, 6.28))
    passed = np.cumsum(rate / 60.0) * 0.05
    time = np.interp(np.arange(1, int(passed[-1])), passed, fine)
    rr = np.diff(time) * 1000.0 + noise * rng.standard_normal(len(time) - 1)
    return Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))


def last_slope(beats: Beats, end=60.0, usable=None) -> Slope:
    return slope(beats, np.ones(len(beats), bool) if usable is None else usable, end=end)


@pytest.mark.parametrize("per_minute", [-20.0, 0.0, 6.0, 30.0])
def test_slope_of_a_straight_change(per_minute):
    found = last_slope(beats_along(lambda t: 70.0 + per_minute * t / 60.0, 60.0))
    assert found.value == pytest.approx(per_minute, abs=0.3)
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize("waves", [((3.0, 14.0), (2.0, 6.0)), ((6.0, 6.0),), ((3.0, 9.0),)])
def test_breathing_is_not_taken_for_a_slope(waves):
    covered, width = [], []
    for seed in range(60):
        found = last_slope(beats_along(lambda t: 72.0, 60.0, waves=waves, noise=8.0, seed=seed))
        covered.append(found.low <= 0.0 <= found.high)
        width.append(found.high - found.low)
    assert np.mean(covered) >= 0.88
    assert np.median(width) <= 14.0


def test_slope_is_withheld_over_a_gap_and_where_little_is_usable():
    beats = beats_along(lambda t: 70.0, 60.0)
    broken = Beats(beats.time, beats.rr, (beats.time > 45.0).astype(int))
    assert last_slope(broken) == NO_SLOPE
    assert last_slope(beats, usable=np.arange(len(beats)) % 2 == 0) == NO_SLOPE
    assert last_slope(beats, end=20.0) == NO_SLOPE
    assert last_slope(NO_BEATS) == NO_SLOPE


def glimpses(beats: Beats, first: float, last: float, quiet: Baseline):
    usable, state, states = np.ones(len(beats), bool), NOTHING_YET, []
    for now in np.arange(first, last):
        recent = (beats.time > now - 70.0) & (beats.time <= now)
        tail = Beats(beats.time[recent], beats.rr[recent], beats.segment[recent])
        state = advance(
            state,
            float(now),
            levels(tail, usable[recent], np.array([now]))[0],
            slope(tail, usable[recent], end=float(now)),
            quiet,
            CLEAR,
        )
        states.append((float(now), state))
    return states


def episode(now: float) -> float:
    """Twelve beats a minute more for a minute from 240 s on, back within about 40 s."""
    up = 1.0 / (1.0 + np.exp(-(now - 247.0) / 2.5))
    down = 1.0 / (1.0 + np.exp((now - 320.0) / 6.0))
    return 70.0 + 12.0 * up * down


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_episode_is_told_as_it_happens(seed):
    waves = ((2.5, 14.0), (1.0, 6.0))
    beats = beats_along(episode, 500.0, waves=waves, noise=6.0, seed=seed)
    quiet = baseline(beats, np.ones(len(beats), bool), start=0.0, end=180.0)
    states = glimpses(beats, 200.0, 480.0, quiet)
    above = [t for t, state in states if state.position == "above"]
    assert 245.0 <= above[0] <= 265.0
    assert 300.0 <= above[-1] <= 345.0
    rising, settling = (
        [t for t, state in states if state.direction == word] for word in ("rising", "settling")
    )
    assert 242.0 <= rising[0] <= 265.0
    assert 310.0 <= settling[0] <= 345.0
    ending = [state for t, state in states if t > 400.0]
    assert {state.position for state in ending} == {"near"}
    assert np.mean([state.direction == "steady" for state in ending]) >= 0.8
    assert not ending[-1].episode


def test_few_changes_of_position_at_rest():
    changes, hours = 0, 0.0
    for seed in range(3):
        drift = np.random.default_rng(seed).uniform(0.0, 6.28)
        beats = beats_along(
            lambda t, drift=drift: 70.0 + 1.4 * np.sin(2 * np.pi * t / 150.0 + drift),
            900.0,
            waves=((3.0, 14.0), (2.0, 5.7)),
            noise=6.0,
            seed=seed,
        )
        quiet = baseline(beats, np.ones(len(beats), bool), start=0.0, end=180.0)
        words = [state.position for _, state in glimpses(beats, 180.0, 880.0, quiet)]
        changes += sum(a != b for a, b in pairwise(words))
        hours += 700.0 / 3600.0
    assert changes / hours <= 40.0


def test_a_new_baseline_moves_the_position_without_a_jump_of_words():
    state = shown([0.0] * 3)[-1]
    higher = replace(QUIET, level=60.0)
    states = shown([0.0] * 20, quiet=higher, state=state, start=3.0)
    assert states[0].position == "near"
    assert states[-1].position == "above"
