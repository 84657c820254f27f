"""Heartbeats on one clock: the intervals between them, and the gaps that nothing may bridge."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from physio.compiled import compiled, frozen

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LONGEST_INTERVAL = 3000.0
"""Milliseconds; a longer interval is a gap in the recording, not a heartbeat."""

LARGEST_SECONDS = 10.0
"""Intervals of which none reaches this are in seconds."""

SAME_UNIT = 100.0
"""How many times longer than their intervals times may last before their unit is in doubt."""

LONGEST_LENGTH = 1e6
"""Milliseconds; what is longer, not above 0 or no number at all is not reckoned with as a time."""


MISSING = float("nan")
"""Stands for an interval that is missing; a break, which lasts as long as the times say."""

CLOCK_CHANGED = float("-inf")
"""Stands for a time that nobody knows, as the clock was changed meanwhile; a break."""


def read_only(values: ArrayLike, dtype: type) -> NDArray[np.generic]:
    """Return `values` as a read-only array of `dtype`; a writable input is never frozen itself."""
    array: NDArray[np.generic] = np.asarray(values, dtype=dtype)
    if array.flags.writeable:
        array = array.copy() if array is values else array.view()
        array.flags.writeable = False
    return array


def of_numbers(values: Any, name: str) -> NDArray[np.generic]:
    """Return `values` as an array of numbers; those under a mask are NaN, as they are missing.

    Raises
    ------
    ValueError
        If they hold something else; the message is one sentence.
    """
    try:
        if hasattr(values, "filled"):  # NumPy would hand out what lies under the mask
            values = values.astype(np.float64).filled(np.nan)
        given = np.asarray(values)
        if given.dtype == object:
            given = given.astype(np.float64)
    except (TypeError, ValueError):
        given = np.array("")
    if given.dtype.kind not in "biuf":
        raise ValueError(f"{name} holds something else than numbers; give numbers.")
    return given


def beginnings(number: IntArray | FloatArray) -> IntArray:
    """Return where in a row (n,) each run of equal numbers begins."""
    changes = np.ones(len(number), bool)
    np.not_equal(number[1:], number[:-1], out=changes[1:])
    return np.flatnonzero(changes)


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Intervals between heartbeats, in order, as read-only arrays of one length n.

    Parameters
    ----------
    time : (n,) float
        End of each interval in seconds on the session clock, not decreasing.
    rr : (n,) float
        Length of each interval in milliseconds, above 0 and at most `LONGEST_INTERVAL`.
    segment : (n,) int
        Number of the unbroken stretch that each interval lies in, not decreasing. Differences,
        thresholds, fits and windows never reach across two segments.
    passed : float, optional
        Milliseconds from the end of the first interval of the segment that these begin in to their
        start; None where these begin with that interval.

    Raises
    ------
    ValueError
        If the three arrays are not one-dimensional and of one length, or hold what cannot be meant:
        no numbers, falling times, no intervals of a heart in ms, times that are not in seconds. The
        message is one sentence.

    Examples
    --------
    >>> import physio
    >>> beats = physio.Beats(time=[0.8, 1.6, 9.0], rr=[800, 800, 810], segment=[0, 0, 1])
    >>> beats.start.round(2).tolist()
    [0.0, 0.8, 8.19]
    """

    time: FloatArray
    rr: FloatArray
    segment: IntArray
    passed: float | None = None
    _elapsed: FloatArray | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("time", "rr", "segment"):
            object.__setattr__(self, name, of_numbers(getattr(self, name), name))
        _refuse_parts(self.segment)
        self._hold()
        _refuse_nonsense(self)

    def _hold(self) -> None:
        for name, dtype in (("time", np.float64), ("rr", np.float64), ("segment", np.int64)):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype))
        if not (self.time.shape == self.rr.shape == self.segment.shape and self.time.ndim == 1):
            raise ValueError(
                "time, rr and segment must be one-dimensional and of one length; "
                f"got {self.time.shape}, {self.rr.shape}, {self.segment.shape}"
            )

    @classmethod
    def of_any_length(
        cls, time: ArrayLike, rr: ArrayLike, segment: ArrayLike, passed: float | None = None
    ) -> Beats:
        """Return beats whose intervals need not be those of a heart, as after a detrend.

        Nothing but their shapes is looked at, so that a running recording never ends in an error.
        """
        made = object.__new__(cls)
        fields = {"time": time, "rr": rr, "segment": segment, "passed": passed, "_elapsed": None}
        for name, value in fields.items():
            object.__setattr__(made, name, value)
        made._hold()
        return made

    def __len__(self) -> int:
        return len(self.rr)

    def __getitem__(self, part: slice) -> Beats:
        """Return the beats from one to another; time has elapsed at them as it has here.

        Raises
        ------
        TypeError
            If `part` leaves out beats in between, or turns them round: a beat that does not count
            is labelled, not taken out, for the time that it lasts must elapse.
        """
        if not isinstance(part, slice) or part.step not in (None, 1):
            raise TypeError(
                f"beats are cut by a slice without a step, not by {part!r}; "
                "beats that do not count are labelled, not taken out"
            )
        passed = self._passed_before(part.indices(len(self))[0])
        return self.of_any_length(self.time[part], self.rr[part], self.segment[part], passed)

    def _passed_before(self, first: int) -> float | None:
        """Return `passed` of the beats from number `first` on."""
        if first == 0:
            return self.passed
        goes_on = first < len(self) and self.segment[first] == self.segment[first - 1]
        return float(self.elapsed[first - 1]) if goes_on else None

    @property
    def start(self) -> FloatArray:
        """(n,) Beginning of each interval in seconds on the session clock."""
        return self.time - self.rr / 1000.0

    @property
    def elapsed(self) -> FloatArray:
        """(n,) Milliseconds from the end of its segment's first interval to the end of each.

        Sums of intervals, which do not depend on when packets arrived; what is no length adds
        nothing.
        """
        if self._elapsed is None:
            passed = np.nan if self.passed is None else self.passed
            elapsed = np.empty(len(self))
            _cumulate(frozen(self.rr), frozen(self.segment), passed, elapsed)
            object.__setattr__(self, "_elapsed", read_only(elapsed, np.float64))
        return self._elapsed  # type: ignore[return-value]


