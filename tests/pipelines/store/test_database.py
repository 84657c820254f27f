"""One database: all of a transaction or nothing of it, and each trouble in its own sentence."""

import errno
import os
from contextlib import closing

import pytest

from pipelines.store import database, sqlite, trouble
from pipelines.store.database import Tables
from pipelines.store.errors import CannotWrite, DiskFull, NewerSchema, SessionInUse, Unreadable
from pipelines.store.trouble import Place

KEY = bytes(range(32))
TABLES = Tables(("CREATE TABLE words (word TEXT NOT NULL)",))


@pytest.fixture
def place(tmp_path):
    return Place("The index", tmp_path)


@pytest.fixture
def path(tmp_path, place):
    path = tmp_path / "index.db"
    database.create(path, KEY, TABLES, place)
    return path


@pytest.fixture
def connection(path, place):
    with closing(database.connect(path, KEY, TABLES, place, patience=0.05)) as connection:
        yield connection


def words(connection):
    return [row[0] for row in connection.execute("SELECT word FROM words").fetchall()]


def write(connection, *said):
    for word in said:
        connection.execute("INSERT INTO words VALUES (?)", (word,))


def failing(connection, error, *said):
    with database.transaction(connection):
        write(connection, *said)
        raise error


def beside(path):
    return sorted(one.name for one in path.parent.iterdir() if one != path)


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_what_was_done_before_an_error_is_taken_back(connection, path, place, error):
    with database.transaction(connection):
        write(connection, "kept")
    with pytest.raises(type(error)):
        failing(connection, error, "lost", "lost too")
    assert not connection.in_transaction
    assert words(connection) == ["kept"]
    with database.transaction(connection):
        write(connection, "kept again")
    with database.opened(path, KEY, TABLES, place) as other:
        assert words(other) == ["kept", "kept again"]


def test_an_error_that_sqlite_took_back_by_itself_is_told_as_it_is(connection):
    def rolled_back():
        with database.transaction(connection):
            write(connection, "lost")
            connection.execute("ROLLBACK")
            raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="the disk is full"):
        rolled_back()
    assert words(connection) == []


@pytest.mark.usefixtures("english")
def test_two_writers_take_turns_from_the_first_statement_on(connection, path, place):
    with (
        closing(database.connect(path, KEY, TABLES, place, patience=0.05)) as other,
        database.transaction(connection),
    ):
        other.execute("PRAGMA busy_timeout = 1")
        with (
            pytest.raises(SessionInUse, match="in use by another program"),
            trouble.sentences(place),
            database.transaction(other),
        ):
            pass
        assert not other.in_transaction


def test_a_new_database_is_private_and_stands_alone(path):
    assert path.stat().st_mode & 0o777 == 0o600
    assert beside(path) == []


def test_a_database_that_is_not_finished_leaves_nothing(tmp_path, place):
    path = tmp_path / "index.db"
    with pytest.raises(CannotWrite):
        database.create(path, KEY, Tables(("CREATE TABLE",)), place)
    assert list(tmp_path.iterdir()) == []


def test_a_finished_one_takes_the_place_of_a_draft_left_behind(tmp_path, place):
    path = tmp_path / "index.db"
    draft = database.draft(path)
    for ending in ("", "-journal", "-wal", "-shm"):
        draft.with_name(draft.name + ending).write_bytes(b"half")
    database.create(path, KEY, TABLES, place)
    assert beside(path) == []
    with database.opened(path, KEY, TABLES, place) as connection:
        assert words(connection) == []


def test_opened_leaves_no_log_and_keeps_what_was_written(path, place):
    with database.opened(path, KEY, TABLES, place) as connection:
        write(connection, "kept")
        assert beside(path) != []
    assert beside(path) == []
    with database.opened(path, KEY, TABLES, place) as connection:
        assert words(connection) == ["kept"]


def test_a_checkpoint_cuts_the_log(connection, path):
    write(connection, *("word",) * 50)
    log = path.with_name("index.db-wal")
    assert log.stat().st_size > 0
    database.checkpoint(connection)
    assert log.stat().st_size == 0
    assert len(words(connection)) == 50


def test_settings_are_those_of_a_recording(connection):
    def setting(name):
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert setting("journal_mode") == "wal"
    assert [setting(name) for name in ("synchronous", "secure_delete", "foreign_keys")] == [2, 1, 1]
    assert [setting(name) for name in ("temp_store", "trusted_schema")] == [2, 0]
    assert setting("wal_autocheckpoint") == 256
    assert setting("user_version") == TABLES.schema == 1
    assert setting("busy_timeout") == 50
    assert setting("locking_mode") == "normal"


