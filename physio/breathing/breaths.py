"""Breath by breath: when each begins, turns and ends, and how deep it is.

From a signal of how full the lungs are. It is smoothed, and its turning points are those between
which it moves by at least `SHARE` of its usual swing, which passes over small wiggles; a threshold
that follows the usual size of the peaks is the idea of the Count-orig method (Schaefer and Kratky
2008, doi:10.1007/s10439-007-9428-1), there a share of the upper quartile. The usual swing is the
median over time of the range within 20 s, the longest breath: wiggles however many do not lower it,
nor does one sigh lift it. No baseline is taken off: a breath is a way up and a way down, wherever
it begins. Turning points lie between samples, on a parabola; where the signal turns more sharply on
one side, smoothing moves them up to 0.1 s towards the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import FloatArray, IntArray, read_only
from physio.breathing.clear import FASTEST, SLOWEST
from physio.breathing.turning import SHARE, turning_points

RATE = 10.0
"""Values a second at which a breathing signal is searched."""

SMOOTHING = 0.15
"""Seconds; standard deviation of the Gaussian that smooths. At 30 breaths/min 90 % is left."""

LONGEST_STEP = 3.0
"""Seconds between two values; longer is a gap, which no breath reaches across."""

LEEWAY = 1.2
"""Factor by which one breath may be shorter or longer than those of the rates searched."""


@dataclass(frozen=True, slots=True, eq=False)
class Breaths:
    """k breaths in order, as read-only arrays (k,).

    Attributes
    ----------
    onset, turn, end : float
        Seconds on the signal's clock at which breathing in begins, breathing out begins, and the
        breath ends. The next one need not begin there: what is no breath is left out.
    depth : float
        From the mean of both ends up to the turn, in the signal's unit.
    """

    onset: FloatArray
    turn: FloatArray
    end: FloatArray
    depth: FloatArray

    def __post_init__(self) -> None:
        for name in ("onset", "turn", "end", "depth"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.float64))

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def rate(self) -> FloatArray:
        """Breaths/min, were all like this one."""
        return np.asarray(60.0 / (self.end - self.onset))

    @property
    def inspiration(self) -> FloatArray:
        """Seconds of breathing in."""
        return np.asarray(self.turn - self.onset)

    @property
    def expiration(self) -> FloatArray:
        """Seconds of breathing out, the pause after it included."""
        return np.asarray(self.end - self.turn)


def breaths(time: ArrayLike, fullness: ArrayLike) -> Breaths:
    """Return the breaths of a signal that last as long as those of 3 to 30 a minute.

    Parameters
    ----------
    time : (n,) float
        Seconds, increasing, evenly spaced or not. At least 5 values a breath, or its depth falls
        short.
    fullness : (n,) float
        Larger where the lungs are fuller, in any unit; values that are not finite are passed over.
        Of the flow of air take the running sum of what comes in first.

    Raises
    ------
    ValueError
        If time and fullness are not one-dimensional and of one length, or time does not increase.
    """
    seconds, values = np.asarray(time, np.float64), np.asarray(fullness, np.float64)
    if seconds.ndim != 1 or seconds.shape != values.shape:
        raise ValueError(
            "time and fullness must be one-dimensional and of one length; "
            f"got {seconds.shape} and {values.shape}"
        )
    known = np.isfinite(values) & np.isfinite(seconds)
    seconds, values = seconds[known], values[known]
    if np.any(np.diff(seconds) <= 0.0):
        raise ValueError("the times of a breathing signal must increase")
    cuts = np.flatnonzero(np.diff(seconds) > LONGEST_STEP) + 1
    pieces = zip(np.split(seconds, cuts), np.split(values, cuts), strict=True)
    grids = [_smoothed(*piece) for piece in pieces if _lasting(piece[0]) >= 60.0 / FASTEST]
    least = SHARE * usual_swing([values for _, values in grids])
    found = [_breaths_of(begin, values, least) for begin, values in grids]
    return Breaths(*np.concatenate([np.empty((4, 0)), *found], axis=1))


def usual_swing(pieces: list[FloatArray]) -> float:
    """Return the median over time of the range of `RATE` values a second within 20 s; 0 if none."""
    ranges = [np.empty(0), *map(_ranges, pieces)]
    return float(np.median(np.concatenate(ranges))) if pieces else 0.0


def _ranges(values: FloatArray) -> FloatArray:
    longest = min(len(values), round(60.0 / SLOWEST * RATE))
    every_second = np.lib.stride_tricks.sliding_window_view(values, longest)[:: round(RATE)]
    return np.asarray(np.ptp(every_second, axis=1))


def _lasting(time: FloatArray) -> float:
    return float(time[-1] - time[0]) if len(time) else 0.0


def _smoothed(time: FloatArray, values: FloatArray) -> tuple[float, FloatArray]:
    """Return where the first of the even values lies, and the smoothed values."""
    number = int((time[-1] - time[0]) * RATE)
    even = _averaged(time, values, number)
    reach = np.arange(-round(4.0 * SMOOTHING * RATE), round(4.0 * SMOOTHING * RATE) + 1)
    weight = np.exp(-0.5 * (reach / (SMOOTHING * RATE)) ** 2)
    # Near the ends, the weights that fall outside are those of nothing.
    smooth = np.convolve(even, weight, "same") / np.convolve(np.ones(number), weight, "same")
    return time[0] + 0.5 / RATE, smooth


def _averaged(time: FloatArray, values: FloatArray, number: int) -> FloatArray:
    """Return the signal's mean over each of `number` steps; between sparse values, a spline's."""
    edges = time[0] + np.arange(number + 1) / RATE
    if np.median(np.diff(time)) > 1.0 / RATE:
        from scipy.interpolate import CubicSpline

        return np.asarray(CubicSpline(time, values)(edges[:-1] + 0.5 / RATE))
    area = np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(time), dtype=np.float64)
    return np.asarray(np.diff(np.interp(edges, time, np.append(0.0, area))) * RATE)


def _breaths_of(begin: float, values: FloatArray, least: float) -> FloatArray:
    """Return (4, b) onset, turn, end and depth of the breaths in evenly spaced values."""
    mark = turning_points(values[np.newaxis], np.ones((1, len(values))), np.array([least]))[0]
    place = np.flatnonzero(mark)
    offset, top = _parabola(values, place)
    time = begin + (place + offset) / RATE
    low = np.flatnonzero(mark[place[:-2]] < 0) if len(place) > 2 else np.empty(0, np.int64)
    found = np.stack(
        (time[low], time[low + 1], time[low + 2], top[low + 1] - 0.5 * (top[low] + top[low + 2]))
    )
    lasting = found[2] - found[0]
    likely = (lasting >= 60.0 / FASTEST / LEEWAY) & (lasting <= 60.0 / SLOWEST * LEEWAY)
    return np.asarray(found[:, likely])


def _parabola(values: FloatArray, place: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return how far from `place` each turning point lies, in steps, and the value there."""
    before, at, after = (values[place + step] for step in (-1, 0, 1))
    bend = before - 2.0 * at + after
    offset = np.divide(0.5 * (before - after), bend, out=np.zeros(len(place)), where=bend != 0.0)
    offset = np.clip(offset, -0.5, 0.5)
    return offset, at - 0.25 * (before - after) * offset
