"""How irregular the intervals are, and how their spread grows with length."""

from __future__ import annotations

from functools import partial

from physio.hrv import entropy, fluctuation
from physio.measures.measure import ANY, five_minutes
from physio.reasons import Reason, ReasonCode

RICHMAN = "Richman and Moorman (2000), doi 10.1152/ajpheart.2000.278.6.H2039"
PENG = "Peng, Havlin, Stanley and Goldberger (1995), doi 10.1063/1.166141"

_scaling = partial(
    five_minutes,
    unit="exponent",
    source=PENG,
    absent=Reason(ReasonCode.FEW_FOR_BOX),
    detrended=True,
    positive=False,
    limits=ANY,
)

ROWS = (
    five_minutes(
        name="sampen",
        unit="nats",
        function=entropy.sampen,
        source=RICHMAN,
        absent=Reason(ReasonCode.NOTHING_ALIKE),
        fewest=200,
        detrended=True,
    ),
    _scaling(
        name="dfa_alpha1",
        function=fluctuation.dfa_alpha1,
        needs=("short_boxes",),
    ),
    _scaling(
        name="dfa_alpha2",
        function=fluctuation.dfa_alpha2,
        needs=("long_boxes",),
        shortest=300.0,
        fewest=256,
    ),
)
