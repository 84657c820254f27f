"""Whether weekly ratings have changed: the last four answers against the first four.

A change is marked where the means differ by at least two points, by at least 30 % of the first, and
by at least two standard deviations of the first four, up or down. Two points or 30 % is what people
with pain call a change that matters (Farrar 2001, Pain 94:149, doi:10.1016/S0304-3959(01)00349-9);
alone it would mark 30 to 97 % of people in whom nothing changes. The spread of the person's own
first month is ours: with it fewer than 5 % of them are marked in twelve weeks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray, FloatArray, IntArray

FOUR = 4
"""Answers on each side."""
FEWEST = 2 * FOUR
"""Answers below which nothing is said."""
LEAST_POINTS = 2.0
LEAST_SHARE = 0.3
LEAST_SPREADS = 2.0


class Fours(NamedTuple):
    """The first four answers and the last four, each (...); NaN where there are fewer than eight.

    `spread` is the standard deviation (n - 1) of four answers.
    """

    first: FloatArray
    first_spread: FloatArray
    last: FloatArray
    last_spread: FloatArray


def fours(ratings: ArrayLike) -> Fours:
    """Return mean and spread of the first four and of the last four answers.

    Parameters
    ----------
    ratings : (..., weeks) float
        A rating a week in points, NaN where there is none.

    Examples
    --------
    >>> from physio.weeks import fours
    >>> found = fours([3, 2, 4, 3, float("nan"), 5, 6, 7, 6])
    >>> found.first.tolist(), found.last.tolist(), found.first_spread.round(2).tolist()
    (3.0, 6.0, 0.82)
    """
    given = np.asarray(ratings, np.float64)
    rank = np.cumsum(np.isfinite(given), axis=-1)
    answered, count = np.isfinite(given), rank[..., -1:]
    enough = count[..., 0] >= FEWEST
    return Fours(
        *_mean_and_spread(np.where(answered & (rank <= FOUR), given, np.nan), enough),
        *_mean_and_spread(np.where(answered & (rank > count - FOUR), given, np.nan), enough),
    )


def marks(ratings: ArrayLike) -> IntArray:
    """Return (..., weeks) of each week +1 where ratings have risen by then, -1 fallen, 0 neither.

    A week without an answer marks nothing, and is passed over: the four before it count on.

    Parameters
    ----------
    ratings : (..., weeks) float
        A rating a week in points, NaN where there is none. Of whole numbers the rule is exact.

    Examples
    --------
    >>> from physio.weeks import marks
    >>> marks([3, 2, 4, 3, 3, 5, 6, 7, 6]).tolist()
    [0, 0, 0, 0, 0, 0, 0, 1, 1]
    """
    given = np.atleast_1d(np.asarray(ratings, np.float64))
    answered = np.isfinite(given)
    order = np.argsort(~answered, axis=-1, kind="stable")
    found = _marks_of_answers(np.take_along_axis(np.nan_to_num(given), order, axis=-1))
    there = np.zeros(given.shape, np.int64)
    np.put_along_axis(there, order, found, axis=-1)
    return np.where(answered, there, 0)


def _marks_of_answers(given: FloatArray) -> IntArray:
    """Return the marks of answers without a gap between them."""
    found = np.zeros(given.shape, np.int64)
    if given.shape[-1] < FEWEST:
        return found
    first = given[..., :FOUR]
    total = np.cumsum(given, axis=-1)
    before = total[..., FOUR - 1 : FOUR]
    # Of sums instead of means: those of whole numbers are exact, and so is "at least".
    change = total[..., FEWEST - 1 :] - total[..., FOUR - 1 : -FOUR] - before
    squares = FOUR * np.sum(first**2, axis=-1, keepdims=True) - before**2
    changed = (
        (np.abs(change) >= LEAST_POINTS * FOUR)
        & (10.0 * np.abs(change) >= 10.0 * LEAST_SHARE * before)
        & ((FOUR - 1) * change**2 >= LEAST_SPREADS**2 * FOUR * squares)
    )
    found[..., FEWEST - 1 :] = np.where(changed, np.sign(change), 0.0)
    return found


def _mean_and_spread(four: FloatArray, enough: BoolArray) -> tuple[FloatArray, FloatArray]:
    mean = np.nansum(four, axis=-1) / FOUR
    spread = np.sqrt(np.nansum((four - mean[..., np.newaxis]) ** 2, axis=-1) / (FOUR - 1))
    return np.where(enough, mean, np.nan), np.where(enough, spread, np.nan)
