"""What was acknowledged survives: kill -9 at any moment, a full disk, a file changed outside."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import events as ev
from pipelines import store
from pipelines.store import database, locks, sqlite

FAST = store.Cost(n=2, r=1, p=1)
ROOT = Path(__file__).parents[2]

RECORD = """
import sys, time
from pathlib import Path
from pipelines import store
from pipelines.events import Packet
library = store.open_library(Path(sys.argv[1]))
per_session = int(sys.argv[2])
i = 0
while True:
    writer = library.new_session(float(i))
    store.write_contact(library.folder, writer.session, "here", b"key")
    for _ in range(per_session):
        writer.append([Packet(float(i), 0, "heart_rate", b"%d" % i * 40)])
        print(writer.session, i, flush=True)
        i += 1
    writer.close(beats=per_session)
"""


def packet(i: int) -> ev.Packet:
    return ev.Packet(float(i), 0, "heart_rate", b"%d" % i * 40)


def count_packets(events) -> int:
    return sum(isinstance(event, ev.Packet) for event in events)


@pytest.fixture
def library(tmp_path):
    return store.create_library(tmp_path / "library", "x", cost=FAST)[0]


def kill_while_recording(folder: Path, after: float, per_session: int) -> list[tuple[str, int]]:
    """Record in another process, kill it -9 `after` s from its first word; return its words."""
    child = subprocess.Popen(
        [sys.executable, "-c", RECORD, str(folder), str(per_session)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with child, tempfile.TemporaryFile("w+") as said:
        assert child.stdout is not None
        said.write(child.stdout.readline())
        time.sleep(after)
        child.kill()
        said.write(child.stdout.read())
        said.seek(0)
        lines = said.read().splitlines(keepends=True)
    return [(line.split()[0], int(line.split()[1])) for line in lines if line.endswith("\n")]


def kill_once(folder: Path, seed: int, *, per_session: int) -> None:
    rng = random.Random(seed)
    library = store.open_or_create_with_key_file(folder)
    known = {info.id for info in library.sessions()}
    words = kill_while_recording(folder, rng.uniform(0.0, 0.15), per_session)
    assert store.running_sessions(folder) == []
    new = [info for info in library.sessions() if info.id not in known]
    assert {name for name, _ in words} <= {info.id for info in new}
    recovery = library.recover(count_beats=count_packets)
    unfinished = tuple(info.id for info in new if info.state == "recording")
    assert recovery == store.Recovery(recovered=unfinished)
    assert library.recover(count_beats=count_packets) == store.Recovery()
    for info in new:
        acknowledged = [packet(i) for name, i in words if name == info.id]
        events = library.events(info.id)
        assert events[: len(acknowledged)] == acknowledged, f"seed {seed}"
        assert len(events) <= len(acknowledged) + 1
        after = library.session(info.id)
        assert after.state in ("finished", "recovered")
        assert after.packets == after.beats == len(events)
        assert_whole(library, info.id)
    assert not list((folder / "sessions").glob("*.db-*"))
    assert not list(folder.glob("index.db-*"))
    assert not list((folder / "sessions").glob("*.new*"))
    assert not list((folder / "running").iterdir())


def assert_whole(library, session: str) -> None:
    path = library.folder / "sessions" / f"{session}.db"
    place = database.Place("Session", library.folder)
    with database.opened(path, library._index.key(session), place) as connection:
        assert database.damage(connection) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_kill_loses_nothing_acknowledged(tmp_path, seed):
    kill_once(tmp_path / "library", seed, per_session=10**9)


def test_a_kill_while_sessions_begin_and_end_loses_nothing(tmp_path):
    for seed in range(3):
        kill_once(tmp_path / "library", seed, per_session=3)


@pytest.mark.long
def test_fifty_kills_lose_nothing_acknowledged(tmp_path):
    for seed in range(100, 150):
        kill_once(tmp_path / "library", seed, per_session=(10**9, 3)[seed % 2])


def test_what_a_crash_while_a_session_began_left_is_swept_and_nothing_else(library):
    writer = library.new_session(0.0)
    for name in (
        "sessions/aaaaaaaa.db.new",
        "sessions/aaaaaaaa.db.new-wal",
        "sessions/bbbbbbbb.db",
    ):
        (library.folder / name).write_bytes(b"x")
    for name in ("aaaaaaaa.lock", "bbbbbbbb.lock", "bbbbbbbb.contact"):
        (library.folder / "running" / name).write_bytes(b"")
    library.recover(count_beats=count_packets)
    left = {path.name for path in (library.folder / "running").iterdir()}
    assert left == {f"{writer.session}.lock"}
    assert not list((library.folder / "sessions").glob("*.new*"))
    assert (library.folder / "sessions" / "bbbbbbbb.db").exists()
    writer.append([packet(1)])
    assert writer.close(beats=1)


def test_a_given_session_is_recovered_and_the_others_left(library):
    first, second = abandoned(library), abandoned(library)
    assert library.recover(second, count_beats=count_packets).recovered == (second,)
    states = {info.id: (info.state, info.beats) for info in library.sessions()}
    assert states == {first: ("recording", 0), second: ("recovered", 3)}
    assert library.recover(second, count_beats=count_packets) == store.Recovery()


def abandoned(library) -> str:
    """A session as a killed process leaves it: its files copied while it was recorded."""
    writer = library.new_session(0.0)
    writer.append([ev.Source(0.0, 0, "client", "strap"), packet(1), packet(2), packet(3)])
    folder = library.folder / "sessions"
    kept = {path: path.read_bytes() for path in folder.glob(f"{writer.session}.db*")}
    index = (library.folder / "index.db").read_bytes()
    writer.close(beats=0)
    for path, content in kept.items():
        path.write_bytes(content)
    (library.folder / "index.db").write_bytes(index)
    return writer.session


def test_a_recovered_session_is_summed_up_as_a_closed_one(library):
    session = abandoned(library)
    library.recover(count_beats=count_packets)
    info = library.session(session)
    assert (info.duration_s, info.packets, info.beats) == (3.0, 3, 3)
    assert info.sources == (store.SessionSource(0, "client", "strap"),)
    assert not list((library.folder / "sessions").glob("*.db-*"))


def test_one_damaged_session_is_named_and_the_others_recovered(library):
    good, bad, gone = abandoned(library), abandoned(library), abandoned(library)
    (library.folder / "sessions" / f"{bad}.db").write_bytes(b"x" * 8192)
    (library.folder / "sessions" / f"{gone}.db").unlink()
    recovery = library.recover(count_beats=count_packets)
    assert recovery.recovered == (good,)
    assert [name for name, _ in recovery.troubles] == [
        info.id for info in library.sessions() if info.id != good
    ]
    for name, sentence in recovery.troubles:
        assert name in sentence
        assert str(library.folder) in sentence
    with pytest.raises(store.Unreadable):
        library.recover(bad, count_beats=count_packets)
    assert library.session(bad).state == "recording"


def test_what_follows_a_torn_end_of_the_log_is_all_that_is_missing(library):
    session = abandoned(library)
    log = library.folder / "sessions" / f"{session}.db-wal"
    content = log.read_bytes()
    log.write_bytes(content[:-7])
    library.recover(count_beats=count_packets)
    whole = [ev.Source(0.0, 0, "client", "strap"), packet(1), packet(2), packet(3)]
    assert library.events(session) in (whole, [])


# A full disk


@contextmanager
def small_disk(folder: Path, size: str):
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path):
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("a small tmpfs needs Linux and mount")
    with small_disk(tmp_path / "disk", "600k"):
        yield tmp_path / "disk"


def fill_up(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return filler


def append_until_full(writer) -> tuple[int, store.CannotWrite]:
    """Append until the disk takes no more; return how many it took, and what was said."""
    kept = 0
    while True:
        try:
            writer.append([packet(kept)])
        except store.CannotWrite as error:
            return kept, error
        kept += 1


def assert_says_so(error: store.CannotWrite, session: str) -> None:
    assert session in str(error)
    assert str(error).count(".") == 1
    assert "everything before is kept" in str(error)


def test_a_full_disk_stops_in_words_and_keeps_everything_before(disk):
    library, _ = store.create_library(disk / "library", "x", cost=FAST)
    writer = library.new_session(0.0)
    kept, error = append_until_full(writer)
    assert isinstance(error, store.DiskFull)
    assert_says_so(error, writer.session)
    expected = [packet(i) for i in range(kept)]
    assert kept > 20
    assert library.events(writer.session) == expected
    filler = fill_up(disk)
    closed = writer.close(beats=kept)
    assert library.events(writer.session) == expected
    assert library.session(writer.session).id == writer.session
    filler.unlink()
    grow(disk)
    recovery = library.recover(count_beats=count_packets)
    assert recovery.recovered == (() if closed else (writer.session,))
    assert library.session(writer.session).packets == kept
    assert library.events(writer.session) == expected


def grow(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)


def test_after_a_full_disk_the_same_session_goes_on(disk):
    library, _ = store.create_library(disk / "library", "x", cost=FAST)
    writer = library.new_session(0.0)
    kept, _ = append_until_full(writer)
    grow(disk)
    writer.append([packet(kept)])
    assert writer.close(beats=kept + 1)
    assert library.events(writer.session) == [packet(i) for i in range(kept + 1)]


def test_a_crash_on_a_full_disk_is_read_at_once_and_recovered_later(disk):
    library, _ = store.create_library(disk / "library", "x", cost=FAST)
    session = abandoned(library)
    for path in (disk / "library" / "sessions").glob("*-shm"):
        path.unlink()
    fill_up(disk)
    assert count_packets(library.events(session)) == 3
    grow(disk)
    assert library.recover(count_beats=count_packets).recovered == (session,)


def test_a_session_can_be_deleted_to_make_room(disk):
    library, _ = store.create_library(disk / "library", "x", cost=FAST)
    writer = library.new_session(0.0)
    kept, _ = append_until_full(writer)
    fill_up(disk)
    writer.close(beats=kept)
    library.delete(writer.session)
    assert library.sessions() == []
    again = library.new_session(1.0)
    again.append([packet(1)])
    assert again.close(beats=1)


def test_no_new_session_library_or_export_on_a_full_disk_but_a_sentence(disk):
    library, _ = store.create_library(disk / "library", "x", cost=FAST)
    writer = library.new_session(0.0)
    writer.append([ev.Packet(0.0, 0, "x", random.Random(1).randbytes(30_000))])
    writer.close(beats=0)
    before = set(disk.rglob("*"))
    filler = fill_up(disk)
    with pytest.raises(store.DiskFull):
        library.new_session(0.0)
    with pytest.raises(store.DiskFull):
        store.create_library(disk / "other", "x", cost=FAST)
    with pytest.raises(store.DiskFull):
        store.export_session(library, writer.session, disk)
    filler.unlink()
    assert len(library.sessions()) == 1
    assert len(library.events(writer.session)) == 1
    assert {path for path in disk.rglob("*") if path.is_file()} - before == set()
    assert store.create_library(disk / "other", "x", cost=FAST)


def test_a_limit_on_file_size_stops_in_words_too(library):
    resource = pytest.importorskip("resource", reason="limits on file size are POSIX's")
    writer = library.new_session(0.0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        kept, error = append_until_full(writer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert_says_so(error, writer.session)
    assert kept > 20
    assert library.events(writer.session) == [packet(i) for i in range(kept)]
    writer.append([packet(kept)])
    assert writer.close(beats=kept + 1)
    assert len(library.events(writer.session)) == kept + 1


def test_a_vanished_disk_is_a_sentence(library):
    library.folder.rename(library.folder.parent / "elsewhere")
    with pytest.raises(store.LibraryError) as caught:
        library.sessions()
    assert str(library.folder) in str(caught.value)
    with pytest.raises(store.LibraryError):
        library.new_session(0.0)


# Files changed from outside


@pytest.fixture(scope="module")
def recorded():
    with tempfile.TemporaryDirectory() as folder:
        library, _ = store.create_library(Path(folder) / "library", "x", cost=FAST)
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


def test_a_crash_while_the_library_was_made_is_made_good(library):
    (library.folder / "index.db").unlink()
    assert store.open_library(library.folder, "x").sessions() == []


def test_a_crash_before_the_library_had_a_key_leaves_its_folder_usable(tmp_path):
    folder = tmp_path / "library"
    for part in ("running", "sessions"):
        (folder / part).mkdir(parents=True)
    (folder / "library.json.new").write_bytes(b"{")
    library, _ = store.create_library(folder, "x", cost=FAST)
    assert library.sessions() == []
    assert not (folder / "library.json.new").exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"schema": 1}', b'{"schema": "1"}', b"\xff", b'{"schema": -1}']
)
def test_a_changed_key_file_is_a_sentence(library, content):
    (library.folder / "library.json").write_bytes(content)
    with pytest.raises(store.Unreadable, match="key file"):
        store.open_library(library.folder, "x")


@pytest.mark.parametrize("part", ["library.json", "index.db", "session"])
def test_a_newer_schema_is_refused_in_words(library, part):
    writer = library.new_session(0.0)
    writer.close(beats=0)
    if part == "library.json":
        content = (library.folder / part).read_text()
        (library.folder / part).write_text(content.replace('"schema": 1', '"schema": 99, "x": 2'))
    elif part == "index.db":
        set_version(library.folder / part, library._key)
    else:
        path = library.folder / "sessions" / f"{writer.session}.db"
        set_version(path, library._index.key(writer.session))
    with pytest.raises(store.NewerSchema, match=r"newer Interbeat \(schema 99, this one reads 1\)"):
        store.open_library(library.folder, "x").events(writer.session)


def set_version(path: Path, key: bytes) -> None:
    place = database.Place("It", path.parent)
    with database.opened(path, key, place) as connection:
        connection.execute("PRAGMA user_version = 99")


def test_a_body_that_is_no_event_is_a_sentence(library):
    writer = library.new_session(0.0)
    writer.append([packet(1)])
    writer.close(beats=1)
    path = library.folder / "sessions" / f"{writer.session}.db"
    place = database.Place("It", path.parent)
    with database.opened(path, library._index.key(writer.session), place) as connection:
        connection.execute("UPDATE event SET body = x'00'")
    with pytest.raises(store.Unreadable, match=writer.session):
        library.events(writer.session)


def test_a_failing_index_leaves_no_half_session(library, monkeypatch):
    def refuse(*_):
        raise store.DiskFull("Full.")

    monkeypatch.setattr(library._index, "add", refuse)
    with pytest.raises(store.DiskFull):
        library.new_session(0.0)
    assert list((library.folder / "sessions").iterdir()) == []
    assert list((library.folder / "running").iterdir()) == []


def test_a_session_that_cannot_be_opened_leaves_neither_row_nor_file(library, monkeypatch):
    connect = database.connect

    def refuse(path, key, place):
        if path.parent.name == "sessions":
            raise store.DiskFull("Full.")
        return connect(path, key, place)

    monkeypatch.setattr(database, "connect", refuse)
    with pytest.raises(store.DiskFull):
        library.new_session(0.0)
    assert library.sessions() == []
    assert list((library.folder / "sessions").iterdir()) == []
    assert list((library.folder / "running").iterdir()) == []


def test_a_busy_library_is_a_sentence(library, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_TIMEOUT", 0.05)
    place = database.Place("The index", library.folder)
    with (
        database.opened(library.folder / "index.db", library._key, place) as connection,
        database.transaction(connection),
        pytest.raises(store.SessionInUse, match="in use by another program"),
    ):
        library.new_session(0.0)


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


def test_errors_of_sqlite_without_a_code_count_as_unreadable():
    assert sqlite.code(ValueError("no code")) == sqlite.ERROR
