"""What breathing was measured by beside the intervals: signals on the clock of the beats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from physio.beats import FloatArray, IntArray, read_only

FURTHEST = 1.5
"""Seconds between two samples of a breathing signal, between which it is not known."""


class Origin(StrEnum):
    """Where a breathing rate comes from; a later one is the more direct.

    Examples
    --------
    >>> from physio.respiration import Origin
    >>> [one.value for one in Origin]
    ['intervals', 'ecg', 'accelerometer', 'respiration']
    """

    INTERVALS = "intervals"
    ECG = "ecg"
    """The intervals, and what breathing moves in each QRS."""
    ACCELEROMETER = "accelerometer"
    RESPIRATION = "respiration"
    """A belt, the flow of air, the impedance of the chest."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """c signals that share their n times; read-only.

    Attributes
    ----------
    names : tuple of str
        One for each signal.
    time : (n,) float
        Seconds on the session clock, increasing; even or not.
    values : (n, c) float
        In any unit and either way up; a row with a value that is not finite is left out.
    segment : (n,) int
        Number of the unbroken stretch that each time lies in, as of `Beats`.
    """

    names: tuple[str, ...]
    time: FloatArray
    values: FloatArray
    segment: IntArray

    def __post_init__(self) -> None:
        for name, dtype in (("time", np.float64), ("values", np.float64), ("segment", np.int64)):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype))
        n = len(self.time)
        if self.values.shape != (n, len(self.names)) or self.segment.shape != (n,):
            raise ValueError(
                f"{len(self.names)} signals at {n} times need values of shape "
                f"{(n, len(self.names))} and segments of shape {(n,)}; "
                f"got {self.values.shape} and {self.segment.shape}"
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Respiration:
    """What there is of a recording besides its intervals that tells of breathing.

    Attributes
    ----------
    waves : Source or None
        What breathing moves in each QRS (`physio.ecg.breath_signals`).
    tilt : Source or None
        The tilt of the chest (`physio.breathing.accelerometer`).
    signal : Source or None
        One signal of breathing itself: larger where the lungs are fuller, or where `flow` says so
        the flow of air, above 0 as it comes in.
    flow : bool
        What `signal` is.
    """

    waves: Source | None = None
    tilt: Source | None = None
    signal: Source | None = None
    flow: bool = False

    @property
    def sources(self) -> tuple[tuple[Origin, Source], ...]:
        """What there is, the more direct later."""
        every = (
            (Origin.ECG, self.waves),
            (Origin.ACCELEROMETER, self.tilt),
            (Origin.RESPIRATION, self.signal),
        )
        return tuple((origin, one) for origin, one in every if one is not None)

    def each(self, moved: Callable[[Source], Source]) -> Respiration:
        """Return the same with each of its sources `moved`."""
        waves, tilt, signal = (
            None if one is None else moved(one) for one in (self.waves, self.tilt, self.signal)
        )
        return replace(self, waves=waves, tilt=tilt, signal=signal)

    def fullness(self, time: FloatArray) -> FloatArray:
        """Return (n,) how full the lungs are at `time` (n,) in s, NaN where it is not known.

        Of a flow it is the running sum of what comes in.
        """
        if self.signal is None:
            return np.full(len(time), np.nan)
        known = np.isfinite(self.signal.values[:, 0])
        when, values = self.signal.time[known], self.signal.values[known, 0]
        if len(when) < 2:
            return np.full(len(time), np.nan)
        if self.flow:
            values = np.cumsum((values - values.mean()) * np.diff(when, prepend=when[0]))
        after = np.clip(np.searchsorted(when, time), 1, len(when) - 1)
        near = when[after] - when[after - 1] <= FURTHEST
        near &= self.signal.segment[known][after] == self.signal.segment[known][after - 1]
        near &= (time >= when[0] - FURTHEST) & (time <= when[-1] + FURTHEST)
        return np.where(near, np.interp(time, when, values), np.nan)
