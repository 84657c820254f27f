"""Talking breaks breathing, and with it what is read from breathing: such values are withheld.

Breathing while talking is erratic and broadband (Beda et al. 2007, doi
10.1111/j.1469-8986.2007.00542.x), so neither its rate nor what is read at that rate means anything
then. Heart rate stays readable.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray
from physio.estimate import Estimate, Estimates, withheld
from physio.measures import MEASURES
from physio.reasons import Reason, ReasonCode
from pipelines.session.events import AnyEvent, Talking

Span = tuple[float, float]
"""Start and end in seconds on the session clock; the end is infinite while it lasts."""


def _breathes(name: str) -> bool:
    """Return whether a measure rests on the breathing rate, or on one that does."""
    needs = MEASURES[name].needs if name in MEASURES else ()
    return name == "breathing_rate" or any(map(_breathes, needs))


FROM_BREATHING = frozenset({"rhythm_regularity", *filter(_breathes, MEASURES)})
REASON = Reason(ReasonCode.WHILE_TALKING)


def talked(spans: tuple[Span, ...], event: Talking) -> tuple[Span, ...]:
    """Return the stretches of talking after one more event."""
    going = bool(spans) and spans[-1][1] == inf
    if event.on and not going:
        return (*spans, (event.time, inf))
    if going and not event.on:
        return (*spans[:-1], (spans[-1][0], event.time))
    return spans


def talked_in(events: Iterable[AnyEvent]) -> tuple[Span, ...]:
    """Return the stretches of talking that a log tells of."""
    spans: tuple[Span, ...] = ()
    for event in events:
        if isinstance(event, Talking):
            spans = talked(spans, event)
    return spans


def overlaps(spans: Sequence[Span], start: ArrayLike, end: ArrayLike) -> BoolArray:
    """Return for each of m windows whether somebody talked in it."""
    first, last = np.atleast_1d(start), np.atleast_1d(end)
    found = np.zeros(len(first), dtype=bool)
    for begin, stop in spans:
        found |= (first < stop) & (last > begin)
    return found


def silenced(estimates: Mapping[str, Estimates], over_talk: BoolArray) -> dict[str, Estimates]:
    """Return the estimates of m windows, withholding breathing where somebody talked."""
    return {
        name: found.withheld_where(over_talk, REASON) if name in FROM_BREATHING else found
        for name, found in estimates.items()
    }


def hushed(
    estimates: Mapping[str, Estimate],
    spans: Sequence[Span],
    end: float,
    reason: Reason = REASON,
    hidden: Container[str] = FROM_BREATHING,
) -> dict[str, Estimate]:
    """Return the estimates of trailing windows that end at `end` (s), as `silenced`.

    Unless told, what rests on breathing is `hidden` by the `spans`, which are of talking.
    """
    return {
        name: _withheld(one, reason) if name in hidden and _talked(spans, one, end) else one
        for name, one in estimates.items()
    }


def _talked(spans: Sequence[Span], estimate: Estimate, end: float) -> bool:
    return bool(overlaps(spans, end - estimate.window, end).any())


def _withheld(estimate: Estimate, reason: Reason) -> Estimate:
    return withheld(
        estimate.unit,
        reason,
        window=estimate.window,
        coverage=estimate.coverage,
        corrected=estimate.corrected,
    )
