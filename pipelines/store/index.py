"""The encrypted index: one row a session, with the key of its file, and what straps count in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from devices.codec import TICKS_PER_SECOND
from pipelines.language import tr
from pipelines.session import MarkView
from pipelines.store import database, keys
from pipelines.store.errors import SessionInUse, UnknownSession
from pipelines.store.index_tables import TABLES
from pipelines.store.keyfile import alone
from pipelines.store.keys import Key
from pipelines.store.session import SessionSource, Summary
from pipelines.store.sqlite import Connection
from pipelines.store.trouble import Place

_INSERT = """
INSERT INTO session (id, key, started, duration_s, packets, beats, state, sources, client)
VALUES (?, ?, ?, 0, 0, 0, 'recording', '[]', ?)
"""
_FINISH = """
UPDATE session SET state = ?, duration_s = ?, packets = ?, beats = ?, sources = ? WHERE id = ?
"""
_SELECT = "SELECT id, started, duration_s, packets, beats, state, sources, {client} FROM session"
_FORGET = """
DELETE FROM client_label WHERE client = (SELECT client FROM session WHERE id = ?1)
AND NOT EXISTS (SELECT 1 FROM session WHERE client = client_label.client AND id != ?1)
"""
_TAKE_LABELS = """
UPDATE client_label SET client = ?1 WHERE client = ?2
AND NOT EXISTS (SELECT 1 FROM client_label WHERE client = ?1)
"""
_HOLD = "INSERT OR IGNORE INTO held VALUES (?, ?)"
_sources = msgspec.json.Decoder(tuple[SessionSource, ...])


class SessionInfo(msgspec.Struct, frozen=True):
    """What the index says of a session; `started` is in seconds since 1970 UTC.

    `state` is "recording" (also after a crash, until it is recovered), "finished" or "recovered".
    `client` is whose it was, by a made-up name; None where nobody said.
    """

    id: str
    started: float
    duration_s: float
    packets: int
    beats: int
    state: str
    sources: tuple[SessionSource, ...]
    client: str | None = None


class KnownBackup(msgspec.Struct, frozen=True):
    """A backup by its random id; `made` is in seconds since 1970 UTC."""

    id: str
    made: float


class IndexContents(msgspec.Struct, frozen=True):
    """What an index says beside its sessions; see `pipelines.store.index_tables`."""

    ticks: dict[str, int]
    labels: tuple[str, ...] | None
    client_labels: dict[str, tuple[str, ...]]
    pedal: int | None
    forgotten: frozenset[bytes]
    backups: tuple[KnownBackup, ...]
    held: dict[str, float]


class Index:
    """The index of one library, opened anew for each call, so that it holds no file open."""

    def __init__(self, path: Path, key: Key) -> None:
        self._path = path
        self._key = key
        self._place = Place(tr("The index"), path.parent)

    def create(self) -> None:
        """Make an empty index."""
        database.create(self._path, self._key, TABLES, self._place)

    def check(self) -> None:
        """Raise a `LibraryError` if the index is missing, changed from outside or too new."""
        with self._open():
            pass

    def migrate(self) -> None:
        """Bring it to the present schema, before whoever calls holds the lock of the library."""
        with self._open_to_write():
            pass

    def is_newer(self) -> bool:
        """Return whether a newer program wrote the index, which may then be read only."""
        with self._open() as connection:
            return database.schema_of(connection) > TABLES.schema

    def add(self, session: str, key: Key, started: float, client: str | None = None) -> None:
        """Enter a session that is being recorded, and whose it is where that is known."""
        with self._open_to_write() as connection, database.transaction(connection):
            connection.execute(_INSERT, (session, key, started, client))

    def finish(self, session: str, state: str, summary: Summary, beats: int) -> None:
        """Sum up a session that ended."""
        sources = msgspec.json.encode(summary.sources).decode()
        row = (state, summary.duration_s, summary.packets, beats, sources, session)
        with self._open_to_write() as connection, database.transaction(connection):
            connection.execute(_FINISH, row)

    def sessions(self) -> list[SessionInfo]:
        """Return every session, the oldest first."""
        with self._open() as connection:
            rows = connection.execute(_select(connection) + " ORDER BY started, id").fetchall()
        return [_info(row) for row in rows]

    def session(self, session: str) -> SessionInfo:
        """Return one session."""
        with self._open() as connection:
            row = connection.execute(_select(connection) + " WHERE id = ?", (session,)).fetchone()
        if row is None:
            raise self.unknown(session)
        return _info(row)

    def name_client(self, session: str, client: str | None) -> None:
        """Say whose session it was; the name said before is written over."""
        with self._open_to_write() as connection:
            with database.transaction(connection):
                query = "UPDATE session SET client = ? WHERE id = ?"
                connection.execute(query, (client, session))
            database.checkpoint(connection)

    def merge_clients(self, client: str, into: str) -> None:
        """Make the sessions of one client another's, and the labels where that one has none."""
        if client == into:
            return
        with self._open_to_write() as connection:
            with database.transaction(connection):
                query = "UPDATE session SET client = ? WHERE client = ?"
                connection.execute(query, (into, client))
                connection.execute(_TAKE_LABELS, (into, client))
                connection.execute("DELETE FROM client_label WHERE client = ?", (client,))
            database.checkpoint(connection)

    def said(self) -> dict[str, tuple[MarkView, ...]]:
        """Return what was said in each session that was read."""
        with self._open() as connection:
            if database.schema_of(connection) < 5:
                return {}
            read = connection.execute("SELECT session FROM read").fetchall()
            rows = connection.execute("SELECT session, time, words FROM said ORDER BY rowid")
            lines: dict[str, list[MarkView]] = {session: [] for (session,) in read}
            for session, time, words in rows.fetchall():
                lines[session].append(MarkView(time, words))
        return {session: tuple(each) for session, each in lines.items()}

    def keep_said(self, session: str, lines: Sequence[MarkView]) -> None:
        """Keep what was said in a session."""
        rows = [(session, one.time, one.text) for one in lines]
        with self._open_to_write() as connection, database.transaction(connection):
            _unread(connection, session)
            connection.execute("INSERT INTO read VALUES (?)", (session,))
            connection.executemany("INSERT INTO said VALUES (?, ?, ?)", rows)

    def forget_said(self, session: str) -> None:
        """Keep nothing of what was said in a session any more, so that it is read again."""
        with self._open() as connection:
            if not _is_read(connection, session):
                return
        with self._open_to_write() as connection, database.transaction(connection):
            _unread(connection, session)

    def key(self, session: str) -> Key:
        """Return the key of a session's file."""
        with self._open() as connection:
            query = "SELECT key FROM session WHERE id = ?"
            row = connection.execute(query, (session,)).fetchone()
        if row is None:
            raise self.unknown(session)
        return Key(row[0])

    def remove(self, session: str) -> None:
        """Remove a session's row and every trace of its key from the index and its log.

        It is forgotten from then on: see `forgotten`. What the keys mark for its client goes along
        where it was their last session.
        secure_delete clears the row; copies of it that SQLite left when it moved rows between
        pages go with VACUUM, and the log with the checkpoint.
        """
        with self._open_to_write() as connection:
            with database.transaction(connection):
                connection.execute(_FORGET, (session,))
                self._remove(connection, session)
            connection.execute("VACUUM")
            database.checkpoint(connection)

    def replace(self, session: str, info: SessionInfo, key: Key) -> None:
        """Put another session in a session's place, and forget that as `remove` does."""
        with self._open_to_write() as connection:
            with database.transaction(connection):
                _enter(connection, info, key)
                connection.execute(_FORGET, (session,))
                self._remove(connection, session)
            connection.execute("VACUUM")
            database.checkpoint(connection)

    def take_in(
        self, arrivals: Sequence[tuple[SessionInfo, Key]], contents: IndexContents | None = None
    ) -> None:
        """Enter sessions that are not there, and of an index's contents what is not there."""
        with self._open_to_write() as connection, database.transaction(connection):
            for info, key in arrivals:
                _enter(connection, info, key)
            if contents is not None:
                self._take_contents(connection, contents)

    def contents(self) -> IndexContents:
        """Return what it says beside its sessions."""
        return IndexContents(
            ticks=self.ticks(),
            labels=self.labels(),
            client_labels=self.client_labels(),
            pedal=self.pedal(),
            forgotten=self.forgotten(),
            backups=self.backups(),
            held=self.held(),
        )

    def forgotten(self) -> frozenset[bytes]:
        """Return what `forgotten_id` is of each session that was deleted."""
        return frozenset(one for (one,) in self._rows("SELECT id FROM forgotten"))

    def forgotten_id(self, session: str) -> bytes:
        """Return by what a session is known once it was deleted: nothing leads back from it."""
        return keys.derive(self._key, b"interbeat forgotten session " + session.encode(), 16)

    def backups(self) -> tuple[KnownBackup, ...]:
        """Return the backups that were made, the oldest first."""
        rows = self._rows("SELECT id, made FROM backup ORDER BY made")
        return tuple(KnownBackup(*row) for row in rows)

    def held(self) -> dict[str, float]:
        """Return, of each session that is in a backup, when the first of these was made."""
        return dict(self._rows("SELECT session, since FROM held"))

    def add_backup(self, backup: KnownBackup, sessions: Sequence[str]) -> None:
        """Remember a backup and which sessions are in it.

        Raises
        ------
        SessionInUse
            If one of them was deleted meanwhile: no deletion would have named this backup.
        """
        rows = [(session, backup.made) for session in sessions]
        with self._open_to_write() as connection, database.transaction(connection):
            found = connection.execute("SELECT id FROM session").fetchall()
            there = {session for (session,) in found}
            if not there.issuperset(sessions):
                raise SessionInUse(
                    tr(
                        "A recording in {folder} was deleted while the backup was made, which is "
                        "not kept; make it again.",
                        folder=self._place.folder,
                    )
                )
            connection.execute("INSERT INTO backup VALUES (?, ?)", (backup.id, backup.made))
            connection.executemany(_HOLD, rows)

    def _remove(self, connection: Connection, session: str) -> None:
        connection.execute("DELETE FROM session WHERE id = ?", (session,))
        row = (self.forgotten_id(session),)
        connection.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", row)

    def _take_contents(self, connection: Connection, contents: IndexContents) -> None:
        connection.executemany("INSERT OR IGNORE INTO strap VALUES (?, ?)", contents.ticks.items())
        if not connection.execute("SELECT 1 FROM label").fetchone():
            rows: list[tuple[object, ...]] = list(enumerate(contents.labels or (), 1))
            connection.executemany("INSERT INTO label VALUES (?, ?)", rows)
        if contents.pedal is not None and not connection.execute("SELECT 1 FROM pedal").fetchone():
            connection.execute("INSERT INTO pedal VALUES (?)", (contents.pedal,))
        for client, labels in contents.client_labels.items():
            query = "SELECT 1 FROM client_label WHERE client = ?"
            if not connection.execute(query, (client,)).fetchone():
                rows = [(client, *each) for each in enumerate(labels, 1)]
                connection.executemany("INSERT INTO client_label VALUES (?, ?, ?)", rows)
        known = connection.execute("SELECT id FROM session").fetchall()
        here = {self.forgotten_id(session) for (session,) in known}
        rows = [(one,) for one in contents.forgotten - here]
        connection.executemany("INSERT OR IGNORE INTO forgotten VALUES (?)", rows)
        rows = [(one.id, one.made) for one in contents.backups]
        connection.executemany("INSERT OR IGNORE INTO backup VALUES (?, ?)", rows)
        there = {session for (session,) in known}
        rows = [(one, since) for one, since in contents.held.items() if one in there]
        connection.executemany(_HOLD, rows)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of tables that schema 5 brought, none of an older index."""
        with self._open() as connection:
            if database.schema_of(connection) < 5:
                return []
            return connection.execute(query).fetchall()

    def ticks(self) -> dict[str, int]:
        """Return what the straps at these addresses count in a second; others do as specified."""
        with self._open() as connection:
            if database.schema_of(connection) < 2:
                return {}
            return dict(connection.execute("SELECT address, ticks FROM strap").fetchall())

    def remember_ticks(self, ticks: Mapping[str, int]) -> None:
        """Remember what straps count in a second, by address; forget those as specified."""
        with self._open_to_write() as connection, database.transaction(connection):
            for address, count in ticks.items():
                connection.execute("DELETE FROM strap WHERE address = ?", (address,))
                if count != TICKS_PER_SECOND:
                    connection.execute("INSERT INTO strap VALUES (?, ?)", (address, count))

    def labels(self) -> tuple[str, ...] | None:
        """Return what the keys 1 to 9 mark, None where nobody chose."""
        with self._open() as connection:
            if database.schema_of(connection) < 3:
                return None
            rows = dict(connection.execute("SELECT key, words FROM label").fetchall())
        return tuple(rows.get(key, "") for key in range(1, 10)) if rows else None

    def keep_labels(self, labels: Sequence[str]) -> None:
        """Keep what the keys 1 to 9 mark; what was kept before is written over."""
        rows = list(enumerate(labels, 1))
        with self._open_to_write() as connection:
            with database.transaction(connection):
                connection.execute("DELETE FROM label")
                connection.executemany("INSERT INTO label VALUES (?, ?)", rows)
            database.checkpoint(connection)

    def client_labels(self) -> dict[str, tuple[str, ...]]:
        """Return what the keys 1 to 9 mark for each client who has words of their own."""
        with self._open() as connection:
            if database.schema_of(connection) < 4:
                return {}
            rows = connection.execute("SELECT client, key, words FROM client_label").fetchall()
        found: dict[str, dict[int, str]] = {}
        for client, key, words in rows:
            found.setdefault(client, {})[key] = words
        return {
            client: tuple(words.get(key, "") for key in range(1, 10))
            for client, words in found.items()
        }

    def keep_client_labels(self, client: str, labels: Sequence[str]) -> None:
        """Keep what the keys 1 to 9 mark for a client; without any words nothing is kept."""
        rows = [(client, key, words) for key, words in enumerate(labels, 1)] if any(labels) else []
        with self._open_to_write() as connection:
            with database.transaction(connection):
                connection.execute("DELETE FROM client_label WHERE client = ?", (client,))
                connection.executemany("INSERT INTO client_label VALUES (?, ?, ?)", rows)
            database.checkpoint(connection)

    def pedal(self) -> int | None:
        """Return the key that a foot pedal presses, None where none was learnt."""
        with self._open() as connection:
            if database.schema_of(connection) < 3:
                return None
            row = connection.execute("SELECT key FROM pedal").fetchone()
        return None if row is None else int(row[0])

    def keep_pedal(self, key: int | None) -> None:
        """Keep the key that a foot pedal presses, None for no pedal."""
        with self._open_to_write() as connection, database.transaction(connection):
            connection.execute("DELETE FROM pedal")
            if key is not None:
                connection.execute("INSERT INTO pedal VALUES (?)", (key,))

    def _open(
        self, *, patience: float = database.READER_WAITS
    ) -> AbstractContextManager[Connection]:
        return database.opened(self._path, self._key, TABLES, self._place, patience=patience)

    @contextmanager
    def _open_to_write(self) -> Iterator[Connection]:
        with self._open(patience=database.WRITER_WAITS) as connection:
            database.refuse_newer(connection, TABLES, self._place)
            if database.schema_of(connection) < TABLES.schema:
                with alone(self._place.folder):
                    database.migrate(connection, self._path, TABLES, self._place)
            yield connection

    def unknown(self, session: str) -> UnknownSession:
        """Return the error for a session that is not there."""
        return UnknownSession(
            tr(
                "There is no session {session} in {parent}; `interbeat sessions list` shows "
                "those there are.",
                session=session,
                parent=self._path.parent,
            )
        )


def _enter(connection: Connection, info: SessionInfo, key: Key) -> None:
    connection.execute(_INSERT, (info.id, key, info.started, info.client))
    sources = msgspec.json.encode(info.sources).decode()
    row = (info.state, info.duration_s, info.packets, info.beats, sources, info.id)
    connection.execute(_FINISH, row)


def _is_read(connection: Connection, session: str) -> bool:
    if database.schema_of(connection) < 5:
        return False
    query = "SELECT 1 FROM read WHERE session = ?"
    return connection.execute(query, (session,)).fetchone() is not None


def _unread(connection: Connection, session: str) -> None:
    connection.execute("DELETE FROM said WHERE session = ?", (session,))
    connection.execute("DELETE FROM read WHERE session = ?", (session,))


def _select(connection: Connection) -> str:
    return _SELECT.format(client="client" if database.schema_of(connection) > 2 else "NULL")


def _info(row: tuple[str, float, float, int, int, str, str, str | None]) -> SessionInfo:
    return SessionInfo(*row[:6], sources=_sources.decode(row[6]), client=row[7])
