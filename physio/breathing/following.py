"""Breath by breath, how the heart moves with a guide: how far, how late, and whether it follows.

A person who breathes as the guide says has a heart that swings at the guide's rate, in the same
place of every breath. Both are read from the intervals alone, so no belt is needed, and a person
whose heart hardly moves with the breath cannot be told from one who breathes otherwise.

- Swing: a sinusoid at the guide's rate, mean and trend fitted to `SWING_OVER` breaths around each;
  twice its amplitude, in ms. Unlike the longest less the shortest interval (Grossman, van Beek and
  Wientjes 1990, doi:10.1111/j.1469-8986.1990.tb03198.x) it does not depend on where in the breath
  the heart turns, which changes with the rate, and noise does not lift it.
- Followed: over `FOLLOWED_OVER` breaths around it, that sinusoid explains `LEAST_SHARE` of what
  mean and trend leave, and it lies within `NEAR` degrees of where it lies in most breaths. Where
  in the breath that is does not matter: the strap's delay is in it, and may be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray, read_only
from physio.breathing.pacer import Pacer
from physio.breathing.phase import rsa_phase
from physio.ragged import Ragged, ragged
from physio.sinusoid import design, solve
from physio.windows import Windows, windows

SWING_OVER = 1.5
"""Breaths to which a swing is fitted; over just one, trend and sinusoid look alike."""

FOLLOWED_OVER = 3.0
"""Breaths over which it is judged whether one is followed."""

LEAST_SHARE = 0.3
"""Of the variance; a heart that breathes at another rate leaves a tenth to the guide's."""

NEAR = 60.0
"""Degrees; a heart that knows nothing of the guide is as near in a third of the breaths."""


@dataclass(frozen=True, slots=True, eq=False)
class Following:
    """The k whole breaths of a guide in a stretch, as read-only arrays (k,).

    Attributes
    ----------
    onset, end : float
        Seconds on the session clock at which the guide begins a breath and ends it.
    swing : float
        Of the heart with this breath, peak to trough in ms; NaN where it cannot be read.
    late : float
        How much later than the guide the heart rate swings, in degrees from -180 to 180, the
        strap's delay included; NaN where it cannot be read.
    followed : bool
        Whether the heart moves with the guide around this breath.
    clean : bool
        Whether every interval of it is usable and no gap touches it.
    """

    onset: FloatArray
    end: FloatArray
    swing: FloatArray
    late: FloatArray
    followed: BoolArray
    clean: BoolArray

    def __post_init__(self) -> None:
        for name in ("onset", "end", "swing", "late"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.float64))
        for name in ("followed", "clean"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.bool_))

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def adherence(self) -> float:
        """The share of the breaths that were followed, 0 to 1; NaN of none."""
        return float(np.mean(self.followed)) if len(self) else np.nan

    @property
    def lateness(self) -> float:
        """Degrees by which the heart swings later than the guide on average; NaN of none."""
        known = self.late[np.isfinite(self.late)]
        return _direction(known) if len(known) else np.nan


def following(
    beats: Beats, usable: BoolArray, pacer: Pacer, *, start: float, end: float
) -> Following:
    """Return how the heart moved with each whole breath of a guide from `start` to `end` (s).

    Parameters
    ----------
    beats : Beats
        n intervals on the guide's clock.
    usable : (n,) bool
        Intervals between two normal beats.
    pacer : Pacer
        The guide.
    start, end : float
        Seconds; nothing outside them is looked at.
    """
    first, last = (float(pacer.phase(at)) for at in (start, end))
    turns = pacer.time_of(np.arange(np.ceil(first - 1e-6), np.floor(last + 1e-6) + 1.0))
    onset, over = turns[:-1], turns[1:]

    def around(breaths: float) -> Windows:
        reach = 0.5 * (breaths - 1.0) * (over - onset)
        return windows(beats, usable, np.fmax(onset - reach, start), np.fmin(over + reach, end))

    rate = np.asarray(60.0 / (over - onset))
    wide = around(FOLLOWED_OVER)
    guided = np.asarray(pacer.volume(beats.time))
    late = rsa_phase(wide, rate, guided)
    moving = _waves(wide, rate)[1] >= LEAST_SHARE
    return Following(
        onset=onset,
        end=over,
        swing=_waves(around(SWING_OVER), rate)[0],
        late=late,
        followed=moving & _in_place(np.where(moving, late, np.nan)),
        clean=_clean(windows(beats, usable, onset, over)),
    )


def _waves(held: Windows, rate: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (m,) the swing at the rate in ms, and the share of the variance that it explains."""
    swing, share = np.full((2, len(held)), np.nan)
    for batch in ragged(held):
        columns = design(batch, rate[batch.index])
        fit = solve(batch, columns, batch.rr)
        swing[batch.index] = 2.0 * np.hypot(fit[:, 2], fit[:, 3])
        share[batch.index] = _explained(batch, columns, fit)
    return swing, share


def _explained(batch: Ragged, columns: FloatArray, fit: FloatArray) -> FloatArray:
    around = _left(batch, columns[:, :2], solve(batch, columns[:, :2].copy(), batch.rr))
    left = _left(batch, columns, fit)
    return np.asarray(1.0 - left / np.where(around > 0.0, around, np.inf))


def _left(batch: Ragged, columns: FloatArray, fit: FloatArray) -> FloatArray:
    """Return (g,) the sum of squares that a fit leaves."""
    return batch.total((batch.rr - np.sum(columns * batch.each(fit), axis=1)) ** 2)


def _in_place(late: FloatArray) -> BoolArray:
    """Return whether each angle (degrees) lies near where most lie; NaN does not."""
    known = late[np.isfinite(late)]
    if not len(known):
        return np.zeros(len(late), dtype=np.bool_)
    apart = np.abs(np.remainder(late - _direction(known) + 180.0, 360.0) - 180.0)
    return np.asarray(apart <= NEAR)


def _direction(degrees: FloatArray) -> float:
    return float(np.degrees(np.angle(np.mean(np.exp(1j * np.radians(degrees))))))


def _clean(held: Windows) -> BoolArray:
    """Return whether all intervals of each window are usable, in one unbroken stretch."""
    bad = np.concatenate(([0], np.cumsum(~held.usable)))
    first, last = held.first, np.minimum(held.last, len(held.beats) - 1)
    if not len(held.beats):
        return np.zeros(len(held), dtype=np.bool_)
    segment = held.beats.segment
    at = np.minimum(first, len(held.beats) - 1)
    whole = (segment[at] == segment[last]) & (held.last < len(held.beats))
    return np.asarray(whole & (bad[last + 1] == bad[first]) & (held.last > first))
