"""Drawing without a screen. Where Qt's system libraries are absent these tests skip, saying so.

With INTERBEAT_REQUIRE_VIEWS=1 they fail instead. Nothing here needs pytest-qt.
"""

from __future__ import annotations

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
def qapp() -> Any:
    """The one application of this test run."""
    from PySide6.QtWidgets import QApplication

    return QApplication.instance() or QApplication(["interbeat"])


class End:
    """Ends the process as its last act, before Python and Qt take apart what the other still holds.

    PySide looks at every object it ever wrapped, and pyqtgraph's scenes at items that are gone: the
    process of a green run then ended in a segmentation fault, once in many runs.
    """

    def __init__(self) -> None:
        self._session: pytest.Session | None = None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._session = session

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        if self._session is not None and "PySide6.QtWidgets" in sys.modules:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(self._session.exitstatus))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(End())


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
