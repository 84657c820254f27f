"""Spectra: Welch's method over whole recordings, LF and HF at every beat, smoothness priors."""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.hrv.detrend import detrend
from physio.hrv.spectrum import band_powers
from proof.bench import series
from proof.bench.task import BIOSPPY, HRV_ANALYSIS, NEUROKIT, SYSTOLE, Job, Task, beside
from proof.bench.time_domain import SHARE, windows_of

WELCH_VALUES = 1200
"""300 s at 4 Hz."""


def whole_ours(rr: FloatArray) -> Job:
    """Prepare the band powers of the whole recording, its slow trend left in."""
    return lambda: band_powers(series.one_window(rr), regularization=None)


def sliding_ours(rr: FloatArray) -> Job:
    """Prepare the band powers of the last 60 s at every beat."""
    return lambda: band_powers(series.at_every_beat(rr, 60.0), regularization=None)


def _whole_neurokit(rr: FloatArray) -> Job:
    import neurokit2

    peaks = series.peaks(rr)
    return lambda: neurokit2.hrv_frequency(
        peaks, sampling_rate=1000, normalize=False, interpolation_rate=4
    )


def _whole_hrv_analysis(rr: FloatArray) -> Job:
    from hrvanalysis import get_frequency_domain_features

    return lambda: get_frequency_domain_features(rr)


def _whole_systole(rr: FloatArray) -> Job:
    from systole.hrv import frequency_domain

    return lambda: frequency_domain(rr, sfreq=4)


def _whole_biosppy(rr: FloatArray) -> Job:
    from biosppy.signals.hrv import hrv_frequencydomain

    shorter = min(WELCH_VALUES, int(np.sum(rr[1:]) / 250.0))
    return lambda: hrv_frequencydomain(rr, detrend_rri=False, nperseg=shorter)


def _sliding_neurokit(rr: FloatArray) -> Job:
    jobs = [_whole_neurokit(part) for part in windows_of(rr, SHARE)]
    return lambda: [job() for job in jobs]


def _sliding_hrv_analysis(rr: FloatArray) -> Job:
    from hrvanalysis import get_frequency_domain_features

    parts = windows_of(rr)
    return lambda: [get_frequency_domain_features(part) for part in parts]


def _detrend_ours(values: FloatArray) -> Job:
    return lambda: detrend(values, regularization=500.0)


def _detrend_neurokit(values: FloatArray) -> Job:
    import neurokit2

    return lambda: neurokit2.signal_detrend(values, method="tarvainen2002", regularization=500)


NEUROKIT_CALL = (
    "`hrv_frequency(peaks, sampling_rate=1000, normalize=False, interpolation_rate=4)`: quadratic, "
    "which cannot be set"
)

TASKS = (
    Task(
        name="sliding-spectrum",
        title="LF and HF, 60 s at every beat",
        length="1 h",
        given=series.intervals,
        ours=sliding_ours,
        call="`band_powers(windows, regularization=None)`, all windows at once",
        rivals=(
            beside(
                HRV_ANALYSIS,
                _sliding_hrv_analysis,
                "`get_frequency_domain_features(rr)`, window by window",
                faster=300.0,
            ),
            beside(
                NEUROKIT,
                _sliding_neurokit,
                f"{NEUROKIT_CALL}, window by window",
                share=SHARE,
                quick=False,
            ),
        ),
    ),
    *(
        Task(
            name="welch",
            title="Welch spectrum, whole recording",
            length=length,
            given=series.intervals,
            ours=whole_ours,
            call="`band_powers(windows, regularization=None)`: cubic, 4 Hz, Hann 300 s",
            rivals=(
                beside(
                    HRV_ANALYSIS,
                    _whole_hrv_analysis,
                    "`get_frequency_domain_features(rr)`: linear, 4 Hz, Hann 64 s; neither can be "
                    "set to ours",
                    faster=goal,
                ),
                beside(
                    SYSTOLE,
                    _whole_systole,
                    "`frequency_domain(rr, sfreq=4)`: cubic, 4 Hz, Hann 256 s",
                    faster=goal,
                ),
                beside(
                    BIOSPPY,
                    _whole_biosppy,
                    "`hrv_frequencydomain(rr, detrend_rri=False, nperseg=1200)`: cubic, 4 Hz, "
                    "Hann 300 s",
                    faster=goal,
                ),
                beside(
                    NEUROKIT,
                    _whole_neurokit,
                    f"{NEUROKIT_CALL}; at its own 100 Hz it takes far longer",
                    faster=goal,
                    quick=False,
                ),
            ),
        )
        for length, goal in (("5 min", None), ("1 h", None), ("24 h", 4.0))
    ),
    Task(
        name="smoothness-priors",
        title="Smoothness priors at 4 Hz",
        length="5 min",
        given=series.evenly,
        ours=_detrend_ours,
        call="`detrend(values, regularization=500.0)`, which keeps the factor of a length that it "
        "has met",
        rivals=(
            beside(
                NEUROKIT,
                _detrend_neurokit,
                '`signal_detrend(values, method="tarvainen2002", regularization=500)`',
                faster=1000.0,
            ),
        ),
    ),
)
