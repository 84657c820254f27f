"""A library: a folder with an encrypted index and one encrypted file a session.

    library.json   the library key, sealed (see `pipelines.store.keys`)
    index.db       one row a session, with the key of its file; what straps count in
    sessions/      <id>.db, each under a random key of its own; <id>.deleted marks one being deleted
                   and <id>.pending one that counts only while it has its row (see `intake`)
    running/       locks and contacts of sessions being recorded
    library.key    only in a library without a passphrase, such as the demo's: what opens it

Deleting destroys a session's file and its key. What a disk keeps beneath the file system (worn
blocks of a flash disk, snapshots, copies) is out of reach, and unreadable without that key.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import msgspec

from pipelines.language import tr
from pipelines.session import EVENT_SCHEMA, KINDS_SAID, AnyEvent, MarkView, said_in
from pipelines.store import database, intake, keyfile, keys, locks, rescue, trouble
from pipelines.store.contact import RUNNING, lock_path
from pipelines.store.copies import Copies, CountBeats
from pipelines.store.errors import LibraryError, SessionInUse, UnknownSession, Unreadable
from pipelines.store.files import create_private_file, draft, make_private_folder, sync_folder
from pipelines.store.folder import INDEX, new_id
from pipelines.store.index import KnownBackup, SessionInfo
from pipelines.store.intake import SESSIONS
from pipelines.store.keyfile import SealedKey
from pipelines.store.keys import Key
from pipelines.store.rescue import Rescued, RescueFile, Waiting
from pipelines.store.session import (
    TABLES,
    SessionWriter,
    Summary,
    add,
    join,
    read_events,
    summarise,
)
from pipelines.store.settings import Settings
from pipelines.store.sqlite import Connection
from pipelines.store.trouble import Place
from pipelines.store.watch import Watch


class Recovery(msgspec.Struct, frozen=True):
    """What `Library.recover` did: ids made whole, and (id, sentence) for each it could not."""

    recovered: tuple[str, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()


class Library(Settings, Copies):
    """An open library; made by `create_library` and `open_library`.

    It holds no file open and no lock, so it needs no closing, may be used from any thread, and
    several processes may have the same one open.
    """

    def new_session(self, started: float, *, client: str | None = None) -> SessionWriter:
        """Begin a session that started at `started` (seconds since 1970 UTC).

        It is `client`'s from its beginning, by the name given, where that is known already.

        Raises
        ------
        CannotWrite
            If the disk takes no more.
        LibraryError
            If a client is named, and the library opens with a key file.
        """
        # First, so that nothing is made where a disk was that is gone.
        self._refuse_newer()
        if client is not None:
            self._refuse_names()
        session = new_id()
        with trouble.sentences(self._place(session)):
            lock = locks.acquire(lock_path(self.folder, session))
        if lock is None:
            raise self._in_use(session)
        try:
            return self._begin(session, started, client, lock)
        except BaseException:
            lock.release()
            raise

    def orphans(self) -> list[str]:
        """Return the sessions whose file is there and whose key is not: nobody can read them.

        A crash while a session began leaves one, or an index put back from an older copy.
        """
        # In this order: a session that is being made has its lock, then its file, then its row.
        found = [name for name in self._files() if not self.is_recording(name)]
        entering = intake.pending(self.folder)
        known = entering | {info.id for info in self._index.sessions()}
        return [name for name in found if name not in known and self._path(name).exists()]

    def said(self) -> dict[str, tuple[MarkView, ...]]:
        """Return what people said in each session in words, by its id (see `said_in`).

        The index keeps it from the first time it was asked for, until a session is added to; of one
        that cannot be read there is nothing.
        """
        known = self.said_before()
        missing = [info for info in self.sessions() if info.id not in known]
        keep = self.newer is None
        return known | {info.id: self._said(info, keep=keep) for info in missing}

    def said_before(self) -> dict[str, tuple[MarkView, ...]]:
        """Return what the index knows of that, so that no session is read."""
        return self._index.said()

    def said_anew(self, session: str) -> tuple[MarkView, ...]:
        """Return what people said in one session, read in it, and have the index keep it."""
        return self._said(self.session(session), keep=self.newer is None)

    def add(self, session: str, events: Sequence[AnyEvent]) -> None:
        """Add to the log of a session that has ended: it grows, and nothing in it is changed.

        They are committed together: whatever cuts this short, all of them are kept or none.

        Raises
        ------
        SessionInUse
            If a living process records it, or its end waits in a rescue file.
        CannotWrite
            If the disk takes no more.
        ValueError
            If one is a `Tick` or its time is not finite.
        """
        self._refuse_newer()
        with self._held(session):
            if rescue.exists(session):
                raise self._waits(session)
            self._migrate(session)
            # Before: a kill in between makes the index read the session again, never leave it out.
            self._index.forget_said(session)
            with self._opened(session) as connection:
                add(connection, events)

    def rescued(self) -> Waiting:
        """Return the sessions of this library that wait in rescue files, and the others there."""
        return rescue.waiting(rescue.library_id(self._key))

    def unfinished(self) -> list[str]:
        """Return what `recover` is for: sessions that a crash left, or that a rescue file holds."""
        crashed = [
            info.id
            for info in self.sessions()
            if info.state == "recording" and not self._is_written(info.id)
        ]
        return crashed + [session for session in self.rescued().own if session not in crashed]

    def recover(self, session: str | None = None, *, count_beats: CountBeats) -> Recovery:
        """Finish what a crash left: a given session, or all that no living process holds.

        Each is joined with its rescue file where there is one, checked whole, summed up and marked
        "recovered"; one that was finished is left as it is. `count_beats` says how many beats a log
        holds.

        Raises
        ------
        LibraryError
            If a session was given and it is being recorded or cannot be read. Without one, such
            sessions are left alone or named in `troubles`.
        """
        if session is not None:
            return self._recover(session, count_beats)
        result = Recovery(troubles=self.rescued().troubles)
        for name in self.unfinished():
            result = self._recover_next(result, name, count_beats)
        if self.newer is None:
            self._sweep()
        return result

    def delete(self, session: str) -> tuple[KnownBackup, ...]:
        """Destroy a session: its file, its log, its rescue file, and its key in the index.

        An orphan, which has no row there, loses its file. Returns the backups that still hold it.

        From the first step on it is no session any more, whatever a crash or a full disk leaves;
        a second call or `recover` does the rest.

        Raises
        ------
        SessionInUse
            If a living process records it.
        """
        self._refuse_newer()
        if session not in self._deleted() and session not in self.orphans():
            self._index.session(session)
        with self._held(session), rescue.held(session):
            held = self.backups_with(session)
            self._destroy(session)
        return held

    def _said(self, info: SessionInfo, *, keep: bool) -> tuple[MarkView, ...]:
        """Read what was said in a session, and keep it where it has ended and can be kept."""
        if keep and info.state != "recording":
            with contextlib.suppress(LibraryError), self._held(info.id):
                found = self._read_said(info.id)
                self._index.keep_said(info.id, found)
                return found
        with contextlib.suppress(LibraryError):
            return self._read_said(info.id)
        return ()

    def _read_said(self, session: str) -> tuple[MarkView, ...]:
        with self._opened(session) as connection:
            return said_in(read_events(connection, self._place(session), kinds=KINDS_SAID))

    def _begin(
        self, session: str, started: float, client: str | None, lock: locks.Lock
    ) -> SessionWriter:
        connection, place = self._enter(session, started, client), self._place(session)
        try:
            keyless = keyfile.has_key_file(self.folder)
            opener = keyfile.read_opener(self.folder) if keyless else None
            watch = Watch(place, self.folder / INDEX, self._path(session))
        except BaseException:
            database.close(connection)
            self._withdraw(session)
            raise
        return SessionWriter(
            session,
            connection,
            place,
            watch,
            rescue=lambda sealed: self._begin_rescue(session, started, sealed, opener),
            finish=lambda summary, beats: self._index.finish(session, "finished", summary, beats),
            release=lambda: self._release(session, lock),
        )

    def _begin_rescue(
        self, session: str, started: float, sealed: SealedKey, opener: str | None
    ) -> RescueFile:
        header = rescue.Header(
            schema=rescue.SCHEMA,
            library=rescue.library_id(self._key),
            session=session,
            started=started,
            sealed=sealed,
            opener=opener,
            events=EVENT_SCHEMA,
        )
        return rescue.begin(header, self._key)

    def _enter(self, session: str, started: float, client: str | None) -> Connection:
        # The row comes after the file, so that what the index lists has one.
        key, place = keys.random_key(), self._place(session)
        try:
            self._make_room(place)
            database.create(self._path(session), key, TABLES, place)
            self._index.add(session, key, started, client)
        except BaseException:
            database.remove(self._path(session))
            raise
        try:
            patience = database.RECORDER_WAITS
            return database.connect(self._path(session), key, TABLES, place, patience=patience)
        except BaseException:
            self._withdraw(session)
            raise

    def _withdraw(self, session: str) -> None:
        with contextlib.suppress(LibraryError):
            self._index.remove(session)
            database.remove(self._path(session))

    def _is_written(self, session: str) -> bool:
        return self.is_recording(session) or rescue.is_held(session)

    def _recover(self, session: str, count_beats: CountBeats) -> Recovery:
        if not self._needs_recovery(session):
            return Recovery()
        self._refuse_newer()
        with self._held(session), rescue.held(session):
            # Another process may have finished it before we held it.
            if not self._needs_recovery(session):
                return Recovery()
            rescued = rescue.read(session, self._key) if rescue.exists(session) else None
            if rescued is not None:
                self._make_room_for(rescued)
            self._migrate(session)
            if rescued is not None:
                self._take_in(rescued)
            events = self._whole(session)
            summary = summarise(events, Summary())
            self._index.finish(session, "recovered", summary, count_beats(events))
            troubles = () if rescued is None else self._dispose(rescued)
        return Recovery(recovered=(session,), troubles=troubles)

    def _needs_recovery(self, session: str) -> bool:
        return rescue.exists(session) or self.session(session).state == "recording"

    def _recover_next(self, done: Recovery, session: str, count_beats: CountBeats) -> Recovery:
        try:
            more = self._recover(session, count_beats)
        except SessionInUse:
            return done
        except LibraryError as error:
            more = Recovery(troubles=((session, error.sentence),))
        return Recovery(done.recovered + more.recovered, done.troubles + more.troubles)

    def _make_room_for(self, rescued: Rescued) -> None:
        """Give a rescued session its row and a whole file, a step at a time.

        A kill between two steps leaves both, and whoever recovers next goes through the same steps.
        """
        session = rescued.header.session
        key = self._entered(session, rescued.header.started)
        if not self._is_whole(session):
            with trouble.sentences(self._place(session)):
                database.set_aside(self._path(session))
            database.create(self._path(session), key, TABLES, self._place(session))

    def _migrate(self, session: str) -> None:
        """Bring the file of a session that is held to the present schema."""
        place = self._place(session)
        with self._opened(session) as connection:
            database.refuse_newer(connection, TABLES, place)
            database.migrate(connection, self._path(session), TABLES, place)

    def _take_in(self, rescued: Rescued) -> None:
        """Give a session's file what its rescue file holds beyond it."""
        header = rescued.header
        with self._opened(header.session) as connection:
            join(connection, rescued.bodies, header.events, self._place(header.session))

    def _entered(self, session: str, started: float) -> Key:
        """Return the key of a session, new where the index is older than the session."""
        try:
            return self._index.key(session)
        except UnknownSession:
            self._index.add(session, keys.random_key(), started)
        return self._index.key(session)

    def _is_whole(self, session: str) -> bool:
        try:
            self._whole(session)
        except Unreadable:
            return False
        return True

    def _dispose(self, rescued: Rescued) -> tuple[tuple[str, str], ...]:
        """Remove a rescue file that was taken in, or keep it where its end cannot be read."""
        session = rescued.header.session
        with trouble.sentences(self._place(session)):
            if not rescued.damaged:
                rescue.remove(session)
                return ()
            aside = rescue.set_aside(session)
        return (
            (
                session,
                tr(
                    "The rescue file of session {session} was changed from outside after {bodies} "
                    "events; those are taken in, and it is kept as {aside}.",
                    session=session,
                    bodies=len(rescued.bodies),
                    aside=aside,
                ),
            ),
        )

    def _whole(self, session: str) -> list[AnyEvent]:
        place = self._place(session)
        with self._opened(session) as connection:
            database.checkpoint(connection)
            if database.damage(connection):
                raise trouble.unreadable(place)
            return read_events(connection, place)

    def _make_room(self, place: Place) -> None:
        folder = self.folder / SESSIONS
        with trouble.sentences(place):
            if not folder.is_dir():
                make_private_folder(folder)

    def _destroy(self, session: str) -> None:
        # The mark comes first and goes last: whatever is between them is finished by `recover`.
        # The file goes before its row, as a full disk has no room to write the index in.
        mark = self._mark(session)
        with trouble.sentences(self._place(session)):
            if not mark.exists():
                create_private_file(mark)
                sync_folder(mark.parent)
            rescue.remove(session)
            database.remove_with_asides(self._path(session))
        self._index.remove(session)
        with trouble.sentences(self._place(session)):
            mark.unlink(missing_ok=True)

    def _sweep(self) -> None:
        # What crashes left half made or half destroyed; whole files are never touched.
        with contextlib.suppress(OSError, LibraryError), keyfile.alone(self.folder, patience=0.0):
            self._settle()
            keyfile.remove_unfinished(self.folder)
            database.remove(draft(self.folder / INDEX))
            self._index.check()
            database.remove(database.copy_of(self.folder / INDEX))
        # After: a session that did not enter bears its mark no more, and its lock goes too.
        for session in self._left_over():
            with contextlib.suppress(OSError, LibraryError):
                self._tidy(session)
        rescue.sweep()

    def _left_over(self) -> set[str]:
        sessions, running = self.folder / SESSIONS, self.folder / RUNNING
        kept = [*sessions.glob("*.db.new*"), *sessions.glob("*.db.before*")]
        found = [*kept, *sessions.glob("*.deleted"), *running.glob("*")]
        names = {path.name.partition(".")[0] for path in found if path.name != keyfile.LOCK}
        return names - intake.pending(self.folder)

    def _tidy(self, session: str) -> None:
        lock = locks.acquire(lock_path(self.folder, session), patience=0.0)
        if lock is None:
            return
        try:
            database.remove(draft(self._path(session)))
            if self._mark(session).exists():
                self._destroy(session)
            elif database.has_copy(self._path(session)) and self._is_whole(session):
                database.remove(database.copy_of(self._path(session)))
        finally:
            self._release(session, lock)
