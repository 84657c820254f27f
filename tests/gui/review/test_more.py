"""How many more moments there are stands below the rows and above the keys, whatever the height."""

import pytest

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]


def test_it_has_room_below_the_rows():
    from gui.review.page import FIRST, KEYS, MORE, ROW, places
    from gui.shared.drawing import Paper
    from pipelines.drawing import LIGHT

    for height in range(533, 1000):
        where = places(Paper(1280.0, float(height), LIGHT), 40, 0)
        below = where.head + FIRST + ROW * (where.rows - 1) + 12.0 + MORE
        assert where.rows == 1 or below <= height - KEYS
