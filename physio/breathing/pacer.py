"""The breathing guide: where in a breath it is, as a function of time that never jumps.

The rate is piecewise linear in time, so the phase is a closed-form integral and the guide can be
asked at any moment, in any order, for any number of moments at once. Nothing is accumulated frame
by frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray, FloatArray, IntArray

SLOWEST, FASTEST = 4.0, 24.0
"""Breaths/min that the guide offers, both included."""

SHORTEST_INHALE, LONGEST_INHALE = 0.2, 0.8
"""Shares of a breath spent breathing in that the guide offers, both included."""

LONGEST_PAUSE = 0.1
"""Share of a breath spent resting after breathing out that the guide offers at most. As much as
the longest breath in leaves over is always for breathing out."""

EASING = 0.5
"""Breaths/min by which the rate may change each minute."""

SAME_MOMENT = 1e-9
"""Cycles; two phases closer than this are one, whatever rounding says."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in which the rate changes evenly; it lasts until the next piece begins.

    Attributes
    ----------
    time : float
        Beginning in seconds on the session clock.
    phase : float
        Cycles completed at `time`.
    rate : float
        Breaths/min at `time`.
    slope : float
        Change of the rate in breaths/min each minute.
    """

    time: float
    phase: float
    rate: float
    slope: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """The shares of each breath spent breathing in, and resting after breathing out.

    Both hold from breath number `cycle` on.
    """

    cycle: float
    inhale: float
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Pacer:
    """A breathing guide. Make one with `steady`, change it with `ease` and `with_ratio`.

    Every method takes one time or an array of times in seconds on the session clock and returns
    values of the same shape. Times before the guide began count backwards at its first rate.

    Attributes
    ----------
    pieces : tuple of Piece
        In order of time; the first keeps its rate and also holds before its time.
    ratios : tuple of Ratio
        In order of cycle, the first from minus infinity on.
    """

    pieces: tuple[Piece, ...]
    ratios: tuple[Ratio, ...]

    def phase(self, time: ArrayLike) -> FloatArray:
        """Return the cycles completed, continuous and increasing; 0 where the guide began."""
        start, phase, rate, slope = self._piece_at(time)
        minutes = (np.asarray(time, dtype=np.float64) - start) / 60.0
        return np.asarray(phase + minutes * (rate + 0.5 * slope * minutes))

    def rate(self, time: ArrayLike) -> FloatArray:
        """Return the rate in breaths/min."""
        start, _, rate, slope = self._piece_at(time)
        return np.asarray(rate + slope * (np.asarray(time, dtype=np.float64) - start) / 60.0)

    def volume(self, time: ArrayLike) -> FloatArray:
        """Return how full the breath is: 0 where breathing in begins, 1 where it ends.

        A half cosine each way, so that the movement comes to rest at both turns; 0 in a pause.
        """
        fraction, inhale, pause = self._breath_at(time)
        rising = fraction / inhale
        falling = np.maximum(1.0 - pause - fraction, 0.0) / (1.0 - pause - inhale)
        return 0.5 - 0.5 * np.cos(np.pi * np.minimum(rising, falling))

    def is_inhaling(self, time: ArrayLike) -> BoolArray:
        """Return whether the guide is breathing in."""
        fraction, inhale, _ = self._breath_at(time)
        return fraction < inhale

    def is_pausing(self, time: ArrayLike) -> BoolArray:
        """Return whether the guide rests after breathing out."""
        fraction, _, pause = self._breath_at(time)
        return fraction > 1.0 - pause

    def seconds_left(self, time: ArrayLike) -> FloatArray:
        """Return the seconds until breathing in turns to breathing out, or out to in.

        A pause counts as breathing out.
        """
        phase = self.phase(time)
        cycle = np.floor(phase)
        inhale, _ = self._shares_of(cycle)
        turn = cycle + np.where(phase - cycle < inhale, inhale, 1.0)
        left: FloatArray = self.time_of(turn) - np.asarray(time, dtype=np.float64)
        return np.maximum(left, 0.0)

    def next_breath(self, time: ArrayLike) -> FloatArray:
        """Return the time in seconds at which the next breath begins.

        A breath that begins within `SAME_MOMENT` cycles counts as begun, so that asking again at
        the time returned leads one breath further.
        """
        return self.time_of(np.floor(self.phase(time) + SAME_MOMENT) + 1.0)

    def time_of(self, phase: ArrayLike) -> FloatArray:
        """Return the time in seconds at which `phase` cycles are completed: `phase` inverted."""
        wanted = np.asarray(phase, dtype=np.float64)
        table = self._table()
        start, begun, rate, slope = table[:, _position(table[1], wanted)]
        cycles = wanted - begun
        # This form of the root loses no digits where the slope is small or zero.
        minutes = 2.0 * cycles / (rate + np.sqrt(rate * rate + 2.0 * slope * cycles))
        return np.asarray(start + 60.0 * minutes)

    def _table(self) -> FloatArray:
        rows = [(piece.time, piece.phase, piece.rate, piece.slope) for piece in self.pieces]
        return np.array(rows, dtype=np.float64).T

    def _piece_at(self, time: ArrayLike) -> FloatArray:
        table = self._table()
        return table[:, _position(table[0], np.asarray(time, dtype=np.float64))]

    def _shares_of(self, cycle: FloatArray) -> tuple[FloatArray, FloatArray]:
        begins = np.array([ratio.cycle for ratio in self.ratios])
        shares = np.array([(ratio.inhale, ratio.pause) for ratio in self.ratios])
        inhale, pause = shares[_position(begins, cycle)].T
        return inhale.T, pause.T

    def _breath_at(self, time: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
        phase = self.phase(time)
        cycle = np.floor(phase)
        return phase - cycle, *self._shares_of(cycle)


def offers(rate: float, inhale: float) -> bool:
    """Return whether a guide breathes at this rate (breaths/min), with this share breathing in.

    Examples
    --------
    >>> from physio.breathing.pacer import offers
    >>> offers(6.0, 0.4), offers(0.0, 0.4)
    (True, False)
    """
    return _is_rate(rate) and _is_inhale(inhale)


def steady(rate: float, *, at: float = 0.0, inhale: float = 0.4, pause: float = 0.0) -> Pacer:
    """Return a guide that begins a breath `at` (s) and keeps `rate` (breaths/min).

    `inhale` and `pause` are the shares of each breath spent breathing in, and resting after
    breathing out.

    Raises
    ------
    ValueError
        If `rate` is not within 4 to 24 breaths/min, `inhale` not within 0.2 to 0.8, `pause` not
        within 0 to 0.1, or both together above 0.8.
    """
    _check_rate(rate)
    _check_inhale(inhale)
    most = _longest_pause(inhale)
    if not 0.0 <= pause <= most:
        raise ValueError(f"The pause must be 0 to {most:g} of a breath; got {pause:g}.")
    return Pacer((Piece(at, 0.0, rate, 0.0),), (Ratio(-np.inf, inhale, pause),))


def ease(pacer: Pacer, at: float, rate: float, *, per_minute: float = EASING) -> Pacer:
    """Return a guide that leaves its rate `at` (s) and moves evenly to `rate` (breaths/min).

    Until `at` nothing changes; changes of rate planned after it are given up.

    Parameters
    ----------
    pacer : Pacer
        The guide so far.
    at : float
        When to begin, in seconds on the session clock.
    rate : float
        Breaths/min to arrive at.
    per_minute : float
        Change of the rate in breaths/min each minute.

    Raises
    ------
    ValueError
        If `rate` is not within 4 to 24 breaths/min or `per_minute` is not above 0.
    """
    _check_rate(rate)
    if not per_minute > 0.0:
        raise ValueError(f"The easing must be above 0 breaths/min each minute; got {per_minute:g}.")
    now = float(pacer.rate(at))
    leaving = Piece(at, float(pacer.phase(at)), now, float(np.copysign(per_minute, rate - now)))
    minutes = abs(rate - now) / per_minute
    arrived = leaving.phase + minutes * 0.5 * (now + rate)
    there = Piece(at + 60.0 * minutes, arrived, rate, 0.0)
    earlier = tuple(piece for piece in pacer.pieces if piece.time < at)
    earlier = earlier or (replace(leaving, slope=0.0),)
    return replace(pacer, pieces=(*earlier, leaving, there))


def with_ratio(pacer: Pacer, at: float, inhale: float) -> Pacer:
    """Return a guide that breathes in for `inhale` of each breath, from the next breath after `at`.

    Its pause stays as it was, as far as there is room for it.

    Raises
    ------
    ValueError
        If `inhale` is not within 0.2 to 0.8.
    """
    _check_inhale(inhale)
    cycle = float(np.ceil(pacer.phase(at) - SAME_MOMENT))
    kept = tuple(ratio for ratio in pacer.ratios if ratio.cycle < cycle)
    pause = min(pacer.ratios[-1].pause, _longest_pause(inhale))
    return replace(pacer, ratios=(*kept, Ratio(cycle, inhale, pause)))


def _position(edges: FloatArray, values: FloatArray) -> IntArray:
    found = np.searchsorted(edges, values, side="right")
    return np.maximum(np.asarray(found, dtype=np.int64) - 1, 0)


def _longest_pause(inhale: float) -> float:
    return min(LONGEST_PAUSE, LONGEST_INHALE - inhale)


def _is_rate(rate: float) -> bool:
    return SLOWEST <= rate <= FASTEST


def _is_inhale(inhale: float) -> bool:
    return SHORTEST_INHALE <= inhale <= LONGEST_INHALE


def _check_rate(rate: float) -> None:
    if not _is_rate(rate):
        raise ValueError(
            f"The breathing rate must be {SLOWEST:g} to {FASTEST:g} breaths/min; got {rate:g}."
        )


def _check_inhale(inhale: float) -> None:
    if not _is_inhale(inhale):
        raise ValueError(
            f"The share of breathing in must be {SHORTEST_INHALE:g} to {LONGEST_INHALE:g} "
            f"of a breath; got {inhale:g}."
        )
