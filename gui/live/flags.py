"""Painters of what is set on a plot: marks, minutes, numbers, and the dot at a line's end."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QPainter

from gui.live.curve import Line
from gui.live.glance import dot
from gui.live.lane import Lane
from gui.live.paint import Style
from gui.shared import Path, Point, Polygon, Shape, Stroke, draw, scene, straight, theme
from gui.shared.scene import Row, Words
from physio.arousal.glance import TrustLevel
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.session import MarkView
from pipelines.words import STALE, clock_text

FLAGS = 19.0
"""Logical pixels from a plot's upper edge to that of its flags, whose row is theirs alone."""
_LABEL = 14.0
_MOST = 240.0
_DOT, _SMALL_DOT = 9.0, 4.5
_LEAD = 7.0  # the newest dot stays at the edge while its point is at most this far behind


def marks(
    painter: QPainter,
    lane: Lane,
    found: Sequence[MarkView],
    style: Style,
    words: Sequence[Words] = (),
) -> None:
    """Paint each mark's line, flag and label; no line strikes through words that stand already."""
    palette, box = style.palette, lane.box
    seen = [mark for mark in found if box.x <= lane.x(mark.time) <= box.right]
    places = [lane.x(mark.time) for mark in seen]
    for x in places:
        draw(painter, pole(lane, x, palette, words))
        draw_flag(painter, x, box.y - FLAGS, palette)
    labels = [theme.fitted(harmless(mark.text), _MOST, 16, 600) for mark in seen]
    widths = [theme.text_width(label, 16, 600) for label in labels]
    placed = scene.placed_labels(places, widths, box.x, box.right)
    for label, place in zip(labels, placed, strict=True):
        if label and place is not None:
            start, room = place
            shown = theme.fitted(label, math.ceil(room), 16, 600)
            theme.draw_text(
                painter, start, box.y - FLAGS + _LABEL, shown, token=palette.ink,
                size=16, weight=600,
            )  # fmt: skip


def pole(lane: Lane, x: float, palette: Palette, words: Sequence[Words] = ()) -> list[Path]:
    """Return the line of a mark from its flag down to the axis, but for where words stand."""
    stroke = Stroke(palette.ink, theme.MARK_WIDTH)
    parts = scene.upright(x, lane.box.y - FLAGS, lane.box.bottom, words)
    return [straight((x, top), (x, bottom), stroke) for top, bottom in parts]


def flag(x: float, y: float, palette: Palette) -> Polygon:
    """Return a small flag whose pole is at x and whose upper edge is at y."""
    return Polygon(((x, y), (x + 11, y + 6), (x, y + 12)), fill=palette.ink)


def draw_flag(painter: QPainter, x: float, y: float, palette: Palette) -> None:
    """Paint a small flag."""
    draw(painter, [flag(x, y, palette)])


def times(painter: QPainter, lane: Lane, y: float, palette: Palette, *, whole: bool) -> None:
    """Paint the minutes under the lowest plot, and "now" at its end."""
    box = lane.box
    row = Row(0.0, box.right + 60)
    if not whole:
        row.take(box.right, theme.text_width(tr("now"), 14, 600))
        theme.draw_text(
            painter, box.right, y, tr("now"), token=palette.ink, size=14, weight=600, align="centre"
        )
    for time in lane.tick_times(900.0 if whole else 60.0):
        words = clock_text(time)
        x = lane.x(time)
        if row.take(x, theme.text_width(words, 14)):
            theme.draw_text(painter, x, y, words, token=palette.ink2, size=14, align="centre")


def time_ticks(painter: QPainter, lane: Lane, palette: Palette, *, whole: bool) -> None:
    """Paint the small ticks on the axis above the minutes."""
    draw(painter, small_ticks(lane, palette, whole=whole))


def small_ticks(lane: Lane, palette: Palette, *, whole: bool) -> list[Path]:
    """Return a tick below the axis at each minute in view, or quarter of an hour."""
    bottom, stroke = lane.box.bottom, Stroke(palette.line, theme.AXIS_WIDTH)
    places = map(lane.x, lane.tick_times(900.0 if whole else 60.0))
    return [straight((x, bottom), (x, bottom + 5), stroke) for x in places]


def newest(painter: QPainter, lane: Lane, ends: Sequence[TrustLevel | None], style: Style) -> None:
    """Paint a dot at the end of each line that still goes on."""
    for shapes in newest_dots(lane, ends, style):
        draw(painter, shapes)


def newest_dots(lane: Lane, ends: Sequence[TrustLevel | None], style: Style) -> list[list[Shape]]:
    """Return the dot at the end of each line that still goes on; one over another is smaller.

    `ends` say how far the glance trusts each, None of a line that does not go on: no dot is fuller
    than that of its glance.
    """
    found: list[list[Shape]] = []
    places: list[Point] = []
    for line, curve, trust in zip(lane.lines, lane.curves, ends, strict=False):
        if trust is not None and _is_read(line, style.now):
            place = _newest_place(lane, line, style)
            hides = any(math.dist(place, other) < _DOT for other in places)
            radius = _SMALL_DOT if hides else _DOT
            colour: str = getattr(style.palette, curve.token)
            found.append(dot(*place, radius, _kind(line, trust), colour, style.palette))
            places.append(place)
    return found


def _is_read(line: Line, now: float) -> bool:
    """Return whether a line's newest point is known, trusted and not stale."""
    points = line.points
    return (
        len(points) > 0
        and bool(np.isfinite(line.values[-1]))
        and bool(points.trust[-1] > 0)
        and bool(now - points.time[-1] <= STALE)
    )


def _newest_place(lane: Lane, line: Line, style: Style) -> Point:
    time, value = float(line.points.time[-1]), float(line.values[-1])
    x = min(lane.x(time) + _LEAD, lane.x(style.now), lane.box.right)
    return x, lane.within(lane.y(value))


def _kind(line: Line, trust: TrustLevel) -> str:
    """Return how full a line's dot is: as the glance's, and half at most where it is dotted."""
    if trust is TrustLevel.NONE:
        return "none"
    return "full" if trust is TrustLevel.CLEAR and line.points.trust[-1] == 2 else "half"


def tick_words(value: float, *, signed: bool) -> str:
    """Return the words of a tick."""
    words = f"{value:+.0f}" if signed and value else f"{value:.0f}"
    return words.replace("-", "−")
