"""In what circumstances a wearer's heart beats: posture, talking, movement.

Heart rate is another lying than standing, and another talking than silent, so that it is compared
with a baseline of the same posture and speech alone, and not at all while a change of posture still
moves it. A moving body raises it by itself: without an accelerometer nobody can say by how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np

from physio.arousal.baseline import Baseline
from physio.beats import BoolArray, FloatArray
from physio.estimate import Estimate, Estimates
from physio.reasons import Reason, ReasonCode
from pipelines.session.events import (
    AnyEvent,
    LeftOut,
    Packet,
    Part,
    PartName,
    Posture,
    PostureName,
    TalkBaseline,
    Talking,
    TalkingLikely,
)
from pipelines.session.events import Baseline as BaselineChoice
from pipelines.session.talking import (
    LIKELY,
    SILENT,
    Span,
    Speech,
    apart,
    hushed,
    overlaps,
    silenced,
)

SETTLING = 120.0
"""Seconds after a change of posture in which nothing is compared."""

NAMED_FIRST = 60.0
"""Seconds from the start within which the first posture named is the one that it began in."""

PRESSED_ON = 5.0
"""Seconds within which another posture corrects the one before it: a key goes round through all."""

POSTURE_CHANGED = Reason(ReasonCode.POSTURE_CHANGED)
NO_BASELINE_OF_POSTURE = Reason(ReasonCode.NO_BASELINE_OF_POSTURE)
NO_BASELINE_OF_TALKING = Reason(ReasonCode.NO_BASELINE_OF_TALKING)
MOVING = Reason(ReasonCode.MOVING)
LEFT_OUT = Reason(ReasonCode.LEFT_OUT)

Changes: TypeAlias = tuple[tuple[float, PostureName], ...]
"""From when (s) each posture was held, in order; none is named before the first."""

T = TypeVar("T")


class Condition(NamedTuple):
    """What a baseline is of, and what a moment must be in to be compared with it."""

    posture: PostureName = PostureName.NONE
    talking: bool = False


UNTOLD = Condition()
"""Of a moment of which nothing is told: silent, in no posture that was named."""

Baselines: TypeAlias = Mapping[Condition, Baseline | None]
"""The newest of each condition; None where the stretch chosen cannot be one."""


def postured(changes: Changes, event: Posture) -> Changes:
    """Return the postures of a wearer after one more event.

    Naming the one that is held changes nothing.
    """
    if not changes and event.time <= NAMED_FIRST:
        return ((-inf, event.name),)
    if changes and event.time - changes[-1][0] <= PRESSED_ON:
        changes = changes[:-1]
    held = changes[-1][1] if changes else PostureName.NONE
    return changes if event.name is held else (*changes, (event.time, event.name))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Those of one wearer, as far as a log told of them.

    Attributes
    ----------
    talks, likely, moves : tuple of (start, end)
        Stretches of talking, those of them that were only heard, and parts in which the body
        moves, in s.
    postures : tuple of (start, PostureName)
        From when each posture was held.
    sensed : bool
        Whether an accelerometer tells how much the body moves.
    left_out : tuple of LeftOut
        What a person left out afterwards, as it stands.
    """

    talks: tuple[Span, ...] = ()
    moves: tuple[Span, ...] = ()
    postures: Changes = ()
    sensed: bool = False
    left_out: tuple[LeftOut, ...] = ()
    likely: tuple[Span, ...] = ()

    @property
    def told(self) -> tuple[Span, ...]:
        """Stretches of talking in s that somebody told of."""
        return apart(self.talks, self.likely) if self.likely else self.talks

    @property
    def omitted(self) -> tuple[Span, ...]:
        """Stretches in s in which nothing at all is read, as a person left them out."""
        return tuple((one.start, one.end) for one in self.left_out)

    @property
    def unsettled(self) -> tuple[Span, ...]:
        """Stretches in s in which a change of posture still moves heart rate."""
        return tuple((time, time + SETTLING) for time, _ in self.postures if time > -inf)

    @property
    def moved(self) -> tuple[Span, ...]:
        """Stretches in s in which the body moves and nothing tells how much."""
        return () if self.sensed else self.moves

    @property
    def unread(self) -> tuple[Span, ...]:
        """Stretches in s in which heart rate says nothing of arousal."""
        return (*self.talks, *self.unsettled, *self.moved, *self.omitted)

    def is_likely(self, time: float) -> bool:
        """Return whether it was only heard that somebody talks at `time` (s), as known by then."""
        return bool(self.likely) and time < self.likely[-1][1]

    def hidden(self, time: float) -> Reason | None:
        """Return why heart rate itself is not read at `time` (s), None where it is."""
        return MOVING if _inside(self.moved, time) else None

    def posture(self, time: float) -> PostureName:
        """Return the posture that is held at `time` (s)."""
        return held(self.postures, PostureName.NONE, time)

    def condition(self, time: float) -> Condition:
        """Return what the moment `time` (s) is in, as far as is known by then."""
        return Condition(self.posture(time), any(time < end for _, end in self.talks))

    def uncompared(self, time: float, known: Baselines) -> Reason | None:
        """Return why heart rate is not compared with a baseline at `time` (s), None where it is."""
        if (hidden := self.hidden(time)) is not None:
            return hidden
        if _inside(self.unsettled, time):
            return POSTURE_CHANGED
        condition = self.condition(time)
        if known.get(condition) is not None or not any(known.values()):
            return None
        return NO_BASELINE_OF_TALKING if condition.talking else NO_BASELINE_OF_POSTURE

    def own(self, time: float, known: Baselines) -> Baseline | None:
        """Return the baseline that the moment `time` (s) is compared with."""
        if self.uncompared(time, known) is not None:
            return None
        return known.get(self.condition(time))

    def alike_since(self, time: float) -> float:
        """Return from when on (s) everything was as it is at `time`: speech, posture, stillness."""
        now = [start if time < end else end for start, end in self.talks if start <= time]
        over = [min(end, time) for start, end in (*self.unsettled, *self.moves) if start <= time]
        return max((*now, *over), default=-inf)

    def of_baseline(self, choice: BaselineChoice | TalkBaseline) -> Condition:
        """Return what a stretch is a baseline of: of the posture it ended in."""
        return Condition(self.posture(choice.end), isinstance(choice, TalkBaseline))

    def owns(self, times: FloatArray, known: Baselines) -> list[Baseline | None]:
        """Return the baseline that each of m moments (s), looked back at, is compared with."""
        compared = ~(within(self.unsettled, times) | within(self.moved, times))
        each = zip(
            compared.tolist(),
            [held(self.postures, PostureName.NONE, time) for time in times.tolist()],
            within(self.talks, times).tolist(),
            strict=True,
        )
        return [known.get(Condition(*where)) if read else None for read, *where in each]


