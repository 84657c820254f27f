"""Time-domain measures: over whole recordings, and over the last minute at every beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from physio.beats import FloatArray
from physio.hrv import time_domain
from physio.hrv.moments import Moments, moments
from physio.windows import Windows
from proof.bench import series
from proof.bench.task import (
    BIOSPPY,
    HEARTPY,
    HRV_ANALYSIS,
    NEUROKIT,
    SYSTOLE,
    Goal,
    Job,
    Rival,
    Task,
    beside,
)

MINUTE = 60.0
SHARE = 0.1
"""Of the windows; a program that takes seconds for all of them works on these."""

MEASURES: tuple[Callable[[Windows, Moments], FloatArray], ...] = (
    time_domain.mean_rr,
    time_domain.mean_hr,
    time_domain.sdnn,
    time_domain.rmssd,
    time_domain.ln_rmssd,
    time_domain.sdsd,
    time_domain.pnn50,
    time_domain.pnn20,
)


def plain(rr: FloatArray) -> tuple[np.floating[Any], ...]:
    """Return the same eight values of one stretch, as one would write them down."""
    change = np.diff(rr)
    size = np.abs(change)
    rmssd = np.sqrt(np.mean(change * change))
    return (
        rr.mean(),
        60000.0 / rr.mean(),
        rr.std(ddof=1),
        rmssd,
        np.log(rmssd),
        change.std(ddof=1),
        100.0 * np.mean(size > 50.0),
        100.0 * np.mean(size > 20.0),
    )


def windows_of(rr: FloatArray, share: float = 1.0) -> list[FloatArray]:
    """Return the intervals of the windows at every beat, `share` of them."""
    held = series.at_every_beat(rr, MINUTE)
    count = max(1, round(share * len(held)))
    places = zip(held.first[:count].tolist(), held.last[:count].tolist(), strict=True)
    return [rr[first:last] for first, last in places]


def whole_ours(rr: FloatArray) -> Job:
    """Prepare all eight measures of the whole recording."""

    def job() -> object:
        held = series.one_window(rr)
        known = moments(held)
        return [measure(held, known) for measure in MEASURES]

    return job


def sliding_ours(rr: FloatArray) -> Job:
    """Prepare all eight measures of every window."""

    def job() -> object:
        held = series.at_every_beat(rr, MINUTE)
        known = moments(held)
        return [measure(held, known) for measure in MEASURES]

    return job


def _whole_neurokit(rr: FloatArray) -> Job:
    import neurokit2

    peaks = series.peaks(rr)
    return lambda: neurokit2.hrv_time(peaks, sampling_rate=1000)


def _whole_heartpy(rr: FloatArray) -> Job:
    from heartpy.analysis import calc_ts_measures

    return lambda: calc_ts_measures(rr, np.diff(rr), np.diff(rr) ** 2)


def _whole_hrv_analysis(rr: FloatArray) -> Job:
    from hrvanalysis import get_time_domain_features

    return lambda: get_time_domain_features(rr)


def _whole_systole(rr: FloatArray) -> Job:
    from systole.hrv import time_domain as features

    return lambda: features(rr)


def _whole_biosppy(rr: FloatArray) -> Job:
    from biosppy.signals.hrv import hrv_timedomain

    return lambda: hrv_timedomain(rr, detrend_rri=False)


def _sliding_plain(rr: FloatArray) -> Job:
    parts = windows_of(rr)
    return lambda: [plain(part) for part in parts]


def _sliding_neurokit(rr: FloatArray) -> Job:
    import neurokit2

    parts = [series.peaks(part) for part in windows_of(rr, SHARE)]
    return lambda: [neurokit2.hrv_time(part, sampling_rate=1000) for part in parts]


def _sliding_heartpy(rr: FloatArray) -> Job:
    from heartpy.analysis import calc_ts_measures

    parts = windows_of(rr)
    return lambda: [calc_ts_measures(part, np.diff(part), np.diff(part) ** 2) for part in parts]


TASKS = (
    Task(
        name="sliding-time-domain",
        title="Time domain, 60 s at every beat",
        length="1 h",
        given=series.intervals,
        ours=sliding_ours,
        call="the eight measures of `physio.hrv.time_domain`, all windows at once",
        rivals=(
            Rival(
                title="NumPy loop",
                prepare=_sliding_plain,
                call="the same eight values in plain NumPy, window by window",
                goal=Goal("faster", 150.0),
            ),
            beside(
                HEARTPY,
                _sliding_heartpy,
                "`calc_ts_measures(rr, np.diff(rr), np.diff(rr) ** 2)`, window by window",
            ),
            beside(
                NEUROKIT,
                _sliding_neurokit,
                "`hrv_time(peaks, sampling_rate=1000)`, window by window; more measures",
                share=SHARE,
                quick=False,
            ),
        ),
    ),
    *(
        Task(
            name="time-domain",
            title="Time domain, whole recording",
            length=length,
            given=series.intervals,
            ours=whole_ours,
            call="the eight measures of `physio.hrv.time_domain`",
            rivals=(
                beside(
                    HEARTPY,
                    _whole_heartpy,
                    "`calc_ts_measures(rr, np.diff(rr), np.diff(rr) ** 2)`; spreads over N, and "
                    "only rises count for pNN",
                    faster=1.0,
                ),
                beside(
                    HRV_ANALYSIS, _whole_hrv_analysis, "`get_time_domain_features(rr)`", faster=1.0
                ),
                beside(SYSTOLE, _whole_systole, "`time_domain(rr)`", faster=1.0),
                beside(
                    NEUROKIT,
                    _whole_neurokit,
                    "`hrv_time(peaks, sampling_rate=1000)`; more measures",
                    faster=1.0,
                    quick=False,
                ),
                beside(
                    BIOSPPY,
                    _whole_biosppy,
                    "`hrv_timedomain(rr, detrend_rri=False)`; more measures",
                    faster=1.0,
                ),
            ),
        )
        for length in ("5 min", "24 h")
    ),
)
