"""The panel: every measure of a whole recording, and of the trailing windows of a live session."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from physio import panel
from physio.beats import Beats, FloatArray
from physio.labels import LabelArray, labels, usable
from physio.measures import MEASURES
from physio.presets import INTERBEAT
from physio.values import Values
from physio.windows import windows
from pipelines.session import FROM_BREATHING, IN_VIEW, BeatLog, RawIntervals, reach
from proof.bench import series
from proof.bench.loop import plain_panel
from proof.bench.task import FLAT, NEUROKIT, Goal, Job, Rival, Task, beside
from proof.validation import from_intervals

SHORT = tuple(name for name, measure in MEASURES.items() if measure.window <= 60.0)
"""Measures whose trailing window is at most 60 s."""

BEATS_ALONE = tuple(name for name in MEASURES if name not in FROM_BREATHING)
"""Measures that do not rest on breathing: of time, frequency and patterns."""

TAIL = reach(max(measure.window for measure in MEASURES.values()))
"""Seconds of beats that a live session hands to the panel."""


def labelled(length: str) -> tuple[Beats, LabelArray]:
    """Return the beats and their labels."""
    rr = series.intervals(length)
    return from_intervals(rr), labels(rr, np.zeros(len(rr), np.int64))


def recorded(length: str) -> BeatLog:
    """Return a session in which this much has been recorded, with the same end after any."""
    rr = series.intervals("24 h")[-len(series.intervals(length)) :]
    log = BeatLog()
    log.take(RawIntervals(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), np.int64)))
    return log


def whole(given: tuple[Beats, LabelArray], names: Iterable[str] = MEASURES) -> Job:
    """Prepare measures of the whole recording."""
    beats, label = given
    end, chosen = float(beats.time[-1]), tuple(names)
    return lambda: panel.whole(beats, label, (), start=0.0, end=end, names=chosen)


def live(log: BeatLog, names: Iterable[str] = MEASURES) -> Job:
    """Prepare what a live session computes at a beat."""
    end, chosen = log.end or 0.0, tuple(names)
    return lambda: panel.trailing(*log.recent(end, TAIL), end=end, names=chosen)


def _live_values(log: BeatLog) -> Job:
    """Prepare values alone, without low and high, of one window of 300 s."""
    end = log.end or 0.0

    def values() -> list[FloatArray]:
        beats, label = log.recent(end, TAIL)
        held = windows(beats, usable(label, beats.segment), end - 300.0, end)
        found = Values(held, INTERBEAT)
        return [found[name] for name in BEATS_ALONE]

    return values


def _live_view(log: BeatLog) -> Job:
    return live(log, IN_VIEW)


def _live_short(log: BeatLog) -> Job:
    return live(log, SHORT)


def _loop(given: tuple[Beats, LabelArray]) -> Job:
    return plain_panel(given[0].rr)


def _live_loop(log: BeatLog) -> Job:
    return plain_panel(log.recent(log.end or 0.0, TAIL)[0].rr)


def _neurokit(rr: FloatArray) -> Job:
    import neurokit2

    peaks = series.peaks(rr)
    return lambda: neurokit2.hrv(peaks, sampling_rate=1000)


def _whole_neurokit(given: tuple[Beats, LabelArray]) -> Job:
    return _neurokit(given[0].rr)


def _live_neurokit(log: BeatLog) -> Job:
    return _neurokit(log.recent(log.end or 0.0, 300.0)[0].rr)


_one_hour = partial(
    Task,
    length="1 h",
    given=recorded,
    call="`panel.trailing(*log.recent(end, tail), end=end, names=names)`, with low and high",
)


def _beside_loop(prepare: Callable[[Any], Job], least: float | None) -> Rival:
    return Rival(
        title="NumPy loop",
        prepare=prepare,
        call="a fixed loop in plain NumPy over the last 300 s and each quarter of them: a measure "
        "of the machine",
        goal=None if least is None else Goal("faster", least),
    )


_whole_loop, _last_loop = partial(_beside_loop, _loop), partial(_beside_loop, _live_loop)

CALL = "`hrv(peaks, sampling_rate=1000)`; other measures, and more of them"

TASKS = (
    *(
        Task(
            name="panel",
            title=f"Panel of all {len(MEASURES)} measures",
            length=length,
            given=labelled,
            ours=whole,
            call="`panel.whole(beats, labels, (), start=0.0, end=end)`",
            rivals=(_whole_loop(least), beside(NEUROKIT, _whole_neurokit, CALL, quick=False)),
        )
        for length, least in (("5 min", 1 / 3.7), ("1 h", 1 / 30.0))
    ),
    _one_hour(
        name="live-view",
        title=f"Live panel, the {len(IN_VIEW)} measures in view",
        ours=_live_view,
        rivals=(_last_loop(2.8),),
    ),
    _one_hour(
        name="live-values",
        title=f"Live panel, values alone of {len(BEATS_ALONE)} measures over 300 s",
        ours=_live_values,
        call="`Values(windows(beats, usable, end - 300, end))`, all that do not rest on breathing",
        rivals=(_last_loop(2.6),),
    ),
    _one_hour(
        name="live-minute",
        title=f"Live panel, {len(SHORT)} measures of up to 60 s",
        ours=_live_short,
        rivals=(_last_loop(None),),
    ),
    _one_hour(
        name="live-panel",
        title=f"Live panel, all {len(MEASURES)} measures, up to 300 s",
        ours=live,
        call="`panel.trailing(*log.recent(end, tail), end=end)`, with low and high",
        # Twice as fast as 0.1.0, which took as long as the loop.
        rivals=(
            _last_loop(2.0),
            beside(NEUROKIT, _live_neurokit, f"{CALL}; the last 300 s", quick=False),
        ),
    ),
    Task(
        name="live-flat",
        title="Live panel late in a recording",
        length="24 h",
        given=recorded,
        ours=live,
        call="`panel.trailing(*log.recent(end, tail), end=end)`, with low and high",
        rivals=(
            Rival(
                title="ours after 1 h",
                prepare=live,
                call="the same",
                goal=Goal("growth", FLAT),
                length="1 h",
            ),
        ),
    ),
)
