"""A person's baselines across hours: a change is told by one rule, or nothing is told.

The mean of the last four hours is held against the mean of the first four, from the eighth on: a
change is one of two standard deviations of the first four and of 6 bpm, up or down. Two standard
deviations alone call one of every seven unchanged persons changed within twelve hours, as four
values tell little of how far they spread; with 6 bpm it is less than one in twenty while hours
spread by 4 bpm or less about an unchanged level and do not hang together. Where each is half like
the one before, it is more: one in twelve at 3 bpm. The rule has the form of that for weekly
ratings; its 6 bpm are ours.

Who is first seen at an unusual time comes closer to their usual afterwards by itself (regression to
the mean: Bland and Altman 1994, doi:10.1136/bmj.308.6942.1499): no change says why it came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray, FloatArray

HOURS = 4
"""Hours at the beginning, and as many at the end, that are held against each other."""
SPREADS = 2.0
"""Standard deviations of the first hours that a change is at least."""
LEAST = 6.0
"""Bpm that a change is at least."""


@dataclass(frozen=True, slots=True)
class Across:
    """The first and the last hours of a person, or of several: arrays then.

    Attributes
    ----------
    first, last : float or (m,) float
        Mean baseline of each in bpm.
    spread : float or (m,) float
        Standard deviation of the first in bpm.
    """

    first: FloatArray
    last: FloatArray
    spread: FloatArray

    @property
    def change(self) -> FloatArray:
        """How much higher the last are, in bpm."""
        return self.last - self.first

    @property
    def told(self) -> BoolArray:
        """Whether that is a change."""
        size = np.abs(self.change)
        return (size >= SPREADS * self.spread) & (size >= LEAST)


def across(levels: ArrayLike) -> Across | None:
    """Return the first and the last hours of a person, None where there are fewer than eight.

    Parameters
    ----------
    levels : (n,) or (m, n) float
        Baseline of each hour in bpm, in order, of one person or of m.

    Raises
    ------
    ValueError
        If a level is not finite.

    Examples
    --------
    >>> across([70, 71, 69, 70, 66, 62, 61, 62, 63]).change.item()
    -8.0
    >>> across([70, 71, 69, 70, 66, 62, 61, 62, 63]).told.item()
    True
    >>> across([70, 71, 69]) is None
    True
    """
    each = np.asarray(levels, dtype=float)
    if not np.isfinite(each).all():
        raise ValueError("A level of an hour is not finite; leave out hours without a baseline.")
    if each.shape[-1] < 2 * HOURS:
        return None
    first, last = each[..., :HOURS], each[..., -HOURS:]
    return Across(first.mean(-1), last.mean(-1), first.std(-1, ddof=1))
