"""Where the pipe is reached: private, and short enough whatever the folder for temporary files."""

import contextlib
import os
import socket
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from pipelines.recording.endpoint import Endpoint, connected

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a named pipe has no folder")


def reached(endpoint):
    with connected(endpoint.address, within=5.0):
        endpoint.accept().close()


@pytest.fixture
def temporary(monkeypatch):
    def use(folder):
        monkeypatch.setattr(tempfile, "tempdir", None)
        for name in ("TMPDIR", "TEMP", "TMP"):
            monkeypatch.setenv(name, str(folder))

    yield use
    tempfile.tempdir = None


@pytest.mark.parametrize("length", [*range(60, 130), 250, 1000, 3000])
def test_a_folder_for_temporary_files_may_be_of_any_length(temporary, length):
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        use_of_length(Path(short), temporary, length)


def use_of_length(folder, temporary, length):
    while len(os.fsencode(folder)) < length:
        folder /= "x" * max(1, min(100, length - len(os.fsencode(folder)) - 1))
    folder.mkdir(parents=True, exist_ok=True)
    temporary(folder)
    endpoint = Endpoint()
    reached(endpoint)
    place = Path(endpoint.address).parent
    endpoint.close()
    assert not place.exists()


@pytest.mark.parametrize("name", ["a\nb", "\N{RIGHT-TO-LEFT OVERRIDE}x", os.fsdecode(b"\xff")])
def test_a_folder_of_an_odd_name_is_passed_over(tmp_path, temporary, name):
    (tmp_path / name).mkdir()
    temporary(tmp_path / name)
    endpoint = Endpoint()
    assert endpoint.address.isprintable()
    reached(endpoint)
    endpoint.close()


def test_nobody_else_can_reach_it():
    endpoint = Endpoint()
    mode = Path(endpoint.address).parent.stat().st_mode
    endpoint.close()
    assert stat.S_IMODE(mode) == 0o700


def test_it_closes_though_callers_wait_to_be_let_in():
    endpoint, waiting = Endpoint(), []
    with contextlib.suppress(OSError):
        while len(waiting) < 1000:
            waiting.append(connected(endpoint.address, within=0.1))
    assert len(waiting) < 1000, "too many wait"
    endpoint.close()
    for one in waiting:
        one.close()


def test_who_finds_nobody_is_told(tmp_path):
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "s"))
        with pytest.raises(OSError, match="refused"):
            connected(str(tmp_path / "s"), within=0.1)
