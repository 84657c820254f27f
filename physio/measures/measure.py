"""What a measure is: a row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf

from physio.beats import BoolArray, FloatArray, IntArray
from physio.reasons import Reason, ReasonCode

Blocks = Callable[..., FloatArray]

ANY = (-inf, inf)
"""Limits of what may be of either sign."""

TASK_FORCE = "Task Force of the ESC and NASPE (1996), doi 10.1161/01.CIR.93.5.1043"
SHAFFER = "Shaffer and Ginsberg (2017), doi 10.3389/fpubh.2017.00258"
NO_VARIATION = Reason(ReasonCode.NO_VARIATION)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may weaken values of a measure, and which: `holds` takes (m,) values to (m,) bool.

    It speaks of intervals alone: a value that has another witness is free of it.
    """

    reason: Reason
    holds: Callable[[FloatArray], BoolArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """One row of the table.

    Attributes
    ----------
    name : str
        Name in results.
    unit : str
        Unit in full words.
    function : callable
        From windows, and the values named by `needs`, to a value for each, NaN where it has none.
    source : str
        Citation of the definition.
    absent : Reason
        The reason where `function` gives NaN.
    window : float
        Trailing window in seconds.
    shortest, fewest : float, int
        Seconds a window must last, and intervals it must hold.
    positive : bool
        Whether its spread is taken of the logarithm.
    wanders : bool
        Whether it drifts at every pace, so that neighbours are as alike in long blocks as in short.
    limits : tuple of float
        What it cannot go below and above.
    widest : float
        How far apart low and high may lie; else the value says nothing, and is withheld.
    hrv : bool
        Whether labels and an irregular rhythm withhold it.
    detrended : bool
        Whether it is computed after the detrend where a preset takes the slow trend off the
        intervals themselves.
    whole_up_to : float
        Length in s up to which a window is withheld where a gap lies inside it.
    needs : tuple of str
        Measures, or what measures share (`physio.measures.SHARED`), whose values `function` takes
        after the windows.
    as_written : bool
        Whether the value of all intervals as they came stands beside that of a whole recording.
    doubts : tuple of Doubt
        What weakens a value that is given, the gravest last.
    share : callable or None
        From windows and the values named by `needs` to the percent of each that the value rests
        on; None where that is all of it.
    origin : callable or None
        As `share`, to where each value comes from (`physio.breathing.measured`); None where that is
        always the intervals.
    blocks : callable or None
        From windows, the values named by `needs` or, where it needs none, its own, and k to (m, k)
        values for low and high; None where `function` of windows cut into k gives them.

    Examples
    --------
    >>> import physio
    >>> measure = physio.MEASURES["rmssd"]
    >>> measure.unit, measure.window
    ('ms', 60.0)
    """

    name: str
    unit: str
    function: Callable[..., FloatArray]
    source: str
    absent: Reason
    window: float = 60.0
    shortest: float = 30.0
    fewest: int = 10
    positive: bool = True
    wanders: bool = False
    limits: tuple[float, float] = (0.0, inf)
    widest: float = inf
    hrv: bool = True
    detrended: bool = False
    whole_up_to: float = 0.0
    needs: tuple[str, ...] = ()
    as_written: bool = False
    doubts: tuple[Doubt, ...] = ()
    share: Callable[..., FloatArray] | None = None
    origin: Callable[..., IntArray] | None = None
    blocks: Blocks | None = None


five_minutes = partial(Measure, window=300.0, shortest=120.0, fewest=100)
"""What needs more beats than a minute holds."""
