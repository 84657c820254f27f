"""Beats: R peaks of an ECG, labels of intervals, breathing from the beats of an ECG."""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.breathing.rate import breathing_rate
from physio.ecg import (
    EcgState,
    RPeaks,
    advance,
    beat_quality,
    breath_signals,
    ecg_breathing,
    intervals,
    qrs_waves,
    r_peaks,
    read,
    start,
)
from physio.labels import labels
from physio.windows import tiles, windows
from proof.bench import series
from proof.bench.task import (
    BIOSPPY,
    FLAT,
    LENGTHS,
    NEUROKIT,
    SLEEPECG,
    Goal,
    Job,
    Rival,
    Task,
    beside,
)

MINUTE = 60.0

PACKET = 73
"""Samples that a strap sends at once."""

PACKETS = 205
"""About a minute of them: some bring a beat and some do not."""


def peaks_ours(ecg: FloatArray) -> Job:
    """Prepare finding the R peaks."""
    return lambda: r_peaks(ecg, series.ECG_RATE)


def everything_ours(ecg: FloatArray) -> Job:
    """Prepare finding the R peaks, their quality and the waves that breathing moves."""

    def job() -> object:
        found = read(ecg, series.ECG_RATE)
        return beat_quality(*found), qrs_waves(*found)

    return job


def read_so_far(length: str) -> tuple[EcgState, FloatArray]:
    """Return what reading an ECG of this length remembers, and packets: the same after any."""
    ecg = series.ecg("1 h")[-round(3600.0 * LENGTHS[length] * series.ECG_RATE) :]
    last = ecg[-PACKETS * PACKET :]
    state, _ = advance(start(series.ECG_RATE), ecg[: -len(last)])
    return state, last.reshape(PACKETS, PACKET)


def packets_ours(given: tuple[EcgState, FloatArray]) -> Job:
    """Prepare reading one packet after the other."""
    before, packets = given

    def job() -> object:
        state = before
        for packet in packets:
            state, _ = advance(state, packet)
        return state

    return job


def labels_ours(rr: FloatArray) -> Job:
    """Prepare labelling."""
    segment = np.zeros(len(rr), np.int64)
    return lambda: labels(rr, segment)


def breathing_ours(given: tuple[EcgState, RPeaks]) -> Job:
    """Prepare the breathing rate of each minute."""
    peaks, readable, waves = given[1], beat_quality(*given).readable, qrs_waves(*given)

    def job() -> object:
        beats, ends = intervals(peaks, readable)
        start, end = tiles(beats, MINUTE)
        held = windows(beats, np.ones(len(beats), bool), start, end)
        return ecg_breathing(held, breath_signals(waves, ends))

    return job


def rate_ours(rr: FloatArray) -> Job:
    """Prepare the breathing rate of each minute from the intervals."""
    return lambda: breathing_rate(series.minutes(rr))


def found_peaks(length: str) -> tuple[EcgState, RPeaks]:
    """Return the R peaks of the ECG."""
    return read(series.ecg(length), series.ECG_RATE)


def _peaks_sleepecg(ecg: FloatArray) -> Job:
    import sleepecg

    return lambda: sleepecg.detect_heartbeats(ecg, series.ECG_RATE)


def _peaks_neurokit(ecg: FloatArray) -> Job:
    import neurokit2

    rate = round(series.ECG_RATE)
    return lambda: neurokit2.ecg_findpeaks(neurokit2.ecg_clean(ecg, rate), rate)


def _labels_neurokit(rr: FloatArray) -> Job:
    import neurokit2

    peaks = series.peaks(rr)
    return lambda: neurokit2.signal_fixpeaks(
        peaks, sampling_rate=1000, iterative=False, method="Kubios"
    )


def _labels_biosppy(rr: FloatArray) -> Job:
    from biosppy.signals.hrv import rri_correction

    return lambda: rri_correction(rr)


def _breathing_neurokit(given: tuple[EcgState, RPeaks]) -> Job:
    samples = np.round(given[1].time * series.ECG_RATE).astype(np.int64)
    return _neurokit_chain(samples, round(series.ECG_RATE))


