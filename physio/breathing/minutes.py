"""The minutes of a long window, and the breathing rate of each, by itself or with its neighbours.

What was measured beside the intervals comes first (`physio.breathing.measured`).

A minute has a rate where its own rhythm is clear. A weak one may not be, yet be the same minute
after minute: so up to `TOGETHER` minutes in a row are also asked together, by the mean of their
spectra, each in units of its noise. Where they have a clear rate, a minute has the one nearby at
which it rises above its own noise, if it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray, beginnings
from physio.breathing.clear import (
    ROUNDING,
    Spectra,
    clear_rates,
    joined,
    mean_spectra,
    spectra,
    summit,
)
from physio.breathing.measured import measured_rates
from physio.breathing.tiling import TILE, Tiled, shares, short, tiled
from physio.compiled import compiled
from physio.ragged import Ragged, ragged
from physio.uncertainty import FEWEST_BLOCKS
from physio.windows import Windows

TOGETHER = 5
"""Minutes: breathing at rest stays near one rate over so many."""

NEARBY = 0.05
"""Of minutes of noise that may rise above it within one step of resolution of a rate."""

LEAST_SHARE = 1.0 / 3.0
"""Of a window's minutes that must have a rate for the window to have one."""

AT_ONCE = 1 << 12
"""Minutes whose spectra are held at a time, which bounds the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Minutes:
    """The minutes of those of m windows that are long.

    Attributes
    ----------
    laid : Tiled
        Where they lie; of a tile that has two rates, in different windows, there are two.
    rate : (t,) float
        Breathing rate of each of the different tiles in breaths/min, NaN where it has none.
    origin : (t,) int
        Where it comes from, as `physio.breathing.measured` numbers it.
    """

    laid: Tiled
    rate: FloatArray
    origin: IntArray

    @property
    def rates(self) -> FloatArray:
        """(t,) The rate of each minute of each window."""
        return self.rate[self.laid.same]

    @property
    def share(self) -> FloatArray:
        """(m,) What share of each window's minutes has a rate, 0 to 1; NaN where not long."""
        rated = np.isfinite(self.rates)
        number = np.bincount(self.laid.window[rated], minlength=len(self.laid.long))
        return np.where(self.laid.long, number / np.maximum(self.laid.lasting, 1), np.nan)

    def medians(self, otherwise: FloatArray, values: FloatArray) -> FloatArray:
        """Return (m,) the median of `values` of a window's minutes, `otherwise` where not long.

        NaN where too few of the minutes have a rate.
        """
        median = self.laid.medians(otherwise, values)
        return np.where(self.share < LEAST_SHARE, np.nan, median)

    def blocks(
        self,
        otherwise: FloatArray,
        values: FloatArray,
        of_few: Callable[[Windows, BoolArray], FloatArray],
    ) -> FloatArray:
        """Return (m, k) the means over k runs of a window's minutes, `otherwise` where not long.

        Fewer than `FEWEST_BLOCKS` minutes tell no spread: there it is the mean over the minutes of
        what the k blocks of each say.

        Parameters
        ----------
        otherwise : (m, k) float
            For windows that are not long.
        values : (t,) float
            Of each minute of each window, NaN where it has none.
        of_few : callable
            From f minutes, and (t,) which of all these are, to (f, k) what their blocks say.
        """
        m, k = otherwise.shape
        window, known = self.laid.window, np.isfinite(values)
        runs = shares(values, window, m, k)
        few = np.bincount(window[known], minlength=m) < FEWEST_BLOCKS
        own = known & few[window]
        if own.any():
            each = of_few(self.laid.tiles.take(self.laid.same[own]), own)
            means = [shares(column, window[own], m, 1)[:, 0] for column in each.T]
            runs = np.where(few[:, np.newaxis], np.stack(means, axis=1), runs)
        return np.where(self.laid.long[:, np.newaxis], runs, otherwise)


