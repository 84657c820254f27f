"""Files are read whole or not at all: regular ones, and no more of them than allowed."""

import os
import threading
from pathlib import Path

import pytest

from pipelines import reading
from pipelines.reading import CannotRead, allowed, contents, first_line

needs_pipes = pytest.mark.skipif(
    not hasattr(os, "mkfifo"), reason="this system has no pipes with a name"
)


def test_a_file_is_read_directly_and_through_links(tmp_path):
    file, link = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"900\n")
    link.symlink_to(file)
    assert contents(file) == contents(link) == b"900\n"


@pytest.mark.usefixtures("english")
def test_a_file_as_large_as_allowed_is_read_and_one_byte_more_is_refused(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(bytes(2_000_000))
    assert len(contents(file, most=2_000_000)) == 2_000_000
    with pytest.raises(CannotRead, match=r"more than 2 MB; .* --large"):
        contents(file, most=1_999_999)


@pytest.mark.usefixtures("english")
def test_large_files_are_bounded_by_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_memory", lambda: 3_000_000_000)
    assert allowed(large=False) == reading.LARGEST
    assert allowed(large=True) == 300_000_000
    monkeypatch.setattr(reading, "_memory", lambda: 1_000)
    assert allowed(large=True) == reading.LARGEST
    assert "too much for the memory" in str(reading.too_large("it holds", 300_000_000))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_bytes(bytes(104)),
        lambda file: os.truncate(file, 10),
        lambda file: os.utime(file, (1, 1)),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch, change):
    file = tmp_path / "a"
    file.write_bytes(bytes(100))
    read = os.read

    def meanwhile(descriptor, most):
        monkeypatch.setattr(os, "read", read)
        change(file)
        return read(descriptor, most)

    monkeypatch.setattr(os, "read", meanwhile)
    with pytest.raises(CannotRead, match="it changed while it was read; try again"):
        contents(file)


def test_a_file_that_vanishes_while_it_is_read_is_read(tmp_path, monkeypatch):
    file = tmp_path / "a"
    file.write_bytes(b"900\n")
    read = os.read

    def meanwhile(descriptor, most):
        file.unlink(missing_ok=True)
        return read(descriptor, most)

    monkeypatch.setattr(os, "read", meanwhile)
    assert contents(file) == b"900\n"


@pytest.mark.usefixtures("english")
@needs_pipes
def test_a_file_that_becomes_a_pipe_after_it_was_looked_at_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "a"
    file.write_bytes(b"900\n")
    look = os.stat

    def meanwhile(path, **more):
        found = look(path, **more)
        file.unlink()
        os.mkfifo(file)
        monkeypatch.setattr(os, "stat", look)
        return found

    monkeypatch.setattr(os, "stat", meanwhile)
    with pytest.raises(CannotRead, match="it is a pipe"):
        contents(file)


@needs_pipes
@pytest.mark.parametrize("data", [b"secret\n", b"secret\nmore", b"secret"])
def test_the_first_line_comes_from_a_file_or_a_pipe(tmp_path, data):
    file, pipe = tmp_path / "a", tmp_path / "b"
    file.write_bytes(data)
    assert first_line(file, most=100, patience=1.0) == b"secret"
    os.mkfifo(pipe)
    writer = threading.Timer(0.2, lambda: pipe.write_bytes(data))
    writer.start()
    assert first_line(pipe, most=100, patience=60.0) == b"secret"
    writer.join()


@pytest.mark.usefixtures("english")
def test_a_line_without_end_is_refused(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(b"s" * 101)
    with pytest.raises(CannotRead, match="longer than 100 letters"):
        first_line(file, most=100, patience=1.0)
    with pytest.raises(CannotRead, match="it is a device"):
        first_line(Path("/dev/zero"), most=100, patience=1.0)


@pytest.mark.usefixtures("english")
@needs_pipes
def test_a_pipe_that_gives_nothing_is_not_waited_for_ever(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(CannotRead, match="gives nothing"):
        first_line(tmp_path / "a", most=100, patience=0.05)
