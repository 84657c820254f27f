"""Files and folders that only their owner may read, whatever the umask."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

BINARY = getattr(os, "O_BINARY", 0)
_TAKES_NO_MODE = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def make_private_folder(path: Path, *, parents: bool = False) -> None:
    """Make `path`, with its missing parents where `parents` says so, and give it mode 0700."""
    path.mkdir(mode=0o700, parents=parents, exist_ok=True)
    set_mode(path, 0o700)
    sync_folder(path.parent)


def set_mode(path: Path, mode: int) -> None:
    """Give `path` a mode, where its file system takes modes: those of cameras and sticks do not."""
    try:
        path.chmod(mode)
    except OSError as error:
        if error.errno not in _TAKES_NO_MODE:
            raise


def is_private(path: Path) -> bool:
    """Return whether nobody but its owner may open `path`, as far as modes tell."""
    return os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & 0o077


def may_write(path: Path) -> bool:
    """Return whether this user may write `path` and make further files beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def create_private_file(path: Path) -> None:
    """Create an empty file with mode 0600.

    Raises
    ------
    FileExistsError
        If there is one already.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
    os.close(descriptor)
    set_mode(path, 0o600)


def replace_private_file(
    path: Path, content: bytes, *, announce: Callable[[], object] = lambda: None
) -> None:
    """Make `path` hold `content`, mode 0600, all at once: a crash leaves the old or the new.

    `announce` is called when the new lies on the disk and only has to take its name.
    """
    try:
        _write_through(draft(path), content)
        announce()
        draft(path).replace(path)
    except BaseException:
        draft(path).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_open_file(path: Path, content: bytes, *, replace: bool) -> None:
    """Make a file of a person's own hold `content`, mode 0600, whole or not at all.

    The file that it is written as first bears a name that nobody has.

    Raises
    ------
    FileExistsError
        If there is one already and `replace` does not say so.
    OSError
        If the folder takes no file.
    """
    write_in_pieces(path, [content], replace=replace)


def write_in_pieces(
    path: Path,
    pieces: Iterable[bytes],
    *,
    replace: bool,
    announce: Callable[[Path], object] = lambda _: None,
) -> None:
    """Make a file of a person's own hold these pieces, as `write_open_file` does.

    `announce` is called with where it lies when it is on the disk and only has to take its name.
    """
    if not replace:
        refuse_a_file(path)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        announce(written)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def refuse_a_file(path: Path) -> None:
    """Raise `FileExistsError` where there is one already."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def draft(path: Path) -> Path:
    """Return where a file is written before it takes its name."""
    return path.with_name(path.name + ".new")


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power loss, where the platform can."""
    if sys.platform != "win32":
        # Some folders cannot be opened and some file systems cannot sync one; those order names
        # themselves.
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _write_through(path: Path, content: bytes) -> None:
    # A draft left by a crash may have another mode: start anew.
    path.unlink(missing_ok=True)
    create_private_file(path)
    with path.open("r+b") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
