"""One mutant on trial in a process of its own, forked from this warm one."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

ARGUMENTS = (
    "-x",
    "-q",
    "--all-examples",
    "-m",
    "not long or law",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
)
_PASSED, _FAILED = 0, (1, 2, 3)


class Outcome(Enum):
    """What the tests made of it."""

    SURVIVED = "survived"
    KILLED = "killed"
    HUNG = "killed, as it never ended"
    BROKEN = "not tried: no test ran"


@dataclass(frozen=True, slots=True)
class Trial:
    """A change to be made in the child, and the test files that may notice it."""

    key: str
    change: Callable[[], None]
    tests: tuple[str, ...]


def warm_up() -> None:
    """Load all that a test needs and no mutant changes, kernels included."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")
    import hypothesis
    import numba  # noqa: F401
    import pytest_asyncio  # noqa: F401
    import pytest_timeout  # noqa: F401

    from pipelines import store  # noqa: F401
    from pipelines.analysis.ready import get_ready
    from tests.views import reason_to_skip

    if reason_to_skip() is None:
        import gui.live.view  # noqa: F401
    get_ready(lambda why: None)
    # A mutant is to be found, not understood: no example is made smaller, none is kept.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants", phases=phases, derandomize=True, database=None, deadline=None
    )
    hypothesis.settings.load_profile("mutants")


def run(
    trials: Iterable[Trial],
    *,
    seconds: float,
    at_once: int,
    told: Callable[[Trial, Outcome, float], None],
) -> None:
    """Try each; one that takes over `seconds` of processor time, or ten times that, has hung."""
    waiting, running = list(trials)[::-1], dict[int, Trial]()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        while waiting or running:
            while waiting and len(running) < at_once:
                trial = waiting.pop()
                own = Path(folder) / str(len(waiting))
                running[_started(trial, seconds, own)] = trial
            number, status, used = os.wait4(-1, 0)
            if number in running:  # else it prepared machine code
                told(running.pop(number), _outcome(status), used.ru_utime + used.ru_stime)


def _started(trial: Trial, seconds: float, folder: Path) -> int:
    sys.stdout.flush()
    number = os.fork()
    if number == 0:
        try:
            status = _tried(trial, seconds, folder)
        except BaseException:  # noqa: BLE001 - nothing of the parent may go on in the child
            status = 1
        os._exit(status)
    return number


def _tried(trial: Trial, seconds: float, folder: Path) -> int:
    import pytest

    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    signal.alarm(int(10 * seconds))  # whoever waits for what never comes uses no processor
    trial.change()
    return int(pytest.main([*ARGUMENTS, f"--basetemp={folder}", *trial.tests]))


def _outcome(status: int) -> Outcome:
    if os.WIFSIGNALED(status):
        return Outcome.HUNG
    code = os.WEXITSTATUS(status)
    if code == _PASSED:
        return Outcome.SURVIVED
    return Outcome.KILLED if code in _FAILED else Outcome.BROKEN
