"""From samples to the signals in which beats are sought, piece by piece with nothing lost between.

Samples are averaged in blocks down to a working rate of 100 to 200 Hz. A band-pass keeps what is
steep (QRS complexes) and drops waves of breathing, P and T; the smoothed size of what is left is
the envelope, with one hump for each QRS whichever way it points. Every step is causal and carries
its state, so a signal cut into any pieces gives the same numbers, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray

LOWEST_RATE, HIGHEST_RATE = 100.0, 4000.0
"""Sampling rates read, in Hz."""

BAND = (10.0, 25.0)
"""Hz. Higher than the 5 to 15 Hz of Pan and Tompkins 1985 (doi:10.1109/TBME.1985.325532) and the
8 to 20 Hz of Elgendi 2013 (doi:10.1371/journal.pone.0073557): a moving electrode makes mostly slow
waves, and what this band loses of a wide premature beat still stands far above it."""

SMOOTHING = 6.0
"""Hz; low-pass of the envelope."""

TOGETHER = 65536
"""Working samples filtered at a time, whose intermediate arrays the processor's cache holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """What a sampling rate asks for.

    Attributes
    ----------
    rate : float
        Samples per second of the signal.
    step : int
        Samples averaged into one working sample.
    work_rate : float
        Working samples per second.
    band, smooth : (2, 6) and (1, 6) float
        Second-order sections.
    delay : float
        Seconds by which the envelope's hump comes after the middle of a sharp QRS.
    smooth_delay : float
        The part of it that the smoothing of the envelope causes.
    """

    rate: float
    step: int
    work_rate: float
    band: FloatArray
    smooth: FloatArray
    delay: float
    smooth_delay: float


@lru_cache(maxsize=32)
def design(rate: float) -> Design:
    """Return the design for `rate` (Hz); ValueError outside 100 to 4000 Hz."""
    from scipy.signal import butter

    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise ValueError(
            f"the ECG has {rate:g} samples per second; give one with "
            f"{LOWEST_RATE:g} to {HIGHEST_RATE:g}."
        )
    step = int(rate // LOWEST_RATE)
    work_rate = rate / step
    band = np.asarray(butter(2, BAND, "bandpass", fs=work_rate, output="sos"))
    smooth = np.asarray(butter(2, SMOOTHING, fs=work_rate, output="sos"))
    return _with_delays(Design(rate, step, work_rate, band, smooth, 0.0, 0.0))


def _with_delays(plain: Design) -> Design:
    """Measure the delays on an impulse, which the filters take for a sharp QRS."""
    impulse = np.zeros(int(plain.work_rate))
    impulse[1] = 1.0
    work = filtered(first_filter(plain), impulse, plain)[1]
    hump, tip = (float(np.argmax(part)) for part in (work.envelope, np.abs(work.steep)))
    averaging = 0.5 * (plain.step - 1) / plain.rate
    return replace(
        plain,
        delay=(hump - 1.0) / plain.work_rate + averaging,
        smooth_delay=(hump - tip) / plain.work_rate,
    )


@dataclass(frozen=True, slots=True, eq=False)
class FilterState:
    """What the filters remember: two arrays of section states, and the first value (None at first).

    The first value is taken away from all, so that no step starts the record.
    """

    band: FloatArray
    smooth: FloatArray
    first: float | None


def first_filter(plan: Design) -> FilterState:
    """Return the state before the first sample."""
    return FilterState(np.zeros((len(plan.band), 2)), np.zeros((len(plan.smooth), 2)), None)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Working samples, all (n,).

    Attributes
    ----------
    level : float
        The averaged signal, in its own unit; a missing stretch holds the last value.
    missing : bool
        Whether samples in it were not finite.
    steep : float
        The band-passed signal.
    envelope : float
        Its smoothed size.
    """

    level: FloatArray
    missing: BoolArray
    steep: FloatArray
    envelope: FloatArray


NO_WORK = Work(np.empty(0), np.empty(0, bool), np.empty(0), np.empty(0))


def joined(one: Work, other: Work, *, drop: int) -> Work:
    """Return `one` without its first `drop` samples, followed by `other`."""
    if drop >= len(one.level):
        return other
    names = ("level", "missing", "steep", "envelope")
    parts = [np.concatenate((getattr(one, name)[drop:], getattr(other, name))) for name in names]
    return Work(*parts)


def averaged(samples: FloatArray, step: int) -> FloatArray:
    """Return the means of `step` samples each; their number must be a multiple of `step`."""
    if step == 1:
        return samples
    total = samples[::step] + samples[1::step]
    for place in range(2, step):
        total += samples[place::step]
    total *= 1.0 / step
    return total


def filtered(state: FilterState, level: FloatArray, plan: Design) -> tuple[FilterState, Work]:
    """Return the next state and the working samples of `level` (n,), which must be finite."""
    from scipy.signal import sosfilt

    if len(level) == 0:
        return state, NO_WORK
    first = float(level[0]) if state.first is None else state.first
    band, smooth = state.band, state.smooth
    steep, envelope = np.empty((2, len(level)))
    for begin in range(0, len(level), TOGETHER):
        part = slice(begin, begin + TOGETHER)
        steep[part], band = sosfilt(plan.band, level[part] - first, zi=band)
        envelope[part], smooth = sosfilt(plan.smooth, np.abs(steep[part]), zi=smooth)
    work = Work(level, np.zeros(len(level), bool), steep, envelope)
    return FilterState(band, smooth, first), work
