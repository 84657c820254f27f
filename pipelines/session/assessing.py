"""What a resonance assessment in a session came to for one wearer."""

from __future__ import annotations

from dataclasses import dataclass

from physio.breathing.assessment import RATES, Assessed, assessed, steps_of
from physio.breathing.resonance import Choice, agreed
from pipelines.session.snapshot import ResonanceView
from pipelines.session.source_beats import SourceBeats

LATE = 5.0
"""Seconds after the last breath for which its beats are still waited for: they come late."""


@dataclass(frozen=True, slots=True)
class Found:
    """The steps of an assessment, and whether it is clear together with an earlier one alone."""

    assessed: Assessed
    agrees: bool


def assessment_of(found: SourceBeats) -> Found | None:
    """Return what the newest assessment of a session came to, None without one."""
    told = found.assessment
    if told is None or told.course is None:
        return None
    steps = steps_of(told.course, told.inhale, at=told.start)
    told_steps = assessed(found.as_they_beat, found.usable, steps)
    agrees = agreed(told_steps.resonance, told.earlier, slowest=min(RATES))
    return Found(told_steps, agrees)


def resonance_view(found: SourceBeats) -> ResonanceView | None:
    """Return the same for a view."""
    came = assessment_of(found)
    if came is None:
        return None
    resonance = came.assessed.resonance
    verdict = Choice.CLEAR if came.agrees else resonance.verdict
    lost = ((step.rate, step.reason) for step in came.assessed.steps if step.reason is not None)
    return ResonanceView(resonance.rate, verdict, came.agrees, tuple(lost))
