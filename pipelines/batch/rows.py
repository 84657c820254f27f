"""The rows of the tables, and what is kept of one recording until they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pipelines.harmless import harmless
from pipelines.version import version
from pipelines.words import reason_in_english

if TYPE_CHECKING:
    from physio.reasons import Reason
    from pipelines.analysis import MeasureLine

SCHEMA = 1
"""Version of what is kept of a recording; parts of another are made anew."""


class MeasureRow(msgspec.Struct, frozen=True):
    """One value of one epoch of one source, with everything needed to believe it.

    Columns are those of `interbeat analyse --json`. `reactivity` stands in a "task" epoch, as its
    value less that of the "baseline" before it, and `recovery` in a "recovery" epoch, as its value
    less that of the "task" before it; each with its own low and high.
    """

    source: str
    epoch: str
    start_s: float
    end_s: float
    measure: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    window_s: float
    coverage_percent: float
    corrected_percent: float
    share_percent: float | None
    as_written: float | None
    doubt: str | None
    reason: str | None
    reactivity: float | None = None
    reactivity_low: float | None = None
    reactivity_high: float | None = None
    recovery: float | None = None
    recovery_low: float | None = None
    recovery_high: float | None = None


class QualityRow(msgspec.Struct, frozen=True):
    """How much of one source's recording is there, and whether it can be interpreted."""

    source: str
    device: str
    format: str
    started: str | None
    beats: int
    duration_s: float
    coverage_percent: float
    corrected_percent: float
    gaps: int
    duplicates: int
    malformed: int
    verdict: str
    reason: str | None
    breathing_in_hf_band: bool | None
    breathing_from: str | None
    notes: str


class Column(msgspec.Struct, frozen=True, array_like=True):
    """A column of pixels of a tachogram.

    It holds the extremes of the usable intervals in ms, None where there is none, and how many
    intervals are not usable.
    """

    low: float | None
    high: float | None
    labelled: int


class Tachogram(msgspec.Struct, frozen=True):
    """One source's intervals in columns of equal width from `start_s` to `end_s`."""

    source: str
    start_s: float
    end_s: float
    columns: tuple[Column, ...]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one recording: its rows, or why there are none.

    Attributes
    ----------
    recording : str
        Its name in the tables.
    plan : str
        The digest of the plan under which it was measured.
    version : str
        Of the program.
    sha256 : str or None
        Of what was read; None where nothing could be.
    failure : str or None
        One sentence on why there are no rows.
    """

    schema: int = SCHEMA
    recording: str
    plan: str
    version: str = msgspec.field(default_factory=version)
    sha256: str | None = None
    failure: str | None = None
    measures: tuple[MeasureRow, ...] = ()
    quality: tuple[QualityRow, ...] = ()
    tachograms: tuple[Tachogram, ...] = ()


def row_of(
    source: str, epoch: str, start: float, end: float, name: str, line: MeasureLine
) -> MeasureRow:
    """Return the row of one value of one epoch."""
    written = line.as_written
    return MeasureRow(
        source=harmless(source),
        epoch=epoch,
        start_s=start,
        end_s=end,
        measure=name,
        value=line.value,
        unit=line.unit,
        low=line.low,
        high=line.high,
        window_s=line.window_s,
        coverage_percent=line.coverage_percent,
        corrected_percent=line.corrected_percent,
        share_percent=line.share_percent,
        as_written=written if isinstance(written, float) else None,
        doubt=sentence(line.doubt),
        reason=sentence(line.reason),
    )


def sentence(reason: Reason | None) -> str | None:
    """Return a reason in English, as every table holds it."""
    return None if reason is None else reason_in_english(reason)
