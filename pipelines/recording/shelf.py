"""The library as a window sees it: its recordings, what was found, and what a person does there."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from pipelines.analysis import Outline
from pipelines.store import KnownBackup, OwnRestored


class Kept(msgspec.Struct, frozen=True):
    """A recording of the library; `strap` says whether anybody wore one."""

    session: str
    started: float
    duration_s: float
    client: str | None
    strap: bool = True


class Shelf(msgspec.Struct, frozen=True):
    """Some of the library's recordings, the newest first, from place `first` of `total` on.

    `backup` is when the library was backed up last, in seconds since 1970 UTC.
    """

    total: int
    first: int
    rows: tuple[Kept, ...]
    backup: float | None = None


class FoundLine(msgspec.Struct, frozen=True):
    """The first of `count` lines that were found in a session, and its place there in s."""

    session: str
    count: int
    time: float
    text: str


class FoundWords(msgspec.Struct, frozen=True):
    """Where words were found: clients by their names, None for nobody's sessions, and sessions."""

    words: str
    named: tuple[str | None, ...] = ()
    lines: tuple[FoundLine, ...] = ()


class OutlinesTold(msgspec.Struct, frozen=True):
    """Sessions in small, those read from number `first` on; a later one of a session counts."""

    first: int
    outlines: tuple[Outline, ...]


class Done(StrEnum):
    """What was done in the library."""

    MOVED = "moved"
    MERGED = "merged"
    DELETED = "deleted"
    NOTED = "noted"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    SEALED = "sealed"


class Outcome(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes
    ----------
    done : Done
        What was done.
    client : str or None
        Whose it is now.
    path : str
        Where something was written.
    count : int
        How many sessions that is of.
    there, gone : int
        How many were there already, and how many stay deleted.
    left_out : int
        How many are not in what was written.
    own : OwnRestored
        What became of a person's own file.
    own_trouble : str
        What kept it out of a backup, "" for nothing.
    backups : tuple of KnownBackup
        Those that still hold what was deleted.
    """

    done: Done
    client: str | None = None
    path: str = ""
    count: int = 0
    there: int = 0
    gone: int = 0
    left_out: int = 0
    own: OwnRestored = OwnRestored.NONE
    own_trouble: str = ""
    backups: tuple[KnownBackup, ...] = ()

    def __repr__(self) -> str:
        return f"Outcome({self.done.value}, ...)"


class Browse(msgspec.Struct, frozen=True, tag=True):
    """Show the recordings of the library, and do there what is asked."""


class ShowOutlines(msgspec.Struct, frozen=True, tag=True):
    """Read these sessions, one after another, and tell what they hold in small."""

    sessions: tuple[str, ...]


class Move(msgspec.Struct, frozen=True, tag=True):
    """Say whose a session is, None for nobody's."""

    session: str
    client: str | None

    def __repr__(self) -> str:
        return "Move(...)"


class Merge(msgspec.Struct, frozen=True, tag=True):
    """Make the sessions of one client another's, as they are one person."""

    client: str
    into: str

    def __repr__(self) -> str:
        return "Merge(...)"


class Delete(msgspec.Struct, frozen=True, tag=True):
    """Delete a session for good, in a few seconds."""

    session: str


class WriteNote(msgspec.Struct, frozen=True, tag=True):
    """Write something about a session, in somebody's name."""

    session: str
    author: str
    text: str

    def __repr__(self) -> str:
        return "WriteNote(...)"


class BackUp(msgspec.Struct, frozen=True, tag=True):
    """Write all of the library into one sealed file, over what lies there."""

    path: str


class Restore(msgspec.Struct, frozen=True, tag=True):
    """Take in what a backup of this library holds and it does not."""

    path: str


class Seal(msgspec.Struct, frozen=True, tag=True):
    """Write what a client may take along into one file, sealed for a passphrase of theirs."""

    client: str
    path: str
    passphrase: str

    def __repr__(self) -> str:
        return "Seal(...)"


class Lock(msgspec.Struct, frozen=True, tag=True):
    """Close the library: the passphrase is asked for again."""


OfShelf: TypeAlias = (
    Browse | ShowOutlines | Move | Merge | Delete | WriteNote | BackUp | Restore | Seal
)


class AskShelf(msgspec.Struct, frozen=True, tag=True):
    """Asks for the library's recordings from place `first` on."""

    first: int


class AskFound(msgspec.Struct, frozen=True, tag=True):
    """Asks where words are in the library."""

    words: str

    def __repr__(self) -> str:
        return "AskFound(...)"


class AskOutlines(msgspec.Struct, frozen=True, tag=True):
    """Asks for the sessions in small that were read from number `first` on."""

    first: int
