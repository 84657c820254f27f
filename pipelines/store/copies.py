"""Sessions that leave a library for a backup, and those that enter it: a restore, others', anew."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipelines.language import tr
from pipelines.session import CLIENT, AnyEvent, nobodys, places_without, wearers
from pipelines.store import backup, database, intake, keyfile, rescue, trouble
from pipelines.store.errors import LibraryError, NewerSchema, UnknownSession
from pipelines.store.files import refuse_a_file
from pipelines.store.folder import LibraryFolder, new_id
from pipelines.store.index import KnownBackup, SessionInfo
from pipelines.store.own import FILE as OWN_FILE
from pipelines.store.own import OwnFile
from pipelines.store.restoring import Restored, restored
from pipelines.store.session import Summary, summarise
from pipelines.store.trouble import Place

CountBeats = Callable[[Sequence[AnyEvent]], int]


class BackedUp(msgspec.Struct, frozen=True):
    """A backup that was made, the sessions in it, and (id, sentence) for each left out.

    `own` says whether a person's own file is in it, `own_trouble` what kept it out, "" for nothing.
    """

    backup: KnownBackup
    sessions: tuple[str, ...]
    troubles: tuple[tuple[str, str], ...]
    own: bool = False
    own_trouble: str = ""


class Withdrawal(msgspec.Struct, frozen=True):
    """The id of a session that was rewritten, and the backups that hold it as it was."""

    session: str
    backups: tuple[KnownBackup, ...]


class Copies(LibraryFolder):
    """The part of a library that writes backups, and takes in sessions all at once or none."""

    def backups_with(self, session: str) -> tuple[KnownBackup, ...]:
        """Return the backups made of this library that hold a session, the oldest first."""
        since = self._index.held().get(session)
        if since is None:
            return ()
        return tuple(one for one in self._index.backups() if one.made >= since)

    def backups(self) -> tuple[KnownBackup, ...]:
        """Return the backups made of this library, the oldest first."""
        return self._index.backups()

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
        self._refuse_inside(path)
        if not replace:
            refuse_a_file(path)
        newest = max((one.made for one in self._index.backups()), default=0.0)
        known = KnownBackup(secrets.token_hex(8), max(now, newest + 1.0))
        held: list[str] = []
        troubles: list[tuple[str, str]] = []
        own, own_trouble = self._own_content()
        with trouble.sentences(Place(tr("The backup"), path.parent)):
            backup.write(
                path,
                self._header(known, backup.PLAIN if own is None else backup.SCHEMA),
                self._key,
                self._index.contents(),
                own,
                self._stored(held, troubles),
                replace=replace,
                announce=lambda: self._index.add_backup(known, held),
            )
        return BackedUp(known, tuple(held), tuple(troubles), own is not None, own_trouble)

    def restore(self, path: Path) -> Restored:
        """Take in what a backup of this library holds and it does not; nothing is changed.

        Who was deleted stays so, by the lists of this library and of the backup. All of it is taken
        in at once, or nothing; only then a person's own file is put back, where there is none.

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

    def _own_content(self) -> tuple[bytes | None, str]:
        """Return a person's own file, None for none, and what keeps it from being read."""
        own = OwnFile(self.folder / OWN_FILE, self._key, keyfile.read(self.folder))
        try:
            return own.content(), ""
        except LibraryError as error:
            return None, error.sentence

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
            events = self.events(session)
            self._refuse_withdrawal(session, events, role)
            kept = places_without(events, role)
            rest = [events[place] for place in kept]
            new = _without(self.session(session), role, rest, count_beats(rest))
            rows, held = self._rows(session), self.backups_with(session)
            self._put_in_place(session, intake.Arrival(new, [rows[place] for place in kept]))
        return Withdrawal(new.id, held)

    def _put_in_place(self, session: str, arrival: intake.Arrival) -> None:
        """Put a session in the place of another, which is forgotten."""
        with self._alone():
            intake.mark(self.folder, session)
            with trouble.sentences(self._place(session)):
                database.remove_asides(self._path(session))
            ((info, key),) = intake.write(self.folder, [arrival])
            self._index.replace(session, info, key)

    def _header(self, known: KnownBackup, schema: int) -> backup.Header:
        keyless = keyfile.has_key_file(self.folder)
        return backup.Header(
            kind="interbeat backup",
            schema=schema,
            library=rescue.library_id(self._key),
            backup=known.id,
            made=known.made,
            sealed=keyfile.read(self.folder),
            opener=keyfile.read_opener(self.folder) if keyless else None,
        )

    def _refuse_inside(self, path: Path) -> None:
        if path.parent.resolve().is_relative_to(self.folder.resolve()):
            raise LibraryError(
                tr(
                    "{path} lies in the library, and would be lost with it; name another.",
                    path=path,
                )
            )

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


def _without(info: SessionInfo, role: str, rest: Sequence[AnyEvent], beats: int) -> SessionInfo:
    """Return what the index says of the rest of a session: without the client it is nobody's."""
    summary = summarise(rest, Summary())
    return msgspec.structs.replace(
        info,
        id=new_id(),
        duration_s=summary.duration_s,
        packets=summary.packets,
        beats=beats,
        sources=summary.sources,
        client=None if role == CLIENT else info.client,
    )
