"""From a wish to a finished recording: library, recorder, window, and what is said meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from devices import clock
from devices.clock import Speed
from devices.link import Namesakes, NoBluetooth, NoStrap, find
from physio.breathing.resonance import Earlier
from physio.measures import MEASURES
from pipelines.analysis import earlier_assessment, encode_result, get_ready_meanwhile, summaries
from pipelines.command import text
from pipelines.command.keeper import Afterwards, Keeper, linger
from pipelines.command.library import tell_of_unfinished
from pipelines.command.live_text import live_lines, live_result
from pipelines.command.output import Problem, WrongCall, out, print_json, program, say
from pipelines.command.printing import Printer
from pipelines.command.reviewing import review_session
from pipelines.command.signals import ended_by_signals
from pipelines.language import tr
from pipelines.live import Engine
from pipelines.recording import LibraryState, Open, Plan, Recorder, Wearer, no_display
from pipelines.session import IN_VIEW, ContextLine, Fate, Pace, Snapshot, SourceBeats
from pipelines.store import Library, LibraryError, write_contact
from pipelines.words import bluetooth_text

if TYPE_CHECKING:
    from pipelines.store import SessionWriter

SUMMARY_EVERY = 5.0
"""Seconds of session time between two lines of the live summary."""
HEARD_WITHIN = 2.0
"""Seconds that a window waits to open for a strap to be heard."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is told of each wearer after the result: a line of JSON, and what a person reads."""

    line: Callable[[SourceBeats, str], msgspec.Struct]
    words: Callable[[SourceBeats, str], str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for; see `pipelines.recording.recorder.Plan`.

    `closing` is told last of all, and `telling` are sentences for the terminal, each with the
    second of session time from which it holds.
    """

    wearers: tuple[Wearer, ...]
    library: Library
    speed: Speed
    headless: bool
    as_json: bool
    consent: str
    context: Mapping[ContextLine, str] = field(default_factory=dict)
    baseline: tuple[float, float] | None = None
    pace: tuple[float, float] | None = None
    seconds: float | None = None
    view: tuple[str, ...] = ()
    practice: bool = False
    kept: bool = True
    listens: bool = False
    client: str | None = None
    compares: bool = False
    """Whether a resonance assessment in it is compared with the newest that is kept."""
    closing: Closing | None = None
    telling: tuple[tuple[float, str], ...] = ()


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
        with contextlib.nullcontext() if headless else Keeper(LibraryState.OPEN) as keeper:
            trouble = clock.run(recorded(wish, keeper), speed=wish.speed)
            if keeper is not None:
                _review_afterwards(keeper, wish.library)
    except LibraryError as error:
        raise Problem(str(error)) from error
    if trouble:
        raise Problem(trouble)


def _review_afterwards(keeper: Keeper, library: Library) -> None:
    """Review what was recorded if the window asks for it, until it is left."""
    with ended_by_signals(keeper.over.set):
        while isinstance(errand := keeper.next(within=0.0), Open):
            review_session(keeper, library, errand.session)


async def recorded(wish: Wish, keeper: Keeper | None) -> str | None:
    """Record a wish to its end, for the window of `keeper` or, without one, for the terminal.

    Returns one sentence where it came to trouble.
    """
    wish = replace(wish, wearers=await _found(wish.wearers, patient=keeper is None))
    earlier = await asyncio.to_thread(_earlier, wish)
    writer = wish.library.new_session(time.time(), client=wish.client)
    engine = Engine(writer.session)
    with Printer() as printer:
        observe = None if keeper is not None else _observer(wish, printer)
        recorder = Recorder(_plan(wish, observe, earlier), writer, engine)
        kept = await _run(wish, writer, engine, recorder, keeper)
    if keeper is not None and keeper.fate is not Fate.KEPT:
        say(_gone_text(keeper.fate))
        return recorder.trouble
    _tell_end(wish, writer, engine, kept=kept)
    if writer.ending is None:
        return recorder.trouble
    if recorder.stopped_by is not None:
        say(recorder.stopped_by)
    return writer.ending


async def _run(
    wish: Wish,
    writer: SessionWriter,
    engine: Engine,
    recorder: Recorder,
    keeper: Keeper | None,
) -> bool:
    """Record to the end, with a window where one is shown; return whether the index took it."""
    told_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.call_soon_threadsafe(told_to_end.set)
        loop.call_soon_threadsafe(recorder.stop)

    then = Afterwards(
        destroy=partial(wish.library.delete, writer.session),
        amend=partial(recorder.amend, keep=partial(wish.library.add, writer.session)),
        name=partial(wish.library.name_client, writer.session),
    )
    with ended_by_signals(end):
        try:
            if keeper is not None:
                _attend(keeper, wish, writer, recorder)
            if keeper is None:
                await recorder.run()
            else:
                await _record_watched(keeper, recorder, then)
                await _until_connected(keeper, told_to_end)
        finally:
            kept = writer.close(beats=engine.received)
            _remember(wish.library, recorder)
        if keeper is not None:
            await _until_left(keeper, then, writer, recorder, engine, told_to_end)
    return kept


async def _record_watched(keeper: Keeper, recorder: Recorder, then: Afterwards) -> None:
    """Record until it is over for good: who finishes it can take that back for a while."""
    recorder.may_go_on = lambda: keeper.watched and keeper.is_open
    recording = asyncio.create_task(recorder.run())
    try:
        await keeper.until_over(recording, then)
    finally:
        recorder.stop()
        await recording


def _attend(keeper: Keeper, wish: Wish, writer: SessionWriter, recorder: Recorder) -> None:
    """Let the window see this session; open one where there is none yet."""
    loop, folder = asyncio.get_running_loop(), wish.library.folder
    show_names_and_keys(keeper, wish.library, wish.client)
    keeper.attend(
        recorder,
        writer.session,
        lambda: _call_soon(loop, recorder.stop),
        practice=wish.practice,
        fate=Fate.KEPT if wish.kept else Fate.THROWN,
    )
    # Not before: who finds a session asks of it at once.
    write_contact(folder, writer.session, keeper.server.address, keeper.server.key)
    if not keeper.is_open:
        keeper.open_session(writer.session, folder, wish.view)


def show_names_and_keys(keeper: Keeper, library: Library, client: str | None) -> None:
    """Show whose a session is, and what its keys mark: the client's own words, or the library's."""
    keeper.show(clients=None, client=client)
    with contextlib.suppress(LibraryError):
        own = None if client is None else library.client_labels().get(client)
        keeper.show(labels=own or library.labels(), own=(), pedal=library.pedal())
        if library.names_clients:
            keeper.show(clients=tuple(library.clients()))


async def _until_connected(keeper: Keeper, told_to_end: asyncio.Event) -> None:
    """Let a window that is still opening find a session that was over so soon."""
    while keeper.is_open and not (keeper.watched or told_to_end.is_set()):
        await linger()


async def _until_left(
    keeper: Keeper,
    then: Afterwards,
    writer: SessionWriter,
    recorder: Recorder,
    engine: Engine,
    told_to_end: asyncio.Event,
) -> None:
    """Let people read the last picture until they leave it, or throw the session away."""
    snapshot = engine.snapshot(engine.time)
    if writer.ending is None and not (engine.received or snapshot.marks):
        keeper.fate = Fate.UNREACHED if recorder.unreached else Fate.EMPTY
        if recorder.unreached is not None:
            keeper.tell_no_bluetooth(recorder.unreached)
    if keeper.fate is not Fate.KEPT:
        keeper.show(clients=None)
        then.destroy()
    if not keeper.lasts:
        keeper.stay_closed()
    await keeper.until_left(lambda: told_to_end.is_set() or not keeper.is_open, then)


def _gone_text(fate: Fate) -> str:
    if fate is Fate.THROWN:
        return tr("The session was thrown away; nothing of it is kept.")
    return tr("Nothing was recorded, so nothing is kept.")


async def _found(wearers: tuple[Wearer, ...], *, patient: bool) -> tuple[Wearer, ...]:
    """Return the wearers with the addresses of their straps, which are looked for at once.

    Who is `patient` waits for each and cannot do without: nobody is there to wait for a wrong
    name. Else a strap may join later; only a name that several bear is asked about.
    """
    return tuple(await asyncio.gather(*(_told_apart(one, patient=patient) for one in wearers)))


async def _told_apart(wearer: Wearer, *, patient: bool) -> Wearer:
    opened = wearer.opened
    if opened.duration is not None or opened.address or wearer.link is not None:
        return wearer
    try:
        within = {} if patient else {"timeout": HEARD_WITHIN}
        strap = await find(opened.adapter, opened.wanted, **within)
    except Namesakes as error:
        raise WrongCall(bluetooth_text(error, terminal=True)) from error
    except (NoBluetooth, NoStrap) as error:
        if patient:
            raise Problem(bluetooth_text(error, terminal=True)) from error
        return wearer
    known = replace(
        opened, wanted=strap.address, address=strap.address, device=strap.name or opened.device
    )
    return replace(wearer, opened=known)


def _earlier(wish: Wish) -> Earlier | None:
    """Return what the newest assessment found that this one is compared with."""
    real = all(one.opened.duration is None for one in wish.wearers)
    return earlier_assessment(wish.library, time.time()) if wish.compares and real else None


def _plan(wish: Wish, observe: Callable[[Snapshot], None] | None, earlier: Earlier | None) -> Plan:
    return Plan(
        wearers=wish.wearers,
        seconds=wish.seconds,
        baseline=wish.baseline,
        learn_baseline=observe is None and wish.baseline is None,
        consent=wish.consent,
        context=wish.context,
        listens=wish.listens,
        pace=None if wish.pace is None else Pace(0.0, *wish.pace),
        speed=wish.speed,
        observe=observe,
        observed=tuple(MEASURES) if wish.as_json else IN_VIEW,
        observes_marks=wish.as_json,
        say=say,
        ticks=wish.library.ticks(),
        models=wish.library.models(),
        earlier=earlier,
    )


def _remember(library: Library, recorder: Recorder) -> None:
    """Keep what was told of the straps that were met; a library that went away keeps nothing."""
    with contextlib.suppress(LibraryError):
        if recorder.told_ticks:
            library.remember_ticks(recorder.told_ticks)


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


def _observer(wish: Wish, printer: Printer) -> Callable[[Snapshot], None]:
    told = _Telling(wish.telling)
    summary = _Summary(printer)

    def show(snapshot: Snapshot) -> None:
        told.tell(snapshot.time)
        if not wish.as_json:
            summary.show(snapshot)
            return
        for view in snapshot.sources:
            printer.offer(encode_result(live_result(view, snapshot)))

    return show


class _Telling:
    """Sentences that are said as their time comes."""

    def __init__(self, sentences: tuple[tuple[float, str], ...]) -> None:
        self._waiting = list(sentences)

    def tell(self, now: float) -> None:
        """Say what holds `now` (s), and nothing that is over already."""
        due = [sentence for time, sentence in self._waiting if time <= now]
        if due:
            say(due[-1])
            del self._waiting[: len(due)]


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


def _tell_closing(wish: Wish, closing: Closing, beats: Iterable[SourceBeats], session: str) -> None:
    for found in beats:
        if wish.as_json:
            print_json(closing.line(found, session))
        elif wish.headless or no_display():
            out(closing.words(found, session))


def _tell_end(wish: Wish, writer: SessionWriter, engine: Engine, *, kept: bool) -> None:
    session, folder = writer.session, wish.library.folder
    beats = engine.source_beats()
    for found in summaries(beats):
        named = msgspec.structs.replace(found, session=session)
        if wish.as_json:
            out(encode_result(named))
        elif wish.headless or no_display():
            out(text.describe(named))
    if wish.closing is not None:
        _tell_closing(wish, wish.closing, beats, session)
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
