"""A made-up ECG, and files that hold it."""

import numpy as np
import pytest

RATE = 250.0


def heart(seconds=120.0, rate=RATE):
    """An upright ECG at about 75 beats a minute with a slow swing, and where its beats lie."""
    rr = 0.8 + 0.05 * np.sin(np.arange(int(seconds / 0.8)) / 3.0)
    beats = np.cumsum(rr)
    beats = beats[beats < seconds - 0.5]
    time = np.arange(0.0, seconds, 1.0 / rate)
    wave = np.zeros(len(time))
    for beat in beats:
        near = np.abs(time - beat) < 0.4
        wave[near] += np.exp(-(((time[near] - beat) / 0.012) ** 2))
        wave[near] += 0.2 * np.exp(-(((time[near] - beat - 0.25) / 0.05) ** 2))
    # A signal that stands still between beats would be one that is cut off.
    return wave + np.random.default_rng(1).normal(0.0, 0.01, len(wave)), beats


ECG, BEATS = heart()
OTHER = np.sin(np.arange(len(ECG)) / 50.0)


def edf(path, channels, **more):
    """Write channels as EDF."""
    edfio = pytest.importorskip("edfio", reason="EDF needs the extra research")
    signals = [
        edfio.EdfSignal(samples, RATE, label=label, physical_dimension="mV")
        for label, samples in channels.items()
    ]
    edfio.Edf(signals, **more).write(path)
    return path
