"""Marks of one label together, held against the same marks shifted through their recordings.

In each recording the marks are shifted together, as in a circle: clumped marks stay clumped, and
heart rate keeps its own slowness. Of marks that lie anywhere with equal chance every shift is as
likely as the one that was seen, so the test is exact, but for where the ends of the recording meet
(a randomization test: Lehmann and Romano 2005, doi:10.1007/0-387-27605-X, 15.2). All shifts by
whole seconds are tried, so nothing is drawn at random. All thresholds here are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike

from physio.arousal.moments import FEWEST_MINUTES, MINUTE, STEP, Hours
from physio.beats import BoolArray, FloatArray, IntArray
from physio.reasons import Reason, ReasonCode

APART = 2.0 * MINUTE
"""Seconds from which on the minutes of two moments have nothing in common."""

FEWEST_MARKS = 4
"""Marks of one label below which nothing is said of them together."""

FEWEST_SEPARATE = 2
"""Of these, at least so many whose minutes have nothing in common: one is never an effect."""

GRAIN = 0.01
"""Bpm to which changes of several sessions are summed."""

LEVEL = 0.05
"""Chance of calling any label of one person different where none is."""


class Together(StrEnum):
    """What all marks of one label say together."""

    TOO_FEW = "too few"
    LIKE_ANY = "like any"
    RISE = "rise"
    FALL = "fall"


@dataclass(frozen=True, slots=True)
class Pooled:
    """What heart rate did at all marks of one label together, against the same marks shifted.

    Attributes
    ----------
    marks, sessions : int
        Marks that could be read, and sessions that they lie in.
    change : float or None
        Mean change in bpm over marks whose minutes have nothing in common; where two marks share
        some, the earlier counts.
    low, high : float or None
        95 % interval: from the change less the 97.5th to the change less the 2.5th percentile of
        what shifting does to it.
    p : float or None
        Twice the share of all shifts at which the change is as far on its side, at most 1.
    reason : Reason or None
        Why nothing is said.
    """

    marks: int
    sessions: int
    change: float | None
    low: float | None
    high: float | None
    p: float | None
    reason: Reason | None


def pooled(sessions: Sequence[tuple[Hours, ArrayLike]]) -> Pooled:
    """Return what heart rate did at all marks of one label, in one session or several.

    In each session the moments that could be read form a circle, through which its marks are
    shifted together. Of several sessions every combination of their shifts counts once, summed to
    `GRAIN` bpm. A session with less than `FEWEST_MINUTES` to shift through adds nothing.

    Parameters
    ----------
    sessions : sequence of (Hours, (m,) float)
        For each session its moments, and the marks of this label as for `mark_changes`.

    Examples
    --------
    >>> import numpy as np
    >>> from physio.arousal.moments import Hours
    >>> from physio.arousal.pooling import pooled
    >>> time = np.arange(3000.0)
    >>> change = np.sin(time / 40.0)
    >>> marks = 40.0 * np.pi * (0.5 + 2.0 * np.arange(6))
    >>> found = pooled([(Hours(time, change), marks[:1].repeat(6))])
    >>> found.change is None, found.reason.code.value
    (True, 'few_marks')
    >>> found = pooled([(Hours(time, change), marks)] * 2)
    >>> found.marks, found.sessions, round(found.change, 2)
    (12, 2, 1.0)
    """
    circles = [one for one in (_circle(*each) for each in sessions) if one is not None]
    marks = sum(one.marks for one in circles)
    separate = sum(one.separate for one in circles)
    if marks < FEWEST_MARKS or separate < FEWEST_SEPARATE:
        few = Reason(ReasonCode.FEW_MARKS)
        return Pooled(marks, len(circles), None, None, None, None, few)
    change = sum(one.total[0] for one in circles) / separate
    share, here = reduce(_joined, (_distribution(one.total) for one in circles))
    side = share[here:] if change >= 0.0 else share[: here + 1]
    apart = (np.arange(len(share)) - here) * GRAIN / separate
    below, above = np.searchsorted(np.cumsum(share), (0.025, 0.975))
    centre = float(share @ apart)
    return Pooled(
        marks=marks,
        sessions=len(circles),
        change=float(change),
        low=float(change + centre - apart[above]),
        high=float(change + centre - apart[below]),
        p=float(min(1.0, 2.0 * side.sum())),
        reason=None,
    )


def holm(p: ArrayLike) -> FloatArray:
    """Return the (k,) chances of k labels of one person, made larger for being looked at together.

    The smallest counts k times, the next k - 1 times, none less than one before it (Holm 1979,
    Scand J Statist 6:65, https://www.jstor.org/stable/4615733). A label differs where the result is
    at most `LEVEL`.

    Examples
    --------
    >>> from physio.arousal.pooling import holm
    >>> holm([0.04, 0.01, 0.03]).round(2).tolist()
    [0.06, 0.03, 0.06]
    """
    chance = np.asarray(p, np.float64)
    order = np.argsort(chance, kind="stable")
    shared = np.maximum.accumulate(chance[order] * np.arange(len(chance), 0, -1))
    adjusted = np.empty(len(chance))
    adjusted[order] = np.minimum(shared, 1.0)
    return adjusted


def together(change: float | None, p: float | None) -> Together:
    """Return what a pooled change says, whose chance `p` is shared by `holm`; None is too few.

    Examples
    --------
    >>> from physio.arousal.pooling import together
    >>> together(5.0, 0.01).value, together(5.0, 0.2).value, together(None, None).value
    ('rise', 'like any', 'too few')
    """
    if change is None or p is None:
        return Together.TOO_FEW
    if p > LEVEL:
        return Together.LIKE_ANY
    return Together.RISE if change > 0.0 else Together.FALL


@dataclass(frozen=True, slots=True, eq=False)
class _Circle:
    """One session's marks: how many, how many of them count, and the sum of their changes.

    `total` (k,) holds the sum of the changes in bpm after each shift, the first as they are.
    """

    marks: int
    separate: int
    total: FloatArray


def _circle(session: Hours, marks: ArrayLike) -> _Circle | None:
    """Return the circle of a session, None where nothing of it can be read or shifted."""
    read = np.isfinite(session.change)
    circle = session.change[read]
    at = np.sort(np.asarray(marks, np.float64))
    if len(circle) * STEP < 60.0 * FEWEST_MINUTES or len(at) == 0:
        return None
    steps = np.clip((at - session.time[0]) / STEP, -1.0, float(len(read)))
    place = np.rint(steps).astype(np.int64)
    inside = (place >= 0) & (place < len(read))
    known = inside & read[np.where(inside, place, 0)]
    counts = known.copy()
    counts[known] = _separate(at[known])
    if not known.any():
        return None
    first = np.cumsum(read)[place[counts]] - 1
    shift = np.arange(len(circle))
    total = np.zeros(len(circle))
    for begin in first.tolist():
        total += circle[(begin + shift) % len(circle)]
    return _Circle(int(known.sum()), len(first), total)


def _separate(time: FloatArray) -> BoolArray:
    """Return which of (m,) times in order count: those `APART` s from the last that did."""
    counts = np.zeros(len(time), dtype=bool)
    place = 0
    while place < len(time):
        counts[place] = True
        place = int(np.searchsorted(time, time[place] + APART, side="left"))
    return counts


def _distribution(total: FloatArray) -> tuple[FloatArray, int]:
    """Return the shares of a circle's shifts by their sum, and the place of the first shift's.

    Neighbouring places lie `GRAIN` bpm apart.
    """
    grain: IntArray = np.rint((total - total[0]) / GRAIN).astype(np.int64)
    lowest = int(grain.min())
    return np.bincount(grain - lowest) / len(total), -lowest


def _joined(one: tuple[FloatArray, int], other: tuple[FloatArray, int]) -> tuple[FloatArray, int]:
    """Return the distribution of the sum over every combination of two circles' shifts."""
    from scipy.fft import irfft, next_fast_len, rfft

    length = len(one[0]) + len(other[0]) - 1
    size = next_fast_len(length, real=True)
    share = irfft(rfft(one[0], size) * rfft(other[0], size), size)[:length]
    # What the transform leaves of nothing is rounding.
    return np.maximum(share, 0.0), one[1] + other[1]
