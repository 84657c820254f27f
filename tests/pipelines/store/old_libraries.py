"""The library that version 0.1.0 wrote, copied to be used; version_0_1_0/write.py made it."""

import json
import shutil
from pathlib import Path

from pipelines import store
from pipelines.store import database, session, trouble

WRITTEN = Path(__file__).with_name("version_0_1_0")
PASSPHRASE = "x"
FINISHED, CRASHED = "y4re146z", "qwwsdjrx"


def old_library(folder: Path) -> store.Library:
    """Copy it to `folder`, and open it."""
    shutil.copytree(WRITTEN / "library", folder)
    return store.open_library(folder, PASSPHRASE)


def old_numbers() -> dict[tuple[str, str], dict]:
    """Return what 0.1.0 said of each session and role."""
    lines = (WRITTEN / "numbers.jsonl").read_text().splitlines()
    return {(said["session"], said["source"]): said for said in map(json.loads, lines)}


def path_of(library: store.Library, name: str) -> Path:
    return library.folder / "sessions" / f"{name}.db"


def stored(library: store.Library, name: str) -> tuple[int, list[bytes]]:
    """Return the schema of a session's file, and its events as they lie there."""
    place = trouble.Place("It", library.folder)
    key, tables = library._index.key(name), session.TABLES
    with database.opened(path_of(library, name), key, tables, place) as connection:
        rows = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
        return database.schema_of(connection), [body for (body,) in rows]
