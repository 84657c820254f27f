"""What lies on the disk: nothing in the clear, nothing that others may open."""

import os

import pytest

from pipelines import store
from pipelines.store import database, keys, sqlite, trouble
from pipelines.store.session import TABLES as SESSION_TABLES
from tests.pipelines.store.libraries import (
    FAST,
    MARKS,
    all_bytes,
    fill,
    make_library,
    recorded,
    sqlite_open,
)

PASSPHRASE = "seven quiet lamps"

POSIX = os.name == "posix"


def test_no_plaintext_in_any_file_while_recording_and_after(made):
    library, recovery = made
    writer = library.new_session(1700000000.0)
    fill(writer)
    with sqlite_open(library):
        while_open = all_bytes(library.folder)
    writer.close(beats=1)
    after = all_bytes(library.folder)
    assert any(name.endswith("-wal") and content for name, content in while_open.items())
    session_key = library._index.key(writer.session)
    forbidden = [text.encode() for text in MARKS.values()]
    forbidden += [PASSPHRASE.encode(), recovery.encode(), recovery.replace("-", "").encode()]
    for key in (library._key, session_key):
        forbidden += [key, key.hex().encode(), key.hex().upper().encode()]
    forbidden += [b"SQLite format 3", b"CREATE TABLE", b"Packet", b"recording", b"\x10\x4b\x34\x03"]
    for name, content in (while_open | after).items():
        for text in forbidden:
            assert text not in content, name


@pytest.mark.skipif(not POSIX, reason="modes are those of POSIX")
@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path, mask):
    before = os.umask(mask)
    try:
        folder = tmp_path / "library"
        library, _ = make_library(folder, PASSPHRASE)
        keyed = store.open_or_create_with_key_file(tmp_path / "keyed")
        writer = library.new_session(0.0)
        fill(writer)
        store.write_contact(folder, writer.session, "somewhere", b"key")
        with sqlite_open(library) as connection, database.transaction(connection):
            found = {path: path.stat().st_mode & 0o777 for path in folder.rglob("*")}
        names = {path.name.rpartition(".")[2] for path in found}
        assert {"db", "db-wal", "db-shm", "lock", "contact", "json"} <= names
        writer.close(beats=0)
        exported = store.export_session(library, writer.session, tmp_path / "deep")
        for path in (folder, keyed.folder, *folder.rglob("*"), *keyed.folder.rglob("*"), exported):
            found[path] = path.stat().st_mode & 0o777
        found[exported.parent] = exported.parent.stat().st_mode & 0o777
    finally:
        os.umask(before)
    folders = {"library", "keyed", "sessions", "running", "deep"}
    for path, mode in found.items():
        assert mode == (0o700 if path.name in folders else 0o600), path


def test_neither_library_nor_error_shows_a_key(made):
    library, recovery = made
    shown = repr(library) + repr(vars(library)["_index"])
    assert library._key.hex() not in shown
    assert repr(library._key) not in shown
    assert recovery not in shown


def test_a_session_has_a_key_of_its_own(library):
    one, other = recorded(library), recorded(library)
    found = {
        bytes(key) for key in (library._index.key(one), library._index.key(other), library._key)
    }
    assert len(found) == 3
    path = library.folder / "sessions"
    (path / f"{one}.db").write_bytes((path / f"{other}.db").read_bytes())
    with pytest.raises(store.Unreadable):
        library.events(one)


def test_the_files_are_what_sqlcipher_says_they_are(library):
    session = recorded(library)
    place = trouble.Place("The index", library.folder)
    path = library.folder / "sessions" / f"{session}.db"
    with database.opened(path, library._index.key(session), SESSION_TABLES, place) as connection:
        for pragma, value in {
            "journal_mode": "wal",
            "synchronous": 2,
            "secure_delete": 1,
            "foreign_keys": 1,
            "user_version": SESSION_TABLES.schema,
            "temp_store": 2,
        }.items():
            assert connection.execute(f"PRAGMA {pragma}").fetchall() == [(value,)]
        with pytest.raises(sqlite.Error, match="cannot store TEXT"):
            connection.execute("INSERT INTO event (time, kind, body) VALUES ('now', 'x', x'00')")


def test_a_key_is_zero_once_nobody_holds_it_and_never_shown():
    left = []

    class Watched(keys.Key):
        def __del__(self):
            super().__del__()
            left.append(bytes(self))

    key = Watched(b"k" * 32)
    assert "k" * 32 not in f"{key}{key!r}"
    assert left == []
    del key
    assert left == [bytes(32)]


def test_every_key_that_is_held_is_one_that_is_wiped(made):
    library, recovery = made
    session = recorded(library)
    held = [library._key, library._index._key, library._index.key(session)]
    sealed = keys.seal(library._key, recovery, None)
    held += [keys.unseal(sealed, recovery), keys._derive("x", b"s" * 16, FAST)]
    assert all(type(key) is keys.Key for key in held)


def test_sqlcipher_keeps_its_own_lines_to_itself(library, capfd):
    session = recorded(library)
    path = library.folder / "sessions" / f"{session}.db"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    with pytest.raises(store.Unreadable):
        library.events(session)
    (library.folder / "index.db").write_bytes(b"x" * 8192)
    with pytest.raises(store.Unreadable):
        store.open_library(library.folder, PASSPHRASE)
    out, err = capfd.readouterr()
    assert out + err == ""
