"""What a therapist sensed before looking: theirs alone, so no part of what is handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite

import msgspec

from pipelines.session.events import AnyEvent, Guess, Guessing
from pipelines.session.talking import Span


@dataclass(frozen=True, slots=True)
class Guesses:
    """What a log tells of guessing.

    Attributes
    ----------
    covered : tuple of Span
        Stretches in which the picture was covered; the end of the last is infinite where it was to
        the end.
    moments : tuple of float
        When a rise was sensed, in s, in order.
    """

    covered: tuple[Span, ...] = ()
    moments: tuple[float, ...] = ()


def guesses_of(events: Iterable[AnyEvent]) -> Guesses:
    """Return what a log tells of guessing.

    Examples
    --------
    >>> from pipelines.session import Guess, Guessing, guesses_of
    >>> guesses_of([Guessing(10.0, True), Guess(31.0, moment=30.0), Guessing(60.0, False)])
    Guesses(covered=((10.0, 60.0),), moments=(30.0,))
    """
    covered: list[Span] = []
    begun: float | None = None
    moments: list[float] = []
    for event in events:
        match event:
            case Guessing(time=time, on=True):
                begun = time if begun is None else begun
            case Guessing(time=time, on=False) if begun is not None:
                covered.append((begun, time))
                begun = None
            case Guess(time=time, moment=moment):
                moments.append(time if moment is msgspec.UNSET else moment)
    if begun is not None:
        covered.append((begun, inf))
    return Guesses(tuple(covered), tuple(sorted(filter(isfinite, moments))))
