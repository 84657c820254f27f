"""What tests of windows that run may ask for; each imports Qt only once it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.gui.running.lines import Lines
    from tests.gui.running.written import Written


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    """What is written from now on."""
    from tests.gui.running.written import noted

    return noted(monkeypatch)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Lines:
    """What is drawn from now on."""
    from tests.gui.running.lines import noted

    return noted(monkeypatch)
