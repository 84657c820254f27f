"""The folder of an open library: its index, its sessions and their files, to be read."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.language import tr
from pipelines.session import AnyEvent, MarkView, marks_of
from pipelines.store import database, keyfile, locks, trouble
from pipelines.store.contact import lock_path, remove_contact
from pipelines.store.errors import LibraryError, NewerSchema, SessionInUse
from pipelines.store.files import is_private
from pipelines.store.index import Index, SessionInfo
from pipelines.store.intake import SESSIONS
from pipelines.store.keys import Key
from pipelines.store.session import TABLES, Row, read_events, read_rows
from pipelines.store.sqlite import Connection
from pipelines.store.trouble import Place

INDEX = "index.db"
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LETTERS = 8


class LibraryFolder:
    """What every part of a library rests on."""

    def __init__(self, folder: Path, key: Key) -> None:
        self.folder = folder
        self._key = key
        self._index = Index(folder / INDEX, key)

    def __repr__(self) -> str:
        return f"Library({str(self.folder)!r})"

    @property
    def is_private(self) -> bool:
        """Whether no other user of this computer may open its files, as far as modes tell."""
        return is_private(self.folder)

    @property
    def newer(self) -> str | None:
        """One sentence where a newer program wrote the library, which may then be read only."""
        if self._index.is_newer() or keyfile.is_newer(self.folder):
            return trouble.only_read(Place("The library", self.folder))
        return None

    @property
    def names_clients(self) -> bool:
        """Whether it keeps whose a session was: not where no secret keeps others from reading."""
        return not keyfile.has_key_file(self.folder)

    def sessions(self) -> list[SessionInfo]:
        """Return what the index says of every session, the oldest first."""
        deleted = self._deleted()
        return [info for info in self._index.sessions() if info.id not in deleted]

    def session(self, session: str) -> SessionInfo:
        """Return what the index says of one session.

        Raises
        ------
        UnknownSession
            If there is none of that id, here and in every call that takes one.
        """
        if session in self._deleted():
            raise self._index.unknown(session)
        return self._index.session(session)

    def is_recording(self, session: str) -> bool:
        """Return whether a living process records this session."""
        return locks.is_held(lock_path(self.folder, session))

    def events(self, session: str, *, kinds: Sequence[str] = ()) -> list[AnyEvent]:
        """Return the log of a session in order, also while it is being recorded.

        Those of these `kinds`, all unless told.

        Raises
        ------
        Unreadable
            If its file was changed or cut from outside, or is missing.
        """
        with self._opened(session) as connection:
            return read_events(connection, self._place(session), kinds=kinds)

    def marks(self, session: str) -> tuple[MarkView, ...]:
        """Return the moments that were marked in a session; nothing else of it is read."""
        with self._opened(session) as connection:
            return marks_of(read_events(connection, self._place(session), kinds=["Mark"]))

    def _rows(self, session: str) -> list[Row]:
        with self._opened(session) as connection:
            return read_rows(connection)

    def _files(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / SESSIONS).glob("*.db"))

    def _deleted(self) -> set[str]:
        return {path.stem for path in (self.folder / SESSIONS).glob("*.deleted")}

    @contextlib.contextmanager
    def _opened(self, session: str) -> Iterator[Connection]:
        if session in self._deleted():
            raise self._index.unknown(session)
        key = self._index.key(session)
        path, place = self._path(session), self._place(session)
        with database.opened(path, key, TABLES, place) as connection:
            yield connection

    @contextlib.contextmanager
    def _held(self, session: str) -> Iterator[None]:
        with trouble.sentences(self._place(session)):
            lock = locks.acquire(lock_path(self.folder, session))
        if lock is None:
            raise self._in_use(session)
        try:
            yield
        finally:
            self._release(session, lock)

    def _release(self, session: str, lock: locks.Lock) -> None:
        with contextlib.suppress(OSError):
            remove_contact(self.folder, session)
        lock.release()

    def _path(self, session: str) -> Path:
        return self.folder / SESSIONS / f"{session}.db"

    def _mark(self, session: str) -> Path:
        return self.folder / SESSIONS / f"{session}.deleted"

    def _refuse_names(self) -> None:
        if not self.names_clients:
            raise LibraryError(
                tr(
                    "The library in {folder} opens without a passphrase, so it keeps no names.",
                    folder=self.folder,
                )
            )

    def _refuse_newer(self) -> None:
        if (sentence := self.newer) is not None:
            raise NewerSchema(sentence)

    def _place(self, session: str) -> Place:
        return Place(tr("Session {session}", session=session), self.folder)

    def _in_use(self, session: str) -> SessionInUse:
        return SessionInUse(
            tr(
                "Session {session} in {folder} is being recorded; finish it first.",
                session=session,
                folder=self.folder,
            )
        )

    def _waits(self, session: str) -> SessionInUse:
        return SessionInUse(
            tr(
                "The end of session {session} in {folder} waits in a rescue file; recover it "
                "first.",
                session=session,
                folder=self.folder,
            )
        )


def is_session_id(text: str) -> bool:
    """Return whether `text` could be the id of a session."""
    return len(text) == _ID_LETTERS and set(text) <= set(_ID_ALPHABET)


def new_id() -> str:
    """Return the id of a new session, at random."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LETTERS))
