"""From a wish to a finished recording: library, recorder, window, and what is said meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from devices import clock
from devices.clock import Speed
from devices.search import find
from devices.trouble import NoBluetooth, NoStrap
from pipelines import result, text
from pipelines.command.saying import Problem, out, program, say
from pipelines.engine import Engine
from pipelines.events import Pace
from pipelines.live import live_lines, live_result
from pipelines.pipe import Server
from pipelines.recorder import Plan, Recorder, Wearer
from pipelines.snapshot import Snapshot
from pipelines.store import Library, write_contact
from pipelines.window import Window, no_display, window_command

if TYPE_CHECKING:
    from pipelines.store import SessionWriter

LINGER = 0.2
"""Seconds between looks at whether the window has been closed after the end."""
SUMMARY_EVERY = 5.0
"""Seconds of session time between two lines of the live summary."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for; see `pipelines.recorder.Plan`."""

    wearers: tuple[Wearer, ...]
    library: Library
    speed: Speed
    headless: bool
    as_json: bool
    consent: str
    baseline: tuple[float, float] | None = None
    pace: tuple[float, float] | None = None
    seconds: float | None = None
    view: tuple[str, ...] = ()


def record(wish: Wish) -> None:
    """Record until it ends, then say where the recording is and what it holds.

    Raises
    ------
    Problem
        In one sentence, if Bluetooth, strap or disk do not play along; what was taken is kept.
    """
    headless = wish.headless
    if not headless and (without := no_display()):
        say(f"{without}, so this runs in the terminal; Ctrl+C finishes it.")
        headless = True
    trouble = clock.run(_recorded(wish, headless=headless), speed=wish.speed)
    if trouble:
        raise Problem(trouble)


async def _recorded(wish: Wish, *, headless: bool) -> str | None:
    if headless:
        await _find_straps(wish.wearers)
    writer = wish.library.new_session(time.time())
    engine = Engine(writer.session)
    recorder = Recorder(_plan(wish, headless=headless), writer, engine)
    trouble: str | None = None
    server = None if headless else _serve(wish.library, writer, recorder)
    window = None if headless else _open_window(wish, writer, recorder)
    try:
        await recorder.run()
    except NoBluetooth as error:
        trouble = str(error)
    finally:
        kept = writer.close(beats=sum(found.quality.beats for found in engine.results()))
    if window is not None and server is not None:
        await _until_closed(window)
        server.close()
    _tell_end(wish, writer, engine, kept=kept)
    return recorder.trouble or trouble


async def _find_straps(wearers: tuple[Wearer, ...]) -> None:
    """Look for real straps before a session begins: nobody is there to wait for a wrong name."""
    for wearer in wearers:
        if wearer.opened.duration is None:
            try:
                await find(wearer.opened.seam, wearer.opened.wanted)
            except (NoBluetooth, NoStrap) as error:
                raise Problem(str(error)) from error


def _plan(wish: Wish, *, headless: bool) -> Plan:
    return Plan(
        wearers=wish.wearers,
        seconds=wish.seconds,
        baseline=wish.baseline,
        learn_baseline=not headless and wish.baseline is None,
        consent=wish.consent,
        pace=None if wish.pace is None else Pace(0.0, *wish.pace),
        speed=wish.speed,
        observe=_observer(wish) if headless else None,
    )


def _serve(library: Library, writer: SessionWriter, recorder: Recorder) -> Server:
    server = Server(recorder.handle)
    recorder.watched = lambda: server.watched
    write_contact(library.folder, writer.session, server.address, server.key)
    return server


def _open_window(wish: Wish, writer: SessionWriter, recorder: Recorder) -> Window:
    loop = asyncio.get_running_loop()
    return Window(
        window_command(writer.session, wish.library.folder, wish.view),
        closed=lambda: _call_soon(loop, recorder.stop),
        say=say,
    )


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


async def _until_closed(window: Window) -> None:
    """Let people read the last picture until they close it."""
    while window.is_open:
        # Real time: the session's own has ended, and at full speed would not wait.
        await asyncio.to_thread(time.sleep, LINGER)


def _observer(wish: Wish) -> Callable[[Snapshot], None]:
    if wish.as_json:
        return _print_lines
    return _Summary().show


def _print_lines(snapshot: Snapshot) -> None:
    for view in snapshot.sources:
        out(result.encode(live_result(view, snapshot)))


class _Summary:
    """The live summary of a terminal: a line for each wearer every few seconds."""

    def __init__(self) -> None:
        self._next = 0.0

    def show(self, snapshot: Snapshot) -> None:
        """Print the summary if it is time."""
        if snapshot.time >= self._next:
            self._next = snapshot.time + SUMMARY_EVERY
            for line in live_lines(snapshot):
                out(line)


def _tell_end(wish: Wish, writer: SessionWriter, engine: Engine, *, kept: bool) -> None:
    session, folder = writer.session, wish.library.folder
    for found in engine.results():
        named = msgspec.structs.replace(found, session=session)
        if wish.as_json:
            out(result.encode(named))
        elif wish.headless or no_display():
            out(text.describe(named))
    say(f"The recording is session {session} in the library {folder}.")
    say(f"Look at it: {program()} sessions show {session} --store {folder}")
    if not kept:
        say("The disk took no summary; interbeat sessions recover adds it once there is room.")
