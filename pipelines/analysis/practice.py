"""What a practice and a resonance assessment come to: the last line of `breathe` and `assess`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from math import isfinite

import msgspec
import numpy as np

from physio.breathing.assessment import NotScored, Scored
from physio.breathing.following import following
from physio.breathing.resonance import Choice
from pipelines.analysis.offline import summary
from pipelines.analysis.result import SCHEMA
from pipelines.session import Found, SourceBeats, assessment_of
from pipelines.version import version


class StepVerdict(StrEnum):
    """Whether a step counts."""

    SCORED = "scored"
    NOT_SCORED = "not scored"


class ResonanceReason(StrEnum):
    """Why there is no clear resonance, or why there is one that one assessment would not show."""

    STILL_RISING = "still rising at the slowest step"
    NO_DIFFERENCE = "no clear difference"
    TOO_FEW = "too few steps could be scored"
    AGREES = "an earlier assessment found the same"


class StepLine(msgspec.Struct, frozen=True):
    """One step of an assessment.

    `rsa_amplitude` is the mean swing of the heart with a breath, in ms peak to trough, and
    `rsa_spread` its standard deviation over breaths; `phase` says in degrees how much later than
    the guide the heart swings, null where the strap's delay is not known.
    """

    rate: float
    rsa_amplitude: float | None
    rsa_spread: float | None
    phase: float | None
    rhythm_regularity: float | None
    adherence_percent: float
    artefacts_percent: float
    verdict: StepVerdict
    reason: NotScored | None


class ResonanceLine(msgspec.Struct, frozen=True):
    """The rate in breaths/min that moves the heart most, and how sure that is."""

    value: float | None
    margin_percent: float | None
    verdict: Choice
    reason: ResonanceReason | None


class AssessmentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A resonance assessment."""

    schema: int = SCHEMA
    version: str
    session: str
    source: str
    steps: tuple[StepLine, ...]
    resonance: ResonanceLine


class PracticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A practice: mean rate of the guide, rate that was found, and how far one followed the other.

    `rsa_amplitude` is in ms peak to trough, rates are in breaths/min, `duration_s` counts the
    seconds in which the guide breathed. What could not be read is null.
    """

    schema: int = SCHEMA
    version: str
    session: str
    source: str
    paced_rate: float | None
    breathing_rate: float | None
    adherence_percent: float | None
    rsa_amplitude: float | None
    rhythm_regularity: float | None
    duration_s: float


def practised(found: SourceBeats, session: str) -> PracticeLine:
    """Return what a practice came to for one wearer."""
    beats, usable = found.as_they_beat, found.usable
    parts = [
        following(beats, usable, one.pacer, start=one.start, end=one.end) for one in found.guides
    ]
    followed = np.concatenate([np.empty(0, np.bool_), *(part.followed for part in parts)])
    seconds = sum(one.end - one.start for one in found.guides)
    breaths = sum(float(one.pacer.phase(one.end)) for one in found.guides)
    measures = summary(found).measures
    return PracticeLine(
        version=version(),
        session=session,
        source=found.role,
        paced_rate=60.0 * breaths / seconds if seconds else None,
        breathing_rate=measures["breathing_rate"].value,
        adherence_percent=_percent(np.mean(followed)) if len(followed) and len(beats) else None,
        rsa_amplitude=measures["rsa_amplitude"].value,
        rhythm_regularity=measures["rhythm_regularity"].value,
        duration_s=seconds,
    )


def assessed(found: SourceBeats, session: str) -> AssessmentLine:
    """Return what a resonance assessment says of one wearer."""
    came = assessment_of(found)
    steps = () if came is None else came.assessed.steps
    return AssessmentLine(
        version=version(),
        session=session,
        source=found.role,
        steps=tuple(_step_line(one, delay_known=found.delay_known) for one in steps),
        resonance=_resonance_line(came),
    )


def _step_line(step: Scored, *, delay_known: bool) -> StepLine:
    return StepLine(
        rate=step.rate,
        rsa_amplitude=step.swing,
        rsa_spread=step.spread,
        phase=step.lateness if delay_known else None,
        rhythm_regularity=step.regularity,
        adherence_percent=_percent(step.adherence),
        artefacts_percent=_percent(step.artefacts),
        verdict=StepVerdict.SCORED if step.reason is None else StepVerdict.NOT_SCORED,
        reason=step.reason,
    )


def _resonance_line(came: Found | None) -> ResonanceLine:
    if came is None:
        return ResonanceLine(None, None, Choice.UNCLEAR, ResonanceReason.TOO_FEW)
    found = came.assessed.resonance
    if came.agrees:
        found = replace(found, verdict=Choice.CLEAR)
    reason = {Choice.CLEAR: None, Choice.EDGE: ResonanceReason.STILL_RISING}.get(
        found.verdict, ResonanceReason.NO_DIFFERENCE
    )
    if found.rate is None:
        reason = ResonanceReason.TOO_FEW
    elif came.agrees:
        reason = ResonanceReason.AGREES
    margin = None if found.margin is None else 100.0 * found.margin
    return ResonanceLine(found.rate, margin, found.verdict, reason)


def _percent(share: float) -> float:
    return round(100.0 * float(share), 1) if isfinite(share) else 0.0
