"""Intervals of people at rest: those that a constant was chosen on, and those it never saw."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from proof.validation.given.annotations import ATRIAL, NORMAL, VENTRICULAR, annotated
from proof.validation.given.recordings import as_written

SEATED = 320.42
"""Seconds after which the wearable recording's first condition ends, by its table of events."""


def looked_at(recordings: Path) -> dict[str, FloatArray]:
    """Return intervals (ms) of the rest on which `MEMORY` and `WANDERING` were chosen.

    See `physio.uncertainty`.
    """
    files = (
        "polar_h10_dhyb/sample_data_ibi.csv",
        "elite_hrv_txt/2017-06-29 13-11-53.txt",
        "hrv_rhenanbartels/rest_rri.txt",
        "pyhrv_nni/SampleNNISeriesLong.npy",
    )
    return {file.split("/")[0]: as_written(recordings / file).rr for file in files}


def unseen(recordings: Path) -> dict[str, FloatArray]:
    """Return intervals (ms) of recordings that played no part in these choices."""
    tick, code = annotated(recordings / "mitdb100_wfdb" / "100.atr")
    real = as_written(recordings / "hrv_rhenanbartels" / "real_rri.txt").rr
    wearable = as_written(recordings / "wearable_hrv_multidevice" / "test_vu.txt")
    return {
        "mitdb100": np.diff(tick[np.isin(code, (NORMAL, VENTRICULAR, ATRIAL))]) / 0.36,
        "real_rri": real[real > 0.0],
        "wearable_hrv_multidevice": wearable.rr[wearable.arrival <= SEATED],
    }
