"""What of sqlcipher3 is used, with types: it has none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from sqlcipher3 import dbapi2

_native: Any = dbapi2

Error: type[Exception] = _native.Error
FULL = int(_native.SQLITE_FULL)
IOERR = int(_native.SQLITE_IOERR)
CANTOPEN = int(_native.SQLITE_CANTOPEN)
NOTADB = int(_native.SQLITE_NOTADB)
CORRUPT = int(_native.SQLITE_CORRUPT)
ERROR = int(_native.SQLITE_ERROR)
BUSY = int(_native.SQLITE_BUSY)
LOCKED = int(_native.SQLITE_LOCKED)
READONLY = int(_native.SQLITE_READONLY)


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
    connection = _native.connect(
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
