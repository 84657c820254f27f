"""What straps count in is remembered by their address, encrypted, and only where it is unusual."""

import pytest

from pipelines import store
from pipelines.store import index
from tests.pipelines.store.libraries import all_bytes, only_read, recorded
from tests.pipelines.store.old_libraries import old_library

ADDRESS = "a0:9e:1a:8f:2a:3b"


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


@pytest.mark.parametrize("schema", [1, 2])
def test_a_new_index_and_a_migrated_one_have_the_same_tables(tmp_path, library, schema):
    one = library if schema == 2 else old_library(tmp_path / "old")
    one.remember_ticks({ADDRESS: 1024})
    with one._index._open() as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'strap'")
        assert [sql.split() for (sql,) in rows] == [index._STRAPS.split()]
