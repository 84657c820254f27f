"""R peaks of an ECG, live and recorded alike: the same function of the same bounded stretch.

`r_peaks` reads a whole recording; `start`, `advance` and `finish` read it as it comes. A beat is
given out `DELAY` seconds after it happened at the latest, and never changed afterwards; all pieces
together equal the whole bit for bit, because the filters are causal and carry their state and every
later decision looks at most `DELAY` ahead and `MEMORY` back.

What else there is to know of the beats is asked of the state that gave them out: `qrs_waves` and
`beat_quality`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import LONGEST_INTERVAL, Beats, BoolArray, FloatArray, Gap, IntArray, read_only
from physio.ecg.candidates import beats_in
from physio.ecg.fiducial import SEARCH, tips, upright, usual_balance, vertices
from physio.ecg.filters import (
    NO_WORK,
    Design,
    FilterState,
    Work,
    averaged,
    design,
    filtered,
    first_filter,
    joined,
)
from physio.ecg.readable import causes, gaps, settling

DELAY = 10.0
"""Seconds: judged 1.5 after, next neighbour 1.5, pause 1.5, heights 3, cut-off 1.5, a rest of 1."""

MEMORY = 48.0
"""Seconds kept: quality 8 + 12, pause 3, its usual interval 12, usual heights 7.5; a rest."""


@dataclass(frozen=True, slots=True, eq=False)
class RPeaks:
    """k beats found in an ECG, as read-only arrays (k,), and what could not be read.

    Attributes
    ----------
    time : float
        Seconds since the first sample, between samples.
    upright : bool
        Whether the beat's mark is a tip that points up (an R wave) or down.
    hump : int
        Number of the working sample at which the envelope has the beat's hump.
    gaps : tuple of Gap
        Stretches in seconds since the first sample without any signal to read.
    start, end : float
        Seconds since the first sample from and to which this speaks.
    """

    time: FloatArray
    upright: BoolArray
    hump: IntArray
    gaps: tuple[Gap, ...]
    start: float
    end: float

    def __post_init__(self) -> None:
        for name, dtype in _ARRAYS.items():
            object.__setattr__(self, name, read_only(getattr(self, name), dtype))

    def __len__(self) -> int:
        return len(self.time)


_ARRAYS = {"time": np.float64, "upright": np.bool_, "hump": np.int64}


@dataclass(frozen=True, slots=True, eq=False)
class EcgState:
    """Everything that reading an ECG as it comes remembers.

    Attributes
    ----------
    plan : Design
        For the sampling rate.
    filters : FilterState
        State of the causal filters.
    samples : (n,) float
        The last samples; those not finite hold the value before.
    work : Work
        The last working samples; the first is number `origin` of the record, as is
        ``samples[0]`` times the step.
    origin : int
        See `work`.
    missing : (m,) bool
        Which of the newest samples, too few yet for a working sample, were not finite.
    hump : (k,) int
        Numbers of the working samples at which beats were last found in `work`, those that are
        not certain yet included.
    given : int
        Working samples up to which beats were given out.
    upright : bool
        Which way the last beat given out pointed.
    """

    plan: Design
    filters: FilterState
    samples: FloatArray
    work: Work
    origin: int
    missing: BoolArray
    hump: IntArray
    given: int
    upright: bool


def r_peaks(ecg: ArrayLike, rate: float) -> RPeaks:
    """Return the beats of a whole ECG; see `read`."""
    return read(ecg, rate)[1]


def read(ecg: ArrayLike, rate: float) -> tuple[EcgState, RPeaks]:
    """Return the beats of a whole ECG, and the state of which their waves and quality are asked.

    Parameters
    ----------
    ecg : (n,) float
        The signal in any unit, either way up. Values that are not finite are missing.
    rate : float
        Samples per second, 100 to 4000.

    Raises
    ------
    ValueError
        If `rate` lies outside, or `ecg` is not one-dimensional.
    """
    return finish(_taken_in(start(rate), np.asarray(ecg, np.float64)))


def start(rate: float) -> EcgState:
    """Return the state before the first sample of an ECG with `rate` samples per second."""
    plan = design(float(rate))
    none = np.empty(0, bool)
    filters = first_filter(plan)
    no_hump = np.empty(0, np.int64)
    return EcgState(plan, filters, np.empty(0), NO_WORK, 0, none, no_hump, given=0, upright=True)


def advance(state: EcgState, samples: ArrayLike) -> tuple[EcgState, RPeaks]:
    """Return the next state and the beats that became certain with these `samples` (n,)."""
    # A copy: the state keeps them, and the caller may fill the same buffer again.
    fresh = _taken_in(state, np.array(samples, np.float64))
    end = fresh.origin + len(fresh.work.level)
    # A hump of the envelope comes `plan.delay` after its beat.
    wait = int((DELAY - fresh.plan.delay - SEARCH) * fresh.plan.work_rate)
    sure = max(end - wait, state.given)
    return _given_out(fresh, sure)


def finish(state: EcgState) -> tuple[EcgState, RPeaks]:
    """Return the last state, and the beats that were not certain yet when the signal ended."""
    return _given_out(state, state.origin + len(state.work.level))


def places(state: EcgState, peaks: RPeaks) -> IntArray:
    """Return (k,) which of the beats that `state` holds were given out with it as `peaks`."""
    first = int(np.searchsorted(state.hump, peaks.hump[:1])[0]) if len(peaks) else 0
    held = state.hump[first : first + len(peaks)]
    if peaks.end != state.given / state.plan.work_rate or not np.array_equal(held, peaks.hump):
        raise ValueError("these beats were given out with another state; ask that one")
    return np.arange(first, first + len(peaks))


def together(parts: Sequence[RPeaks]) -> RPeaks:
    """Return consecutive pieces of one recording as one; a gap cut in two is one again."""
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS}
    merged: list[Gap] = []
    for gap in (gap for part in parts for gap in part.gaps):
        if merged and merged[-1].end == gap.start and merged[-1].cause == gap.cause:
            gap = Gap(merged.pop().start, gap.end, gap.cause)
        merged.append(gap)
    return RPeaks(**arrays, gaps=tuple(merged), start=parts[0].start, end=parts[-1].end)


def intervals(peaks: RPeaks, readable: BoolArray) -> tuple[Beats, IntArray]:
    """Return the intervals between readable beats, and (n,) which peak ends each of them.

    `readable` (k,) comes from `beat_quality`. A segment ends at a gap, at a beat that cannot be
    read, and where two beats lie more than `LONGEST_INTERVAL` apart.
    """
    rr = 1000.0 * np.diff(peaks.time)
    sound = readable[1:] & readable[:-1] & (rr <= LONGEST_INTERVAL)
    starts = np.array([gap.start for gap in peaks.gaps])
    before = np.searchsorted(peaks.time, starts) - 1
    sound[before[(before >= 0) & (before < len(sound))]] = False
    ends = np.flatnonzero(sound) + 1
    segment = np.cumsum(np.diff(ends, prepend=ends[:1]) > 1, dtype=np.int64)
    return Beats(peaks.time[ends], rr[ends - 1], segment), ends


def _taken_in(state: EcgState, samples: FloatArray) -> EcgState:
    """Filter what came, and forget what no decision can need any more."""
    if samples.ndim != 1:
        raise ValueError(f"an ECG is one row of samples; got {samples.ndim} dimensions")
    plan = state.plan
    held, missing = _held(samples, state.samples)
    waiting = len(state.missing)
    missing = np.concatenate((state.missing, missing))
    recent = np.concatenate((state.samples, held)) if len(state.samples) else held
    whole = len(missing) // plan.step * plan.step
    begin = len(state.samples) - waiting
    level = averaged(recent[begin : begin + whole], plan.step)
    filters, work = filtered(state.filters, level, plan)
    if missing.any():
        any_missing = np.logical_or.reduce(missing[:whole].reshape(-1, plan.step), axis=1)
        work = replace(work, missing=any_missing)
    drop = max(state.given - round(MEMORY * plan.work_rate) - state.origin, 0)
    drop = min(drop, len(state.work.level))
    return replace(
        state,
        filters=filters,
        samples=recent[drop * plan.step :],
        work=joined(state.work, work, drop=drop),
        origin=state.origin + drop,
        missing=missing[whole:],
    )


def _held(samples: FloatArray, before: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return the samples with the last finite value in place of others, and which those were."""
    missing = np.zeros(len(samples), bool)
    # The sum is finite whenever all samples are, and costs a fraction of looking at each.
    with np.errstate(invalid="ignore", over="ignore"):
        sound = np.isfinite(samples.sum())
    if sound:
        return samples, missing
    missing = ~np.isfinite(samples)
    source = np.maximum.accumulate(np.where(missing, 0, np.arange(1, len(samples) + 1)))
    known = np.concatenate((before[-1:] if len(before) else np.zeros(1), samples))
    return known[source], missing


