"""The heart's wave as it is now, though a strap tells of it two seconds late.

A person who breathes with a guide has a heart that swings at the guide's rate. A sinusoid at that
rate, with mean and trend, is fitted to the intervals of the last `OVER` breaths that have arrived,
and carried forward over the strap's delay, along the guide's own phase: a guide that eases takes
its sinusoid along. The trend is not carried forward.

How good that is, is read from what has become known since: what would have been predicted for the
moments of the last `JUDGED_OVER` breaths is set against the fit to `OVER` breaths around the same
moment. Their difference in phase, its median, is the `error`. Above `OFF` degrees nothing is to be
shown: the person breathes otherwise than the guide. Nor is it where the sinusoid is less than
`LEAST_SHARE` of what moves the heart then: a slow wave of its own near 6/min can be foretold, too.

The delay must be known, and so must the guide. Nothing here is measured: it is for the eye alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray
from physio.breathing.pacer import Pacer

OVER = 2.5
"""Breaths to which the sinusoid is fitted."""

JUDGED_OVER = 5.0
"""Breaths over which the predictions are judged."""

LOOKED_AT = JUDGED_OVER + 3.0 * OVER
"""Breaths of beats that are looked at."""

MOMENTS = 20
"""In these breaths at which they are."""

OFF = 30.0
"""Degrees of error above which nothing is to be shown."""

LONGEST_AHEAD = 5.0
"""Seconds for which nothing is predicted any more: the strap has fallen silent."""

LEAST_SHARE = 0.5
"""Of the variance around mean and trend, the median over the same moments."""

FEWEST = 8
"""Usable intervals below which nothing is fitted."""

SMALLEST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """The wave of a heart that moves with a guide.

    Attributes
    ----------
    pacer : Pacer
        The guide.
    known : float
        Until when (s) beats are known; what comes after is predicted.
    level : float
        Mean interval in ms at `known`.
    cosine, sine : float
        Of the intervals along the guide's phase, in ms.
    error : float
        Median error in degrees of earlier predictions; NaN before there are any.
    share : float
        Of what moves the heart, that of the wave, 0 to 1; NaN as the error.
    """

    pacer: Pacer
    known: float
    level: float
    cosine: float
    sine: float
    error: float
    share: float

    @property
    def shown(self) -> bool:
        """Whether it is good enough to be shown."""
        return bool(self.error <= OFF and self.share >= LEAST_SHARE)

    def rate(self, time: FloatArray) -> FloatArray:
        """Return (k,) the heart rate in bpm at each `time` (s, when the heart beats)."""
        turn = 2.0 * np.pi * self.pacer.phase(time)
        rr = self.level + self.cosine * np.cos(turn) + self.sine * np.sin(turn)
        return np.asarray(60000.0 / np.maximum(rr, 1.0))


def predicted(
    beats: Beats, usable: BoolArray, pacer: Pacer, *, now: float, delay: float
) -> Prediction | None:
    """Return the heart's wave `now`, None where too little is known of it.

    Parameters
    ----------
    beats : Beats
        n intervals on the session clock, as they arrived: `delay` later than they beat.
    usable : (n,) bool
        Intervals between two normal beats.
    pacer : Pacer
        The guide.
    now : float
        Seconds on the session clock; beats that arrived later are not looked at.
    delay : float
        Seconds.
    """
    breath = 60.0 / float(pacer.rate(now - delay))
    seen = usable & (beats.time <= now) & (beats.time > now - LOOKED_AT * breath)
    if not seen.any():
        return None
    # What lies before a gap belongs to another stretch of beats.
    seen &= beats.segment == beats.segment[seen][-1]
    ends, rr = beats.time[seen] - delay, beats.rr[seen]
    middle = ends - 0.0005 * rr
    known = float(ends[-1])
    if now - known > LONGEST_AHEAD:
        return None
    (newest,) = _fits(middle, rr, pacer, np.array([known - OVER * breath]), np.array([known]))
    if not np.isfinite(newest).all():
        return None
    error, share = _judged(middle, rr, pacer, known=known, behind=now - known, breath=breath)
    level, _, cosine, sine, _ = newest.tolist()
    return Prediction(pacer, known, level, cosine, sine, error, share)


def _judged(
    middle: FloatArray,
    rr: FloatArray,
    pacer: Pacer,
    *,
    known: float,
    behind: float,
    breath: float,
) -> tuple[float, float]:
    """Return error and share, medians, of what would have been predicted `behind` (s) ahead."""
    last = known - 0.5 * OVER * breath  # around later moments, half of the breaths are to come
    at = last - JUDGED_OVER * breath * np.arange(MOMENTS) / MOMENTS
    before = _fits(middle, rr, pacer, at - behind - OVER * breath, at - behind)
    around = _fits(middle, rr, pacer, at - 0.5 * OVER * breath, at + 0.5 * OVER * breath)
    known_both = np.isfinite(before[:, 0] + around[:, 0])
    if np.count_nonzero(known_both) < MOMENTS // 2:
        return np.nan, np.nan
    turned = (_phasor(before) * np.conj(_phasor(around)))[known_both]
    wave = 0.5 * np.abs(_phasor(around)[known_both]) ** 2
    share = wave / (wave + around[known_both, 4] + SMALLEST)
    return float(np.median(np.abs(np.degrees(np.angle(turned))))), float(np.median(share))


def _phasor(fits: FloatArray) -> np.ndarray:
    return np.asarray(fits[:, 2] + 1j * fits[:, 3])


def _fits(
    middle: FloatArray, rr: FloatArray, pacer: Pacer, start: FloatArray, end: FloatArray
) -> FloatArray:
    """Return (m, 5) level at `end`, trend, cosine and sine along the guide's phase, in ms.

    The last is the mean square in ms2 that they leave.

    NaN where fewer than `FEWEST` intervals lie between `start` and `end` (m,), or they do not
    reach back over most of it.
    """
    inside = (middle > start[:, np.newaxis]) & (middle <= end[:, np.newaxis])
    turn = 2.0 * np.pi * pacer.phase(middle)
    since = (middle - end[:, np.newaxis]) / (end - start)[:, np.newaxis]
    wave = np.broadcast_to(np.stack((np.cos(turn), np.sin(turn)), axis=-1), (*inside.shape, 2))
    columns = np.concatenate((np.ones((*inside.shape, 1)), since[..., np.newaxis], wave), axis=-1)
    columns = columns * inside[..., np.newaxis]
    square = np.einsum("mni,mnj->mij", columns, columns) + SMALLEST * np.eye(4)
    found = np.linalg.solve(square, np.einsum("mni,n->mi", columns, rr)[..., np.newaxis])[..., 0]
    reaches = np.min(np.where(inside, since, 0.0), axis=1, initial=0.0) <= -0.8
    count = inside.sum(axis=1)
    rest = np.where(inside, rr - np.einsum("mni,mi->mn", columns, found), 0.0)
    square_left = np.sum(rest**2, axis=1) / np.maximum(count, 1)
    enough = (count >= FEWEST) & reaches
    return np.where(enough[:, np.newaxis], np.column_stack((found, square_left)), np.nan)
