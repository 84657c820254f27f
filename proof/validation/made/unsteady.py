"""Rest on which bands are tried: with a slow part, with drift, and with beats lost."""

from __future__ import annotations

import numpy as np

from physio.beats import Beats, BoolArray
from physio.labels import Label, LabelArray
from proof.validation.made import beats as synthetic

FADING = 0.97
"""How much of the slow part is left from one beat to the next: half a minute to 1/e."""

DRIFT = (1.0 / 3000.0, 0.04)
"""Hz between which the power of a drift falls as 1/f."""


def wandering(rest: Beats, seed: int, deviation: float = 20.0) -> Beats:
    """Return rest with a slow part of `deviation` ms, forgotten within about half a minute."""
    step = deviation * np.sqrt(1.0 - FADING**2)
    steps = np.random.default_rng(seed).normal(0.0, step, len(rest))
    slow = np.zeros(len(rest))
    for i in range(1, len(rest)):
        slow[i] = FADING * slow[i - 1] + steps[i]
    return synthetic.from_intervals(rest.rr + slow)


def drifting(rest: Beats, seed: int, deviation: float = 30.0) -> Beats:
    """Return rest with a drift of `deviation` ms whose power falls as 1/f."""
    count = 1 << int(np.ceil(np.log2(len(rest))))
    frequency = np.fft.rfftfreq(count, float(rest.rr.mean()) / 1000.0)
    inside = (frequency >= DRIFT[0]) & (frequency <= DRIFT[1])
    height = np.sqrt(inside / np.where(inside, frequency, 1.0))
    draw = np.random.default_rng(seed).standard_normal((2, len(frequency)))
    wave = np.fft.irfft(height * (draw[0] + 1j * draw[1]), count)
    # The expected variance, as of the bands of rest.
    scale = deviation * count / np.sqrt(4.0 * (height @ height))
    return synthetic.from_intervals(rest.rr + scale * np.asarray(wave[: len(rest)], np.float64))


def with_loss(rest: Beats, seed: int, *, share: float, run: int) -> tuple[Beats, LabelArray]:
    """Return rest of which a share of the beats is lost, `run` in a row, half of it labelled only.

    What is not labelled is missing, with a break where it was.
    """
    random = np.random.default_rng(seed)
    hit = random.random(len(rest)) < share / run
    hit = np.convolve(hit, np.ones(run), mode="full")[: len(rest)] > 0
    labelled = hit & (random.random(len(rest)) < 0.5 if run == 1 else _alternate(hit))
    lost = hit & ~labelled
    label = np.where(labelled, int(Label.LONG), 0).astype(np.int8)
    segment = np.cumsum(lost, dtype=np.int64)
    kept = ~lost
    return Beats(rest.time[kept], rest.rr[kept], segment[kept]), label[kept]


def _alternate(hit: BoolArray) -> BoolArray:
    """Return whether each place lies in every other run of `hit`."""
    run = np.cumsum(np.diff(hit.astype(np.int64), prepend=0) > 0)
    return np.asarray(run % 2 == 0)
