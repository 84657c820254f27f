"""What of a page's words is cut or overlaps, by `python -m tests.gui.running.crowded`.

In a window of WIDTH and HEIGHT, with text so many times as large, in the language of the process.
Says so in a line of JSON, by page.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication, QWidget

from docs import moments
from docs.practice_states import practice_states
from gui.live.view import LiveView
from gui.shared import theme
from pipelines.drawing import LIGHT
from pipelines.recording import LibraryState
from tests.gui.running.start import pages
from tests.gui.running.written import Written, noted
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import World

SIDE, ACROSS = 1.5, 5.5
"""Pixels by which the boxes of two words may meet: letters are lower than their boxes."""
LIVE = ("live", "limited", "gap", "two people", "group", "no strap", "warming up", "paused",
        "no estimate")  # fmt: skip


def main(width: int, height: int, text: float) -> None:
    app = QApplication(["interbeat"])
    theme.prefer(text=text, still=False)
    with pytest.MonkeyPatch.context() as patch:
        written = noted(patch)
        found = {}
        for name, window in windows(width, height):
            app.processEvents()
            written.clear()
            window.grab()
            found[name] = crowded(written, window)
    print(json.dumps(found))


def windows(width: int, height: int) -> Iterator[tuple[str, QWidget]]:
    """Yield each page, and what is seen there."""
    for name, s in pages(width, height, LIGHT):
        yield name, s.shell
    yield from looked_back(width, height)
    for state in LIVE:
        yield from live(state, width, height)
    for name, build in practice_states().items():
        practice = build(size=(width, height), dark=False)
        practice.show()
        yield f"practice, {name}", practice
        practice.close()


def looked_back(width: int, height: int) -> Iterator[tuple[str, QWidget]]:
    s = Stage(World(LibraryState.OPEN), palette=LIGHT)
    s.shell.resize(width, height)
    s.press(Key.Key_3)
    yield "sessions", s.shell
    s.press(Key.Key_Return)
    yield "an hour", s.shell
    s.press(Key.Key_Plus)
    yield "a part of an hour", s.shell
    s.close()


def live(state: str, width: int, height: int) -> Iterator[tuple[str, QWidget]]:
    view = LiveView(moments.STATES[state](), polling=False, still=True)
    view._timer.stop()
    view.resize(width, height)
    view.show()
    for action in ("", "numbers", "numbers", "dim", "dim", "help", "help", "calm"):
        if action:
            view.act(action)
        for _ in range(2):
            view.poller.poll()
            view.frame()
        yield f"{state} {action}".strip(), view
    view.close()


def crowded(written: Written, window: QWidget) -> list[str]:
    """Which words are cut at an edge of the window, and which lie over each other."""
    whole = QRectF(window.rect()).adjusted(-1.0, -1.0, 1.0, 2.0)
    places = written.within(window)
    found = [f"cut: {words}" for words, box in places if not whole.contains(box)]
    for (one, here), (other, there) in itertools.combinations(places, 2):
        shared = here.intersected(there)
        if shared.width() > SIDE and shared.height() > ACROSS:
            found.append(f"over each other: {one} | {other}")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
