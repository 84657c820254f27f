"""To NeuroKit2 and back: its own forms of beats, the waves of an ECG, and an ECG of given beats.

Makowski et al. (2021), Behav Res Methods 53:1689, doi 10.3758/s13428-020-01516-y. NeuroKit2 comes
with the extra `research`; it takes seconds to import, so each function does so when it is called.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from physio import Beats, beats_from_intervals, beats_from_peaks, inputs
from physio.ecg import r_peaks

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]

PEAKS = ("ECG_R_Peaks", "PPG_Peaks")
"""What NeuroKit2 calls the samples of heartbeats in an ECG and in a pulse wave."""

WAVES = {
    "p_onset": "ECG_P_Onsets",
    "p_peak": "ECG_P_Peaks",
    "p_offset": "ECG_P_Offsets",
    "q_peak": "ECG_Q_Peaks",
    "r_onset": "ECG_R_Onsets",
    "r_offset": "ECG_R_Offsets",
    "s_peak": "ECG_S_Peaks",
    "t_onset": "ECG_T_Onsets",
    "t_peak": "ECG_T_Peaks",
    "t_offset": "ECG_T_Offsets",
}
"""The waves of a heartbeat, and what NeuroKit2 calls them."""

TEMPLATE_RATE = 1000
"""Samples a second of the heartbeat that a simulated ECG repeats."""


def to_info(beats: Beats) -> dict[str, FloatArray]:
    """Return beats as the dictionary that `neurokit2.hrv` and its like take, to the last bit.

    Their times tell NeuroKit2 where two intervals do not follow each other.

    Examples
    --------
    >>> import interbeat
    >>> beats = interbeat.beats_from_intervals([812, 804, 790])
    >>> interbeat.neurokit.to_info(beats)["RRI"].tolist()
    [812.0, 804.0, 790.0]
    """
    return {"RRI": np.array(inputs.beats(beats).rr), "RRI_Time": np.array(beats.time)}


def to_signals(beats: Beats, *, rate: int = 1000) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return beats as the pair that `neurokit2.ecg_peaks` gives: a row a sample, and the peaks.

    Each peak moves to the nearest sample; NeuroKit2 takes the time of a gap for an interval.

    Parameters
    ----------
    beats : Beats
        Beats of a recording that begins at 0 s.
    rate : int
        Samples a second.

    Examples
    --------
    >>> import interbeat
    >>> beats = interbeat.beats_from_intervals([800, 800, 900])
    >>> signals, info = interbeat.neurokit.to_signals(beats, rate=100)
    >>> info["ECG_R_Peaks"].tolist(), int(signals["ECG_R_Peaks"].sum())
    ([0, 80, 160, 250], 4)
    """
    import pandas as pd

    inputs.beats(beats)
    moments = np.union1d(_samples(beats.start, rate), _samples(beats.time, rate))
    marks = np.zeros(moments[-1] + 1, np.int64)
    marks[moments] = 1
    return pd.DataFrame({PEAKS[0]: marks}), {PEAKS[0]: moments, "sampling_rate": rate}


def _samples(time: FloatArray, rate: int) -> NDArray[np.int64]:
    return np.rint(time * rate).astype(np.int64)


def from_neurokit(found: Mapping[str, Any] | pd.DataFrame, *, rate: float | None = None) -> Beats:
    """Return the beats of what NeuroKit2 gave.

    Parameters
    ----------
    found : dict or DataFrame
        The info of `ecg_process`, `ecg_peaks`, `ppg_process` or `ppg_peaks`, or their signals, or
        intervals with their times, as from `to_info`.
    rate : float, optional
        Samples a second, where `found` does not say it.

    Raises
    ------
    ValueError
        If it holds no heartbeats, or nobody says the rate; the message is one sentence.

    Examples
    --------
    >>> import interbeat
    >>> info = {"ECG_R_Peaks": [100, 200, 305], "sampling_rate": 125}
    >>> interbeat.neurokit.from_neurokit(info).rr.round().tolist()
    [800.0, 840.0]
    """
    if "RRI" in found:
        return beats_from_intervals(found["RRI"], time=found.get("RRI_Time"))
    name = next((one for one in PEAKS if one in found), None)
    if name is None:
        raise ValueError(f"This holds no heartbeats; give what holds RRI or {' or '.join(PEAKS)}.")
    sampling = rate if rate is not None else found.get("sampling_rate")
    if sampling is None:
        raise ValueError("This does not say its sampling rate; give rate.")
    column = np.asarray(found[name])
    # Signals mark a sample with 1; an info lists their numbers.
    listed = isinstance(found, Mapping)
    return beats_from_peaks(column if listed else np.flatnonzero(column), rate=float(sampling))


