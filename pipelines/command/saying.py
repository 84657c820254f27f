"""How commands speak: JSON on stdout, everything else in sentences on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click
import msgspec


class Problem(click.ClickException):
    """An input or the outside world is at fault: one sentence, exit code 1."""

    exit_code = 1

    def show(self, file: object = None) -> None:
        """Print the sentence on stderr."""
        say(self.message)


class WrongCall(Problem):
    """The call itself is at fault: one sentence, exit code 2."""

    exit_code = 2


def say(sentence: str) -> None:
    """Print a sentence on stderr."""
    click.echo(sentence, err=True)


def out(line: str) -> None:
    """Print a line on stdout, at once; a reader who has left is no reason to stop recording."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open until the process ends


def print_json(value: object) -> None:
    """Print one JSON object on one line, at once."""
    out(msgspec.json.encode(value).decode())


def program() -> str:
    """Return what to type to call this program from here."""
    if shutil.which("interbeat"):
        return "interbeat"
    called = Path(sys.argv[0])
    here = Path.cwd()
    return str(called.relative_to(here) if called.is_relative_to(here) else called)
