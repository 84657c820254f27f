"""`interbeat batch`: a folder of recordings in, tables out."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.command.output import Problem, WrongCall, out, say
from pipelines.command.parameters import (
    BREATHING,
    CHANNEL,
    EPOCHS,
    LABELS,
    LARGE,
    NAMES,
    PEAKS,
    PRESET,
    SIGNAL_RATE,
    SLIDING,
    WINDOW,
    epochs_given,
    names_in,
)
from pipelines.extras import need
from pipelines.harmless import harmless
from pipelines.language import tr, trn

if TYPE_CHECKING:
    from pipelines.batch import Inputs, Plan, Results


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=tr("The folder for the tables; a new one, or with --resume one that was begun."),
)
@click.option("--resume", is_flag=True, help=tr("Go on where it ended; nothing is done twice."))
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help=tr("Processes. [cores]"))
@click.option(
    "--cluster",
    metavar="tcp://HOST:PORT",
    help=tr("Measure on a cluster of Dask, whose machines see the same folders."),
)
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=tr("A plan in TOML, as each run writes one: every parameter, in place of the options."),
)
@PRESET
@NAMES
@WINDOW
@SLIDING
@EPOCHS
@LABELS
@PEAKS
@CHANNEL
@BREATHING
@SIGNAL_RATE
@click.option("--beats", is_flag=True, help=tr("Also keep each recording's beats and labels."))
@LARGE
def batch(
    paths: tuple[Path, ...],
    folder: Path,
    resume: bool,
    workers: int | None,
    cluster: str | None,
    plan_file: Path | None,
    preset: str | None,
    names: str | None,
    window: float | None,
    sliding: float | None,
    epochs: str | None,
    labels: str | None,
    peaks: float | None,
    channel: str | None,
    breathing: str | None,
    rate: float | None,
    beats: bool,
    large: bool,
) -> None:
    """Measure every recording in folders, and write tables.

    What cannot be read is named with its reason; nothing else is lost by it.
    """
    need("polars")
    if cluster is not None:
        need("distributed")
        if workers is not None:
            raise WrongCall(tr("A cluster has its own workers; leave --workers out."))
    from pipelines.batch import BadPlan, CannotKeep, Lost, NoCluster, Results, inputs_under

    given = {
        "preset": preset,
        "names": names_in(names) or None,
        "window": window,
        "sliding": sliding,
        "labels": None if labels is None else labels == "on",
        "peaks": peaks,
        "channel": channel,
        "breathing": breathing,
        "rate": rate,
        "large": large or None,
    }
    try:
        told = {name: one for name, one in given.items() if one is not None}
        plan = _plan(plan_file, told | epochs_given(epochs))
    except BadPlan as error:
        raise WrongCall(str(error)) from error
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise WrongCall(tr("{path}: there is no such file or folder.", path=missing[0]))
    found = inputs_under(paths, except_for=folder)
    if not found.recordings:
        raise Problem(tr("No recording lies there; name a folder that holds some."))
    for name in plan.strangers(one.name for one in found.recordings):
        say(tr("The epochs name {name}, which is none of the recordings.", name=name))
    results = Results(folder, plan, beats=beats)
    try:
        results.begin(resume=resume)
        _measure(found, results, workers, cluster)
        _write(found, results)
    except CannotKeep as error:
        raise WrongCall(str(error)) from error
    except NoCluster as error:
        raise Problem(str(error)) from error
    except Lost as error:
        raise Problem(_no_room(folder, str(error))) from error
    except OSError as error:
        raise Problem(_no_room(folder, error.strerror or type(error).__name__)) from error
    out(harmless(folder, most=None))


def _no_room(folder: Path, why: str) -> str:
    return tr(
        "{folder} takes no more ({why}); what was measured is kept, go on with --resume.",
        folder=folder,
        why=why,
    )


def _plan(path: Path | None, given: dict[str, Any]) -> Plan:
    """Return the plan that a file holds, or that the options give."""
    from pipelines.batch import Plan, checked, plan_in

    if path is None:
        return checked(Plan(**given))
    if given:
        raise WrongCall(tr("A plan holds every parameter; give --plan alone, or the others."))
    return plan_in(path)


def _measure(found: Inputs, results: Results, workers: int | None, cluster: str | None) -> None:
    from pipelines.batch import cores, measure_all, measure_on_cluster

    waiting = [one for one in found.recordings if not results.stands(one)]
    done = len(found.recordings) - len(waiting)
    if done:
        told = trn(
            "{count} recording is measured already.",
            "{count} recordings are measured already.",
            done,
            count=done,
        )
        say(told)
    progress = Progress(len(waiting))
    measured = (
        measure_all(waiting, results, workers=workers or cores())
        if cluster is None
        else measure_on_cluster(waiting, results, address=cluster)
    )
    try:
        for _ in measured:
            progress.one_more()
    finally:
        progress.end()


def _write(found: Inputs, results: Results) -> None:
    from pipelines.batch import write_all

    summed = write_all(results, found)
    say(
        trn("{count} recording measured", "{count} recordings measured", summed.measured,
            count=summed.measured)
        + (
            "."
            if not summed.failed
            else trn(
                ", {count} not: see failures.csv.", ", {count} not: see failures.csv.",
                summed.failed, count=summed.failed,
            )
        )
    )  # fmt: skip


class Progress:
    """How many recordings are done, at what rate, and how long the rest takes.

    It is one line that changes on a terminal; elsewhere nothing is told.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._begun = time.monotonic()
        self._shown = sys.stderr.isatty() and total > 0

    def one_more(self) -> None:
        """Tell that one more is done."""
        self._done += 1
        if self._shown:
            click.echo(f"\r\x1b[K{self.text(time.monotonic() - self._begun)}", err=True, nl=False)

    def text(self, passed: float) -> str:
        """Return how far it is after so many seconds."""
        rate = self._done / max(passed, 1e-3)
        left = (self._total - self._done) / rate
        return tr(
            "{done} of {total}, {rate:.1f} a second, {left} left",
            done=self._done,
            total=self._total,
            rate=rate,
            left=_clock(left),
        )

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
