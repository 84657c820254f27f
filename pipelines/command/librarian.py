"""What is done in the library for a window: found, moved, merged, noted, deleted, carried away.

Each through what the commands call, too. A deletion waits until nobody can take it back any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipelines.command.holdings import holdings_of
from pipelines.command.keeper import Keeper
from pipelines.command.small import Small
from pipelines.formats import exported
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.recording import (
    BackUp,
    Browse,
    Delete,
    Done,
    Errand,
    Merge,
    Move,
    Outcome,
    Restore,
    Seal,
    ShowOutlines,
    TakeBack,
    Undoable,
    WriteNote,
)
from pipelines.session import MarkView, Note, said_at
from pipelines.store import KnownBackup, Library, LibraryError, hand_over

LOOK = 0.2
"""Seconds between looks at whether the window is still there."""
WORDS = 16
"""Sessions whose words are read at a time."""


class Librarian:
    """Does in a library what a window asks for, until it asks for anything else.

    Parameters
    ----------
    keeper : Keeper
        Where it is asked, and told.
    library : Library
        The library.
    small : Small
        What is known of its sessions in small.
    changed : callable
        Called after a change of whose the sessions are.
    """

    def __init__(
        self, keeper: Keeper, library: Library, small: Small, changed: Callable[[], object]
    ) -> None:
        self._keeper, self._library, self._small = keeper, library, small
        self._changed = changed
        self._wanted: tuple[str, ...] = ()
        self._thrown: str | None = None
        self._outcomes: tuple[Outcome, ...] = ()
        self._said = dict(keeper.holdings.said)

    def run(self) -> None:
        """Do what is asked for, one errand after another; what is none of it is left over."""
        keeper = self._keeper
        self._show()
        self._recall()
        while keeper.is_open and not keeper.over.is_set():
            errand = keeper.next(within=0.0 if self._can_read() else LOOK)
            if errand is not None and not self._does(errand):
                keeper.put_back(errand)
                break
            if errand is None:
                self._read()
            if self._thrown is not None and keeper.undoes is None:
                self._destroy()
        self._destroy()

    def forget(self, session: str) -> None:
        """Read a session again: something in it may be different now."""
        self._small.forget(session)

    def _does(self, errand: Errand) -> bool:
        """Do an errand; return whether it was one of the library."""
        if not isinstance(errand, Browse | ShowOutlines):
            self._outcomes = ()
        if self._thrown is not None and not isinstance(errand, ShowOutlines | TakeBack):
            self._destroy()
        try:
            match errand:
                case Browse():
                    self._recall()
                case ShowOutlines(sessions):
                    self._wanted = sessions
                case TakeBack():
                    self._take_back()
                case Move() | Merge() | Delete() | WriteNote() | BackUp() | Restore() | Seal():
                    self._tell(self._done(errand))
                    self._show()
                case _:
                    return False
        except LibraryError as error:
            self._keeper.show(refusal=error.sentence)
        self._keeper.show(busy=False)
        return True

    def _done(
        self, errand: Move | Merge | Delete | WriteNote | BackUp | Restore | Seal
    ) -> Outcome | None:
        match errand:
            case Move(session, client):
                return self._move(session, harmless(client or "").strip() or None)
            case Merge(client, into):
                return self._merge(client, into)
            case Delete(session):
                self._thrown = self._library.session(session).id
                self._keeper.let_undo(Undoable.THROWN)
                return None
            case WriteNote(session, author, text):
                return self._note(session, author, text)
            case BackUp(path):
                return self._back_up(Path(path))
            case Restore(path):
                told = self._library.restore(Path(path))
                return Outcome(
                    Done.RESTORED,
                    count=len(told.sessions),
                    there=told.there,
                    gone=told.forgotten,
                    own=told.own,
                )
            case Seal():
                return self._seal(errand)

    def _move(self, session: str, client: str | None) -> Outcome:
        self._library.name_client(session, client)
        self._small.forget(session)
        self._changed()
        return Outcome(Done.MOVED, client=client, count=1)

    def _merge(self, client: str, into: str) -> Outcome:
        moved = [info.id for info in self._library.sessions() if info.client == client]
        self._library.merge_clients(client, into)
        for session in moved:
            self._small.forget(session)
        self._changed()
        return Outcome(Done.MERGED, client=into, count=len(moved))

    def _note(self, session: str, author: str, text: str) -> Outcome:
        now, log = time.time(), self._library.events(session)
        at = said_at(log, now - self._library.session(session).started)
        self._library.add(session, [Note(at, author, text, now)])
        self._said[session] = self._words(session)
        self._small.forget(session)
        self._read_outline(session)
        return Outcome(Done.NOTED)

    def _back_up(self, path: Path) -> Outcome:
        _refuse_no_place(path)
        made = self._library.back_up(path, now=time.time(), replace=True)
        return Outcome(
            Done.BACKED_UP,
            path=str(path),
            count=len(made.sessions),
            left_out=len(made.troubles),
            backups=(made.backup,),
            own_trouble=made.own_trouble,
        )

    def _seal(self, errand: Seal) -> Outcome:
        path = Path(errand.path)
        _refuse_no_place(path)
        told = hand_over(
            self._library, errand.client, path, errand.passphrase, extras=exported, replace=True
        )
        return Outcome(
            Done.SEALED,
            client=errand.client,
            path=str(path),
            count=len(told.sessions),
            left_out=len(told.left_out),
        )

    def _take_back(self) -> None:
        """Let a deletion not happen."""
        if self._thrown is not None and self._keeper.undoes is Undoable.THROWN:
            self._thrown = None
            self._keeper.forget_undo()
            self._show()

    def _destroy(self) -> None:
        """Delete what can be taken back no more."""
        session, self._thrown = self._thrown, None
        if session is None:
            return
        self._keeper.forget_undo()
        held: tuple[KnownBackup, ...] = ()
        try:
            held = self._library.delete(session)
        except LibraryError as error:
            self._keeper.show(refusal=error.sentence)
        else:
            self._tell(Outcome(Done.DELETED, count=1, backups=held))
        self._small.forget(session)
        self._changed()
        self._show()

    def _show(self) -> None:
        """Show what the library holds, without what is being thrown away."""
        try:
            held = holdings_of(self._library, dict(self._said))
        except LibraryError as error:
            self._keeper.show(refusal=error.sentence)
            return
        rest = tuple(one for one in held.infos if one.id != self._thrown)
        self._keeper.show_holdings(replace(held, infos=rest))

    def _tell(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._outcomes = (*self._outcomes, outcome)
            self._keeper.show(outcomes=self._outcomes)

    def _recall(self) -> None:
        """Know again what the index knows of the words in each session."""
        try:
            self._said = self._library.said_before()
        except LibraryError as error:
            self._keeper.show(refusal=error.sentence)
        self._show()

    def _can_read(self) -> bool:
        """Return whether there is anything to be read while nothing else is asked for."""
        return self._next_outline() is not None or bool(self._keeper.holdings.unread)

    def _next_outline(self) -> str | None:
        return next((one for one in self._wanted if not self._small.knows(one)), None)

    def _read(self) -> None:
        """Read one session: one that is looked at, or else one whose words nobody knows yet."""
        wanted = self._next_outline()
        if wanted is not None:
            self._read_outline(wanted)
            return
        unread = self._keeper.holdings.unread
        if unread:
            self._said |= {one: self._words(one) for one in unread[:WORDS]}
            self._show()

    def _words(self, session: str) -> tuple[MarkView, ...]:
        try:
            return self._library.said_anew(session)
        except LibraryError:
            return ()

    def _read_outline(self, session: str) -> None:
        outline = self._small.read(session)
        if outline is not None:
            self._keeper.show_outline(outline)
        self._wanted = tuple(one for one in self._wanted if one != session)


def _refuse_no_place(path: Path) -> None:
    if not path.is_absolute():
        raise LibraryError(tr("{path} says no place for a file; choose one.", path=path))
