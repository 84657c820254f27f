"""An hour in small: its curve against the own baseline, and what can be said of it in a line."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from physio.beats import FloatArray
from pipelines.analysis.review import Held, Reviewed
from pipelines.session import AnyEvent, ContextLine, Note, Points, hour_of

VALUES = 112
"""Values of a curve at most."""
SHORTEST = 3600.0
"""Seconds that the values of a curve are spread over at least: hours are as long as they lasted."""


class Outline(msgspec.Struct, frozen=True):
    """What a list tells of a session.

    Attributes
    ----------
    session : str
        Its id.
    hearts : bool
        Whether it holds any heart.
    readable_s, duration_s : float
        For how long heart rate could be read, of how long.
    moments : int
        How many moments were marked.
    rises, settled : int
        How many rises of heart rate stood out, and how many of them were seen to settle.
    step_s : float
        Seconds that each value of the curve stands for.
    curve : tuple of float or None
        Heart rate above the own baseline, in bpm, None where it could not be read or compared.
    spread : float or None
        Of that baseline, in bpm, the first where postures have their own; None where there is none.
    medicines : str
        What the card says of medicines.
    notes : tuple of Note
        What was written about it, the oldest first.
    """

    session: str
    hearts: bool
    readable_s: float
    duration_s: float
    moments: int
    rises: int
    settled: int
    step_s: float
    curve: tuple[float | None, ...]
    spread: float | None
    medicines: str
    notes: tuple[Note, ...]


def outline_of(told: Reviewed, points: Points, log: Sequence[AnyEvent]) -> Outline:
    """Return a session in small, from its review, the points of its trace, and its log."""
    step = max(told.duration_s, SHORTEST) / VALUES
    owns = [one.own for one in told.held if one.own is not None]
    return Outline(
        session=told.session,
        hearts=bool(told.roles),
        readable_s=told.readable_s,
        duration_s=told.duration_s,
        moments=told.moments_total,
        rises=len(told.rises),
        settled=sum(one.resolved for one in told.rises),
        step_s=step,
        curve=_curve(points.time, _above(told.held, points), step) if owns else (),
        spread=owns[0].spread if owns else None,
        medicines=hour_of(log).context.get(ContextLine.MEDICINES, ""),
        notes=tuple(event for event in log if isinstance(event, Note)),
    )


def _above(held: Sequence[Held], points: Points) -> FloatArray:
    """Return heart rate above the baseline that holds at each point, NaN where there is none."""
    level = np.full(len(points), np.nan)
    for one in held:
        end = np.inf if one.end is None else one.end
        inside = (one.start <= points.time) & (points.time < end)
        level[inside] = np.nan if one.own is None else one.own.level
    return np.asarray(points.heart_rate - level)


def _curve(time: FloatArray, above: FloatArray, step: float) -> tuple[float | None, ...]:
    """Return the median of each step up to the last point, None where nothing is known in it."""
    known = np.isfinite(above)
    place = np.minimum((np.maximum(time, 0.0) // step).astype(int), VALUES - 1)
    values: list[float | None] = []
    for number in range(int(place.max(initial=-1)) + 1):
        inside = above[known & (place == number)]
        values.append(round(float(np.median(inside)), 1) if len(inside) else None)
    return tuple(values)
