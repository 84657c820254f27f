"""A practice's clients: found by name and by what was said, moved, and made one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import store
from pipelines.session import (
    Context,
    ContextLine,
    Mark,
    MarkView,
    Part,
    PartName,
    PartWords,
    Phase,
    PhaseName,
    Source,
    said_in,
)
from pipelines.store import database, index
from tests.pipelines.store.libraries import (
    abandoned,
    all_bytes,
    make_library,
    one_sentence,
    only_read,
    packet,
    recorded,
    sqlite_open,
)

JUNIPER, ROWAN = "Juniper of the hill", "rowan"
OWN, THEIRS = ("her hip", *[""] * 8), ("jaw", "tears", *[""] * 7)


def hour(library, *said, client=None, started=0.0):
    writer = library.new_session(started, client=client)
    writer.append([Source(0.0, 0, "client", "strap"), packet(1), *said])
    writer.append([Phase(60.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    return writer.session


def texts(library):
    return {session: [one.text for one in lines] for session, lines in library.said().items()}


def found(library, words):
    infos = library.sessions()
    return {
        one.client: [(line.session, line.time, line.text) for line in one.lines]
        for one in store.search_sessions(infos, library.said(), words, library.clients())
    }


def test_what_was_said_is_read_once_kept_encrypted_and_found(library, monkeypatch):
    one = hour(
        library,
        Mark(5.0, "touched the hip"),
        Mark(9.0, "a slip"),
        Mark(10.0, "", replaces=9.0, removed=True),
        Context(3.0, ContextLine.MEDICINES, "bisoprolol halved"),
        Part(20.0, PartName.MOVEMENT),
        PartWords(21.0, 20.0, after=False, text="it pulls"),
        Part(30.0, PartName.NONE),
        PartWords(31.0, 20.0, after=True, text="lighter"),
        client=JUNIPER,
    )
    other = hour(library, Mark(5.0, "long silence"), client=ROWAN)
    said = ["bisoprolol halved", "touched the hip", "it pulls", "lighter"]
    assert texts(library) == {one: said, other: ["long silence"]}
    again = store.open_library(library.folder, "x")
    with monkeypatch.context() as patch:
        patch.setattr(again, "_read_said", None)
        assert texts(again) == {one: said, other: ["long silence"]}
    written = all_bytes(library.folder)
    assert not [name for name, held in written.items() if b"bisoprolol" in held or b"slip" in held]
    assert found(again, "BISO") == {JUNIPER: [(one, 0.0, "bisoprolol halved")]}
    assert found(again, "hip juniper") == {JUNIPER: [(one, 5.0, "touched the hip")]}
    assert found(again, "hip rowan") == {}
    assert found(again, "rowan") == {ROWAN: []}
    assert found(again, "slip") == {}


def test_a_line_holds_some_of_the_words_where_the_name_holds_all(library):
    session = hour(library, Mark(5.0, "up the hill"), Mark(9.0, "jaw"), client=JUNIPER)
    assert found(library, "juniper hill") == {JUNIPER: [(session, 5.0, "up the hill")]}
    (one,) = store.search_sessions(library.sessions(), library.said(), "juniper hill")
    assert one.named
    (one,) = store.search_sessions(library.sessions(), library.said(), "juniper jaw")
    assert not one.named


def test_what_is_added_is_found_and_what_is_deleted_is_not(library):
    one, other = hour(library, Mark(5.0, "hip")), hour(library, Mark(5.0, "jaw"))
    assert texts(library) == {one: ["hip"], other: ["jaw"]}
    library.add(one, [Mark(70.0, "shoulder", replaces=5.0), Mark(71.0, "tears")])
    assert texts(library) == {one: ["shoulder", "tears"], other: ["jaw"]}
    library.delete(other)
    assert texts(library) == {one: ["shoulder", "tears"]}
    with sqlite_open(library) as connection:
        assert connection.execute("SELECT words FROM said").fetchall() == [
            ("shoulder",), ("tears",)]  # fmt: skip


def test_what_a_kill_left_unadded_to_the_index_is_read_again(library, monkeypatch):
    session = hour(library, Mark(5.0, "hip"))
    library.said()
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.store.library.add", interrupted(store.library.add))
        with pytest.raises(KeyboardInterrupt):
            library.add(session, [Mark(70.0, "jaw")])
    assert texts(library) == {session: ["hip", "jaw"]}


def interrupted(real):
    def add(connection, events):
        real(connection, events)
        raise KeyboardInterrupt

    return add


def test_a_session_that_goes_on_is_read_each_time(library):
    crashed = abandoned(library)
    writer = library.new_session(0.0)
    writer.append([Mark(1.0, "hip")])
    assert texts(library) == {crashed: [], writer.session: ["hip"]}
    writer.append([Mark(2.0, "jaw")])
    assert texts(library) == {crashed: [], writer.session: ["hip", "jaw"]}
    writer.close(beats=0)
    assert texts(library)[writer.session] == ["hip", "jaw"]


def test_a_library_that_is_only_read_is_searched_and_one_bad_file_hides_no_other(library):
    good, bad = hour(library, Mark(5.0, "hip")), hour(library, Mark(5.0, "jaw"))
    (library.folder / "sessions" / f"{bad}.db").write_bytes(b"x" * 8192)
    with only_read(library.folder) as view:
        assert texts(store.open_library(view, "x")) == {good: ["hip"], bad: []}
    assert texts(library) == {good: ["hip"], bad: []}


WORD = st.sampled_from(["hip", "Hip", "jaw", "long", "rowan", "ÄRGER", "ärger"])
LINES = st.lists(st.lists(WORD, min_size=1, max_size=3).map(" ".join), max_size=4)


@given(
    st.lists(st.tuples(st.sampled_from([None, "Rowan", "alder"]), LINES), max_size=4),
    st.lists(WORD, min_size=1, max_size=3),
)
def test_a_search_finds_each_line_that_holds_the_words_and_no_other(kept, wanted):
    infos = [
        store.SessionInfo(str(number), number, 1.0, 1, 1, "finished", (), client)
        for number, (client, _) in enumerate(kept)
    ]
    said = {
        str(number): [MarkView(float(place), text) for place, text in enumerate(lines)]
        for number, (_, lines) in enumerate(kept)
    }
    result = store.search_sessions(infos, said, " ".join(wanted))
    lines = {(line.session, line.time) for one in result for line in one.lines}
    for number, (client, texts) in enumerate(kept):
        for place, text in enumerate(texts):
            own = [one.casefold() in text.casefold() for one in wanted]
            both = [one.casefold() in f"{client or ''}\n{text}".casefold() for one in wanted]
            assert ((str(number), place) in lines) == (all(both) and any(own))
    named = {one.client for one in result if not one.lines}
    assert all(one.casefold() in (name or "").casefold() for name in named for one in wanted)


def test_clients_are_told_with_their_sessions_and_their_last(library):
    hour(library, client=ROWAN, started=5.0)
    hour(library, client=ROWAN, started=9.0)
    hour(library, started=7.0)
    library.keep_client_labels(JUNIPER, OWN)
    told = store.clients_of(library.sessions(), library.clients())
    assert [(one.client, one.sessions, one.last) for one in told] == [
        (JUNIPER, 0, None), (ROWAN, 2, 9.0), (None, 1, 7.0)]  # fmt: skip


@pytest.mark.parametrize("own", [("",) * 9, THEIRS])
def test_two_clients_become_one_with_all_sessions_and_one_set_of_labels(library, own):
    one, other, third = (hour(library, client=name) for name in (JUNIPER, ROWAN, "alder"))
    library.keep_client_labels(JUNIPER, OWN)
    library.keep_client_labels(ROWAN, own)
    log = library.folder / "index.db-wal"
    with library._index._open():
        library.merge_clients(JUNIPER, ROWAN)
        assert log.stat().st_size == 0
    again = store.open_library(library.folder, "x")
    assert {info.id: info.client for info in again.sessions()} == {
        one: ROWAN, other: ROWAN, third: "alder"}  # fmt: skip
    assert again.client_labels() == {ROWAN: own if any(own) else OWN}
    again.merge_clients(ROWAN, ROWAN)
    assert again.clients() == ["alder", ROWAN]
    assert again.client_labels() == {ROWAN: own if any(own) else OWN}


def test_labels_of_several_keys_are_taken_over_whole(library):
    hour(library, client=ROWAN)
    library.keep_client_labels(JUNIPER, THEIRS)
    library.merge_clients(JUNIPER, ROWAN)
    assert library.client_labels() == {ROWAN: THEIRS}


@pytest.mark.usefixtures("english")
def test_a_client_who_is_not_there_is_neither_merged_nor_named(library):
    hour(library, client=ROWAN)
    kept = all_bytes(library.folder)
    for pair in ((JUNIPER, ROWAN), (ROWAN, JUNIPER), (JUNIPER, JUNIPER)):
        with pytest.raises(store.UnknownClient) as caught:
            library.merge_clients(*pair)
        assert one_sentence(caught.value, library.folder)
        assert JUNIPER not in str(caught.value)
    assert all_bytes(library.folder) == kept


def test_an_index_of_schema_4_is_searched_and_keeps_all_it_holds(tmp_path, monkeypatch):
    now = index.TABLES
    before = now._replace(statements=now.statements[:5], migrations=now.migrations[:3])
    monkeypatch.setattr(index, "TABLES", before)
    library, _ = make_library(tmp_path / "library")
    session = recorded(library)
    library.name_client(session, JUNIPER)
    library.keep_client_labels(JUNIPER, OWN)
    library.remember_ticks({"strap": 1000})
    monkeypatch.setattr(index, "TABLES", now)
    held = library.sessions()
    with only_read(library.folder) as view:
        assert found(store.open_library(view, "x"), "hip juniper")[JUNIPER]
    with sqlite_open(library) as connection:
        assert database.schema_of(connection) == 4
    library.add(session, [Mark(70.0, "jaw")])
    assert found(library, "jaw") == {JUNIPER: [(session, 70.0, "jaw")]}
    with sqlite_open(library) as connection:
        assert database.schema_of(connection) == now.schema
    again = store.open_library(library.folder, "x")
    assert (again.sessions(), again.client_labels()) == (held, {JUNIPER: OWN})
    assert again.ticks() == {"strap": 1000}


@pytest.mark.parametrize("mark", [Mark(5.0, ""), Mark(5.0, "hip")])
def test_a_moment_without_words_says_nothing(mark):
    assert [one.text for one in said_in([mark])] == ([mark.text] if mark.text else [])
