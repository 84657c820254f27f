"""One session's file: an encrypted log of events, written in order and read back in order."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Sequence

import msgspec

from pipelines.session import AnyEvent, Packet, Source, Tick, decode_event, encode_event
from pipelines.store import database, sqlite
from pipelines.store.database import Place
from pipelines.store.errors import LibraryError
from pipelines.store.sqlite import Connection

TABLES = """
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    time REAL NOT NULL,
    source INTEGER,
    kind TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT
"""
_INSERT = "INSERT INTO event (time, source, kind, body) VALUES (?, ?, ?, ?)"


class SessionSource(msgspec.Struct, frozen=True):
    """One wearer's strap in a session."""

    source: int
    role: str
    device: str


class Summary(msgspec.Struct, frozen=True):
    """What the index says of a session, apart from its beats."""

    duration_s: float = 0.0
    packets: int = 0
    sources: tuple[SessionSource, ...] = ()


def summarise(events: Sequence[AnyEvent], before: Summary) -> Summary:
    """Return the summary of what `before` sums up, followed by `events`.

    The duration is the latest event's time; a source that joins again counts once, as it joined
    last.
    """
    latest = max((event.time for event in events), default=0.0)
    joined = {known.source: known for known in before.sources}
    for event in events:
        if isinstance(event, Source):
            joined[event.source] = SessionSource(event.source, event.role, event.device)
    return Summary(
        duration_s=max(before.duration_s, latest),
        packets=before.packets + sum(isinstance(event, Packet) for event in events),
        sources=tuple(joined[number] for number in sorted(joined)),
    )


def read_events(connection: Connection, place: Place) -> list[AnyEvent]:
    """Return every event of an open session file, in the order they were appended."""
    rows = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
    try:
        return [decode_event(body) for (body,) in rows]
    except msgspec.DecodeError as error:
        raise database.unreadable(place) from error


class SessionWriter:
    """The only writer of a session; `Library.new_session` makes it.

    Calls may come from any thread, one at a time; they wait for each other.
    """

    def __init__(
        self,
        session: str,
        connection: Connection,
        place: Place,
        finish: Callable[[Summary, int], None],
        release: Callable[[], None],
    ) -> None:
        self.session = session
        self._connection: Connection | None = connection
        self._place = place
        self._finish = finish
        self._release = release
        self._summary = Summary()
        self._turn = threading.Lock()

    @property
    def summary(self) -> Summary:
        """What was appended so far."""
        return self._summary

    def append(self, events: Sequence[AnyEvent]) -> None:
        """Commit `events` to disk in one transaction, and only then return.

        Raises
        ------
        CannotWrite
            If the disk takes no more (`DiskFull` where that is the reason). None of `events` is
            kept, everything before is, and a later call may try again.
        ValueError
            If one is a `Tick` or its time is not finite, or the session was closed.
        """
        rows = [_row(event) for event in events]
        with self._turn:
            if self._connection is None:
                raise ValueError("the session was closed")
            with database.sentences(self._place), database.transaction(self._connection):
                self._connection.executemany(_INSERT, rows)
            self._summary = summarise(events, self._summary)

    def close(self, *, beats: int) -> bool:
        """End the session: sum it up in the index, and leave no -wal, -shm, contact or lock.

        Returns whether the index took it. Where it could not (a full disk), nothing is raised and
        nothing lost: the session stays "recording", and `Library.recover` finishes it later. A
        second call does nothing.
        """
        with self._turn:
            if self._connection is None:
                return False
            try:
                return self._end(self._connection, beats)
            finally:
                self._connection = None
                self._release()

    def _end(self, connection: Connection, beats: int) -> bool:
        with contextlib.suppress(sqlite.Error):
            database.checkpoint(connection)
        database.close(connection)
        try:
            self._finish(self._summary, beats)
        except LibraryError:
            return False
        return True


def _row(event: AnyEvent) -> tuple[float, int | None, str, bytes]:
    if isinstance(event, Tick):
        raise ValueError("a tick is never stored")
    if not math.isfinite(event.time):
        raise ValueError("an event's time is finite")
    return event.time, getattr(event, "source", None), type(event).__name__, encode_event(event)
