"""Libraries and sessions that the tests of several rooms need, and what they ask of them."""

import os
import shutil
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines import store
from pipelines.session import PhaseName
from pipelines.session import events as ev
from pipelines.store import database, index, trouble
from tests.views import REQUIRED

ROOT = Path(__file__).parents[3]

FAST = store.Cost(n=2, r=1, p=1)
MARKS = {
    "mark": "touched the left hip",
    "device": "Polar H10 8F2A3B",
    "address": "A0:9E:1A:8F:2A:3B",
    "role": "therapist-in-training",
    "consent": "agreed to be recorded",
    "kind": "heart_rate",
    "phase": PhaseName.SETTLING,
}


def make_library(folder: Path, passphrase: str = "x") -> tuple[store.Library, str]:
    """Make a library that opens at once, and return it with its recovery key."""
    shown: list[str] = []
    library = store.create_library(folder, passphrase, show=shown.append, cost=FAST)
    (recovery,) = shown
    return library, recovery


def packet(i: int) -> ev.Packet:
    return ev.Packet(float(i), 0, "heart_rate", b"%d" % i * 40)


def count_packets(events) -> int:
    return sum(isinstance(event, ev.Packet) for event in events)


def abandoned(library, *, client: str | None = None) -> str:
    """A session as a killed process leaves it: its files copied while it was recorded."""
    writer = library.new_session(0.0, client=client)
    writer.append([ev.Source(0.0, 0, "client", "strap"), packet(1), packet(2), packet(3)])
    folder = library.folder / "sessions"
    kept = {path: path.read_bytes() for path in folder.glob(f"{writer.session}.db*")}
    index = (library.folder / "index.db").read_bytes()
    writer.close(beats=0)
    for path, content in kept.items():
        path.write_bytes(content)
    (library.folder / "index.db").write_bytes(index)
    return writer.session


def fill(writer, rounds: int = 3) -> None:
    for i in range(rounds):
        writer.append(
            [
                ev.Source(float(i), 0, MARKS["role"], MARKS["device"], MARKS["address"]),
                ev.Consent(float(i), MARKS["consent"]),
                ev.Packet(float(i), 0, MARKS["kind"], b"\x10\x4b\x34\x03" * 20),
                ev.Mark(float(i), MARKS["mark"]),
                ev.Phase(float(i), MARKS["phase"]),
            ]
        )


def recorded(library, rounds: int = 3) -> str:
    writer = library.new_session(1700000000.0)
    fill(writer, rounds)
    writer.close(beats=1)
    return writer.session


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sqlite_open(library):
    place = trouble.Place("The index", library.folder)
    return database.opened(library.folder / "index.db", library._key, index.TABLES, place)


def one_sentence(error: store.LibraryError, folder: Path) -> bool:
    text = str(error).replace(str(folder), "FOLDER")
    assert error.sentence == str(error)
    assert text.endswith(".")
    assert text.count(".") == 1
    assert "\n" not in text
    assert "!" not in text
    return "FOLDER" in text


@contextmanager
def only_read(folder: Path):
    """Look at a folder through a mount that takes no writing."""
    view = folder.with_name(folder.name + "-read-only")
    view.mkdir()
    options = (["--bind", str(folder), str(view)], ["-o", "remount,ro,bind", str(view)])
    able = sys.platform == "linux" and shutil.which("mount") is not None
    mounted = able and all(
        subprocess.run(["mount", *option], capture_output=True).returncode == 0
        for option in options
    )
    if not mounted and not REQUIRED:
        pytest.skip("mounting a folder to be read only needs Linux and root")
    assert mounted
    try:
        yield view
    finally:
        subprocess.run(["umount", "-l", str(view)], check=True)


NOBODY = 65534
"""Number of a user who owns nothing."""


class Nobody:
    """Another user, who runs code with what is installed here; the test skips where none can."""

    def __init__(self) -> None:
        if os.name != "posix" or os.geteuid() != 0:
            pytest.skip("becoming another user needs root")
        installed = [str(ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
        self._surroundings = {
            "PATH": os.defpath,
            "HOME": "/",
            "PYTHONPATH": os.pathsep.join(installed),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._python = next(filter(self._may_run, self._pythons()), None)
        if self._python is None:
            pytest.skip("no Python of this version lies where other users may run it")

    def start(self, code: str, *arguments: object) -> subprocess.Popen[str]:
        """Start code as this user."""
        return self._started(self._python, code, *arguments)

    def run(self, code: str, *arguments: object) -> str:
        """Run code to its end, and return what it prints."""
        process = self.start(code, *arguments)
        said, _ = process.communicate(timeout=60.0)
        assert process.returncode == 0
        return said

    def _started(self, python: str | None, code: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(python), "-c", code, *map(str, arguments)],
            env=self._surroundings, cwd="/", user=NOBODY, group=NOBODY, extra_groups=[],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    @staticmethod
    def _pythons() -> list[str]:
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return [sys.executable, *filter(None, [shutil.which(name, path=os.defpath)])]

    def _may_run(self, python: str) -> bool:
        try:
            process = self._started(python, "import sqlcipher3, pipelines.store")
        except PermissionError:
            return False
        process.communicate(timeout=60.0)
        return process.returncode == 0
