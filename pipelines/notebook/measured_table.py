"""A table of measures: a row a source, epoch and measure, for any library of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from pipelines.batch import MeasureRow

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class MeasureTable(Sequence[MeasureRow]):
    """Rows of `MeasureRow`, in the order in which they were measured.

    Examples
    --------
    >>> import interbeat
    >>> table = interbeat.from_rr([812, 804, 790, 771, 768] * 60).measures(names=["rmssd"])
    >>> table["rmssd"].unit, table["rmssd"].reason is None
    ('ms', True)
    >>> sorted(table.to_dict())[:3]
    ['as_written', 'corrected_percent', 'coverage_percent']
    """

    def __init__(self, rows: Sequence[MeasureRow]) -> None:
        self._rows = tuple(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[MeasureRow]:
        return iter(self._rows)

    def __getitem__(self, which: int | slice | str) -> MeasureRow | MeasureTable:  # type: ignore[override]
        """Return the row at a place, some rows, or the one of a measure that has but one."""
        if isinstance(which, slice):
            return MeasureTable(self._rows[which])
        if not isinstance(which, str):
            return self._rows[which]
        found = [row for row in self._rows if row.measure == which]
        if len(found) != 1:
            raise KeyError(f"{which!r} has {len(found)} rows here, not one.")
        return found[0]

    def to_dict(self) -> dict[str, list[object]]:
        """Return a list for each column."""
        return {
            name: [getattr(row, name) for row in self._rows]
            for name in MeasureRow.__struct_fields__
        }

    def to_polars(self) -> pl.DataFrame:
        """Return a frame of Polars (extra `research`)."""
        import polars as pl

        text = ("source", "epoch", "measure", "unit", "doubt", "reason")
        schema = {
            name: pl.String if name in text else pl.Float64 for name in MeasureRow.__struct_fields__
        }
        return pl.DataFrame(self.to_dict(), schema=schema)

    def to_pandas(self) -> pd.DataFrame:
        """Return a frame of pandas, which the extra `research` brings by NeuroKit2."""
        import pandas as pd

        return pd.DataFrame(self.to_dict())

    def __repr__(self) -> str:
        return "\n".join(_words(row) for row in self._rows)

    def _repr_html_(self) -> str:
        cells = (
            f"<tr><th>{escape(row.measure)}</th><td>{escape(row.epoch)}</td>"
            f"<td>{escape(_value(row))}</td></tr>"
            for row in self._rows
        )
        return f"<table>{''.join(cells)}</table>"


def _words(row: MeasureRow) -> str:
    return f"{row.measure:20} {row.epoch:10} {_value(row)}"


def _value(row: MeasureRow) -> str:
    if row.value is None:
        return f"withheld: {row.reason}"
    known = row.low is not None and row.high is not None
    interval = f" [{row.low:.4g}, {row.high:.4g}]" if known else ""
    doubt = f" ({row.doubt})" if row.doubt else ""
    return f"{row.value:.4g} {row.unit}{interval}{doubt}"
