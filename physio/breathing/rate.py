"""Breathing rate from the intervals: the rhythm that breathing writes into the heartbeat.

Where windows hold more that tells of breathing, that comes first: `physio.breathing.measured`. What
follows is of the intervals alone.

Method. For each rate of a fine grid a sinusoid with mean and linear trend is fitted to the usable
intervals of a window by least squares: the floating-mean periodogram of unevenly spaced values
(Lomb 1976, doi:10.1007/BF00648343; Zechmeister and Kuerster 2009,
doi:10.1051/0004-6361:200811296), with the trend added to its floating mean. It needs no spline and
no filling in of flagged beats, and its peak, refined by a parabola, is the least-squares rate. Grid
points are a quarter of the window's resolution apart.

Which peak. Explained variance times rate is compared, not variance: slow waves of blood pressure
near 6/min and slower drifts fall roughly as 1/rate in power and would otherwise be taken for
breathing. When a rhythm is clear is said at `CLEAREST`.

Limits. Beats are samples, and intervals carry no rate above half the heart rate: none is returned.
Faster breathing does not vanish but folds: at a heart rate of 50, 28 breaths/min show as a clear 22
(heart rate less breathing rate), and nothing in the intervals tells. The 10 s wave of blood
pressure (0.1 Hz in any person at any age, Julien 2006, doi:10.1016/j.cardiores.2005.11.008) in a
person whose breathing hardly moves the heart looks like breathing at 6/min, beat for beat; nothing
in the intervals tells here either. A rate near 6/min of someone who does not follow a guide
(`may_be_slow_wave`) therefore needs a second witness: the ECG, an accelerometer, or an eye.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.clear import broadness
from physio.breathing.measured import ORIGINS, measured_rates
from physio.breathing.minutes import block_values, minutes, origins, rates
from physio.breathing.tiling import short
from physio.compiled import compiled
from physio.ragged import Ragged
from physio.sinusoid import TURNING, design, leave_out, solve
from physio.windows import Windows

SLOW_WAVE = (4.0, 8.0)
"""Breaths/min at which the 10 s wave of blood pressure may be taken for breathing: it wanders."""


WANDERING = 2.0
"""Power of the broadness of a peak by which its rate is less certain than that of a sinusoid. Ours:
of 0 to 2 in steps of a half, 1 is the least with which, where the pace wanders by 5, 8 or 12 %, low
and high of a minute hold in 90 % the rate that is counted in it, 1.5 in 91 %, 2 in 92 %."""


def breathing_rate(windows: Windows) -> FloatArray:
    """Return (m,) the breathing rate of each window in breaths/min.

    NaN where no rhythm is clear, a gap lies inside the window, or too few intervals are usable.
    Best of 30 to 120 s; of windows longer than 75 s, in which breathing wanders, it is the median
    over their halves or minutes (`physio.breathing.tiling`), and NaN where less than a third of
    these has a rate.
    """
    rate = rates(short(windows))
    long = minutes(windows)
    return rate if long is None else long.medians(rate, long.rate)


def may_be_slow_wave(rate: ArrayLike) -> BoolArray:
    """Return whether each rate (breaths/min) may be the 10 s wave instead of breathing."""
    found = np.asarray(rate, np.float64)
    return np.asarray((found >= SLOW_WAVE[0]) & (found <= SLOW_WAVE[1]))


def breathing_share(windows: Windows, rate: FloatArray) -> FloatArray:
    """Return (m,) the percentage of each window's minutes that its rate rests on.

    All of a window that is not cut into minutes or halves; NaN where `rate` (m,) is. A rate that
    rests on some minutes does not speak for the others.
    """
    share = np.full(len(windows), 100.0)
    long = minutes(windows)
    if long is not None:
        share = np.where(long.laid.long, 100.0 * long.share, share)
    return np.where(np.isfinite(rate), share, np.nan)


def breathing_origin(windows: Windows, rate: FloatArray) -> IntArray:
    """Return (m,) where each rate (m,) comes from: its place in `ORIGINS` plus 1, 0 for none.

    Of a window that is cut into minutes or halves it is what most of these with a rate rest on; of
    two, the more direct.
    """
    origin = origins(short(windows), rate)
    long = minutes(windows)
    if long is not None:
        number = np.zeros((len(windows), len(ORIGINS) + 1), np.int64)
        each = long.origin[long.laid.same]
        np.add.at(number, (long.laid.window[each > 0], each[each > 0]), 1)
        most = len(ORIGINS) - np.argmax(number[:, :0:-1], axis=1)
        origin = np.where(long.laid.long, most, origin)
    return np.where(np.isfinite(rate), origin, 0)


def breathing_rate_blocks(windows: Windows, rate: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks): what each block of a window says of its rate, in breaths/min.

    Their spread is the sampling error of `breathing_rate`: mean and standard error over blocks are
    those of the delete-one-block jackknife (Tukey 1958; Kuensch 1989, doi:10.1214/aos/1176347265).
    A block's value is ``blocks * all - (blocks - 1) * without``, on a scale that keeps it above 0,
    where `without` is one Gauss-Newton step of the sinusoid's rate with the block left out. A rate
    fitted inside a quarter of a window would be eight times as uncertain as that of the whole.
    Where the pace wanders no one sinusoid holds, and its peak is broader than that of one; the step
    is then longer by that factor to the power `WANDERING`.
    Of a long window a block's value is the mean rate of its minutes, or, where fewer than four have
    one, the mean of what the minutes' own blocks say. Where more than the intervals tells of a
    window, its blocks are its quarters, and their values the breaths counted in each.

    Parameters
    ----------
    windows : Windows
        m windows.
    rate : (m,) float
        Their rates in breaths/min; NaN gives NaN.
    blocks : int
        Equally long parts of a window, at least 2.
    """
    return block_values(
        windows, rate, blocks, _batch_blocks, lambda long: long.rates, measured=_in_quarters
    )


