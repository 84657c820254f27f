"""A whole ECG is read in pieces: the beats and waves of reading it at once, to the bit."""

import numpy as np
import pytest

from physio import beats_from_ecg, ecg_signal
from physio.ecg import beat_quality, intervals, qrs_waves, read
from proof.bench import series

RATE = series.ECG_RATE


@pytest.fixture(scope="module")
def ecg():
    """Fifteen minutes, one of them missing."""
    made = series.ecg("1 h")[: int(900 * RATE)]
    made[int(400 * RATE) : int(460 * RATE)] = np.nan
    return made


@pytest.mark.parametrize("piece", [60.0, 600.0, 1e5])
def test_pieces_are_the_whole_to_the_bit(ecg, piece, monkeypatch):
    monkeypatch.setattr(ecg_signal, "PIECE", piece)
    state, peaks = read(ecg, RATE)
    beats, _ = intervals(peaks, beat_quality(state, peaks).readable)
    found = ecg_signal._read(ecg, RATE)
    for name in ("time", "rr", "segment"):
        assert np.array_equal(getattr(found.beats, name), getattr(beats, name))
    assert np.array_equal(found.waves.slope, qrs_waves(state, peaks).slope)


def test_single_precision_is_read_as_it_is(ecg):
    levels = np.rint(1000 * ecg)
    beats = beats_from_ecg(levels, RATE)
    assert np.array_equal(beats_from_ecg(levels.astype(np.float32), RATE).time, beats.time)


def test_a_sample_beyond_all_units_is_missing(ecg):
    odd, lost = ecg.copy(), ecg.copy()
    place = slice(int(100 * RATE), int(100 * RATE) + 2)
    odd[place], lost[place] = (1e308, -1e308), np.nan
    assert np.array_equal(beats_from_ecg(odd, RATE).time, beats_from_ecg(lost, RATE).time)
