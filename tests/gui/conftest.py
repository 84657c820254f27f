"""Drawing without a screen. Where Qt's system libraries are absent these tests skip, saying so.

With INTERBEAT_REQUIRE_VIEWS=1 they fail instead. Nothing here needs pytest-qt.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

_TRY = "from PySide6.QtWidgets import QApplication; QApplication(['try'])"


@cache
def _trouble() -> str | None:
    """Why no window can be drawn here: asked of a process of its own, since Qt would abort."""
    done = subprocess.run([sys.executable, "-c", _TRY], capture_output=True, text=True, timeout=60)
    lines = done.stderr.strip().splitlines() or ["no reason given"]
    return None if done.returncode == 0 else f"Qt cannot draw here: {lines[-1]}"


class SkippedModule(pytest.Module):
    """A test file whose imports need what this machine lacks."""

    def collect(self) -> list[Any]:
        pytest.skip(str(_trouble()), allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: Any) -> pytest.Module | None:
    required = os.environ.get("INTERBEAT_REQUIRE_VIEWS", "") not in ("", "0")
    if required or _trouble() is None:
        return None
    return SkippedModule.from_parent(parent, path=module_path)


@pytest.fixture(scope="session")
def qapp() -> Any:
    """The one application of this test run."""
    from PySide6.QtWidgets import QApplication

    return QApplication.instance() or QApplication(["interbeat"])


@pytest.fixture(autouse=True)
def no_lost_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An exception inside a Qt callback would only be printed: make it a test's business."""
    lost: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: lost.append(error))
    yield
    assert not lost, lost
