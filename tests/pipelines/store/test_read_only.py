"""Copies that may only be read, and copies that lack what backups leave out."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from pipelines import store
from pipelines.store import sqlite, trouble
from tests.pipelines.store.libraries import (
    Nobody,
    abandoned,
    count_packets,
    make_library,
    one_sentence,
    only_read,
    packet,
    recorded,
)

PASSPHRASE = "x"


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lost", [(), ("-shm",), ("-wal", "-shm")])
def test_a_library_that_may_only_be_read_is_read_as_far_as_its_logs_go(library, tmp_path, lost):
    whole, crashed = recorded(library), abandoned(library)
    for ending in lost:
        (library.folder / "sessions" / f"{crashed}.db{ending}").unlink()
    before = contents(library.folder)
    with only_read(library.folder) as view:
        copy = store.open_library(view, PASSPHRASE)
        assert {info.id for info in copy.sessions()} == {whole, crashed}
        assert len(copy.events(whole)) == 15
        assert count_packets(copy.events(crashed)) == (0 if "-wal" in lost else 3)
        assert copy.orphans() == []
        assert not copy.is_recording(crashed)
        path = store.export_session(copy, whole, tmp_path / "out")
        assert len(store.read_export(path).events) == 15
    assert contents(library.folder) == before


def test_a_recording_that_goes_on_is_read_through_a_view_that_takes_no_writing(library):
    writer = library.new_session(0.0)
    with only_read(library.folder) as view:
        copy = store.open_library(view, PASSPHRASE)
        for i in range(20):
            writer.append([packet(i)])
            assert copy.events(writer.session) == [packet(j) for j in range(i + 1)]
        assert copy.is_recording(writer.session)
    writer.close(beats=1)


def test_what_would_change_it_is_refused_in_a_sentence(library):
    session = recorded(library)
    with only_read(library.folder) as view:
        copy = store.open_library(view, PASSPHRASE)
        for call in (
            lambda: copy.new_session(0.0),
            lambda: copy.delete(session),
            lambda: copy.change_passphrase("other"),
            lambda: copy.change_recovery_key(print),
        ):
            with pytest.raises(store.CannotWrite, match="can only be read") as caught:
                call()
            assert one_sentence(caught.value, view)
        assert copy.recover(count_beats=count_packets) == store.Recovery()
        with pytest.raises(store.CannotWrite):
            make_library(view / "below")


READ = """
import sys
from pathlib import Path
from pipelines import store
try:
    library = store.open_library(Path(sys.argv[1]), "x")
    print([len(library.events(info.id)) for info in library.sessions()])
    library.new_session(0.0)
except store.LibraryError as error:
    print(error)
"""


def as_nobody(folder: Path) -> list[str]:
    return Nobody().run(READ, folder).splitlines()


@pytest.fixture
def reachable(library, request):
    """A copy of a library below /tmp, where another user may go."""
    import tempfile

    recorded(library)
    abandoned(library)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copy = Path(folder) / "copy"
        shutil.copytree(library.folder, copy)
        yield copy


def allow(folder: Path, files: int, folders: int) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(folders if path.is_dir() else files)


def test_another_user_reads_a_copy_and_is_told_that_it_cannot_be_changed(reachable):
    allow(reachable, 0o444, 0o555)
    counts, refused = as_nobody(reachable)
    assert sorted(eval(counts)) == [4, 15]
    assert "may not be opened" in refused
    assert refused.count(".") == 1


@pytest.mark.sampled
@pytest.mark.parametrize("part", [".", "library.json", "index.db"])
def test_what_another_user_may_not_open_is_a_sentence(reachable, part):
    allow(reachable, 0o444, 0o555)
    (reachable / part).chmod(0)
    (said,) = as_nobody(reachable)
    assert "may not be opened" in said
    assert str(reachable) in said


def test_a_copy_without_its_empty_folders_lists_and_records_again(library, tmp_path):
    session, copy = recorded(library), tmp_path / "copy"
    shutil.copytree(library.folder, copy)
    shutil.rmtree(copy / "running")
    again = store.open_library(copy, PASSPHRASE)
    assert len(again.events(session)) == 15
    again.recover(count_beats=count_packets)
    assert recorded(again)


def test_a_copy_of_an_empty_library_without_its_folders_records_again(library, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("library.json", "index.db"):
        shutil.copy(library.folder / name, copy)
    again = store.open_library(copy, PASSPHRASE)
    assert again.sessions() == []
    again.recover(count_beats=count_packets)
    again.change_passphrase("other", cost=store.Cost(n=2, r=1, p=1))
    assert recorded(again)
    assert oct((copy / "sessions").stat().st_mode & 0o777) == oct(0o700)


def test_nothing_is_made_where_a_library_was(library):
    library.folder.rename(library.folder.with_name("elsewhere"))
    library.folder.mkdir()
    with pytest.raises(store.LibraryError):
        library.new_session(0.0)
    assert list(library.folder.iterdir()) == []


@pytest.mark.parametrize("refusal", [errno.EPERM, errno.ENOTSUP])
def test_a_file_system_without_modes_is_used(tmp_path, monkeypatch, refusal):
    def refuse(*_, **__):
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr(Path, "chmod", refuse)
    monkeypatch.setattr(os, "chmod", refuse)
    library, recovery = make_library(tmp_path / "library")
    session = recorded(library)
    assert store.open_library(library.folder, recovery).events(session)
    assert store.open_or_create_with_key_file(tmp_path / "demo")
    assert store.export_session(library, session, tmp_path / "out")


def test_whether_others_may_open_it_is_known(library):
    if os.name != "posix":
        pytest.skip("modes are those of POSIX")
    assert library.is_private
    library.folder.chmod(0o755)
    assert not library.is_private


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("FULL", store.DiskFull, "is full"),
        ("NOTADB", store.Unreadable, "changed or cut from outside"),
        ("CORRUPT", store.Unreadable, "changed or cut from outside"),
        ("BUSY", store.SessionInUse, "in use by another program"),
        ("READONLY", store.CannotWrite, "can only be read"),
        ("IOERR", store.CannotWrite, "check the disk"),
        ("CANTOPEN", store.CannotWrite, "check the disk"),
        ("ERROR", store.CannotWrite, "check the disk"),
    ],
)
def test_each_trouble_has_its_own_sentence(tmp_path, code, kind, words):
    class Failing(sqlite.Error):
        sqlite_errorcode = getattr(sqlite, code)

    with pytest.raises(kind, match=words) as caught, trouble.sentences(place(tmp_path)):
        raise Failing
    assert one_sentence(caught.value, tmp_path)


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, store.DiskFull, "is full"),
        (errno.EDQUOT, store.DiskFull, "is full"),
        (errno.EACCES, store.CannotWrite, "may not be opened"),
        (errno.EROFS, store.CannotWrite, "can only be read"),
        (errno.EIO, store.CannotWrite, "check the disk"),
        (errno.EMFILE, store.CannotWrite, "Too many open files"),
    ],
)
def test_each_trouble_of_the_system_has_its_own_sentence(tmp_path, number, kind, words):
    with pytest.raises(kind, match=words) as caught, trouble.sentences(place(tmp_path)):
        raise OSError(number, os.strerror(number))
    assert one_sentence(caught.value, tmp_path)


def place(folder):
    return trouble.Place("The index", folder)
