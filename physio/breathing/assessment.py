"""The course of a resonance assessment: which rates, when, and what each step of it tells.

Two courses. Stepped: from 6.5 to 4.5 breaths/min by halves, two minutes each, with rests of two
minutes between (Lehrer, Vaschillo and Vaschillo 2000, doi:10.1023/A:1009554825745), 18 minutes.
Sliding: 78 breaths from 6.75 to 4.25/min, each longer than the one before by the same time (Fisher
and Lehrer 2022, doi:10.1007/s10484-021-09524-0), 15 minutes; a breath counts for the half of a
breath/min that it is nearest to.

A step is scored where it can be: the person followed the guide in `LEAST_FOLLOWED` of its breaths,
and `LEAST_CLEAN` of them hold no artefact. Breaths with one, or not followed, do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray
from physio.breathing.following import Following, following
from physio.breathing.pacer import Pacer, Piece, Ratio, steady
from physio.breathing.resonance import FEWEST_BREATHS, Resonance, resonance
from physio.hrv.regularity import rhythm_regularity
from physio.windows import windows

RATES = (6.5, 6.0, 5.5, 5.0, 4.5)
"""Breaths/min, in the order in which they are tried."""

NEAR_RATE = 0.3
"""Breaths/min within which a breath counts for a rate."""

STEP, REST = 120.0, 120.0
"""Seconds."""

SLIDES_FROM, SLIDES_TO, SLIDING_BREATHS = 6.75, 4.25, 78
"""Breaths/min, and how many breaths the slide takes."""

LATEST = 3.0
"""Seconds before the end of a step at which its beats may end: the last may not have arrived."""

LEAST_FOLLOWED = 0.7
LEAST_CLEAN = 0.7
"""Shares of a step's breaths."""


class Course(StrEnum):
    """How an assessment goes through the rates."""

    STEPPED = "stepped"
    SLIDING = "sliding"


