"""An assessment on its way: it is read of, begun, given up or waited for."""

from __future__ import annotations

from gui.practice import stage as course
from gui.practice.assessing import WAITS_FOR, result_words
from gui.practice.hearing import Hearing
from gui.practice.stage import Practice, Stage
from physio.breathing.assessment import Course
from pipelines.live import Assess


class Finding:
    """What a person and a session make of finding out which pace suits the heart."""

    def __init__(self, hearing: Hearing) -> None:
        self.asking = False
        """Whether the page lies open that tells of it."""
        self._hearing = hearing
        self._awaited: float | None = None
        """Until when (s) what it came to is waited for, None where nothing is."""

    def begin(self, practice: Practice, kind: Course, now: float) -> Practice:
        """Return the practice that finds out, of which the session knows."""
        self.asking, self._awaited = False, None
        begun = course.assessing(practice, kind, now)
        start = self._hearing.time(now) + begun.steps[0].start - now
        self._hearing.order(Assess(kind, start, practice.guide.inhale))
        return begun

    def give_up(self, practice: Practice, now: float) -> Practice:
        """Return the practice at its close; what was heard so far is not looked at."""
        self._hearing.order(Assess(None))
        return course.ended(practice, now)

    def wait(self, now: float) -> None:
        """Wait from `now` (s) on for what it came to."""
        self._awaited = now + WAITS_FOR

    def result(self, stage: Stage, now: float) -> str | None:
        """Return in words what it came to, once, or that it cannot be told; None before that."""
        if self._awaited is None:
            return None
        if stage is not Stage.FINISHED:  # the person went on meanwhile
            self._awaited = None
            return None
        found = self._hearing.resonance
        if found is None and now < self._awaited:
            return None
        self._awaited = None
        return result_words(found)
