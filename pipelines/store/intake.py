"""Sessions that enter a library together: all of them are there afterwards, or none.

Before its file, each gets a mark `<id>.pending` beside it. A file so marked counts only where the
index has its row, and the rows of all enter in one transaction. So whatever a kill leaves is known:
`settle` removes the files without a row, and the marks of all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from pipelines.language import tr
from pipelines.store import database, keys
from pipelines.store.files import create_private_file, draft, make_private_folder, sync_folder
from pipelines.store.index import SessionInfo
from pipelines.store.keys import Key
from pipelines.store.session import TABLES, Row, write_rows
from pipelines.store.trouble import Place, sentences

SESSIONS = "sessions"
_MARK = ".pending"


class Arrival(NamedTuple):
    """A session that enters: what the index will say of it, and its events as stored."""

    info: SessionInfo
    rows: list[Row]


def write(folder: Path, arrivals: Iterable[Arrival]) -> list[tuple[SessionInfo, Key]]:
    """Write the file of each session under a new key; return these, for the index to take them."""
    written = []
    for info, rows in arrivals:
        key = keys.random_key()
        _write(folder, info.id, key, rows)
        written.append((info, key))
    return written


def mark(folder: Path, session: str) -> None:
    """Let the file of a session count only as long as the index has its row."""
    path = _mark(folder, session)
    with sentences(_place(folder, session)):
        if not path.parent.is_dir():
            make_private_folder(path.parent)
        if not path.exists():
            create_private_file(path)
        sync_folder(path.parent)


def pending(folder: Path) -> set[str]:
    """Return the sessions that bear the mark."""
    return {path.stem for path in (folder / SESSIONS).glob("*" + _MARK)}


def settle(folder: Path, known: Collection[str]) -> None:
    """Remove the marked files of sessions that are not `known` to the index, and all marks.

    Whoever calls holds the lock of the library.
    """
    for session in pending(folder):
        path = folder / SESSIONS / f"{session}.db"
        with sentences(_place(folder, session)):
            database.remove(draft(path))
            if session not in known:
                database.remove(path)
            _mark(folder, session).unlink(missing_ok=True)


def _write(folder: Path, session: str, key: Key, rows: list[Row]) -> None:
    mark(folder, session)
    path, place = folder / SESSIONS / f"{session}.db", _place(folder, session)
    with sentences(place):
        # A file that the index lost the key of: an older copy of it may be put back one day.
        database.set_aside(path)
    database.create(path, key, TABLES, place)
    with database.opened(path, key, TABLES, place) as connection:
        write_rows(connection, rows)
        database.checkpoint(connection)


def _mark(folder: Path, session: str) -> Path:
    return folder / SESSIONS / f"{session}{_MARK}"


def _place(folder: Path, session: str) -> Place:
    return Place(tr("Session {session}", session=session), folder)
