"""Views on made-up moments. Qt is imported by the fixture: where it is absent, tests skip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.gui.live.stage import Stage


@pytest.fixture
def stage(qapp: object) -> Iterator[Callable[..., Stage]]:
    from docs import moments
    from tests.gui.live.stage import Stage

    made: list[Stage] = []

    def make(state: str = "live", **options: object) -> Stage:
        made.append(Stage(moments.STATES[state](), **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
