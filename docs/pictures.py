"""Render the views in their states: `python docs/pictures.py [FOLDER] [--all]`.

Without `--all`, only the pictures that the documentation shows are made, into docs/pictures: of a
window that follows the engine through an hour of simulated therapy, as its title says, or through
the recording of a real strap where it is at hand. On a screen they are what the screen shows. With
`--all`, of made-up moments in every state. The first page of a report is drawn too.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from docs.hours import H10, HOURS
from docs.moments import STATES
from docs.practice_states import practice_states
from docs.report_pages import first_page, simulated_report
from docs.reviews import REVIEWS, review_view
from gui.live.view import LiveView
from pipelines.drawing import DARK, LIGHT

SMALL, LARGE = (1280, 800), (1920, 1080)
SIZES = (SMALL, LARGE)
SETTLES = 1.0
"""Seconds for which a window is given time to reach the screen."""
EXTRA = {
    "dim": ("live", ("dim",)),
    "dim, two people": ("two people", ("dim",)),
    "index": ("live", ("numbers",)),
    "whole hour": ("live", ("hour",)),
    "calm": ("live", ("calm",)),
    "keys": ("live", ("help",)),
    "note": ("live", ("note",)),
}


@dataclass(frozen=True)
class Picture:
    """One picture: which view, in which state, how big, in which colours."""

    view: str
    state: str
    size: tuple[int, int] = SMALL
    dark: bool = False
    made_up: bool = False

    @property
    def name(self) -> str:
        state = [] if self.state in ("live", "strap live") else [self.state.replace(",", "")]
        size = [] if self.size == SMALL else [str(self.size[0])]
        parts = [self.view, *state, "dark" if self.dark else "light", *size]
        return "-".join(parts).replace(" ", "-") + ".png"


CHOSEN = (
    Picture("live", "live"),
    Picture("live", "live", dark=True),
    Picture("live", "live", size=LARGE),
    Picture("live", "warming up"),
    Picture("live", "limited"),
    Picture("live", "gap"),
    Picture("live", "H10"),
    Picture("live", "two people"),
    Picture("live", "dim"),
    Picture("live", "index"),
    Picture("live", "calm"),
    Picture("live", "keys"),
    Picture("review", "hour"),
    Picture("review", "two minutes"),
    Picture("practice", "strap live"),
    Picture("practice", "strap live", dark=True),
    Picture("practice", "no strap", size=LARGE),
)


def everything() -> list[Picture]:
    states = [("live", name) for name in (*STATES, *EXTRA)]
    states += [("practice", name) for name in practice_states()]
    states += [("review", name) for name in REVIEWS]
    return [
        Picture(v, s, z, d, made_up=True) for v, s in states for z in SIZES for d in (False, True)
    ]


def live(picture: Picture) -> QWidget:
    """Return the live view in a state; its clock stands still."""
    state, actions = EXTRA.get(picture.state, (picture.state, ()))
    now = [100.0]
    palette = DARK if picture.dark else LIGHT
    session = (STATES if picture.made_up else HOURS)[state]()
    view = LiveView(session, palette=palette, clock=lambda: now[0], still=True, polling=False)
    view.resize(*picture.size)
    view.show()
    if not picture.made_up:
        catch_up(view)
    now[0] += 5.0 if state == "unreachable" else 0.0
    for action in ("", *actions, ""):
        if action:
            view.act(action)
        now[0] += 1.1 if state != "unreachable" else 0.0
        view.poller.poll()
        view.frame()
    return view


def catch_up(view: LiveView) -> None:
    """Let a view ask until it has all of a session's points."""
    while True:
        view.poller.poll()
        newest = view.poller.newest
        assert newest.snapshot is not None
        if all(
            len(newest.traces[v.source].time) == v.trace_length for v in newest.snapshot.sources
        ):
            return


def practice(picture: Picture) -> QWidget:
    return practice_states()[picture.state](size=picture.size, dark=picture.dark)


def review(picture: Picture) -> QWidget:
    """Return a stored hour as it is looked at."""
    return review_view(picture.state, picture.size, DARK if picture.dark else LIGHT)


def render(picture: Picture, folder: Path) -> Path:
    """Write one picture, with no more colours than it needs, and return its path."""
    made = {"live": live, "practice": practice, "review": review}
    view = made[picture.view](picture)
    image = shown(view)
    view.close()
    view.deleteLater()
    path = folder / picture.name
    few_colours(image).save(str(path), "PNG", 0)
    return path


def shown(view: QWidget) -> QImage:
    """Return what the screen shows of a window, or without a screen what the window would paint."""
    if QGuiApplication.platformName() == "offscreen":
        return view.grab().toImage()
    view.show()
    view.move(0, 0)
    begun = time.monotonic()
    while time.monotonic() - begun < SETTLES:
        QApplication.processEvents()
    screen = QGuiApplication.primaryScreen()
    return screen.grabWindow(0, 0, 0, view.width(), view.height()).toImage()


def few_colours(image: QImage, most: int = 64) -> QImage:
    """Return the image in its most frequent colours, every other pixel in the nearest of them."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    colours, places, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:most]]
    distance = ((_parts(colours)[:, None, :] - _parts(kept)[None, :, :]) ** 2).sum(axis=2)
    index = distance.argmin(axis=1)[places].astype(np.uint8).reshape(pixels.shape)
    rows = np.zeros((image.height(), -(-image.width() // 4) * 4), np.uint8)
    rows[:, : image.width()] = index
    result = QImage(
        rows.tobytes(), image.width(), image.height(), rows.shape[1], QImage.Format.Format_Indexed8
    )
    result.setColorTable([int(colour) for colour in kept])
    return result.copy()


def _parts(colours: np.ndarray) -> np.ndarray:
    return np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(float)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).resolve().parent / "pictures"
    parser.add_argument("folder", nargs="?", type=Path, default=here)
    parser.add_argument("--all", action="store_true", help="every state, size and palette")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication(["interbeat"])
    for picture in everything() if options.all else CHOSEN:
        if picture.state == "H10" and not H10.is_file():
            print(f"{picture.name}: left as it is; its recording is not at hand")
            continue
        path = render(picture, options.folder)
        print(f"{path.name}: {path.stat().st_size // 1024} kB", flush=True)
        application.processEvents()
    page = few_colours(first_page(simulated_report(), width=1000))
    page.save(str(options.folder / "report-page-1.png"), "PNG", 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
