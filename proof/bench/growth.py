"""What 24 hours cost beside one, and the memory that seven days need."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any

import numpy as np

from physio.beats import FloatArray
from physio.hrv.detrend import detrend
from physio.labels import labels
from physio.measures import MEASURES
from physio.presets import INTERBEAT
from physio.time.clock import beat_clock
from physio.values import Values
from proof.bench import panels, series, spectra, time_domain
from proof.bench.task import Goal, Job, Rival, Task

LINEAR = 26.0
"""What 24 h may cost, in hours."""

MOST_MEMORY = 300.0

SQUARE = frozenset({"sampen"})
"""Measures whose cost grows with the square of the beats."""

RHYTHMS = frozenset(name for name, measure in MEASURES.items() if measure.whole_up_to == inf)
"""Measures that have no value over a window of hours."""

GROUPS: dict[str, tuple[str, ...]] = {
    "time domain": ("mean_rr", "mean_hr", "sdnn", "rmssd", "ln_rmssd", "sdsd", "pnn50", "pnn20"),
    "Poincaré plot": ("sd1", "sd2"),
    "spectra": ("vlf", "lf", "hf", "ln_hf", "total_power", "lf_nu", "hf_nu", "lf_hf"),
    "DFA": ("dfa_alpha1", "dfa_alpha2"),
    "fragmentation": ("pip", "ials", "pss", "pas"),
    "DC and AC": ("dc", "ac"),
    "rhythm regularity": ("rhythm_regularity",),
    "Baevsky index": ("baevsky_index",),
    "breathing rate": ("breathing_rate",),
    "RSA": ("rsa_amplitude", "rsa_phase", "rsa_peak_to_trough", "rsa_porges_bohrer"),
}
"""Measures that share their cost: all but those of `SQUARE`."""


def measures(names: Iterable[str]) -> Callable[[FloatArray], Job]:
    """Return what prepares measures of the whole recording, given its windows, no low and high.

    Those that speak of one rhythm are measured in each minute, as their medians need it.
    """

    def prepare(rr: FloatArray) -> Job:
        whole, minutes = series.one_window(rr), series.minutes(rr)

        def job() -> object:
            # Windows of its own each time, so that nothing is remembered of the time before.
            pooled, rhythms = (Values(replace(held), INTERBEAT) for held in (whole, minutes))
            return [(rhythms if name in RHYTHMS else pooled)[name] for name in names]

        return job

    return prepare


def _labels(rr: FloatArray) -> Job:
    segment = np.zeros(len(rr), np.int64)
    return lambda: labels(rr, segment)


def _clock(rr: FloatArray) -> Job:
    arrival = np.cumsum(rr) / 1000.0
    return lambda: beat_clock(arrival, rr)


def _detrend(values: FloatArray) -> Job:
    return lambda: detrend(values)


def _linear(
    title: str, call: str, given: Callable[[str], Any], prepare: Callable[[Any], Job]
) -> Task:
    return Task(
        name="linear",
        title=title,
        length="24 h",
        given=given,
        ours=prepare,
        call=call,
        rivals=(
            Rival(
                title="ours, 1 h",
                prepare=prepare,
                call="the same",
                goal=Goal("growth", LINEAR),
                length="1 h",
            ),
        ),
    )


def _memory(
    title: str, call: str, given: Callable[[str], Any], prepare: Callable[[Any], Job]
) -> Task:
    return Task(
        name="memory",
        title=title,
        length="7 days",
        given=given,
        ours=prepare,
        call=call,
        goal=Goal("MB", MOST_MEMORY),
    )


def _sentence(title: str) -> str:
    return title[:1].upper() + title[1:]


TASKS = (
    *(
        _linear(
            _sentence(title),
            f"{', '.join(f'`{name}`' for name in names)}, over given windows",
            series.intervals,
            measures(names),
        )
        for title, names in GROUPS.items()
    ),
    _linear("Labels", "`labels(rr, segment)`", series.with_artefacts, _labels),
    _linear("Beat clock", "`beat_clock(arrival, rr)`", series.with_artefacts, _clock),
    _linear("Smoothness priors at 4 Hz", "`detrend(values)`", series.evenly, _detrend),
    _memory("Labels", "`labels(rr, segment)`", series.with_artefacts, _labels),
    _memory(
        "All measures but sample entropy",
        "`panel.whole(beats, labels, (), start=0.0, end=end, names=names)`",
        panels.labelled,
        partial(panels.whole, names=[name for name in MEASURES if name not in SQUARE]),
    ),
    _memory(
        "Time domain, 60 s at every beat",
        "as above",
        series.intervals,
        time_domain.sliding_ours,
    ),
    _memory(
        "LF and HF, 60 s at every beat",
        "as above",
        series.intervals,
        spectra.sliding_ours,
    ),
)
