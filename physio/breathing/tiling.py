"""Long windows in tiles of a minute: breathing wanders, so that no one rate holds for longer.

A window longer than `UNBROKEN` is cut into full tiles of `TILE`, laid end to end in each of its
unbroken stretches from where the stretch's first interval begins, one longer than `LONGEST` into
halves; a measure of the window is the median over its tiles. This is what a whole recording
reports, so that windows of any length and whole recordings agree, and a gap costs the tile that it
falls into, not the window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.stretches import segments
from physio.windows import Windows

LONGEST = 75.0
"""Seconds beyond which a window is tiled."""

UNBROKEN = 120.0
"""Seconds up to which a window must be unbroken, and is cut into halves, not into minutes."""

TILE = 60.0
"""Seconds."""

LACKING = 1.5
"""Seconds that the last tile of a stretch may lack: the edges of a window fall between beats, and
of 300 s there are always five."""

ROUNDING = 1e-6
"""Seconds by which the length of a window may miss what it was meant to be."""


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """The tiles of those of m windows that are long.

    Attributes
    ----------
    long : (m,) bool
        Which windows these are.
    window : (t,) int
        The window that each tile lies in; in order of windows, and of time in each.
    same : (t,) int
        Which of `tiles` each one is: overlapping windows share tiles, and each is computed once.
    tiles : Windows
        The different ones.
    lasting : (m,) int
        How many tiles the beats of each window last, broken or not; 0 where it is not long.
    """

    long: BoolArray
    window: IntArray
    same: IntArray
    tiles: Windows
    lasting: IntArray

    def medians(self, otherwise: FloatArray, values: FloatArray) -> FloatArray:
        """Return (m,) the median of `values` of the tiles, `otherwise` (m,) where not long."""
        return np.where(
            self.long, medians(values[self.same], self.window, len(self.long)), otherwise
        )

    def shares(self, otherwise: FloatArray, values: FloatArray) -> FloatArray:
        """Return (m, k) the `shares` of the tiles' values, `otherwise` (m, k) where not long."""
        runs = shares(values[self.same], self.window, *otherwise.shape)
        return np.where(self.long[:, np.newaxis], runs, otherwise)


def is_long(windows: Windows) -> BoolArray:
    """Return (m,) which windows are tiled."""
    return np.asarray(windows.end - windows.start > LONGEST + ROUNDING)


@lru_cache(maxsize=2)
def short(windows: Windows) -> Windows:
    """Return the windows with those that are long emptied."""
    # Rate, amplitude and the errors of both ask for them, and for their tiles.
    long = is_long(windows)
    if not long.any():
        return windows
    return replace(windows, last=np.where(long, windows.first, windows.last))


@lru_cache(maxsize=2)
def tiled(windows: Windows) -> Tiled | None:
    """Return the tiles of `windows`, or None where no window that holds beats is long."""
    long = is_long(windows) & (windows.last > windows.first)
    if not long.any():
        return None
    found = segments(windows.take(np.flatnonzero(long)))
    begin = windows.beats.start[found.first]
    lasting = windows.beats.time[found.last - 1] - begin
    count = np.maximum(np.floor((lasting + LACKING) / TILE), 0).astype(np.int64)
    length = np.full(len(lasting), TILE)
    held = np.flatnonzero(long)[found.window]
    halved = (windows.end - windows.start)[held] <= UNBROKEN + ROUNDING
    alone = np.bincount(held, minlength=len(windows))[held] == 1
    whole = alone & (lasting + LACKING >= TILE)
    count[halved], length[halved] = np.where(whole, 2, 0)[halved], 0.5 * lasting[halved] + ROUNDING
    window = np.repeat(held, count)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    length = np.repeat(length, count)
    start = np.repeat(begin, count) + length * place
    laid = windows.at(start, start + length)
    # A stretch may begin with the last digit of the interval before it, and end before its tile.
    first, last = (np.repeat(edge, count) for edge in (found.first, found.last))
    laid = replace(laid, first=np.maximum(laid.first, first), last=np.minimum(laid.last, last))
    beaten = np.bincount(held, weights=lasting, minlength=len(windows))
    minutes = np.floor((beaten + LACKING) / TILE).astype(np.int64)
    minutes[held[halved]] = count[halved]
    return Tiled(long, window, *_different(laid), minutes)


def _different(laid: Windows) -> tuple[IntArray, Windows]:
    key = laid.first * (len(laid.beats) + 1) + laid.last
    _, first, same = np.unique(key, return_index=True, return_inverse=True)
    return same, laid.take(first)


def medians(values: FloatArray, owner: IntArray, m: int) -> FloatArray:
    """Return (m,) the median of the values of each owner that are not NaN; NaN where none is."""
    values, owner = _known(values, owner)
    ordered = np.append(values[np.lexsort((values, owner))], np.nan)
    count = np.bincount(owner, minlength=m)
    begin = np.cumsum(count) - count
    low, high = begin + (count - 1) // 2, begin + count // 2
    low, high = (np.where(count > 0, place, len(values)) for place in (low, high))
    return np.asarray(0.5 * (ordered[low] + ordered[high]))


def shares(values: FloatArray, owner: IntArray, m: int, k: int) -> FloatArray:
    """Return (m, k) the means over k runs, as equal as can be, of each owner's values.

    NaN values are passed over. With fewer than k values each is a run, and the rest are NaN.
    """
    values, owner = _known(values, owner)
    count = np.bincount(owner, minlength=m)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    run = owner * k + place * k // np.maximum(count, k)[owner]
    number = np.bincount(run, minlength=m * k)
    total = np.bincount(run, weights=values, minlength=m * k)
    mean = total / np.where(number > 0, number, np.nan)
    return np.asarray(mean.reshape(m, k))


def _known(values: FloatArray, owner: IntArray) -> tuple[FloatArray, IntArray]:
    known = np.isfinite(values)
    return values[known], owner[known]
