"""A file changed from outside is noticed, told in a sentence, and harms no other session."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.store import database, sqlite, trouble
from pipelines.store.index import TABLES as INDEX_TABLES
from pipelines.store.session import TABLES as SESSION_TABLES
from tests.pipelines.store.libraries import make_library, packet

PASSPHRASE = "x"


@pytest.fixture(scope="module")
def recorded():
    with tempfile.TemporaryDirectory() as folder:
        library, _ = make_library(Path(folder) / "library")
        writer = library.new_session(0.0)
        writer.append([packet(i) for i in range(300)])
        writer.close(beats=300)
        other = library.new_session(1.0)
        other.append([packet(1)])
        other.close(beats=1)
        path = library.folder / "sessions" / f"{writer.session}.db"
        yield library, writer.session, other.session, path, path.read_bytes()


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_one_flipped_bit_is_noticed_and_harms_no_other_session(recorded, data):
    library, session, other, path, content = recorded
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    try:
        with pytest.raises(store.Unreadable, match=session):
            library.events(session)
        assert library.events(other) == [packet(1)]
    finally:
        path.write_bytes(content)
    assert len(library.events(session)) == 300


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_cut_file_is_noticed(recorded, data):
    library, session, _, path, content = recorded
    whole_pages = st.integers(0, len(content) // 4096 - 1).map(lambda pages: pages * 4096)
    path.write_bytes(content[: data.draw(whole_pages | st.integers(0, len(content) - 1))])
    try:
        with pytest.raises(store.Unreadable, match=session):
            library.events(session)
    finally:
        path.write_bytes(content)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00" + bytes(4080)])
def test_a_file_put_in_place_of_the_index_is_a_sentence(library, content):
    (library.folder / "index.db").write_bytes(content)
    for call in (library.sessions, lambda: store.open_library(library.folder, "x")):
        with pytest.raises(store.Unreadable, match="index"):
            call()


def test_a_lost_index_is_not_hidden_by_an_empty_one(library):
    library.new_session(0.0).close(beats=0)
    (library.folder / "index.db").unlink()
    with pytest.raises(store.Unreadable, match="index"):
        store.open_library(library.folder, "x")
    assert not (library.folder / "index.db").exists()


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"schema": 1}', b'{"schema": "1"}', b"\xff", b'{"schema": -1}']
)
def test_a_changed_key_file_is_a_sentence(library, content):
    (library.folder / "library.json").write_bytes(content)
    with pytest.raises(store.Unreadable, match="key file"):
        store.open_library(library.folder, "x")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("part", ["library.json", "index.db", "session"])
def test_a_newer_schema_is_refused_in_words(library, part):
    writer = library.new_session(0.0)
    writer.close(beats=0)
    if part == "library.json":
        content = (library.folder / part).read_text()
        (library.folder / part).write_text(content.replace('"schema": 1', '"schema": 99, "x": 2'))
    elif part == "index.db":
        set_version(library.folder / part, library._key, INDEX_TABLES)
    else:
        path = library.folder / "sessions" / f"{writer.session}.db"
        set_version(path, library._index.key(writer.session), SESSION_TABLES)
    with pytest.raises(
        store.NewerSchema, match=r"newer Interbeat \(schema 99, this one reads \d\)"
    ):
        store.open_library(library.folder, "x").events(writer.session)


def set_version(path: Path, key: bytes, tables: database.Tables) -> None:
    place = trouble.Place("It", path.parent)
    with database.opened(path, key, tables, place) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA application_id = 0")


def test_a_body_that_is_no_event_is_a_sentence(library):
    writer = library.new_session(0.0)
    writer.append([packet(1)])
    writer.close(beats=1)
    path = library.folder / "sessions" / f"{writer.session}.db"
    place = trouble.Place("It", path.parent)
    with database.opened(
        path, library._index.key(writer.session), SESSION_TABLES, place
    ) as connection:
        connection.execute("UPDATE event SET body = x'00'")
    with pytest.raises(store.Unreadable, match=writer.session):
        library.events(writer.session)


def test_errors_of_sqlite_without_a_code_count_as_unreadable():
    assert sqlite.code(ValueError("no code")) == sqlite.ERROR
