"""The course of a practice, from before its first breath to its close: values, pure functions.

Time is the view's clock in seconds; nothing here draws, waits or asks a session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from gui.practice.assessing import guided
from gui.practice.guide import (
    LEAD_IN,
    Guide,
    begin,
    breathe,
    breathed,
    change_pace,
    pace,
    pacer_at,
    rest,
)
from physio.breathing.assessment import Course, Step, steps_of
from physio.breathing.pacer import FASTEST, SLOWEST
from pipelines.language import tr
from pipelines.session import LATE


class Stage(Enum):
    """What the practice does."""

    BEFORE = "before the first breath"
    LISTENING = "how fast the person breathes is found out"
    BREATHING = "breathing"
    PAUSED = "paused"
    ASSESSING = "which pace suits the heart is found out"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice and its guide.

    Attributes
    ----------
    guide : Guide
        The circle as a function of time.
    stage : Stage
        What goes on, under the calm screen too.
    calm : bool
        Whether the calm screen is shown.
    length : float or None
        Seconds of breathing that were asked for; None to go on for ever.
    goal : float or None
        Seconds of breathing, from the beginning, after which it ends with that breath.
    last_breath_ends : float or None
        When the last breath of the goal ends, once that is known.
    steps : tuple of Step
        The course of an assessment, while one goes on.
    """

    guide: Guide
    stage: Stage
    calm: bool
    length: float | None
    goal: float | None
    last_breath_ends: float | None = None
    steps: tuple[Step, ...] = ()


def start(
    at: float, rate: float, inhale: float, minutes: float | None, *, pause: float = 0.0
) -> Practice:
    """Return a practice that begins `at` (s) after a short look at the circle.

    Raises
    ------
    ValueError
        If `rate` is not within 4 to 24 breaths/min, `inhale` not within 0.2 to 0.8, `pause` not
        within 0 to 0.1, or `minutes` not above 0.
    """
    if minutes is not None and not minutes > 0.0:
        raise ValueError(
            tr("The practice must last more than 0 minutes; got {minutes:g}.", minutes=minutes)
        )
    length = None if minutes is None else 60.0 * minutes
    guide = begin(at, rate, inhale, pause=pause)
    return Practice(guide, Stage.BREATHING, calm=False, length=length, goal=length)


def waiting(practice: Practice, at: float) -> Practice:
    """Return the practice before its first breath, `at` (s) which it was to start."""
    return replace(practice, guide=rest(practice.guide, at), stage=Stage.BEFORE)


def listening(practice: Practice) -> Practice:
    """Return a waiting practice that finds out how fast the person breathes by themselves."""
    return replace(practice, stage=Stage.LISTENING)


def begun(practice: Practice, now: float, own: float | None = None) -> Practice:
    """Return a waiting practice breathing, after a short look at the circle.

    It begins with the person's `own` rate (breaths/min), within what the guide offers, and eases to
    the one that was chosen, or begins with that where the own one is not known.
    """
    first = practice.guide.target if own is None else min(max(own, SLOWEST), FASTEST)
    guide = breathe(replace(practice.guide, rate=first), now + LEAD_IN)
    return replace(practice, guide=guide, stage=Stage.BREATHING)


def ended(practice: Practice, now: float) -> Practice:
    """Return the practice at its close, whatever was shown and however long it has been."""
    return replace(_resting(practice, now), stage=Stage.FINISHED, calm=False, steps=())


def assessing(practice: Practice, course: Course, now: float) -> Practice:
    """Return the practice that finds out which pace suits, after a short look at the circle."""
    steps = steps_of(course, practice.guide.inhale, at=now + LEAD_IN)
    guide = guided(practice.guide, steps)
    return replace(practice, guide=guide, stage=Stage.ASSESSING, steps=steps)


def advanced(practice: Practice, now: float) -> Practice:
    """Return the practice as it is `now`: it ends with the breath in which the goal is reached.

    An assessment ends once the beats of its last breath have come.
    """
    if practice.stage is Stage.ASSESSING and not practice.calm:
        over = now >= practice.steps[-1].end + LATE
        return ended(practice, now) if over else practice
    if practice.stage is not Stage.BREATHING or practice.calm or practice.goal is None:
        return practice
    if practice.last_breath_ends is not None:
        over = now >= practice.last_breath_ends
        return replace(practice, stage=Stage.FINISHED) if over else practice
    if breathed(practice.guide, now) < practice.goal:
        return practice
    return _with_last_breath(practice, now)


def paused(practice: Practice, now: float) -> Practice:
    """Return the practice paused, or gone on with; a finished one goes on as long again."""
    if practice.stage is Stage.BREATHING:
        return replace(_resting(practice, now), stage=Stage.PAUSED)
    if practice.stage is Stage.FINISHED and practice.length is not None:
        practice = replace(practice, goal=breathed(practice.guide, now) + practice.length)
    return _breathing(replace(practice, stage=Stage.BREATHING), now)


def calmed(practice: Practice, now: float) -> Practice:
    """Return the practice behind the calm screen, at rest."""
    return replace(_resting(practice, now), calm=True)


def back(practice: Practice, now: float) -> Practice:
    """Return the practice as it was before the calm screen; breathing begins with a new breath."""
    shown = replace(practice, calm=False)
    return _breathing(shown, now) if practice.stage is Stage.BREATHING else shown


def with_pace(practice: Practice, now: float, step: float) -> Practice:
    """Return the practice easing to a pace `step` breaths/min away from its target."""
    return replace(practice, guide=change_pace(practice.guide, now, step))


def minutes_left(practice: Practice, now: float) -> float | None:
    """Return the minutes of breathing that are left, None where there is no goal."""
    if practice.steps:
        return max(practice.steps[-1].end - now, 0.0) / 60.0
    if practice.goal is None:
        return None
    return max(practice.goal - breathed(practice.guide, now), 0.0) / 60.0


def told_pace(practice: Practice, now: float) -> float | None:
    """Return the rate (breaths/min, to a tenth) a session should know of, None at rest."""
    if pacer_at(practice.guide, now) is None:
        return None
    return round(pace(practice.guide, now), 1)


def _with_last_breath(practice: Practice, now: float) -> Practice:
    pacer = pacer_at(practice.guide, now)
    if pacer is None:
        return practice
    ends = float(pacer.next_breath(now))
    return replace(practice, guide=rest(practice.guide, ends), last_breath_ends=ends)


def _resting(practice: Practice, now: float) -> Practice:
    return replace(practice, guide=rest(practice.guide, now), last_breath_ends=None)


def _breathing(practice: Practice, now: float) -> Practice:
    return replace(practice, guide=breathe(practice.guide, now), last_breath_ends=None)
