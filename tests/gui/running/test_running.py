"""What is seen is what is tested: a window that runs on a real screen, looked at frame by frame."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

import pytest

from docs import moments
from tests.views import REQUIRED

pytestmark = pytest.mark.view

ROOT = Path(__file__).parents[3]
SCREENS = {
    "1280x800": (1280, 800, 1),
    "1920x1080": (1920, 1080, 1),
    "853x533": (853, 533, 1),
    "twice the pixels": (2560, 1600, 2),
}
EACH = list(itertools.product(SCREENS, ("light", "dark")))


def few(screen: str, palette: str) -> list[str]:
    """A fixed tenth of all states of all screens, a fortieth of those with most pixels."""
    names = {state: f"{state}/{screen}/{palette}" for state in moments.STATES}
    every = 10 * SCREENS[screen][2] ** 2
    return [state for state, name in names.items() if crc32(name.encode()) % every == 0]


MOVING = ("live", "near", "limited", "two people", "no estimate", "warming up")


@pytest.fixture(scope="module")
def screens() -> Iterator[dict[str, str]]:
    """The name of a display of each size."""
    if shutil.which("Xvfb") is None:
        if REQUIRED:
            pytest.fail("Xvfb is not installed.")
        pytest.skip("Xvfb is not installed: no real screen to look at.")
    servers, names = [], {}
    try:
        for screen, (width, height, _) in SCREENS.items():
            reading, writing = os.pipe()
            size = f"{width}x{height}x24"
            servers.append(
                subprocess.Popen(
                    ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
                    pass_fds=(writing,),
                    stderr=subprocess.DEVNULL,
                )
            )
            os.close(writing)
            with os.fdopen(reading) as told:
                names[screen] = f":{told.readline().strip()}"
        yield names
    finally:
        for server in servers:
            server.terminate()
            server.wait(60)


def seen(
    display: str, screen: str, palette: str, states: Iterable[str]
) -> dict[str, dict[str, int]]:
    width, height, ratio = SCREENS[screen]
    surroundings = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": str(ratio),
    }
    window = [sys.executable, "-m", "tests.gui.running.window"]
    done = subprocess.run(
        [*window, str(width // ratio), str(height // ratio), palette, *states],
        env=surroundings, cwd=ROOT, capture_output=True, text=True, timeout=560,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def holds(found: dict[str, dict[str, int]]) -> None:
    for state, what in found.items():
        assert what["side"] == 0, state
        assert what["repaint"] == 0, state
        assert what["inside"], state
        assert what["moved"] > 3 or state not in MOVING, state


SMALL = ("853x533", "dark")
"""The screen of fewest pixels: software draws the others for many times as long."""


@pytest.mark.parametrize(
    ("screen", "palette"),
    [
        pytest.param(*one, marks=[] if one == SMALL else [pytest.mark.long])
        for one in EACH
        if few(*one)
    ],
)
def test_thirty_frames_show_what_a_full_repaint_would(screens, screen, palette):
    holds(seen(screens[screen], screen, palette, few(screen, palette)))


@pytest.mark.long
@pytest.mark.parametrize(("screen", "palette"), EACH)
def test_thirty_frames_of_every_state(screens, screen, palette):
    holds(seen(screens[screen], screen, palette, moments.STATES))


def told_by(
    module: str, display: str, screen: str, *how: str, **more: str
) -> dict[str, dict[str, int]]:
    """What a module of ours saw on a screen."""
    width, height, ratio = SCREENS[screen]
    surroundings = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": str(ratio),
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-m", module, str(width // ratio), str(height // ratio), *how],
        env=surroundings, cwd=ROOT, capture_output=True, text=True, timeout=560,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, int]] = json.loads(done.stdout.splitlines()[-1])
    return found


def pages_of(display: str, screen: str, palette: str, text: str) -> dict[str, dict[str, int]]:
    module, still = "tests.gui.running.start", {"INTERBEAT_REDUCED_MOTION": "1"}
    return told_by(module, display, screen, palette, text, **still)


def pages_hold(display: str, screen: str, palette: str) -> None:
    for state, what in pages_of(display, screen, palette, "1").items():
        assert what == {"changed": 0, "repaint": 0, "inside": 1}, state


@pytest.mark.long
@pytest.mark.parametrize("text", ["1", "1.5", "2"])
@pytest.mark.parametrize(("screen", "palette"), [("853x533", "dark"), ("1280x800", "light")])
def test_thirty_frames_of_a_practice_with_larger_text(screens, screen, palette, text):
    found = told_by("tests.gui.running.practice", screens[screen], screen, palette, text)
    for state, what in found.items():
        assert what == {"keys": 0, "repaint": 0, "inside": 1}, state


@pytest.mark.long
@pytest.mark.parametrize("text", ["1.5", "2"])
def test_start_and_settings_stand_still_with_larger_text(screens, text):
    found = pages_of(screens["1280x800"], "1280x800", "light", text)
    for state in ("start", "settings"):
        assert found[state] == {"changed": 0, "repaint": 0, "inside": 1}, state


@pytest.mark.long
def test_the_pages_around_a_session_stand_still_and_whole(screens):
    pages_hold(screens["853x533"], "853x533", "dark")


@pytest.mark.long
@pytest.mark.parametrize(("screen", "palette"), EACH)
def test_the_pages_around_a_session_on_every_screen(screens, screen, palette):
    pages_hold(screens[screen], screen, palette)
