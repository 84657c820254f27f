"""What is kept in columns: windows and beats, as frames of Polars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from physio.labels import Label
from pipelines.batch.rows import Part
from pipelines.harmless import harmless
from pipelines.words import reason_in_english

if TYPE_CHECKING:
    import polars as pl

    from physio.reasons import Reason
    from pipelines.batch.measuring import Windows
    from pipelines.session import SourceBeats


def windows_frame(part: Part, windows: Sequence[Windows]) -> pl.DataFrame | None:
    """Return one row for each source, window and measure; None where there are no windows."""
    import polars as pl

    frames = [
        pl.DataFrame(
            {
                "start_s": over.start,
                "end_s": over.end,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "coverage_percent": found.coverage,
                "corrected_percent": found.corrected,
                "share_percent": found.share,
                "doubt": _sentences(found.doubt),
                "reason": _sentences(found.reason),
            },
            nan_to_null=True,
            schema_overrides={"doubt": pl.String, "reason": pl.String},
        ).with_columns(
            pl.lit(part.recording).alias("recording"),
            pl.lit(over.source).alias("source"),
            pl.lit(name).alias("measure"),
            pl.lit(found.unit).alias("unit"),
            pl.lit(part.plan).alias("plan"),
        )
        for over in windows
        for name, found in over.estimates.items()
    ]
    if not frames:
        return None
    return pl.concat(frames).select(
        "recording", "source", "start_s", "end_s", "measure", "value", "unit", "low", "high",
        "coverage_percent", "corrected_percent", "share_percent", "doubt", "reason", "plan",
    )  # fmt: skip


def _sentences(reasons: Sequence[Reason | None]) -> list[str | None]:
    told = {one: reason_in_english(one) for one in set(reasons) if one is not None}
    return [None if one is None else told[one] for one in reasons]


def beats_frame(part: Part, sources: Sequence[SourceBeats]) -> pl.DataFrame | None:
    """Return one row for each interval: its end, length, label and segment; None without beats."""
    import polars as pl

    names = np.array([label.name.lower() for label in sorted(Label)])
    frames = [
        pl.DataFrame(
            {
                "time_s": found.beats.time,
                "rr_ms": found.beats.rr,
                "segment": found.beats.segment,
                "label": np.full(len(found.beats), "none")
                if found.labels is None
                else names[np.asarray(found.labels)],
            }
        ).select(
            pl.lit(part.recording).alias("recording"),
            pl.lit(harmless(found.role)).alias("source"),
            "time_s", "rr_ms", "label", "segment",
        )
        for found in sources
    ]  # fmt: skip
    return pl.concat(frames) if frames else None
