"""Libraries, sessions and events as a newer program would have written them."""

import json

import msgspec

from pipelines.store import database, index, session, trouble

FUTURE = 7
AIRFLOW = msgspec.msgpack.encode({"type": "Airflow", "time": 9.0, "source": 0, "flow": [1, 2.5]})
WEIGHT = msgspec.msgpack.encode({"type": "Weight", "time": 9.5, "image": b"\x00\xff"})
CODE = msgspec.msgpack.encode({"type": "Link", "time": 9.6, "source": 0, "state": [3]})
MARK = msgspec.msgpack.encode({"type": "Mark", "time": 9.7, "text": "hip", "colour": "red"})


def path_of(library, name):
    return library.folder / "sessions" / f"{name}.db"


def session_file(library, name):
    place = trouble.Place("It", library.folder)
    return database.opened(path_of(library, name), library._index.key(name), session.TABLES, place)


def index_file(library):
    place = trouble.Place("It", library.folder)
    return database.opened(library.folder / "index.db", library._key, index.TABLES, place)


def become(connection, reader):
    connection.execute(f"ALTER TABLE {table(connection)} ADD COLUMN later TEXT")
    connection.execute("CREATE TABLE later (x)")
    connection.execute(f"PRAGMA user_version = {FUTURE}")
    connection.execute(f"PRAGMA application_id = {reader}")


def table(connection):
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return connection.execute(query).fetchone()[0]


def from_the_future(library, name, part, reader):
    """Make one file of a library as a newer program would have written it."""
    if part == "library.json":
        path = library.folder / part
        content = json.loads(path.read_text()) | {"schema": FUTURE, "reader": reader, "more": {}}
        content["recovery"]["more"] = 1
        path.write_text(json.dumps(content))
    else:
        opened = index_file(library) if part == "index.db" else session_file(library, name)
        with opened as connection:
            become(connection, reader)


def insert(library, name, *bodies):
    with session_file(library, name) as connection:
        for body in bodies:
            row = (9.0, None, "Airflow", body, FUTURE)
            connection.execute(session._INSERT, row)
