"""Shapes and patterns of the intervals: histogram, fragmentation, changes of pace."""

from __future__ import annotations

from functools import partial

from physio.hrv import baevsky, fragmentation, prsa
from physio.measures.measure import ANY, NO_VARIATION, five_minutes
from physio.reasons import Reason, ReasonCode

BAEVSKY = "Baevsky and Chernikova (2017), doi 10.12710/cardiometry.2017.10.6676"
COSTA = "Costa, Davis and Goldberger (2017), doi 10.3389/fphys.2017.00255"
BAUER = "Bauer et al. (2006), doi 10.1016/S0140-6736(06)68735-7"
_fragmentation = partial(
    five_minutes,
    unit="percent",
    source=COSTA,
    absent=Reason(ReasonCode.FEW_OR_UNCHANGING),
    positive=False,
    limits=(0.0, 100.0),
    needs=("fragmentation",),
)
_capacity = partial(
    five_minutes,
    unit="ms",
    source=BAUER,
    absent=Reason(ReasonCode.FEW_ANCHORS),
    positive=False,
    limits=ANY,
)

ROWS = (
    five_minutes(
        name="baevsky_index",
        unit="percent/s2",
        function=baevsky.baevsky_index,
        source=BAEVSKY,
        absent=NO_VARIATION,
        shortest=60.0,
        fewest=50,
        blocks=baevsky.baevsky_blocks,
    ),
    _fragmentation(
        name="pip",
        function=fragmentation.pip,
    ),
    _fragmentation(
        name="ials",
        unit="per interval",
        function=fragmentation.ials,
        limits=(0.0, 1.0),
    ),
    _fragmentation(
        name="pss",
        function=fragmentation.pss,
    ),
    _fragmentation(
        name="pas",
        function=fragmentation.pas,
    ),
    _capacity(
        name="dc",
        function=prsa.dc,
    ),
    _capacity(
        name="ac",
        function=prsa.ac,
    ),
)