@lru_cache(maxsize=2)
def minutes(windows: Windows) -> Minutes | None:
    """Return the minutes of `windows`, or None where no window that holds beats is long."""
    # Rate, amplitude and the errors of both ask for them.
    laid = tiled(windows)
    if laid is None:
        return None
    alone = rates(laid.tiles)
    each = alone[laid.same]
    group = _groups(_stretches(laid))
    for part in _unclear(group, each):
        near = _together(laid, part, group[part])
        each[part] = np.where(np.isnan(each[part]), near, each[part])
    apart, rate, first = _apart(laid, each)
    own = origins(laid.tiles, alone)[laid.same[first]]
    # What neighbours tell of a minute they tell by their intervals.
    return Minutes(apart, rate, np.where(np.isfinite(rate), np.maximum(own, 1), 0))


def block_values(
    windows: Windows,
    rate: FloatArray,
    blocks: int,
    of_batch: Callable[[Ragged, FloatArray, int], FloatArray],
    of_minutes: Callable[[Minutes], FloatArray],
    *,
    measured: Callable[[Windows, FloatArray], FloatArray] = lambda _, values: values,
) -> FloatArray:
    """Return (m, blocks) what each block of windows says, NaN where their `rate` (m,) is.

    Parameters
    ----------
    windows, rate, blocks
        m windows, their rates in breaths/min, and equally long parts of each.
    of_batch : callable
        From g windows that are not long, their rates and `blocks` to (g, blocks).
    of_minutes : callable
        From the minutes of long windows to the (t,) value of each.
    measured : callable
        From windows that are not long and what their blocks say, to what these say where breathing
        was measured.
    """

    def own(held: Windows, at: FloatArray) -> FloatArray:
        values = np.full((len(held), blocks), np.nan)
        for batch in ragged(held):
            values[batch.index] = of_batch(batch, at[batch.index], blocks)
        return measured(held, values)

    values = own(short(windows), rate)
    long = minutes(windows)
    if long is not None:
        each = long.rates
        values = long.blocks(values, of_minutes(long), lambda held, which: own(held, each[which]))
        values[np.isnan(rate)] = np.nan
    return values


def rates(windows: Windows) -> FloatArray:
    """Return (m,) the clear rate of each window by itself in breaths/min, NaN where none is."""
    alone, measured = _rates_alone(windows), measured_rates(windows)
    return alone if measured is None else np.where(np.isfinite(measured[0]), measured[0], alone)


def origins(windows: Windows, rate: FloatArray) -> IntArray:
    """Return (m,) where the rates (m,) of windows by themselves come from, 0 for none."""
    measured = measured_rates(windows)
    own = 0 if measured is None else measured[2]
    return np.where(np.isfinite(rate), np.maximum(own, 1), 0)


def _rates_alone(windows: Windows) -> FloatArray:
    rate = np.full(len(windows), np.nan)
    length = windows.end - windows.start
    for batch in ragged(windows):
        # A window may be said to last less than its beats do.
        at_least = np.maximum(length[batch.index], 0.5 * batch.span)
        rate[batch.index] = clear_rates(spectra(batch, at_least))
    return rate


def _stretches(laid: Tiled) -> IntArray:
    """Return (t,) which unbroken stretch of a window each minute lies in, numbered in order."""
    tiles = laid.tiles
    segment = tiles.beats.segment[np.minimum(tiles.first[laid.same], len(tiles.beats) - 1)]
    begun = (np.diff(laid.window) != 0) | (np.diff(segment) != 0)
    return np.concatenate((np.zeros(min(len(segment), 1), np.int64), np.cumsum(begun)))


