"""Reading what other people wrote: regular files only, and never more than was allowed.

A pipe or a device can hang whoever opens it or never end, and a file can grow while it is read.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from pathlib import Path
from typing import Final

LARGEST: Final = 64_000_000
"""Bytes that are read unasked. A night with every signal of a strap takes about 20 million."""

MEMORY_PER_BYTE: Final = 10
"""Bytes of memory that reading takes at most for each byte of a file."""

_USUAL_MEMORY = 8_000_000_000
_CHUNK = 1 << 20
_WAYS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS = (
    (
        stat.S_ISFIFO,
        "it is a pipe, which may never end",
        "save what it gives as a file, and name that",
    ),
    (stat.S_ISCHR, "it is a device, not a file", "name a file"),
    (stat.S_ISBLK, "it is a device, not a file", "name a file"),
    (stat.S_ISSOCK, "it is a socket, not a file", "name a file"),
    (stat.S_ISDIR, "it is a folder, not a file", "name a file in it"),
)


class CannotRead(Exception):  # noqa: N818 - the name states the trouble
    """A file that is not read: `what` was found and, as `hint`, what to do; never its contents."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}; {hint}")
        self.what = what
        self.hint = hint


def allowed(*, large: bool) -> int:
    """Return how many bytes of a file may be read: `LARGEST`, or what the memory here has room for.

    A `large` file may take a tenth of the computer's memory, since reading needs up to ten times
    its size.
    """
    return max(LARGEST, _memory() // MEMORY_PER_BYTE) if large else LARGEST


def contents(path: Path, *, most: int = LARGEST) -> bytes:
    """Return what a regular file, or one that a link leads to, holds.

    Raises
    ------
    CannotRead
        If there is none, it is anything but a regular file, holds more than `most` bytes, or
        changes while it is read.
    """
    try:
        _refuse_kind(os.stat(path))  # noqa: PTH116 - opening some devices does something already
        descriptor = os.open(path, _WAYS)
        try:
            return _all_of(descriptor, most)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise trouble(path, error) from error


def first_line(path: Path, *, most: int, patience: float) -> bytes:
    """Return the first line, at most `most` bytes, of a file or a pipe.

    A password manager may hand its secret over by a pipe (`<(pass show heart)`). It is waited for
    `patience` seconds.

    Raises
    ------
    CannotRead
        If it is neither a file nor a pipe, its line is longer, or nothing arrives.
    """
    try:
        found = os.stat(path)  # noqa: PTH116
        if not stat.S_ISFIFO(found.st_mode):
            _refuse_kind(found)
        descriptor = os.open(path, _WAYS)
        try:
            return _line_of(descriptor, most, time.monotonic() + patience)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise trouble(path, error) from error


def trouble(path: Path, error: OSError | ValueError) -> CannotRead:
    """Return in words what the operating system said of a file."""
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    if number in (errno.ENOENT, errno.ENOTDIR):
        if os.path.islink(path):  # noqa: PTH114 - a Path may be too long to ask
            what = "it is a link to a file that is not there"
            return CannotRead(what, "name the file itself")
        return CannotRead("there is no such file", "check its name and folder")
    if number == errno.ELOOP:
        return CannotRead("its links lead round in a circle", "name the file itself")
    if number in (errno.ENAMETOOLONG, errno.EINVAL):
        return CannotRead("no file can have this name", "check its name and folder")
    said = error.strerror if isinstance(error, OSError) else None
    what = f"it cannot be opened ({said})" if said else "it cannot be opened"
    return CannotRead(what, "check that you may read it")


def too_large(what: str, most: int) -> CannotRead:
    """Return the refusal of what is larger than `most` bytes; `what` is its subject and verb."""
    size = f"{what} more than {most / 1e6:.0f} MB"
    if most > LARGEST:
        return CannotRead(f"{size}, too much for the memory of this computer", "cut the recording")
    return CannotRead(size, "if this is right, allow it with --large")


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return _USUAL_MEMORY


def _refuse_kind(found: os.stat_result) -> None:
    for is_kind, what, hint in _KINDS:
        if is_kind(found.st_mode):
            raise CannotRead(what, hint)


def _all_of(descriptor: int, most: int) -> bytes:
    before = os.fstat(descriptor)
    _refuse_kind(before)
    if before.st_size > most:
        raise too_large("it holds", most)
    data = _read(descriptor, before.st_size)
    after = os.fstat(descriptor)
    if len(data) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        what = "it changed while it was read"
        raise CannotRead(what, "try again when nothing writes to it any more")
    return data


def _read(descriptor: int, most: int) -> bytes:
    """Return up to one byte more than `most`, so that growth is seen."""
    pieces: list[bytes] = []
    missing = most + 1
    while missing and (piece := os.read(descriptor, min(missing, _CHUNK))):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _line_of(descriptor: int, most: int, until: float) -> bytes:
    waits = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    line = b""
    while len(line) <= most:
        if waits:
            _wait(descriptor, until)
        piece = os.read(descriptor, most + 1 - len(line))
        begun, ends, _ = piece.partition(b"\n")
        line += begun
        if ends or not piece:
            return line
    raise CannotRead(f"its first line is longer than {most} letters", "name another file")


def _wait(descriptor: int, until: float) -> None:
    ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise CannotRead("it is a pipe that gives nothing", "name a file")
