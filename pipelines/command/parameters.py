"""Kinds of parameters: what may be given, and one sentence where something else was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pipelines.command.output import WrongCall
from pipelines.language import tr
from pipelines.reading import LARGEST

if TYPE_CHECKING:
    from devices.clock import Speed


class SpeedType(click.ParamType["Speed"]):
    """A factor above 0, or "max"."""

    name = "X|max"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Speed:
        """Return the speed, or say in one sentence what it may be."""
        if value == "max":
            return "max"
        try:
            speed = float(str(value))
        except ValueError:
            speed = 0.0
        if not 0 < speed <= 1000:
            self.fail(
                tr(
                    '"{value}" is no speed; give a number from above 0 to 1000, or max.',
                    value=value,
                )
            )
        return speed


class SpanType(click.ParamType["tuple[float, float]"]):
    """A stretch of a session, START:END in seconds."""

    name = "START:END"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Return start and end, or say in one sentence what they may be."""
        start, _, end = str(value).partition(":")
        try:
            span = float(start), float(end)
        except ValueError:
            span = (0.0, 0.0)
        if not 0 <= span[0] < span[1] < float("inf"):
            self.fail(
                tr(
                    '"{value}" is no stretch; give START:END in seconds, such as 0:180.',
                    value=value,
                )
            )
        return span


class PlaceType(click.ParamType["float"]):
    """A place in a video, in seconds."""

    name = "SECONDS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds, or say in one sentence what they may be."""
        try:
            place = float(str(value))
        except ValueError:
            place = -1.0
        if not 0 <= place < 1e6:
            self.fail(
                tr('"{value}" is no place in a video; give seconds, such as 12.4.', value=value)
            )
        return place


class ContextType(click.ParamType["tuple[str, str]"]):
    """A line of the card that goes with an hour, LINE=WORDS."""

    name = "LINE=WORDS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return line and words, or say in one sentence which lines there are."""
        from pipelines.session import ContextLine

        name, told, words = str(value).partition("=")
        line = name.strip().casefold().replace("-", " ").replace("_", " ")
        if not told or line not in {one.value for one in ContextLine}:
            self.fail(
                tr(
                    '"{value}" is no line of the card; give LINE=WORDS, where LINE is one of '
                    "{lines}.",
                    value=value,
                    lines=", ".join(one.value.replace(" ", "-") for one in ContextLine),
                )
            )
        return line, words.strip()


class BaselineType(click.ParamType["tuple[float, float] | str"]):
    """A stretch of the session itself, START:END in seconds, or another recording."""

    name = "FILE|START:END"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float] | str:
        """Return start and end, or the name of a recording."""
        said = str(value)
        is_file = ":" not in said or os.path.lexists(said)
        return said if is_file else SPAN.convert(said, param, ctx)


class RatioType(click.ParamType["float"]):
    """Breathing in to breathing out, such as 40:60."""

    name = "IN:OUT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the share spent breathing in, or say in one sentence what it may be."""
        if isinstance(value, float):
            return value
        inhale, _, exhale = str(value).partition(":")
        try:
            share = float(inhale) / (float(inhale) + float(exhale))
        except (ValueError, ZeroDivisionError):
            share = 0.0
        if not 0.3 <= share <= 0.5:
            self.fail(
                tr(
                    '"{value}" is no ratio; give IN:OUT from 30:70 to 50:50, such as 40:60.',
                    value=value,
                )
            )
        return share


class SessionType(click.ParamType["str"]):
    """The id of a session."""

    name = "SESSION"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the id, or say in one sentence that no session could have it."""
        said = str(value)
        if not (said.isascii() and said.isprintable()):
            self.fail(
                tr('"{said}" is no id; `interbeat sessions list` shows those there are.', said=said)
            )
        return said


SPEED, SPAN, BASELINE, RATIO = SpeedType(), SpanType(), BaselineType(), RatioType()
CONTEXT, SESSION, PLACE = ContextType(), SessionType(), PlaceType()
LARGE = click.option(
    "--large",
    is_flag=True,
    help=tr(
        "Also read files above {largest:.0f} MB, up to a tenth of this computer's memory.",
        largest=LARGEST / 1e6,
    ),
)


def _above_0(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value < float("inf"):
        raise WrongCall(
            tr("{option} {value:g} is no rate; give samples a second, above 0.",
               option=option.opts[0], value=value)
        )  # fmt: skip
    return value


PEAKS = click.option(
    "--peaks",
    type=float,
    callback=_above_0,
    metavar="RATE",
    help=tr("The files hold R peaks, at RATE samples a second; 1 where they are in seconds."),
)
CHANNEL = click.option(
    "--channel",
    metavar="NAME",
    help=tr("The signal that is the ECG, where a file names none so, or several."),
)
BREATHING = click.option(
    "--breathing",
    metavar="NAME",
    help=tr("The signal that is breathing, where a file names several so, or none."),
)
SIGNAL_RATE = click.option(
    "--rate",
    type=float,
    callback=_above_0,
    metavar="RATE",
    help=tr("Samples a second of a table of signals that does not tell them."),
)
REPLACE = click.option("--replace", is_flag=True, help=tr("Write over the file if there is one."))
PRESET = click.option(
    "--preset",
    type=click.Choice(["interbeat", "task-force", "kubios-like"]),
    help=tr(
        "The conventions: task-force leaves the slow trend in, kubios-like takes it off the "
        "time domain, entropy and DFA too. [interbeat]"
    ),
)
NAMES = click.option(
    "--names", metavar="NAME,...", help=tr("These measures alone, such as rmssd,hf.")
)
WINDOW = click.option(
    "--window", type=float, metavar="S", help=tr("Also measure epochs of S seconds.")
)
SLIDING = click.option(
    "--sliding", type=float, metavar="STEP", help=tr("Let the windows slide by STEP s.")
)
EPOCHS = click.option(
    "--epochs",
    metavar="FILE.csv|marks",
    help=tr(
        "Also measure stretches with names: condition,start_s,end_s and, if need be, recording; "
        "or from each mark of a session to the next."
    ),
)
LABELS = click.option(
    "--labels",
    type=click.Choice(["on", "off"]),
    help=tr("off: use every interval as it is, early, missed and extra beats included. [on]"),
)


MARKS: Final = "marks"
"""What `--epochs` is given where a session's marks begin the stretches; ./marks is a file."""


def epochs_given(given: str | None) -> dict[str, Any]:
    """Return what `--epochs` gives a plan.

    Raises
    ------
    BadPlan
        If the table cannot be read.
    """
    if given is None:
        return {}
    if given == MARKS:
        return {"marks": True}
    from pipelines.batch import epochs_in

    return {"epochs": epochs_in(Path(given))}


def names_in(given: str | None) -> tuple[str, ...]:
    """Return the names that `--names` gives, none where it is not given."""
    return () if given is None else tuple(filter(None, given.split(",")))
