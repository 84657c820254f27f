"""`interbeat bench`: how fast this is beside the programs that people use today."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command import WrongCall, out, say
from proof.page import page_file, writing

if TYPE_CHECKING:
    from proof.bench import Pair, Row


@click.command()
@click.option(
    "--quick", is_flag=True, help="Leave out what is longer than an hour, and what is slow to load."
)
@click.option("--only", multiple=True, metavar="NAME", help="Only this task; may be repeated.")
@click.option(
    "--out",
    "chosen",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the page goes, pictures beside it; docs/benchmarks.md of the clone unless given, "
    "or --quick or --only is.",
)
def bench(quick: bool, only: tuple[str, ...], chosen: Path | None) -> None:
    """Time our measures beside other programs.

    On this machine, each pair in a process of its own; writes a page with pictures.
    """
    from proof.bench import every, report, run

    if unknown := [name for name in only if name not in every.NAMES]:
        raise WrongCall(f"There is no task {unknown[0]}; there are {', '.join(every.NAMES)}.")
    wanted = run.pairs(every.TASKS, quick=quick, only=only)
    if not wanted:
        raise WrongCall("A quick run leaves out all of these; call it without --quick.")
    page = _page(chosen, part=quick or bool(only))
    if absent := report.absent(run.missing(task for task, _ in wanted)):
        say(absent)
    out(report.heading())
    rows = list(_shown(wanted, quick=quick))
    say(report.counted(rows))
    if page is not None:
        _write(page, rows, note=_note(only, quick=quick))
    if any(row.failed for row in rows):
        raise SystemExit(1)


def _shown(wanted: list[Pair], *, quick: bool) -> Iterator[Row]:
    """Measure and print pair after pair; what is being measured shows on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from proof.bench import report, run

    columns = (
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    shared = sys.stdout.isatty()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=shared
    ) as progress:
        bar = progress.add_task("", total=len(wanted))
        for task, rival in wanted:
            beside = f" beside {rival.title}" if rival else ""
            progress.update(bar, description=f"{task.title}, {task.length}{beside}")
            row = run.row((task, rival), quick=quick)
            out(report.line(row))
            progress.advance(bar)
            yield row


def _page(chosen: Path | None, *, part: bool) -> Path | None:
    if chosen is not None:
        with writing(chosen):
            chosen.parent.mkdir(parents=True, exist_ok=True)
    return page_file("benchmarks.md", chosen, part=part)


def _note(only: tuple[str, ...], *, quick: bool) -> str:
    parts = ["a quick run"] if quick else []
    parts += [f"only {', '.join(only)}"] if only else []
    return f"This page is of a part of the tasks: {'; '.join(parts)}." if parts else ""


def _write(page: Path, rows: list[Row], *, note: str) -> None:
    from proof.bench import write

    with writing(page):
        places = write(page, rows, note=note)
    say(f"Written: {', '.join(str(place) for place in places)}")
