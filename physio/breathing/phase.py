"""Where in the breath the heart beats fastest: the phase of the breathing-linked swing (RSA).

A phase needs something to be counted from, and intervals alone have nothing: without a breathing
signal, or the guide that a person follows, there is none. With one, a sinusoid of the breathing
rate, mean and linear trend is fitted to the intervals and another to the breathing signal, over the
same beats. Their difference is what this returns, in degrees from -180 to 180:

- 0: the heart beats fastest when the lungs are fullest, and slowest when they are emptiest. Near
  a person's resonance frequency, about 6 breaths/min, the two are said to move together like
  this (Shaffer and Meehan 2020, doi:10.3389/fnins.2020.570400).
- above 0: the heart comes later than the breath; below 0: earlier. 90 degrees are a quarter breath.

An interval tells of the whole time it lasts, so it is placed at its middle; placed at its end, a
heart of 60/min breathing six times a minute would seem 18 degrees late. Of a breath that is not a
sinusoid, such as that of a guide with a short inhale, the fundamental counts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray
from physio.breathing.minutes import Minutes, minutes
from physio.breathing.rsa import can_follow
from physio.breathing.tiling import shares, short
from physio.ragged import FEWEST, Ragged, ragged
from physio.sinusoid import design, leave_out, solve
from physio.windows import Windows

LEAST_SHARE = 0.5
"""Of the variance of the breathing signal that its sinusoid must explain: else it has another rate
than the intervals, or none."""

WIDEST = 90.0
"""Degrees from low to high: a phase that is known no better than to a quarter of a breath is none.
Ours: a sinusoid fits a little of any noise, and of a heart that does not swing with the breath 3 in
100 minutes reach this (30 would reach 180 degrees); with a swing of 40 ms in noise of 20 ms, 80."""

ComplexArray = NDArray[np.complex128]


def rsa_phase(windows: Windows, rate: FloatArray, breath: FloatArray) -> FloatArray:
    """Return (m,) how much later than the breath the heart rate swings, in degrees.

    NaN where `rate` is NaN or above half the heart rate, a gap lies inside the window, too few
    intervals are usable or have a breath beside them, or the breath does not move at this rate. A
    panel also withholds it where low and high lie `WIDEST` or more apart. Of windows longer than
    75 s it is the direction of the mean over their halves or minutes, each at its own breathing
    rate.

    Parameters
    ----------
    windows : Windows
        m windows over n intervals, best of two breaths or more.
    rate : (m,) float
        Breathing rate in breaths/min.
    breath : (n,) float
        How full the lungs are at the end of each interval, in any unit, NaN where unknown: a
        breathing signal read there, or ``pacer.volume(beats.time)``.
    """
    phase = _fitted(short(windows), rate, breath)
    long = minutes(windows)
    if long is not None:
        phase = np.where(long.laid.long, _directions(long, breath), phase)
    return np.where(np.isfinite(rate), phase, np.nan)


def rsa_phase_blocks(
    windows: Windows, rate: FloatArray, breath: FloatArray, blocks: int
) -> FloatArray:
    """Return (m, blocks): what each block of a window says of its phase, in degrees.

    Their spread is the sampling error of `rsa_phase`: a block's value is the phase of all, less
    ``blocks - 1`` times what leaving the block out turns it by (delete-one-block jackknife, Tukey
    1958; Kuensch 1989, doi:10.1214/aos/1176347265). It may pass 180 degrees, so that values on
    either side of it lie close together. Of a window longer than 75 s a block's value is the phase
    plus the mean by which its minutes differ from it, or, of fewer than four, their own blocks.

    Parameters
    ----------
    windows, rate, breath
        As in `rsa_phase`.
    blocks : int
        Equally long parts of a window, at least 2.
    """
    values = _blocks(short(windows), rate, breath, blocks)
    long = minutes(windows)
    if long is not None:
        direction, window = _directions(long, breath), long.laid.window
        away, rates = _turn(_of_tiles(long, breath) - direction[window]), long.rates

        def of_few(held: Windows, which: BoolArray) -> FloatArray:
            around = direction[window[which], np.newaxis]
            return _turn(_blocks(held, rates[which], breath, blocks) - around)

        runs = direction[:, np.newaxis] + long.blocks(np.zeros_like(values), away, of_few)
        values = np.where(long.laid.long[:, np.newaxis], runs, values)
    return np.where(np.isfinite(rate)[:, np.newaxis], values, np.nan)


def _fitted(windows: Windows, rate: FloatArray, breath: FloatArray) -> FloatArray:
    phase = np.full(len(windows), np.nan)
    if not np.isfinite(breath).any():
        return phase
    for batch in ragged(windows):
        heart, lungs = _both(windows, batch, breath)
        known = _known(rate[heart.index])
        late = _later(_phasor(_fit(heart, known)), _phasor(_fit(lungs, known)))
        told = _moves(lungs, known) & can_follow(heart, known)
        phase[heart.index] = np.where(told, late, np.nan)
    return np.where(np.isfinite(rate), phase, np.nan)


def _blocks(windows: Windows, rate: FloatArray, breath: FloatArray, blocks: int) -> FloatArray:
    values = np.full((len(windows), blocks), np.nan)
    if not np.isfinite(breath).any():
        return values
    for batch in ragged(windows):
        heart, lungs = _both(windows, batch, breath)
        known = _known(rate[heart.index])
        beating, breathing = (_without(part, known, blocks) for part in (heart, lungs))
        whole, without = (_later(*both) for both in zip(beating, breathing, strict=True))
        pseudo = whole + (blocks - 1) * _turn(whole - without)
        values[heart.index] = np.where(_moves(lungs, known), pseudo, np.nan).T
    return values


def _without(batch: Ragged, rate: FloatArray, blocks: int) -> tuple[ComplexArray, ComplexArray]:
    """Return (g,) the wave of all, and (blocks, g) those without each block."""
    whole, without = leave_out(batch, design(batch, rate), batch.rr, blocks)
    return _phasor(whole), _phasor(without)


def _both(windows: Windows, batch: Ragged, breath: FloatArray) -> tuple[Ragged, Ragged]:
    """Return how fast the heart beats and how full the lungs are, where enough is known of both.

    An interval stands at its middle, upside down; the breath at the end of each interval.
    """
    shift = batch.each(windows.first[batch.index] - batch.edges[:-1])
    fullness = breath[shift + np.arange(len(batch.rr))]
    usable = batch.usable * np.isfinite(fullness)
    lungs = replace(batch, rr=np.where(usable > 0.0, fullness, 0.0), usable=usable)
    heart = replace(batch, time=batch.time - 0.0005 * batch.rr, rr=-batch.rr)
    enough = batch.total(usable) >= FEWEST
    return heart.take(enough), lungs.take(enough)


def _known(rate: FloatArray) -> FloatArray:
    return np.where(np.isfinite(rate), rate, 1.0)


def _fit(batch: Ragged, rate: FloatArray) -> FloatArray:
    return solve(batch, design(batch, rate), batch.rr)


def _phasor(fit: FloatArray) -> ComplexArray:
    """Return z of the wave, whose value at time t is the real part of z exp(i w t)."""
    return np.asarray(fit[..., 2] - 1j * fit[..., 3])


def _later(heart: ComplexArray, breath: ComplexArray) -> FloatArray:
    return np.asarray(np.degrees(np.angle(breath * np.conj(heart))))


def _turn(degrees: FloatArray) -> FloatArray:
    """Return the same turn from -180 to 180 degrees."""
    return np.asarray(np.remainder(degrees + 180.0, 360.0) - 180.0)


def _moves(breath: Ragged, rate: FloatArray) -> BoolArray:
    """Return (g,) whether the breath moves at the rate of the intervals."""
    wave = design(breath, rate)
    around, left = (_rest(breath, columns) for columns in (wave[:, :2].copy(), wave))
    return np.asarray((around > 0.0) & (left <= (1.0 - LEAST_SHARE) * around))


def _rest(batch: Ragged, columns: FloatArray) -> FloatArray:
    """Return (g,) the sum of squares that least squares on `columns` (n, k) leaves."""
    fit = batch.each(solve(batch, columns, batch.rr))
    return batch.total((batch.rr - np.sum(columns * fit, axis=1)) ** 2)


def _directions(long: Minutes, breath: FloatArray) -> FloatArray:
    """Return (m,) the direction of the mean over each window's tiles, in degrees."""
    turned = np.exp(1j * np.radians(_of_tiles(long, breath)))
    m = len(long.laid.long)
    east, north = (
        shares(part, long.laid.window, m, 1)[:, 0] for part in (turned.real, turned.imag)
    )
    return np.asarray(np.degrees(np.arctan2(north, east)))


def _of_tiles(long: Minutes, breath: FloatArray) -> FloatArray:
    """Return (t,) the phase of each tile in degrees."""
    return _fitted(long.laid.tiles, long.rate, breath)[long.laid.same]
