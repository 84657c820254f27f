"""Which pace suits the heart: an assessment as the practice view runs it, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui.practice.guide import Guide, Stretch, fullness, rest
from physio.breathing.assessment import RATES, Step
from physio.breathing.resonance import Choice
from pipelines.language import tr
from pipelines.session import LATE, ResonanceView
from pipelines.words import not_scored_text, resonance_text, rest_text, step_text

REACHED = max(RATES)
"""Breaths/min that a practice must have come down to before it is offered: the quickest tried."""
WAITS_FOR = LATE + 15.0
"""Seconds after the last breath for which the session is waited for."""

SUITS = tr("Which pace suits your heart")
WHAT = tr(
    "Some hearts move more at a pace a little quicker or slower than 6 breaths a minute. This "
    "tries five paces, from 6.5 down to 4.5, and looks how far your heart moves with each."
)
HOW_LONG = tr(
    "In steps it takes 18 minutes: two minutes for each pace, and two minutes of rest after it. "
    "Sliding takes 15 minutes: each breath is a little longer than the one before, and you do not "
    "rest."
)
EASY = tr(
    "Breathe with the circle, small and easy. Esc stops it at once. What it finds is kept as your "
    "practice is. Often no pace is better than the others; then 6 is a good choice."
)
PARTS = (WHAT, HOW_LONG, EASY)
STOPPED = tr("You stopped, which is fine. Nothing was looked at. Enter: done. P: once more.")
MOMENT = tr("One moment: the last beats are on their way.")


def guided(guide: Guide, steps: Sequence[Step]) -> Guide:
    """Return the guide that rests, then takes these steps, and rests between and after them.

    Then it goes on where it was: at its own pace, to its own target.
    """
    begin = steps[0].start
    planned: list[Stretch] = []
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        begun = bool(planned) and planned[-1].pacer is step.pacer
        if not begun:
            planned.append(Stretch(step.start, step.pacer, 0.0))
        if after is None or after.start > step.end:
            planned.append(Stretch(step.end, None, 0.0))
    before = rest(guide, begin)
    left = float(fullness(before, begin))
    first = replace(planned[0], left_over=left)
    kept = tuple(one for one in before.stretches if one.begin < begin)
    stretches = (*kept, first, *planned[1:])
    return replace(guide, stretches=stretches)


def step_words(steps: Sequence[Step], now: float, inhale: float) -> str:
    """Return what is said of the pace of `now` (s), or of the rest after it."""
    begun = [step for step in steps if step.start <= now]
    if not begun:
        return step_text(steps[0].rate, inhale)
    return step_text(begun[-1].rate, inhale) if now < begun[-1].end else rest_text()


def result_words(found: ResonanceView | None) -> str:
    """Return what an assessment came to, None where no session could tell."""
    if found is None:
        return resonance_text(Choice.UNCLEAR, None)
    said = resonance_text(found.verdict, found.rate, agrees=found.agrees)
    if found.rate is None and found.lost:
        return f"{said} {not_scored_text(*found.lost[0])}"
    return said
