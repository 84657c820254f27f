"""Marks that were made in another program, and which of them a session has not got yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import inf, nextafter
from typing import Final

import msgspec

from pipelines.harmless import harmless
from pipelines.session.events import AnyEvent, Mark
from pipelines.session.snapshot import MarkView

ALIKE: Final = 0.001
"""Seconds within which marks of the same words are one: other programs count milliseconds."""


def new_marks(
    log: Iterable[AnyEvent], found: Iterable[MarkView], *, now: float
) -> tuple[Mark, ...]:
    """Return the events that add what was `found` to a session, said at `now` (s).

    A mark that is there already, by words that it bears or bore, is not added again; each is taken
    for one of those found at most.

    Examples
    --------
    >>> there = [Mark(3.0, "hip"), Mark(9.0, "hip, left", replaces=3.0)]
    >>> new_marks(there, [MarkView(3.0004, "hip"), MarkView(5.0, "")], now=9.0)
    (Mark(time=9.0, text='', moment=5.0),)
    """
    words = _words(log)
    there = defaultdict[str, list[float]](list)
    for moment in sorted(words):
        for text in words[moment]:
            there[text].append(moment)
    given = defaultdict[str, list[float]](list)
    for one in found:
        given[harmless(one.text, most=None)].append(one.time)
    lacking = [
        MarkView(time, text)
        for text, times in given.items()
        for time in _unmatched(sorted(times), there[text])
    ]
    taken, added = set(words), list[Mark]()
    for time, text in sorted(map(msgspec.structs.astuple, lacking)):
        moment = _free(time, taken)
        taken.add(moment)
        added.append(Mark(now, text, moment=moment))
    return tuple(added)


def _words(log: Iterable[AnyEvent]) -> dict[float, set[str]]:
    """Return the words that each mark that stands bears or bore, by its moment."""
    words: dict[float, set[str]] = {}
    for event in log:
        match event:
            case Mark(replaces=None, text=text, time=time, moment=moment):
                own = words.setdefault(time if moment is msgspec.UNSET else moment, set())
                own.add(harmless(text, most=None))
            case Mark(replaces=float(moment), removed=True):
                words.pop(moment, None)
            case Mark(replaces=float(moment), text=text) if moment in words:
                words[moment].add(harmless(text, most=None))
    return words


def _unmatched(times: Sequence[float], there: Sequence[float]) -> list[float]:
    """Return the times that none of those that are there is alike; both in order."""
    left, place = [], 0
    for time in times:
        while place < len(there) and there[place] < time - ALIKE * (1.0 + 1e-6):
            place += 1
        if place < len(there) and there[place] <= time + ALIKE * (1.0 + 1e-6):
            place += 1
        else:
            left.append(time)
    return left


def _free(time: float, taken: set[float]) -> float:
    """Return the moment nearest after `time` that no mark bears: a moment is a mark's name."""
    while time in taken:
        time = nextafter(time, inf)
    return time
