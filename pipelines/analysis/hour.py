"""What an hour tells besides its measures: its parts, the personal band, what could be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from physio import epochs
from physio.arousal.baseline import Baseline
from physio.beats import FloatArray
from physio.measures import MEASURES
from physio.presets import Preset
from pipelines.analysis.result import PartLine, measure_line
from pipelines.analysis.windows import over_windows
from pipelines.session import (
    BandLine,
    BandUnit,
    Condition,
    SourceBeats,
    bounds,
)

RATE = "mean_hr"


def part_lines(found: SourceBeats, preset: Preset) -> tuple[PartLine, ...]:
    """Return the parts of a session, each with its heart rate."""
    parts, over = found.hour.parts, found.span[1]
    if not parts:
        return ()
    start = np.array([part.start for part in parts])
    end = np.array([over if part.end is None else part.end for part in parts])
    end = np.maximum(end, start)
    rates = over_windows(found, start, end, preset, names=(RATE,))[RATE]
    return tuple(
        PartLine(
            name=part.name,
            start_s=part.start,
            end_s=float(until),
            consent=part.consent,
            before=part.before,
            after=part.after,
            measures={RATE: measure_line(rate)},
        )
        for part, until, rate in zip(parts, end, rates, strict=True)
    )


def band_line(
    found: SourceBeats, baselines: Mapping[Condition, Baseline], preset: Preset
) -> BandLine | None:
    """Return how long heart rate was inside, above and below the personal band.

    It is read over 10 s, end to end; of what could not be read nothing is told.
    """
    band = found.hour.band(found.source)
    if band is None:
        return None
    start, end = _windows(found, RATE)
    rate = over_windows(found, start, end, preset, names=(RATE,))[RATE].value
    low, high = np.full(len(end), band.low), np.full(len(end), band.high)
    if band.unit is BandUnit.SPREADS:
        owns = found.around.owns(end, baselines)
        levels = [(None, None) if one is None else (one.level, one.spread) for one in owns]
        edges = np.array([bounds(band, *one) for one in levels]).reshape(-1, 2)
        low, high = edges[:, 0], edges[:, 1]
    read = np.isfinite(rate) & np.isfinite(low)
    return BandLine(
        low=band.low,
        high=band.high,
        unit=band.unit,
        low_words=band.low_words,
        high_words=band.high_words,
        readable_s=_seconds(read, start, end),
        inside_s=_seconds(read & (rate >= low) & (rate <= high), start, end),
        above_s=_seconds(read & (rate > high), start, end),
        below_s=_seconds(read & (rate < low), start, end),
    )


def readable_shares(
    found: SourceBeats, preset: Preset, *, names: Sequence[str] = tuple(MEASURES)
) -> dict[str, float]:
    """Return for how many percent of a recording each of these measures could be read.

    Windows of each measure's own length lie end to end; one counts where it has a value.
    """
    shares: dict[str, float] = {}
    for length in sorted({MEASURES[name].window for name in names}):
        alike = tuple(name for name in names if MEASURES[name].window == length)
        start, end = _windows(found, alike[0])
        if not len(start):
            continue
        values = over_windows(found, start, end, preset, names=alike)
        shares |= {name: 100.0 * float(np.mean(np.isfinite(values[name].value))) for name in alike}
    return {name: shares[name] for name in names if name in shares}


def _windows(found: SourceBeats, name: str) -> tuple[FloatArray, FloatArray]:
    """Return the windows of a measure, end to end, as far as whole ones fit."""
    start, end = found.span
    length = MEASURES[name].window
    if end - start < length:
        return np.empty(0), np.empty(0)
    return epochs(start, end, length)


def _seconds(where: np.ndarray, start: FloatArray, end: FloatArray) -> float:
    return float(np.sum((end - start)[where]))
