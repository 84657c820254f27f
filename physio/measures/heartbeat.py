"""Heart rate, time domain and Poincaré: what a minute of intervals gives."""

from __future__ import annotations

from functools import partial

from physio.hrv import poincare, time_domain
from physio.measures.measure import ANY, NO_VARIATION, SHAFFER, TASK_FORCE, Measure
from physio.reasons import Reason, ReasonCode

BRENNAN = "Brennan, Palaniswami and Kamen (2001), doi 10.1109/10.959330"
NO_DIFFERENCES = Reason(ReasonCode.FEW_NORMAL_IN_A_ROW)

_heart_rate = partial(
    Measure,
    absent=Reason(ReasonCode.FEW_NORMAL),
    window=10.0,
    shortest=5.0,
    fewest=4,
    hrv=False,
    wanders=True,
    needs=("moments",),
)
_time_domain = partial(
    Measure,
    unit="ms",
    source=TASK_FORCE,
    absent=NO_DIFFERENCES,
    detrended=True,
    needs=("moments",),
)
_share_of_changes = partial(_time_domain, unit="percent", positive=False, limits=(0.0, 100.0))

ROWS = (
    _heart_rate(
        name="mean_rr",
        unit="ms",
        function=time_domain.mean_rr,
        source=TASK_FORCE,
    ),
    _heart_rate(
        name="mean_hr",
        unit="bpm",
        function=time_domain.mean_hr,
        source=SHAFFER,
    ),
    _time_domain(
        name="sdnn",
        as_written=True,
        function=time_domain.sdnn,
        absent=Reason(ReasonCode.FEW_NORMAL),
    ),
    _time_domain(
        name="rmssd",
        as_written=True,
        function=time_domain.rmssd,
    ),
    _time_domain(
        name="ln_rmssd",
        unit="ln ms",
        function=time_domain.ln_rmssd,
        source=SHAFFER,
        absent=NO_VARIATION,
        positive=False,
        limits=ANY,
    ),
    _time_domain(
        name="sdsd",
        function=time_domain.sdsd,
    ),
    _share_of_changes(
        name="pnn50",
        function=time_domain.pnn50,
    ),
    _share_of_changes(
        name="pnn20",
        function=time_domain.pnn20,
        source=SHAFFER,
    ),
    _time_domain(
        name="sd1",
        function=poincare.sd1,
        source=BRENNAN,
    ),
    _time_domain(
        name="sd2",
        function=poincare.sd2,
        source=BRENNAN,
        absent=Reason(ReasonCode.FEW_OR_UNSTEADY),
    ),
)
