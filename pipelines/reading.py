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

from pipelines.language import tr

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
        tr("it is a pipe, which may never end"),
        tr("save what it gives as a file, and name that"),
    ),
    (stat.S_ISCHR, tr("it is a device, not a file"), tr("name a file")),
    (stat.S_ISBLK, tr("it is a device, not a file"), tr("name a file")),
    (stat.S_ISSOCK, tr("it is a socket, not a file"), tr("name a file")),
    (stat.S_ISDIR, tr("it is a folder, not a file"), tr("name a file in it")),
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
            what = tr("it is a link to a file that is not there")
            return CannotRead(what, tr("name the file itself"))
        return CannotRead(tr("there is no such file"), tr("check its name and folder"))
    if number == errno.ELOOP:
        return CannotRead(tr("its links lead round in a circle"), tr("name the file itself"))
    if number in (errno.ENAMETOOLONG, errno.EINVAL):
        return CannotRead(tr("no file can have this name"), tr("check its name and folder"))
    said = error.strerror if isinstance(error, OSError) else None
    what = tr("it cannot be opened ({said})", said=said) if said else tr("it cannot be opened")
    return CannotRead(what, tr("check that you may read it"))


def too_large(what: str, most: int) -> CannotRead:
    """Return the refusal of what is larger than `most` bytes; `what` is its subject and verb."""
    size = tr("{what} more than {most:.0f} MB", what=what, most=most / 1e6)
    if most > LARGEST:
        return CannotRead(
            tr("{size}, too much for the memory of this computer", size=size),
            tr("cut the recording"),
        )
    return CannotRead(size, tr("if this is right, allow it with --large"))


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
        raise too_large(tr("it holds"), most)
    data = _read(descriptor, before.st_size)
    after = os.fstat(descriptor)
    if len(data) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        what = tr("it changed while it was read")
        raise CannotRead(what, tr("try again when nothing writes to it any more"))
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
    raise CannotRead(
        tr("its first line is longer than {most} letters", most=most), tr("name another file")
    )


def _wait(descriptor: int, until: float) -> None:
    ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise CannotRead(tr("it is a pipe that gives nothing"), tr("name a file"))
