"""What the recorder's process keeps for its window: the desk, the pipe to it, the window itself.

Errands are taken down in the pipe's threads and done one after another by whoever calls `next`.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import msgspec

from pipelines.command.output import say
from pipelines.language import tr
from pipelines.recording import (
    Answer,
    AskDesk,
    Begin,
    Desk,
    Errand,
    HeardStrap,
    Leave,
    LibraryState,
    Looks,
    MakeLibrary,
    OfSession,
    Recorder,
    Request,
    Run,
    Server,
    Share,
    TakeBack,
    ThrowAway,
    Unlock,
    Window,
    window_command,
)
from pipelines.session import Fate, Snapshot, Trace

if TYPE_CHECKING:
    from devices.link import Found, NoBluetooth

LINGER = 0.05
"""Real seconds between two looks at what the window asks for."""
UNDO = 10.0
"""Seconds for which a session that was thrown away can be taken back."""
FORGOTTEN = 30.0
"""Seconds after which a strap that is heard no more is no longer in reach."""


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
        self._thrown: float | None = None
        self._errands: queue.SimpleQueue[Errand] = queue.SimpleQueue()
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
            closed=self._left,
            say=say,
        )

    def _left(self) -> None:
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
        while self.has_errand():  # meant for what came before
            self.next(within=0.0)
        recorder.share = self.share
        recorder.watched = lambda: self.server.watched
        self.fate, self._thrown, self._recorder = fate, None, recorder
        self._closed = closed
        self.show(session=session, practice=practice, refusal=None, wrong_secret=False)
        self.show(straps=(), listening=False)

    def leave_session(self) -> None:
        """Have no session on the desk any more; who still asks for it is answered all the same."""
        self._closed = lambda: None
        self.show(session=None, practice=False, undo=None, bluetooth=None, details="")

    def tell_no_bluetooth(self, error: NoBluetooth) -> None:
        """Say why no strap can be reached, and what the system said."""
        cause = error.__cause__ or error
        self.show(bluetooth=error.trouble, details=f"{type(cause).__name__}: {cause}")

    def show(self, **changes: Any) -> None:
        """Change how the desk stands."""
        with self._turn:
            self._desk = msgspec.structs.replace(self._desk, **changes)

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
        try:
            return self._errands.get(timeout=within)
        except queue.Empty:
            return None

    def has_errand(self) -> bool:
        """Return whether an errand waits."""
        return not self._errands.empty()

    async def until_left(self, ends: Callable[[], bool], *, destroy: Callable[[], object]) -> None:
        """Let people read the last picture, throw the session away, and take it back.

        `destroy` is called once for what is thrown away, when nobody can take it back any more.
        """
        left = False
        while not (left or ends()):
            match self.next(within=0.0) if self.has_errand() else None:
                case ThrowAway() if self.fate is Fate.KEPT:
                    self.fate, self._thrown = Fate.THROWN, _now()
                case TakeBack() if self._left_to_undo() is not None:
                    self.fate, self._thrown = Fate.KEPT, None
                case Leave():
                    left = True
                case Begin() as errand:  # who begins another session leaves this one
                    self._errands.put(errand)
                    left = True
                case _:
                    await linger()
            if self._thrown is not None and self._left_to_undo() is None:
                self._thrown = None
                destroy()
        if self._thrown is not None:
            destroy()

    def _left_to_undo(self) -> float | None:
        if self._thrown is None:
            return None
        left = self._thrown + UNDO - _now()
        return left if left > 0.0 else None

    def _answer(self, request: Request) -> Snapshot | Trace | Desk | Answer:
        match request:
            case AskDesk():
                return self._told()
            case Looks(look):
                self.show(look=look)
                return Answer(None)
            case Run(errand):
                return self._take(errand)
            case _:
                return self._of_session(request)

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
            straps = tuple(
                HeardStrap(one.name, one.address, one.rssi, now - at)
                for one, at in self._heard.values()
                if now - at < FORGOTTEN
            )
        heard = straps if desk.listening else ()
        return msgspec.structs.replace(desk, straps=heard, undo=self._left_to_undo())

    def _take(self, errand: Errand) -> Answer:
        busy = isinstance(errand, (Unlock, MakeLibrary))
        self.show(busy=busy, refusal=None, wrong_secret=False)
        self._errands.put(errand)
        return Answer(None)


async def linger() -> None:
    """Wait a moment of real time: the session's own may have ended, and at full speed flies."""
    await asyncio.to_thread(time.sleep, LINGER)


def _now() -> float:
    return time.monotonic()
