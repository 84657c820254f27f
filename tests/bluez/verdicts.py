"""What the scenarios in the machine came to, each a test: `make test-bluez` names this file.

It is not called test_*.py: what takes minutes is run by who asks for it.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import pytest

from tests.bluez import machine
from tests.bluez.scenarios import SCENARIOS

WHOLE = 40 * 60.0
"""Seconds after which all is given up; undisturbed it takes less than ten minutes."""

COMMAND = """cd '{root}'
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8
mkdir -p /lib/modules
mount --bind '{kernel}/lib/modules' /lib/modules
'{python}' -m tests.bluez.guest /dev/ttyS1
"""

pytestmark = pytest.mark.timeout(WHOLE + 60.0)


class Verdicts:
    """Lines of JSON from the machine, read while it runs."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._until = time.monotonic() + WHOLE
        self._told: dict[str, dict[str, Any]] = {}
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: BinaryIO) -> None:
        while line := stream.readline():
            self._lines.put(line)
        self._lines.put(b"")

    def of(self, scenario: str) -> dict[str, Any]:
        """Wait for what a scenario came to."""
        while scenario not in self._told:
            told = self._next()
            self._told[told["scenario"]] = told
        return self._told[scenario]

    def _next(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=max(0.0, self._until - time.monotonic()))
        except queue.Empty:
            pytest.fail(f"the machine said nothing more within {WHOLE:.0f} s")
        if not line:
            # Whoever asks next is told the same.
            self._lines.put(line)
            pytest.fail("the machine ended before this scenario was over")
        return json.loads(line)


@pytest.fixture(scope="module")
def verdicts() -> Iterator[Verdicts]:
    words = machine.missing()
    if words is not None:
        pytest.fail(words)
    command = COMMAND.format(
        root=machine.ROOT, kernel=machine.KERNEL.resolve(), python=sys.executable
    )
    with machine.running(command, longest=WHOLE) as stream:
        yield Verdicts(stream)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(verdicts: Verdicts, scenario: str) -> None:
    told = verdicts.of(scenario)
    waits = "".join(f", back after {wait:.1f} s" for wait in told["waits"])
    print(f"{scenario}: {told['seconds']:.0f} s by the machine's clock{waits}")
    assert told["trouble"] is None, told["trouble"]
