"""Under a window manager the window and its frame lie on the screen, in each of its states."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.program import eventually
from tests.end_to_end.screens import Screen, screen
from tests.end_to_end.test_window import Opened, heard
from tests.views import REQUIRED

pytestmark = [
    pytest.mark.view,
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
]

NEEDED = ("openbox", "xprop", "xwininfo")
GRABS = 30
Box = tuple[int, int, int, int]
"""Left, top, right and bottom edge."""


@pytest.fixture(params=["1280x800", "853x533"])
def managed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Screen]:
    """A screen with a window manager, which puts frames around windows."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing and REQUIRED:
        pytest.fail(f"{missing[0]} is not installed.")
    if missing:
        pytest.skip(f"{missing[0]} is not installed.")
    folder = tmp_path / "screen"
    folder.mkdir()
    with screen(folder, request.param) as one:
        surroundings = {**os.environ, "DISPLAY": one.name, "HOME": str(tmp_path)}
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=surroundings, stderr=subprocess.DEVNULL
        )
        try:
            assert eventually(lambda: "window id" in said(one, "xprop", "-root", SUPPORTING))
            yield one
        finally:
            manager.terminate()
            manager.wait(60)


SUPPORTING = "_NET_SUPPORTING_WM_CHECK"


def said(display: Screen, *command: str) -> str:
    surroundings = {**os.environ, "DISPLAY": display.name}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True)
    return done.stdout


def numbers(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"-?\d+", text)]


def frame(display: Screen) -> Box | None:
    """The edges of the window with its frame, None while it has none."""
    told = said(display, "xwininfo", "-name", "Interbeat")
    edges = numbers(said(display, "xprop", "-name", "Interbeat", "_NET_FRAME_EXTENTS"))
    found = dict(re.findall(r"(Absolute upper-left [XY]|Width|Height):\s+(-?\d+)", told))
    if len(edges) != 4 or len(found) != 4:
        return None
    x, y, width, height = map(int, found.values())
    left, right, top, bottom = edges
    return x - left, y - top, x + width + right, y + height + bottom


def work_area(display: Screen) -> Box:
    x, y, width, height = numbers(said(display, "xprop", "-root", "_NET_WORKAREA"))[:4]
    return x, y, x + width, y + height


def is_inside(display: Screen) -> bool:
    inner, outer = frame(display), work_area(display)
    return (
        inner is not None
        and inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def stands_still(display: Screen) -> bool:
    """Whether thirty pictures in a row, from some moment on, are the same."""

    def same() -> bool:
        seen = set()
        for _ in range(GRABS):
            seen.add(display.picture())
            time.sleep(0.05)
        return len(seen) == 1

    return eventually(same)


@pytest.fixture
def person(managed: Screen, tmp_path: Path) -> Iterator[Opened]:
    one = Opened(tmp_path, managed)
    try:
        assert one.shows()
        assert eventually(lambda: is_inside(managed))
        assert stands_still(managed)
        yield one
        assert "Traceback" not in one.end()
    finally:
        one.end_at_once()


def test_a_practice_stays_where_the_window_was(managed, person):
    begun, start = frame(managed), managed.picture()
    person.hit("2")
    assert eventually(lambda: managed.picture() != start)
    assert frame(managed) == begun


def test_a_session_stays_where_the_window_was_and_comes_back_there(managed, person):
    begun = frame(managed)
    assert person.hits_until("4", person.demo.is_dir)
    remote = person.seen(person.demo)
    assert eventually(lambda: heard(remote))
    remote.close()
    assert frame(managed) == begun
    full = (0, 0, *managed.whole)
    if begun == full:  # no room for a frame
        return
    for wanted in (full, begun):
        person.hit("f")
        assert eventually(lambda now=wanted: frame(managed) == now)
