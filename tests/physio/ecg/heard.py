"""All that is to be known of the beats of an ECG, read as a whole or in pieces."""

from dataclasses import dataclass, fields

import numpy as np

from physio.ecg import (
    BeatQuality,
    RPeaks,
    Waves,
    advance,
    beat_quality,
    breath_signals,
    finish,
    intervals,
    qrs_waves,
    read,
    start,
    together,
    why_unreadable,
)


@dataclass(frozen=True)
class Heard:
    """Beats of an ECG, how far to trust each, and its waves."""

    peaks: RPeaks
    quality: BeatQuality
    waves: Waves

    @property
    def readable(self):
        return self.quality.readable

    @property
    def reason(self):
        return why_unreadable(self.peaks, self.readable)

    @property
    def intervals(self):
        return intervals(self.peaks, self.readable)

    def breath_signals(self, ends):
        return breath_signals(self.waves, ends)


def asked(state, peaks):
    return Heard(peaks, beat_quality(state, peaks), qrs_waves(state, peaks))


def heard(ecg, rate):
    return asked(*read(ecg, rate))


def in_pieces(ecg, rate, cuts):
    state, parts = start(rate), []
    for piece in np.split(ecg, cuts):
        state, found = advance(state, piece)
        parts.append(asked(state, found))
    parts.append(asked(*finish(state)))
    return Heard(
        together([part.peaks for part in parts]),
        _joined([part.quality for part in parts]),
        _joined([part.waves for part in parts]),
    )


def same(one, other):
    pairs = [(one.peaks, other.peaks), (one.quality, other.quality), (one.waves, other.waves)]
    return all(_equal(getattr(a, f.name), getattr(b, f.name)) for a, b in pairs for f in fields(a))


def _joined(parts):
    kind = type(parts[0])
    return kind(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(kind)))


def _equal(a, b):
    return np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b
