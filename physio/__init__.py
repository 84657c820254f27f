"""The science of Interbeat: arrays in, values out; no clock, file, strap or window."""

from physio.beats import NO_BEATS, Beats, Gap, GapCause
from physio.estimate import Estimate
from physio.labels import Label
from physio.measures import MEASURES, Measure
from physio.quality import Quality, Verdict
from physio.reasons import Reason, ReasonCode
from physio.windows import Windows

__all__ = [
    "MEASURES",
    "NO_BEATS",
    "Beats",
    "Estimate",
    "Gap",
    "GapCause",
    "Label",
    "Measure",
    "Quality",
    "Reason",
    "ReasonCode",
    "Verdict",
    "Windows",
]
