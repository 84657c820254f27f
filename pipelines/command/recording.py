"""From a wish to a finished recording: library, recorder, window, and what is said meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from devices import clock
from devices.clock import Speed
from devices.link import NoBluetooth, NoStrap, find
from physio.measures import MEASURES
from pipelines.analysis import encode_result, get_ready_meanwhile, summaries
from pipelines.command import text
from pipelines.command.library import tell_of_unfinished
from pipelines.command.live_text import live_lines, live_result
from pipelines.command.output import Problem, out, program, say
from pipelines.command.printing import Printer
from pipelines.language import tr
from pipelines.live import Engine
from pipelines.recording import Plan, Recorder, Server, Wearer, Window, no_display, window_command
from pipelines.session import IN_VIEW, Pace, Snapshot
from pipelines.store import Library, LibraryError, write_contact
from pipelines.words import bluetooth_text

if TYPE_CHECKING:
    from pipelines.store import SessionWriter

LINGER = 0.2
"""Seconds between looks at whether the window has been closed after the end."""
SUMMARY_EVERY = 5.0
"""Seconds of session time between two lines of the live summary."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for; see `pipelines.recording.recorder.Plan`."""

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
        say(tr("{without}, so this runs in the terminal; Ctrl+C finishes it.", without=without))
        headless = True
    get_ready_meanwhile(say, speed=float("inf") if wish.speed == "max" else wish.speed)
    try:
        tell_of_unfinished(wish.library)
        trouble = clock.run(_recorded(wish, headless=headless), speed=wish.speed)
    except LibraryError as error:
        raise Problem(str(error)) from error
    if trouble:
        raise Problem(trouble)


async def _recorded(wish: Wish, *, headless: bool) -> str | None:
    if headless:
        await _find_straps(wish.wearers)
    writer = wish.library.new_session(time.time())
    engine = Engine(writer.session)
    with Printer() as printer:
        observe = _observer(wish, printer) if headless else None
        recorder = Recorder(_plan(wish, observe), writer, engine)
        kept = await _run(wish, writer, engine, recorder, headless=headless)
    _tell_end(wish, writer, engine, kept=kept)
    if writer.ending is None:
        return recorder.trouble
    if recorder.stopped_by is not None:
        say(recorder.stopped_by)
    return writer.ending


async def _run(
    wish: Wish, writer: SessionWriter, engine: Engine, recorder: Recorder, *, headless: bool
) -> bool:
    """Record to the end, with a window where one is shown; return whether the index took it."""
    told_to_end = asyncio.Event()
    with _signals(told_to_end.set, recorder.stop), contextlib.ExitStack() as looks_on:
        try:
            view = None if headless else _View(wish, writer, recorder, looks_on)
            await recorder.run()
            if view is not None:
                await view.until_connected(told_to_end)
        finally:
            kept = writer.close(beats=engine.received)
            _remember(wish.library, recorder)
        if view is not None:
            await view.until_closed(told_to_end)
    return kept


@contextlib.contextmanager
def _signals(*calls: Callable[[], object]) -> Iterator[None]:
    """Let Ctrl+C, a polite kill and a terminal that closes end the recording properly."""
    loop = asyncio.get_running_loop()

    def told(*_: object) -> None:
        for call in calls:
            loop.call_soon_threadsafe(call)

    before = {number: signal.signal(number, told) for number in _ending_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ending_signals() -> Iterator[signal.Signals]:
    yield signal.SIGINT
    yield signal.SIGTERM
    # Windows has no such signal, and nohup wants it ignored.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        yield signal.SIGHUP


async def _find_straps(wearers: tuple[Wearer, ...]) -> None:
    """Look for real straps before a session begins: nobody is there to wait for a wrong name."""
    for wearer in wearers:
        if wearer.opened.duration is None:
            try:
                await find(wearer.opened.seam, wearer.opened.wanted)
            except (NoBluetooth, NoStrap) as error:
                raise Problem(bluetooth_text(error)) from error


def _plan(wish: Wish, observe: Callable[[Snapshot], None] | None) -> Plan:
    return Plan(
        wearers=wish.wearers,
        seconds=wish.seconds,
        baseline=wish.baseline,
        learn_baseline=observe is None and wish.baseline is None,
        consent=wish.consent,
        pace=None if wish.pace is None else Pace(0.0, *wish.pace),
        speed=wish.speed,
        observe=observe,
        observed=tuple(MEASURES) if wish.as_json else IN_VIEW,
        say=say,
        ticks=wish.library.ticks(),
    )


def _remember(library: Library, recorder: Recorder) -> None:
    """Keep what was told of the straps that were met; a library that went away keeps nothing."""
    with contextlib.suppress(LibraryError):
        if recorder.told_ticks:
            library.remember_ticks(recorder.told_ticks)


class _View:
    """The pipe through which windows see a session, and the window that the command opens."""

    def __init__(
        self,
        wish: Wish,
        writer: SessionWriter,
        recorder: Recorder,
        until: contextlib.ExitStack,
    ) -> None:
        loop = asyncio.get_running_loop()
        folder = wish.library.folder
        self._server = Server(recorder.handle, share=recorder.share)
        until.callback(self._server.close)
        recorder.watched = lambda: self._server.watched
        write_contact(folder, writer.session, self._server.address, self._server.key)
        self._window = Window(
            window_command(writer.session, folder, wish.view),
            said_goodbye=self._server.said_goodbye,
            closed=lambda: _call_soon(loop, recorder.stop),
            say=say,
        )
        until.callback(self._window.close)

    async def until_connected(self, told_to_end: asyncio.Event) -> None:
        """Let a window that is still opening find a session that was over so soon."""
        while self._window.is_open and not (self._server.watched or told_to_end.is_set()):
            await _linger()

    async def until_closed(self, told_to_end: asyncio.Event) -> None:
        """Let people read the last picture until they close it."""
        self._window.stay_closed()
        while self._window.is_open and not told_to_end.is_set():
            await _linger()


async def _linger() -> None:
    # Real time: the session's own has ended, and at full speed would not wait.
    await asyncio.to_thread(time.sleep, LINGER)


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


def _observer(wish: Wish, printer: Printer) -> Callable[[Snapshot], None]:
    if not wish.as_json:
        return _Summary(printer).show

    def show(snapshot: Snapshot) -> None:
        for view in snapshot.sources:
            printer.offer(encode_result(live_result(view, snapshot)))

    return show


class _Summary:
    """The live summary of a terminal: a line for each wearer every few seconds."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._next = 0.0

    def show(self, snapshot: Snapshot) -> None:
        """Print the summary if it is time."""
        if snapshot.time >= self._next:
            self._next = snapshot.time + SUMMARY_EVERY
            for line in live_lines(snapshot):
                self._printer.offer(line)


def _tell_end(wish: Wish, writer: SessionWriter, engine: Engine, *, kept: bool) -> None:
    session, folder = writer.session, wish.library.folder
    for found in summaries(engine.source_beats()):
        named = msgspec.structs.replace(found, session=session)
        if wish.as_json:
            out(encode_result(named))
        elif wish.headless or no_display():
            out(text.describe(named))
    if writer.ending is not None:
        return
    say(
        tr(
            "The recording is session {session} in the library {folder}.",
            session=session,
            folder=folder,
        )
    )
    say(
        tr(
            "Look at it: {program} sessions show {session} --store {folder}",
            program=program(),
            session=session,
            folder=folder,
        )
    )
    if not kept:
        say(tr("The disk took no summary; interbeat sessions recover adds it once there is room."))
