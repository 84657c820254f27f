"""What an analysis says of one source: the line of JSON that every command prints.

The names and units are a contract with whoever reads the lines; `SCHEMA` changes with them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec
from msgspec import UNSET, UnsetType

from physio.beats import GapCause
from physio.estimate import Estimate
from physio.presets import Preset
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from physio.respiration import Origin
from pipelines.session import (
    Arousal,
    Asked,
    BandLine,
    BaselineLine,
    ContextLine,
    EpisodeView,
    MarkChange,
    PartName,
    PooledMarks,
    RecordingQuality,
)
from pipelines.words import json_line

SCHEMA = 1
"""Version of the line; a reader refuses a higher one."""

NOT_FINITE = Reason(ReasonCode.NOT_FINITE)


class GapLine(msgspec.Struct, frozen=True):
    """A stretch without beats, in seconds on the session clock; `end_s` is None while it lasts."""

    start_s: float
    end_s: float | None
    cause: GapCause


class QualityLine(msgspec.Struct, frozen=True):
    """How much of the whole recording is there, and whether it can be interpreted.

    `beats` counts intervals received, absurd ones included, after packets that arrived twice were
    dropped and before labels. `duration_s` reaches from the beginning of the first interval, or of
    the gap the recording begins with, to the end of the last beat, or of the gap it ends with.
    `gaps` holds the newest of `gaps_total`. `duplicates` counts packets that arrived twice, and
    `malformed` those that could not be read; the lines of earlier versions lack all three.
    """

    beats: int
    duration_s: float
    coverage_percent: float
    corrected_percent: float
    gaps: tuple[GapLine, ...]
    verdict: Verdict
    reason: Reason | None
    gaps_total: int = 0
    duplicates: int = 0
    malformed: int = 0


class MeasureLine(msgspec.Struct, frozen=True):
    """One value with everything needed to believe it, or the reason it is withheld.

    `reason` is null of every value that is given; `doubt` says what weakens it, and `share_percent`
    is the share of the recording that it rests on. `as_written` stands beside SDNN, RMSSD and HF
    of a whole recording alone: the value of all intervals as they came. Lines of earlier versions
    lack all three.
    """

    value: float | None
    unit: str
    low: float | None
    high: float | None
    window_s: float
    coverage_percent: float
    corrected_percent: float
    reason: Reason | None
    doubt: Reason | None = None
    share_percent: float | None = None
    as_written: float | UnsetType = UNSET


class WindowLine(msgspec.Struct, frozen=True):
    """The measures of one epoch or sliding window, by name; `epoch` where it bears one."""

    start_s: float
    end_s: float
    measures: dict[str, MeasureLine]
    breathing_in_hf_band: bool | None
    breathing_from: Origin | None = None
    epoch: str | UnsetType = UNSET


class PartLine(msgspec.Struct, frozen=True):
    """A part of a session, the client's own words before and after it, and its heart rate.

    `consent` tells of touch alone; it is null of any other part.
    """

    name: PartName
    start_s: float
    end_s: float
    consent: Asked | None
    before: str
    after: str
    measures: dict[str, MeasureLine] = {}


class PresetLine(msgspec.Struct, frozen=True):
    """The conventions under which the measures were computed.

    `detrend_lambda` is that of the smoothness priors, None where the trend was left in.
    `time_domain_detrended` tells of the time domain, sample entropy and DFA. The boxes of DFA are
    told by their fewest and most beats.
    """

    name: str
    detrend_lambda: float | None
    welch_window_s: float
    time_domain_detrended: bool
    dfa_alpha1_boxes: tuple[int, int] = (4, 16)
    dfa_alpha2_boxes: tuple[int, int] = (16, 64)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One source's line. Either `file` or `session` is set, or neither while there is no name.

    `version` is that of the program that measured, and `sha256` that of a file or folder that was
    read; lines of earlier versions lack both. `source` is the wearer's role ("client", "therapist"
    or "member N"). `measures` cover the whole recording where `final` is true, and each its own
    trailing window where it is not. `marks` are the session's, a line each; `pooled_marks` those of
    each label together, at the end alone. Lines of earlier versions lack both.
    """

    schema: int = SCHEMA
    version: str | None = None
    file: str | UnsetType = UNSET
    sha256: str | UnsetType = UNSET
    session: str | UnsetType = UNSET
    source: str
    time_s: float
    final: bool
    quality: QualityLine
    preset: PresetLine | None = None
    """None in lines written before there were presets."""
    measures: dict[str, MeasureLine]
    breathing_in_hf_band: bool | None
    breathing_from: Origin | None = None
    """Where the breathing rate comes from; None where it is withheld, and in earlier lines."""
    arousal: Arousal
    baselines: tuple[BaselineLine, ...] = ()
    """The newest of each posture, silent and talking, at the end alone."""
    episodes: tuple[EpisodeView, ...] = ()
    """Empty, as the marks are, in lines written before there were any."""
    marks: tuple[MarkChange, ...] = ()
    pooled_marks: tuple[PooledMarks, ...] = ()
    windows: tuple[WindowLine, ...] = ()
    context: dict[ContextLine, str] = {}
    """The lines of the card that were answered."""
    phases: tuple[PartLine, ...] = ()
    band: BandLine | None = None
    """What clinician and client drew; None where they drew none, and while a session goes on."""
    readable_percent: dict[str, float] = {}
    """For how many percent of the recording each measure could be read, at the end alone."""


class SlidingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sliding window's line: what names its recording, as in `Result`, and a `WindowLine`."""

    schema: int = SCHEMA
    version: str | None = None
    file: str | UnsetType = UNSET
    sha256: str | UnsetType = UNSET
    session: str | UnsetType = UNSET
    source: str
    preset: PresetLine | None = None
    start_s: float
    end_s: float
    measures: dict[str, MeasureLine]
    breathing_in_hf_band: bool | None
    breathing_from: Origin | None = None


def sliding_line(result: Result, window: WindowLine) -> SlidingLine:
    """Return the line of one of the windows that slide over what a result is of."""
    return SlidingLine(
        version=result.version,
        file=result.file,
        sha256=result.sha256,
        session=result.session,
        source=result.source,
        preset=result.preset,
        start_s=window.start_s,
        end_s=window.end_s,
        measures=window.measures,
        breathing_in_hf_band=window.breathing_in_hf_band,
        breathing_from=window.breathing_from,
    )


def quality_line(quality: RecordingQuality) -> QualityLine:
    """Return the quality of a recording under the names of the line."""
    return QualityLine(
        beats=quality.beats,
        duration_s=quality.duration_s,
        coverage_percent=quality.coverage_percent,
        corrected_percent=quality.corrected_percent,
        gaps=tuple(GapLine(gap.start, gap.end, gap.cause) for gap in quality.gaps),
        verdict=quality.verdict,
        reason=quality.reason,
        gaps_total=quality.gaps_total,
        duplicates=quality.duplicates,
        malformed=quality.malformed,
    )


def preset_line(preset: Preset) -> PresetLine:
    """Return a preset under the names of the line."""
    return PresetLine(
        name=preset.name,
        detrend_lambda=preset.regularization,
        welch_window_s=preset.welch_window,
        time_domain_detrended=preset.time_domain_detrended,
        dfa_alpha1_boxes=(preset.short_boxes[0], preset.short_boxes[-1]),
        dfa_alpha2_boxes=(preset.long_boxes[0], preset.long_boxes[-1]),
    )


def measure_line(estimate: Estimate) -> MeasureLine:
    """Return an estimate under the names of the line; what is not finite becomes null."""
    value = _finite(estimate.value)
    lost = value is None and estimate.value is not None
    return MeasureLine(
        value=value,
        unit=estimate.unit,
        low=_finite(estimate.low),
        high=_finite(estimate.high),
        window_s=estimate.window,
        coverage_percent=estimate.coverage,
        corrected_percent=estimate.corrected,
        reason=NOT_FINITE if lost else estimate.reason,
        doubt=None if lost else estimate.doubt,
        share_percent=0.0 if lost else estimate.share,
        as_written=UNSET if lost or estimate.as_written is None else estimate.as_written,
    )


def measure_lines(estimates: Mapping[str, Estimate]) -> dict[str, MeasureLine]:
    """Return a panel under the names of the line."""
    return {name: measure_line(estimate) for name, estimate in estimates.items()}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def encode_result(result: Result | SlidingLine) -> str:
    """Return the line of JSON, without its end."""
    return json_line(result)
