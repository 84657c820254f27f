import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.breathing.pacer import EASING, Pacer, ease, steady, with_ratio

RATES = st.floats(4.0, 24.0)
SHARES = st.floats(0.2, 0.8)
PAUSES = st.sampled_from([0.0, 0.05, 0.1])
MOMENTS = st.floats(-60.0, 5000.0)


@st.composite
def pacers(draw):
    """A guide after any changes, in any order of time."""
    inhale = draw(SHARES)
    begin = {"at": draw(st.floats(-20.0, 100.0)), "inhale": inhale}
    pacer = steady(draw(RATES), **begin, pause=min(draw(PAUSES), 0.8 - inhale))
    for at in draw(st.lists(MOMENTS, max_size=6)):
        if draw(st.booleans()):
            pacer = ease(pacer, at, draw(RATES), per_minute=draw(st.floats(0.1, 60.0)))
        else:
            pacer = with_ratio(pacer, at, draw(SHARES))
    return pacer


def joins(pacer: Pacer) -> np.ndarray:
    return np.array([piece.time for piece in pacer.pieces])


def test_steady_guide_in_closed_form():
    pacer = steady(6.0, at=2.0, inhale=0.4)
    time = np.array([2.0, 4.0, 6.0, 9.0, 12.0, 15.5])
    np.testing.assert_allclose(pacer.phase(time), [0.0, 0.2, 0.4, 0.7, 1.0, 1.35], atol=1e-12)
    np.testing.assert_allclose(
        pacer.volume(time), [0.0, 0.5, 1.0, 0.5, 0.0, (1 + np.cos(np.pi / 8)) / 2], atol=1e-12
    )
    assert pacer.is_inhaling(time).tolist() == [True, True, False, False, True, True]
    np.testing.assert_allclose(pacer.seconds_left(time)[[0, 1, 3]], [4.0, 2.0, 3.0], atol=1e-9)
    np.testing.assert_allclose(pacer.next_breath(time)[:4], 12.0, atol=1e-9)


def test_one_time_gives_one_number():
    pacer = steady(6.0)
    for method in (pacer.phase, pacer.rate, pacer.volume, pacer.seconds_left, pacer.next_breath):
        assert np.shape(method(3.0)) == ()
        assert float(method(3.0)) == method([3.0])[0]


def test_a_pause_is_taken_from_the_end_of_breathing_out():
    pacer = steady(6.0, inhale=0.4, pause=0.1)
    time = np.array([2.0, 4.0, 6.5, 9.0, 9.5, 10.0, 12.0])
    np.testing.assert_allclose(pacer.volume(time), [0.5, 1.0, 0.5, 0, 0, 0, 0.5], atol=1e-12)
    assert pacer.is_pausing([8.9, 9.1, 9.9, 10.1]).tolist() == [False, True, True, False]
    assert not pacer.is_inhaling([6.0, 9.5]).any()
    np.testing.assert_allclose(pacer.seconds_left([6.0, 9.5]), [4.0, 0.5], atol=1e-9)
    assert with_ratio(pacer, 0.0, 0.3).is_pausing(9.5)
    assert not with_ratio(pacer, 0.0, 0.8).is_pausing(9.9)
    assert not steady(6.0).is_pausing(np.arange(0.0, 60.0, 0.01)).any()


@pytest.mark.parametrize("pause", [-0.01, 0.11, np.nan])
def test_a_pause_beyond_its_limits_is_refused(pause):
    with pytest.raises(ValueError, match=r"^The pause must be 0 to 0.1 of a breath; got .*\.$"):
        steady(6.0, pause=pause)
    with pytest.raises(ValueError, match=r"^The pause must be 0 to 0 "):
        steady(6.0, inhale=0.8, pause=0.05)


def test_easing_moves_by_half_a_breath_a_minute():
    pacer = ease(steady(12.0), 60.0, 6.0)
    time = 60.0 * np.array([0.5, 1.0, 2.0, 7.0, 13.0, 20.0])
    np.testing.assert_allclose(pacer.rate(time), [12.0, 12.0, 11.5, 9.0, 6.0, 6.0], atol=1e-12)
    # 12 breaths in the first minute, then twelve minutes at 9 on average, then 6 a minute.
    np.testing.assert_allclose(pacer.phase(20 * 60.0), 12 + 12 * 9 + 7 * 6, atol=1e-9)


def test_easing_the_other_way_and_to_the_same_rate():
    assert ease(steady(6.0), 10.0, 7.0).rate(70.0) == pytest.approx(6.5)
    same = ease(steady(6.0), 10.0, 6.0)
    np.testing.assert_allclose(same.phase(np.arange(60.0)), steady(6.0).phase(np.arange(60.0)))


def test_a_new_easing_gives_up_the_one_under_way():
    pacer = ease(ease(steady(12.0), 0.0, 6.0), 120.0, 12.0)
    np.testing.assert_allclose(pacer.rate([120.0, 180.0, 240.0, 900.0]), [11.0, 11.5, 12.0, 12.0])


