"""What a newer program wrote is read where that is safe, never changed, and else named."""

import json
import zipfile

import msgspec
import pytest

from pipelines import store
from pipelines.session import Unknown, newer_note
from pipelines.store import database
from tests.pipelines.store.libraries import (
    all_bytes,
    count_packets,
    one_sentence,
    packet,
    recorded,
)
from tests.pipelines.store.newer_libraries import (
    AIRFLOW,
    CODE,
    FUTURE,
    MARK,
    WEIGHT,
    from_the_future,
    insert,
    session_file,
)

PASSPHRASE = "x"
PARTS = ("library.json", "index.db", "session")


@pytest.mark.parametrize("part", PARTS)
def test_a_newer_library_that_may_be_read_is_read_and_not_changed(library, tmp_path, part):
    name = recorded(library)
    before = library.events(name)
    from_the_future(library, name, part, 1)
    kept = all_bytes(library.folder)
    newer = store.open_library(library.folder, PASSPHRASE)
    assert [info.id for info in newer.sessions()] == [name]
    assert newer.events(name) == before
    path = store.export_session(newer, name, tmp_path / "out")
    assert list(store.read_export(path).events) == before
    assert newer.recover(count_beats=count_packets) == store.Recovery()
    assert all_bytes(library.folder) == kept


def test_a_newer_file_that_is_open_takes_no_writing(library):
    name = recorded(library)
    from_the_future(library, name, "session", 1)
    with pytest.raises(store.CannotWrite), session_file(library, name) as connection:
        connection.execute("DELETE FROM event")
    assert len(library.events(name)) == 15


@pytest.mark.parametrize("part", ["library.json", "index.db"])
def test_a_newer_library_says_so_and_refuses_what_would_change_it(library, part):
    name = recorded(library)
    unfinished = library.new_session(0.0)
    unfinished.append([packet(1)])
    assert library.newer is None
    from_the_future(library, name, part, 1)
    unfinished.close(beats=1)
    kept = all_bytes(library.folder)
    newer = store.open_library(library.folder, PASSPHRASE)
    assert "can only be read by this one; install the newer Interbeat" in newer.newer
    for call in (
        lambda: newer.new_session(0.0),
        lambda: newer.delete(name),
        lambda: newer.change_passphrase("other"),
        lambda: newer.change_recovery_key(print),
        lambda: newer.add(name, [packet(1)]),
        lambda: newer.name_client(name, "Juniper"),
        lambda: newer.merge_clients("Juniper", "rowan"),
        lambda: newer.back_up(library.folder.parent / "kept", now=0.0),
        lambda: newer.restore(library.folder.parent / "kept"),
        lambda: newer.take_in([]),
        lambda: newer.withdraw(name, "client", count_beats=len),
        lambda: newer.keep_labels([""] * 9),
        lambda: newer.keep_pedal(1),
    ):
        with pytest.raises(store.NewerSchema) as caught:
            call()
        assert caught.value.sentence == newer.newer
        assert one_sentence(caught.value, library.folder)
    assert all_bytes(library.folder) == kept


def test_a_session_that_was_recorded_while_the_index_became_newer_is_kept(library):
    writer = library.new_session(0.0)
    writer.append([packet(1)])
    from_the_future(library, writer.session, "index.db", 1)
    assert not writer.close(beats=1)
    assert library.events(writer.session) == [packet(1)]
    recovery = library.recover(count_beats=count_packets)
    assert [name for name, _ in recovery.troubles] == [writer.session]


@pytest.mark.parametrize("reader", [0, FUTURE, 6, -1])  # the index is of schema 5 itself
@pytest.mark.parametrize("part", PARTS)
def test_one_that_must_not_be_read_names_what_to_install(library, part, reader):
    name = recorded(library)
    from_the_future(library, name, part, reader)
    with pytest.raises(store.NewerSchema, match=r"newer Interbeat \(schema 7.*; install") as caught:
        store.open_library(library.folder, PASSPHRASE).events(name)
    assert one_sentence(caught.value, library.folder)


