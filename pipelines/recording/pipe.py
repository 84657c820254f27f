"""The local pipe between the recorder and its windows: either end may die without the other.

The recorder serves on a socket of this machine (a named pipe on Windows) that asks for a key which
only the owner of the library can read. Each request gets one answer, so nothing queues: a window
that falls behind simply asks for the newest state later. Whoever calls, and whatever they say, the
pipe takes no more than a small share of the processor, and no more than a few handles and threads.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import msgspec

from physio.reasons import Reason, ReasonCode
from pipelines.analysis import Reviewed
from pipelines.language import tr
from pipelines.live import Command
from pipelines.places import default_store
from pipelines.recording.desk import (
    AskDesk,
    AskPoints,
    AskReview,
    Desk,
    Errand,
    Look,
    Looks,
    Run,
)
from pipelines.recording.endpoint import Endpoint, connected, hang_up
from pipelines.recording.share import Share
from pipelines.recording.shelf import (
    AskFound,
    AskOutlines,
    AskShelf,
    FoundWords,
    OutlinesTold,
    Shelf,
)
from pipelines.session import Snapshot, Trace
from pipelines.store import read_contact

PATIENCE = 0.25
"""Seconds that a view waits for an answer before it calls the recorder unreachable."""
PATIENCE_FOR_ORDERS = 2.0
"""The same for what is to be kept: on a busy machine "try again" would keep it twice."""


class AskSnapshot(msgspec.Struct, frozen=True, tag=True):
    """Asks for the newest snapshot."""


class AskTrace(msgspec.Struct, frozen=True, tag=True):
    """Asks for a source's trace from point `first` and interval `rr_first` on."""

    source: int
    first: int
    rr_first: int


class Order(msgspec.Struct, frozen=True, tag=True):
    """Asks that a command be carried out."""

    command: Command


class Goodbye(msgspec.Struct, frozen=True, tag=True):
    """Says that a person closed the window which the recorder opened as its `opening`-th."""

    opening: Annotated[int, msgspec.Meta(ge=1, le=99)]


class Answer(msgspec.Struct, frozen=True):
    """What came of an order: `trouble` is None once it is kept."""

    trouble: str | None


OfSession: TypeAlias = AskSnapshot | AskTrace | Order
OfLibrary: TypeAlias = AskShelf | AskFound | AskOutlines | AskReview | AskPoints
Request: TypeAlias = OfSession | OfLibrary | AskDesk | Looks | Run
Told: TypeAlias = (
    Snapshot | Trace | Desk | Answer | Shelf | FoundWords | OutlinesTold | Reviewed | None
)
Handler: TypeAlias = Callable[[Request], Told]
_QUICK = (AskSnapshot, AskDesk, Looks, Goodbye)
"""What is answered with what lies ready."""


def _to_pipe(value: object) -> object:
    """Return the code and the figures of a reason, which msgspec does not know."""
    if isinstance(value, Reason):
        return value.code, value.figures
    raise NotImplementedError(type(value))


def _from_pipe(_: type, value: Any) -> object:
    code, figures = value
    return Reason(ReasonCode(code), **figures)


_encoder = msgspec.msgpack.Encoder(enc_hook=_to_pipe)
_requests: msgspec.msgpack.Decoder[Request | Goodbye] = msgspec.msgpack.Decoder(Request | Goodbye)
_snapshots = msgspec.msgpack.Decoder(Snapshot, dec_hook=_from_pipe)
_traces = msgspec.msgpack.Decoder(Trace)
_answers = msgspec.msgpack.Decoder(Answer)
_desks = msgspec.msgpack.Decoder(Desk)
_shelves = msgspec.msgpack.Decoder(Shelf)
_found = msgspec.msgpack.Decoder(FoundWords)
_outlines = msgspec.msgpack.Decoder(OutlinesTold)
_reviews = msgspec.msgpack.Decoder(Reviewed | None, dec_hook=_from_pipe)
_points = msgspec.msgpack.Decoder(Trace | None)

