"""Power in frequency bands."""

from __future__ import annotations

from functools import partial

from physio.hrv import spectrum
from physio.measures.measure import ANY, SHAFFER, TASK_FORCE, five_minutes
from physio.reasons import Reason, ReasonCode

SPECTRUM_UNBROKEN = 60.0
"""Seconds; a spectrum of no more than this has no room for a gap."""

_power = partial(
    five_minutes,
    unit="ms2",
    source=TASK_FORCE,
    absent=Reason(ReasonCode.NO_POWER_IN_BAND),
    fewest=60,
    whole_up_to=SPECTRUM_UNBROKEN,
    needs=("band_powers",),
)
_FAST = Reason(ReasonCode.NO_FAST_POWER)
_slow_power = partial(
    _power,
    shortest=300.0,
    absent=Reason(ReasonCode.NO_LONG_TREND),
)
_share_of_power = partial(_power, absent=_FAST, unit="percent", positive=False, limits=(0.0, 100.0))

ROWS = (
    _slow_power(
        name="vlf",
        function=spectrum.vlf,
    ),
    _power(
        name="lf",
        function=spectrum.lf,
    ),
    _power(
        name="hf",
        as_written=True,
        function=spectrum.hf,
        absent=_FAST,
        shortest=60.0,
        fewest=30,
    ),
    _power(
        name="ln_hf",
        unit="ln ms2",
        function=spectrum.ln_hf,
        source=SHAFFER,
        absent=_FAST,
        shortest=60.0,
        fewest=30,
        positive=False,
        limits=ANY,
    ),
    _slow_power(
        name="total_power",
        function=spectrum.total_power,
    ),
    _share_of_power(
        name="lf_nu",
        function=spectrum.lf_nu,
    ),
    _share_of_power(
        name="hf_nu",
        function=spectrum.hf_nu,
    ),
    _power(
        name="lf_hf",
        unit="ratio",
        absent=_FAST,
        function=spectrum.lf_hf,
    ),
)
