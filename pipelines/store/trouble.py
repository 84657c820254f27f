"""What goes wrong with a file of a library: one sentence with its name, its folder and a way out.

The wrong sentence sends a person looking for the wrong thing: a full disk, a permission, a file
that is held and one that was changed from outside each have their own.
"""

from __future__ import annotations

import contextlib
import errno
import os
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

_FULL_BELOW = 65536
_DAMAGED = {sqlite.NOTADB, sqlite.CORRUPT}
NO_SPACE_LEFT = {errno.ENOSPC, errno.EDQUOT}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM}
_BUSY = {sqlite.BUSY, sqlite.LOCKED}


class Place(NamedTuple):
    """What a file is to a person ("Session abcd", "The index"), and its library's folder."""

    what: str
    folder: Path


@contextlib.contextmanager
def sentences(place: Place) -> Iterator[None]:
    """Turn errors of SQLite and the file system into a `LibraryError`."""
    try:
        yield
    except OSError as error:
        raise _from_system(error, place) from error
    except sqlite.Error as error:
        raise _from_sqlite(error, place) from error


def refuse_reader(reader: int, ours: int, version: int, place: Place) -> None:
    """Raise `NewerSchema` where a newer file wants a reader that knows more than our schema."""
    if not 1 <= reader <= ours:
        raise NewerSchema(
            tr(
                "{what} in {folder} was written by a newer Interbeat (schema {version}, this "
                "one reads {schema}); install the newer Interbeat to open it.",
                what=place.what,
                folder=place.folder,
                version=version,
                schema=ours,
            )
        )


def only_read(place: Place) -> str:
    """Return the sentence on a file of a later schema version that may be read."""
    return tr(
        "{what} in {folder} was written by a newer Interbeat and can only be read by this one; "
        "install the newer Interbeat to change it.",
        what=place.what,
        folder=place.folder,
    )


def _from_sqlite(error: Exception, place: Place) -> LibraryError:
    code = sqlite.code(error)
    if code == sqlite.FULL:
        return _disk_full(place)
    if code in _DAMAGED:
        return unreadable(place)
    if code in _BUSY:
        return SessionInUse(
            tr(
                "{what} in {folder} is in use by another program; try again in a moment.",
                what=place.what,
                folder=place.folder,
            )
        )
    if code == sqlite.READONLY:
        return _read_only(place)
    return _disk_trouble(place)


def _from_system(error: OSError, place: Place) -> LibraryError:
    if error.errno in NO_SPACE_LEFT:
        return _disk_full(place)
    if error.errno == errno.EROFS:
        return _read_only(place)
    if error.errno in _NOT_ALLOWED:
        return not_allowed(place)
    return _disk_trouble(place, error.strerror)


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


def _disk_trouble(place: Place, why: str | None = None) -> CannotWrite:
    if not place.folder.exists():
        return out_of_reach(place)
    if shutil.disk_usage(place.folder).free < _FULL_BELOW and os.access(place.folder, os.W_OK):
        return _disk_full(place)
    aside = f" ({why})" if why else ""
    return CannotWrite(
        tr(
            "{what} could not be read or written in {folder}{why}; everything before is kept; "
            "check the disk and its permissions, then start again.",
            what=place.what,
            folder=place.folder,
            why=aside,
        )
    )


def out_of_reach(place: Place) -> CannotWrite:
    """Return the error for a library whose folder is not there."""
    return CannotWrite(
        tr("{folder} is out of reach; connect its disk, then start again.", folder=place.folder)
    )


def _read_only(place: Place) -> CannotWrite:
    return CannotWrite(
        tr(
            "{what} cannot be changed, as {folder} can only be read; copy it to where it can be "
            "written, or name another with --store.",
            what=place.what,
            folder=place.folder,
        )
    )


def not_allowed(place: Place) -> CannotWrite:
    """Return the error for a file that belongs to somebody else."""
    return CannotWrite(
        tr(
            "{what} may not be opened or changed in {folder} by the user who runs this; ask its "
            "owner for the permission.",
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
