"""`interbeat desktop`: Interbeat among the programs of the desktop."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from pipelines.command.output import Problem, WrongCall, say
from pipelines.language import tr


@click.command()
@click.option(
    "--install", is_flag=True, help=tr("Put it there, with its icon; again after moving.")
)
@click.option("--remove", is_flag=True, help=tr("Take it away again."))
def desktop(install: bool, remove: bool) -> None:
    """Put Interbeat among the programs of a Linux desktop."""
    if install == remove:
        raise WrongCall(tr("Say what to do: --install or --remove."))
    if not sys.platform.startswith("linux"):
        raise Problem(
            tr("This is for desktops on Linux; on this system, make a shortcut to interbeat.")
        )
    try:
        _install() if install else _remove()
    except OSError as error:
        raise Problem(
            tr(
                "{path} cannot be written ({strerror}).",
                path=error.filename,
                strerror=error.strerror,
            )
        ) from error


def _install() -> None:
    from pipelines import desktop as entries

    found = shutil.which(sys.argv[0])
    if found is None:
        raise Problem(tr("There is no command interbeat to start; install Interbeat first."))
    entry = entries.install(Path(found).absolute())
    say(tr("Interbeat is among your programs now: {entry}", entry=entry))


def _remove() -> None:
    from pipelines import desktop as entries

    if entries.remove():
        say(tr("Interbeat is no longer among your programs."))
    else:
        say(tr("Interbeat was not among your programs."))
