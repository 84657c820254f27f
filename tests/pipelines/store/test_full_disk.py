"""A disk that is full or gone is told in one sentence, and everything before it is kept."""

import random
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines import store
from pipelines.session import events as ev
from pipelines.store import database
from tests.pipelines.store.libraries import abandoned, count_packets, make_library, packet


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
    library, _ = make_library(disk / "library")
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
    library, _ = make_library(disk / "library")
    writer = library.new_session(0.0)
    kept, _ = append_until_full(writer)
    grow(disk)
    writer.append([packet(kept)])
    assert writer.close(beats=kept + 1)
    assert library.events(writer.session) == [packet(i) for i in range(kept + 1)]


def test_a_crash_on_a_full_disk_is_read_at_once_and_recovered_later(disk):
    library, _ = make_library(disk / "library")
    session = abandoned(library)
    for path in (disk / "library" / "sessions").glob("*-shm"):
        path.unlink()
    fill_up(disk)
    assert count_packets(library.events(session)) == 3
    grow(disk)
    assert library.recover(count_beats=count_packets).recovered == (session,)


def test_a_session_can_be_deleted_to_make_room(disk):
    library, _ = make_library(disk / "library")
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
    library, _ = make_library(disk / "library")
    writer = library.new_session(0.0)
    writer.append([ev.Packet(0.0, 0, "x", random.Random(1).randbytes(30_000))])
    writer.close(beats=0)
    before = set(disk.rglob("*"))
    filler = fill_up(disk)
    with pytest.raises(store.DiskFull):
        library.new_session(0.0)
    with pytest.raises(store.DiskFull):
        make_library(disk / "other", "x")
    with pytest.raises(store.DiskFull):
        store.export_session(library, writer.session, disk)
    filler.unlink()
    assert len(library.sessions()) == 1
    assert len(library.events(writer.session)) == 1
    assert {path for path in disk.rglob("*") if path.is_file()} - before == set()
    assert make_library(disk / "other", "x")


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

    def refuse(path, *how, patience):
        if path.parent.name == "sessions":
            raise store.DiskFull("Full.")
        return connect(path, *how, patience=patience)

    monkeypatch.setattr(database, "connect", refuse)
    with pytest.raises(store.DiskFull):
        library.new_session(0.0)
    assert library.sessions() == []
    assert list((library.folder / "sessions").iterdir()) == []
    assert list((library.folder / "running").iterdir()) == []
