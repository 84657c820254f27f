"""Windows laid in a batch, for tests of what is fitted to them."""

import numpy as np

from physio.beats import Beats
from physio.ragged import ragged
from physio.windows import windows


def stack_of(seed, windows_held=3, flagged=0.1):
    """Return windows of 30, 50 and 70 s, and so of different numbers of intervals."""
    rng = np.random.default_rng(seed)
    rr = rng.uniform(700.0, 1100.0, 90 * windows_held)
    usable = rng.random(len(rr)) > flagged
    time = np.cumsum(rr) / 1000.0
    edges = time[89::90]
    length = 30.0 + 20.0 * (np.arange(windows_held) % 3)
    held = windows(Beats(time, rr, np.zeros(len(rr), int)), usable, edges - length, edges)
    return next(ragged(held))


def parts(batch):
    """Yield the number of each window and where its intervals are."""
    for g in range(len(batch.index)):
        yield g, slice(batch.edges[g], batch.edges[g + 1])
