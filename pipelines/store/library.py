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
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pipelines.language import tr
from pipelines.session import (
    EVENT_SCHEMA,
    KINDS_SAID,
    AnyEvent,
    MarkView,
    marks_of,
    nobodys,
    places_without,
    said_in,
    wearers,
)
from pipelines.store import backup, database, intake, keyfile, keys, locks, rescue, trouble
from pipelines.store.contact import RUNNING, lock_path, remove_contact
from pipelines.store.errors import (
    LibraryError,
    NewerSchema,
    SessionInUse,
    UnknownClient,
    UnknownSession,
    Unreadable,
)
from pipelines.store.files import (
    create_private_file,
    draft,
    is_private,
    make_private_folder,
    refuse_a_file,
    sync_folder,
)
from pipelines.store.index import Index, KnownBackup, SessionInfo
from pipelines.store.intake import SESSIONS
from pipelines.store.keyfile import SealedKey
from pipelines.store.keys import Cost, Key
from pipelines.store.rescue import Rescued, RescueFile, Waiting
from pipelines.store.restoring import Restored, restored
from pipelines.store.session import (
    TABLES,
    Row,
    SessionWriter,
    Summary,
    add,
    join,
    read_events,
    read_rows,
    summarise,
)
from pipelines.store.sqlite import Connection
from pipelines.store.trouble import Place
from pipelines.store.watch import Watch

INDEX = "index.db"
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LETTERS = 8
LABELS = 9

CountBeats = Callable[[Sequence[AnyEvent]], int]


