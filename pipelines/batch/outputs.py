"""All that lies in the folder at the end, written from what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.batch.documents import CODEBOOK, METHODS, PROVENANCE, codebook, methods, provenance
from pipelines.batch.inputs import Inputs
from pipelines.batch.keeping import Results, write, write_by
from pipelines.batch.page import PAGE, page
from pipelines.batch.tables import Standing, write_tables


@dataclass(frozen=True, slots=True)
class Summed:
    """How many recordings gave numbers, and how many did not."""

    measured: int
    failed: int


def write_all(results: Results, found: Inputs) -> Summed:
    """Write tables and documents of a batch; what was kept of recordings that are gone goes.

    Raises
    ------
    OSError
        If the folder takes no more.
    """
    names = tuple(one.name for one in found.recordings)
    results.tidy(names)
    standing, folder, plan = Standing(results, names), results.folder, results.plan
    write_tables(standing, folder, plan)
    write(folder / PROVENANCE, provenance(standing, plan, found.passed_over))
    write(folder / CODEBOOK, codebook(plan).encode())
    write(folder / METHODS, methods(standing, plan).encode())
    write_by(folder / PAGE, _in_pieces(standing, results))
    measured = sum(part.failure is None for part in standing)
    return Summed(measured, len(names) - measured)


def _in_pieces(standing: Standing, results: Results) -> Callable[[Path], None]:
    def fill(draft: Path) -> None:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(page(standing, results.plan))

    return fill