def _groups(stretch: IntArray) -> IntArray:
    """Return (t,) which minutes are asked together: up to `TOGETHER` in a row, numbered in order.

    The minutes of a stretch are shared out as evenly as can be.
    """
    count = np.bincount(stretch, minlength=1)
    place = np.arange(len(stretch)) - np.repeat(np.cumsum(count) - count, count)
    many = -(-count // TOGETHER)
    own = place * many[stretch] // count[stretch]
    return np.asarray((np.cumsum(many) - many)[stretch] + own)


def _unclear(group: IntArray, rate: FloatArray) -> Iterator[IntArray]:
    """Yield the places of minutes in groups of which some have no rate, some groups at a time."""
    number = np.bincount(group)
    known = np.bincount(group[np.isfinite(rate)], minlength=len(number))
    wanted = np.flatnonzero(((number > 1) & (known < number))[group])
    cuts = beginnings(group[wanted] // (AT_ONCE // TOGETHER))
    return (part for part in np.split(wanted, cuts) if len(part) > 0)


def _together(laid: Tiled, part: IntArray, group: IntArray) -> FloatArray:
    """Return (p,) the rates of the minutes `part` (p,) near those that their groups have together.

    NaN where a group has none, or a minute does not rise above its own noise there. `group` (p,) is
    in order.
    """
    near = np.full(len(part), np.nan)
    same, place = np.unique(laid.same[part], return_inverse=True)
    row, each = _seen(laid.tiles.take(same))
    kept = np.flatnonzero(row[place] >= 0)
    if len(kept) == 0:
        return near
    seen = each[row[place[kept]]]
    first = beginnings(group[kept])
    found = clear_rates(mean_spectra(seen, first))
    at, rate = np.repeat(found, np.diff(np.append(first, len(kept)))), np.empty(len(kept))
    grid = seen.first, seen.step, seen.lowest, seen.highest, seen.resolution
    _set_near(seen.power, seen.noise, *grid, at, rate)
    near[kept] = rate
    return near


def _seen(held: Windows) -> tuple[IntArray, Spectra]:
    """Return the row (m,) of each minute, -1 where it cannot be fitted, and what all show."""
    row, length = np.full(len(held), -1), np.full(len(held), TILE)
    parts = [(batch.index, spectra(batch, length[batch.index])) for batch in ragged(held)]
    index = np.concatenate([index for index, _ in parts] or [np.empty(0, np.int64)])
    row[index] = np.arange(len(index))
    return row, joined([seen for _, seen in parts])


@compiled
def _set_near(
    power: FloatArray,
    noise: FloatArray,
    first: FloatArray,
    step: FloatArray,
    lowest: FloatArray,
    highest: FloatArray,
    resolution: FloatArray,
    at: FloatArray,
    out: FloatArray,
) -> None:
    """Set `out` (t,) to the rate of the highest peak near the rates `at`, if it is above noise."""
    asked = np.log(2.0 / NEARBY)
    for w in range(len(out)):
        out[w] = np.nan
        if np.isnan(at[w]):
            continue
        middle, reach = (at[w] - first[w]) / step[w], resolution[w] / step[w]
        slowest = (lowest[w] - ROUNDING - first[w]) / step[w]
        low = int(np.ceil(max(middle - reach, slowest)))
        high = int(np.floor(min(middle + reach, (highest[w] - first[w]) / step[w])))
        most = 0.0
        for k in range(max(low, 1), min(high, power.shape[1] - 2) + 1):
            top = power[w, k] > power[w, k - 1] and power[w, k] >= power[w, k + 1]
            if top and power[w, k] > most and power[w, k] > asked * noise[w, k]:
                most = power[w, k]
                place = max(k + summit(power[w], k), slowest)
                out[w] = first[w] + step[w] * place


def _apart(laid: Tiled, rate: FloatArray) -> tuple[Tiled, FloatArray, IntArray]:
    """Return the minutes with those tiles apart that differ in `rate` (t,), theirs, and places."""
    key = laid.same + 1j * np.nan_to_num(rate)
    _, first, same = np.unique(key, return_index=True, return_inverse=True)
    return replace(laid, same=same, tiles=laid.tiles.take(laid.same[first])), rate[first], first
