"""What a person decides of a session afterwards: stretches to leave out, another baseline, neither.

Each decision is an event added to the log, so that nothing recorded is ever changed. What is left
out is a gap like any other: no measure reads it, and none bridges it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio.beats import Beats, BoolArray, Gap, GapCause
from physio.labels import LabelArray
from pipelines.session.events import (
    AnyEvent,
    Baseline,
    LeftOut,
    Packet,
    TakenBack,
    TalkBaseline,
)


def standing(log: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """Return a log without what was decided in it and taken back later.

    Beats that follow a decision make it part of what happened: it stays.

    Examples
    --------
    >>> from pipelines.session import Baseline, TakenBack
    >>> first, second = Baseline(60.0, 0, 0.0, 60.0), Baseline(90.0, 0, 30.0, 90.0)
    >>> standing([first, second, TakenBack(95.0)]) == [first]
    True
    """
    taken = _decisions(log)[1]
    over = {*taken, *taken.values()}
    return [event for place, event in enumerate(log) if place not in over] if over else log


def decided(log: Sequence[AnyEvent]) -> tuple[AnyEvent, ...]:
    """Return the decisions of a log that can still be taken back, the newest last."""
    return tuple(log[place] for place in _decisions(log)[0])


def taken_back(log: Sequence[AnyEvent]) -> dict[int, int | None]:
    """Return the place of each `TakenBack`, with that of what it took back; None for nothing."""
    return {by: None if by == what else what for by, what in _decisions(log)[1].items()}


def _decisions(log: Sequence[AnyEvent]) -> tuple[list[int], dict[int, int]]:
    """Return the places of what can be taken back; and what took back, with what it took back.

    What took nothing back is there with its own place.
    """
    standing_at: list[int] = []
    taken: dict[int, int] = {}
    for place, event in enumerate(log):
        match event:
            case LeftOut() | Baseline() | TalkBaseline():
                standing_at.append(place)
            case TakenBack():
                taken[place] = standing_at.pop() if standing_at else place
            case Packet():
                standing_at.clear()
    return standing_at, taken


def remaining(
    beats: Beats, label: LabelArray | None, gaps: Sequence[Gap], left_out: Sequence[LeftOut]
) -> tuple[Beats, LabelArray | None, tuple[Gap, ...]]:
    """Return beats, labels and gaps of one source without the stretches that a person left out.

    A beat goes where any of its interval lies in one. Labels are those of the whole recording.
    """
    out = np.zeros(len(beats), dtype=bool)
    for one in left_out:
        out |= (beats.start < one.end) & (beats.time > one.start)
    if not out.any():
        return beats, label, tuple(gaps)
    kept = ~out
    parts = beats.segment + np.cumsum(np.diff(out.astype(np.int64), prepend=0) > 0)
    segment = np.unique(parts[kept], return_inverse=True)[1]
    return (
        Beats.of_any_length(beats.time[kept], beats.rr[kept], segment),
        None if label is None else label[kept],
        tuple(sorted((*gaps, *_gaps(beats, out)), key=lambda gap: gap.start)),
    )


def _gaps(beats: Beats, out: BoolArray) -> list[Gap]:
    """Return a gap for each run of beats that are left out, none of them across another gap."""
    run = out[1:] & out[:-1] & (np.diff(beats.segment) == 0)
    first = np.flatnonzero(out & ~np.concatenate(([False], run)))
    last = np.flatnonzero(out & ~np.concatenate((run, [False])))
    starts, ends = beats.start[first].tolist(), beats.time[last].tolist()
    return [Gap(*edges, GapCause.LEFT_OUT) for edges in zip(starts, ends, strict=True)]