def _in_quarters(windows: Windows, values: FloatArray) -> FloatArray:
    measured = measured_rates(windows)
    if measured is None:
        return values
    quarters = np.full_like(values, np.nan)
    known = min(values.shape[1], measured[1].shape[1])
    quarters[:, :known] = measured[1][:, :known]
    return np.where(np.isfinite(measured[0])[:, np.newaxis], quarters, values)


def _batch_blocks(batch: Ragged, rate: FloatArray, blocks: int) -> FloatArray:
    wave = design(batch, rate)
    columns, rest = np.empty((len(wave), 5)), np.empty(len(wave))
    fit = solve(batch, wave, batch.rr)
    _linearise(batch.time, batch.rr, batch.edges, wave, fit, columns, rest)
    whole, without = leave_out(batch, columns, rest, blocks)
    limit = 60.0 / batch.span
    moved = np.minimum(np.maximum(without[:, :, 4] - whole[:, 4], -limit), limit)
    moved *= broadness(batch, rate) ** WANDERING
    # Far from any rhythm of the intervals, where a belt alone tells the rate, nothing bounds it.
    with np.errstate(over="ignore"):
        return np.asarray((rate * np.exp(-(blocks - 1) * moved / rate)).T)


@compiled
def _linearise(
    time: FloatArray,
    rr: FloatArray,
    edges: IntArray,
    wave: FloatArray,
    fit: FloatArray,
    columns: FloatArray,
    rest: FloatArray,
) -> None:
    """Set `columns` to `wave` and its change with its rate, `rest` to what the wave leaves."""
    for w in range(len(fit)):
        for i in range(edges[w], edges[w + 1]):
            rest[i] = rr[i]
            for k in range(4):
                columns[i, k] = wave[i, k]
                rest[i] -= fit[w, k] * wave[i, k]
            turned = fit[w, 3] * wave[i, 2] - fit[w, 2] * wave[i, 3]
            columns[i, 4] = TURNING * time[i] * turned
