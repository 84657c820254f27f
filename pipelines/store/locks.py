"""A lock that its holder's death releases, even by kill -9: who holds it is a living process."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

from pipelines.store.files import make_private_folder, set_mode

_PAUSE = 0.02

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, shared: bool) -> bool:
        del shared  # Windows has only exclusive ones here; a probe lets go at once
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(descriptor: int, *, shared: bool) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Lock:
    """An exclusive lock on a file of its own; made by `acquire`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let go and remove the file; a second call does nothing."""
        if self._descriptor is None:
            return
        # Removed while held, so that nobody locks a file that is about to vanish. Windows does
        # not remove an open file: there it stays, unlocked, and counts for nothing.
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None


def acquire(path: Path, *, patience: float = 0.2) -> Lock | None:
    """Return the lock at `path`, or None where a living process holds it.

    `patience` (s) outlasts someone who only looks whether it is held. The folder of `path` is made
    where it is missing, as backups leave out empty ones.
    """
    if not path.parent.is_dir():
        make_private_folder(path.parent)
    for attempt in range(round(patience / _PAUSE) + 1):
        if attempt:
            time.sleep(_PAUSE)
        if (lock := _attempt(path)) is not None:
            return lock
    return None


def is_held(path: Path) -> bool:
    """Return whether a living process holds the lock at `path`."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        # A lock that we may not open belongs to a library that we may not read either.
        return False
    try:
        return not _take(descriptor, shared=True)
    finally:
        os.close(descriptor)


def _attempt(path: Path) -> Lock | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _take(descriptor, shared=False) and _is_still(path, descriptor):
        set_mode(path, 0o600)
        return Lock(path, descriptor)
    os.close(descriptor)
    return None


def _is_still(path: Path, descriptor: int) -> bool:
    # The last holder may have removed the file between our opening and locking it.
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
