"""A migration gives the old or the new, whatever cuts it short, and only where it is needed."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from pipelines import store
from pipelines.store import database, index, keyfile, locks
from pipelines.store.database import Tables
from pipelines.store.errors import CannotWrite, DiskFull, Unreadable
from pipelines.store.trouble import Place
from tests.pipelines.store.libraries import (
    ROOT,
    count_packets,
    only_read,
    recorded,
    sqlite_open,
)
from tests.pipelines.store.old_libraries import CRASHED, old_library, path_of, stored

PASSPHRASE = "x"
KEY = bytes(range(32))
OLD = Tables(("CREATE TABLE words (word TEXT NOT NULL)",))
STEPS = (
    ("ALTER TABLE words ADD COLUMN length INTEGER", "UPDATE words SET length = length(word)"),
    ("CREATE TABLE more (x)",),
    ("INSERT INTO more SELECT sum(length) FROM words",),
)
NEW = OLD._replace(migrations=STEPS, reader=2)
SAID = ["one", "three"]


@pytest.fixture
def place(tmp_path):
    return Place("The index", tmp_path)


@pytest.fixture
def path(tmp_path, place):
    path = tmp_path / "index.db"
    database.create(path, KEY, OLD, place)
    with database.opened(path, KEY, OLD, place) as connection:
        connection.executemany("INSERT INTO words VALUES (?)", [(word,) for word in SAID])
    return path


def migrated(path, place, tables=NEW):
    with database.opened(path, KEY, tables, place) as connection:
        database.migrate(connection, path, tables, place)
        return numbers(connection)


def numbers(connection):
    return tuple(
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("user_version", "application_id")
    )


def beside(path):
    return sorted(one.name for one in path.parent.iterdir() if one != path)


def assert_old(path, place):
    with database.opened(path, KEY, NEW, place) as connection:
        assert numbers(connection) == (1, 1)
        assert connection.execute("SELECT * FROM words").fetchall() == [(one,) for one in SAID]
        assert database.damage(connection) == []
    assert beside(path) == []


def test_all_steps_are_taken_in_order_and_the_copy_goes(path, place):
    assert migrated(path, place) == (4, 2)
    assert beside(path) == []
    with database.opened(path, KEY, NEW, place) as connection:
        rows = connection.execute("SELECT * FROM words").fetchall()
        assert rows == [("one", 3), ("three", 5)]
        assert connection.execute("SELECT x FROM more").fetchall() == [(8,)]


def test_steps_are_taken_from_where_a_file_stands(path, place):
    for upto in (1, 2, 3):
        assert migrated(path, place, NEW._replace(migrations=STEPS[:upto])) == (upto + 1, 2)
    with database.opened(path, KEY, NEW, place) as connection:
        assert connection.execute("SELECT x FROM more").fetchall() == [(8,)]


def test_what_is_of_the_present_or_a_later_schema_is_left_alone(path, place):
    migrated(path, place)
    kept = path.read_bytes()
    assert migrated(path, place) == (4, 2)
    assert migrated(path, place, NEW._replace(migrations=STEPS[:2])) == (4, 2)
    assert path.read_bytes() == kept


def test_the_file_stays_the_same_for_those_who_have_it_open(path, place):
    before = path.stat().st_ino
    with database.opened(path, KEY, OLD, place) as reader:
        migrated(path, place)
        assert reader.execute("SELECT word FROM words").fetchall() == [(one,) for one in SAID]
    assert path.stat().st_ino == before


@pytest.mark.parametrize("number", range(4))
def test_a_step_that_fails_leaves_the_old(path, place, number):
    steps = list(STEPS)
    steps.insert(number, ("INSERT INTO words VALUES ('half', 1, 2, 3)",))
    with pytest.raises(CannotWrite):
        migrated(path, place, NEW._replace(migrations=tuple(steps)))
    assert_old(path, place)


@pytest.mark.parametrize("call", ["_keep_copy", "_state_schema", "_column"])
@pytest.mark.parametrize("error", [OSError(28, "full"), KeyboardInterrupt(), MemoryError()])
def test_an_error_at_any_step_leaves_the_old(path, place, monkeypatch, call, error):
    def fail(*_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(database, call, fail)
        with pytest.raises(DiskFull if isinstance(error, OSError) else type(error)):
            migrated(path, place)
    assert_old(path, place)


def test_a_result_that_is_not_whole_leaves_the_old(path, place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(database, "_column", lambda *_: ["row 1 missing"])
        with pytest.raises(Unreadable):
            migrated(path, place)
    assert_old(path, place)


def test_a_copy_with_its_log_lies_beside_it_until_the_end(path, place, monkeypatch):
    real, seen = database._state_schema, {}

    def look(connection, tables):
        copies = path.parent / "elsewhere"
        copies.mkdir()
        for found in path.parent.glob("index.db.before*"):
            assert found.stat().st_mode & 0o777 == 0o600
            shutil.copy(found, copies / found.name)
        with database.opened(copies / "index.db.before", KEY, OLD, place) as copy:
            seen["words"] = copy.execute("SELECT * FROM words").fetchall()
        shutil.rmtree(copies)
        real(connection, tables)

    monkeypatch.setattr(database, "_state_schema", look)
    with database.opened(path, KEY, OLD, place) as writer:
        writer.execute("INSERT INTO words VALUES ('in the log')")
        migrated(path, place)
    assert seen["words"] == [("one",), ("three",), ("in the log",)]
    assert beside(path) == []


# The index of a library

LATER = index.TABLES._replace(
    migrations=(*index.TABLES.migrations, ("ALTER TABLE session ADD COLUMN words TEXT",))
)


@pytest.fixture
def later(library, monkeypatch):
    """A library whose index is of the schema before."""
    session = recorded(library)
    monkeypatch.setattr(index, "TABLES", LATER)
    return library, session


def schema_of(library):
    with sqlite_open(library) as connection:
        return database.schema_of(connection)


def test_an_index_is_migrated_when_it_is_written_and_not_before(later):
    library, session = later
    again = store.open_library(library.folder, PASSPHRASE)
    assert len(again.events(session)) == 15
    assert again.sessions()
    assert schema_of(again) == index.TABLES.schema - 1
    recorded(again)
    assert schema_of(again) == index.TABLES.schema
    assert len(again.sessions()) == 2


def test_an_index_that_may_only_be_read_is_read_as_it_is(later):
    library, session = later
    with only_read(library.folder) as view:
        assert len(store.open_library(view, PASSPHRASE).events(session)) == 15
    assert schema_of(library) == index.TABLES.schema - 1


def test_an_index_is_migrated_under_the_lock_of_its_library(later, monkeypatch):
    library, _ = later
    real, held = database.migrate, []

    def look(*how):
        held.append(locks.is_held(library.folder / "running" / keyfile.LOCK))
        real(*how)

    monkeypatch.setattr(database, "migrate", look)
    recorded(library)
    assert held == [True]


def test_what_a_crash_left_of_a_migration_is_swept_where_the_file_is_whole(library):
    good, bad = recorded(library), recorded(library)
    for name in (good, bad):
        for ending in ("", "-wal"):
            (library.folder / "sessions" / f"{name}.db.before{ending}").write_bytes(b"x")
    (library.folder / "index.db.before").write_bytes(b"x")
    path_of(library, bad).write_bytes(b"x" * 8192)
    library.recover(count_beats=count_packets)
    left = {path.name for path in library.folder.rglob("*.before*")}
    assert left == {f"{bad}.db.before", f"{bad}.db.before-wal"}
    library.delete(bad)
    assert not list(library.folder.rglob("*.before*"))


# library.json


def test_an_older_library_json_is_read_as_it_is_and_written_anew_with_the_next_secret(
    library, monkeypatch
):
    def step(content):
        return {**content, "schema": content["schema"] + 1, "recovery": content["recovered"]}

    path = library.folder / "library.json"
    content = json.loads(path.read_text())
    content["recovered"] = content.pop("recovery")
    path.write_text(json.dumps(content))
    kept = path.read_bytes()
    monkeypatch.setattr(keyfile, "MIGRATIONS", (step,))
    monkeypatch.setattr(keyfile, "SCHEMA", 2)
    again = store.open_library(library.folder, PASSPHRASE)
    assert again.newer is None
    assert path.read_bytes() == kept
    again.change_passphrase("other", cost=store.Cost(n=2, r=1, p=1))
    assert json.loads(path.read_text())["schema"] == 2
    assert store.open_library(library.folder, "other").sessions() == []


# Killed

RECOVER = """
import sys
from pathlib import Path
from pipelines import store
from tests.pipelines.store.libraries import count_packets
from tests.pipelines.store.old_libraries import PASSPHRASE
library = store.open_library(Path(sys.argv[1]), PASSPHRASE)
print("ready", flush=True)
sys.stdin.readline()
library.recover(count_beats=count_packets)
"""


def recovering(folder):
    return subprocess.Popen(
        [sys.executable, "-c", RECOVER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def lasts(folder) -> float:
    """Return how long a whole migration takes here, in seconds."""
    old_library(folder)
    with recovering(folder) as process:
        assert process.stdout.readline() == b"ready\n"
        start = time.monotonic()
        process.communicate(b"\n")
        return time.monotonic() - start


@pytest.mark.long
def test_twenty_kills_leave_the_old_or_the_new(tmp_path):
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("a kill -9 is one of POSIX")
    longest, moments = lasts(tmp_path / "whole"), random.Random(9)
    for number in range(20):
        library = old_library(tmp_path / str(number))
        events, (_, bodies) = library.events(CRASHED), stored(library, CRASHED)
        with recovering(library.folder) as process:
            assert process.stdout.readline() == b"ready\n"
            process.stdin.write(b"\n")
            process.stdin.flush()
            time.sleep(moments.uniform(0, longest))
            process.kill()
        library = store.open_library(library.folder, PASSPHRASE)
        assert stored(library, CRASHED) in ((1, bodies), (2, bodies))
        assert library.events(CRASHED) == events
        assert library.recover(count_beats=count_packets).troubles == ()
        assert stored(library, CRASHED) == (2, bodies)
        names = {path.name for path in library.folder.rglob("*") if path.is_file()}
        assert not {name for name in names if "before" in name or "-" in name}
