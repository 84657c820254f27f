"""`interbeat set-up`: what the program prepares once, with a progress bar."""

from __future__ import annotations

import click

from pipelines.command.output import Problem, say
from pipelines.language import tr


@click.command("set-up")
def set_up() -> None:
    """Prepare the machine code of long work.

    Once for each version; commands do it by themselves beside their work.
    """
    from physio import code_cache

    if not (code_cache.is_complete() or _prepared()):
        raise Problem(
            tr(
                "The machine code cannot be stored in {folder}; give this folder room and "
                "yourself the right to write there. Until then long work takes longer to begin.",
                folder=code_cache.folder(),
            )
        )
    say(tr("Everything is prepared."))


def _prepared() -> bool:
    """Show how far the process that prepares has come; return whether it came to an end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    from pipelines.analysis import start_preparing, stored, wait_until_prepared

    started = start_preparing()
    columns = BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)

        def look() -> None:
            done, of = stored()
            progress.update(bar, completed=done, total=of)

        return wait_until_prepared(started, look=look)
