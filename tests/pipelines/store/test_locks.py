"""Locks and contacts: who is recording, and two that want the same thing at once."""

import os
import threading

import pytest

from pipelines import store
from pipelines.store import database, index, locks, trouble
from tests.pipelines.store.libraries import FAST, sqlite_open

PASSPHRASE = "x"


def test_contacts_count_while_their_session_is_recorded(library):
    writer = library.new_session(0.0)
    assert store.read_contact(library.folder, writer.session) is None
    store.write_contact(library.folder, writer.session, ("127.0.0.1", 4567), b"\x00key")
    expected = store.Contact(writer.session, ("127.0.0.1", 4567), b"\x00key", os.getpid())
    assert store.read_contact(library.folder, writer.session) == expected
    assert store.running_sessions(library.folder) == [expected]
    writer.close(beats=0)
    store.write_contact(library.folder, writer.session, "stale", b"key")
    assert store.read_contact(library.folder, writer.session) is None
    assert store.running_sessions(library.folder) == []


def test_a_damaged_contact_is_none(library):
    writer = library.new_session(0.0)
    (library.folder / "running" / f"{writer.session}.contact").write_bytes(b"{")
    assert store.running_sessions(library.folder) == []
    writer.close(beats=0)


def test_a_folder_without_library_has_nothing_running(tmp_path):
    assert store.running_sessions(tmp_path / "none") == []
    assert store.read_contact(tmp_path, "abcdefgh") is None


def test_a_lock_is_exclusive_and_removed(tmp_path):
    from pipelines.store import locks

    path = tmp_path / "a.lock"
    assert not locks.is_held(path)
    lock = locks.acquire(path)
    assert lock is not None
    assert locks.is_held(path)
    assert locks.acquire(path, patience=0.0) is None
    lock.release()
    lock.release()
    assert not path.exists()
    again = locks.acquire(path, patience=0.0)
    assert again is not None
    again.release()


def test_a_lock_on_a_file_that_vanished_is_not_taken(tmp_path, monkeypatch):
    from pipelines.store import locks

    path = tmp_path / "a.lock"
    take = locks._take

    def take_late(descriptor, *, shared):
        path.unlink()
        monkeypatch.setattr(locks, "_take", take)
        return take(descriptor, shared=shared)

    monkeypatch.setattr(locks, "_take", take_late)
    assert locks.acquire(path, patience=0.0) is None
    assert not path.exists()


@pytest.mark.usefixtures("english")
def test_a_busy_library_is_a_sentence(library, monkeypatch):
    monkeypatch.setattr(database, "WRITER_WAITS", 0.05)
    place = trouble.Place("The index", library.folder)
    with (
        database.opened(
            library.folder / "index.db", library._key, index.TABLES, place
        ) as connection,
        database.transaction(connection),
        pytest.raises(store.SessionInUse, match="in use by another program"),
    ):
        library.new_session(0.0)


def test_a_session_ends_although_another_program_holds_the_index_for_longer_than_a_reader_waits(
    library, monkeypatch
):
    monkeypatch.setattr(database, "READER_WAITS", 0.05)
    writer = library.new_session(0.0)
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with sqlite_open(library) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            held.set()
            let_go.wait()
            connection.execute("ROLLBACK")

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    threading.Timer(0.5, let_go.set).start()
    assert writer.close(beats=7)
    holder.join()
    assert library.session(writer.session).beats == 7


@pytest.mark.usefixtures("english")
def test_two_processes_do_not_change_the_key_file_at_once(library, monkeypatch):
    from pipelines.store import keyfile

    acquire = locks.acquire
    monkeypatch.setattr(keyfile.locks, "acquire", lambda path, patience: acquire(path, patience=0))
    with (
        keyfile.alone(library.folder),
        pytest.raises(store.SessionInUse, match="changed by another"),
    ):
        library.change_passphrase("y", cost=FAST)
    assert store.open_library(library.folder, "x")
