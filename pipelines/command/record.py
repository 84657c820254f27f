"""`interbeat demo` and `live`: the commands that record a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from pipelines.command.library import library_options, open_library
from pipelines.command.output import Problem, WrongCall, say
from pipelines.command.parameters import CONTEXT, LARGE, SPAN, SPEED
from pipelines.language import tr
from pipelines.places import default_store

if TYPE_CHECKING:
    from devices.clock import Speed
    from pipelines.recording import Wearer

F = TypeVar("F", bound=Callable[..., object])

DEMO_SECONDS = 20.0
DEMO_SPEED = 6.0


def source_options(command: F) -> F:
    """Add the options that say where beats come from and how they are kept."""
    for option in reversed(_SOURCE_OPTIONS):
        command = option(command)
    return library_options(command)


_SOURCE_OPTIONS = (
    click.option(
        "--device", "devices", multiple=True, metavar="NAME_OR_ADDRESS",
        help=tr("A strap in reach; give it twice for two people (client, therapist)."),
    ),
    click.option(
        "--replay", "replays", multiple=True, metavar="FILE",
        type=click.Path(path_type=Path),
        help=tr("A recording to play as if it happened now."),
    ),
    LARGE,
    click.option(
        "--simulate", "scenarios", multiple=True, metavar="SCENARIO",
        help=tr("A simulated strap: rest, paced:RATE, resonance:RATE, therapy, ectopic:PERCENT or "
            "dropouts."),
    ),
    click.option(
        "--speed", default="1", type=SPEED, metavar="X|max",
        help=tr("How fast a recording or simulation runs; max is as fast as it can be stored."),
    ),
    click.option("--headless", is_flag=True, help=tr("No window; end with Ctrl+C.")),
    click.option("--json", "as_json", is_flag=True, help=tr("JSON lines on stdout (headless).")),
)  # fmt: skip


@click.command()
@source_options
@click.option("--baseline", type=SPAN, help=tr("Take this stretch as everybody's baseline."))
@click.option("--consent", is_flag=True, help=tr("Everyone recorded has agreed; it is noted."))
@click.option(
    "--voice",
    is_flag=True,
    help=tr(
        "Everyone agreed that the microphone hears whether anybody talks, on or off; no sound is "
        "kept."
    ),
)
@click.option(
    "--context",
    "context",
    multiple=True,
    type=CONTEXT,
    metavar="LINE=WORDS",
    help=tr(
        'A line of the card that goes with the hour, such as medicines="none"; as often as '
        "needed: medicines, caffeine, nicotine, sleep, pain, time-of-day."
    ),
)
@click.option(
    "--ticks", type=click.Choice(["1024", "1000"]),
    help=tr(
        "What the straps count intervals in a second: 1000 for one that sends milliseconds, 1024 "
        "as specified. It is remembered of each strap; a recording is played as it was recorded."
    ),
)  # fmt: skip
def live(
    devices: tuple[str, ...],
    replays: tuple[Path, ...],
    large: bool,
    scenarios: tuple[str, ...],
    speed: Speed,
    headless: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
    baseline: tuple[float, float] | None,
    consent: bool,
    voice: bool,
    context: tuple[tuple[str, str], ...],
    ticks: str | None,
) -> None:
    """Record a session and see it live."""
    from pipelines.command.recording import Wish, record
    from pipelines.session import ContextLine

    counted = None if ticks is None else int(ticks)
    wearers = wearers_named(devices, replays, scenarios, large=large, ticks=counted)
    if not wearers:
        raise WrongCall(
            tr(
                "No source of beats is named; give --device NAME, --replay FILE or --simulate "
                "therapy."
            )
        )
    refuse_speed(devices, speed)
    if voice and speed != 1.0:
        raise WrongCall(tr("--voice is for what happens now; leave it out or --speed."))
    library = open_library(store, passphrase_file, create=True)
    record(
        Wish(
            wearers=wearers,
            library=library,
            speed=speed,
            headless=headless or as_json,
            as_json=as_json,
            baseline=baseline,
            consent="everyone recorded has agreed" if consent else "consent not asked",
            context={ContextLine(line): words for line, words in context if words},
            listens=voice,
        )
    )


@click.command()
@click.option("--headless", is_flag=True, help=tr("No window, even where there is a display."))
@click.option("--seconds", type=float, metavar="S", help=tr("Stop after S seconds."))
@click.option("--json", "as_json", is_flag=True, help=tr("JSON lines on stdout (headless)."))
@click.option(
    "--store", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help=tr("Folder of the demo's library."),
)  # fmt: skip
def demo(
    headless: bool,
    seconds: float | None,
    as_json: bool,
    store: Path | None,
) -> None:
    """No strap needed: a simulated strap through the whole program."""
    from pipelines import store as stores
    from pipelines.command.recording import Wish, record
    from pipelines.recording import no_display

    if seconds is not None and not 0 < seconds < float("inf"):
        raise WrongCall(
            tr("--seconds {seconds:g} is no time to run; give a number above 0.", seconds=seconds)
        )
    without = None if headless or as_json else no_display()
    if without:
        say(tr("{without}, so the demo runs in the terminal.", without=without))
    headless = headless or as_json or without is not None
    folder = store or default_store("demo")
    try:
        library = stores.open_or_create_with_key_file(folder)
    except stores.LibraryError as error:
        raise Problem(str(error)) from error
    say(
        tr(
            "A simulated strap at {demo_speed:g} times its speed. The demo's own library is in",
            demo_speed=DEMO_SPEED,
        )
    )
    say(
        tr(
            "{folder}; it opens with a generated key file beside it, so keep nothing "
            "private there.",
            folder=folder,
        )
    )
    shown = seconds if seconds is not None else DEMO_SECONDS if headless else None
    record(
        Wish(
            wearers=wearers_named((), (), ("therapy",)),
            library=library,
            speed=DEMO_SPEED,
            headless=headless,
            as_json=as_json,
            consent="simulated, nobody to ask",
            seconds=None if shown is None else shown * DEMO_SPEED,
        )
    )


def refuse_speed(devices: tuple[str, ...], speed: Speed) -> None:
    """Refuse to have a real strap run at another speed than its own."""
    if devices and speed != 1.0:
        raise WrongCall(
            tr("--speed is for recordings and simulated straps; a real strap runs at 1.")
        )


def wearers_named(
    devices: tuple[str, ...],
    replays: tuple[Path, ...],
    scenarios: tuple[str, ...],
    *,
    large: bool = False,
    ticks: int | None = None,
) -> tuple[Wearer, ...]:
    """Return the wearers that a call names, or say in one sentence what is wrong with them."""
    from pipelines.formats import FormatError
    from pipelines.recording import wearers

    try:
        return wearers(
            devices=devices, replays=replays, scenarios=scenarios, large=large, ticks=ticks
        )
    except (FormatError, ValueError) as error:
        raise WrongCall(str(error)) from error
