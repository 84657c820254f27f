"""Every word of every page stands out from what is around it: looked at pixel by pixel.

Also as people see it whose eyes know fewer colours, or none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget

from docs import moments
from gui.live.view import LiveView
from gui.practice import PracticeView
from gui.shared import theme
from pipelines.drawing import DARK, DARK_HIGH, DIM, LIGHT, LIGHT_HIGH, Palette
from tests.gui.running.lines import Lines
from tests.gui.running.start import pages
from tests.gui.running.window import pixels
from tests.gui.running.written import Written

pytestmark = [pytest.mark.view, pytest.mark.sampled, pytest.mark.usefixtures("qapp", "english")]
PALETTES = [LIGHT, DARK, LIGHT_HIGH, DARK_HIGH]
HAIRS = {palette.hair for palette in (*PALETTES, DIM)}
LEAST, LEAST_OF_LINES = 4.5, 3.0
AROUND, APART = 7, 9
"""Pixels around a point of a line in which it is looked for, and between two such points."""
GREY = np.tile([0.2126, 0.7152, 0.0722], (3, 1))
# Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113, severity 1, of linear light.
EYES = {
    "all colours": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
    "grey": GREY,
}  # fmt: skip


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    theme.prefer(text=1.0, still=False)


def light_of(rgb: np.ndarray) -> np.ndarray:
    """Linear light of sRGB pixels."""
    part = rgb / 255.0
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrasts(crop: np.ndarray) -> dict[str, float]:
    """How far the pixel that stands out most is from the ground, to each kind of eyes."""
    packed = crop.reshape(-1, 3) @ np.array([1, 1 << 8, 1 << 16])  # Qt keeps blue first
    kinds, counts = np.unique(packed, return_counts=True)
    light = light_of(np.stack([kinds >> 16, kinds >> 8 & 255, kinds & 255], axis=1).astype(float))
    found = {}
    for eyes, seen in EYES.items():
        bright = np.clip(light @ np.asarray(seen).T, 0.0, 1.0) @ GREY[0] + 0.05
        ground = bright[counts.argmax()]
        found[eyes] = float(np.max(np.maximum(bright / ground, ground / bright)))
    return found


def faint(window: QWidget, written: Written) -> list[tuple[str, str, float]]:
    """The words that stand out too little, and to whose eyes."""
    QApplication.processEvents()
    written.clear()
    image = pixels(window.grab().toImage())
    found, told = [], written.within(window)
    assert told
    for words, box in told:
        place = box.toAlignedRect().intersected(window.rect())
        crop = image[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
        if crop.size:
            each = contrasts(crop)
            found += [(words, eyes, one) for eyes, one in each.items() if one < LEAST]
    return found


def faint_lines(window: QWidget, drawn: Lines) -> list[tuple[str, str, float]]:
    """The lines that stand out too little from what is around them; hair lines only adorn."""
    QApplication.processEvents()
    drawn.clear()
    image = pixels(window.grab().toImage())
    found = []
    for stroke, points in drawn.within(window):
        if stroke.token in HAIRS:
            continue
        around = AROUND + int(stroke.width)
        each = [contrasts(crop) for crop in _along(image, points, around)]
        # What lies over a line hides a part of it, and of dashes a third may be gaps.
        share = 75 if stroke.dashes else 50
        told = {
            eyes: float(np.percentile([seen[eyes] for seen in each], share))
            for eyes in (EYES if each else ())
        }
        found += [(stroke.token, eyes, one) for eyes, one in told.items() if one < LEAST_OF_LINES]
    return found


def _along(image: np.ndarray, points: list[QPointF], around: int) -> Iterator[np.ndarray]:
    """What is around some points of a line, as far as the window shows them."""
    places = np.array([(point.x(), point.y()) for point in points])
    passed = np.append(0.0, np.cumsum(np.hypot(*np.diff(places, axis=0).T)))
    at = np.arange(APART / 2, passed[-1], APART)
    for x, y in zip(*(np.interp(at, passed, each).astype(int) for each in places.T), strict=True):
        if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]:
            yield image[max(y - around, 0) : y + around + 1, max(x - around, 0) : x + around + 1]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda one: one.name)
def test_every_page_around_a_session(written: Written, drawn: Lines, palette: Palette) -> None:
    theme.prefer(text=1.0, still=True, contrast="high" in palette.name)
    names = []
    for name, s in pages(1280, 800, palette):
        names.append(name)
        assert not faint(s.shell, written), name
        assert not faint_lines(s.shell, drawn), name
    assert len(names) == 14


@pytest.mark.parametrize("palette", PALETTES, ids=lambda one: one.name)
@pytest.mark.parametrize("state", ["live", "limited", "gap", "two people", "group"])
def test_every_state_of_a_session(
    written: Written, drawn: Lines, state: str, palette: Palette
) -> None:
    view = LiveView(moments.STATES[state](), polling=False, still=True, palette=palette)
    view._timer.stop()
    view.show()
    view.poller.poll()
    view.frame()
    for action in ("dim", "dim", "help", "help", "calm"):
        assert not faint(view, written), action
        assert not faint_lines(view, drawn), action
        view.act(action)
    view.close()


@pytest.mark.parametrize("palette", PALETTES, ids=lambda one: one.name)
def test_practice(written: Written, drawn: Lines, palette: Palette) -> None:
    theme.prefer(text=1.0, still=True, contrast="high" in palette.name)
    view = PracticeView(None, dark=palette.dark)
    view.show()
    assert view.bright is palette
    for action in ("eyes", "eyes", "help", "help", "calm"):
        assert not faint(view, written), action
        assert not faint_lines(view, drawn), action
        view.act(action)
    view.close()
