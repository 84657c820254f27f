"""A library: a folder with an encrypted index and one encrypted file a session.

    library.json   the library key, sealed (see `pipelines.store.keys`)
    index.db       one row a session, with the key of its file
    sessions/      <id>.db, each under a random key of its own
    running/       locks and contacts of sessions being recorded
    library.key    only in a library without a passphrase, such as the demo's: what opens it

Deleting destroys a session's file and its key. What a disk keeps beneath the file system (worn
blocks of a flash disk, snapshots, copies) is out of reach, and unreadable without that key.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipelines.session import AnyEvent
from pipelines.store import database, keyfile, keys, locks
from pipelines.store.contact import RUNNING, lock_path, remove_contact
from pipelines.store.database import Place
from pipelines.store.errors import LibraryError, SessionInUse
from pipelines.store.files import draft
from pipelines.store.index import Index, SessionInfo
from pipelines.store.keys import Cost
from pipelines.store.session import TABLES, SessionWriter, Summary, read_events, summarise
from pipelines.store.sqlite import Connection

SESSIONS = "sessions"
INDEX = "index.db"
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LETTERS = 8

CountBeats = Callable[[Sequence[AnyEvent]], int]


class Recovery(msgspec.Struct, frozen=True):
    """What `Library.recover` did: ids made whole, and (id, sentence) for each it could not."""

    recovered: tuple[str, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()


class Library:
    """An open library; made by `create_library` and `open_library`.

    It holds no file open and no lock, so it needs no closing, may be used from any thread, and
    several processes may have the same one open.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key
        self._index = Index(folder / INDEX, key)

    def __repr__(self) -> str:
        return f"Library({str(self.folder)!r})"

    def change_passphrase(self, passphrase: str, *, cost: Cost | None = None) -> None:
        """Open with another passphrase from now on; the recovery key stays as it is.

        A copy of library.json made before still opens with the old passphrase.

        Raises
        ------
        LibraryError
            If it is empty, or the library opens with a key file instead.
        """
        if keyfile.has_key_file(self.folder):
            raise LibraryError(
                f"The library in {self.folder} opens with its key file and has no passphrase; "
                "create another library to have one."
            )
        with keyfile.alone(self.folder):
            sealed = keys.seal(self._key, keyfile.spoken(passphrase), cost or Cost())
            before = keyfile.read(self.folder)
            keyfile.write(self.folder, msgspec.structs.replace(before, passphrase=sealed))

    def new_session(self, started: float) -> SessionWriter:
        """Begin a session that started at `started` (seconds since 1970 UTC).

        Raises
        ------
        CannotWrite
            If the disk takes no more.
        """
        session = _new_id()
        with database.sentences(self._place(session)):
            lock = locks.acquire(lock_path(self.folder, session))
        if lock is None:
            raise self._in_use(session)
        try:
            return self._begin(session, started, lock)
        except BaseException:
            lock.release()
            raise

    def sessions(self) -> list[SessionInfo]:
        """Return what the index says of every session, the oldest first."""
        return self._index.sessions()

    def session(self, session: str) -> SessionInfo:
        """Return what the index says of one session.

        Raises
        ------
        UnknownSession
            If there is none of that id, here and in every call that takes one.
        """
        return self._index.session(session)

    def is_recording(self, session: str) -> bool:
        """Return whether a living process records this session."""
        return locks.is_held(lock_path(self.folder, session))

    def events(self, session: str) -> list[AnyEvent]:
        """Return the log of a session in order, also while it is being recorded.

        Raises
        ------
        Unreadable
            If its file was changed or cut from outside, or is missing.
        """
        with self._opened(session) as connection:
            return read_events(connection, self._place(session))

    def recover(self, session: str | None = None, *, count_beats: CountBeats) -> Recovery:
        """Finish what a crash left: a given session, or all that no living process holds.

        Each is checked whole, summed up and marked "recovered"; one that was finished is left as
        it is. `count_beats` says how many beats a log holds.

        Raises
        ------
        LibraryError
            If a session was given and it is being recorded or cannot be read. Without one, such
            sessions are left alone or named in `troubles`.
        """
        if session is not None:
            return Recovery(recovered=self._recover(session, count_beats))
        result = Recovery()
        for info in self.sessions():
            if info.state == "recording" and not self.is_recording(info.id):
                result = self._recover_next(result, info.id, count_beats)
        self._sweep()
        return result

    def delete(self, session: str) -> None:
        """Destroy a session: its file, its log, and its key in the index.

        The file goes first, so that a crash or a full disk between the two leaves a row that a
        second call removes.

        Raises
        ------
        SessionInUse
            If a living process records it.
        """
        self._index.key(session)
        with self._held(session):
            with database.sentences(self._place(session)):
                database.remove(self._path(session))
            self._index.remove(session)

    def _begin(self, session: str, started: float, lock: locks.Lock) -> SessionWriter:
        connection = self._enter(session, started)
        return SessionWriter(
            session,
            connection,
            self._place(session),
            finish=lambda summary, beats: self._index.finish(session, "finished", summary, beats),
            release=lambda: self._release(session, lock),
        )

    def _enter(self, session: str, started: float) -> Connection:
        # The row comes after the file and goes before it, so that what the index lists has one.
        key, place = keys.random_key(), self._place(session)
        try:
            database.create(self._path(session), key, TABLES, place)
            self._index.add(session, key, started)
        except BaseException:
            database.remove(self._path(session))
            raise
        try:
            return database.connect(self._path(session), key, place)
        except BaseException:
            with contextlib.suppress(LibraryError):
                self._index.remove(session)
                database.remove(self._path(session))
            raise

    def _recover(self, session: str, count_beats: CountBeats) -> tuple[str, ...]:
        if self.session(session).state != "recording":
            return ()
        with self._held(session):
            # Another process may have finished it before we held it.
            if self.session(session).state != "recording":
                return ()
            events = self._whole(session)
            summary = summarise(events, Summary())
            self._index.finish(session, "recovered", summary, count_beats(events))
        return (session,)

    def _recover_next(self, done: Recovery, session: str, count_beats: CountBeats) -> Recovery:
        try:
            recovered = done.recovered + self._recover(session, count_beats)
            return msgspec.structs.replace(done, recovered=recovered)
        except SessionInUse:
            return done
        except LibraryError as error:
            troubles = (*done.troubles, (session, error.sentence))
            return msgspec.structs.replace(done, troubles=troubles)

    def _whole(self, session: str) -> list[AnyEvent]:
        place = self._place(session)
        with self._opened(session) as connection:
            database.checkpoint(connection)
            if database.damage(connection):
                raise database.unreadable(place)
            return read_events(connection, place)

    def _sweep(self) -> None:
        # Unfinished files, contacts and locks that crashes left; whole files are never touched.
        for path in (self.folder / RUNNING).glob("*.lock"):
            with contextlib.suppress(OSError):
                if (lock := locks.acquire(path, patience=0.0)) is not None:
                    database.remove(draft(self._path(path.stem)))
                    self._release(path.stem, lock)

    @contextlib.contextmanager
    def _opened(self, session: str) -> Iterator[Connection]:
        key = self._index.key(session)
        with database.opened(self._path(session), key, self._place(session)) as connection:
            yield connection

    @contextlib.contextmanager
    def _held(self, session: str) -> Iterator[None]:
        with database.sentences(self._place(session)):
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

    def _place(self, session: str) -> Place:
        return Place(f"Session {session}", self.folder)

    def _in_use(self, session: str) -> SessionInUse:
        return SessionInUse(
            f"Session {session} in {self.folder} is being recorded; finish it first."
        )


def _new_id() -> str:
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LETTERS))