def test_a_newer_session_that_a_crash_left_is_not_made_whole_by_an_older_program(library):
    writer = library.new_session(0.0)
    writer.append([packet(1)])
    from_the_future(library, writer.session, "session", 2)
    writer._watch.close()
    database.close(writer._connection)
    writer._release()
    ((_, sentence),) = library.recover(count_beats=count_packets).troubles
    assert "install the newer Interbeat" in sentence
    assert library.events(writer.session) == [packet(1)]


def test_kinds_and_fields_of_newer_programs_are_kept_to_the_byte(library, tmp_path):
    name = recorded(library)
    known = library.events(name)
    insert(library, name, AIRFLOW, WEIGHT, CODE, MARK)
    events = library.events(name)
    assert events[:-4] == known
    assert events[-4:-1] == [
        Unknown(9.0, "Airflow", 0, AIRFLOW, FUTURE),
        Unknown(9.5, "Weight", None, WEIGHT, FUTURE),
        Unknown(9.6, "Link", 0, CODE, FUTURE),
    ]
    assert events[-1].text == "hip"
    assert newer_note(events).startswith("written by a newer version, 3 kinds of events are not")
    export = store.read_export(store.export_session(library, name, tmp_path / "out"))
    assert list(export.events) == events
    assert export.note == newer_note(events)
    writer = library.new_session(0.0)
    writer.append(export.events)
    writer.close(beats=0)
    assert library.events(writer.session) == events
    with session_file(library, writer.session) as connection:
        rows = connection.execute("SELECT source, kind, body FROM event ORDER BY seq").fetchall()
    assert rows[-4:-2] == [(0, "Airflow", AIRFLOW), (None, "Weight", WEIGHT)]
    assert msgspec.msgpack.decode(rows[-1][2])["colour"] == "red"


def test_a_session_of_nothing_but_newer_kinds_is_neither_damaged_nor_empty(library, tmp_path):
    name = recorded(library, rounds=0)
    insert(library, name, AIRFLOW, WEIGHT)
    assert len(library.events(name)) == 2
    assert store.read_export(store.export_session(library, name, tmp_path / "out")).note


def test_a_kind_that_must_not_be_passed_over_names_what_to_install(library, tmp_path):
    name, other = recorded(library), recorded(library)
    insert(library, name, msgspec.msgpack.encode({"type": "Beat", "time": 9.0, "reader": FUTURE}))
    for call in (
        lambda: library.events(name),
        lambda: store.export_session(library, name, tmp_path / "out"),
    ):
        with pytest.raises(store.NewerSchema, match="must not be left out; install") as caught:
            call()
        assert one_sentence(caught.value, library.folder)
    assert len(library.events(other)) == 15


def rewritten(path, change):
    """Change metadata and lines of an export."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    metadata = json.loads(files["metadata.json"])
    lines = change(metadata, files["events.jsonl"].splitlines())
    files["events.jsonl"] = b"".join(line + b"\n" for line in lines)
    files["metadata.json"] = json.dumps(metadata | {"events": len(lines)}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(("reader", "readable"), [(1, True), (2, True), (0, False), (3, False)])
def test_a_newer_export_is_read_where_it_says_so(library, tmp_path, reader, readable):
    path = store.export_session(library, recorded(library), tmp_path / "out")

    def later(metadata, lines):
        metadata.update(schema=FUTURE, reader=reader, event_schema=FUTURE, more=[1])
        return [*lines, b'{"type":"Airflow","time":9.0,"flow":[1,2.5]}']

    rewritten(path, later)
    if readable:
        export = store.read_export(path)
        assert len(export.events) == 16
        assert export.note == "written by a newer version, 1 kind of events is not shown"
    else:
        with pytest.raises(store.NewerSchema, match="install the newer"):
            store.read_export(path)


def test_a_line_that_must_not_be_passed_over_is_named(library, tmp_path):
    path = store.export_session(library, recorded(library), tmp_path / "out")
    line = b'{"type":"Beat","time":9.0,"reader":%d}' % FUTURE
    rewritten(path, lambda metadata, lines: [*lines, line])
    with pytest.raises(store.NewerSchema, match="must not be left out; install"):
        store.read_export(path)
