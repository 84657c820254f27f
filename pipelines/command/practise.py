"""`interbeat breathe` and `assess`: a breathing guide, and the pace that moves the heart most."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.library import open_library
from pipelines.command.output import Problem, WrongCall
from pipelines.command.parameters import RATIO
from pipelines.command.record import refuse_speed, source_options, wearers_named
from pipelines.language import tr
from pipelines.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devices.clock import Speed
    from physio.breathing.assessment import Step
    from pipelines.recording import Wearer
    from pipelines.session import Assessment, Pace, SourceBeats


@click.command()
@source_options
@click.option("--rate", default=6.0, show_default=True, help=tr("Breaths a minute, 4 to 24."))
@click.option(
    "--ratio", type=RATIO, help=tr("In to out; as in the settings, which begin with 40:60.")
)
@click.option("--minutes", default=10.0, show_default=True, help=tr("How long to practise."))
def breathe(
    devices: tuple[str, ...],
    replays: tuple[Path, ...],
    large: bool,
    scenarios: tuple[str, ...],
    speed: Speed,
    headless: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
    rate: float,
    ratio: float | None,
    minutes: float,
) -> None:
    """Practise slow breathing, with or without a strap."""
    if not 4 <= rate <= 24:
        raise WrongCall(
            tr("--rate {rate:g} is out of reach of the guide; give 4 to 24 breaths/min.", rate=rate)
        )
    if not 0 < minutes <= 120:
        raise WrongCall(
            tr("--minutes {minutes:g} is no length of practice; give up to 120.", minutes=minutes)
        )
    refuse_speed(devices, speed)
    wearers = wearers_named(devices, replays, scenarios, large=large)
    inhale = read_settings().inhale if ratio is None else ratio
    arguments = ["--view", "practice", "--rate", str(rate), "--inhale", str(inhale)]
    arguments += ["--minutes", str(minutes)]
    if not wearers:
        _guide_alone(arguments, headless=headless or as_json)
        return
    from pipelines.analysis import practised
    from pipelines.command.recording import Closing, Wish, record
    from pipelines.session import OWN_PRACTICE

    record(
        Wish(
            wearers=wearers,
            library=open_library(store, passphrase_file, create=True),
            speed=speed,
            headless=headless or as_json,
            as_json=as_json,
            consent=OWN_PRACTICE,
            pace=(rate, inhale),
            view=tuple(arguments),
            compares=True,
            seconds=minutes * 60.0 if headless or as_json else None,
            closing=Closing(practised, _practice_words),
        )
    )


@click.command()
@source_options
@click.option("--ratio", default="40:60", show_default=True, type=RATIO, help=tr("In to out."))
@click.option(
    "--sliding", is_flag=True, help=tr("Slow down breath by breath, 15 minutes without a rest.")
)
def assess(
    devices: tuple[str, ...],
    replays: tuple[Path, ...],
    large: bool,
    scenarios: tuple[str, ...],
    speed: Speed,
    headless: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
    ratio: float,
    sliding: bool,
) -> None:
    """Find the breathing rate that moves the heart most.

    From 6.5 to 4.5 breaths a minute by halves, two minutes each, with rests of two minutes: 18
    minutes. Each change is told in the terminal. A recording is read as if it began with the first
    breath.
    """
    if not headless and not as_json:
        raise WrongCall(tr("An assessment runs in the terminal; add --headless or --json."))
    refuse_speed(devices, speed)
    wearers = wearers_named(devices, replays, scenarios, large=large)
    if not wearers:
        raise WrongCall(
            tr(
                "An assessment reads the heart; give --device NAME, --replay FILE or --simulate "
                "resonance:5.5."
            )
        )
    from physio.breathing import assessment as courses
    from pipelines.analysis import assessed, earlier_assessment
    from pipelines.command.recording import Closing, Wish, record
    from pipelines.session import LATE, OWN_PRACTICE, Assessment

    course = courses.Course.SLIDING if sliding else courses.Course.STEPPED
    steps = courses.steps_of(course, ratio)
    library = open_library(store, passphrase_file, create=True)
    earlier = earlier_assessment(library, time.time()) if devices else None
    begins = Assessment(0.0, course, 0.0, ratio, earlier)
    record(
        Wish(
            wearers=_guided(wearers, (begins, *_paces(steps, ratio))),
            library=library,
            speed=speed,
            headless=True,
            as_json=as_json,
            consent=OWN_PRACTICE,
            seconds=steps[-1].end + LATE,
            closing=Closing(assessed, _assessment_words),
            telling=tuple(_telling(steps, ratio)),
        )
    )


def _practice_words(found: SourceBeats, session: str) -> str:
    from pipelines.analysis import practised
    from pipelines.words import minutes_text

    return minutes_text(practised(found, session).duration_s)


def _assessment_words(found: SourceBeats, session: str) -> str:
    from pipelines.analysis import ResonanceReason, assessed
    from pipelines.words import not_scored_text, resonance_text

    line = assessed(found, session)
    lost = (
        not_scored_text(step.rate, step.reason) for step in line.steps if step.reason is not None
    )
    agrees = line.resonance.reason is ResonanceReason.AGREES
    said = resonance_text(line.resonance.verdict, line.resonance.value, agrees=agrees)
    return "\n".join((said, *lost))


def _telling(steps: Sequence[Step], inhale: float) -> Iterator[tuple[float, str]]:
    """Yield what is said of each step, and of each rest, with the second from which it holds."""
    from pipelines.words import rest_text, step_text

    for step, after in zip(steps, (*steps[1:], None), strict=True):
        yield step.start, step_text(step.rate, inhale)
        if after is None or after.start > step.end:
            yield step.end, rest_text()


def _guided(wearers: Sequence[Wearer], told: tuple[Assessment | Pace, ...]) -> tuple[Wearer, ...]:
    """Return the wearers, the guide in the log beside the first; a recording's own is left out."""
    from pipelines.session import Assessment, Pace

    own = Assessment | Pace
    plain = [
        replace(one, events=tuple(event for event in one.events if not isinstance(event, own)))
        for one in wearers
    ]
    return (replace(plain[0], events=(*plain[0].events, *told)), *plain[1:])


def _paces(steps: Sequence[Step], inhale: float) -> Iterator[Pace]:
    """Yield what a log tells of the guide of an assessment: each rate, and each rest."""
    from pipelines.session import Pace

    for step, after in zip(steps, (*steps[1:], None), strict=True):
        for piece in step.pacer.pieces:
            if step.start <= piece.time < step.end:
                yield Pace(piece.time, piece.rate, inhale)
        if after is None or after.start > step.end:
            yield Pace(step.end, None, inhale)


def _guide_alone(arguments: list[str], *, headless: bool) -> None:
    """Open the practice window without a session, and wait for it."""
    import subprocess

    from pipelines.extras import need
    from pipelines.processes import surroundings
    from pipelines.recording import no_display, window_command

    need("PySide6")
    without = tr("A guide without a strap is a window") if headless else no_display()
    if without:
        raise Problem(
            tr("{without}; call it on a desktop, or name a strap and --headless.", without=without)
        )
    command = window_command(None, None, arguments)
    if subprocess.run(command, env=surroundings(), check=False).returncode:
        raise Problem(tr("The window could not be opened; the README names what Qt needs here."))
