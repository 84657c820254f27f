"""All that lies in the folder at the end, written from what is kept."""

from __future__ import annotations

from pipelines.batch.documents import CODEBOOK, METHODS, PROVENANCE, codebook, methods, provenance
from pipelines.batch.inputs import Inputs
from pipelines.batch.keeping import Results, write
from pipelines.batch.overview import Overview
from pipelines.batch.page import PAGE, page
from pipelines.batch.tables import Standing, write_tables


def write_all(results: Results, found: Inputs) -> Overview:
    """Write tables and documents of a batch, and return its facts.

    What was kept of recordings that are gone goes.

    Raises
    ------
    OSError
        If the folder takes no more.
    """
    names = tuple(one.name for one in found.recordings)
    results.tidy(names)
    overview, folder, plan = Overview(), results.folder, results.plan
    write_tables(overview.seen(Standing(results, names)), folder, plan)
    write(folder / PROVENANCE, provenance(overview, plan, found.passed_over))
    write(folder / CODEBOOK, codebook(plan).encode())
    write(folder / METHODS, methods(overview, plan).encode())
    write(folder / PAGE, "".join(page(overview, plan)).encode())
    return overview
