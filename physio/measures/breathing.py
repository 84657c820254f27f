"""Breathing, and how the heartbeat swings with it."""

from __future__ import annotations

from math import inf

from physio.breathing import peak_to_trough, phase, porges, rsa
from physio.breathing import rate as respiration
from physio.breathing.tiling import UNBROKEN
from physio.hrv import regularity
from physio.measures.measure import ANY, NO_VARIATION, Doubt, Measure
from physio.reasons import Reason, ReasonCode

GROSSMAN = "Grossman and Taylor (2007), doi 10.1016/j.biopsycho.2005.11.014"
ZECHMEISTER = "Zechmeister and Kuerster (2009), doi 10.1051/0004-6361:200811296"
GROSSMAN_1990 = "Grossman, van Beek and Wientjes (1990), doi 10.1111/j.1469-8986.1990.tb03198.x"
SHAFFER_MEEHAN = "Shaffer and Meehan (2020), doi 10.3389/fnins.2020.570400"
PORGES = "Lewis, Furman, McCool and Porges (2012), doi 10.1016/j.biopsycho.2011.11.009"
MCCRATY = "after McCraty, Atkinson, Tomasino and Bradley (2009), Integral Review 5(2):10"
NO_RHYTHM = Reason(ReasonCode.NO_BREATHING_RHYTHM)


ROWS = (
    Measure(
        name="breathing_rate",
        unit="breaths/min",
        function=respiration.breathing_rate,
        source=ZECHMEISTER,
        absent=NO_RHYTHM,
        doubts=(Doubt(Reason(ReasonCode.MAY_BE_SLOW_WAVE), respiration.may_be_slow_wave),),
        whole_up_to=UNBROKEN,
        share=respiration.breathing_share,
        origin=respiration.breathing_origin,
        blocks=respiration.breathing_rate_blocks,
    ),
    Measure(
        name="rsa_amplitude",
        unit="ms",
        function=rsa.rsa_amplitude,
        source=GROSSMAN,
        absent=NO_RHYTHM,
        whole_up_to=UNBROKEN,
        needs=("breathing_rate",),
        share=respiration.breathing_share,
        blocks=rsa.rsa_blocks,
    ),
    Measure(
        name="rsa_phase",
        unit="degrees",
        function=phase.rsa_phase,
        source=SHAFFER_MEEHAN,
        absent=Reason(ReasonCode.NO_BREATHING_SIGNAL),
        positive=False,
        limits=ANY,
        widest=phase.WIDEST,
        whole_up_to=UNBROKEN,
        needs=("breathing_rate", "breath"),
        blocks=phase.rsa_phase_blocks,
    ),
    Measure(
        name="rsa_peak_to_trough",
        unit="ms",
        function=peak_to_trough.rsa_peak_to_trough,
        source=GROSSMAN_1990,
        absent=NO_RHYTHM,
        whole_up_to=UNBROKEN,
        needs=("rsa_amplitude",),
        share=respiration.breathing_share,
        blocks=peak_to_trough.rsa_peak_to_trough_blocks,
    ),
    Measure(
        name="rsa_porges_bohrer",
        unit="ln ms2",
        function=porges.rsa_porges_bohrer,
        source=PORGES,
        absent=Reason(ReasonCode.NO_FAST_BREATHING),
        shortest=45.0,
        fewest=30,
        positive=False,
        limits=ANY,
        needs=("breathing_rate",),
        blocks=porges.rsa_porges_bohrer_blocks,
    ),
    Measure(
        name="rhythm_regularity",
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
)
