"""Sessions that enter together count once the index has their rows, and are gone otherwise."""

from pipelines import store
from pipelines.store import intake, keyfile
from pipelines.store.index import SessionInfo
from pipelines.store.session import rows_of
from tests.pipelines.store.libraries import count_packets, make_library, packet, recorded

PASSPHRASE = "seven quiet lamps"
NAMES = ("aaaaaaaa", "bbbbbbbb")


def arrivals():
    return [
        intake.Arrival(
            SessionInfo(name, 5.0, 1.0, 1, 1, "finished", (), "rowan"), rows_of([packet(1)])
        )
        for name in NAMES
    ]


def files(folder):
    return {path.name for path in (folder / "sessions").iterdir()}


def test_what_a_kill_left_before_the_rows_is_no_session_and_no_orphan_and_is_swept(library):
    kept = recorded(library)
    intake.write(library.folder, arrivals())
    (library.folder / "sessions" / "bbbbbbbb.db.new").write_bytes(b"x")
    assert [info.id for info in library.sessions()] == [kept]
    assert library.orphans() == []
    library.recover(count_beats=count_packets)
    assert files(library.folder) == {f"{kept}.db"}


def test_what_a_kill_left_after_the_rows_is_there_and_its_marks_are_swept(library):
    library._index.take_in(intake.write(library.folder, arrivals()))
    assert {one for one in files(library.folder) if one.endswith(".pending")}
    assert {name: library.events(name) for name in NAMES} == {name: [packet(1)] for name in NAMES}
    library.recover(count_beats=count_packets)
    assert files(library.folder) == {f"{name}.db" for name in NAMES}
    assert [info.client for info in library.sessions()] == ["rowan", "rowan"]
    library.delete(NAMES[0])
    assert files(library.folder) == {f"{NAMES[1]}.db"}


def test_what_another_program_takes_in_meanwhile_is_left_alone(library):
    with keyfile.alone(library.folder):
        intake.write(library.folder, arrivals())
        (library.folder / "sessions" / "bbbbbbbb.db.new").write_bytes(b"x")
        before = files(library.folder)
        library.recover(count_beats=count_packets)
        assert files(library.folder) == before


def test_a_restore_that_was_killed_before_there_was_a_library_begins_anew(library, tmp_path):
    session, path = recorded(library), tmp_path / "kept"
    library.back_up(path, now=0.0)
    half, _ = make_library(tmp_path / "half")
    intake.write(half.folder, arrivals())
    (half.folder / "library.json").unlink()
    again, _ = store.restore(path, half.folder, PASSPHRASE)
    assert [info.id for info in again.sessions()] == [session]
    assert files(half.folder) == {f"{session}.db"}