def waves(ecg: ArrayLike, rate: float) -> dict[str, FloatArray]:
    """Return when the waves of each heartbeat of an ECG begin, peak and end.

    R peaks are ours, all others those that NeuroKit2 finds by the discrete wavelet transform
    (Martinez et al. 2004, doi 10.1109/TBME.2003.821031).

    Parameters
    ----------
    ecg : (n,) float
        The signal, upright, in any unit, without a gap.
    rate : float
        Samples a second, 100 to 4000.

    Returns
    -------
    dict of str to (k,) float
        "r_peak" and each of `WAVES` in seconds since the first sample, a value for each of k
        heartbeats, NaN where there is no such wave.

    Raises
    ------
    ValueError
        If it is no such signal; the message is one sentence.

    Examples
    --------
    >>> import numpy as np, interbeat
    >>> ecg = interbeat.neurokit.simulated_ecg(np.arange(0.4, 20, 0.8), 250, noise=0)
    >>> found = interbeat.neurokit.waves(ecg, 250)
    >>> bool(np.nanmedian(found["t_peak"] - found["r_peak"]) > 0.15)
    True
    """
    signal = np.asarray(ecg, np.float64)
    if not np.isfinite(signal).all():
        raise ValueError("This ECG has a gap; give a stretch without one.")
    peaks = r_peaks(signal, rate).time
    if len(peaks) < 4:
        raise ValueError("This ECG holds fewer than 4 heartbeats; give a longer stretch.")
    with warnings.catch_warnings():
        # What NeuroKit2 warns of is a wave not found: NaN here.
        warnings.simplefilter("ignore")
        import neurokit2

        clean = neurokit2.ecg_clean(signal, sampling_rate=round(rate))
        places = np.rint(peaks * rate).astype(np.int64)
        _, found = neurokit2.ecg_delineate(clean, places, sampling_rate=round(rate), method="dwt")
    named = {ours: np.asarray(found[theirs], np.float64) / rate for ours, theirs in WAVES.items()}
    return {"r_peak": np.array(peaks), **named}


def simulated_ecg(
    beat_time: ArrayLike, rate: float, *, noise: float = 0.01, seed: int = 0
) -> FloatArray:
    """Return an ECG in mV of heartbeats at given moments, as those of a simulated strap.

    A heartbeat of NeuroKit2's model (McSharry et al. 2003, doi 10.1109/TBME.2003.808805) is drawn
    from each R peak to the next.

    Parameters
    ----------
    beat_time : (n,) float
        R peaks in s, rising; those of a simulated strap are the `beat_time` of its truth.
    rate : float
        Samples a second; the first is at 0 s, the last at the last R peak.
    noise : float
        Standard deviation of white noise in mV.
    seed : int
        The same seed gives the same ECG.

    Raises
    ------
    ValueError
        If these are no heartbeats; the message is one sentence.

    Examples
    --------
    >>> import numpy as np, interbeat
    >>> ecg = interbeat.neurokit.simulated_ecg(np.arange(0.4, 60, 0.8), 130)
    >>> interbeat.beats_from_ecg(ecg, 130).rr[5:8].round(-1).tolist()
    [800.0, 800.0, 800.0]
    """
    moments = inputs.peaks(beat_time, 1.0)
    if len(moments) < 2:
        raise ValueError("beat_time holds no interval; give at least 2 heartbeats.")
    beat = _one_beat(seed)
    time = np.arange(int(moments[-1] * inputs.number_above_0(rate, "rate")) + 1) / rate
    knots = np.concatenate((2 * moments[:1] - moments[1:2], moments))
    phase = np.interp(time, knots, np.arange(len(knots), dtype=np.float64)) % 1.0
    drawn = np.interp(phase, np.linspace(0.0, 1.0, len(beat)), beat)
    return drawn + noise * np.random.default_rng(seed).standard_normal(len(drawn))


def _one_beat(seed: int) -> FloatArray:
    """Return one heartbeat, from R peak to R peak."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neurokit2

        ecg = neurokit2.ecg_simulate(
            duration=10,
            sampling_rate=TEMPLATE_RATE,
            noise=0,
            heart_rate=60,
            heart_rate_std=0,
            random_state=seed,
        )
    # At 60 beats/min a beat is as long as the rate: it begins and ends at the highest sample.
    middle = 4 * TEMPLATE_RATE
    first = middle + int(np.argmax(ecg[middle : middle + TEMPLATE_RATE]))
    beat = np.array(ecg[first : first + TEMPLATE_RATE + 1], np.float64)
    beat[-1] = beat[0]
    return beat
