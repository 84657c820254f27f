"""Beats and breathing from a whole electrocardiogram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from physio import inputs, labels
from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.breathing.fusion import Breathing
from physio.ecg import (
    SIGNALS,
    EcgState,
    RPeaks,
    Waves,
    advance,
    beat_quality,
    breath_signals,
    ecg_breathing,
    finish,
    intervals,
    joined,
    qrs_waves,
    start,
    together,
    why_unreadable,
)
from physio.reasons import ReasonCode
from physio.respiration import Source
from physio.windows import windows


def beats_from_ecg(ecg: ArrayLike, rate: float) -> Beats:
    """Return the intervals between the R peaks of an electrocardiogram, where it can be read.

    Parameters
    ----------
    ecg : (n,) float
        The signal in any unit, either way up; NaN where it is missing.
    rate : float
        Samples a second, 100 to 4000.

    Raises
    ------
    ValueError
        If it is no such signal, or cannot be read; the message is one sentence.

    Examples
    --------
    >>> import numpy as np, physio
    >>> time = np.arange(0, 60, 1 / 250)
    >>> ecg = np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2))
    >>> physio.beats_from_ecg(ecg, 250).rr[1:4].round().tolist()
    [800.0, 800.0, 800.0]
    """
    return _read(ecg, rate).beats


def beats_and_waves(ecg: ArrayLike, rate: float) -> tuple[Beats, Source]:
    """Return the beats of an electrocardiogram, and what breathing moves in each QRS.

    Parameters
    ----------
    ecg, rate
        As in `beats_from_ecg`.

    Raises
    ------
    ValueError
        If it is no such signal, or cannot be read; the message is one sentence.
    """
    found = _read(ecg, rate)
    beats = found.beats
    usable = _usable(beats)[:, np.newaxis]
    values = np.where(usable, _signals(found), np.nan)
    return beats, Source(SIGNALS, beats.time, values, beats.segment)


def breathing_from_ecg(ecg: ArrayLike, rate: float, start: ArrayLike, end: ArrayLike) -> Breathing:
    """Return the breathing in each of m windows of an electrocardiogram.

    It is read from the intervals, and from the height, level, steepness and size of each QRS.
    From intervals alone it is the measure "breathing_rate".

    Parameters
    ----------
    ecg, rate
        As in `beats_from_ecg`.
    start, end : (m,) float
        Edges of the windows in s from the first sample, best 30 to 120 s long; see `epochs`.

    Raises
    ------
    ValueError
        If one of these is none, or the ECG cannot be read; the message is one sentence.

    Examples
    --------
    >>> import numpy as np, physio
    >>> time = np.arange(0, 120, 1 / 250)
    >>> beat = np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2))
    >>> ecg = beat * (1 + 0.2 * np.sin(2 * np.pi * 0.2 * time))
    >>> physio.breathing_from_ecg(ecg, 250, [0, 60], [60, 120]).rate.round().tolist()
    [12.0, 12.0]
    """
    starts, ends = inputs.edges(start, end)
    found = _read(ecg, rate)
    beats = found.beats
    return ecg_breathing(windows(beats, _usable(beats), starts, ends), _signals(found))


def _usable(beats: Beats) -> BoolArray:
    return labels.usable(labels.labels(beats.rr, beats.segment), beats.segment)


_UNREADABLE: Final[Mapping[ReasonCode, str]] = MappingProxyType(
    {
        ReasonCode.ECG_NO_SIGNAL: "for half of the time or more there is no signal",
        ReasonCode.ECG_NO_HEARTBEATS: "no heartbeats stand out in it",
        ReasonCode.ECG_UNLIKE: "for half of the time or more its heartbeats differ in shape",
    }
)


PIECE: Final = 600.0
"""Seconds that are read at once, so that days of ECG take the memory of minutes."""
LARGEST: Final = 1e100
"""Of a sample in any unit: what is larger is missing, and its square would be no number."""


@dataclass(frozen=True, slots=True, eq=False)
class _Readable:
    """The beats of an ECG, the peak that ends each, and the waves of each peak."""

    beats: Beats
    ends: IntArray
    waves: Waves


def _signals(found: _Readable) -> FloatArray:
    return breath_signals(found.waves, found.ends)


def _read(ecg: ArrayLike, rate: float) -> _Readable:
    signal = inputs.one_row(ecg, "ecg")
    pieces = [
        (peaks, beat_quality(state, peaks).readable, qrs_waves(state, peaks))
        for state, peaks in _pieces(signal, inputs.number_above_0(rate, "rate"))
    ]
    peaks = together([piece for piece, _, _ in pieces])
    readable = np.concatenate([sound for _, sound, _ in pieces])
    if reason := why_unreadable(peaks, readable):
        raise ValueError(f"This ECG cannot be read: {_UNREADABLE[reason.code]}.")
    waves = joined([piece for _, _, piece in pieces])
    return _Readable(*intervals(peaks, readable), waves)


def _pieces(signal: NDArray[Any], rate: float) -> Iterator[tuple[EcgState, RPeaks]]:
    """Yield the beats of each piece with the state that gave them out."""
    state, length = start(rate), round(PIECE * rate)
    for first in range(0, len(signal), length):
        piece = np.array(signal[first : first + length], np.float64)
        piece[np.abs(piece) > LARGEST] = np.nan
        state, peaks = advance(state, piece)
        yield state, peaks
    yield finish(state)
