"""What of sqlcipher3 is used, with types: it has none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    Error: type[Exception]

# Primary result codes of SQLite, which are part of its file format and never change.
ERROR = 1
BUSY = 5
LOCKED = 6
READONLY = 8
IOERR = 10
CORRUPT = 11
FULL = 13
CANTOPEN = 14
NOTADB = 26


def __getattr__(name: str) -> type[Exception]:
    """Return `Error`, the class of all errors of a database, when it is first asked for."""
    if name != "Error":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    error: type[Exception] = _native().Error
    return error


def _native() -> Any:
    # It comes with the extra `app`: what reads an export runs without it.
    from sqlcipher3 import dbapi2

    return dbapi2


class Rows(Protocol):
    """The rows of one statement."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""


class Connection(Protocol):
    """An open database."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def execute(self, statement: str, values: Sequence[object] = ()) -> Rows:
        """Carry out one statement."""

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> Rows:
        """Carry out one statement for each of `rows`."""

    def close(self) -> None:
        """Close it."""


def connect(path: Path, mode: str, *, timeout: float) -> Connection:
    """Open an existing file; `timeout` (s) is how long to wait for another process.

    `mode` is that of SQLite's addresses: "rw", "ro", or "ro&immutable=1" where nobody writes it.
    """
    connection = _native().connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=timeout,
        check_same_thread=False,
    )
    # SQLCipher tells stderr of every page that it cannot read; what is wrong is said once, by us.
    connection.execute("PRAGMA cipher_log_level = NONE")
    return cast("Connection", connection)


def code(error: Exception) -> int:
    """Return the primary result code of an error."""
    return int(getattr(error, "sqlite_errorcode", ERROR)) & 0xFF
