"""Where the pipe is reached: a socket in a private folder, on Windows a named pipe.

The path of a socket holds a hundred bytes or so, and folders for temporary files may be longer:
then it lies elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import struct
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

_LONGEST_PLACE = 80
"""Bytes of a folder's path that leave room for the socket's: macOS has 104, Linux 108."""
_QUEUE = 16
"""Callers that may wait to be let in."""
_STALLED = struct.pack("@ll", 2, 0)
"""Seconds and microseconds (C's timeval) after which half a message is given up."""


class Endpoint:
    """A place of its own to listen at, which its owner alone can reach."""

    def __init__(self) -> None:
        self._folder, self._listener = _opened()

    @property
    def address(self) -> str:
        """Where callers find it."""
        return str(self._listener.address)

    def accept(self) -> Connection[bytes, bytes]:
        """Wait for a caller; whoever stalls within a message is given up after a while."""
        connection: Connection[bytes, bytes] = self._listener.accept()
        if sys.platform != "win32":
            with _end(connection) as end:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _STALLED)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _STALLED)
        return connection

    def close(self) -> None:
        """Listen no more, and leave nothing behind."""
        # A blocked accept returns only for a caller: this is the last one.
        with contextlib.suppress(OSError):
            _knock(self.address)
        self._listener.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def connected(address: str, *, within: float) -> Connection[bytes, bytes]:
    """Return a connection to the endpoint at an address.

    Raises
    ------
    OSError
        If nobody listens there, or too many wait to be let in.
    """
    if sys.platform == "win32":
        return Client(address)
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(within)
        end.connect(address)
        end.settimeout(None)
        return Connection(end.detach())


def hang_up(connection: Connection[bytes, bytes]) -> None:
    """End a connection under whoever waits on it; closing it is left to them."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            connection.close()
        else:
            with _end(connection) as end:
                end.shutdown(socket.SHUT_RDWR)


def _opened() -> tuple[Path | None, Listener]:
    if sys.platform == "win32":
        return None, Listener(backlog=_QUEUE)
    failure = OSError("no folder for temporary files has a path short enough for a socket")
    for place in _places():
        try:
            folder = Path(tempfile.mkdtemp(prefix="interbeat-", dir=place))
        except OSError as error:
            failure = error
            continue
        try:
            return folder, Listener(str(folder / "pipe"), "AF_UNIX", backlog=_QUEUE)
        except OSError as error:
            failure = error
            shutil.rmtree(folder, ignore_errors=True)
    raise failure


def _places() -> Iterator[str]:
    """Yield folders that may hold a socket, the person's own choice first."""
    with contextlib.suppress(OSError):
        yield from filter(_has_room, [tempfile.gettempdir()])
    yield from filter(_has_room, [os.environ.get("XDG_RUNTIME_DIR", ""), "/tmp"])


def _has_room(place: str) -> bool:
    return bool(place) and place.isprintable() and len(os.fsencode(place)) <= _LONGEST_PLACE


def _knock(address: str) -> None:
    if sys.platform == "win32":
        Client(address).close()
    else:
        with socket.socket(socket.AF_UNIX) as end:
            end.settimeout(0.0)
            end.connect(address)


@contextlib.contextmanager
def _end(connection: Connection[bytes, bytes]) -> Iterator[socket.socket]:
    """Lend a connection's socket; it stays open."""
    end = socket.socket(fileno=connection.fileno())
    try:
        yield end
    finally:
        end.detach()
