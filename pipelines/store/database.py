"""Encrypted databases: how one is opened, made, migrated and closed.

Everything SQLite writes for a database keyed by `PRAGMA key` is encrypted page by page (SQLCipher
4: AES-256-CBC with a random vector and HMAC-SHA512 a page), its write-ahead log included.

A database bears two numbers (`Tables`): the schema of its tables, and the least schema that a
reader must know. One of an older schema is read as it is and migrated before it is written; one of
a newer schema is read where its second number allows it, and never written.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.language import tr
from pipelines.store import sqlite
from pipelines.store.errors import (
    NewerSchema,
    Unreadable,
)
from pipelines.store.files import create_private_file, draft, may_write, sync_folder
from pipelines.store.keys import Key
from pipelines.store.sqlite import Connection
from pipelines.store.trouble import (
    Place,
    not_allowed,
    only_read,
    out_of_reach,
    refuse_reader,
    sentences,
    unreadable,
)

READER_WAITS = 5.0
"""Seconds that who reads waits for another program to let go of a database."""
WRITER_WAITS = 30.0
"""Seconds that who writes waits: what cannot be written now would be lost."""
RECORDER_WAITS = 0.05
"""Seconds that an append waits: no longer, as beats arrive meanwhile; the recorder tries again."""
ENDINGS = ("", "-journal", "-wal", "-shm")
"""What SQLite keeps beside a database has its name and one of these."""

_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    "wal_autocheckpoint = 256",
    "secure_delete = ON",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)
_ASIDE = ".aside-"
_COPY = ".before"
_PERHAPS_NO_SPACE = {sqlite.FULL, sqlite.IOERR, sqlite.CANTOPEN}


class Tables(NamedTuple):
    """The tables of a kind of file, and how those of older versions become them.

    Attributes
    ----------
    statements : tuple of str
        Make them anew.
    migrations : tuple of tuple of str
        Statements that bring schema 1 to 2, 2 to 3, and so on. The schema, in `PRAGMA
        user_version`, is one more than there are.
    reader : int
        The least schema that a reader must know, in `PRAGMA application_id`. Where that is 0, as in
        every file of version 0.1.0, it is the file's own.
    """

    statements: tuple[str, ...]
    migrations: tuple[tuple[str, ...], ...] = ()
    reader: int = 1

    @property
    def schema(self) -> int:
        """Version of the tables."""
        return 1 + len(self.migrations)


def create(path: Path, key: Key, tables: Tables, place: Place) -> None:
    """Make a new encrypted database of the present schema version, mode 0600, all at once."""
    with sentences(place):
        try:
            _build(draft(path), key, tables)
            draft(path).replace(path)
        finally:
            remove(draft(path))
        sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a database with what SQLite keeps beside it."""
    for ending in ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def remove_with_asides(path: Path) -> None:
    """Remove a database and what `set_aside` and `migrate` kept of it."""
    remove(path)
    remove_asides(path)


def remove_asides(path: Path) -> None:
    """Remove what `set_aside` and `migrate` kept of a database."""
    remove(copy_of(path))
    for aside in path.parent.glob(f"{path.name}{_ASIDE}*"):
        aside.unlink(missing_ok=True)


def set_aside(path: Path) -> None:
    """Keep what lies at `path`, unless it is nothing, under a name that nobody opens."""
    if path.exists():
        aside = path.with_name(f"{path.name}{_ASIDE}{secrets.token_hex(4)}")
        for ending in ("-wal", ""):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
    # A log that outlived its database must not be read into the next one.
    remove(path)


def copy_of(path: Path) -> Path:
    """Return where a database is kept as it was while it is migrated."""
    return path.with_name(path.name + _COPY)


def has_copy(path: Path) -> bool:
    """Return whether a crash left anything of that copy."""
    return any(path.parent.glob(f"{path.name}{_COPY}*"))


def connect(path: Path, key: Key, tables: Tables, place: Place, *, patience: float) -> Connection:
    """Open an existing encrypted database of the present schema version, to write it.

    `patience` (s) is how long each statement waits for another program.

    Raises
    ------
    LibraryError
        In one sentence, if it is missing, changed from outside, newer or out of reach.
    """
    with sentences(place):
        _refuse_unreadable(path, place)
        connection = _readable(_connect_even_when_full(path, key, patience), tables, place)
        try:
            refuse_newer(connection, tables, place)
        except BaseException:
            close(connection)
            raise
        return connection


