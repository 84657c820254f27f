"""Intervals of people at rest: those that a constant was chosen on, and those it never saw."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.validation.given.annotations import annotated

SEATED_UNTIL = "14:14:20"
"""When the wearable recording's first condition ends, by its table of events."""


def looked_at(recordings: Path) -> dict[str, FloatArray]:
    """Return intervals (ms) of the rest on which `physio.uncertainty.MEMORY` was chosen."""
    elite = recordings / "elite_hrv_txt" / "2017-06-29 13-11-53.txt"
    dhyb = recordings / "polar_h10_dhyb" / "sample_data_ibi.csv"
    return {
        "polar_h10_dhyb": np.loadtxt(dhyb, delimiter=",")[:, 1],
        "elite_hrv_txt": np.loadtxt(elite),
        "hrv_rhenanbartels": np.loadtxt(recordings / "hrv_rhenanbartels" / "rest_rri.txt"),
        "pyhrv_nni": np.load(recordings / "pyhrv_nni" / "SampleNNISeriesLong.npy"),
    }


def unseen(recordings: Path) -> dict[str, FloatArray]:
    """Return intervals (ms) of recordings that played no part in that choice."""
    tick, code = annotated(recordings / "mitdb100_wfdb" / "100.atr")
    real = np.loadtxt(recordings / "hrv_rhenanbartels" / "real_rri.txt")
    vu_ams = (recordings / "wearable_hrv_multidevice" / "test_vu.txt").read_text("utf-8")
    rows = [line.split("\t") for line in vu_ams.splitlines()[3:]]
    seated = [float(row[2]) for row in rows if row[0].split("/")[1] <= SEATED_UNTIL]
    return {
        "mitdb100": np.diff(tick[np.isin(code, (1, 5, 8))]) / 0.36,
        "real_rri": real[real > 0.0],
        "wearable_hrv_multidevice": np.array(seated),
    }
