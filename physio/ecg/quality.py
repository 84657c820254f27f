"""How far to trust a beat: whether its shape repeats among its neighbours.

Template matching after Orphanidou et al. 2015 (doi:10.1109/JBHI.2014.2338351), with three
deviations: the band-passed signal is compared, since baseline and T waves say little of a QRS; each
beat is compared with single neighbours and not with a mean, so that premature beats, which agree
with each other, do not spoil it; and what can be read is judged over the seconds around a beat, so
that live and recorded signals are judged alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.ecg.filters import Design, Work
from physio.ecg.peaks import EcgState, RPeaks, places
from physio.reasons import Reason, ReasonCode
from physio.windows import sums

SHAPE = 0.15
"""Seconds of the band-passed signal to both sides of a QRS that are compared."""

COMPANY = 8
"""Beats before, and one after, that a beat is compared with; the second best correlation counts."""

FEW = 4
"""Neighbours below which the best correlation counts."""

OLDEST, YOUNGEST = 12.0, 1.5
"""Seconds; neighbours further off than that do not count."""

JUDGED_BEFORE, JUDGED_AFTER = 8.0, 1.5
"""Seconds around a beat over which the mean quality decides whether the ECG can be read there."""

READABLE = 0.8
"""Mean quality from which on an ECG can be read. Ours: clean recordings hold 0.9 and more nearly
everywhere; the noisy parts of the MIT-BIH noise stress record lie near 0.75 at 6 and 0 dB."""


@dataclass(frozen=True, slots=True, eq=False)
class BeatQuality:
    """How far to trust k beats.

    Attributes
    ----------
    likeness : (k,) float
        How well the beat's shape repeats among its neighbours, 0 to 1.
    readable : (k,) bool
        False where the seconds around the beat cannot be read: it may be noise.
    """

    likeness: FloatArray
    readable: BoolArray


def beat_quality(state: EcgState, peaks: RPeaks) -> BeatQuality:
    """Return the quality of the beats that were given out with this state.

    Raises
    ------
    ValueError
        If they were given out with another.
    """
    place = places(state, peaks)
    if len(place) == 0:
        return BeatQuality(np.empty(0), np.empty(0, bool))
    hump = state.hump - state.origin
    likeness = _likenesses(state.work, hump, state.plan)
    readable = _readable(likeness, hump, state.plan)
    return BeatQuality(likeness[place], readable[place])


def why_unreadable(peaks: RPeaks, readable: BoolArray) -> Reason | None:
    """Return why an ECG cannot be read, None where more than half of it can."""
    lost = sum(gap.until - gap.start for gap in peaks.gaps)
    if lost >= 0.5 * (peaks.end - peaks.start):
        return Reason(ReasonCode.ECG_NO_SIGNAL)
    if len(peaks) < 2:
        return Reason(ReasonCode.ECG_NO_HEARTBEATS)
    if np.mean(readable) <= 0.5:
        return Reason(ReasonCode.ECG_UNLIKE)
    return None


def _likenesses(work: Work, hump: IntArray, plan: Design) -> FloatArray:
    """Return (k,) how well each beat's shape repeats; 0 where it has no neighbours."""
    shape = _shapes(work.steep, work.envelope, hump, plan)
    likeness = np.full((len(hump), COMPANY + 1), -1.0)
    for back in range(1, min(COMPANY, len(hump) - 1) + 1):
        near = hump[back:] - hump[:-back] <= OLDEST * plan.work_rate
        likeness[back:, back - 1] = np.where(near, _likeness(shape[back:], shape[:-back]), -1.0)
    if len(hump) > 1:
        soon = np.diff(hump) <= YOUNGEST * plan.work_rate
        likeness[:-1, COMPANY] = np.where(soon, _likeness(shape[:-1], shape[1:]), -1.0)
    likeness.sort(axis=1)
    few = np.sum(likeness > -1.0, axis=1) < FEW
    best = np.where(few, likeness[:, -1], likeness[:, -2])
    return np.clip(best, 0.0, 1.0)


def _readable(likeness: FloatArray, hump: IntArray, plan: Design) -> BoolArray:
    """Return (k,) whether the mean likeness of the seconds around each beat suffices."""
    if len(hump) == 0:
        return np.zeros(0, bool)
    first = np.searchsorted(hump, hump - round(JUDGED_BEFORE * plan.work_rate))
    last = np.searchsorted(hump, hump + round(JUDGED_AFTER * plan.work_rate), side="right")
    return np.asarray(sums(likeness, first, last) >= READABLE * (last - first))


def _shapes(steep: FloatArray, envelope: FloatArray, hump: IntArray, plan: Design) -> FloatArray:
    """Return (k, n): the band-passed signal around each QRS, with mean 0 and length 1.

    Read between the samples, as far from the hump's vertex in each: half a sample at 100 Hz is
    enough to make two equal beats look different.
    """
    half = round(SHAPE * plan.work_rate)
    whole = hump - round(plan.smooth_delay * plan.work_rate)
    part = _vertex(envelope, hump)
    whole = whole - (part < 0.0)
    part = (part - np.floor(part))[:, np.newaxis]
    place = whole[:, np.newaxis] + np.arange(-half, half + 2)
    rows = steep[np.clip(place, 0, len(steep) - 1)]
    rows = (1.0 - part) * rows[:, :-1] + part * rows[:, 1:]
    rows -= rows.mean(axis=1, keepdims=True)
    size = np.sqrt(np.einsum("kn,kn->k", rows, rows))[:, np.newaxis]
    return np.asarray(rows / np.maximum(size, np.finfo(np.float64).tiny))


def _vertex(envelope: FloatArray, hump: IntArray) -> FloatArray:
    """Return (k,) how much later than its highest sample the vertex of each hump is, in samples."""
    before, at, after = (envelope[hump + shift] for shift in (-1, 0, 1))
    return np.asarray(0.5 * (before - after) / (before - 2.0 * at + after))


def _likeness(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("kn,kn->k", one, other))
