"""What tests of windows that run may ask for; each imports Qt only once it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.gui.running.written import Written


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    """What is written from now on."""
    from gui.shared import theme
    from tests.gui.running.written import Written

    found = Written()
    draw = theme.draw_text

    def noting(painter, x, baseline, words, **how):  # type: ignore[no-untyped-def]
        box = draw(painter, x, baseline, words, **how)
        found.note(painter, words, box)
        return box

    monkeypatch.setattr(theme, "draw_text", noting)
    return found
