"""Whether the files of a session still lie where they were opened.

On Unix an open file goes on taking writes, without a word, after it was removed, moved, or its disk
unmounted: what it takes then may be gone with it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pipelines.language import tr
from pipelines.store import keyfile
from pipelines.store.contact import RUNNING
from pipelines.store.errors import LibraryError
from pipelines.store.files import BINARY, replace_private_file
from pipelines.store.keyfile import SealedKey
from pipelines.store.trouble import NO_SPACE_LEFT, Place, sentences

_SALT_BYTES = 16


class Watch:
    """A look at a library and at the file of a session in it, both open.

    Parameters
    ----------
    place : Place
        The session, as errors name it, and the library's folder.
    index, session : Path
        The databases that were opened.
    """

    def __init__(self, place: Place, index: Path, session: Path) -> None:
        self._place = place
        self._key_file = place.folder / keyfile.FILE
        with contextlib.ExitStack() as opened, sentences(place):
            self._index = opened.enter_context(_Database(index))
            self._session = opened.enter_context(_Database(session))
            self._log = session.with_name(session.name + "-wal")
            self._probe = place.folder / RUNNING / f"{session.stem}.probe"
            self._log_identity = _identity(self._log)
            self._key_version = _version(self._key_file)
            self._sealed = keyfile.read(place.folder)
            self._opened = opened.pop_all()

    @property
    def sealed(self) -> SealedKey:
        """What library.json held when it was last seen in its place."""
        return self._sealed

    def trouble(self) -> str | None:
        """Return the beginning of a sentence on what is no longer there, None while all is."""
        if not (self._index.is_in_place() and self._has_its_key_file()):
            return tr(
                "The library in {folder} was removed, moved or replaced", folder=self._place.folder
            )
        if not (self._session.is_in_place() and self._has_its_log()):
            what = self._place.what.lower()
            return tr(
                "The file of {what} in {folder} was removed, moved or replaced",
                what=what,
                folder=self._place.folder,
            )
        return None

    def takes_files(self) -> bool:
        """Return whether the library's disk still takes a small file: not if it was pulled out."""
        try:
            replace_private_file(self._probe, b"")
            self._probe.unlink()
        except OSError as error:
            return error.errno in NO_SPACE_LEFT
        return True

    def close(self) -> None:
        """Let go of the files, after whoever writes them.

        On POSIX, closing any handle of a file drops every lock that the process has on it.
        """
        self._opened.close()

    def _has_its_log(self) -> bool:
        try:
            return _identity(self._log) == self._log_identity
        except OSError:
            return False

    def _has_its_key_file(self) -> bool:
        """Return whether library.json is there, and read it again where it changed.

        A new passphrase or a new recovery key replaces the file, one of the two at a time.
        """
        try:
            version = _version(self._key_file)
            if version == self._key_version:
                return True
            sealed, before = keyfile.read(self._place.folder), self._sealed
        except (OSError, LibraryError):
            return False
        if sealed.passphrase != before.passphrase and sealed.recovery != before.recovery:
            return False
        self._key_version, self._sealed = version, sealed
        return True


class _Database:
    """A database as it was opened: by its path and by the random salt that it begins with."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDONLY | BINARY)
        self._salt = self._read_salt()

    def __enter__(self) -> _Database:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def is_in_place(self) -> bool:
        try:
            same = os.path.samestat(os.fstat(self._descriptor), self._path.stat())
            # Something copied over it keeps its place and not its content.
            return same and self._read_salt() == self._salt
        except OSError:
            return False

    def _read_salt(self) -> bytes:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return os.read(self._descriptor, _SALT_BYTES)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _version(path: Path) -> tuple[int, int, int]:
    # Nobody holds library.json open, so that one written later may get the number of one before.
    return *_identity(path), path.stat().st_mtime_ns