def _given_out(state: EcgState, sure: int) -> tuple[EcgState, RPeaks]:
    """Return the beats from `state.given` up to `sure`, both counted in working samples."""
    plan, work, origin = state.plan, state.work, state.origin
    rate = plan.work_rate
    if len(work.level) < 3 or sure <= state.given:
        return state, _no_peaks(state.given / rate)
    cause = causes(work, plan, origin=origin)
    hump = beats_in(work, settling(cause, rate), plan, origin=origin)
    seen = tips(work.level, hump, plan)
    now = slice(*np.searchsorted(hump + origin, (state.given, sure)))
    up = upright(usual_balance(seen.balance, hump, rate)[now], before=state.upright)
    tip = np.where(up, seen.up[now], seen.down[now])
    sign = np.where(up, 1.0, -1.0)
    top, later = vertices(state.samples, tip * plan.step + plan.step // 2, sign, plan)
    peaks = RPeaks(
        # Whole samples first: rounding must not depend on where the record was cut.
        time=((origin * plan.step + top) + later) / plan.rate,
        upright=up,
        hump=hump[now] + origin,
        gaps=gaps(cause[state.given - origin : sure - origin], rate, origin=state.given),
        start=state.given / rate,
        end=sure / rate,
    )
    pointed = bool(up[-1]) if len(up) else state.upright
    return replace(state, hump=hump + origin, given=sure, upright=pointed), peaks


def _no_peaks(at: float) -> RPeaks:
    return RPeaks(np.empty(0), np.empty(0, bool), np.empty(0, np.int64), (), start=at, end=at)
