"""Checks of the wave that practice shows for the seconds a strap has not told of yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio import labels
from physio.beats import Beats, FloatArray
from physio.breathing.pacer import steady
from physio.breathing.prediction import OFF, Prediction, predicted
from pipelines.formats import read
from pipelines.session import beats_of
from proof.validation.check import Check, Finding, on_recordings

PACED = "wearable_hrv_multidevice/test_vu.txt"
PACED_AT = 6.0
PACED_SPAN = 1225.42, 1405.42
"""Breaths/min, and seconds by the file's time stamps."""

OWN_PACE = "polar_h10_dhyb/sample_data_ibi.csv"
OWN_SPAN = 0.0, 590.0
DELAYS = (0.4, 2.1, 2.6)
"""Seconds."""

FIRST = 70.0
"""Seconds of breathing before the first prediction is judged."""


def _foreseen(file: Path, rate: float, span: tuple[float, float], delay: float) -> list[Prediction]:
    (found,) = beats_of(read(file).events)
    usable = np.ones(len(found.beats), dtype=np.bool_)
    if found.labels is not None:
        usable = labels.usable(found.labels, found.beats.segment)
    late = Beats(found.beats.time + delay, found.beats.rr, found.beats.segment)
    pacer = steady(rate, at=span[0])
    moments = np.arange(span[0] + FIRST, span[1], 2.0)
    told = (predicted(late, usable, pacer, now=now, delay=delay) for now in moments.tolist())
    return [one for one in told if one is not None and np.isfinite(one.error)]


def _errors(found: list[Prediction]) -> FloatArray:
    return np.array([one.error for one in found])


def _paced(recordings: Path) -> Finding:
    found = [
        _errors(_foreseen(recordings / PACED, PACED_AT, PACED_SPAN, delay)) for delay in DELAYS
    ]
    told = ", ".join(
        f"{np.median(errors):.1f} at {delay:g} s"
        for errors, delay in zip(found, DELAYS, strict=True)
    )
    ninth = max(float(np.percentile(errors, 90.0)) for errors in found)
    return Finding(
        f"{told} of delay (90 % within {ninth:.1f})",
        max(float(np.median(errors)) for errors in found) <= 10.0,
    )


def _own(recordings: Path) -> Finding:
    found = {rate: _foreseen(recordings / OWN_PACE, rate, OWN_SPAN, 2.1) for rate in (4.0, 6.0)}
    told = ", ".join(f"{np.median(_errors(one)):.0f} at {rate:g}" for rate, one in found.items())
    shown = np.mean([one.shown for one in found[6.0]])
    return Finding(
        f"{told} breaths/min; shown {100.0 * shown:.0f} % of the time at 6",
        all(np.median(_errors(one)) > OFF for one in found.values()) and shown == 0.0,
    )


OURS = (
    "none is published; the late trace itself is 36 degrees off for each second of delay at 6/min"
)

CHECKS = (
    Check(
        "wave_now",
        "The heart's wave now, foreseen from beats that come late, against what came; a person "
        "who breathes 6/min with a guide",
        "median error at most 10 degrees",
        OURS,
        on_recordings(_paced),
    ),
    Check(
        "wave_off",
        "A person who breathes at a pace of their own is shown no such wave",
        f"median error above {OFF:.0f} degrees",
        OURS,
        on_recordings(_own),
    ),
)