def _rate_neurokit(rr: FloatArray) -> Job:
    return _neurokit_chain(series.peaks(rr), 1000)


def _neurokit_chain(peaks: IntArray, rate: int) -> Job:
    import neurokit2

    length = int(peaks[-1]) + 1

    def job() -> object:
        heart_rate = neurokit2.ecg_rate(peaks, sampling_rate=rate, desired_length=length)
        breathing = neurokit2.ecg_rsp(heart_rate, sampling_rate=rate)
        return neurokit2.rsp_rate(breathing, sampling_rate=rate)

    return job


CHAIN = "`rsp_rate(ecg_rsp(ecg_rate(peaks, rate, length), rate), sampling_rate=rate)`"

PEAKS_IN_C = "`detect_heartbeats(ecg, 250.0)`, in C: peaks alone"

TASKS = (
    Task(
        name="r-peaks",
        title="R peaks of an ECG at 250 Hz",
        length="1 h",
        given=series.ecg,
        ours=peaks_ours,
        call="`r_peaks(ecg, 250.0)`",
        rivals=(
            beside(SLEEPECG, _peaks_sleepecg, PEAKS_IN_C, faster=1.0),
            beside(
                NEUROKIT, _peaks_neurokit, "`ecg_findpeaks(ecg_clean(ecg, 250), 250)`", quick=False
            ),
        ),
    ),
    Task(
        name="ecg-beats",
        title="R peaks, quality and waves of an ECG at 250 Hz",
        length="1 h",
        given=series.ecg,
        ours=everything_ours,
        call="`beat_quality` and `qrs_waves` of `read(ecg, 250.0)`: also how far to trust each "
        "beat, and the waves that breathing moves",
        rivals=(beside(SLEEPECG, _peaks_sleepecg, PEAKS_IN_C, faster=1 / 1.5),),
    ),
    Task(
        name="live-ecg",
        title="R peaks live, packets of 60 s",
        length="1 h",
        given=read_so_far,
        ours=packets_ours,
        call=f"`advance(state, packet)`, {PACKETS} packets of {PACKET} samples at 250 Hz",
        rivals=(
            Rival(
                title="ours after 5 min",
                prepare=packets_ours,
                call="the same",
                goal=Goal("growth", FLAT),
                length="5 min",
                quick=False,
            ),
        ),
    ),
    *(
        Task(
            name="labels",
            title="Labels of beats",
            length=length,
            given=series.with_artefacts,
            ours=labels_ours,
            call="`labels(rr, segment)`: finds, and corrects nothing",
            rivals=(
                beside(
                    NEUROKIT,
                    _labels_neurokit,
                    "`signal_fixpeaks(peaks, sampling_rate=1000, iterative=False, "
                    'method="Kubios")`: the same method; finds and corrects, once',
                    faster=goal,
                    quick=False,
                ),
                beside(
                    BIOSPPY,
                    _labels_biosppy,
                    "`rri_correction(rr)`: another and simpler method; finds and corrects",
                    faster=1 / simpler,
                ),
            ),
        )
        for length, goal, simpler in (("1 h", None, 1.5), ("24 h", 20.0, 1.2))
    ),
    Task(
        name="breathing-rate",
        title="Breathing rate from intervals",
        length="1 h",
        given=series.intervals,
        ours=rate_ours,
        call="`breathing_rate(windows)`: the rate of each minute",
        rivals=(
            beside(
                NEUROKIT,
                _rate_neurokit,
                f"{CHAIN}, at 1000 Hz as for all intervals here: the rate at each sample",
                faster=100.0,
            ),
        ),
    ),
    Task(
        name="breathing-ecg",
        title="Breathing rate from ECG",
        length="1 h",
        given=found_peaks,
        ours=breathing_ours,
        call="`ecg_breathing(windows, breath_signals(waves, ends))`: the rate of each minute from "
        "five signals of the beats",
        rivals=(
            beside(
                NEUROKIT,
                _breathing_neurokit,
                f"{CHAIN}, at 250 Hz: the rate at each sample, from the heart rate alone",
                quick=False,
            ),
        ),
    ),
)
