"""Files and folders that only their owner may read, whatever the umask."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

BINARY = getattr(os, "OBINARY", 0)


def make_private_folder(path: Path) -> None:
    """Make `path` and its missing parents, and give `path` mode 0700."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def create_private_file(path: Path) -> None:
    """Create an empty file with mode 0600.

    Raises
    ------
    FileExistsError
        If there is one already.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
    os.close(descriptor)
    path.chmod(0o600)


def replace_private_file(path: Path, content: bytes) -> None:
    """Make `path` hold `content`, mode 0600, all at once: a crash leaves the old or the new."""
    try:
        _write_through(draft(path), content)
        draft(path).replace(path)
    except OSError:
        draft(path).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def draft(path: Path) -> Path:
    """Return where a file is written before it takes its name."""
    return path.with_name(path.name + ".new")


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power loss, where the platform can."""
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY)
        # Some file systems cannot sync a folder; they then order names themselves.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
        os.close(descriptor)


def _write_through(path: Path, content: bytes) -> None:
    # A draft left by a crash may have another mode: start anew.
    path.unlink(missing_ok=True)
    create_private_file(path)
    with path.open("r+b") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