def test_ratio_waits_for_the_next_breath():
    pacer = with_ratio(steady(6.0, inhale=0.4), 3.0, 0.6)
    assert not pacer.is_inhaling(5.0)
    assert pacer.is_inhaling(15.0)
    assert with_ratio(steady(6.0), 10.0, 0.6).is_inhaling(15.0)


@pytest.mark.parametrize("rate", [3.99, 24.01, np.nan, -6.0])
def test_rate_beyond_the_limits_is_refused_in_one_sentence(rate):
    for call in (lambda: steady(rate), lambda: ease(steady(6.0), 0.0, rate)):
        with pytest.raises(ValueError, match=r"^The breathing rate must be 4 to 24 .*\.$"):
            call()


@pytest.mark.parametrize("inhale", [0.19, 0.81, np.nan])
def test_share_beyond_the_limits_is_refused_in_one_sentence(inhale):
    for call in (lambda: steady(6.0, inhale=inhale), lambda: with_ratio(steady(6.0), 0.0, inhale)):
        with pytest.raises(ValueError, match=r"^The share of breathing in must be .*\.$"):
            call()


@pytest.mark.parametrize("per_minute", [0.0, -1.0, np.nan])
def test_easing_needs_a_speed(per_minute):
    with pytest.raises(ValueError, match="above 0"):
        ease(steady(6.0), 0.0, 5.0, per_minute=per_minute)


@given(pacers(), MOMENTS)
def test_phase_and_volume_never_jump(pacer, anywhere):
    step = 1e-10
    for moment in [anywhere, *joins(pacer)]:
        before, after = pacer.phase([moment - step, moment + step])
        assert 0.0 <= after - before <= 1e-9
        low, high = pacer.volume([moment - step, moment + step])
        assert abs(high - low) <= 1e-9


@given(pacers())
def test_volume_is_smooth(pacer):
    # Its steepest slope is pi / 2 of a volume in a fifth of a breath, and its turns are at rest.
    step = 1e-3
    time = np.concatenate([np.arange(-30.0, 300.0, 0.037), joins(pacer)])
    rise = np.abs(pacer.volume(time + step) - pacer.volume(time)) / step
    assert np.all(rise <= np.pi / 2 / 0.2 * 24.0 / 60.0 + 1e-6)
    turns = pacer.time_of(np.arange(0.0, 20.0))
    assert np.all(np.abs(pacer.volume(turns + 1e-4) - pacer.volume(turns)) <= 1e-5)
    assert np.all(pacer.volume(turns) <= 1e-12)


@given(pacers())
def test_phase_is_the_integral_of_the_rate(pacer):
    edges = np.unique(np.concatenate([[-100.0, 6000.0], joins(pacer)]))
    middle = pacer.rate(0.5 * (edges[1:] + edges[:-1]))
    np.testing.assert_allclose(
        np.diff(pacer.phase(edges)), middle * np.diff(edges) / 60.0, rtol=1e-9, atol=1e-9
    )


@given(pacers(), st.lists(MOMENTS, min_size=1, max_size=20))
def test_time_of_inverts_phase(pacer, moments):
    np.testing.assert_allclose(pacer.time_of(pacer.phase(moments)), moments, rtol=0, atol=1e-6)


@given(pacers(), MOMENTS)
def test_turns_are_where_they_were_said_to_be(pacer, moment):
    turn = moment + float(pacer.seconds_left(moment))
    assert pacer.is_inhaling(turn - 1e-4) != pacer.is_inhaling(turn + 1e-4)
    begin = float(pacer.next_breath(moment))
    assert begin > moment
    assert pacer.volume(begin) <= 1e-9
    assert float(pacer.next_breath(begin)) > begin + 2.0


@given(pacers(), MOMENTS, RATES)
def test_a_change_leaves_the_past_alone_and_keeps_the_limits(pacer, at, rate):
    changed = ease(pacer, at, rate)
    past = at - np.linspace(0.0, 500.0, 50)
    np.testing.assert_allclose(changed.phase(past), pacer.phase(past), rtol=1e-12, atol=1e-9)
    time = np.linspace(-200.0, 9000.0, 400)
    assert np.all((changed.rate(time) >= 4.0 - 1e-9) & (changed.rate(time) <= 24.0 + 1e-9))
    later = at + np.linspace(0.0, 4000.0, 200)
    assert np.all(np.abs(np.diff(changed.rate(later))) <= EASING * np.diff(later) / 60 + 1e-9)
    assert changed.rate(at + 60.0 * 41.0) == pytest.approx(rate)


@given(pacers(), MOMENTS, SHARES)
def test_a_new_ratio_leaves_breaths_begun_alone(pacer, at, inhale):
    changed = with_ratio(pacer, at, inhale)
    past = at - np.linspace(0.0, 500.0, 50)
    np.testing.assert_allclose(changed.volume(past), pacer.volume(past), atol=1e-9)
    breath = float(pacer.next_breath(at))
    length = float(pacer.next_breath(breath)) - breath
    top = float(changed.time_of(np.round(changed.phase(breath)) + inhale))
    assert changed.volume(top) == pytest.approx(1.0, abs=1e-9)
    assert 0.0 < top - breath < length
