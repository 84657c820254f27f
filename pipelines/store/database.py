"""Encrypted databases: how one is opened, made and closed, and its errors in one sentence.

Everything SQLite writes for a database keyed by `PRAGMA key` is encrypted page by page (SQLCipher
4: AES-256-CBC with a random vector and HMAC-SHA512 a page), its write-ahead log included.
"""

from __future__ import annotations

import contextlib
import errno
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.language import tr
from pipelines.store import sqlite
from pipelines.store.errors import (
    CannotWrite,
    DiskFull,
    LibraryError,
    NewerSchema,
    SessionInUse,
    Unreadable,
)
from pipelines.store.files import create_private_file, draft, sync_folder
from pipelines.store.sqlite import Connection

SCHEMA = 1
"""Version of the tables, in `PRAGMA user_version`."""

_BUSY_TIMEOUT = 5.0
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
_FULL_BELOW = 65536
_ASIDE = ".aside-"
_CANNOT_READ = {sqlite.NOTADB, sqlite.CORRUPT, sqlite.ERROR}
_PERHAPS_NO_SPACE = {sqlite.FULL, sqlite.IOERR, sqlite.CANTOPEN}
NO_SPACE_LEFT = {errno.ENOSPC, errno.EDQUOT}
_BUSY = {sqlite.BUSY, sqlite.LOCKED}


class Place(NamedTuple):
    """What a file is to a person ("Session abcd", "The index"), and its library's folder."""

    what: str
    folder: Path


def create(path: Path, key: bytes, tables: str, place: Place) -> None:
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
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def remove_with_asides(path: Path) -> None:
    """Remove a database and what `set_aside` kept of it."""
    remove(path)
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


def connect(path: Path, key: bytes, place: Place) -> Connection:
    """Open an existing encrypted database of the present schema version.

    Raises
    ------
    LibraryError
        In one sentence, if it is missing, changed from outside, newer or out of reach.
    """
    if not path.is_file():
        raise Unreadable(
            tr(
                "{what} has no file in {folder}; put it back from a copy.",
                what=place.what,
                folder=place.folder,
            )
        )
    with sentences(place):
        connection = _connect_even_when_full(path, key)
    try:
        with sentences(place):
            _check_schema(connection, place)
    except LibraryError:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def opened(path: Path, key: bytes, place: Place) -> Iterator[Connection]:
    """Open a database for a few statements, and leave no -wal or -shm of ours behind."""
    connection = connect(path, key, place)
    try:
        with sentences(place):
            yield connection
    finally:
        close(connection)


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


@contextlib.contextmanager
def sentences(place: Place) -> Iterator[None]:
    """Turn errors of SQLite and the file system into a `LibraryError`."""
    try:
        yield
    except sqlite.Error as error:
        raise _from_sqlite(error, place) from error
    except OSError as error:
        full = error.errno in NO_SPACE_LEFT
        raise (_disk_full(place) if full else _cannot_write(place)) from error


def _build(path: Path, key: bytes, tables: str) -> None:
    remove(path)
    create_private_file(path)
    with contextlib.closing(_connect(path, key)) as connection, transaction(connection):
        connection.execute(tables)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _connect(path: Path, key: bytes, *, exclusive: bool = False) -> Connection:
    connection = sqlite.connect(path, timeout=_BUSY_TIMEOUT)
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


def _connect_even_when_full(path: Path, key: bytes) -> Connection:
    try:
        return _connect(path, key)
    except sqlite.Error as error:
        if sqlite.code(error) not in _PERHAPS_NO_SPACE:
            raise
    # The shared index of the log needs 32 kB; alone, SQLite keeps it in memory.
    return _connect(path, key, exclusive=True)


def _check_schema(connection: Connection, place: Place) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA:
        raise newer(place, version)
    if version < SCHEMA:
        raise Unreadable(
            tr(
                "{what} in {folder} is empty; put it back from a copy.",
                what=place.what,
                folder=place.folder,
            )
        )


def newer(place: Place, version: int) -> NewerSchema:
    """Return the error for a file of a later schema version."""
    return NewerSchema(
        tr(
            "{what} in {folder} was written by a newer Interbeat (schema {version}, this "
            "one reads {schema}); install the newer Interbeat to open it.",
            what=place.what,
            folder=place.folder,
            version=version,
            schema=SCHEMA,
        )
    )


def _from_sqlite(error: Exception, place: Place) -> LibraryError:
    code = sqlite.code(error)
    if code == sqlite.FULL:
        return _disk_full(place)
    if code in _CANNOT_READ:
        return unreadable(place)
    if code in _BUSY:
        return SessionInUse(
            tr(
                "{what} in {folder} is in use by another program; try again in a moment.",
                what=place.what,
                folder=place.folder,
            )
        )
    return _cannot_write(place)


def unreadable(place: Place) -> Unreadable:
    """Return the error for a file that was changed or cut from outside."""
    return Unreadable(
        tr(
            "{what} in {folder} cannot be read, as its file was changed or cut from "
            "outside; put it back from a copy.",
            what=place.what,
            folder=place.folder,
        )
    )


def _cannot_write(place: Place) -> CannotWrite:
    if not place.folder.exists():
        return CannotWrite(
            tr("{folder} is out of reach; connect its disk, then start again.", folder=place.folder)
        )
    if shutil.disk_usage(place.folder).free < _FULL_BELOW:
        return _disk_full(place)
    return CannotWrite(
        tr(
            "{what} could not be written to {folder}; everything before is kept; check the "
            "disk and its permissions, then start again.",
            what=place.what,
            folder=place.folder,
        )
    )


def _disk_full(place: Place) -> DiskFull:
    return DiskFull(
        tr(
            "{what} stopped because the disk of {folder} is full; everything before is "
            "kept; free some space, then start again.",
            what=place.what,
            folder=place.folder,
        )
    )
