"""Talking breaks breathing, and with it what is read from breathing: such values are withheld.

Breathing while talking is erratic and broadband (Beda et al. 2007, doi
10.1111/j.1469-8986.2007.00542.x), so neither its rate nor what is read at that rate means anything
then. Heart rate stays readable. Who talks is told by a key, or heard as likely by a microphone;
both hide the same, and each says which it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray
from physio.estimate import Estimate, Estimates, withheld
from physio.measures import MEASURES
from physio.reasons import Reason, ReasonCode
from pipelines.session.events import AnyEvent, Talking, TalkingLikely

Span = tuple[float, float]
"""Start and end in seconds on the session clock; the end is infinite while it lasts."""


def _breathes(name: str) -> bool:
    """Return whether a measure rests on the breathing rate, or on one that does."""
    needs = MEASURES[name].needs if name in MEASURES else ()
    return name == "breathing_rate" or any(map(_breathes, needs))


FROM_BREATHING = frozenset({"rhythm_regularity", *filter(_breathes, MEASURES)})
REASON = Reason(ReasonCode.WHILE_TALKING)
LIKELY = Reason(ReasonCode.WHILE_TALKING_LIKELY)


@dataclass(frozen=True)
class Speech:
    """What a log tells of talking: a fold over its events.

    Attributes
    ----------
    told, heard : tuple of Span
        Stretches by the key, and as a microphone heard them.
    """

    told: tuple[Span, ...] = ()
    heard: tuple[Span, ...] = ()

    def after(self, event: AnyEvent) -> Speech:
        """Return the speech after one more event, this very one where nothing changes."""
        match event:
            case Talking(time=time, on=on):
                return replace(self, told=talked(self.told, time, on=on))
            case TalkingLikely(time=time, on=on):
                return replace(self, heard=talked(self.heard, time, on=on))
        return self

    @cached_property
    def all(self) -> tuple[Span, ...]:
        """Stretches of talking, told or heard, none of which touch."""
        if self.told and self.heard:
            return joined((*self.told, *self.heard))
        return self.told or self.heard

    @cached_property
    def likely(self) -> tuple[Span, ...]:
        """Stretches of talking that were only heard."""
        return apart(self.heard, self.told) if self.told and self.heard else self.heard


SILENT = Speech()
"""Of a log that tells of no talking."""


def talked(spans: tuple[Span, ...], time: float, *, on: bool) -> tuple[Span, ...]:
    """Return the stretches of talking after it began or ended at `time` (s)."""
    going = bool(spans) and spans[-1][1] == inf
    if on and not going:
        return (*spans, (time, inf))
    if going and not on:
        return (*spans[:-1], (spans[-1][0], time))
    return spans


def speech_in(events: Iterable[AnyEvent]) -> Speech:
    """Return what a log tells of talking."""
    speech = SILENT
    for event in events:
        speech = speech.after(event)
    return speech


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return stretches in order, those that touch as one.

    Examples
    --------
    >>> joined([(4.0, 6.0), (0.0, 2.0), (5.0, 9.0)])
    ((0.0, 2.0), (4.0, 9.0))
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def apart(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of stretches that lie in none of the others.

    Examples
    --------
    >>> apart([(0.0, 9.0)], [(2.0, 3.0), (8.0, 12.0)])
    ((0.0, 2.0), (3.0, 8.0))
    """
    covered, found = joined(others), list[Span]()
    ends = [end for _, end in covered]
    for first, last in spans:
        for start, end in covered[bisect_right(ends, first) :]:
            if start >= last:
                break
            if first < start:
                found.append((first, start))
            first = end
        if first < last:
            found.append((first, last))
    return tuple(found)


def overlaps(spans: Sequence[Span], start: ArrayLike, end: ArrayLike) -> BoolArray:
    """Return for each of m windows whether somebody talked in it."""
    first, last = np.atleast_1d(start), np.atleast_1d(end)
    found = np.zeros(len(first), dtype=bool)
    for begin, stop in spans:
        found |= (first < stop) & (last > begin)
    return found


def silenced(
    estimates: Mapping[str, Estimates], over_talk: BoolArray, reason: Reason = REASON
) -> dict[str, Estimates]:
    """Return the estimates of m windows, withholding breathing where somebody talked."""
    return {
        name: found.withheld_where(over_talk, reason) if name in FROM_BREATHING else found
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
    start = end - estimate.window
    return any(start < stop and end > begin for begin, stop in spans)


def _withheld(estimate: Estimate, reason: Reason) -> Estimate:
    return withheld(
        estimate.unit,
        reason,
        window=estimate.window,
        coverage=estimate.coverage,
        corrected=estimate.corrected,
    )
