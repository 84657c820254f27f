"""A recording as a researcher holds it in a script or a notebook: its beats, measures and plots."""

from pipelines.notebook.heart import Heart, from_ecg, from_peaks, from_rr, read
from pipelines.notebook.measured_table import MeasureTable

__all__ = ["Heart", "MeasureTable", "from_ecg", "from_peaks", "from_rr", "read"]
