"""Sample entropy and detrended fluctuations of whole recordings."""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.hrv.entropy import sampen
from physio.hrv.fluctuation import SHORT, dfa_alpha1
from proof.bench import series
from proof.bench.task import NEUROKIT, Job, Task, beside


def entropy_ours(rr: FloatArray) -> Job:
    """Prepare the sample entropy."""
    return lambda: sampen(series.one_window(rr))


def entropy_neurokit(rr: FloatArray) -> Job:
    """Prepare the same of NeuroKit2."""
    import neurokit2

    def job() -> object:
        return neurokit2.entropy_sample(rr, dimension=2, tolerance=0.2 * np.std(rr, ddof=1))

    return job


def fluctuation_ours(rr: FloatArray) -> Job:
    """Prepare alpha 1."""
    return lambda: dfa_alpha1(series.one_window(rr))


def fluctuation_neurokit(rr: FloatArray) -> Job:
    """Prepare the same of NeuroKit2, in the same boxes."""
    import neurokit2

    return lambda: neurokit2.fractal_dfa(rr, scale=list(SHORT), overlap=False)


TASKS = (
    *(
        Task(
            name="sampen",
            title="Sample entropy",
            length=length,
            given=series.intervals,
            ours=entropy_ours,
            call="`sampen(windows)`",
            rivals=(
                beside(
                    NEUROKIT,
                    entropy_neurokit,
                    "`entropy_sample(rr, dimension=2, tolerance=0.2 * np.std(rr, ddof=1))`",
                    faster=9.0,
                ),
            ),
        )
        for length in ("5 min", "1 h", "24 h")
    ),
    *(
        Task(
            name="dfa",
            title="DFA alpha 1",
            length=length,
            given=series.intervals,
            ours=fluctuation_ours,
            call="`dfa_alpha1(windows)`",
            rivals=(
                beside(
                    NEUROKIT,
                    fluctuation_neurokit,
                    "`fractal_dfa(rr, scale=[4, ..., 16], overlap=False)`",
                    faster=100.0,
                ),
            ),
        )
        for length in ("5 min", "24 h")
    ),
)
