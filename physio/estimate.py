"""No bare numbers: a value, its unit and window, how far to trust it, or why it is withheld."""

from __future__ import annotations

from dataclasses import dataclass


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
    reason : str or None
        Why the value is withheld, or, beside a value, why `low` and `high` are.
    """

    value: float | None
    unit: str
    low: float | None
    high: float | None
    window: float
    coverage: float
    corrected: float
    reason: str | None = None


def withheld(
    unit: str, reason: str, *, window: float, coverage: float = 0.0, corrected: float = 0.0
) -> Estimate:
    """Return an estimate without a value, which says why."""
    return Estimate(None, unit, None, None, window, coverage, corrected, reason)
