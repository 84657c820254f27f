"""What straps count in is remembered by their address, encrypted, and only where it is unusual."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.session import events as ev
from pipelines.store import index
from tests.pipelines.store.libraries import (
    abandoned,
    all_bytes,
    count_packets,
    make_library,
    one_sentence,
    only_read,
    recorded,
)
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


def worn(library, address, *told):
    """A later session of a strap that tells its model where `told` says one."""
    writer = library.new_session(float(len(library.sessions())))
    joined = ev.Source(0.0, 0, "client", "strap"), ev.Source(1.0, 0, "client", "strap", address)
    straps = [ev.Strap(2.0, 0, "strap", model, 80) for model in told]
    writer.append([*joined, *straps, ev.Source(3.0, 0, "client", "strap", address, ticks=1000)])
    writer.close(beats=0)
    return writer.session


def test_the_model_of_a_strap_is_known_by_its_address_as_long_as_a_session_tells_it(library):
    first = worn(library, ADDRESS.upper(), "HRM-Dual", None)
    assert library.models() == {ADDRESS: "HRM-Dual"}
    worn(library, ADDRESS, None)
    worn(library, "another")
    newest = worn(library, ADDRESS, "H10")
    assert store.open_library(library.folder, "x").models() == {ADDRESS: "H10"}
    library.delete(newest)
    assert library.models() == {ADDRESS: "HRM-Dual"}
    library.delete(first)
    assert library.models() == {}


def test_another_strap_that_joins_in_a_place_has_no_model_of_the_one_before():
    log = [
        ev.Source(0.0, 0, "client", "strap", "one"),
        ev.Strap(1.0, 0, "strap", "H10", None),
        ev.Source(2.0, 0, "client", "strap", "other"),
    ]
    (source,) = store.summarise(log, store.Summary()).sources
    assert (source.address, source.model) == ("other", "")


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


NAMES = ("Alder", "Birch")
OWN = ("her hip", "", "Ölçü", *[""] * 6)


def test_a_session_is_its_clients_from_its_beginning(library):
    writer = library.new_session(0.0, client=NAME)
    assert library.session(writer.session).client == NAME
    writer.close(beats=0)
    assert library.session(writer.session).client == NAME
    library.name_client(writer.session, "rowan")
    assert library.session(writer.session).client == "rowan"
    written = all_bytes(library.folder)
    assert not [name for name, held in written.items() if NAME.encode() in held or NAME in name]


def test_a_session_that_a_crash_left_is_its_clients(library):
    name = abandoned(library, client=NAME)
    assert library.session(name).client == NAME
    assert library.recover(count_beats=count_packets).recovered == (name,)
    assert library.session(name).client == NAME


def test_a_library_that_anybody_can_open_begins_no_clients_session_and_keeps_none_their_labels(
    tmp_path,
):
    demo = store.open_or_create_with_key_file(tmp_path / "demo")
    for call in (
        lambda: demo.new_session(0.0, client=NAME),
        lambda: demo.keep_client_labels(NAME, OWN),
    ):
        with pytest.raises(store.LibraryError) as caught:
            call()
        assert one_sentence(caught.value, demo.folder)
        assert NAME not in str(caught.value)
    assert (demo.sessions(), demo.orphans(), demo.client_labels()) == ([], [], {})


def test_a_client_has_labels_of_their_own_and_nobody_else_does(library):
    library.keep_labels(("tears", *[""] * 8))
    library.keep_client_labels(NAME, OWN)
    library.keep_client_labels("rowan", OWN[::-1])
    again = store.open_library(library.folder, "x")
    assert again.client_labels() == {NAME: OWN, "rowan": OWN[::-1]}
    assert again.labels() == ("tears", *[""] * 8)
    assert again.clients() == [NAME, "rowan"]
    written = all_bytes(library.folder)
    words = (NAME.encode(), *(one.encode() for one in OWN if one))
    assert not [name for name, held in written.items() if any(one in held for one in words)]
    again.keep_client_labels(NAME, [""] * 9)
    assert again.client_labels() == {"rowan": OWN[::-1]}
    with pytest.raises(ValueError, match="nine"):
        again.keep_client_labels("rowan", OWN[:8])


@pytest.mark.parametrize("wrong", [None, b"bytes"])
def test_labels_of_a_client_that_cannot_be_kept_leave_those_that_were(library, wrong):
    library.keep_client_labels(NAME, OWN)
    with pytest.raises(store.LibraryError) as caught:
        library.keep_client_labels(NAME, (*OWN[:8], wrong))
    assert NAME not in str(caught.value)
    assert library.client_labels() == {NAME: OWN}


def test_what_a_clients_keys_marked_stays_in_no_log_while_another_looks_on(library):
    log = library.folder / "index.db-wal"
    with library._index._open():
        library.keep_client_labels(NAME, OWN)
        assert log.stat().st_size == 0


def test_a_clients_labels_go_with_their_last_session_and_with_no_other(library):
    one, other, rowans = recorded(library), recorded(library), recorded(library)
    for session, name in ((one, NAME), (other, NAME), (rowans, "rowan")):
        library.name_client(session, name)
        library.keep_client_labels(name, OWN)
    library.delete(rowans)
    assert library.client_labels() == {NAME: OWN}
    library.delete(one)
    library.delete(recorded(library))  # nobody's
    assert library.client_labels() == {NAME: OWN}
    library.delete(other)
    assert (library.client_labels(), library.clients()) == ({}, [])


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("keep"), st.sampled_from(NAMES), st.sampled_from([OWN, ("",) * 9])),
            st.tuples(st.just("name"), st.integers(0, 2), st.sampled_from([*NAMES, None])),
            st.tuples(st.just("delete"), st.integers(0, 2), st.none()),
        ),
        max_size=10,
    )
)
def test_each_client_keeps_the_labels_said_last_until_their_last_session_goes(
    tmp_path_factory, steps
):
    library, _ = make_library(tmp_path_factory.mktemp("each") / "library")
    whose = dict.fromkeys([recorded(library) for _ in range(3)])
    sessions, kept = list(whose), {}
    for what, which, value in steps:
        if what == "keep":
            library.keep_client_labels(which, value)
            kept = {name: one for name, one in kept.items() if name != which}
            kept |= {which: value} if any(value) else {}
        elif sessions[which] in whose and what == "name":
            library.name_client(sessions[which], value)
            whose[sessions[which]] = value
        elif sessions[which] in whose:
            library.delete(sessions[which])
            gone = whose.pop(sessions[which])
            if gone not in whose.values():
                kept.pop(gone, None)
        assert library.client_labels() == kept
        assert library.clients() == sorted({*filter(None, whose.values()), *kept})


def test_a_name_taken_back_by_mistake_finds_its_labels_again(library):
    session = recorded(library)
    library.name_client(session, NAME)
    library.keep_client_labels(NAME, OWN)
    library.name_client(session, "rowan")
    assert library.clients() == [NAME, "rowan"]
    library.name_client(session, NAME)
    assert (library.clients(), library.client_labels()) == ([NAME], {NAME: OWN})


def test_an_older_index_keeps_a_clients_labels_once_it_is_written(tmp_path):
    old = old_library(tmp_path / "old")
    with only_read(old.folder) as view:
        assert store.open_library(view, "x").client_labels() == {}
    sessions = old.sessions()
    old.keep_client_labels(NAME, OWN)
    assert old.client_labels() == {NAME: OWN}
    assert old.sessions() == sessions


def test_an_index_of_schema_3_keeps_all_it_holds(tmp_path, monkeypatch):
    before = index.TABLES
    now = before._replace(statements=before.statements[:4], migrations=before.migrations[:2])
    monkeypatch.setattr(index, "TABLES", now)
    library, _ = make_library(tmp_path / "library")
    session = recorded(library)
    library.name_client(session, NAME)
    library.keep_labels(OWN)
    library.keep_pedal(7)
    monkeypatch.setattr(index, "TABLES", before)
    assert (library.client_labels(), library.clients()) == ({}, [NAME])
    held = library.sessions()
    library.keep_client_labels(NAME, OWN[::-1])
    again = store.open_library(library.folder, "x")
    assert (again.sessions(), again.labels(), again.pedal()) == (held, OWN, 7)
    assert again.client_labels() == {NAME: OWN[::-1]}


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
        query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name != 'session'"
        found = {" ".join(sql.split()) for (sql,) in connection.execute(query)}
        assert found == {" ".join(sql.split()) for sql in index.TABLES.statements[1:]}
