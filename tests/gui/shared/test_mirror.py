"""A painter that is turned round: words stay readable, figures are read from the left."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTextLayout, QTextOption

from gui.shared import Disc, LowerHalf, Path, Polygon, Rectangle, Shape, Stroke, draw, mirror, theme
from gui.shared.drawing import Drawing, Spot, Text
from pipelines.language import LANGUAGE
from tests.gui.running.window import pixels

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]
WIDTH, HEIGHT = 200, 60
LINE = Stroke("#101010", 2.0)
SHAPES: tuple[Shape, ...] = (
    Path(((10, 10), (20, 30), (40, 12)), LINE),
    Polygon(((10, 10), (40, 20), (12, 40)), fill="#101010"),
    Rectangle(10, 10, 30, 20, fill="#101010", radius=4.0),
    Disc((30, 30), 12, fill="#101010"),
    LowerHalf((30, 30), 12, fill="#101010"),
)


@pytest.fixture
def from_the_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "pseudo-mirrored")


@pytest.fixture
def page() -> Iterator[tuple[QImage, QPainter]]:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    yield image, painter
    if painter.isActive():
        painter.end()


def columns(image: QImage) -> list[int]:
    """The columns in which there is ink."""
    return np.flatnonzero((pixels(image) < 128).any(axis=(0, 2))).tolist()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: type(one).__name__)
def test_a_shape_along_time_is_drawn_as_before(page, from_the_right, shape: Shape) -> None:
    image, painter = page
    draw(painter, [shape])
    plain = pixels(image)
    image.fill(Qt.GlobalColor.white)
    mirror.turn(painter, WIDTH)
    draw(painter, Drawing((shape,)).in_time(0.0, WIDTH).shapes)
    assert (np.abs(plain.astype(int) - pixels(image)).max(axis=-1) > 128).sum() <= 2
    image.fill(Qt.GlobalColor.white)
    draw(painter, [shape])
    assert (np.abs(plain.astype(int) - pixels(image)[:, ::-1]).max(axis=-1) > 128).sum() <= 2


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_words_mirror_their_place_and_not_their_letters(
    page, monkeypatch: pytest.MonkeyPatch, align: str
) -> None:
    image, painter = page
    found = []
    for told in ("en", "pseudo-mirrored"):
        monkeypatch.setenv(LANGUAGE, told)
        image.fill(Qt.GlobalColor.white)
        painter.save()
        mirror.turn(painter, WIDTH)
        box = theme.draw_text(painter, 80, 40, "FL", token="#000000", size=28, align=align)
        at = painter.transform().mapRect(box)
        painter.restore()
        found.append((at, pixels(image)))
    (before, plain), (after, turned) = found
    assert after.x() == pytest.approx(WIDTH - before.right())
    shift = round(after.x() - before.x())
    assert shift
    same = np.roll(plain, shift, axis=1).astype(int)
    reversed_letters = plain[:, ::-1].astype(int)
    assert np.abs(same - turned).mean() < 0.5 * np.abs(reversed_letters - turned).mean()


def test_lines_begin_at_the_side_where_they_are_read(page, from_the_right) -> None:
    image, painter = page
    mirror.turn(painter, WIDTH)
    box = QRectF(10, 0, WIDTH - 20, HEIGHT)
    theme.draw_wrapped(painter, box, "אב", token="#000000", size=20)
    ink = columns(image)
    assert min(ink) > WIDTH / 2
    assert max(ink) < WIDTH - 8


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("אבג +9 ± 2 דהו", "+9 ± 2"),
        ("77 ± 2, 5 אבג", "77 ± 2"),
        ("−3.5 אבג", "−3.5"),
        ("אבג /home/x/a-1.csv", "/home/x/a-1.csv"),
        ("אבג (Polar H10 0003)", "Polar H10 0003"),
        ("⟦97 % דהו⟧", "97"),
        ("אבג 2023-11-13", "2023-11-13"),
        ("אבג12אבג", "12"),
    ],
)
def test_figures_and_names_are_read_from_the_left_in_any_sentence(
    page,
    from_the_right,
    words: str,
    figure: str,
) -> None:
    _, painter = page
    taken = mirror.readable(painter, words)
    assert painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    told = QTextLayout(taken, theme.font(28))
    told.setTextOption(QTextOption())
    option = told.textOption()
    option.setTextDirection(painter.layoutDirection())
    told.setTextOption(option)
    told.beginLayout()
    line = told.createLine()
    told.endLayout()
    first = taken.index(figure)
    x = [line.cursorToX(first + n)[0] for n in range(len(figure))]
    assert all(a < b for a, b in itertools.pairwise(x))
    if words.startswith("אבג "):
        assert line.cursorToX(0)[0] > max(x)
    assert line.naturalTextWidth() == pytest.approx(theme.text_width(words, 28), abs=2)


def test_words_of_another_script_are_left_alone(page, monkeypatch: pytest.MonkeyPatch) -> None:
    _, painter = page
    monkeypatch.setenv(LANGUAGE, "pseudo-mirrored")
    for words in ("+9 ± 2", "Polar H10", "Zoë"):
        assert mirror.readable(painter, words) == words
        assert painter.layoutDirection() is Qt.LayoutDirection.LayoutDirectionAuto
    monkeypatch.setenv(LANGUAGE, "en")
    assert mirror.readable(painter, "אבג 12") == "אבג 12"


def test_what_lies_along_time_keeps_its_own_count(from_the_right) -> None:
    drawn = Drawing(
        texts=(Text(10.0, 5.0, "a", "#000000", 14),), spots=(Spot(20.0, 0.0, 30.0, 9.0, "at"),)
    ).in_time(0.0, 100.0)
    assert drawn.texts[0].x == 90.0
    assert drawn.texts[0].align == "right"
    assert drawn.spots[0].x == 50.0
    assert drawn.spots[0].origin == 20.0


def test_from_the_left_nothing_is_turned(page, english) -> None:
    _, painter = page
    mirror.turn(painter, WIDTH)
    assert not mirror.is_turned(painter)
    drawn = Drawing(SHAPES)
    assert drawn.in_time(0.0, 100.0) is drawn
    assert mirror.begins(10.0, 20.0, 100.0) == 10.0
