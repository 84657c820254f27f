"""The real command in processes of its own, and what the tests ask of its output."""

import json
import math
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from physio import code_cache
from pipelines import store
from pipelines.analysis.ready import WHY
from pipelines.command import main
from pipelines.session import Phase, PhaseName
from tests.pipelines.logs import session

ROOT = Path(__file__).parents[2]
COMMAND = str(Path(sysconfig.get_path("scripts")) / "interbeat")
PASSPHRASE = "seven quiet lamps"
FAST = store.Cost(n=2, r=1, p=1)
KEPT = ("PATH", "LANG", "LC_ALL", "INTERBEAT_LANGUAGE")
PATIENCE = 60.0
"""Seconds after which a busy machine counts as a program that hangs."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """A person's surroundings without a display, and with a passphrase.

    Machine code is shared with whoever runs the tests: else each test would have its own compiled.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    own = {"HOME": str(home), "INTERBEAT_PASSPHRASE": PASSPHRASE, "PYTHONWARNINGS": "error"}
    code = {"NUMBA_CACHE_DIR": str(code_cache.root().parent)}
    return {**kept, **own, **code, **more}


class Program:
    """The command, with a library of its own below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "library"
        # A passphrase that takes no time to check: that it does is tested elsewhere.
        store.create_library(self.store, PASSPHRASE, show=lambda _: None, cost=FAST)

    @property
    def library(self) -> store.Library:
        return store.open_library(self.store, PASSPHRASE)

    def start(self, *arguments: object, **more: Any) -> subprocess.Popen[str]:
        """Start the command on the own library."""
        surroundings = environment(self.folder, **more.pop("env", {}))
        command = [COMMAND, *map(str, arguments), "--store", str(self.store)]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, text=True, env=surroundings, **{**pipes, **more}
        )

    def run(self, *arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        process = self.start(*arguments, **more)
        try:
            stdout, stderr = process.communicate(timeout=20 * PATIENCE)
        finally:
            process.kill()
        return subprocess.CompletedProcess(
            process.args, process.returncode, stdout or "", stderr or ""
        )

    def objects(self, *arguments: object, **more: Any) -> list[dict[str, Any]]:
        """Run the command with --json, which must do, and return what it prints."""
        done = self.run(*arguments, "--json", **more)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def listed(self) -> list[dict[str, Any]]:
        """What `sessions list` tells of the library, asked in this process: soon, again and again.

        That the command answers in a process of its own is tested where that is the question.
        """
        call = ["sessions", "list", "--json", "--store", str(self.store)]
        done = CliRunner(env=environment(self.folder)).invoke(main, call, prog_name="interbeat")
        assert done.exit_code == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def recorded(self, *arguments: object) -> list[dict[str, Any]]:
        """Record and return the objects printed."""
        return self.objects("live", *arguments, "--headless")

    def kept(self) -> str:
        """Keep a minute of beats as a recording does, without the command; return the session."""
        writer = self.library.new_session(1.7e9)
        writer.append([*session("rest", 60.0), Phase(60.0, PhaseName.FINISHED)])
        writer.close(beats=60)
        return writer.session


def short(folder: Path, *, beats: int = 150) -> Path:
    """Return a file of so many intervals: a recording that is soon over, at any speed."""
    path = folder / "short.txt"
    path.write_text("".join(f"{800 + 137 * beat % 97}\n" for beat in range(beats)))
    return path


def differences(one: object, other: object) -> list[str]:
    """Where two lines differ by more than 1e-9, relative or absolute near zero."""
    left, right = dict(leaves(one)), dict(leaves(other))
    places = sorted(left.keys() | right.keys())
    return [
        f"{place}: {left.get(place, '-')} against {right.get(place, '-')}"
        for place in places
        if not same(left.get(place, "-"), right.get(place, "-"))
    ]


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return type(one) is type(other) and one == other


def leaves(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Yield each number, word and null of a line, and where it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("file", "session"):
                yield from leaves(inner, f"{place}/{key}")
    elif isinstance(value, list):
        yield f"{place}/length", len(value)
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{place}/{number}")
    else:
        yield place, value


def eventually(holds: Callable[[], bool], within: float = PATIENCE) -> bool:
    """Return whether something comes true."""
    end = time.monotonic() + within
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_a_sentence(words: str) -> bool:
    """Return whether stderr is what a person should read: no traceback, and it ends.

    On a slow machine the notice that it takes a while comes before it, and is not part of it.
    """
    lines = [line for line in words.strip().splitlines() if line != WHY]
    return len(lines) == 1 and "Traceback" not in words and words.endswith("\n")


def python(code: str, *arguments: str) -> str:
    """Run code in a fresh interpreter and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=5 * PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
