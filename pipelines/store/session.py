"""One session's file: an encrypted log of events, written in order and read back in order."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from pipelines.language import tr
from pipelines.session import (
    AnyEvent,
    Elapsed,
    NewerEvent,
    Packet,
    Source,
    Strap,
    Tick,
    decode_event,
    elapsed,
    encode_event,
    kind_of,
    schema_of,
)
from pipelines.store import database, sqlite, trouble
from pipelines.store.database import Tables
from pipelines.store.errors import CannotWrite, LibraryError, NewerSchema, SessionInUse, Unreadable
from pipelines.store.keyfile import SealedKey
from pipelines.store.rescue import RescueFile
from pipelines.store.rescue_log import RescueLog
from pipelines.store.sqlite import Connection
from pipelines.store.trouble import Place
from pipelines.store.watch import Watch

TABLES = Tables(
    (
        """
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    time REAL NOT NULL,
    source INTEGER,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    schema INTEGER NOT NULL DEFAULT 1
) STRICT
""",
    ),
    migrations=(("ALTER TABLE event ADD COLUMN schema INTEGER NOT NULL DEFAULT 1",),),
    reader=2,
)
"""`body` is the event as it was written, in the words of event `schema` (see `decode_event`).

Schema 2 gave each event its own, so that one file may hold those of several versions and none is
ever rewritten: the step touches no row.
"""
_INSERT = "INSERT INTO event (time, source, kind, body, schema) VALUES (?, ?, ?, ?, ?)"

Row: TypeAlias = tuple[float, int | None, str, bytes, int]


class SessionSource(msgspec.Struct, frozen=True, omit_defaults=True):
    """One wearer's strap in a session; `address` and `model` are "" where it did not tell."""

    source: int
    role: str
    device: str
    address: str = ""
    model: str = ""


class Summary(msgspec.Struct, frozen=True):
    """What the index says of a session, apart from its beats; and whether the session is over."""

    duration_s: float = 0.0
    packets: int = 0
    sources: tuple[SessionSource, ...] = ()
    over: bool = False


def summarise(events: Sequence[AnyEvent], before: Summary) -> Summary:
    """Return the summary of what `before` sums up, followed by `events`.

    The duration is how long it lasts (`pipelines.session.lasting`); a source that joins again
    counts once, as it joined last.
    """
    lasts = elapsed(events, Elapsed(before.duration_s, before.over))
    joined = {known.source: known for known in before.sources}
    for event in events:
        if isinstance(event, Source):
            joined[event.source] = _joined(event, joined.get(event.source))
        elif isinstance(event, Strap) and event.model and event.source in joined:
            known = joined[event.source]
            joined[event.source] = msgspec.structs.replace(known, model=event.model)
    return Summary(
        duration_s=lasts.time,
        packets=before.packets + sum(isinstance(event, Packet) for event in events),
        sources=tuple(joined[number] for number in sorted(joined)),
        over=lasts.over,
    )


def _joined(event: Source, before: SessionSource | None) -> SessionSource:
    """Return a source as it joined; the strap that joins again is of the model that it was."""
    same = before is not None and before.address == event.address
    model = before.model if before and same else ""
    return SessionSource(event.source, event.role, event.device, event.address, model)


def read_events(
    connection: Connection, place: Place, *, kinds: Sequence[str] = ()
) -> list[AnyEvent]:
    """Return the events of an open session file, in the order they were appended.

    Those of these `kinds`, all unless told.
    """
    schema = "schema" if database.schema_of(connection) > 1 else "1"
    which = f"WHERE kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    query = f"SELECT body, {schema} FROM event {which} ORDER BY seq"
    rows = connection.execute(query, tuple(kinds)).fetchall()
    with _of_events(place):
        return [decode_event(body, schema) for body, schema in rows]


def join(connection: Connection, bodies: Sequence[bytes], schema: int, place: Place) -> None:
    """Append to an open session file what `bodies`, the same session as rescued, hold beyond it.

    `schema` is that of these events.

    Raises
    ------
    Unreadable
        If the two do not begin alike.
    """
    rows = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
    held = [bytes(body) for (body,) in rows]
    shared = min(len(held), len(bodies))
    if held[:shared] != list(bodies[:shared]):
        raise Unreadable(
            tr(
                "{what} in {folder} and its rescue file do not begin alike; both are left as "
                "they are, so keep copies of both.",
                what=place.what,
                folder=place.folder,
            )
        )
    with _of_events(place):
        more = [(*_row(decode_event(body))[:3], body, schema) for body in bodies[shared:]]
    write_rows(connection, more)


def read_rows(connection: Connection) -> list[Row]:
    """Return the events of an open session file as they are stored, in order."""
    schema = "schema" if database.schema_of(connection) > 1 else "1"
    query = f"SELECT time, source, kind, body, {schema} FROM event ORDER BY seq"
    return [tuple(row) for row in connection.execute(query).fetchall()]


def write_rows(connection: Connection, rows: Sequence[Row]) -> None:
    """Append events as they are stored to an open session file, all of them or none."""
    with database.transaction(connection):
        connection.executemany(_INSERT, rows)


def add(connection: Connection, events: Sequence[AnyEvent]) -> None:
    """Append events to an open session file, all of them or none."""
    write_rows(connection, rows_of(events))


