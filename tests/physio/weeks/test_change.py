"""A change of weekly ratings is marked by the rule, and by nothing less."""

import doctest
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio import weeks
from physio.weeks import change, fours, marks, reliable, resting

NONE = float("nan")
RATINGS = st.lists(st.one_of(st.integers(0, 10), st.none()), min_size=0, max_size=30)


def one_by_one(ratings):
    """Return the marks by the rule in fractions, a week at a time."""
    found = []
    for week, rating in enumerate(ratings):
        answers = [Fraction(one) for one in ratings[: week + 1] if one is not None]
        if rating is None or len(answers) < 8:
            found.append(0)
            continue
        first, last = answers[:4], answers[-4:]
        before, now = sum(first) / 4, sum(last) / 4
        variance = sum((one - before) ** 2 for one in first) / 3
        apart = now - before
        enough = abs(apart) >= 2 and abs(apart) >= before * 3 / 10 and apart**2 >= 4 * variance
        found.append((1 if apart > 0 else -1) if enough else 0)
    return found


def as_array(ratings):
    return np.array([NONE if one is None else float(one) for one in ratings])


@given(RATINGS)
def test_marks_are_those_of_the_rule_in_fractions(ratings):
    assert marks(as_array(ratings)).tolist() == (one_by_one(ratings) or [])


@given(st.lists(st.lists(st.integers(0, 10), min_size=12, max_size=12), min_size=1, max_size=5))
def test_many_people_at_once_are_each_alone(people):
    together = marks(np.array(people, float))
    assert together.tolist() == [marks(np.array(one, float)).tolist() for one in people]


@given(st.lists(st.integers(0, 10), min_size=8, max_size=20), st.data())
def test_a_week_without_an_answer_changes_nothing(ratings, data):
    place = data.draw(st.integers(0, len(ratings)))
    holed = [*ratings[:place], None, *ratings[place:]]
    kept = marks(as_array(holed))
    assert kept[place] == 0
    assert np.delete(kept, place).tolist() == marks(as_array(ratings)).tolist()


@pytest.mark.parametrize(
    ("ratings", "marked"),
    [
        ([3, 2, 4, 3, 3, 2, 4, 5, 6, 7, 6], 1),  # the picture of the design: 3 to 6
        ([7, 6, 8, 7, 5, 5, 5, 5], 0),  # 28.6 %
        ([6, 6, 6, 6, 4, 4, 4, 4], -1),
        ([6, 6, 6, 6, 4, 4, 4, 5], 0),  # 1.75 points
        ([8, 8, 8, 8, 6, 6, 6, 6], 0),  # 25 %
        ([4, 4, 4, 8, 7, 7, 7, 7], 0),  # 2 points are one spread
        ([0, 0, 0, 0, 2, 2, 2, 2], 1),
        ([5, 5, 5, 5, 9, 9, 9], 0),  # seven answers
    ],
)
def test_cases_worked_by_hand(ratings, marked):
    assert marks(ratings)[-1] == marked


def test_exactly_as_much_as_is_asked_for_is_enough():
    # 10 to 7: 30 % to the point; 4 5 5 6 has a variance of 2/3, so 2 spreads are 1.63
    assert marks([10, 10, 10, 10, 7, 7, 7, 7])[-1] == -1
    assert marks([4, 5, 5, 6, 7, 7, 7, 7])[-1] == 1
    # 3 3 3 5: spread 1, mean 3.5; two spreads are two points, 5.5 is the least
    assert marks([3, 3, 3, 5, 5, 5, 6, 6])[-1] == 1
    assert marks([3, 3, 3, 5, 5, 5, 5, 6])[-1] == 0


def test_means_and_spreads_are_of_answers_not_of_weeks():
    found = fours([[3, 2, NONE, 4, 3, NONE, 5, 6, 7, 6], [1, 2, 3, 4, 5, 6, 7] + [NONE] * 3])
    assert found.first[0] == 3.0
    assert found.last[0] == 6.0
    assert found.first_spread[0] == pytest.approx(np.std([3, 2, 4, 3], ddof=1))
    assert np.isnan([each[1] for each in found]).all()


def test_nobody_asked_nothing_marked():
    assert marks([]).tolist() == []
    assert marks(np.full((2, 9), NONE)).tolist() == [[0] * 9] * 2


@pytest.mark.parametrize("module", [change, reliable, resting])
def test_examples_run(module):
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


def test_the_face_lists_what_is_there():
    assert all(hasattr(weeks, name) for name in weeks.__all__)


def unchanged(spread, correlation, people, weeks_=12):
    random = np.random.default_rng(19)
    noise = random.normal(size=(people, weeks_))
    for week in range(1, weeks_):
        kept = np.sqrt(1 - correlation**2) * noise[:, week]
        noise[:, week] = correlation * noise[:, week - 1] + kept
    return 5.0 + spread * noise


def marked_share(ratings):
    return np.any(marks(np.clip(np.round(ratings), 0, 10)) != 0, axis=1).mean()


@pytest.mark.law
@pytest.mark.parametrize(
    ("spread", "false", "correlated", "power"),
    [(0.8, 0.005, 0.042, 0.89), (1.0, 0.022, 0.107, 0.80), (1.2, 0.045, 0.171, 0.70)],
)
def test_fewer_than_one_in_twenty_unchanged_people_is_marked(spread, false, correlated, power):
    apart = unchanged(spread, 0.0, 40_000)
    share = marked_share(apart)
    assert share <= 0.05
    assert share == pytest.approx(false, abs=0.004)
    assert marked_share(unchanged(spread, 0.5, 40_000)) == pytest.approx(correlated, abs=0.008)
    apart[:, 4:] += 2.5
    assert marked_share(apart) == pytest.approx(power, abs=0.012)
