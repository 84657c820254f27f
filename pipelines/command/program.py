"""The command as a whole: a wrong call is answered in one sentence, like everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ENOSPC
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from pipelines.command import streams
from pipelines.command.output import Lost, Problem, WrongCall, lost
from pipelines.extras import how_to_install

NONE_LOADED: Mapping[str, str] = MappingProxyType({})


class Program(click.Group):
    """A group of commands that says in one sentence what is wrong with a call.

    Parameters
    ----------
    loaded : mapping of str to str
        Further commands: their names, and the modules that hold them under that name.
    """

    def __init__(self, *args: Any, loaded: Mapping[str, str] = NONE_LOADED, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self._loaded = loaded

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return sorted((*super().list_commands(ctx), *self._loaded))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, loading its module where it has one of its own."""
        if cmd_name in self._loaded:
            command: click.Command = getattr(import_module(self._loaded[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)

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
        raise WrongCall(f"{said}; see `{called} --help`.") from error
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
        raise Problem("Stopped before it was done.") from error
