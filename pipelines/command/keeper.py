"""What the recorder's process keeps for its window: the desk, the pipe to it, the window itself.

Errands are taken down in the pipe's threads and done one after another by whoever calls `next`.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import msgspec

from physio.beats import NO_BEATS
from pipelines.analysis import Outline, Reviewed
from pipelines.command.holdings import Holdings
from pipelines.command.output import say
from pipelines.language import tr
from pipelines.live import Edit, MarkAgain, RemoveMark
from pipelines.recording import (
    Amend,
    Answer,
    AskDesk,
    AskFound,
    AskOutlines,
    AskPoints,
    AskReview,
    AskShelf,
    AskSnapshot,
    BackUp,
    Browse,
    Desk,
    Errand,
    FoundWords,
    HandOver,
    HeardStrap,
    Leave,
    LibraryState,
    Lock,
    Looks,
    MakeLibrary,
    NameClient,
    OfLibrary,
    OfSession,
    OutlinesTold,
    Recorder,
    Request,
    Restore,
    Run,
    Seal,
    Server,
    Share,
    Shelf,
    ShowOutlines,
    TakeBack,
    ThrowAway,
    Told,
    Undoable,
    Unlock,
    Window,
    Word,
    WriteReport,
    window_command,
)
from pipelines.session import NO_POINTS, Fate, MarkView, Points, Snapshot, Trace, packed
from pipelines.store import LibraryError

if TYPE_CHECKING:
    from devices.link import Found, NoBluetooth

LINGER = 0.05
"""Real seconds between two looks at what the window asks for."""
UNDO = 10.0
"""Seconds for which what is done to a session that has ended can be taken back."""
FORGOTTEN = 30.0
"""Seconds after which a strap that is heard no more is no longer in reach."""
POINTS = 1024
"""Points of a trace in one answer: who lacks some asks again."""
OUTLINES = 16
"""Sessions in small in one answer."""
LONG = (Unlock, MakeLibrary, Word, WriteReport, HandOver, BackUp, Restore, Seal)
"""Errands that take a moment."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What can still be done to a session that has ended; all but `destroy` may be refused.

    Attributes
    ----------
    destroy : callable
        Destroys it.
    amend : callable
        Carries out an edit of a moment.
    name : callable
        Says whose it was, None for nobody.
    """

    destroy: Callable[[], object]
    amend: Callable[[Edit], object]
    name: Callable[[str | None], object]


class Keeper:
    """The desk of one window.

    Parameters
    ----------
    library : LibraryState
        Of the person's own library.
    """

    def __init__(self, library: LibraryState) -> None:
        self.share = Share()
        self.fate = Fate.KEPT
        self.lasts = False
        """Whether the window outlives its session, and so is opened again after it, too."""
        self.over = threading.Event()
        """Set once a person has closed the window, or the process is told to end."""
        self._desk = Desk(library)
        self._heard: dict[str, tuple[Found, float]] = {}
        self._undo: dict[Undoable, float] = {}
        self._removed: MarkView | None = None
        self._holdings = Holdings()
        self._reviews = 0
        self._outlines: list[Outline] = []
        self._review: tuple[Reviewed | None, Points] = (None, NO_POINTS)
        self._errands: queue.SimpleQueue[Errand] = queue.SimpleQueue()
        self._first: Errand | None = None
        self._turn = threading.Lock()
        self._recorder: Recorder | None = None
        self._closed: Callable[[], object] = lambda: None
        self._window: Window | None = None
        self.server = Server(self._answer, share=self.share)

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._window is not None:
            self._window.close()
        self.server.close()

    @property
    def watched(self) -> bool:
        """Whether a window looks on."""
        return self.server.watched

    @property
    def is_open(self) -> bool:
        """Whether there is a window, or is about to be one again."""
        return self._window is not None and self._window.is_open

    def open_start(self) -> None:
        """Open the window at the beginning."""
        self.lasts = True
        self.show(returns=True)
        told = msgspec.json.encode((self.server.address, self.server.key))
        self._open(window_command(None, None, ("--desk",)), told)

    def open_session(self, session: str, folder: Path, view: Sequence[str]) -> None:
        """Open the window on a session."""
        self._open(window_command(session, folder, view), b"")

    def _open(self, command: Sequence[str], told: bytes) -> None:
        self._window = Window(
            command,
            told=told,
            said_goodbye=self.server.said_goodbye,
            closed=self._closed_by_person,
            say=say,
        )

    def _closed_by_person(self) -> None:
        self.over.set()
        self._closed()

    def stay_closed(self) -> None:
        """Let a window that dies stay closed."""
        if self._window is not None:
            self._window.stay_closed()

    def attend(
        self,
        recorder: Recorder,
        session: str,
        closed: Callable[[], object],
        *,
        practice: bool = False,
        fate: Fate = Fate.KEPT,
    ) -> None:
        """Answer for this recording from now on; `closed` is called once the window is closed.

        `fate` is what becomes of it if nobody decides otherwise.
        """
        self._forget_errands()
        recorder.share = self.share
        recorder.watched = lambda: self.server.watched
        self.fate, self._recorder = fate, recorder
        self._undo.clear()
        self._closed = closed
        self.show(session=session, practice=practice, refusal=None, wrong_secret=False)
        self.show(straps=(), held=(), listening=False)

    def _forget_errands(self) -> None:
        """Do nothing that was meant for what came before."""
        while self.has_errand():
            self.next(within=0.0)

    def leave_session(self) -> None:
        """Have no session on the desk any more; who still asks for it is answered all the same."""
        self._closed = lambda: None
        self._undo.clear()
        self.show(session=None, practice=False, clients=None, client=None)
        self.show(bluetooth=None, details="")

    def tell_no_bluetooth(self, error: NoBluetooth) -> None:
        """Say why no strap can be reached, and what the system said."""
        cause = error.__cause__ or error
        self.show(bluetooth=error.trouble, details=f"{type(cause).__name__}: {cause}")

    def show(self, **changes: Any) -> None:
        """Change how the desk stands."""
        with self._turn:
            self._desk = msgspec.structs.replace(self._desk, **changes)

    def show_holdings(self, holdings: Holdings) -> None:
        """Have these recordings lie ready; their list is another one only where it says so."""
        other = holdings.shelf != self._holdings.shelf
        self._holdings = holdings
        shelf = self._desk.shelf + other
        self.show(kept=len(holdings.rows), shelf=shelf, unread=len(holdings.unread))

    @property
    def holdings(self) -> Holdings:
        """The recordings that lie ready."""
        return self._holdings

    def show_outline(self, outline: Outline) -> None:
        """Have a session in small lie ready."""
        self._outlines.append(outline)
        self.show(outlines=len(self._outlines))

    def lock(self) -> None:
        """Tell nothing of the library any more."""
        self._holdings, self._outlines = Holdings(), []
        self.show_review(None, NO_POINTS)
        self.show(
            library=LibraryState.LOCKED, lockable=False, kept=None,
            shelf=self._desk.shelf + 1, outlines=0, unread=0, outcomes=(), clients=None,
            client=None, labels=None, own=(), pedal=None,
            last=None, sentences=None, written=None,
        )  # fmt: skip

    def let_undo(self, what: Undoable) -> None:
        """Let this be taken back for a while."""
        self._undo = {what: _now()}

    def forget_undo(self) -> None:
        """Let nothing be taken back any more."""
        self._undo.clear()

    @property
    def undoes(self) -> Undoable | None:
        """What was done last, while it can be taken back."""
        return self._undoes()

    def show_review(self, told: Reviewed | None, points: Points) -> None:
        """Have this review lie ready, or none."""
        self._review = told, points
        self._reviews += 1
        self.show(review=0 if told is None else self._reviews)

    def hear(self, strap: Found) -> None:
        """Take down that a strap was heard just now."""
        with self._turn:
            known = self._heard.get(strap.address)
            name = strap.name or (known[0].name if known else "")
            self._heard[strap.address] = (type(strap)(name, strap.address, strap.rssi), _now())

    def forget_straps(self) -> None:
        """Know of no strap."""
        with self._turn:
            self._heard.clear()

    def next(self, *, within: float) -> Errand | None:
        """Return the next errand, None where none comes `within` seconds."""
        first, self._first = self._first, None
        if first is not None:
            return first
        try:
            return self._errands.get(timeout=within)
        except queue.Empty:
            return None

    def has_errand(self) -> bool:
        """Return whether an errand waits."""
        return self._first is not None or not self._errands.empty()

    def put_back(self, errand: Errand) -> None:
        """Have the errand that was taken last come next again: what comes after it stays after."""
        self._first = errand

    async def until_over(self, recording: asyncio.Task[None], then: Afterwards) -> None:
        """Wait until a recording is over; one that is finished can be taken back for a while.

        Who throws it away or leaves it meanwhile has decided, and is heard once it is over.
        """
        recorder = self._recorder
        while recorder is not None and await _comes_first(recorder.until_finished(), recording):
            self._forget_errands()
            self._undo = {Undoable.FINISHED: _now()}
            if await self._is_over(recorder, recording, then):
                recorder.stop()
                break
        await asyncio.wait((recording,))
        self._undo.pop(Undoable.FINISHED, None)

    async def _is_over(
        self, recorder: Recorder, recording: asyncio.Task[None], then: Afterwards
    ) -> bool:
        """Return whether nobody takes the end back while it can be."""
        while not recording.done() and self._left(Undoable.FINISHED) is not None:
            match self.next(within=0.0) if self.has_errand() else None:
                case TakeBack() if self._undoes() is Undoable.FINISHED:
                    self._undo.clear()
                    recorder.go_on()
                    return False
                case Amend() | NameClient() | TakeBack() as errand:
                    self._change(errand, then)
                case None:
                    await linger()
                case decided:
                    self.put_back(decided)
                    return True
        return True

    async def until_left(self, ends: Callable[[], bool], then: Afterwards) -> None:
        """Let people read the last picture, edit and name the session, or throw it away.

        What is thrown away is destroyed once nobody can take it back any more.
        """
        left = False
        while not (left or ends()):
            match self.next(within=0.0) if self.has_errand() else None:
                case ThrowAway() if self.fate is Fate.KEPT:
                    self.fate = Fate.THROWN
                    self._undo = {Undoable.THROWN: _now()}
                case Leave():
                    left = True
                case Amend() | NameClient() | TakeBack() | ThrowAway() as errand:
                    self._change(errand, then)
                case None:
                    await linger()
                case errand:  # who begins anything else leaves this session
                    self.put_back(errand)
                    left = True
            if Undoable.THROWN in self._undo and self._undoes() is None:
                self._undo.clear()
                then.destroy()
        if Undoable.THROWN in self._undo:
            then.destroy()

    def _change(self, errand: Errand, then: Afterwards) -> None:
        """Do what is asked of a session that has ended and is kept, or take the last of it back."""
        match errand:
            case Amend(edit) if self.fate is Fate.KEPT:
                self._amend(edit, then.amend)
            case NameClient(name) if self.fate is Fate.KEPT:
                self._name(name or None, then.name)
            case TakeBack():
                self._take_back(then.amend)

    def _amend(self, edit: Edit, amend: Callable[[Edit], object]) -> None:
        """Edit a moment; one that is removed can be put back for a while."""
        found = {mark.time: mark for mark in self._marks()}
        if not self._is_kept(partial(amend, edit)):
            return
        if isinstance(edit, RemoveMark) and edit.time in found:
            self._removed = found[edit.time]
            self._undo[Undoable.REMOVED] = _now()

    def _name(self, client: str | None, name: Callable[[str | None], object]) -> None:
        """Say whose the session was; a new name is one of those known from now on."""
        if self._is_kept(partial(name, client)):
            known = {*(self._desk.clients or ()), *([client] if client else [])}
            self.show(client=client, clients=tuple(sorted(known, key=str.casefold)))

    def _is_kept(self, change: Callable[[], object]) -> bool:
        """Make a change; where the library refuses it, say why."""
        try:
            change()
        except LibraryError as error:
            self.show(refusal=str(error))
            return False
        return True

    def _marks(self) -> tuple[MarkView, ...]:
        snapshot = None if self._recorder is None else self._recorder.handle(AskSnapshot())
        return snapshot.marks if isinstance(snapshot, Snapshot) else ()

    def _take_back(self, amend: Callable[[Edit], object]) -> None:
        """Undo what was done last, unless that was too long ago."""
        match self._undoes():
            case Undoable.THROWN:
                self.fate = Fate.KEPT
                self._undo.clear()
            case Undoable.REMOVED if self._removed is not None:
                del self._undo[Undoable.REMOVED]
                self._amend(MarkAgain(self._removed.time, self._removed.text), amend)

    def _undoes(self) -> Undoable | None:
        """Return what was done last, while it can be taken back."""
        newest = max(self._undo.copy().items(), key=itemgetter(1), default=(None, 0.0))[0]
        return None if newest is None or self._left(newest) is None else newest

    def _left(self, what: Undoable) -> float | None:
        """Return for how many seconds something can be taken back, None where it cannot."""
        left = self._undo[what] + UNDO - _now() if what in self._undo else 0.0
        return left if left > 0.0 else None

    def _answer(self, request: Request) -> Told:
        match request:
            case AskDesk():
                return self._told()
            case Looks(look):
                self.show(look=look)
                return Answer(None)
            case Run(errand):
                return self._take(errand)
            case AskShelf() | AskFound() | AskOutlines() | AskReview() | AskPoints():
                return self._of_library(request)
            case _:
                return self._of_session(request)

    def _of_library(
        self, request: OfLibrary
    ) -> Shelf | FoundWords | OutlinesTold | Reviewed | Trace | None:
        told, points = self._review
        match request:
            case AskShelf(first):
                return self._holdings.part(first)
            case AskFound(words):
                return self._holdings.find(words)
            case AskOutlines(first):
                part = slice(max(first, 0), max(first, 0) + OUTLINES)
                return OutlinesTold(part.start, tuple(self._outlines[part]))
            case AskReview():
                return told
            case AskPoints(first):
                part = slice(max(first, 0), max(first, 0) + POINTS)
                found = Points(*(column[part] for column in points.columns()))
                source = 0 if told is None else told.source
                return packed(source, part.start, found, 0, NO_BEATS)

    def _of_session(self, request: OfSession) -> Snapshot | Trace | Answer:
        if self._recorder is None:
            return Answer(tr("Nothing is recorded yet."))
        answer = self._recorder.handle(request)
        if isinstance(answer, Snapshot):
            return msgspec.structs.replace(answer, fate=self.fate)
        return answer

    def _told(self) -> Desk:
        with self._turn:
            now, desk = _now(), self._desk
            held = {one.address for one in desk.held}
            straps = tuple(
                HeardStrap(one.name, one.address, one.rssi, now - at)
                for one, at in self._heard.values()
                if now - at < FORGOTTEN or one.address in held  # who is connected is silent
            )
        heard = straps if desk.listening else ()
        undoes = self._undoes()
        undo = None if undoes is None else self._left(undoes)
        recorder = self._recorder if desk.session is not None else None
        return msgspec.structs.replace(
            desk,
            straps=heard,
            recording=recorder is not None and not recorder.finished,
            undo=undo,
            undoes=undoes,
        )

    def _take(self, errand: Errand) -> Answer:
        if isinstance(errand, Lock) and self._desk.lockable:
            self.lock()  # at once, whatever is being done
        if not isinstance(errand, Browse | ShowOutlines):  # which come by themselves
            busy = isinstance(errand, LONG)
            self.show(busy=busy, refusal=None, wrong_secret=False, written=None, outcomes=())
        self._errands.put(errand)
        return Answer(None)


async def _comes_first(this: Coroutine[Any, Any, None], other: asyncio.Task[None]) -> bool:
    """Return whether `this` is over before another task, and let go of it where it is not."""
    waiting = asyncio.create_task(this)
    await asyncio.wait((waiting, other), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    return not other.done()


async def linger() -> None:
    """Wait a moment of real time: the session's own may have ended, and at full speed flies."""
    await asyncio.to_thread(time.sleep, LINGER)


def _now() -> float:
    return time.monotonic()
