"""No bare numbers: a value, its unit and window, how far to trust it, or why it is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from physio.beats import BoolArray, FloatArray
from physio.reasons import Reason, ReasonCode
from physio.respiration import Origin


@dataclass(frozen=True, slots=True)
class Estimate:
    """One measured value with everything needed to believe it, or the reason it is withheld.

    Attributes
    ----------
    value : float or None
        The value in `unit`; None where withheld.
    unit : str
        Unit in full words ("ms", "bpm", "percent", "breaths/min", "ln ms").
    low, high : float or None
        95 % interval from sampling error alone; None where it cannot be known.
    window : float
        Length of the window that the value speaks of, in seconds.
    coverage, corrected : float
        Percent of the window that beats cover; percent of its intervals that bear a label.
    reason : Reason or None
        Why the value is withheld; None of one that is given.
    doubt : Reason or None
        What weakens a value that is given: what is told is the gravest of what there is.
    share : float
        Percent of the window that the value rests on: of a whole recording, the part that passes
        the rules of quality; 0 where the value is withheld.
    origin : Origin or None
        Where a breathing rate that is given comes from; None of any other value.
    as_written : float or None
        The same measure of all intervals as they came, none left out but across gaps; told beside
        the measures of a whole recording that have it (`Measure.as_written`).

    Examples
    --------
    >>> import physio
    >>> found = physio.measure(physio.beats_from_intervals([800, 810] * 10), names=["dfa_alpha2"])
    >>> found["dfa_alpha2"].value is None, found["dfa_alpha2"].unit
    (True, 'exponent')
    """

    value: float | None
    unit: str
    low: float | None
    high: float | None
    window: float
    coverage: float
    corrected: float
    reason: Reason | None = None
    doubt: Reason | None = None
    share: float = 100.0
    as_written: float | None = None
    origin: Origin | None = None

    def undoubted(self, code: ReasonCode) -> Estimate:
        """Return the estimate without a doubt of this kind."""
        doubted = self.doubt is not None and self.doubt.code is code
        return replace(self, doubt=None) if doubted else self


def withheld(
    unit: str, reason: Reason, *, window: float, coverage: float = 0.0, corrected: float = 0.0
) -> Estimate:
    """Return an estimate without a value, which says why."""
    return Estimate(None, unit, None, None, window, coverage, corrected, reason, share=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates of one measure over m windows: a column each, or one `Estimate` at a time.

    Attributes
    ----------
    unit : str
        As in `Estimate`.
    value, low, high : (m,) float
        NaN where withheld or not known.
    window, coverage, corrected, share : (m,) float
        As in `Estimate`.
    reason, doubt : tuple of m Reason or None
        As in `Estimate`.
    origin : tuple of m Origin or None
        As in `Estimate`.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 820, 810] * 100)
    >>> rmssd = physio.measure_epochs(beats, 60)["rmssd"]
    >>> len(rmssd), rmssd.unit, round(rmssd[0].value)
    (4, 'ms', 14)
    """

    unit: str
    value: FloatArray
    low: FloatArray
    high: FloatArray
    window: FloatArray
    coverage: FloatArray
    corrected: FloatArray
    share: FloatArray
    reason: tuple[Reason | None, ...]
    doubt: tuple[Reason | None, ...]
    origin: tuple[Origin | None, ...]

    def __len__(self) -> int:
        return len(self.reason)

    def __iter__(self) -> Iterator[Estimate]:
        columns = (column.tolist() for column in self._columns())
        told = zip(*columns, self.reason, self.doubt, self.origin, strict=True)
        for *numbers, reason, doubt, origin in told:
            yield self._estimate(numbers, reason, doubt, origin)

    def _columns(self) -> tuple[FloatArray, ...]:
        shares = self.coverage, self.corrected, self.share
        return self.value, self.low, self.high, self.window, *shares

    def __getitem__(self, place: int) -> Estimate:
        numbers = [column.item(place) for column in self._columns()]
        told = self.reason[place], self.doubt[place], self.origin[place]
        return self._estimate(numbers, *told)

    def _estimate(
        self,
        numbers: list[float],
        reason: Reason | None,
        doubt: Reason | None,
        origin: Origin | None,
    ) -> Estimate:
        value, low, high, window, coverage, corrected, share = numbers
        edges = _known(low), _known(high)
        shares = window, coverage, corrected
        told = _known(value), self.unit, *edges, *shares, reason, doubt, share
        return Estimate(*told, origin=origin)

    def undoubted(self, code: ReasonCode) -> Estimates:
        """Return the same estimates without a doubt of this kind."""
        kinds = (None if one is None else one.code for one in self.doubt)
        kept = zip(kinds, self.doubt, strict=True)
        return replace(self, doubt=tuple(None if kind is code else one for kind, one in kept))

    def withheld_where(self, which: BoolArray, reason: Reason) -> Estimates:
        """Return the same estimates, those `which` (m,) withheld for one reason."""
        reasons = zip(which.tolist(), self.reason, strict=True)
        doubts = zip(which.tolist(), self.doubt, strict=True)
        origins = zip(which.tolist(), self.origin, strict=True)
        return replace(
            self,
            value=np.where(which, np.nan, self.value),
            low=np.where(which, np.nan, self.low),
            high=np.where(which, np.nan, self.high),
            share=np.where(which, 0.0, self.share),
            reason=tuple(reason if lost else before for lost, before in reasons),
            doubt=tuple(None if lost else one for lost, one in doubts),
            origin=tuple(None if lost else one for lost, one in origins),
        )


def _known(value: float) -> float | None:
    return None if isnan(value) else value
