import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.breathing.pacer import ease, steady
from pipelines.session import Pace, guide_after, guides_of
from pipelines.session.guides import KNOWN


def test_a_guide_lasts_until_its_rest_or_the_end():
    paces = [Pace(0.0, 6.5, 0.4), Pace(120.0, None, 0.4), Pace(240.0, 6.0, 0.5)]
    one, two = guides_of(paces, 300.0)
    assert (one.start, one.end) == (0.0, 120.0)
    assert (two.start, two.end) == (240.0, 300.0)
    assert float(one.pacer.phase(60.0)) == pytest.approx(6.5)
    assert float(two.pacer.phase(270.0)) == pytest.approx(3.0)
    assert float(two.pacer.volume(245.0)) == pytest.approx(1.0)  # full after half a breath of 10 s


def test_a_breath_goes_on_where_the_rate_changes():
    (one,) = guides_of([Pace(0.0, 6.0, 0.4), Pace(15.0, 12.0, 0.4)], 30.0)
    assert float(one.pacer.phase(15.0)) == pytest.approx(1.5)
    assert float(one.pacer.phase(20.0)) == pytest.approx(2.5)


def test_an_easing_guide_is_known_to_a_hundredth_of_a_breath():
    pacer = ease(steady(8.0), 0.0, 6.0)
    told, paces = None, []
    for time in np.arange(0.0, 300.0, 0.03).tolist():
        rate = round(float(pacer.rate(time)), 1)
        if rate != told:
            paces.append(Pace(time, rate, 0.4))
            told = rate
    (one,) = guides_of(paces, 300.0)
    at = np.arange(0.0, 300.0, 1.0)
    assert np.abs(one.pacer.phase(at) - pacer.phase(at)).max() < 0.02


@pytest.mark.parametrize(
    "paces", [[], [Pace(0.0, None, 0.4)], [Pace(5.0, 6.0, 0.4), Pace(5.0, None, 0.4)]]
)
def test_without_a_breath_there_is_no_guide(paces):
    assert guides_of(paces, 60.0) == ()


@pytest.mark.parametrize(
    ("rate", "inhale"), [(0.0, 0.4), (-6.0, 0.4), (np.nan, 0.4), (np.inf, 0.4), (6.0, np.nan)]
)
def test_what_no_guide_offers_is_a_rest(rate, inhale):
    paces = [Pace(0.0, 6.0, 0.4), Pace(60.0, rate, inhale)]
    (one,) = guides_of(paces, 120.0)
    assert (one.start, one.end) == (0.0, 60.0)
    assert guide_after(one.pacer, paces[-1]) is None


def test_a_rest_told_twice_is_one_rest():
    paces = [Pace(0.0, 6.0, 0.4), Pace(60.0, None, 0.4), Pace(61.0, None, 0.4)]
    assert [guided.end for guided in guides_of(paces, 100.0)] == [60.0]


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.none() | st.floats(4.0, 10.0)), max_size=60))
def test_the_guide_that_is_on_is_the_last_of_all_and_knows_its_last_minutes(told):
    pacer, time, paces = None, 0.0, []
    for step, rate in told:
        time += step
        paces.append(Pace(time, rate, 0.4))
        pacer = guide_after(pacer, paces[-1])
    guides = guides_of(paces, time + 60.0)
    if pacer is None:
        assert not paces or paces[-1].rate is None
        return
    whole = guides[-1].pacer
    at = np.linspace(max(whole.pieces[0].time, time - KNOWN), time + 60.0, 200)
    assert np.array_equal(pacer.phase(at), whole.phase(at))
    assert np.array_equal(pacer.volume(at), whole.volume(at))


@pytest.mark.parametrize("step", [7.0, 90.0, 239.0, 240.0, 241.0, 500.0])
def test_what_a_guide_did_in_its_last_minutes_is_known(step):
    pacer, paces = None, []
    for number in range(100):
        paces.append(Pace(number * step, 4.0 + number % 5, 0.3 + 0.05 * (number % 3)))
        pacer = guide_after(pacer, paces[-1])
    (whole,) = guides_of(paces, 100 * step)
    at = np.linspace(paces[-1].time - KNOWN, 100 * step, 500)
    assert np.array_equal(pacer.phase(at), whole.pacer.phase(at))
    assert np.array_equal(pacer.volume(at), whole.pacer.volume(at))


def test_a_guide_that_is_told_anew_for_hours_stays_small():
    pacer = None
    for time in range(5000):
        pacer = guide_after(pacer, Pace(float(time), 6.0 + time % 2, 0.4))
    assert len(pacer.pieces) <= KNOWN + 2