class Recovery(msgspec.Struct, frozen=True):
    """What `Library.recover` did: ids made whole, and (id, sentence) for each it could not."""

    recovered: tuple[str, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()


class BackedUp(msgspec.Struct, frozen=True):
    """A backup that was made, the sessions in it, and (id, sentence) for each left out."""

    backup: KnownBackup
    sessions: tuple[str, ...]
    troubles: tuple[tuple[str, str], ...]


class Withdrawal(msgspec.Struct, frozen=True):
    """The id of a session that was rewritten, and the backups that hold it as it was."""

    session: str
    backups: tuple[KnownBackup, ...]


class Library:
    """An open library; made by `create_library` and `open_library`.

    It holds no file open and no lock, so it needs no closing, may be used from any thread, and
    several processes may have the same one open.
    """

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

    def change_passphrase(self, passphrase: str, *, cost: Cost | None = None) -> None:
        """Open with another passphrase from now on; the recovery key stays as it is.

        A copy of library.json made before still opens with the old passphrase.

        Raises
        ------
        LibraryError
            If it is empty, or the library opens with a key file instead.
        """
        self._refuse_newer()
        self._refuse_key_file()
        with keyfile.alone(self.folder):
            sealed = keys.seal(self._key, keyfile.spoken(passphrase), cost or Cost())
            before = keyfile.read(self.folder)
            keyfile.write(self.folder, msgspec.structs.replace(before, passphrase=sealed))

    def change_recovery_key(self, show: Callable[[str], object]) -> None:
        """Have a new recovery key, and open with the old one no more; the passphrase stays.

        `show` shows it to a person and is called before it counts: whenever this is cut short, the
        passphrase opens, and either the old recovery key or the one that was shown.

        Raises
        ------
        LibraryError
            If the library opens with a key file instead.
        """
        self._refuse_newer()
        self._refuse_key_file()
        recovery = keys.new_recovery_key()
        with keyfile.alone(self.folder):
            sealed = keys.seal(self._key, recovery, None)
            after = msgspec.structs.replace(keyfile.read(self.folder), recovery=sealed)
            keyfile.write(self.folder, after, announce=lambda: show(recovery))

    def ticks(self) -> dict[str, int]:
        """Return what straps count their intervals in a second, by address, as told before.

        Those that are not there count as specified.
        """
        return self._index.ticks()

    def remember_ticks(self, ticks: Mapping[str, int]) -> None:
        """Remember what straps count in a second, by address; 1024, as specified, forgets it."""
        self._refuse_newer()
        self._index.remember_ticks(ticks)

    @property
    def names_clients(self) -> bool:
        """Whether it keeps whose a session was: not where no secret keeps others from reading."""
        return not keyfile.has_key_file(self.folder)

    def clients(self) -> list[str]:
        """Return the names that clients were given, in the order of their letters.

        They are those of sessions, and of clients who have labels of their own.
        """
        named = {info.client for info in self.sessions() if info.client is not None}
        named |= self.client_labels().keys()
        return sorted(named, key=lambda name: (name.casefold(), name))

    def name_client(self, session: str, client: str | None) -> None:
        """Say whose a session was, by a made-up name, or with None that nobody says so.

        The name lies in the encrypted index alone.

        Raises
        ------
        LibraryError
            If the library opens with a key file, so that anybody could read the name.
        """
        self._refuse_newer()
        self.session(session)
        self._refuse_names()
        self._index.name_client(session, client)

    def merge_clients(self, client: str, into: str) -> None:
        """Make all sessions of one client another's, by the names given.

        What the keys mark for the other stays; what they marked for the one is taken over where the
        other had no words of their own. All of it is done at once, or nothing.

        Raises
        ------
        UnknownClient
            If there is none of either name.
        """
        self._refuse_newer()
        if not {client, into} <= set(self.clients()):
            raise UnknownClient(
                tr(
                    "The library in {folder} has no client of that name; `interbeat sessions "
                    "clients` shows those there are.",
                    folder=self.folder,
                )
            )
        self._index.merge_clients(client, into)

    def labels(self) -> tuple[str, ...] | None:
        """Return the words that the keys 1 to 9 mark, "" for none; None where nobody chose."""
        return self._index.labels()

    def keep_labels(self, labels: Sequence[str]) -> None:
        """Keep the words that the keys 1 to 9 mark, "" for none, in the encrypted index.

        Raises
        ------
        ValueError
            If they are not nine.
        """
        _refuse_other_than_nine(labels)
        self._refuse_newer()
        self._index.keep_labels(labels)

    def client_labels(self) -> dict[str, tuple[str, ...]]:
        """Return, of each client who has words of their own, what the keys 1 to 9 mark for them.

        For all others they mark what `labels` says.
        """
        return self._index.client_labels()

    def keep_client_labels(self, client: str, labels: Sequence[str]) -> None:
        """Keep what the keys 1 to 9 mark for a client, by the name given; nine of "" for no own.

        They lie in the encrypted index alone, and go with the client's last session.

        Raises
        ------
        ValueError
            If they are not nine.
        LibraryError
            If the library opens with a key file, so that anybody could read the name.
        """
        _refuse_other_than_nine(labels)
        self._refuse_newer()
        self._refuse_names()
        self._index.keep_client_labels(client, labels)

    def pedal(self) -> int | None:
        """Return the code of the key that a foot pedal presses, None where none was learnt."""
        return self._index.pedal()

    def keep_pedal(self, key: int | None) -> None:
        """Keep the code of the key that a foot pedal presses, None for no pedal."""
        self._refuse_newer()
        self._index.keep_pedal(key)

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

    def sessions(self) -> list[SessionInfo]:
        """Return what the index says of every session, the oldest first."""
        deleted = self._deleted()
        return [info for info in self._index.sessions() if info.id not in deleted]

    def orphans(self) -> list[str]:
        """Return the sessions whose file is there and whose key is not: nobody can read them.

        A crash while a session began leaves one, or an index put back from an older copy.
        """
        # In this order: a session that is being made has its lock, then its file, then its row.
        found = [name for name in self._files() if not self.is_recording(name)]
        entering = intake.pending(self.folder)
        known = entering | {info.id for info in self._index.sessions()}
        return [name for name in found if name not in known and self._path(name).exists()]

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

    def events(self, session: str) -> list[AnyEvent]:
        """Return the log of a session in order, also while it is being recorded.

        Raises
        ------
        Unreadable
            If its file was changed or cut from outside, or is missing.
        """
        with self._opened(session) as connection:
            return read_events(connection, self._place(session))

    def marks(self, session: str) -> tuple[MarkView, ...]:
        """Return the moments that were marked in a session; nothing else of it is read."""
        with self._opened(session) as connection:
            return marks_of(read_events(connection, self._place(session), kinds=["Mark"]))

    def said(self) -> dict[str, tuple[MarkView, ...]]:
        """Return what people said in each session in words, by its id (see `said_in`).

        The index keeps it from the first time it was asked for, until a session is added to; of one
        that cannot be read there is nothing.
        """
        known = self._index.said()
        missing = [info for info in self.sessions() if info.id not in known]
        keep = self.newer is None
        return known | {info.id: self._said(info, keep=keep) for info in missing}

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

    def backups_with(self, session: str) -> tuple[KnownBackup, ...]:
        """Return the backups made of this library that hold a session, the oldest first."""
        since = self._index.held().get(session)
        if since is None:
            return ()
        return tuple(one for one in self._index.backups() if one.made >= since)

    def back_up(self, path: Path, *, now: float, replace: bool = False) -> BackedUp:
        """Write all of it into one file, sealed under its key; see `pipelines.store.backup`.

        It is read back before it counts, and remembered from then on, by its id and `now` (seconds
        since 1970 UTC), as holding these sessions.

        Raises
        ------
        FileExistsError
            If there is a file already and `replace` does not say so.
        LibraryError
            If it would lie in the library, or the disk takes no more.
        """
        self._refuse_newer()
        if path.parent.resolve().is_relative_to(self.folder.resolve()):
            raise LibraryError(
                tr(
                    "{path} lies in the library, and would be lost with it; name another.",
                    path=path,
                )
            )
        if not replace:
            refuse_a_file(path)
        newest = max((one.made for one in self._index.backups()), default=0.0)
        known = KnownBackup(secrets.token_hex(8), max(now, newest + 1.0))
        held: list[str] = []
        troubles: list[tuple[str, str]] = []
        keyless = keyfile.has_key_file(self.folder)
        header = backup.Header(
            kind="interbeat backup",
            schema=backup.SCHEMA,
            library=rescue.library_id(self._key),
            backup=known.id,
            made=known.made,
            sealed=keyfile.read(self.folder),
            opener=keyfile.read_opener(self.folder) if keyless else None,
        )
        with trouble.sentences(Place(tr("The backup"), path.parent)):
            backup.write(
                path,
                header,
                self._key,
                self._index.contents(),
                self._stored(held, troubles),
                replace=replace,
                announce=lambda: self._index.add_backup(known, held),
            )
        return BackedUp(known, tuple(held), tuple(troubles))

    def restore(self, path: Path) -> Restored:
        """Take in what a backup of this library holds and it does not; nothing is changed.

        Who was deleted stays so, by the lists of this library and of the backup. All of it is taken
        in at once, or nothing.

        Raises
        ------
        LibraryError
            In one sentence, if it is no backup of this library, or was changed or cut.
        """
        self._refuse_newer()
        header = backup.read_header(path)
        if header.library != rescue.library_id(self._key):
            raise LibraryError(
                tr(
                    "{path} is a backup of another library than the one in {folder}; name a new "
                    "folder with --to.",
                    path=path,
                    folder=self.folder,
                )
            )
        backup.check(path, self._key)
        self._index.migrate()
        with self._alone():
            return restored(self.folder, self._index, path, self._key, gone=self._deleted())

    def take_in(self, arrivals: Sequence[intake.Arrival]) -> tuple[tuple[str, ...], int, int]:
        """Take in sessions that are not there and were not deleted: all of them, or none.

        Returns their ids, how many were there, and how many had been deleted here.
        """
        self._refuse_newer()
        if any(one.info.client is not None for one in arrivals):
            self._refuse_names()
        self._index.migrate()
        with self._alone():
            there, lost = {info.id for info in self._index.sessions()}, self._index.forgotten()
            by_id = {one.info.id: one for one in arrivals}
            gone = {one for one in by_id if self._index.forgotten_id(one) in lost}
            new = by_id.keys() - there - gone
            self._index.take_in(intake.write(self.folder, [by_id[one] for one in sorted(new)]))
        return tuple(sorted(new)), len(by_id.keys() & there), len(gone)

    def withdraw(self, session: str, role: str, *, count_beats: CountBeats) -> Withdrawal:
        """Rewrite a session without the wearers in one role, under another id and key.

        The session as it was is forgotten as a deleted one is. Whatever cuts this short, there is
        the one or the other; `recover` destroys what is left of the one.

        Raises
        ------
        SessionInUse
            If a living process records it, or its end waits in a rescue file.
        LibraryError
            If nobody has that role, or nobody else is in the session.
        """
        self._refuse_newer()
        self._index.migrate()
        with self._held(session):
            if rescue.exists(session):
                raise self._waits(session)
            info, rows = self.session(session), self._rows(session)
            events = self.events(session)
            self._refuse_withdrawal(session, events, role)
            kept = places_without(events, role)
            rest = [events[place] for place in kept]
            summary, name = summarise(rest, Summary()), new_id()
            new = msgspec.structs.replace(
                info,
                id=name,
                duration_s=summary.duration_s,
                packets=summary.packets,
                beats=count_beats(rest),
                sources=summary.sources,
            )
            held = self.backups_with(session)
            with self._alone():
                intake.mark(self.folder, session)
                with trouble.sentences(self._place(session)):
                    database.remove_asides(self._path(session))
                arrival = intake.Arrival(new, [rows[place] for place in kept])
                ((_, key),) = intake.write(self.folder, [arrival])
                self._index.replace(session, new, key)
        return Withdrawal(name, held)

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

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Take in sessions while no other process does; what was not taken in goes again."""
        with keyfile.alone(self.folder):
            self._settle()
            try:
                yield
            finally:
                self._settle()

    def _settle(self) -> None:
        intake.settle(self.folder, {info.id for info in self._index.sessions()})

    def _stored(self, held: list[str], troubles: list[tuple[str, str]]) -> Iterator[intake.Arrival]:
        """Yield each session as it is stored; tell of those `held`, and of `troubles` with one."""
        for info in self.sessions():
            try:
                rows = self._rows(info.id)
            except UnknownSession:
                continue  # deleted meanwhile
            except LibraryError as error:
                troubles.append((info.id, error.sentence))
                continue
            held.append(info.id)
            yield intake.Arrival(info, rows)

    def _rows(self, session: str) -> list[Row]:
        with self._opened(session) as connection:
            return read_rows(connection)

    def _refuse_withdrawal(self, session: str, events: Sequence[AnyEvent], role: str) -> None:
        there = wearers(events)
        if role not in there:
            raise LibraryError(
                tr(
                    "Nobody in session {session} in {folder} has that role; it has: {there}.",
                    session=session,
                    folder=self.folder,
                    there=", ".join(there),
                )
            )
        if len(there) == 1:
            raise LibraryError(
                tr(
                    "Nobody else is in session {session} in {folder}; delete it instead.",
                    session=session,
                    folder=self.folder,
                )
            )
        if nobodys(events):
            raise NewerSchema(
                tr(
                    "Session {session} in {folder} holds events of a newer Interbeat, and whose "
                    "they are is not known here; install the newer Interbeat to withdraw them.",
                    session=session,
                    folder=self.folder,
                )
            )

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

    def _refuse_key_file(self) -> None:
        if keyfile.has_key_file(self.folder):
            raise LibraryError(
                tr(
                    "The library in {folder} opens with its key file and has neither passphrase "
                    "nor recovery key to change; create another library to have them.",
                    folder=self.folder,
                )
            )

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


def _refuse_other_than_nine(labels: Sequence[str]) -> None:
    if len(labels) != LABELS:
        raise ValueError("there are nine labels")


def new_id() -> str:
    """Return the id of a new session, at random."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LETTERS))
