"""The local pipe between the recorder and its windows: either end may die without the other.

The recorder serves on a socket of this machine (a named pipe on Windows) that asks for a key which
only the owner of the library can read. Each request gets one answer, so nothing queues: a window
that falls behind simply asks for the newest state later.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from pathlib import Path
from typing import TypeAlias

import msgspec

from pipelines.commands import Command
from pipelines.places import default_store
from pipelines.snapshot import Snapshot, Trace
from pipelines.store.contact import read_contact

PATIENCE = 0.25
"""Seconds that a view waits for an answer before it calls the recorder unreachable."""


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


class Answer(msgspec.Struct, frozen=True):
    """What came of an order: `trouble` is None once it is kept."""

    trouble: str | None


Request: TypeAlias = AskSnapshot | AskTrace | Order
Handler: TypeAlias = Callable[[Request], Snapshot | Trace | Answer]

_encoder = msgspec.msgpack.Encoder()
_requests = msgspec.msgpack.Decoder(Request)
_snapshots = msgspec.msgpack.Decoder(Snapshot)
_traces = msgspec.msgpack.Decoder(Trace)
_answers = msgspec.msgpack.Decoder(Answer)

_BROKEN = (OSError, EOFError, msgspec.DecodeError, AuthenticationError)
_QUEUE = 16
"""Windows that may wait to be let in."""


class Server:
    """Serves the windows of one recording from threads of its own.

    `handler` is called in those threads, one call for each request.
    """

    def __init__(self, handler: Handler) -> None:
        self.key = secrets.token_bytes(32)
        self._handler = handler
        self._listener = Listener(backlog=_QUEUE)
        self._open = True
        self._connections: set[Connection[bytes, bytes]] = set()
        threading.Thread(target=self._accept, name="interbeat-pipe", daemon=True).start()

    @property
    def address(self) -> str:
        """Where the server listens."""
        return str(self._listener.address)

    @property
    def watched(self) -> bool:
        """Whether a window is connected."""
        return bool(self._connections)

    def close(self) -> None:
        """Stop listening and let every window go."""
        self._open = False
        # A blocked accept returns only for a caller: this is the last one.
        with contextlib.suppress(*_BROKEN):
            Client(self._listener.address).close()
        self._listener.close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.close()

    def _accept(self) -> None:
        while self._open:
            with contextlib.suppress(OSError):
                connection = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection[bytes, bytes]) -> None:
        # A stranger without the key ends here, and so does whoever asks nonsense: none of it is
        # the recording's business. Who says nothing keeps nobody else waiting.
        with contextlib.suppress(Exception), connection:
            deliver_challenge(connection, self.key)
            answer_challenge(connection, self.key)
            self._connections.add(connection)
            while self._open:
                request = _requests.decode(connection.recv_bytes())
                connection.send_bytes(_encoder.encode(self._handler(request)))
        self._connections.discard(connection)


class RemoteSession:
    """A running session seen through the pipe; see `pipelines.commands.RunningSession`.

    `find` returns the address and key of the recorder, or None where no recorder runs; it is asked
    again after each loss, so a recorder that comes back is found.
    """

    def __init__(self, find: Callable[[], tuple[str, bytes] | None]) -> None:
        self._find = find
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
            return "The recorder did not answer, so this may not be kept; try again in a moment."
        return _answers.decode(answer).trouble

    def close(self) -> None:
        """Let go of the session, which goes on without this view."""
        with self._lock:
            self._drop()

    def _exchange(self, request: Request) -> bytes | None:
        with self._lock:
            try:
                connection = self._connected()
                if connection is None:
                    return None
                connection.send_bytes(_encoder.encode(request))
                if connection.poll(PATIENCE):
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


def _introduced(address: str, key: bytes) -> Connection[bytes, bytes]:
    """Return a connection to the recorder there, each side having shown that it has the key."""
    connection: Connection[bytes, bytes] = Client(address)
    try:
        if not connection.poll(PATIENCE):
            raise TimeoutError
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
    except BaseException:
        connection.close()
        raise
    return connection


def connect(session: str, store: Path | None = None) -> RemoteSession:
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

    return RemoteSession(find)
