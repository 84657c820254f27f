import numpy as np
import pytest

from physio.breathing.assessment import RATES
from physio.breathing.resonance import AGREEING, Choice, Earlier, Resonance, agreed, resonance
from proof.validation.goals.resonance import clear_twice, right, share, told
from proof.validation.made.curves import FLAT, RISING, one_wider

PEOPLE = 200


def steady_swings(*means, spread=0.05):
    rng = np.random.default_rng(3)
    return [mean * (1.0 + spread * rng.standard_normal(10)) for mean in means]


def test_a_rate_that_is_far_wider_is_clear():
    found = resonance(RATES, steady_swings(80, 100, 150, 100, 80))
    assert (found.rate, found.verdict) == (5.5, Choice.CLEAR)
    assert found.margin == pytest.approx(0.5, abs=0.1)


def test_the_margin_is_that_of_the_means():
    found = resonance(RATES, [np.full(10, value) for value in (80.0, 100.0, 150.0, 100.0, 80.0)])
    assert found.margin == pytest.approx(0.5, rel=1e-12)


def test_widest_at_the_slowest_is_an_edge_and_no_resonance():
    found = resonance(RATES, steady_swings(80, 80, 80, 80, 160))
    assert (found.rate, found.verdict) == (4.5, Choice.EDGE)


def test_widest_at_the_quickest_is_clear():
    assert resonance(RATES, steady_swings(160, 80, 80, 80, 80)).verdict is Choice.CLEAR


def test_a_rise_that_ends_before_the_slowest_is_no_edge():
    found = resonance(RATES, steady_swings(60, 80, 110, 150, 70))
    assert (found.rate, found.verdict) == (5.0, Choice.CLEAR)


def test_the_order_of_the_steps_does_not_matter():
    swings = steady_swings(80, 100, 150, 100, 80)
    turned = resonance(RATES[::-1], swings[::-1])
    assert turned == resonance(RATES, swings)


def test_the_same_breaths_give_the_same_verdict():
    swings = steady_swings(90, 100, 110, 100, 90, spread=0.3)
    assert resonance(RATES, swings) == resonance(RATES, swings)


def test_the_unit_does_not_matter():
    swings = steady_swings(90, 100, 115, 100, 90, spread=0.2)
    once, again = (resonance(RATES, [k * step for step in swings]) for k in (1.0, 0.001))
    assert (once.rate, once.verdict) == (again.rate, again.verdict)


@pytest.mark.parametrize("lengths", [(10, 10, 4, 4, 4), (0, 0, 0, 0, 0), (10, 10)])
def test_too_few_steps_or_breaths_say_nothing(lengths):
    found = resonance(RATES[: len(lengths)], [np.full(n, 100.0) for n in lengths])
    assert (found.rate, found.margin, found.verdict) == (None, None, Choice.UNCLEAR)


def test_a_heart_that_does_not_swing_is_unclear():
    assert resonance(RATES, [np.zeros(10)] * 5).verdict is Choice.UNCLEAR


@pytest.mark.long
@pytest.mark.parametrize("alike", [0.0, 0.4])
def test_odds(alike):
    """`validate` tries the same on ten times as many people; the limits here leave them room."""
    flat, rising = (told(curve, alike, PEOPLE) for curve in (FLAT, RISING))
    assert share(flat, Choice.CLEAR) <= 8.0
    assert share(flat, Choice.EDGE) <= 8.0
    assert share(rising, Choice.EDGE) >= 86.0
    assert share(told(one_wider(0.4)[2], alike, PEOPLE), Choice.CLEAR) >= (75.0, 50.0)[alike > 0]
    assert right(one_wider(0.2), alike, PEOPLE // 4) >= 93.0


def unclear(rate=5.5, share=0.8):
    return Resonance(rate, 0.1, Choice.UNCLEAR, share)


@pytest.mark.parametrize(
    ("found", "earlier", "clear"),
    [
        (unclear(), Earlier(5.5, 0.8), True),
        (unclear(share=AGREEING), Earlier(5.5, AGREEING), True),
        (unclear(), None, False),
        (unclear(), Earlier(5.0, 1.0), False),
        (unclear(share=AGREEING - 0.01), Earlier(5.5, 1.0), False),
        (unclear(), Earlier(5.5, AGREEING - 0.01), False),
        (unclear(4.5), Earlier(4.5, 1.0), False),
        (Resonance(5.5, 0.4, Choice.CLEAR, 1.0), Earlier(5.5, 1.0), False),
        (Resonance(4.5, 0.4, Choice.EDGE, 1.0), Earlier(4.5, 1.0), False),
        (Resonance(None, None, Choice.UNCLEAR), Earlier(5.5, 1.0), False),
    ],
)
def test_two_unclear_assessments_agree_on_one_rate_that_is_not_the_slowest(found, earlier, clear):
    assert agreed(found, earlier, slowest=4.5) is clear


def test_the_share_is_that_of_the_verdict():
    wide = resonance(RATES, steady_swings(80, 100, 150, 100, 80))
    flat = resonance(RATES, steady_swings(100, 100, 100, 100, 100, spread=0.3))
    assert wide.share == 1.0
    assert 0.0 < flat.share < 1.0


@pytest.mark.long
@pytest.mark.parametrize("alike", [0.0, 0.4])
def test_odds_of_a_second_assessment(alike):
    assert clear_twice(FLAT, alike, PEOPLE) <= 8.0
    wider = one_wider(0.2)[2]
    once = share(told(wider, alike, PEOPLE), Choice.CLEAR)
    assert clear_twice(wider, alike, PEOPLE) >= once + 10.0
