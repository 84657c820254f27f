"""An hour in small: its curve over the band of the own baseline, or the word why there is none."""

from __future__ import annotations

from collections.abc import Iterator

from gui.shared import Box, Path, Point, Rectangle, Shape, Stroke, straight, theme
from gui.shared.drawing import Drawing, Text
from pipelines.analysis import Outline
from pipelines.drawing import Palette
from pipelines.language import tr

LOW, HIGH = -12.0, 28.0
"""Beats a minute from the own baseline that there is room for; what is beyond stays at the edge."""
VALUES = 112
"""Values that the whole width holds."""
LEAN = 8.0
"""Logical pixels between two lines of a hatch."""


def small_hour(outline: Outline, box: Box, palette: Palette) -> Drawing:
    """Return a session in small, in a box."""
    if outline.spread is None:
        return _uncompared(box, palette)
    low, high = _y(-outline.spread, box), _y(outline.spread, box)
    band = Rectangle(box.x, high, box.width, low - high, fill=palette.band)
    lines = (Path(run, Stroke(palette.lake, theme.STRIP_WIDTH)) for run in _runs(outline, box))
    return Drawing((band, *lines)).in_time(box.x, box.right)


def _runs(outline: Outline, box: Box) -> Iterator[tuple[Point, ...]]:
    """Yield the stretches of the curve that nothing interrupts."""
    step, run = box.width / VALUES, list[Point]()
    for place, value in enumerate((*outline.curve, None)):
        if value is not None:
            run.append((box.x + step * (place + 0.5), _y(value, box)))
            continue
        if len(run) == 1:  # a lone value is seen, too
            run.append((run[0][0] + step, run[0][1]))
        if run:
            yield tuple(run)
        run = []


def _y(value: float, box: Box) -> float:
    share = (min(max(value, LOW), HIGH) - LOW) / (HIGH - LOW)
    return box.bottom - share * box.height


def _uncompared(box: Box, palette: Palette) -> Drawing:
    """Return a hatch with the word why: there is no baseline."""
    words = theme.fitted(tr("no comparison"), box.width - 2 * LEAN, 14)
    width = theme.text_width(words, 14)
    whole = min(width + 6 * LEAN, box.width)
    shapes: list[Shape] = list(_hatch(Box(box.x, box.y, whole, box.height), palette))
    middle = box.x + whole / 2
    top = box.y + box.height / 2 - 11.0
    shapes.append(Rectangle(middle - width / 2 - 6.0, top, width + 12.0, 22.0, fill=palette.paper))
    return Drawing(
        tuple(shapes), (Text(middle, top + 16.0, words, palette.ink2, 14, align="centre"),)
    )


def _hatch(box: Box, palette: Palette) -> Iterator[Path]:
    """Yield leaning lines, cut at the edges of the box."""
    stroke = Stroke(palette.hair, 1.0)
    for number in range(1, int((box.width + box.height) / LEAN)):
        long = number * LEAN
        start = max(long - box.height, 0.0)
        end = min(long, box.width)
        yield straight(
            (box.x + start, box.y + min(long, box.height)),
            (box.x + end, box.y + long - end),
            stroke,
        )
