"""The pages on a real screen, by `python -m tests.gui.running.start` and what `main` takes.

Says in a line of JSON what thirty looks at each page saw, with text so many times as large.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from PySide6.QtWidgets import QApplication

from gui.shared import theme
from pipelines.drawing import DARK, LIGHT, Palette
from pipelines.recording import HeldStrap, LibraryState, Skin
from tests.gui.running.window import arrive, differs, on_screen, pixels, seen
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import LAST, SECRET, STRAPS, World
from tests.pipelines.weeks.made import a_log

FRAMES = 30


def main(width: int, height: int, palette: str, text: float) -> None:
    app = QApplication(["interbeat"])
    theme.prefer(text=text, still=False)
    colours = DARK if palette == "dark" else LIGHT
    found = {name: watched(app, s) for name, s in pages(width, height, colours)}
    print(json.dumps(found))


def pages(width: int, height: int, palette: Palette) -> Iterator[tuple[str, Stage]]:
    """Yield each page's name and a window that stands there."""
    s = Stage(World(LibraryState.MISSING), palette=palette)
    s.shell.setGeometry(0, 0, width, height)
    yield "start", s
    s.press(Key.Key_S)
    yield "settings", s
    s.press(Key.Key_Escape)
    s.press(Key.Key_1)
    for field in s.shell.fields:
        field.setText(SECRET)
        field.clearFocus()  # a caret blinks
    s.press(Key.Key_Return)
    yield "recovery", s
    s.press(Key.Key_Return)
    s.world.change(straps=STRAPS[:3], last=LAST)
    s.look()
    yield "straps", s
    s.world.change(held=stands())
    s.look()
    yield "connected", s
    s.world.trouble()
    s.look()
    yield "trouble", s
    s.press(Key.Key_Question)
    yield "keys", s
    s.press(Key.Key_Escape)
    s.press(Key.Key_Escape)
    s.press(Key.Key_3)
    yield "library", s
    s.press(Key.Key_Left)
    s.press(Key.Key_X)
    for field in s.shell.fields:
        field.setText(SECRET)
        field.clearFocus()
    yield "sealing", s
    s.press(Key.Key_Escape)
    s.press(Key.Key_K)
    for field in s.shell.fields:
        field.clearFocus()
    yield "locked", s
    s.press(Key.Key_Escape)
    s.world.open()
    s.world.entries = list(a_log())
    s.look()
    s.press(Key.Key_W)
    yield "weeks", s
    s.press(Key.Key_Return)
    yield "question", s
    s.press(Key.Key_Escape)
    s.press(Key.Key_Escape)
    s.press(Key.Key_1)
    s.press(Key.Key_S)
    s.shell.live.note.hide()
    s.world.finish()
    for _ in range(12):  # words fade
        s.look()
    yield "finished", s
    s.press(Key.Key_Delete)
    for _ in range(12):
        s.look()
    yield "thrown", s
    s.close()


def stands() -> tuple[HeldStrap, ...]:
    """The strap used last, connected and on the skin."""
    return (
        HeldStrap(LAST.name, LAST.address, connected=True, beats=True, asked=True,
                  battery_percent=15, skin=Skin.ON),
    )  # fmt: skip


def watched(app: QApplication, s: Stage) -> dict[str, int]:
    arrive(app, s.shell)
    grabbed = []
    for _ in range(FRAMES):
        s.shell.look()
        app.processEvents()
        grabbed.append(seen(s.shell))
    held = pixels(s.shell.grab().toImage())
    return {
        "changed": sum(differs(one, grabbed[-1]) != 0 for one in grabbed),
        "repaint": differs(grabbed[-1], held),
        "inside": int(on_screen(s.shell)),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