@contextlib.contextmanager
def opened(
    path: Path, key: Key, tables: Tables, place: Place, *, patience: float = READER_WAITS
) -> Iterator[Connection]:
    """Open a database for a few statements, and leave no -wal or -shm of ours behind.

    One that may not be written, that lies where nothing can be, or that a newer program wrote, is
    opened to be read. One of an older schema stays so: see `migrate`.
    """
    with contextlib.ExitStack() as until, sentences(place):
        _refuse_unreadable(path, place)
        if may_write(path):
            connection = _connect_even_when_full(path, key, patience)
        else:
            connection = _connect_to_read(path, key, place, until)
        until.callback(close, connection)
        yield _readable(connection, tables, place)


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit everything done inside at once, on disk, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has rolled back by itself already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def schema_of(connection: Connection) -> int:
    """Return the schema of an open database."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: Connection, tables: Tables, place: Place) -> None:
    """Raise `NewerSchema` where a newer program wrote an open database, which may be read only."""
    if schema_of(connection) > tables.schema:
        raise NewerSchema(only_read(place))


def migrate(connection: Connection, path: Path, tables: Tables, place: Place) -> None:
    """Bring an open database of an older schema to the present: all of it or nothing.

    It stays the same file, since others may have it open: SQLite's transaction is what a kill or a
    full disk cannot divide. A copy lies beside it until the new tables are found whole, in case it
    is the disk or a step that fails. Whoever calls holds the lock of the library or the session.
    """
    if schema_of(connection) >= tables.schema:
        return
    try:
        with sentences(place), transaction(connection):
            _keep_copy(path)
            for statements in tables.migrations[schema_of(connection) - 1 :]:
                for statement in statements:
                    connection.execute(statement)
            _state_schema(connection, tables)
            if _column(connection, "PRAGMA integrity_check") != ["ok"]:
                raise unreadable(place)
    finally:
        remove(copy_of(path))


def checkpoint(connection: Connection) -> None:
    """Move the write-ahead log into the database and cut it to nothing."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def close(connection: Connection) -> None:
    """Close without a word: what is committed is safe, in the log if not in the database."""
    with contextlib.suppress(sqlite.Error):
        connection.close()


def damage(connection: Connection) -> list[str]:
    """Return what the two integrity checks find: every page's HMAC, then SQLite's own."""
    sealed = _column(connection, "PRAGMA cipher_integrity_check")
    inner = _column(connection, "PRAGMA integrity_check")
    return sealed + [line for line in inner if line != "ok"]


def _column(connection: Connection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query).fetchall()]


def _build(path: Path, key: Key, tables: Tables) -> None:
    remove(path)
    create_private_file(path)
    connection = _connect(path, key, "rw", READER_WAITS)
    with contextlib.closing(connection):
        with transaction(connection):
            for statement in tables.statements:
                connection.execute(statement)
            _state_schema(connection, tables)
        # Closing does it too, but says nothing where the disk has no room for it.
        checkpoint(connection)


def _state_schema(connection: Connection, tables: Tables) -> None:
    connection.execute(f"PRAGMA user_version = {tables.schema}")
    connection.execute(f"PRAGMA application_id = {tables.reader}")


def _keep_copy(path: Path) -> None:
    """Copy a database that a transaction of ours keeps from changing, with its log."""
    copy = copy_of(path)
    remove(copy)
    for ending in ("", "-wal"):
        source, target = (one.with_name(one.name + ending) for one in (path, copy))
        if source.exists():
            create_private_file(target)
            shutil.copyfile(source, target)


def _connect(
    path: Path, key: Key, mode: str, patience: float, *, exclusive: bool = False
) -> Connection:
    connection = sqlite.connect(path, mode, timeout=patience)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if exclusive:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite.Error:
        close(connection)
        raise
    return connection


def _connect_even_when_full(path: Path, key: Key, patience: float) -> Connection:
    try:
        return _connect(path, key, "rw", patience)
    except sqlite.Error as error:
        if sqlite.code(error) not in _PERHAPS_NO_SPACE:
            raise
    # The shared index of the log needs 32 kB; alone, SQLite keeps it in memory.
    return _connect(path, key, "rw", patience, exclusive=True)


def _connect_to_read(path: Path, key: Key, place: Place, until: contextlib.ExitStack) -> Connection:
    """Open a database where SQLite can make no shared index of its log."""
    log = path.with_name(path.name + "-wal")
    if not log.is_file() or not log.stat().st_size:
        return _connect(path, key, "ro&immutable=1", READER_WAITS)
    try:
        return _connect(path, key, "ro", READER_WAITS)
    except sqlite.Error as error:
        if sqlite.code(error) != sqlite.CANTOPEN:
            raise
    # A crash left the log, and a backup not its shared index: a copy, as encrypted, may have one.
    with sentences(
        Place(tr("A copy to read of {what}", what=place.what), Path(tempfile.gettempdir()))
    ):
        copies = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="interbeat-")))
        for part in (path, log):
            shutil.copyfile(part, copies / part.name)
    return _connect(copies / path.name, key, "rw", READER_WAITS)


def _refuse_unreadable(path: Path, place: Place) -> None:
    if not path.is_file():
        if not place.folder.is_dir():
            raise out_of_reach(place)
        raise Unreadable(
            tr(
                "{what} has no file in {folder}; put it back from a copy.",
                what=place.what,
                folder=place.folder,
            )
        )
    if not os.access(path, os.R_OK):
        raise not_allowed(place)


def _readable(connection: Connection, tables: Tables, place: Place) -> Connection:
    """Return an open database that this version can read, closed where it cannot."""
    try:
        version = schema_of(connection)
        if version < 1:
            raise Unreadable(
                tr(
                    "{what} in {folder} is empty; put it back from a copy.",
                    what=place.what,
                    folder=place.folder,
                )
            )
        if version > tables.schema:
            reader = int(connection.execute("PRAGMA application_id").fetchone()[0]) or version
            refuse_reader(reader, tables.schema, version, place)
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        close(connection)
        raise
    return connection
