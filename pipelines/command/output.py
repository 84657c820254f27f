"""How commands speak: JSON on stdout, everything else in sentences on stderr."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from pipelines.command.streams import Silence
from pipelines.harmless import harmless
from pipelines.language import tr

SENTENCE = 1000
"""Characters of a sentence at most; nothing that a person reads is longer."""


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
        click.echo(harmless(sentence, most=SENTENCE), err=True)
    except OSError:
        sys.stderr = Silence()


def out(line: str) -> None:
    """Print a line, or several, on stdout at once.

    A reader who has left is no reason to stop recording.
    """
    plain = "\n".join(harmless(one, most=None) for one in line.split("\n"))
    try:
        sys.stdout.write(plain + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = Silence()
    except OSError as error:
        say(lost(error))


def lost(error: OSError) -> str:
    """Let go of an output that takes no more, and return what there is to say of it."""
    sys.stdout = Lost()
    return tr(
        "The output cannot be written ({strerror}); check where it goes.", strerror=error.strerror
    )


class Lost(Silence):
    """Takes the place of an output that takes no more."""


def print_json(value: object) -> None:
    """Print one JSON object on one line, at once."""
    # With it comes numpy, which `--help` does without.
    from pipelines.words import json_line

    out(json_line(value))


def program() -> str:
    """Return what to type to call this program from here."""
    if shutil.which("interbeat"):
        return "interbeat"
    called = Path(sys.argv[0])
    here = Path.cwd()
    return str(called.relative_to(here) if called.is_relative_to(here) else called)
