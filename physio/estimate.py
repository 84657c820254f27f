"""No bare numbers: a value, its unit and window, how far to trust it, or why it is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from physio.beats import BoolArray, FloatArray
from physio.reasons import Reason


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
        Why the value is withheld, or, beside a value, why `low` and `high` are.

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


def withheld(
    unit: str, reason: Reason, *, window: float, coverage: float = 0.0, corrected: float = 0.0
) -> Estimate:
    """Return an estimate without a value, which says why."""
    return Estimate(None, unit, None, None, window, coverage, corrected, reason)


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates of one measure over m windows: a column each, or one `Estimate` at a time.

    Attributes
    ----------
    unit : str
        As in `Estimate`.
    value, low, high : (m,) float
        NaN where withheld or not known.
    window, coverage, corrected : (m,) float
        As in `Estimate`.
    reason : tuple of m Reason or None
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
    reason: tuple[Reason | None, ...]

    def __len__(self) -> int:
        return len(self.reason)

    def __iter__(self) -> Iterator[Estimate]:
        columns = (column.tolist() for column in self._columns())
        for value, low, high, window, coverage, corrected, reason in zip(
            *columns, self.reason, strict=True
        ):
            edges = _known(low), _known(high)
            yield Estimate(_known(value), self.unit, *edges, window, coverage, corrected, reason)

    def _columns(self) -> tuple[FloatArray, ...]:
        return self.value, self.low, self.high, self.window, self.coverage, self.corrected

    def __getitem__(self, place: int) -> Estimate:
        value, low, high, window, coverage, corrected = (
            column.item(place) for column in self._columns()
        )
        return Estimate(
            _known(value),
            self.unit,
            _known(low),
            _known(high),
            window,
            coverage,
            corrected,
            self.reason[place],
        )

    def withheld_where(self, which: BoolArray, reason: Reason) -> Estimates:
        """Return the same estimates, those `which` (m,) withheld for one reason."""
        reasons = zip(which.tolist(), self.reason, strict=True)
        return replace(
            self,
            value=np.where(which, np.nan, self.value),
            low=np.where(which, np.nan, self.low),
            high=np.where(which, np.nan, self.high),
            reason=tuple(reason if lost else before for lost, before in reasons),
        )


def _known(value: float) -> float | None:
    return None if isnan(value) else value
