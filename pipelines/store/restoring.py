"""What a backup holds, taken into a library that has it no more, or never had."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

import msgspec

from pipelines.store import backup, intake
from pipelines.store.index import Index, KnownBackup
from pipelines.store.keys import Key
from pipelines.store.own import FILE as OWN_FILE
from pipelines.store.own import OwnFile


class OwnRestored(StrEnum):
    """What became of a person's own file in a backup."""

    NONE = "none"
    BACK = "restored"
    STAYS = "kept"


class Restored(msgspec.Struct, frozen=True):
    """What became of a backup.

    Attributes
    ----------
    backup : KnownBackup
        Which it was.
    sessions : tuple of str
        Those that were taken in.
    there : int
        How many were in the library before, and stay as they are.
    forgotten : int
        How many were left out, as they were deleted, or somebody in them withdrew.
    own : OwnRestored
        What became of a person's own file.
    """

    backup: KnownBackup
    sessions: tuple[str, ...]
    there: int
    forgotten: int
    own: OwnRestored = OwnRestored.NONE


def restored(
    folder: Path, index: Index, path: Path, key: Key, *, gone: Collection[str] = ()
) -> Restored:
    """Take a backup into the library in a folder, which nobody else changes meanwhile.

    `gone` are sessions that are being deleted. Whoever calls settles the files (see `intake`).
    """
    header, contents = backup.read_header(path), backup.contents_of(path, key)
    made = KnownBackup(header.backup, header.made)
    lost = index.forgotten() | contents.forgotten
    there = {info.id for info in index.sessions()}
    count, forgotten, held = 0, 0, {}
    taken = []
    for arrival in backup.sessions_in(path, key):
        session = arrival.info.id
        held[session] = contents.held.get(session, header.made)
        if session in gone or index.forgotten_id(session) in lost:
            forgotten += 1
        elif session in there:
            count += 1
        else:
            taken += intake.write(folder, [arrival])
    known = (*contents.backups, made)
    index.take_in(taken, msgspec.structs.replace(contents, backups=known, held=held))
    own = _own_restored(OwnFile(folder / OWN_FILE, key, header.sealed), path, key)
    return Restored(made, tuple(info.id for info, _ in taken), count, forgotten, own)


def _own_restored(own: OwnFile, path: Path, key: Key) -> OwnRestored:
    content = backup.own_file_in(path, key)
    if content is None:
        return OwnRestored.NONE
    return OwnRestored.BACK if own.put_back(content) else OwnRestored.STAYS
