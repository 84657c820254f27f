"""Where exactly a beat lies: the tip of its R wave, or of a QRS that points down, between samples.

Both ways are tried on the curve's height over what lies `REACH` to both sides, which a sloping
baseline leaves alone. The tip is then the vertex of the parabola that fits the samples within
`TIP` best (least squares; with three samples it is the usual parabola through them), so that at
130 Hz an interval is good to about a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.ecg.filters import Design
from physio.medians import median_of_known

SEARCH = 0.08
"""Seconds to both sides of the hump in which the tip is sought."""

REACH = 0.05
"""Seconds to both sides of a tip over whose mean its height is taken."""

TIP = 0.008
"""Seconds to both sides that the parabola is fitted to; one sample at least."""

DOWN_BELOW, UP_ABOVE = -0.5, -0.3
"""Natural logarithm of height up over height down: the QRS points down below the first, up above
the second, and as before in between. Not the same as zero: in a normal beat a deep S wave follows
a small R wave, and the R wave is the mark all the same."""


POLARITY_OVER = 10
"""Beats up to and including one whose median balance says which way it points."""

POLARITY_OLDEST = 12.0
"""Seconds; older ones do not count."""


@dataclass(frozen=True, slots=True, eq=False)
class Tips:
    """k beats seen from both sides.

    Attributes
    ----------
    up, down : (k,) int
        Working samples of the highest and the lowest point near the hump.
    balance : (k,) float
        Natural logarithm of the height up over the height down.
    """

    up: IntArray
    down: IntArray
    balance: FloatArray


def tips(level: FloatArray, hump: IntArray, plan: Design) -> Tips:
    """Return the tips near the humps (k,), which are places in the working samples `level`."""
    rate = plan.work_rate
    search, reach = round(SEARCH * rate), round(REACH * rate)
    middle = hump - round((plan.delay - 0.5 * (plan.step - 1) / plan.rate) * rate)
    place = middle[:, np.newaxis] + np.arange(-search - reach, search + reach + 1)
    around = level[np.clip(place, 0, len(level) - 1)]
    bend = around[:, reach:-reach] - 0.5 * (around[:, : -2 * reach] + around[:, 2 * reach :])
    up, down = np.argmax(bend, axis=1), np.argmin(bend, axis=1)
    each = np.arange(len(hump))
    high, low = np.maximum(bend[each, up], 0.0), np.maximum(-bend[each, down], 0.0)
    tiny = np.finfo(np.float64).tiny
    first = middle - search
    return Tips(first + up, first + down, np.log((high + tiny) / (low + tiny)))


def usual_balance(balance: FloatArray, hump: IntArray, rate: float) -> FloatArray:
    """Return (k,) the median balance of each beat and those before it; `rate` is that of humps."""
    rows = np.full((len(hump), POLARITY_OVER), np.nan)
    rows[:, 0] = balance
    for back in range(1, min(POLARITY_OVER, len(hump))):
        recent = hump[back:] - hump[:-back] <= POLARITY_OLDEST * rate
        rows[back:, back] = np.where(recent, balance[:-back], np.nan)
    return median_of_known(rows)


def upright(balance: FloatArray, *, before: bool) -> BoolArray:
    """Return (k,) whether the beats point up, given which way the beat `before` them pointed."""
    says = np.where(balance > UP_ABOVE, 1, np.where(balance < DOWN_BELOW, -1, 0))
    decided = np.concatenate(([1 if before else -1], says))
    last = np.maximum.accumulate(np.where(decided != 0, np.arange(len(decided)), 0))
    return np.asarray(decided[last][1:] > 0)


def vertices(
    samples: FloatArray, near: IntArray, sign: FloatArray, plan: Design
) -> tuple[IntArray, FloatArray]:
    """Return the highest samples near the tips, and how much later (in samples) the tips are.

    Parameters
    ----------
    samples : (n,) float
        The signal at its own rate.
    near : (k,) int
        Samples close to the tips, at most one and a half working samples away.
    sign : (k,) float
        1 where the tip points up, -1 where down.
    plan : Design
        For the sampling rate.
    """
    half = max(1, round(TIP * plan.rate))
    about = (3 * plan.step) // 2 + 1 if plan.step > 1 else 1
    last = len(samples) - 1
    place = np.clip(near[:, np.newaxis] + np.arange(-about, about + 1), 0, last)
    each = np.arange(len(near))
    top = place[each, np.argmax(sign[:, np.newaxis] * samples[place], axis=1)]
    offset = np.arange(-half, half + 1)
    around = samples[np.clip(top[:, np.newaxis] + offset, 0, last)]
    return top, _vertex(around, offset.astype(np.float64), sign)


def _vertex(around: FloatArray, offset: FloatArray, sign: FloatArray) -> FloatArray:
    """Return (k,) where the parabolas that fit `around` (k, n) at `offset` best have their tips."""
    square = offset**2 - np.mean(offset**2)
    rest = around - around[:, [len(offset) // 2]]
    bend = np.sum(rest * square, axis=1) / np.sum(square**2)
    slope = np.sum(rest * offset, axis=1) / np.sum(offset**2)
    pointed = sign * bend < 0.0
    shift = np.divide(-0.5 * slope, bend, out=np.zeros(len(bend)), where=pointed)
    return np.asarray(np.clip(shift, offset[0], offset[-1]))
