"""Level and trend of heart rate without the waves of breathing, and how sure both are.

Successive beats are not independent: breathing and the 0.1 Hz wave of blood pressure move them
together, and a few breaths do not average out in half a minute. So the two strongest waves are part
of the model, and what is left tells its own error block by block, whatever its autocorrelation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio.beats import FloatArray
from physio.breathing.clear import FINENESS
from physio.periodogram import explained
from physio.ragged import Ragged, ragged
from physio.sinusoid import design, leave_out, solve
from physio.windows import Windows

WAVES = 2
"""Waves taken out: as a rule breathing and the 0.1 Hz wave of blood pressure."""

SLOWEST, FASTEST = 4.0, 30.0
"""Rates per minute within which the waves are sought; never above half the heart rate."""

LONG_ENOUGH = 0.8
"""Share of a window's seconds that usable intervals must cover."""


def level_and_trend(windows: Windows, blocks: int) -> tuple[FloatArray, FloatArray]:
    """Return heart rate in the middle of each window and its change, and the error of both.

    Least squares on the heart rate of each usable interval, together with the two sinusoids that
    explain most (chosen one after the other on a grid). The error comes from leaving out one block
    at a time (delete-one-block jackknife, Kuensch 1989, doi:10.1214/aos/1176347265) and has one
    degree of freedom less than blocks: see `half_width`.

    Parameters
    ----------
    windows : Windows
        m windows.
    blocks : int
        Equally long blocks of a window, each left out in turn.

    Returns
    -------
    value, error : (m, 2) float
        In bpm and in bpm each minute; their standard errors. NaN where a gap lies inside, or usable
        intervals cover less than 80 % of the time.
    """
    value, error = np.full((2, len(windows), 2), np.nan)
    asked = LONG_ENOUGH * 1000.0 * (windows.end - windows.start)
    for batch in ragged(windows):
        enough = batch.total(batch.rr) >= asked[batch.index]
        if enough.any():
            held = batch if enough.all() else batch.take(enough)
            value[held.index], error[held.index] = _fitted(held, blocks)
    return value, error


def half_width(error: FloatArray, freedom: FloatArray | int) -> FloatArray:
    """Return half of the 95 % interval (Student's t) of what has this standard error.

    Examples
    --------
    >>> import numpy as np
    >>> from physio.arousal.waves import half_width
    >>> half_width(np.array([1.0]), 6).round(3)
    array([2.447])
    """
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, 0.975) * error)


def _fitted(batch: Ragged, blocks: int) -> tuple[FloatArray, FloatArray]:
    rate = np.divide(60000.0, batch.rr, out=np.zeros_like(batch.rr), where=batch.rr > 0.0)
    rates = replace(batch, rr=rate)
    whole, without = leave_out(rates, _with_waves(rates), rate, blocks)
    value = whole[:, :2]
    parts = value + (blocks - 1) * (value - without[:, :, :2])
    return value, parts.std(axis=0, ddof=1) / np.sqrt(blocks)


def _with_waves(batch: Ragged) -> FloatArray:
    """Return the columns to fit: level, minutes, and cosine and sine of each wave."""
    columns = np.column_stack((batch.usable, batch.time * batch.usable / 60.0))
    half_rate = 0.5 * batch.total(batch.rr) / batch.total(batch.usable)
    lowest = np.full(len(half_rate), SLOWEST)
    step = 60.0 / (FINENESS * batch.span)
    count = np.ceil((np.minimum(FASTEST, half_rate) - lowest) / step).astype(np.int64)
    beyond = np.arange(count.max()) >= count[:, np.newaxis]
    for _ in range(WAVES):
        fit = batch.each(solve(batch, columns, batch.rr))
        rest = batch.rr - np.sum(fit * columns, axis=1)
        power = explained(replace(batch, rr=rest), lowest, step, int(count.max()))
        power[beyond] = -1.0
        strongest = lowest + step * np.argmax(power, axis=1)
        columns = np.column_stack((columns, design(batch, strongest)[:, 2:]))
    return columns
