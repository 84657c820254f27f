"""Windows in made-up worlds. Qt is imported by the fixture: where it is absent, tests skip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.gui.start.stage import Stage


@pytest.fixture
def stage(qapp: object) -> Iterator[Callable[..., Stage]]:
    from gui.shared import theme
    from tests.gui.start.stage import Stage
    from tests.gui.start.world import World

    made: list[Stage] = []

    def make(*state: object, world: World | None = None, **options: object) -> Stage:
        made.append(Stage(world or World(*state), **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
    # What is chosen holds for the whole process.
    theme.prefer(text=1.0, still=False)
