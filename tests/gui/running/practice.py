"""A practice on a real screen, by `python -m tests.gui.running.practice WIDTH HEIGHT PALETTE TEXT`.

Says in a line of JSON what thirty frames of each state showed, with text so many times as large.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from PySide6.QtWidgets import QApplication

from docs.practice_states import Clock, practice_states, run
from gui.practice.view import PracticeView
from gui.shared import theme
from tests.gui.running.window import arrive, differs, on_screen, pixels, seen

FRAMES = 30
STEP = 0.1
"""Seconds of the view's clock between two frames."""
STATES = (
    "no strap", "strap live", "strap of unknown delay", "numbers", "paused", "finished", "calm",
    "calm with somebody to call", "keys", "the heart leads", "before an assessment", "assessing",
    "assessing, at rest", "assessed",
)  # fmt: skip


def main(width: int, height: int, palette: str, text: float) -> None:
    app = QApplication(["interbeat"])
    theme.prefer(text=text, still=False)
    builders = practice_states()
    views = {name: builders[name](size=(width, height), dark=palette == "dark") for name in STATES}
    print(json.dumps({name: watched(app, view) for name, view in views.items()}))


def watched(app: QApplication, view: PracticeView) -> dict[str, int]:
    """What thirty frames showed: whether the keys stood still, and all was as a full repaint."""
    clock = view._clock
    assert isinstance(clock, Clock)
    view.move(0, 0)
    view.show()
    view._timer.stop()
    view.tick()
    arrive(app, view)
    grabbed = []
    for _ in range(FRAMES):
        run(view, clock, STEP, step=STEP)
        for _ in range(4):
            app.processEvents()
        grabbed.append(seen(view))
    held = pixels(view.grab().toImage())
    found = {
        "keys": sum(differs(foot(view, one), foot(view, grabbed[0])) != 0 for one in grabbed),
        "repaint": differs(grabbed[-1], held),
        "inside": int(on_screen(view)),
    }
    view.close()
    return found


def foot(view: PracticeView, image: np.ndarray) -> np.ndarray:
    """The row of keys."""
    tall = 44.0 * view.layout_now.scale * view.devicePixelRatioF()
    return image[-int(tall) :]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
