"""A real window on a real screen, by `python -m tests.gui.running.window` and what `main` takes.

It goes on for thirty frames at ten a second of its own clock, as a running session would move it,
and looks at what the screen shows after each. Says in a line of JSON what it saw of each state.
"""

from __future__ import annotations

import itertools
import json
import sys
import time

import msgspec
import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from docs import moments
from gui.live.view import LiveView
from pipelines.drawing import DARK, LIGHT, Palette
from pipelines.session import PhaseName

FRAMES = 30
PATIENCE = 60.0
"""Seconds."""
STEP = 0.1
"""Seconds of the window's clock between two frames."""


def main(width: int, height: int, palette: str, states: list[str]) -> None:
    app = QApplication(["interbeat"])
    colours = DARK if palette == "dark" else LIGHT
    print(json.dumps({state: watched(app, state, width, height, colours) for state in states}))


def watched(
    app: QApplication, state: str, width: int, height: int, palette: Palette
) -> dict[str, int]:
    """What thirty frames of a state showed."""
    now, moment = [100.0], moments.STATES[state]()
    view = LiveView(moment, clock=lambda: now[0], polling=False, still=True, palette=palette)
    view._timer.stop()
    view.setGeometry(0, 0, width, height)
    view.show()
    advance(app, view, moment, now)
    arrive(app, view)
    grabbed = []
    for _ in range(FRAMES):
        advance(app, view, moment, now)
        grabbed.append(seen(view))
    held = pixels(view.grab().toImage())
    found = {
        "side": sum(differs(side(view, one), side(view, grabbed[0])) for one in grabbed),
        "repaint": differs(grabbed[-1], held),
        "inside": int(on_screen(view)),
        "moved": sum(differs(a, b) > 0 for a, b in itertools.pairwise(grabbed)),
    }
    view.close()
    return found


def advance(app: QApplication, view: LiveView, moment: moments.Moment, now: list[float]) -> None:
    """Let time go on, draw one more frame, and let it reach the screen."""
    now[0] += STEP
    if moment.state is not None and moment.state.phase is not PhaseName.FINISHED:
        moment.state = msgspec.structs.replace(moment.state, time=moment.state.time + STEP)
    view.poller.poll()
    view.frame()
    for _ in range(4):
        app.processEvents()


def on_screen(view: QWidget) -> bool:
    """Whether all of a window is; asking a window for its screen ends some versions of PySide."""
    return QGuiApplication.primaryScreen().geometry().contains(view.frameGeometry())


def arrive(app: QApplication, view: QWidget) -> None:
    """Wait, on a clock that stands, until the screen shows the window: a busy one is slow."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        app.processEvents()
        if differs(seen(view), pixels(view.grab().toImage())) == 0:
            return
        time.sleep(0.02)


def seen(view: QWidget) -> np.ndarray:
    """What the screen shows where the window is."""
    corner, size = view.pos(), view.size()
    whole = QGuiApplication.primaryScreen().grabWindow(0).toImage()
    ratio = view.devicePixelRatioF()
    box = QRect(corner * ratio, size * ratio)
    return pixels(whole.copy(box))


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4)[..., :3].copy()


def side(view: LiveView, image: np.ndarray) -> np.ndarray:
    """The titles and ticks left of the plots."""
    layout, ratio = view.current_layout(), view.devicePixelRatioF()
    scale = layout.scale * ratio
    top, bottom = int((layout.plot.y - 40) * scale), int(layout.times_y * scale)
    return image[top:bottom, : int((layout.plot.x - 2) * scale)]


def differs(one: np.ndarray, other: np.ndarray) -> int:
    return -1 if one.shape != other.shape else int((one != other).any(axis=-1).sum())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
