"""Windows whose intervals are freed of their slow trend, for presets that want it so.

The trend is that of the spectra: a spline at 4 Hz through the usable intervals of each unbroken
stretch of a window, smoothed by `physio.hrv.detrend`, and read again at the end of each interval.
What is left is put back on the window's mean, so that lengths stay lengths.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.hrv.detrend import detrend
from physio.hrv.spectrum import RATE
from physio.hrv.spline import Resampled, resample
from physio.stretches import Stretches, segments, spread
from physio.windows import Windows, pairs, sums


@dataclass(frozen=True, slots=True, eq=False)
class TrendFree:
    """Windows over copies of their intervals, one copy for each window that holds one.

    Attributes
    ----------
    windows : Windows
        The m windows over the copies.
    shift : (m,) int
        Places from an interval to its copy in window j.
    """

    windows: Windows
    shift: IntArray

    def inside(self, parts: Windows, row: IntArray) -> Windows:
        """Return `parts` of the windows `row`, cut from the intervals, over the copies instead."""
        moved = self.shift[row]
        return replace(
            self.windows,
            start=parts.start,
            end=parts.end,
            first=parts.first + moved,
            last=parts.last + moved,
        )


def trend_free(windows: Windows, *, regularization: float) -> TrendFree:
    """Return the windows with the trend taken off each.

    Parameters
    ----------
    windows : Windows
        m windows.
    regularization : float
        Lambda of the smoothness priors, for 4 values a second.
    """
    place, begin = spread(windows.first, windows.last)
    end = np.append(begin[1:], len(place))
    pieces = segments(windows)
    rr = windows.beats.rr[place]
    usable = windows.usable[place]
    level = _mean(np.where(usable, rr, 0.0), usable, begin, end)
    rest = rr - _trend(windows, pieces, regularization)
    middle = _mean(np.where(usable, rest, 0.0), usable, begin, end)
    lengths = rest + np.repeat(level - middle, end - begin)
    # A stretch of one window does not go on in the next window's copies.
    segment = np.repeat(np.arange(len(pieces)), pieces.length)
    copies = Beats.of_any_length(windows.beats.time[place], lengths, segment)
    held = Windows(copies, usable, pairs(copies, usable), windows.start, windows.end, begin, end)
    return TrendFree(held, begin - windows.first)


def _trend(windows: Windows, pieces: Stretches, regularization: float) -> FloatArray:
    """Return the trend at the end of each interval of each piece, in a row.

    It is read between the values of the series by a straight line, and held beyond its ends; of a
    piece through which no spline is drawn it is the mean.
    """
    series = resample(windows, pieces, rate=RATE)
    place, begin = spread(pieces.first, pieces.last)
    rr, usable = windows.beats.rr[place], windows.usable[place]
    end = begin + pieces.length
    level = np.repeat(_mean(np.where(usable, rr, 0.0), usable, begin, end), pieces.length)
    if len(series.values) == 0:
        return level
    time = windows.beats.elapsed[place] / 1000.0
    row = np.zeros(len(pieces), np.int64)
    row[series.stretch] = np.arange(len(series.stretch))
    known = np.zeros(len(pieces), dtype=bool)
    known[series.stretch] = True
    own = np.repeat(row, pieces.length)
    at = np.clip((time - series.start[own]) * RATE, 0.0, series.count[own] - 1.0)
    low = np.minimum(at.astype(np.int64), series.count[own] - 2)
    trend = _smoothed(series, regularization)
    below, above = (trend[series.begin[own] + low + step] for step in (0, 1))
    return np.where(np.repeat(known, pieces.length), below + (above - below) * (at - low), level)


def _smoothed(series: Resampled, regularization: float) -> FloatArray:
    trend = np.empty_like(series.values)
    for count in np.unique(series.count).tolist():
        same = np.flatnonzero(series.count == count)
        rows = series.rows(same, count)
        at = series.begin[same, np.newaxis] + np.arange(count)
        trend[at] = rows - detrend(rows, regularization=regularization)
    return trend


def _mean(values: FloatArray, usable: BoolArray, first: IntArray, last: IntArray) -> FloatArray:
    count = sums(usable.astype(np.float64), first, last)
    return np.asarray(sums(values, first, last) / np.maximum(count, 1.0))