class NotScored(StrEnum):
    """Why a step does not count."""

    NOT_REACHED = "not reached"
    NOT_FOLLOWED = "guide not followed"
    ARTEFACTS = "too many artefacts"


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of an assessment, in seconds on the session clock, with its guide."""

    rate: float
    start: float
    end: float
    pacer: Pacer


@dataclass(frozen=True, slots=True)
class Scored:
    """What one step tells.

    Attributes
    ----------
    rate : float
        Breaths/min.
    swing, spread : float or None
        Mean swing of the heart with a breath, and the standard deviation over breaths, in ms peak
        to trough.
    lateness : float or None
        Degrees by which the heart swings later than the guide, the strap's delay included.
    regularity : float or None
        Share of the slow rhythm that lies at one frequency, 0 to 1.
    adherence : float
        Share of the breaths that were followed, 0 to 1.
    artefacts : float
        Share of the breaths that hold an artefact, 0 to 1.
    reason : NotScored or None
        Why it does not count; then all but the shares are None.
    """

    rate: float
    swing: float | None
    spread: float | None
    lateness: float | None
    regularity: float | None
    adherence: float
    artefacts: float
    reason: NotScored | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """The steps of an assessment in their order, and what they say together."""

    steps: tuple[Scored, ...]
    resonance: Resonance


def stepped(inhale: float = 0.4, *, at: float = 0.0) -> tuple[Step, ...]:
    """Return the course by steps that begins `at` (s), breathing in for this share of a breath."""
    starts = at + (STEP + REST) * np.arange(len(RATES))
    return tuple(
        Step(rate, start, start + STEP, steady(rate, at=start, inhale=inhale))
        for rate, start in zip(RATES, starts.tolist(), strict=True)
    )


def sliding(inhale: float = 0.4, *, at: float = 0.0) -> tuple[Step, ...]:
    """Return the course that slows breath by breath; its steps touch and share one guide."""
    lasting = np.linspace(60.0 / SLIDES_FROM, 60.0 / SLIDES_TO, SLIDING_BREATHS)
    begins = at + np.append(0.0, np.cumsum(lasting))
    breaths = zip(begins[:-1].tolist(), (60.0 / lasting).tolist(), strict=True)
    pieces = (Piece(time, float(n), rate, 0.0) for n, (time, rate) in enumerate(breaths))
    pacer = Pacer(tuple(pieces), (Ratio(-np.inf, inhale),))
    return steps_in(pacer, at, float(begins[-1]))


def steps_of(course: Course, inhale: float = 0.4, *, at: float = 0.0) -> tuple[Step, ...]:
    """Return the steps of a course that begins `at` (s)."""
    return {Course.STEPPED: stepped, Course.SLIDING: sliding}[course](inhale, at=at)


def steps_in(pacer: Pacer, start: float, end: float) -> tuple[Step, ...]:
    """Return the steps that a guide took from `start` to `end` (s): whole breaths near one rate.

    Breaths further than `NEAR_RATE` from every rate of an assessment belong to no step.
    """
    first, last = (float(pacer.phase(time)) for time in (start, end))
    begins = pacer.time_of(np.arange(np.ceil(first - 1e-6), np.floor(last + 1e-6) + 1.0))
    away = np.abs(60.0 / np.diff(begins)[:, np.newaxis] - np.array(RATES))
    nearest = np.where(away.min(axis=1) <= NEAR_RATE, np.argmin(away, axis=1), -1)
    edges = [0, *(np.flatnonzero(np.diff(nearest)) + 1).tolist(), len(nearest)]
    return tuple(
        Step(RATES[nearest[here]], float(begins[here]), float(begins[after]), pacer)
        for here, after in pairwise(edges)
        if after > here and nearest[here] >= 0
    )


def assessed(beats: Beats, usable: BoolArray, steps: Sequence[Step]) -> Assessed:
    """Return what each step of an assessment tells, and which rate moves the heart most.

    Parameters
    ----------
    beats : Beats
        n intervals on the clock of the steps.
    usable : (n,) bool
        Intervals between two normal beats.
    steps : sequence of Step
        The course, `stepped` or `sliding`.
    """
    read = [_read(beats, usable, step) for step in steps]
    scored = tuple(
        _scored(step, found, beats, usable) for step, found in zip(steps, read, strict=True)
    )
    count = [i for i, one in enumerate(scored) if one.reason is None]
    return Assessed(
        scored,
        resonance([steps[i].rate for i in count], [_swings(read[i]) for i in count]),
    )


def _read(beats: Beats, usable: BoolArray, step: Step) -> Following:
    return following(beats, usable, step.pacer, start=step.start, end=step.end)


def _swings(found: Following) -> FloatArray:
    """Return the swings (ms) of the breaths that count."""
    return found.swing[found.followed & found.clean & np.isfinite(found.swing)]


def _scored(step: Step, found: Following, beats: Beats, usable: BoolArray) -> Scored:
    reason = _reason(found, beats)
    adherence, clean = found.adherence, float(np.mean(found.clean))
    if reason is not None:
        return Scored(step.rate, None, None, None, None, adherence, 1.0 - clean, reason)
    swings = _swings(found)
    regular = rhythm_regularity(windows(beats, usable, step.start, step.end))[0]
    return Scored(
        rate=step.rate,
        swing=float(np.mean(swings)),
        spread=float(np.std(swings, ddof=1)),
        lateness=found.lateness,
        regularity=float(regular) if np.isfinite(regular) else None,
        adherence=adherence,
        artefacts=1.0 - clean,
        reason=None,
    )


def _reason(found: Following, beats: Beats) -> NotScored | None:
    if not len(beats) or beats.time[-1] < found.end[-1] - LATEST:
        return NotScored.NOT_REACHED
    if np.mean(found.clean) < LEAST_CLEAN:
        return NotScored.ARTEFACTS
    if found.adherence < LEAST_FOLLOWED or len(_swings(found)) < FEWEST_BREATHS:
        return NotScored.NOT_FOLLOWED
    return None
