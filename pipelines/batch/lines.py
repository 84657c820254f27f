"""The rows of one result as comma-separated values, as they are printed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

import msgspec

from pipelines.analysis import Result, WindowLine
from pipelines.batch.plan import WHOLE
from pipelines.batch.rows import MeasureRow, row_of
from pipelines.batch.tables import Row, cells

WINDOW: Final = "window"
"""The epoch of a row of a window that bears no name."""
_FIELDS: Final = tuple(
    name for name in MeasureRow.__struct_fields__ if not name.startswith(("react", "recovery"))
)
PRINTED: Final = ("recording", *_FIELDS, "preset", "version", "sha256")
"""The columns: those of the tidy table but for what needs a plan."""


def head() -> str:
    """Return the line that names the columns."""
    return ",".join(PRINTED)


def printed(result: Result) -> str:
    """Return the rows of a result, without the end of the last line."""
    text = StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerows(cells(row) for row in _rows(result))
    return text.getvalue().rstrip("\n")


def printed_window(result: Result, window: WindowLine) -> str:
    """Return the rows of a window that slides over what a result is of."""
    return printed(msgspec.structs.replace(result, measures={}, windows=(window,)))


def _rows(result: Result) -> Iterator[Row]:
    given = next((one for one in (result.file, result.session) if isinstance(one, str)), "")
    preset = None if result.preset is None else result.preset.name
    digest = result.sha256 if isinstance(result.sha256, str) else None
    for row in _measured(result):
        told = (getattr(row, name) for name in _FIELDS)
        yield (given, *told, preset, result.version, digest)


def _measured(result: Result) -> Iterator[MeasureRow]:
    start = result.time_s - result.quality.duration_s
    for name, line in result.measures.items():
        yield row_of(result.source, WHOLE, start, result.time_s, name, line)
    for window in result.windows:
        epoch = window.epoch if isinstance(window.epoch, str) else WINDOW
        for name, line in window.measures.items():
            yield row_of(result.source, epoch, window.start_s, window.end_s, name, line)


def only(result: Result, names: tuple[str, ...]) -> Result:
    """Return a result with these measures alone."""

    def kept(measures: dict[str, object]) -> dict[str, object]:
        return {name: line for name, line in measures.items() if name in names}

    windows = tuple(
        msgspec.structs.replace(window, measures=kept(window.measures))  # type: ignore[arg-type]
        for window in result.windows
    )
    return msgspec.structs.replace(result, measures=kept(result.measures), windows=windows)  # type: ignore[arg-type]
