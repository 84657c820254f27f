"""The tables: one row a recording, source, epoch and measure; a wide one; quality; failures.

All are written from what is kept, in the order of the recordings' names, so that neither the number
of workers nor an interruption shows in a single byte.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipelines.batch.keeping import Results, whole, write_by
from pipelines.batch.plan import Plan
from pipelines.batch.rows import MeasureRow, Part, QualityRow
from pipelines.formats import cell

if TYPE_CHECKING:
    import polars as pl

MEASURES: Final = "measures.csv"
PARQUET: Final = "measures.parquet"
WIDE: Final = "wide.csv"
QUALITY: Final = "quality.csv"
FAILURES: Final = "failures.csv"

_FIRST = ("recording",)
_LAST = ("preset", "plan", "version", "sha256")
TIDY: Final = (*_FIRST, *MeasureRow.__struct_fields__, *_LAST)
_JUDGED: Final = (*_FIRST, *QualityRow.__struct_fields__, *_LAST)
_TEXT: Final = frozenset(
    ("recording", "source", "epoch", "measure", "unit", "doubt", "reason", *_LAST)
)
_ROWS_TOGETHER: Final = 100_000

Cell = str | float | int | bool | None
Row = tuple[Cell, ...]


def write_tables(standing: Iterable[Part], folder: Path, plan: Plan) -> None:
    """Write every table of a batch from what is kept of its recordings, which go by once.

    Raises
    ------
    OSError
        If the folder takes no more.
    """
    tables = (
        (MEASURES, TIDY, _tidy),
        (WIDE, wide_columns(plan), _wide),
        (QUALITY, _JUDGED, _judged),
        (FAILURES, ("recording", "reason", "sha256"), _failures),
    )
    with ExitStack() as open_at_once:
        opened = [
            (open_at_once.enter_context(_table(folder / name, columns)), rows)
            for name, columns, rows in tables
        ]
        for part in standing:
            for write, rows in opened:
                write(map(cells, rows(part, plan)))
    write_by(folder / PARQUET, lambda path: _write_parquet(folder / MEASURES, path))


class Standing:
    """What is kept of the recordings, those that hold the same as an earlier one told apart."""

    def __init__(self, results: Results, recordings: Sequence[str]) -> None:
        self._results = results
        self._recordings = tuple(recordings)
        self._first: dict[str, str] = {}
        for part in results.parts(self._recordings):
            if part.sha256 is not None and part.failure is None:
                self._first.setdefault(part.sha256, part.recording)

    def __iter__(self) -> Iterator[Part]:
        """Yield each part; of one that holds the same as an earlier one, that it does."""
        for part in self._results.parts(self._recordings):
            first = self._first.get(part.sha256 or "", part.recording)
            if part.failure is None and first != part.recording:
                why = f"it holds the same as {first}, which is measured"
                yield Part(
                    recording=part.recording, plan=part.plan, sha256=part.sha256, failure=why
                )
            else:
                yield part


def _tidy(part: Part, plan: Plan) -> Iterator[Row]:
    last = _last(part, plan)
    for row in part.measures:
        yield (part.recording, *msgspec.structs.astuple(row), *last)


def _last(part: Part, plan: Plan) -> Row:
    return plan.preset, part.plan, part.version, part.sha256


def _judged(part: Part, plan: Plan) -> Iterator[Row]:
    for row in part.quality:
        yield (part.recording, *msgspec.structs.astuple(row), *_last(part, plan))


def _failures(part: Part, _: Plan) -> Iterator[Row]:
    if part.failure is not None:
        yield part.recording, part.failure, part.sha256


def wide_columns(plan: Plan) -> tuple[str, ...]:
    """Return the columns of the wide table: a value, low and high for each measure."""
    values = (f"{name}{end}" for name in plan.measures for end in ("", "_low", "_high"))
    return ("recording", "source", "epoch", "start_s", "end_s", "verdict", *values, *_LAST)


def _wide(part: Part, plan: Plan) -> Iterator[Row]:
    """Yield one row for each epoch: rows of one epoch follow each other."""
    verdicts = {row.source: row.verdict for row in part.quality}
    last = _last(part, plan)
    rows, many = part.measures, len(plan.measures)
    for at in range(0, len(rows), many):
        one = rows[at]
        values = (cell for row in rows[at : at + many] for cell in (row.value, row.low, row.high))
        yield (
            part.recording, one.source, one.epoch, one.start_s, one.end_s,
            verdicts[one.source], *values, *last,
        )  # fmt: skip


@contextmanager
def _table(
    path: Path, columns: Sequence[str]
) -> Iterator[Callable[[Iterable[Sequence[Cell]]], object]]:
    """Give what writes rows below these columns."""
    with whole(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        yield table.writerows


def cells(row: Row) -> list[Cell]:
    """Return a row as it is written: no text that a spreadsheet computes."""
    return [_cell(one) for one in row]


def _cell(value: Cell) -> Cell:
    if isinstance(value, bool):
        return str(value).lower()
    return cell(value) if isinstance(value, str) else value


def schema() -> dict[str, type[pl.DataType]]:
    """Return the types of the tidy table's columns."""
    import polars as pl

    return {name: pl.String if name in _TEXT else pl.Float64 for name in TIDY}


def _write_parquet(tidy: Path, path: Path) -> None:
    """Write the tidy table as Parquet, some rows at a time: a table may be larger than memory."""
    import polars as pl

    # Open files: Polars takes no name that is not UTF-8, and reads patterns into others.
    with tidy.open("rb") as source, path.open("wb") as target:
        table = pl.scan_csv(source, schema=schema())
        table.sink_parquet(target, row_group_size=_ROWS_TOGETHER, maintain_order=True)
