"""What straps count in is remembered by their address, encrypted, and only where it is unusual."""

import pytest

from pipelines import store
from pipelines.store import index
from tests.pipelines.store.libraries import all_bytes, one_sentence, only_read, recorded
from tests.pipelines.store.old_libraries import FINISHED, old_library

ADDRESS = "a0:9e:1a:8f:2a:3b"
NAME = "Juniper of the hill"


def test_what_a_strap_counts_in_is_remembered_until_it_is_as_specified(library):
    assert library.ticks() == {}
    library.remember_ticks({ADDRESS: 1000, "another": 1000})
    library.remember_ticks({ADDRESS: 1000})
    again = store.open_library(library.folder, "x")
    assert again.ticks() == {ADDRESS: 1000, "another": 1000}
    again.remember_ticks({ADDRESS: 1024})
    assert again.ticks() == {"another": 1000}


def test_no_address_is_written_in_plain(library):
    library.remember_ticks({ADDRESS: 1000})
    written = all_bytes(library.folder)
    assert not [name for name, held in written.items() if ADDRESS.encode() in held]


def test_an_older_index_remembers_nothing_until_it_is_written(tmp_path):
    old = old_library(tmp_path / "old")
    with only_read(old.folder) as view:
        assert store.open_library(view, "x").ticks() == {}
    sessions = old.sessions()
    old.remember_ticks({ADDRESS: 1000})
    assert old.ticks() == {ADDRESS: 1000}
    assert old.sessions() == sessions
    recorded(old)
    assert store.open_library(old.folder, "x").ticks() == {ADDRESS: 1000}


def test_a_session_bears_the_name_that_was_said_last(library):
    one, other = recorded(library), recorded(library)
    assert library.clients() == []
    library.name_client(one, NAME)
    library.name_client(other, "rowan")
    again = store.open_library(library.folder, "x")
    assert {info.id: info.client for info in again.sessions()} == {one: NAME, other: "rowan"}
    assert again.session(one).client == NAME
    assert again.clients() == [NAME, "rowan"]
    again.name_client(one, "Rowan")
    assert again.clients() == ["Rowan", "rowan"]
    again.name_client(one, None)
    again.delete(other)
    assert again.clients() == []
    with pytest.raises(store.UnknownSession):
        again.name_client(other, NAME)


def test_names_stand_in_the_order_of_their_letters_large_or_small(library):
    for name in ("rowan", "Zelkova", "alder", "Birch"):
        library.name_client(recorded(library), name)
    assert library.clients() == ["alder", "Birch", "rowan", "Zelkova"]


def test_no_name_is_written_in_plain_or_in_the_name_of_a_file(library):
    session = recorded(library)
    library.name_client(session, NAME)
    written = all_bytes(library.folder)
    assert not [name for name, held in written.items() if NAME.encode() in held or NAME in name]
    assert NAME not in repr(library)


def test_a_library_that_anybody_can_open_keeps_no_names(tmp_path):
    demo = store.open_or_create_with_key_file(tmp_path / "demo")
    session = recorded(demo)
    assert not demo.names_clients
    with pytest.raises(store.LibraryError) as caught:
        demo.name_client(session, NAME)
    assert one_sentence(caught.value, demo.folder)
    assert NAME not in str(caught.value)
    assert demo.session(session).client is None


def test_an_older_index_knows_no_names_until_it_is_written(tmp_path):
    old = old_library(tmp_path / "old")
    assert {info.client for info in old.sessions()} == {None}
    before = old.sessions()
    old.name_client(FINISHED, NAME)
    assert old.session(FINISHED).client == NAME
    assert [info for info in old.sessions() if info.id != FINISHED] == [
        info for info in before if info.id != FINISHED
    ]


def test_what_the_keys_mark_is_kept_encrypted_and_as_it_was_chosen_last(library):
    assert library.labels() is None
    labels = (NAME, *[""] * 8)
    library.keep_labels(labels)
    again = store.open_library(library.folder, "x")
    assert again.labels() == labels
    written = all_bytes(library.folder)
    assert not [name for name, held in written.items() if NAME.encode() in held]
    again.keep_labels([""] * 9)
    assert again.labels() == ("",) * 9
    with pytest.raises(ValueError, match="nine"):
        again.keep_labels(labels[:8])


def test_what_was_said_before_stays_in_no_log_while_another_looks_on(library):
    session, log = recorded(library), library.folder / "index.db-wal"
    with library._index._open():
        for name in (NAME, None):
            library.name_client(session, name)
            assert log.stat().st_size == 0
        library.keep_labels((NAME, *[""] * 8))
        assert log.stat().st_size == 0


@pytest.mark.parametrize("wrong", [None, b"bytes"])
def test_labels_that_cannot_be_kept_leave_those_that_were(library, wrong):
    before = (NAME, *[""] * 8)
    library.keep_labels(before)
    with pytest.raises(store.LibraryError):
        library.keep_labels((*[""] * 8, wrong))
    assert library.labels() == before


def test_an_older_index_keeps_what_the_keys_mark_once_it_is_written(tmp_path):
    old = old_library(tmp_path / "old")
    assert old.labels() is None
    sessions = old.sessions()
    old.keep_labels((NAME, *[""] * 8))
    assert old.labels()[0] == NAME
    assert old.sessions() == sessions


def test_a_pedal_is_kept_and_forgotten(tmp_path, library):
    for one in (library, old_library(tmp_path / "old")):
        assert one.pedal() is None
        one.keep_pedal(0x01000017)
        one.keep_pedal(0x01000016)
        assert one.pedal() == 0x01000016
        one.keep_pedal(None)
        assert one.pedal() is None


@pytest.mark.parametrize("schema", [1, 2])
def test_a_new_index_and_a_migrated_one_have_the_same_tables(tmp_path, library, schema):
    one = library if schema == 2 else old_library(tmp_path / "old")
    one.remember_ticks({ADDRESS: 1024})
    with one._index._open() as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'strap'")
        assert [sql.split() for (sql,) in rows] == [index._STRAPS.split()]
