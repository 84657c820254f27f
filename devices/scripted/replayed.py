"""A recording as a strap: what arrived arrives again, at the recorded times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

from devices.codec import SERIES
from devices.scripted.script import Back, Drop, End, Notify, Script, Step

MOST_CHANNELS = 64
"""No strap sends more of one kind."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet that arrived at `time` s on the session clock; the rest as in `Notification`."""

    time: float
    kind: str
    data: bytes
    rate: float | None = None
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """The link was lost from `start` to `end` in seconds; None if it did not come back."""

    start: float
    end: float | None = None


REPLAY = "replay"
"""The address of a recording that is played again, and its name unless it has one."""


def replay_script(
    arrivals: Sequence[Arrival],
    *,
    losses: Iterable[Loss] = (),
    end: float | None = None,
    name: str = REPLAY,
    address: str = REPLAY,
) -> Script:
    """Return the part of a strap that repeats a recording.

    Nothing is left out: where a packet is recorded inside a loss, the loss ends before it.

    Parameters
    ----------
    arrivals : sequence of Arrival
        In order of time, not before 0, of series that a strap sends.
    losses : iterable of Loss
        Lost links of the recording.
    end : float, optional
        End of the recording in seconds; the last arrival or loss if None.

    Raises
    ------
    ValueError
        If the arrivals are not in order, of another series, or not on a session clock.
    """
    times = [arrival.time for arrival in arrivals]
    _check(times, arrivals)
    steps: list[Step] = [
        Notify(one.time, one.data, one.kind, one.rate, one.channel) for one in arrivals
    ]
    for loss in sorted(losses, key=lambda one: one.start):
        steps += _loss_steps(loss, times)
    # Sorting keeps equal times in order: a loss begins after the packet of the same moment, and
    # ends before one.
    steps.sort(key=lambda step: (step.time, _RANK[type(step)]))
    last = max([step.time for step in steps], default=0.0)
    steps.append(End(last if end is None else max(end, last)))
    return Script(name, address, tuple(steps), waits=True)


_RANK: dict[type[Step], int] = {Back: 0, Notify: 1, Drop: 2, End: 3}


def _check(times: list[float], arrivals: Sequence[Arrival]) -> None:
    if any(later < earlier for earlier, later in pairwise(times)):
        raise ValueError("arrivals must be in order of time")
    if times and not (times[0] >= 0 and isfinite(times[-1])):
        raise ValueError(f"arrivals must lie on the session clock, from 0 s on; got {times[0]} s")
    unknown = sorted({one.kind for one in arrivals if not is_sent(one.kind, one.channel)})
    if unknown:
        raise ValueError(f"arrivals must be of series that a strap sends, got {unknown}")


def is_sent(kind: str, channel: int) -> bool:
    """Return whether a strap, real or scripted, can send such a series."""
    known = kind in SERIES and SERIES[kind].characteristic is not None
    return known and 0 <= channel < MOST_CHANNELS


def _loss_steps(loss: Loss, times: list[float]) -> list[Step]:
    following = next((time for time in times if time > loss.start), inf)
    back = min(inf if loss.end is None else loss.end, following)
    if back <= loss.start:
        return []
    return [Drop(loss.start)] if back == inf else [Drop(loss.start), Back(back)]
