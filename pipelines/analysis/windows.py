"""The measures of one source over windows, as far as what happened in them can be read."""

from __future__ import annotations

from collections.abc import Iterable

from physio import panel
from physio.beats import FloatArray
from physio.estimate import Estimates
from physio.presets import Preset
from physio.reasons import ReasonCode
from pipelines.session import SourceBeats, overlaps, readable

WAVE = ReasonCode.MAY_BE_SLOW_WAVE
"""What nothing in the intervals can tell from breathing, and a breathing guide can."""


def over_windows(
    found: SourceBeats,
    start: FloatArray,
    end: FloatArray,
    preset: Preset,
    *,
    names: Iterable[str] | None = None,
) -> dict[str, Estimates]:
    """Return measures over each of m windows (s), all of them unless named.

    Withheld is what talking, movement or more intervals than time hide.
    """
    estimates = panel.over(
        found.beats,
        found.labels,
        start=start,
        end=end,
        names=names,
        preset=preset,
        respiration=found.respiration,
    )
    estimates = readable(estimates, found.around, start, end)
    for one in found.account.excesses:
        crowded = overlaps(((one.start, one.end),), start, end)
        estimates = {
            name: rows.withheld_where(crowded, one.reason) for name, rows in estimates.items()
        }
    if found.paced:
        estimates = {name: one.undoubted(WAVE) for name, one in estimates.items()}
    return estimates
