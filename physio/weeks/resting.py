"""A resting measure over weeks: a rolling week, and the range of a person's own last two months.

Plews et al. 2014 (IJSPP 9:1026, doi:10.1123/ijspp.2013-0455): lnRMSSD of one posture and time of
day, averaged over seven days with at least three readings. The range is the mean and the smallest
worthwhile change around it, half a standard deviation to each side. That it takes 60 days, and a
reading on three of seven of these, is ours.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from physio.beats import FloatArray

DAYS = 7
FEWEST_DAYS = 3
"""Readings in seven days below which a day has no mean."""
RANGE_DAYS = 60
FEWEST_OF_RANGE = 26
"""Readings in 60 days below which there is no range: three a week."""
_WORTHWHILE = 0.5


def rolling_week(values: ArrayLike) -> FloatArray:
    """Return (days,) for each day the mean of the seven days that end with it, NaN for too few.

    Parameters
    ----------
    values : (days,) float
        ln of RMSSD in ms, a value a day, NaN for a day without one.

    Examples
    --------
    >>> from physio.weeks import rolling_week
    >>> rolling_week([3.0, float("nan"), 4.0, 5.0]).tolist()
    [nan, nan, nan, 4.0]
    """
    given = np.asarray(values, np.float64)
    weeks = sliding_window_view(np.concatenate([np.full(DAYS, np.nan), given]), DAYS)[1:]
    count = np.isfinite(weeks).sum(axis=-1)
    mean = np.nansum(weeks, axis=-1) / np.maximum(count, 1)
    return np.where(count >= FEWEST_DAYS, mean, np.nan)


def personal_range(values: ArrayLike) -> tuple[float, float] | None:
    """Return low and high of a person's own range over their last 60 days, None for too few.

    Parameters
    ----------
    values : (days,) float
        As `rolling_week`.

    Examples
    --------
    >>> from physio.weeks import personal_range
    >>> low, high = personal_range([3.0, 5.0] * 30)
    >>> round(low, 2), round(high, 2)
    (3.5, 4.5)
    """
    given = np.asarray(values, np.float64)[-RANGE_DAYS:]
    known = given[np.isfinite(given)]
    if len(given) < RANGE_DAYS or len(known) < FEWEST_OF_RANGE:
        return None
    mean, half = float(np.mean(known)), _WORTHWHILE * float(np.std(known, ddof=1))
    return mean - half, mean + half