def rows_of(events: Sequence[AnyEvent]) -> list[Row]:
    """Return events as they are stored.

    Raises
    ------
    ValueError
        If one is a `Tick` or its time is not finite.
    """
    return [_row(event) for event in events]


@contextlib.contextmanager
def _of_events(place: Place) -> Iterator[None]:
    """Turn what is wrong with a stored event into a `LibraryError`."""
    try:
        yield
    except NewerEvent as error:
        raise NewerSchema(
            tr(
                "{what} in {folder} holds events of a newer Interbeat that must not be left out; "
                "install the newer Interbeat to read it.",
                what=place.what,
                folder=place.folder,
            )
        ) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise trouble.unreadable(place) from error


class SessionWriter:
    """The only writer of a session; `Library.new_session` makes it.

    Once the session's file is no longer where it was opened (see `Watch`), or cannot be written for
    another reason than a full disk, everything goes on into a rescue file. It stays there even if
    the library comes back: one place holds it all, and `Library.recover` joins the two.

    Calls may come from any thread, one at a time; they wait for each other.
    """

    def __init__(
        self,
        session: str,
        connection: Connection,
        place: Place,
        watch: Watch,
        *,
        rescue: Callable[[SealedKey], RescueFile],
        finish: Callable[[Summary, int], None],
        release: Callable[[], None],
    ) -> None:
        self.session = session
        self._connection: Connection | None = connection
        self._place = place
        self._watch = watch
        self._log = RescueLog(session, place, lambda: rescue(watch.sealed))
        self._finish = finish
        self._release = release
        self._summary = Summary()
        self._lost: str | None = None
        self._turn = threading.Lock()

    @property
    def summary(self) -> Summary:
        """What was appended so far."""
        return self._summary

    @property
    def trouble(self) -> str | None:
        """One sentence once the library went away, on what becomes of the session."""
        return None if self._lost is None else self._log.meanwhile(self._lost)

    @property
    def ending(self) -> str | None:
        """One sentence for the end of a session whose library went away, on where it is."""
        return None if self._lost is None else self._log.afterwards()

    def append(self, events: Sequence[AnyEvent]) -> None:
        """Commit `events` to disk in one transaction, and only then return.

        Raises
        ------
        CannotWrite
            If the disk is full, or limits the size of files. None of `events` is kept, everything
            before is, and a later call may try again.
        SessionInUse
            If another program holds the file. None of `events` is kept; a later call may try again.
        ValueError
            If one is a `Tick` or its time is not finite, or the session was closed.
        """
        rows = rows_of(events)
        with self._turn:
            if self._connection is None:
                raise ValueError("the session was closed")
            # Before, as well: SQLite might write over what took the file's place.
            self._look()
            if self._lost is None:
                self._commit(self._connection, rows)
            self._summary = summarise(events, self._summary)
            self._log.add((body for *_, body, _ in rows), self._summary.duration_s)
            self._look()
            self._rescue()

    def look(self) -> None:
        """Notice whether the library went away since, and rescue what was appended if so."""
        with self._turn:
            if self._connection is not None:
                self._look()
                self._rescue()

    def close(self, *, beats: int) -> bool:
        """End the session: sum it up in the index, and leave no -wal, -shm, contact or lock.

        Returns whether the index took it. Where it could not (a full disk, a library that went
        away), nothing is raised and nothing lost: the session stays "recording", and
        `Library.recover` finishes it later. A second call does nothing.
        """
        with self._turn:
            if self._connection is None:
                return False
            try:
                return self._end(self._connection, beats)
            finally:
                self._connection = None
                self._watch.close()
                self._log.close()
                self._release()

    def _commit(self, connection: Connection, rows: Sequence[Row]) -> None:
        try:
            with trouble.sentences(self._place), database.transaction(connection):
                connection.executemany(_INSERT, rows)
        except LibraryError as error:
            self._look()
            if self._lost is None and self._stands(error):
                raise
            what = tr(
                "{what} could no longer be written to {folder}",
                what=self._place.what,
                folder=self._place.folder,
            )
            self._lost = self._lost or what

    def _stands(self, error: LibraryError) -> bool:
        """Return whether the library is there: held for a while, full, or limited in its files.

        A file that another program holds is let go again. Where a disk is full a person can make
        room, and the rescue file mostly lies on the same one.
        """
        held = isinstance(error, SessionInUse)
        return held or (isinstance(error, CannotWrite) and self._watch.takes_files())

    def _look(self) -> None:
        if self._lost is None:
            self._lost = self._watch.trouble()

    def _rescue(self) -> None:
        if self._lost is not None:
            self._log.save()

    def _end(self, connection: Connection, beats: int) -> bool:
        self._look()
        with contextlib.suppress(sqlite.Error):
            database.checkpoint(connection)
        database.close(connection)
        kept = self._lost is None and self._summed_up(beats)
        self._rescue()
        return kept

    def _summed_up(self, beats: int) -> bool:
        try:
            self._finish(self._summary, beats)
        except LibraryError:
            self._look()
            return False
        return True


def _row(event: AnyEvent) -> Row:
    if isinstance(event, Tick):
        raise ValueError("a tick is never stored")
    if not math.isfinite(event.time):
        raise ValueError("an event's time is finite")
    source = getattr(event, "source", None)
    return event.time, source, kind_of(event), encode_event(event), schema_of(event)