_BROKEN = (OSError, EOFError, msgspec.DecodeError, AuthenticationError)
_CALLERS = 16
"""Callers at a time: a further one takes the place of a stranger, or of who was silent longest."""
_LONGEST = 1 << 16
"""Bytes of the longest request that is read."""
_DOOR = 0.03
"""Seconds of processor time to a second that letting in, hearing and quick answers may take."""
_BACK_OFF = 0.2
"""Seconds before the next try where the system has no handle or thread to spare."""
_GOODBYES = 8
"""Times that a goodbye is tried where a busy recorder does not answer."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """Whoever is connected: whether they have shown the key, and when they last said something."""

    introduced: bool
    heard: float

    def rank(self) -> tuple[bool, float]:
        """Return what decides who stays where there is no room for all."""
        return self.introduced, self.heard


class Server:
    """Serves the windows of one recording from threads of its own.

    `handler` is called in those threads, one call for each request. `share` bounds what traces and
    orders take of the processor. What costs next to nothing has a share of its own, so that whoever
    asks for whole histories without end does not keep another from the newest snapshot.
    """

    def __init__(self, handler: Handler, *, share: Share | None = None) -> None:
        self.key = secrets.token_bytes(32)
        self._handler = handler
        self._share = share or Share()
        self._door = Share(part=_DOOR)
        self._endpoint = Endpoint()
        self._over = threading.Event()
        self._turn = threading.Condition()
        self._callers: dict[Connection[bytes, bytes], _Caller] = {}
        self._goodbyes: set[int] = set()
        threading.Thread(target=self._accept, name="interbeat-pipe", daemon=True).start()

    @property
    def address(self) -> str:
        """Where the server listens."""
        return self._endpoint.address

    @property
    def watched(self) -> bool:
        """Whether a window is connected."""
        with self._turn:
            return any(caller.introduced for caller in self._callers.values())

    def said_goodbye(self, opening: int, *, within: float = 0.0) -> bool:
        """Return whether a person closed that window, as it says, or will say `within` seconds."""
        with self._turn:
            return self._turn.wait_for(lambda: opening in self._goodbyes, within)

    def close(self) -> None:
        """Stop listening and let every window go."""
        self._over.set()
        self._endpoint.close()
        with self._turn:
            for connection in self._callers:
                hang_up(connection)

    def _accept(self) -> None:
        while self._door.wait(self._over):
            try:
                with self._door.charged():
                    self._let_in(self._endpoint.accept())
            except (OSError, RuntimeError):  # no handle is left, or no thread
                self._over.wait(_BACK_OFF)

    def _let_in(self, connection: Connection[bytes, bytes]) -> None:
        with self._turn:
            if len(self._callers) >= _CALLERS:
                last = min(self._callers, key=lambda one: self._callers[one].rank())
                del self._callers[last]
                hang_up(last)
            self._callers[connection] = _Caller(introduced=False, heard=time.monotonic())
        try:
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
        except RuntimeError:
            self._forget(connection)
            raise

    def _serve(self, connection: Connection[bytes, bytes]) -> None:
        # A stranger without the key ends here, and so does whoever asks nonsense: none of it is
        # the recording's business. Who says nothing keeps nobody else waiting.
        with contextlib.suppress(Exception):
            with self._door.charged():
                deliver_challenge(connection, self.key)
                answer_challenge(connection, self.key)
            while self._door.wait(self._over):
                self._note(connection)
                with self._door.charged():
                    connection.poll(None)
                    request = _requests.decode(connection.recv_bytes(_LONGEST))
                share = self._door if isinstance(request, _QUICK) else self._share
                if share.wait(self._over):
                    with share.charged():
                        connection.send_bytes(self._answer(request))
        self._forget(connection)

    def _note(self, connection: Connection[bytes, bytes]) -> None:
        with self._turn:
            if connection in self._callers:
                self._callers[connection] = _Caller(introduced=True, heard=time.monotonic())

    def _forget(self, connection: Connection[bytes, bytes]) -> None:
        with self._turn:
            self._callers.pop(connection, None)
        # Not before nobody can hang it up any more: its handle may be another's by then.
        connection.close()

    def _answer(self, request: Request | Goodbye) -> bytes:
        if not isinstance(request, Goodbye):
            return _encoder.encode(self._handler(request))
        with self._turn:
            self._goodbyes.add(request.opening)
            self._turn.notify_all()
        return _encoder.encode(Answer(None))


class RemoteSession:
    """A running session seen through the pipe; see `pipelines.live.commands.RunningSession`.

    `find` returns the address and key of the recorder, or None where no recorder runs; it is asked
    again after each loss, so a recorder that comes back is found. `opening` says which of the
    recorder's own windows this is, None for any other view.
    """

    def __init__(
        self, find: Callable[[], tuple[str, bytes] | None], *, opening: int | None = None
    ) -> None:
        self._find = find
        self._opening = opening
        self._connection: Connection[bytes, bytes] | None = None
        self._lock = threading.Lock()

    def snapshot(self) -> Snapshot | None:
        """Return the newest snapshot, None while the recorder cannot be reached."""
        answer = self._exchange(AskSnapshot())
        return None if answer is None else _snapshots.decode(answer)

    def trace(self, source: int, first: int, rr_first: int) -> Trace | None:
        """Return what is new since point `first` and interval `rr_first`, None as above."""
        answer = self._exchange(AskTrace(source, first, rr_first))
        return None if answer is None else _traces.decode(answer)

    def ask(self, command: Command) -> str | None:
        """Carry out a command; return None once it is kept, else one sentence saying why not."""
        answer = self._exchange(Order(command))
        if answer is None:
            return tr(
                "The recorder did not answer, so this may not be kept; try again in a moment."
            )
        return _answers.decode(answer).trouble

    def desk(self) -> Desk | None:
        """Return how the desk stands, None while it cannot be reached."""
        answer = self._exchange(AskDesk())
        return None if answer is None else _desks.decode(answer)

    def shelf(self, first: int) -> Shelf | None:
        """Return the library's recordings from place `first` on, None as above."""
        answer = self._exchange(AskShelf(first))
        return None if answer is None else _shelves.decode(answer)

    def found(self, words: str) -> FoundWords | None:
        """Return where words are in the library, None as above."""
        answer = self._exchange(AskFound(words))
        return None if answer is None else _found.decode(answer)

    def outlines(self, first: int) -> OutlinesTold | None:
        """Return the sessions in small that were read from number `first` on, None as above."""
        answer = self._exchange(AskOutlines(first))
        return None if answer is None else _outlines.decode(answer)

    def review(self) -> Reviewed | None:
        """Return the review that lies ready, None without one, or as above."""
        answer = self._exchange(AskReview())
        return None if answer is None else _reviews.decode(answer)

    def points(self, first: int) -> Trace | None:
        """Return the trace of the reviewed session from point `first` on, None as above."""
        answer = self._exchange(AskPoints(first))
        return None if answer is None else _points.decode(answer)

    def run(self, errand: Errand) -> bool:
        """Ask for an errand; return whether it was heard."""
        return self._exchange(Run(errand)) is not None

    def tell(self, look: Look) -> bool:
        """Tell how this window looks; return whether it was heard."""
        return self._exchange(Looks(look)) is not None

    def close(self) -> None:
        """Let go of the session, as a person wishes who closes this view; it goes on without."""
        if self._opening is not None:
            self._say_goodbye(Goodbye(self._opening))
        with self._lock:
            self._drop()

    def _say_goodbye(self, goodbye: Goodbye) -> None:
        for _ in range(_GOODBYES):
            if self._exchange(goodbye) is not None:
                return

    def _exchange(self, request: Request | Goodbye) -> bytes | None:
        with self._lock:
            try:
                connection = self._connected()
                if connection is None:
                    return None
                connection.send_bytes(_encoder.encode(request))
                if connection.poll(_patience(request)):
                    return connection.recv_bytes()
            except _BROKEN:
                pass
            # An answer that comes late would be taken for the next one's: start afresh.
            self._drop()
            return None

    def _connected(self) -> Connection[bytes, bytes] | None:
        if self._connection is None:
            found = self._find()
            if found is not None:
                self._connection = _introduced(*found)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None


def _patience(request: Request | Goodbye) -> float:
    return PATIENCE_FOR_ORDERS if isinstance(request, (Order, Run)) else PATIENCE


def _introduced(address: str, key: bytes) -> Connection[bytes, bytes]:
    """Return a connection to the recorder there, each side having shown that it has the key."""
    connection = connected(address, within=PATIENCE)
    try:
        if not connection.poll(PATIENCE):
            raise TimeoutError
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
    except BaseException:
        connection.close()
        raise
    return connection


def connect(
    session: str, store: Path | None = None, *, opening: int | None = None
) -> RemoteSession:
    """Return the session of this id that a living process records in the library `store`.

    A recorder goes on when its library goes away: it is then asked where it was found last.
    """
    folder = store or default_store()
    known: tuple[str, bytes] | None = None

    def find() -> tuple[str, bytes] | None:
        nonlocal known
        contact = read_contact(folder, session)
        if contact is not None:
            known = (str(contact.address), contact.authkey)
        return known

    return RemoteSession(find, opening=opening)


def connect_at(address: str, key: bytes, *, opening: int | None = None) -> RemoteSession:
    """Return what the process that listens at this address keeps: its desk, and its session."""
    return RemoteSession(lambda: (address, key), opening=opening)
