"""Machine code for long work: compiled once by a process of its own, which outlives the command.

Short work never waits for it (`physio.compiled`). Long work of a command waits, and a live session
takes it when it is there: it is loaded in a thread while packets go on being answered.
"""

from __future__ import annotations

import contextlib
import gc
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from physio import code_cache, compiled, panel
from physio.beats import Beats
from physio.labels import labels
from pipelines.language import tr
from pipelines.processes import program, surroundings

PATIENCE = 1.5
"""Seconds after which somebody who waits is told why."""

WHY = tr("Getting ready to measure; this takes longest the first time.")

PAUSE = 0.1
"""Seconds between looks at what another process does."""

HURRIED = 10.0
"""Speed of a session above which it waits for machine code."""

ROOM = 16 << 20
"""Bytes that must be free: some times what the code takes."""


class Preparing(subprocess.Popen[bytes]):
    """A process that prepares the machine code and outlives who started it."""

    def __init__(self) -> None:
        super().__init__(
            program("pipelines.analysis"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=surroundings(),
        )

    def __del__(self) -> None:
        """Say nothing: that it goes on is meant."""


def get_ready_at_once(tell: Callable[[str], None]) -> None:
    """Load the machine code, waiting for it where it is not there yet; `tell` why."""
    _wait_and_tell(None if code_cache.is_complete() else start_preparing(), tell)
    _load()


def get_ready(tell: Callable[[str], None]) -> None:
    """Let machine code be prepared where it is not; long work waits, and `tell` says why."""
    if not code_cache.is_complete():
        started = start_preparing()
        compiled.before_machine_code(lambda: _wait_and_tell(started, tell))


def get_ready_meanwhile(tell: Callable[[str], None], *, speed: float) -> None:
    """Begin with interpreted work of any length, and take the machine code when it is there.

    Above `HURRIED` times the pace of a heart nobody wears the strap, and interpreted work would
    fall behind: then wait, and `tell` why.
    """
    if speed > HURRIED:
        get_ready_at_once(tell)
        return
    compiled.interpret_until_told()
    threading.Thread(target=_load_when_there, name="interbeat-machine-code", daemon=True).start()


def start_preparing() -> Preparing | None:
    """Start a process that prepares the machine code, unless one does so already."""
    with contextlib.suppress(OSError):
        if not is_preparing():
            return Preparing()
    return None


def is_preparing() -> bool:
    """Return whether a living process prepares the machine code of this version."""
    from pipelines.store import is_held

    with contextlib.suppress(OSError):
        return is_held(_lock())
    return False


def wait_until_prepared(
    started: Preparing | None, *, look: Callable[[], None] = lambda: None
) -> bool:
    """Wait for the machine code; return whether it is there, False where nobody prepares it.

    `started` is the process that was started for it, if any; `look` is called again and again.
    """
    while not code_cache.is_complete():
        starting = started is not None and started.poll() is None
        if not (starting or is_preparing()):
            return code_cache.is_complete()
        look()
        time.sleep(PAUSE)
    return True


def stored() -> tuple[int, int]:
    """Return how many compiled functions have been stored, and how many there are."""
    functions = [one.function for one in compiled.FUNCTIONS]
    return sum(map(code_cache.is_stored, functions)), len(functions)


def prepare() -> None:
    """Compile and store everything, unless another process does; older versions are removed.

    Raises
    ------
    OSError
        If it cannot be stored.
    """
    from pipelines.store import acquire

    code_cache.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = acquire(_lock())
    if lock is None:
        return
    try:
        if not code_cache.is_complete():
            _look_for_room()
            measure_once()
            code_cache.set_complete()
            _remove_others()
    finally:
        lock.release()


def measure_once() -> None:
    """Use every compiled function once, on made-up beats, as machine code in this thread."""
    beats = _some_beats()
    label = labels(beats.rr, beats.segment)
    end = float(beats.time[-1])
    with compiled.machine_code_here():
        panel.trailing(beats, label, end=end)
        panel.whole(beats, label, (), start=0.0, end=end)


def _wait_and_tell(started: Preparing | None, tell: Callable[[str], None]) -> None:
    waiting = threading.Timer(PATIENCE, tell, (WHY,))
    waiting.start()
    try:
        wait_until_prepared(started)
    finally:
        waiting.cancel()


def _load_when_there() -> None:
    started = None if code_cache.is_complete() else start_preparing()
    if wait_until_prepared(started):
        _load()


def _load() -> None:
    measure_once()
    compiled.use_machine_code()
    # A hundred thousand objects stay from now on; to look through them would hold up a session by
    # 50 ms again and again.
    gc.collect()
    gc.freeze()


def _lock() -> Path:
    return code_cache.folder() / "preparing"


def _look_for_room() -> None:
    # Compiling takes long; without room it would be begun again by each command.
    if shutil.disk_usage(code_cache.folder()).free < ROOM:
        raise OSError("no room for machine code")


def _remove_others() -> None:
    """Remove the other versions of this installation that nobody is preparing."""
    from pipelines.store import is_held

    own = code_cache.folder()
    for other in own.parent.iterdir():
        if other != own and not is_held(other / _lock().name):
            shutil.rmtree(other, ignore_errors=True)


def _some_beats() -> Beats:
    """Return six minutes of beats that breathe."""
    place = np.arange(420)
    rr = 860.0 + 40.0 * np.sin(place / 0.9) + 25.0 * np.sin(place / 2.0)
    return Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), np.int64))
