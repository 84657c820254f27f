"""How commands speak: JSON on stdout, everything else in sentences on stderr."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path
from typing import TextIO

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
    """Print a sentence on stderr; where nobody can hear it, that is no reason to stop recording."""
    try:
        click.echo(sentence, err=True)
    except OSError:
        sys.stderr = _nowhere()


def out(line: str) -> None:
    """Print a line on stdout, at once; a reader who has left is no reason to stop recording."""
    if sys.stdout is None:  # it was closed before the program began
        return
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = _nowhere()
    except OSError as error:
        say(lost(error))


def lost(error: OSError) -> str:
    """Let go of an output that takes no more, and return what there is to say of it."""
    sys.stdout = Lost()
    return f"The output cannot be written ({error.strerror}); check where it goes."


class Lost(io.StringIO):
    """Takes the place of an output that takes no more, and keeps nothing."""

    def write(self, text: str) -> int:
        """Drop `text`."""
        return len(text)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w")


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