def test_closing_twice_is_no_error(path, place):
    connection = database.connect(path, KEY, TABLES, place, patience=0.05)
    database.close(connection)
    database.close(connection)
    with pytest.raises(sqlite.Error):
        connection.execute("SELECT 1")


def test_an_undamaged_database_has_no_damage(connection):
    assert database.damage(connection) == []


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("version", [TABLES.schema + 1, 99])
def test_a_later_schema_is_newer_and_no_schema_empty(path, place, version):
    def become(number):
        with database.opened(path, KEY, TABLES, place) as connection:
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("PRAGMA application_id = 0")

    become(version)
    with pytest.raises(NewerSchema, match=f"schema {version}, this one reads {TABLES.schema}"):
        database.connect(path, KEY, TABLES, place, patience=0.05)
    with pytest.raises(NewerSchema):
        become(0)


@pytest.mark.usefixtures("english")
def test_no_schema_is_an_empty_file(path, place):
    with database.opened(path, KEY, TABLES, place) as connection:
        connection.execute("PRAGMA user_version = 0")
    with pytest.raises(Unreadable, match="is empty"):
        database.connect(path, KEY, TABLES, place, patience=0.05)
    assert beside(path) == []


@pytest.mark.usefixtures("english")
def test_a_missing_file_is_told_and_not_made(tmp_path, place):
    with pytest.raises(Unreadable, match="has no file"):
        database.connect(tmp_path / "other.db", KEY, TABLES, place, patience=0.05)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("english")
def test_another_key_opens_nothing(path, place):
    with pytest.raises(Unreadable, match="changed or cut from outside"):
        database.connect(path, KEY[::-1], TABLES, place, patience=0.05)


SAID = [
    (sqlite.FULL, DiskFull),
    (sqlite.NOTADB, Unreadable),
    (sqlite.CORRUPT, Unreadable),
    (sqlite.ERROR, CannotWrite),
    (sqlite.BUSY, SessionInUse),
    (sqlite.LOCKED, SessionInUse),
    (sqlite.IOERR, CannotWrite),
    (sqlite.CANTOPEN, CannotWrite),
]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("code", "kind"), SAID)
def test_each_trouble_of_sqlite_has_its_sentence(place, monkeypatch, code, kind):
    monkeypatch.setattr(sqlite, "code", lambda error: code)
    with pytest.raises(kind, match=r"\.$") as told, trouble.sentences(place):
        raise sqlite.Error("anything")
    assert type(told.value) is kind
    assert str(place.folder) in str(told.value)


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EACCES, CannotWrite)],
)
def test_each_trouble_of_the_file_system_has_its_sentence(place, number, kind):
    with pytest.raises(kind) as told, trouble.sentences(place):
        raise OSError(number, os.strerror(number))
    assert type(told.value) is kind


@pytest.mark.parametrize(("free", "kind"), [(65535, DiskFull), (65536, CannotWrite)])
def test_hardly_any_room_is_a_full_disk(place, monkeypatch, free, kind):
    room = type("Usage", (), {"free": free})
    monkeypatch.setattr(trouble.shutil, "disk_usage", lambda folder: room)
    with pytest.raises(kind) as told, trouble.sentences(place):
        raise OSError(errno.EIO, "input/output error")
    assert type(told.value) is kind


@pytest.mark.usefixtures("english")
def test_a_folder_that_is_gone_is_out_of_reach(tmp_path):
    with (
        pytest.raises(CannotWrite, match="out of reach"),
        trouble.sentences(Place("The index", tmp_path / "gone")),
    ):
        raise OSError(errno.EIO, "input/output error")


@pytest.mark.parametrize("code", [sqlite.FULL, sqlite.IOERR, sqlite.CANTOPEN])
def test_where_there_is_no_room_for_the_shared_index_it_is_read_alone(
    path, place, monkeypatch, code
):
    real, asked = database._connect, []

    def cramped(*how, exclusive=False):
        asked.append(exclusive)
        if not exclusive:
            raise sqlite.Error("no room")
        return real(*how, exclusive=exclusive)

    monkeypatch.setattr(database, "_connect", cramped)
    monkeypatch.setattr(sqlite, "code", lambda error: code)
    with database.opened(path, KEY, TABLES, place) as connection:
        assert connection.execute("PRAGMA locking_mode").fetchone()[0] == "exclusive"
        assert words(connection) == []
    assert asked == [False, True]


def test_a_file_that_may_not_be_read_is_told_before_it_is_opened(path, place, monkeypatch):
    # A stranger's rights, which an administrator does not feel.
    monkeypatch.setattr(database.os, "access", lambda file, mode: mode != os.R_OK)
    expected = trouble.not_allowed(place)
    with pytest.raises(type(expected)) as told, database.opened(path, KEY, TABLES, place):
        pass
    assert str(told.value) == str(expected)