def _refuse_parts(segment: NDArray[np.generic]) -> None:
    """Raise `ValueError` where numbers of segments are not whole."""
    if segment.dtype.kind == "f":
        odd = ~(np.mod(segment, 1.0, where=np.isfinite(segment), out=np.ones(segment.shape)) == 0)
        hint = "which numbers no segment; give whole numbers"
        _refuse_first(odd.ravel(), "segment", segment.ravel().astype(np.float64), hint)


def _refuse_nonsense(beats: Beats) -> None:
    """Raise `ValueError`, in one sentence, where the arrays hold what cannot be meant."""
    time, rr, segment = beats.time, beats.rr, beats.segment
    if len(rr) == 0:
        return
    for name, row in (("time", time), ("rr", rr)):
        _refuse_first(~np.isfinite(row), name, row, "which is no number; leave that beat out")
    if float(rr.max()) < LARGEST_SECONDS:
        raise ValueError(
            f"rr is {rr.max():g} at most, which looks like seconds; give milliseconds, rr * 1000."
        )
    odd = (rr <= 0.0) | (rr > LONGEST_INTERVAL)
    hint = "which is no interval of a heart in ms; leave it out and begin a new segment after it"
    _refuse_first(odd, "rr", rr, hint)
    order = "less than before; give beats in the order in which they came"
    _refuse_first(np.diff(time, prepend=time[0]) < 0.0, "time", time, order)
    _refuse_first(np.diff(segment, prepend=segment[0]) < 0, "segment", segment, order)
    passed = np.diff(time)[np.diff(segment) == 0].sum()
    if passed > SAME_UNIT * float(rr.sum()) / 1000.0:
        raise ValueError(
            f"time lasts {passed:g} s inside segments and rr {rr.sum() / 1000.0:g} s; give time in "
            f"seconds."
        )


def _refuse_first(wrong: BoolArray, name: str, row: FloatArray | IntArray, hint: str) -> None:
    if wrong.any():
        place = int(wrong.argmax())
        raise ValueError(f"{name}[{place}] is {row[place]:g}, {hint}.")


@compiled
def _cumulate(rr: FloatArray, segment: IntArray, passed: float, out: FloatArray) -> None:
    """Set `out` to `Beats.elapsed`; `passed` is NaN where the first segment begins with these.

    Added one after the other, the sums are the same to the last bit however a recording is cut.
    """
    total = passed
    for i in range(len(rr)):
        begins = segment[i] != segment[i - 1] if i > 0 else np.isnan(passed)
        lasting = rr[i] if 0.0 < rr[i] <= LONGEST_LENGTH else 0.0
        total = 0.0 if begins else total + lasting
        out[i] = total


NO_BEATS = Beats(np.empty(0), np.empty(0), np.empty(0, np.int64))


class GapCause(StrEnum):
    """Why there are no beats for a while.

    Examples
    --------
    >>> import physio
    >>> physio.GapCause("link lost").name
    'LINK_LOST'
    """

    NONE = ""
    LINK_LOST = "link lost"
    STRAP_OFF = "strap off the skin"
    SUSPENDED = "computer suspended"
    CLOCK_CHANGED = "clock changed"
    PAUSED = "paused"
    TOO_LONG = "interval above 3 s"
    NOT_POSITIVE = "interval not above 0"
    MISSING = "interval missing"
    PACKETS_LOST = "packets lost"
    NO_ECG = "no ECG arrived"
    STILL_ECG = "the ECG stands still or is cut off"
    FINISHED = "finished, then gone on"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the session, in seconds on its clock, for which there are no beats, and why.

    `end` is None while it lasts.

    Examples
    --------
    >>> import physio
    >>> physio.Gap(12.0, 17.5, physio.GapCause.LINK_LOST).end
    17.5
    """

    start: float
    end: float | None
    cause: GapCause

    @property
    def until(self) -> float:
        """Its end in s, infinite while it lasts."""
        return inf if self.end is None else self.end
