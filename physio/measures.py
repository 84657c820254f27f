"""The table of measures: for each its name, unit, window, needs, source and function.

It drives panel, results, screen and documentation; a new measure is a new row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from types import MappingProxyType

import numpy as np

from physio.beats import FloatArray
from physio.breathing import peak_to_trough, phase, porges, rsa
from physio.breathing import rate as respiration
from physio.breathing.tiling import LONGEST
from physio.hrv import (
    baevsky,
    entropy,
    fluctuation,
    fragmentation,
    moments,
    poincare,
    prsa,
    regularity,
    spectrum,
    time_domain,
)
from physio.measure import Measure
from physio.presets import Preset
from physio.windows import Windows

TASK_FORCE = "Task Force of the ESC and NASPE (1996), doi 10.1161/01.CIR.93.5.1043"
SHAFFER = "Shaffer and Ginsberg (2017), doi 10.3389/fpubh.2017.00258"
GROSSMAN = "Grossman and Taylor (2007), doi 10.1016/j.biopsycho.2005.11.014"
ZECHMEISTER = "Zechmeister and Kuerster (2009), doi 10.1051/0004-6361:200811296"
GROSSMAN_1990 = "Grossman, van Beek and Wientjes (1990), doi 10.1111/j.1469-8986.1990.tb03198.x"
SHAFFER_MEEHAN = "Shaffer and Meehan (2020), doi 10.3389/fnins.2020.570400"
BRENNAN = "Brennan, Palaniswami and Kamen (2001), doi 10.1109/10.959330"
RICHMAN = "Richman and Moorman (2000), doi 10.1152/ajpheart.2000.278.6.H2039"
PENG = "Peng, Havlin, Stanley and Goldberger (1995), doi 10.1063/1.166141"
PORGES = "Lewis, Furman, McCool and Porges (2012), doi 10.1016/j.biopsycho.2011.11.009"
MCCRATY = "after McCraty, Atkinson, Tomasino and Bradley (2009), Integral Review 5(2):10"
BAEVSKY = "Baevsky and Chernikova (2017), doi 10.12710/cardiometry.2017.10.6676"
COSTA = "Costa, Davis and Goldberger (2017), doi 10.3389/fphys.2017.00255"
BAUER = "Bauer et al. (2006), doi 10.1016/S0140-6736(06)68735-7"

NO_DIFFERENCES = "too few normal beats in a row"
NO_VARIATION = "the intervals do not vary"
NO_RHYTHM = "no clear breathing rhythm in the intervals"

ANY = (-inf, inf)
"""Limits of what may be of either sign."""

SPECTRUM_UNBROKEN = 60.0
"""Seconds; a spectrum of no more than this has no room for a gap."""


def _band_powers(windows: Windows, preset: Preset) -> spectrum.BandPowers:
    return spectrum.band_powers(
        windows, regularization=preset.regularization, welch_window=preset.welch_window
    )


def _moments(windows: Windows, _: Preset) -> moments.Moments:
    return moments.moments(windows)


def _fragments(windows: Windows, _: Preset) -> fragmentation.Fragmentation:
    return fragmentation.fragmentation(windows)


def _no_breath(windows: Windows, _: Preset) -> FloatArray:
    return np.full(len(windows.beats), np.nan)


SHARED: Mapping[str, Callable[[Windows, Preset], object]] = MappingProxyType(
    {
        "moments": _moments,
        "band_powers": _band_powers,
        "fragmentation": _fragments,
        "breath": _no_breath,
    }
)
"""What measures are read from besides windows: computed once for all of them, or, as the fullness
of the lungs at the end of each interval, not known unless somebody brings it."""

_heart_rate = partial(
    Measure,
    absent="too few normal beats",
    window=10.0,
    shortest=5.0,
    fewest=4,
    hrv=False,
    needs=("moments",),
)
_time_domain = partial(
    Measure,
    unit="ms",
    source=TASK_FORCE,
    absent=NO_DIFFERENCES,
    time_domain=True,
    needs=("moments",),
)
_share_of_changes = partial(_time_domain, unit="percent", positive=False, limits=(0.0, 100.0))
_five_minutes = partial(Measure, window=300.0, shortest=120.0, fewest=100)
_scaling = partial(
    _five_minutes,
    unit="exponent",
    source=PENG,
    absent="too few normal beats in a row for the longest box",
    positive=False,
    limits=ANY,
)
_power = partial(
    _five_minutes,
    unit="ms2",
    source=TASK_FORCE,
    absent="no unbroken stretch of 25 s",
    fewest=60,
    whole_up_to=SPECTRUM_UNBROKEN,
    needs=("band_powers",),
)
_slow_power = partial(
    _power,
    shortest=300.0,
    absent="needs 51 min of beats with their slow trend left in (preset task-force)",
)
_share_of_power = partial(_power, unit="percent", positive=False, limits=(0.0, 100.0))
_fragmentation = partial(
    _five_minutes,
    unit="percent",
    source=COSTA,
    absent=NO_DIFFERENCES,
    positive=False,
    limits=(0.0, 100.0),
    needs=("fragmentation",),
)
_capacity = partial(
    _five_minutes,
    unit="ms",
    source=BAUER,
    absent="fewer than 20 beats at which the pace changes by at most 5 %",
    positive=False,
    limits=ANY,
)

_ROWS = (
    _heart_rate(
        name="mean_rr",
        label="mean interval between beats",
        unit="ms",
        function=time_domain.mean_rr,
        source=TASK_FORCE,
    ),
    _heart_rate(
        name="mean_hr",
        label="heart rate",
        unit="bpm",
        function=time_domain.mean_hr,
        source=SHAFFER,
    ),
    _time_domain(
        name="sdnn",
        label="overall variability (SDNN)",
        function=time_domain.sdnn,
        absent="too few normal beats",
    ),
    _time_domain(
        name="rmssd",
        label="beat-to-beat variability (RMSSD)",
        function=time_domain.rmssd,
    ),
    _time_domain(
        name="ln_rmssd",
        label="beat-to-beat variability (logarithm of RMSSD)",
        unit="ln ms",
        function=time_domain.ln_rmssd,
        source=SHAFFER,
        absent=NO_VARIATION,
        positive=False,
        limits=ANY,
    ),
    _time_domain(
        name="sdsd",
        label="spread of beat-to-beat changes (SDSD)",
        function=time_domain.sdsd,
    ),
    _share_of_changes(
        name="pnn50",
        label="beat-to-beat changes above 50 ms",
        function=time_domain.pnn50,
    ),
    _share_of_changes(
        name="pnn20",
        label="beat-to-beat changes above 20 ms",
        function=time_domain.pnn20,
        source=SHAFFER,
    ),
    _time_domain(
        name="sd1",
        label="width of the cloud of successive intervals (SD1)",
        function=poincare.sd1,
        source=BRENNAN,
    ),
    _time_domain(
        name="sd2",
        label="length of the cloud of successive intervals (SD2)",
        function=poincare.sd2,
        source=BRENNAN,
    ),
    _five_minutes(
        name="sampen",
        label="irregularity (sample entropy)",
        unit="nats",
        function=entropy.sampen,
        source=RICHMAN,
        absent="no two stretches of the intervals are alike, or the intervals do not vary",
        fewest=200,
    ),
    _scaling(
        name="dfa_alpha1",
        label="short-term scaling (DFA alpha 1, 4 to 16 beats)",
        function=fluctuation.dfa_alpha1,
    ),
    _scaling(
        name="dfa_alpha2",
        label="long-term scaling (DFA alpha 2, 16 to 64 beats)",
        function=fluctuation.dfa_alpha2,
        shortest=300.0,
        fewest=256,
    ),
    _slow_power(
        name="vlf",
        label="power from 0.0033 to 0.04 Hz (VLF)",
        function=spectrum.vlf,
    ),
    _power(
        name="lf",
        label="power from 0.04 to 0.15 Hz (LF)",
        function=spectrum.lf,
    ),
    _power(
        name="hf",
        label="power from 0.15 to 0.4 Hz (HF)",
        function=spectrum.hf,
        shortest=60.0,
        fewest=30,
    ),
    _power(
        name="ln_hf",
        label="logarithm of HF power",
        unit="ln ms2",
        function=spectrum.ln_hf,
        source=SHAFFER,
        shortest=60.0,
        fewest=30,
        positive=False,
        limits=ANY,
    ),
    _slow_power(
        name="total_power",
        label="power from 0.0033 to 0.4 Hz",
        function=spectrum.total_power,
    ),
    _share_of_power(
        name="lf_nu",
        label="share of LF in LF + HF",
        function=spectrum.lf_nu,
    ),
    _share_of_power(
        name="hf_nu",
        label="share of HF in LF + HF",
        function=spectrum.hf_nu,
    ),
    _power(
        name="lf_hf",
        label="LF over HF",
        unit="ratio",
        function=spectrum.lf_hf,
    ),
    Measure(
        name="breathing_rate",
        label="breathing rate",
        unit="breaths/min",
        function=respiration.breathing_rate,
        source=ZECHMEISTER,
        absent=NO_RHYTHM,
        whole_up_to=LONGEST,
        blocks=respiration.breathing_rate_blocks,
    ),
    Measure(
        name="rsa_amplitude",
        label="breathing-linked swing of the intervals (RSA)",
        unit="ms",
        function=rsa.rsa_amplitude,
        source=GROSSMAN,
        absent=NO_RHYTHM,
        whole_up_to=LONGEST,
        needs=("breathing_rate",),
        blocks=rsa.rsa_blocks,
    ),
    Measure(
        name="rsa_phase",
        label="how far the heart rate swings behind the breath",
        unit="degrees",
        function=phase.rsa_phase,
        source=SHAFFER_MEEHAN,
        absent="needs a breathing signal beside the intervals",
        positive=False,
        limits=ANY,
        whole_up_to=LONGEST,
        needs=("breathing_rate", "breath"),
        blocks=phase.rsa_phase_blocks,
    ),
    Measure(
        name="rsa_peak_to_trough",
        label="longest less shortest interval of each breath (RSA)",
        unit="ms",
        function=peak_to_trough.rsa_peak_to_trough,
        source=GROSSMAN_1990,
        absent=NO_RHYTHM,
        whole_up_to=LONGEST,
        needs=("breathing_rate",),
        blocks=peak_to_trough.rsa_peak_to_trough_blocks,
    ),
    Measure(
        name="rsa_porges_bohrer",
        label="breathing-linked variability (Porges and Bohrer)",
        unit="ln ms2",
        function=porges.rsa_porges_bohrer,
        source=PORGES,
        absent="needs an unbroken 40 s and clear breathing above 7.2 breaths/min",
        shortest=45.0,
        fewest=30,
        positive=False,
        limits=ANY,
        needs=("breathing_rate",),
        blocks=porges.rsa_porges_bohrer_blocks,
    ),
    Measure(
        name="rhythm_regularity",
        label="how much of the slow rhythm lies at one frequency",
        unit="ratio",
        function=regularity.rhythm_regularity,
        source=MCCRATY,
        absent=NO_VARIATION,
        window=64.0,
        shortest=60.0,
        fewest=30,
        positive=False,
        limits=(0.0, 1.0),
        whole_up_to=inf,
        blocks=regularity.rhythm_regularity_blocks,
    ),
    _five_minutes(
        name="baevsky_index",
        label="how peaked and narrow the intervals lie (Baevsky)",
        unit="percent/s2",
        function=baevsky.baevsky_index,
        source=BAEVSKY,
        absent=NO_VARIATION,
        shortest=60.0,
        fewest=50,
    ),
    _fragmentation(
        name="pip",
        label="turns between slowing and quickening (PIP)",
        function=fragmentation.pip,
    ),
    _fragmentation(
        name="ials",
        label="inverse of the mean length of slowing or quickening (IALS)",
        unit="per interval",
        function=fragmentation.ials,
        limits=(0.0, 1.0),
    ),
    _fragmentation(
        name="pss",
        label="intervals in short stretches of slowing or quickening (PSS)",
        function=fragmentation.pss,
    ),
    _fragmentation(
        name="pas",
        label="intervals in alternations (PAS)",
        function=fragmentation.pas,
    ),
    _capacity(
        name="dc",
        label="mean step where the heart slows (DC)",
        function=prsa.dc,
    ),
    _capacity(
        name="ac",
        label="mean step where the heart quickens (AC)",
        function=prsa.ac,
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({row.name: row for row in _ROWS})
"""All measures by name, in the order in which they are computed and shown."""
