"""What a person looks at in a stored hour, and where each key leads from there, without Qt.

    the whole hour ─ Enter ─► two minutes of it ─ S ─► a stretch ─ O ─► why it is left out
          ◄─ Esc ──────────────────── ◄─ Esc ─────────── ◄─ Esc ──────────┘

A look is frozen; `pressed` returns the next one, and what is to be asked of the desk beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TypeAlias

from pipelines.analysis import Reviewed, ReviewedMoment
from pipelines.recording import Omit, Redraw, ShowHeart, ShowSway, TakeBack
from pipelines.session import BaselineBand, LeftOutReason, Points, Span

TWO_MINUTES = 120.0
CLOSEST = 30.0
"""Seconds that are seen at least."""
ZOOM = 2.0 / 3.0
"""What each step of zooming leaves of the time in view."""
SCRUB = 0.1
"""Share of the time in view that a key scrubs by."""
SHORTEST_BASELINE = 60.0
"""Seconds; no shorter stretch is offered as a baseline."""
SHORTEST_STRETCH = 1.0
REASONS = tuple(LeftOutReason)

Decision: TypeAlias = Omit | Redraw | TakeBack | ShowHeart | ShowSway


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A session that is open for review: what is told of it, and the points of its trace."""

    reviewed: Reviewed
    points: Points

    @property
    def end(self) -> float:
        """Until when there is something to see, in s."""
        last = float(self.points.time[-1]) if len(self.points) else 0.0
        return max(self.reviewed.duration_s, last, CLOSEST)

    @property
    def bands(self) -> tuple[BaselineBand, ...]:
        """The baselines of the postures that were held, each once."""
        return tuple(dict.fromkeys(one.own for one in self.reviewed.held if one.own is not None))

    def band(self, time: float) -> BaselineBand | None:
        """Return the baseline that heart rate is compared with at a time (s)."""
        return next(
            (
                one.own
                for one in self.reviewed.held
                if one.start <= time < (inf if one.end is None else one.end)
            ),
            None,
        )

    @property
    def moments(self) -> tuple[ReviewedMoment, ...]:
        """The moments in order."""
        return self.reviewed.moments


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked at.

    Attributes
    ----------
    moment : int
        Which moment is chosen.
    zoom : (start, end) or None
        The seconds in view, None for the whole hour.
    anchor : float or None
        Where a stretch begins that reaches to the middle of what is in view, None for no stretch.
    why : bool
        Whether it is asked why that stretch is left out.
    guesses : bool
        Whether what the therapist guessed stands in the place of the moments.
    """

    moment: int = 0
    zoom: Span | None = None
    anchor: float | None = None
    why: bool = False
    guesses: bool = False

    @property
    def middle(self) -> float:
        """The middle of what is in view, 0 for the whole hour."""
        return 0.0 if self.zoom is None else (self.zoom[0] + self.zoom[1]) / 2.0

    @property
    def stretch(self) -> Span | None:
        """The stretch that is chosen, None where there is none that lasts."""
        if self.anchor is None:
            return None
        start, end = sorted((self.anchor, self.middle))
        return (start, end) if end - start >= SHORTEST_STRETCH else None


Move: TypeAlias = tuple[Looking, Decision | None]


def seen(looking: Looking, opened: Opened) -> Span:
    """Return from when to when is in view, in s."""
    return (0.0, opened.end) if looking.zoom is None else looking.zoom


def settled(looking: Looking, opened: Opened | None) -> Looking:
    """Return the look as it is possible after news of the session."""
    count = 0 if opened is None else len(opened.moments)
    return replace(looking, moment=min(looking.moment, max(count - 1, 0)))


def actions(looking: Looking, opened: Opened | None) -> frozenset[str]:
    """Return what can be done now."""
    if opened is None:
        return frozenset({"away"})
    if looking.why:
        return frozenset({"away", *(f"because {place}" for place in range(len(REASONS)))})
    if looking.guesses:
        return frozenset({"away", "guesses"})
    found = {"away", "home", "end", "closer", "report", "hand over"}
    if len(opened.moments) > 1:
        found |= {"before", "after"}
    if opened.moments:
        found |= {"moment", "words"}
    if opened.reviewed.undoable:
        found.add("undo")
    if len(opened.points):
        found.add("sway")
    if opened.reviewed.guessed is not None:
        found.add("guesses")
    if other_heart(opened) is not None:
        found.add("heart")
    if looking.zoom is None:
        return frozenset(found)
    found |= {"left", "right", "wider", "stretch"}
    stretch = looking.stretch
    if stretch is not None:
        found.add("omit")
    if stretch is not None and stretch[1] - stretch[0] >= SHORTEST_BASELINE:
        found.add("redraw")
    return frozenset(found)


def other_heart(opened: Opened) -> str | None:
    """Return the role of whose heart comes next, None where the session holds one alone."""
    roles = opened.reviewed.roles
    if len(set(roles)) < 2 or opened.reviewed.role not in roles:
        return None
    return roles[(roles.index(opened.reviewed.role) + 1) % len(roles)]


def pressed(looking: Looking, action: str, opened: Opened) -> Move:
    """Return the look after an action of `actions`, and what to ask of the desk."""
    if action not in actions(looking, opened):
        return looking, None
    match action:
        case "before" | "after":
            return _next(looking, -1 if action == "before" else 1, opened), None
        case "moment":
            return _two_minutes(looking, opened), None
        case "left" | "right":
            return scrubbed(looking, -SCRUB if action == "left" else SCRUB, opened), None
        case "home" | "end":
            return _to_end(looking, opened, last=action == "end"), None
        case "closer" | "wider":
            return zoomed(looking, 1 if action == "closer" else -1, None, opened), None
        case "stretch":
            anchor = looking.middle if looking.anchor is None else None
            return replace(looking, anchor=anchor), None
        case "omit":
            return replace(looking, why=True), None
        case "redraw" if looking.stretch is not None:
            return replace(looking, anchor=None), Redraw(*looking.stretch)
        case "undo":
            return looking, TakeBack()
        case "guesses":
            return replace(looking, guesses=not looking.guesses), None
        case "sway":
            return looking, ShowSway(not opened.reviewed.sway)
        case "heart" if (role := other_heart(opened)) is not None:
            return replace(looking, anchor=None), ShowHeart(role)
        case _ if action.startswith("because ") and looking.stretch is not None:
            reason = REASONS[int(action.removeprefix("because "))]
            return replace(looking, anchor=None, why=False), Omit(*looking.stretch, reason)
    return looking, None


def back(looking: Looking) -> Looking | None:
    """Return the look one step back, None where the next step closes the review."""
    if looking.why:
        return replace(looking, why=False)
    if looking.anchor is not None:
        return replace(looking, anchor=None)
    if looking.guesses:
        return replace(looking, guesses=False)
    return None if looking.zoom is None else replace(looking, zoom=None)


def scrubbed(looking: Looking, share: float, opened: Opened) -> Looking:
    """Return the look moved on by a share of the time in view."""
    if looking.zoom is None or looking.why:
        return looking
    start, end = looking.zoom
    return _within(looking, start + share * (end - start), end - start, opened)


def zoomed(looking: Looking, steps: float, place: float | None, opened: Opened) -> Looking:
    """Return the look so many steps closer, or wider, around a time in s that stays in place.

    Without one that is the middle, or the chosen moment where the whole hour is in view.
    """
    if looking.why:
        return looking
    start, end = seen(looking, opened)
    whole, length = looking.zoom is None, end - start
    if place is None:
        place = _time(looking, opened) if whole else looking.middle
    longer = max(length * ZOOM**steps, CLOSEST)
    if longer >= opened.end:
        return replace(looking, zoom=None, anchor=None)
    share = (place - start) / length
    return _within(looking, place - share * longer, longer, opened)


def placed(looking: Looking, time: float, opened: Opened) -> Looking:
    """Return the look with two minutes around a time (s) in view, or that time in the middle."""
    if looking.why:
        return looking
    start, end = seen(looking, opened)
    length = TWO_MINUTES if looking.zoom is None else end - start
    return _within(looking, time - length / 2.0, length, opened)


def _within(looking: Looking, start: float, length: float, opened: Opened) -> Looking:
    """Return the look from `start` on; its middle stays in the hour."""
    begin = min(max(start, -length / 2.0), opened.end - length / 2.0)
    return replace(looking, zoom=(begin, begin + length))


def _next(looking: Looking, step: int, opened: Opened) -> Looking:
    count = len(opened.moments)
    chosen = replace(looking, moment=min(max(looking.moment + step, 0), count - 1))
    if looking.zoom is None or looking.anchor is not None:
        return chosen
    return placed(chosen, _time(chosen, opened), opened)


def _two_minutes(looking: Looking, opened: Opened) -> Looking:
    time = _time(looking, opened)
    return _within(looking, time - TWO_MINUTES / 2.0, TWO_MINUTES, opened)


def _to_end(looking: Looking, opened: Opened, *, last: bool) -> Looking:
    if looking.zoom is None:
        return replace(looking, moment=max(len(opened.moments) - 1, 0) if last else 0)
    length = looking.zoom[1] - looking.zoom[0]
    return _within(looking, opened.end - length if last else 0.0, length, opened)


def _time(looking: Looking, opened: Opened) -> float:
    """Return the chosen moment's time, the middle of the hour where there is none."""
    if not opened.moments:
        return opened.end / 2.0
    return opened.moments[looking.moment].change.time_s
