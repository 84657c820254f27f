"""What was acknowledged survives a kill -9 at any moment, and is recovered."""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipelines import store
from pipelines.session import events as ev
from pipelines.store import database, trouble
from pipelines.store.session import TABLES as SESSION_TABLES
from tests.pipelines.store.libraries import ROOT, abandoned, count_packets, make_library, packet

PASSPHRASE = "x"

RECORD = """
import sys, time
from pathlib import Path
from pipelines import store
from pipelines.session.events import Packet
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
    place = trouble.Place("Session", library.folder)
    with database.opened(path, library._index.key(session), SESSION_TABLES, place) as connection:
        assert database.damage(connection) == []


@pytest.mark.sampled
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


def test_a_crash_of_version_0_1_0_while_the_library_was_made_is_made_good(library):
    (library.folder / "index.db").unlink()
    assert store.open_library(library.folder, "x").sessions() == []


def test_a_copy_without_its_index_is_a_loss_that_is_said(library):
    (library.folder / "index.db").unlink()
    (library.folder / "sessions").rmdir()
    with pytest.raises(store.Unreadable, match="index"):
        store.open_library(library.folder, "x")


def test_every_unfinished_file_of_ours_is_swept_by_recover(library):
    names = ("library.json.new", "library.key.new", "index.db.new", "index.db.new-wal")
    names += ("sessions/aaaaaaaa.db.new", "sessions/aaaaaaaa.db.new-journal")
    for name in names:
        (library.folder / name).write_bytes(b"x")
    (library.folder / "letter.new").write_text("mine")
    library.recover(count_beats=count_packets)
    left = {path.name for path in library.folder.rglob("*") if path.is_file()}
    assert left == {"library.json", "index.db", "letter.new"}


def test_a_crash_before_the_library_had_a_key_leaves_its_folder_usable(tmp_path):
    folder = tmp_path / "library"
    for part in ("running", "sessions"):
        (folder / part).mkdir(parents=True)
    (folder / "library.json.new").write_bytes(b"{")
    library, _ = make_library(folder)
    assert library.sessions() == []
    assert not (folder / "library.json.new").exists()
