"""A whole session or recording at once: its results, and the line that tells them."""

from pipelines.analysis.guessing import Guessed, GuessLine, guessed
from pipelines.analysis.offline import (
    Baselines,
    analyse,
    baseline_of,
    baselines_of,
    quality_of,
    rises_of,
    summaries,
    summary,
    windows_of,
)
from pipelines.analysis.ready import (
    get_ready,
    get_ready_at_once,
    get_ready_meanwhile,
    start_preparing,
    stored,
    wait_until_prepared,
)
from pipelines.analysis.result import (
    GapLine,
    MeasureLine,
    PartLine,
    PresetLine,
    QualityLine,
    Result,
    encode_result,
    measure_line,
    measure_lines,
    preset_line,
    quality_line,
)
from pipelines.analysis.review import Held, Reviewed, ReviewedMoment, reviewed
from pipelines.analysis.windows import over_windows

__all__ = [
    "Baselines",
    "GapLine",
    "GuessLine",
    "Guessed",
    "Held",
    "MeasureLine",
    "PartLine",
    "PresetLine",
    "QualityLine",
    "Result",
    "Reviewed",
    "ReviewedMoment",
    "analyse",
    "baseline_of",
    "baselines_of",
    "encode_result",
    "get_ready",
    "get_ready_at_once",
    "get_ready_meanwhile",
    "guessed",
    "measure_line",
    "measure_lines",
    "over_windows",
    "preset_line",
    "quality_line",
    "quality_of",
    "reviewed",
    "rises_of",
    "start_preparing",
    "stored",
    "summaries",
    "summary",
    "wait_until_prepared",
    "windows_of",
]
