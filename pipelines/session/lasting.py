"""How long a session lasts: until its newest event, and once it has finished no longer.

What is said of it afterwards, such as other words for a moment, bears the time at which it was said
and makes nothing longer. A session that goes on after its end lasts on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.session.events import AnyEvent, Phase, PhaseName


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long a session has lasted in s, and whether it is over."""

    time: float = 0.0
    over: bool = False


def elapsed(events: Iterable[AnyEvent], before: Elapsed = Elapsed()) -> Elapsed:
    """Return how long a session lasts with `events`, the next of its log after `before`.

    Examples
    --------
    >>> from pipelines.session import Mark, Phase, PhaseName
    >>> end = Phase(60.0, PhaseName.FINISHED)
    >>> elapsed([Mark(20.0, ""), end, Mark(90.0, "words", replaces=20.0)])
    Elapsed(time=60.0, over=True)
    """
    time, over = before.time, before.over
    for event in events:
        if isinstance(event, Phase):
            over = event.name is PhaseName.FINISHED
            time = max(time, event.time)
        elif not over and event.time > time:
            time = event.time
    return Elapsed(time, over)


def said_at(log: Sequence[AnyEvent], passed: float) -> float:
    """Return when something is said of a session `passed` s after it began: after all in its log.

    What did not come to its own end grows no longer by it.

    Examples
    --------
    >>> from pipelines.session import Phase, PhaseName
    >>> said_at([Phase(60.0, PhaseName.FINISHED)], 3600.0)
    3600.0
    >>> said_at([Phase(60.0, PhaseName.SESSION)], 3600.0)
    60.0
    """
    lasted = elapsed(log)
    if not lasted.over:
        return lasted.time
    return max(passed, *(event.time for event in log))
