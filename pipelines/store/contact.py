"""Where a window finds a running session: its recorder's address, and nothing about anybody.

A contact lies beside the session's lock, readable by its owner only, and counts as long as a
living process holds that lock.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from pipelines.language import tr
from pipelines.store import locks
from pipelines.store.files import draft, replace_private_file
from pipelines.store.trouble import Place, sentences

RUNNING = "running"


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to reach the recorder of a session: address (or host and port), key and process."""

    session: str
    address: str | tuple[str, int]
    authkey: bytes
    pid: int


_decoder = msgspec.json.Decoder(Contact)


def write_contact(
    folder: Path, session: str, address: str | tuple[str, int], authkey: bytes
) -> None:
    """Say where the recorder of `session`, this process, listens."""
    contact = Contact(session=session, address=address, authkey=authkey, pid=os.getpid())
    with sentences(Place(tr("The address of session {session}", session=session), folder)):
        replace_private_file(_path(folder, session), msgspec.json.encode(contact))


def read_contact(folder: Path, session: str) -> Contact | None:
    """Return the contact of a session that a living process records, None otherwise."""
    if not locks.is_held(lock_path(folder, session)):
        return None
    try:
        return _decoder.decode(_path(folder, session).read_bytes())
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def running_sessions(folder: Path) -> list[Contact]:
    """Return the contacts of every session of a library that a living process records."""
    names = sorted(path.stem for path in (folder / RUNNING).glob("*.contact"))
    found = (read_contact(folder, name) for name in names)
    return [contact for contact in found if contact is not None]


def remove_contact(folder: Path, session: str) -> None:
    """Remove the contact of a session, and what a crash left of writing it."""
    path = _path(folder, session)
    for name in (path, draft(path)):
        name.unlink(missing_ok=True)


def lock_path(folder: Path, session: str) -> Path:
    """Return where the lock of a session lies."""
    return folder / RUNNING / f"{session}.lock"


def _path(folder: Path, session: str) -> Path:
    return folder / RUNNING / f"{session}.contact"