PLAIN = Circumstances()
"""Those of a log that tells of none."""


def held(changes: Sequence[tuple[float, T]], before: T, time: float) -> T:
    """Return what holds at `time` (s) of what began at these times, `before` the first of them."""
    begun = [one for start, one in changes if start <= time]
    return begun[-1] if begun else before


def within(spans: Sequence[Span], times: FloatArray) -> BoolArray:
    """Return whether each of m moments (s) lies inside a stretch, its end left out."""
    found = np.zeros(len(times), dtype=bool)
    for start, end in spans:
        found |= (times >= start) & (times < end)
    return found


def readable(
    estimates: Mapping[str, Estimates], around: Circumstances, start: FloatArray, end: FloatArray
) -> dict[str, Estimates]:
    """Return the estimates of m windows, withholding what talking or movement in them hides.

    Of a window that holds anything left out nothing is told.
    """
    moved = overlaps(around.moved, start, end)
    heard = silenced(estimates, overlaps(around.likely, start, end), LIKELY)
    told = silenced(heard, overlaps(around.told, start, end))
    gone = overlaps(around.omitted, start, end)
    return {
        name: found.withheld_where(moved, MOVING).withheld_where(gone, LEFT_OUT)
        for name, found in told.items()
    }


def readable_at(
    estimates: Mapping[str, Estimate], around: Circumstances, end: float
) -> dict[str, Estimate]:
    """Return the estimates of trailing windows that end at `end` (s), as `readable`."""
    heard = hushed(estimates, around.likely, end, LIKELY)
    told = hushed(hushed(heard, around.told, end), around.moved, end, MOVING, estimates)
    return hushed(told, around.omitted, end, LEFT_OUT, estimates)


def _inside(spans: Sequence[Span], time: float) -> bool:
    return any(start <= time < end for start, end in spans)


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of everybody in a session: a fold over its events."""

    speech: Speech = SILENT
    moves: tuple[Span, ...] = ()
    postures: Mapping[int, Changes] = field(default_factory=lambda: MappingProxyType({}))
    sensed: frozenset[int] = frozenset()
    left_out: tuple[LeftOut, ...] = ()

    def after(self, event: AnyEvent) -> Setting:
        """Return the setting after one more event, this very one where nothing changes."""
        match event:
            case Talking() | TalkingLikely():
                return replace(self, speech=self.speech.after(event))
            case Posture():
                now = postured(self.postures.get(event.source, ()), event)
                return replace(
                    self, postures=MappingProxyType({**self.postures, event.source: now})
                )
            case LeftOut():
                return replace(self, left_out=(*self.left_out, event))
            case Part():
                return replace(self, moves=_moved(self.moves, event))
            case Packet(source=source, kind="acc") if source not in self.sensed:
                return replace(self, sensed=self.sensed | {source})
        return self

    def without(self, event: LeftOut) -> Setting:
        """Return the setting as it is where one stretch is left out no more."""
        place = self.left_out.index(event)
        return replace(self, left_out=(*self.left_out[:place], *self.left_out[place + 1 :]))

    def of(self, source: int) -> Circumstances:
        """Return the circumstances of one wearer."""
        return Circumstances(
            talks=self.speech.all,
            likely=self.speech.likely,
            moves=self.moves,
            postures=self.postures.get(source, ()),
            sensed=source in self.sensed,
            left_out=tuple(one for one in self.left_out if one.source == source),
        )


def _moved(moves: tuple[Span, ...], event: Part) -> tuple[Span, ...]:
    if moves and moves[-1][1] == inf:
        moves = (*moves[:-1], (moves[-1][0], event.time))
    return (*moves, (event.time, inf)) if event.name is PartName.MOVEMENT else moves
