"""The table of measures: for each its name, unit, window, needs, source and function.

It drives panel, results, screen and documentation; a new measure is a new row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

from physio.beats import FloatArray
from physio.breathing import rate as respiration
from physio.breathing import rsa
from physio.hrv import time_domain
from physio.windows import Windows

TASK_FORCE = "Task Force of the ESC and NASPE (1996), doi 10.1161/01.CIR.93.5.1043"
SHAFFER = "Shaffer and Ginsberg (2017), doi 10.3389/fpubh.2017.00258"
GROSSMAN = "Grossman and Taylor (2007), doi 10.1016/j.biopsycho.2005.11.014"
SCHAEFER = "Schaefer and Kratky (2008), doi 10.1007/s10439-007-9428-1"

Blocks = Callable[[Windows, FloatArray, int], FloatArray]


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table.

    Attributes
    ----------
    name, label : str
        Name in results; plain words for people.
    unit : str
        Unit in full words.
    function : callable
        From windows, and the values named by `needs`, to a value for each, NaN where it has none.
    source : str
        Citation of the definition.
    absent : str
        The reason where `function` gives NaN.
    window : float
        Trailing window in seconds.
    shortest, fewest : float, int
        Seconds a window must last, and intervals it must hold.
    positive : bool
        Whether its spread is taken of the logarithm.
    limits : tuple of float
        What it cannot go below and above.
    hrv : bool
        Whether labels and an irregular rhythm withhold it.
    unbroken : bool
        Whether it is withheld where a gap lies inside the window.
    needs : tuple of str
        Measures whose values `function` takes after the windows.
    blocks : callable or None
        From windows, the breathing rate and k to (m, k) values for low and high; None where
        `function` of windows cut into k gives them.
    """

    name: str
    label: str
    unit: str
    function: Callable[..., FloatArray]
    source: str
    absent: str
    window: float = 60.0
    shortest: float = 30.0
    fewest: int = 10
    positive: bool = True
    limits: tuple[float, float] = (0.0, inf)
    hrv: bool = True
    unbroken: bool = False
    needs: tuple[str, ...] = ()
    blocks: Blocks | None = None


NO_DIFFERENCES = "too few normal beats in a row"
NO_VARIATION = "the intervals do not vary"
NO_RHYTHM = "no clear breathing rhythm in the intervals"

_ROWS = (
    Measure(
        name="mean_rr",
        label="mean interval between beats",
        unit="ms",
        function=time_domain.mean_rr,
        source=TASK_FORCE,
        absent="too few normal beats",
        window=10.0,
        shortest=5.0,
        fewest=4,
        hrv=False,
    ),
    Measure(
        name="mean_hr",
        label="heart rate",
        unit="bpm",
        function=time_domain.mean_hr,
        source=SHAFFER,
        absent="too few normal beats",
        window=10.0,
        shortest=5.0,
        fewest=4,
        hrv=False,
    ),
    Measure(
        name="sdnn",
        label="overall variability (SDNN)",
        unit="ms",
        function=time_domain.sdnn,
        source=TASK_FORCE,
        absent="too few normal beats",
    ),
    Measure(
        name="rmssd",
        label="beat-to-beat variability (RMSSD)",
        unit="ms",
        function=time_domain.rmssd,
        source=TASK_FORCE,
        absent=NO_DIFFERENCES,
    ),
    Measure(
        name="ln_rmssd",
        label="beat-to-beat variability (logarithm of RMSSD)",
        unit="ln ms",
        function=time_domain.ln_rmssd,
        source=SHAFFER,
        absent=NO_VARIATION,
        positive=False,
        limits=(-inf, inf),
    ),
    Measure(
        name="sdsd",
        label="spread of beat-to-beat changes (SDSD)",
        unit="ms",
        function=time_domain.sdsd,
        source=TASK_FORCE,
        absent=NO_DIFFERENCES,
    ),
    Measure(
        name="pnn50",
        label="beat-to-beat changes above 50 ms",
        unit="percent",
        function=time_domain.pnn50,
        source=TASK_FORCE,
        absent=NO_DIFFERENCES,
        positive=False,
        limits=(0.0, 100.0),
    ),
    Measure(
        name="pnn20",
        label="beat-to-beat changes above 20 ms",
        unit="percent",
        function=time_domain.pnn20,
        source=SHAFFER,
        absent=NO_DIFFERENCES,
        positive=False,
        limits=(0.0, 100.0),
    ),
    Measure(
        name="breathing_rate",
        label="breathing rate",
        unit="breaths/min",
        function=respiration.breathing_rate,
        source=SCHAEFER,
        absent=NO_RHYTHM,
        unbroken=True,
        blocks=respiration.breathing_rate_blocks,
    ),
    Measure(
        name="rsa_amplitude",
        label="breathing-linked swing of the intervals (RSA)",
        unit="ms",
        function=rsa.rsa_amplitude,
        source=GROSSMAN,
        absent=NO_RHYTHM,
        unbroken=True,
        needs=("breathing_rate",),
        blocks=rsa.rsa_blocks,
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({row.name: row for row in _ROWS})
"""All measures by name, in the order in which they are computed and shown."""
