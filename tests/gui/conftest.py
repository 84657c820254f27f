"""Drawing without a screen. Where Qt's system libraries are absent these tests skip, saying so.

With INTERBEAT_REQUIRE_VIEWS=1 they fail instead. Nothing here needs pytest-qt.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.views import reason_to_skip

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")


class SkippedModule(pytest.Module):
    """A test file whose imports need what this machine lacks."""

    def collect(self) -> list[Any]:
        pytest.skip(str(reason_to_skip()), allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: Any) -> pytest.Module | None:
    if reason_to_skip() is None:
        return None
    return SkippedModule.from_parent(parent, path=module_path)


@pytest.fixture(scope="session")
def qapp() -> Iterator[Any]:
    """The one application of this test run; what is left of its windows ends before it does."""
    import shiboken6
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["interbeat"])
    yield application
    for window in application.topLevelWidgets():
        window.close()
        window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    # Else PySide looks at every object it ever wrapped as Python ends, and one that is gone ends
    # the process there, once in many runs.
    shiboken6.delete(application)


@pytest.fixture(params=["as they are", "wide"])
def letters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The fonts of this machine, and letters a fifth wider than theirs."""
    from gui.shared import theme

    if request.param == "wide":
        font = theme.font.__wrapped__

        @cache
        def wide(size: int, weight: int = 400) -> Any:
            made = font(size, weight)
            made.setStretch(120)
            return made

        monkeypatch.setattr(theme, "font", wide)
    theme.metrics.cache_clear()
    yield request.param
    theme.metrics.cache_clear()


@pytest.fixture(autouse=True)
def no_lost_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An exception inside a Qt callback would only be printed: make it a test's business."""
    lost: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: lost.append(error))
    yield
    assert not lost, lost
