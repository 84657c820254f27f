"""The command as a whole: a wrong call is answered in one sentence, like everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from importlib import import_module
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from pipelines.command import streams
from pipelines.command.output import Lost, Problem, WrongCall, lost
from pipelines.extras import how_to_install
from pipelines.language import tr


class Elsewhere(click.Command):
    """A command that lives above this package: known by one sentence until it is called.

    Parameters
    ----------
    name : str
        Of the command, and of what its module calls it.
    module : str
        Where it is loaded from by name.
    short_help : str
        Its first sentence.
    """

    def __init__(self, name: str, module: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.module = module

    def loaded(self) -> click.Command:
        """Return the command itself."""
        command: click.Command = getattr(import_module(self.module), str(self.name))
        return command


class Program(click.Group):
    """A group of commands that says in one sentence what is wrong with a call."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, loaded where it lives elsewhere."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.loaded() if isinstance(command, Elsewhere) else command, rest

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program from its arguments to its exit."""
        streams.make_ready()
        return super().main(*args, **extra)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the options before the command."""
        with _one_sentence():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit with 1 where its output found no room."""
        with _one_sentence():
            result = super().invoke(ctx)
        if isinstance(sys.stdout, Lost):
            ctx.exit(1)
        return result


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        called = error.ctx.command_path if error.ctx else "interbeat"
        said = error.format_message().rstrip(".")
        raise WrongCall(tr("{said}; see `{called} --help`.", said=said, called=called)) from error
    except ModuleNotFoundError as error:
        lacking = how_to_install(error)
        if lacking is None:
            raise
        raise Problem(lacking) from error
    except OSError as error:
        # Commands answer for their own; what is left is help that found no room.
        if error.errno != ENOSPC:
            raise
        raise Problem(lost(error)) from error
    except (KeyboardInterrupt, click.Abort) as error:
        raise Problem(tr("Stopped before it was done.")) from error
