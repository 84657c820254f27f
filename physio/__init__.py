"""The science of Interbeat: arrays in, values out; no clock, file, strap or window."""

from physio.beats import NO_BEATS, Beats, Gap
from physio.estimate import Estimate
from physio.labels import Label
from physio.measures import MEASURES, Measure
from physio.quality import Quality
from physio.windows import Windows

__all__ = [
    "MEASURES",
    "NO_BEATS",
    "Beats",
    "Estimate",
    "Gap",
    "Label",
    "Measure",
    "Quality",
    "Windows",
]
