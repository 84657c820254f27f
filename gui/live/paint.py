"""Painters of a plot's ground, gaps, hatches and other stretches, in logical pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.live.annotations import Annotations
from gui.live.lane import Lane
from gui.shared import Path, Polygon, Rectangle, Shape, Stroke, draw, straight, theme
from gui.shared.scene import Cap, Row, Stretch, Words, crisp
from pipelines.drawing import Palette
from pipelines.language import tr

_WORDS_ROOM = 32.0
_CAP = 16.0
_FOOT = 17.0
"""Logical pixels from a plot's foot to the baseline of the words over it."""
_HEAD = 17.0
"""Logical pixels from a plot's upper edge to the baseline of the words of narrow hatches."""
_LOW_HEAD = 12.0
"""The same in a low plot of two, for the words of brackets."""
_HATCH = 8.0
_LOW = 200.0
"""Logical pixels below which a plot of two has no room for words at its foot."""
SHORT = tr("no estimate")
_DIAMOND = 5.0


@dataclass(frozen=True, slots=True)
class Style:
    """How to paint: colours, the session time now, and whether bare, as on the dim screen."""

    palette: Palette
    now: float
    bare: bool = False


def ground(
    painter: QPainter,
    lane: Lane,
    palette: Palette,
    bands: Sequence[tuple[float, float]],
    *,
    hairs: bool,
    bare: bool = False,
) -> None:
    """Paint the baseline band and, unless bare, hair lines at the ticks and the axis."""
    draw(painter, [shape for low, high in bands for shape in band(lane, palette, low, high)])
    if not bare:
        draw(painter, hair_lines(lane, palette, bands) if hairs else ())
        draw(painter, [axis(lane, palette)])


def hair_lines(lane: Lane, palette: Palette, bands: Sequence[tuple[float, float]]) -> list[Path]:
    """Return a line at each tick that would strike neither through the words nor the bands."""
    top, foot = lane.box.y, lane.box.bottom - _WORDS_ROOM
    if _is_low(lane):
        top, foot = top + _WORDS_ROOM, lane.box.bottom
    return [
        _across(lane, crisp(lane.y(value)), Stroke(palette.hair, theme.AXIS_WIDTH))
        for value in lane.tick_values()
        if top <= crisp(lane.y(value)) <= foot
        and not any(low < value < high for low, high in bands)
    ]


def _is_low(lane: Lane) -> bool:
    """Return whether a plot of two has no room for words at its foot, where both traces lie."""
    return len(lane.curves) > 1 and lane.box.height < _LOW


def axis(lane: Lane, palette: Palette) -> Path:
    """Return the line of the time axis."""
    return _across(lane, crisp(lane.box.bottom), Stroke(palette.line, theme.AXIS_WIDTH))


def band(lane: Lane, palette: Palette, low: float, high: float) -> list[Shape]:
    """Return the area between two values, as far as it is in view, with dotted edges."""
    top, bottom = lane.within(lane.y(high)), lane.within(lane.y(low))
    dotted = Stroke(palette.line, theme.AXIS_WIDTH, (0.01, 4.0))
    area = Rectangle(lane.box.x, top, lane.box.width, bottom - top, fill=palette.band)
    return [area, *(_across(lane, y, dotted) for y in (top, bottom))]


def _across(lane: Lane, y: float, stroke: Stroke) -> Path:
    return straight((lane.box.x, y), (lane.box.right, y), stroke)


def _ends(lane: Lane, stretch: Stretch, now: float) -> tuple[float, float] | None:
    left = max(lane.x(stretch.start), lane.box.x)
    right = min(lane.x(min(stretch.end, now)), lane.box.right)
    return (left, right) if right > left else None


def stretches(
    painter: QPainter, lane: Lane, annotations: Annotations, style: Style
) -> tuple[Words, ...]:
    """Paint hatches, brackets with their words, caps and corrected beats of the heart rate.

    Returns the rows that its words stand in.
    """
    foot = _row(lane, _words_y(lane, style))
    for bracket in annotations.brackets:
        _bracket(painter, lane, bracket, style, foot)
    own = _row(lane, lane.box.y + _HEAD)
    inside = hatches(painter, lane, annotations.hatches[0], style, own)
    for times, words in () if style.bare else annotations.corrected:
        _corrected(painter, lane, times, words, style.palette, foot)
    draw(painter, caps(lane, annotations.caps, style.palette))
    _before(painter, lane, style.palette)
    return foot, own, inside


def _row(lane: Lane, baseline: float) -> Words:
    return Words(Row(lane.box.x, lane.box.right), baseline)


def _words_y(lane: Lane, style: Style) -> float:
    """Return the baseline of the words of brackets: over the foot, or under the upper edge.

    With two lines no hatch has its words there.
    """
    if style.bare:
        return lane.box.bottom + 20
    return lane.box.y + _LOW_HEAD if _is_low(lane) else lane.box.bottom - _FOOT


def own_band(
    painter: QPainter, lane: Lane, bounds: Sequence[tuple[float, str]], palette: Palette
) -> None:
    """Paint the lines of the band that clinician and client drew, with their words at each."""
    for value, words in bounds:
        y = lane.y(value)
        if not lane.box.y <= y <= lane.box.bottom:
            continue
        stroke = Stroke(palette.ink, theme.AXIS_WIDTH)
        draw(painter, [straight((lane.box.x, y), (lane.box.right, y), stroke)])
        if words:
            told = theme.fitted(words, lane.box.width / 2, 14)
            back = QRectF(lane.box.x + 4, y - 19, theme.text_width(told, 14) + 8, 17)
            painter.fillRect(back, theme.colour(palette.paper))
            theme.draw_text(painter, lane.box.x + 8, y - 6, told, token=palette.ink, size=14)


def caps(lane: Lane, found: Sequence[Cap], palette: Palette) -> list[Path]:
    """Return a short upright line at each end of a line that is in view."""
    ends = [(lane.x(cap.time), lane.within(lane.y(cap.value))) for cap in found]
    stroke = Stroke(palette.line, 2.0)
    return [
        straight((x, y - _CAP / 2), (x, y + _CAP / 2), stroke)
        for x, y in ends
        if lane.box.x <= x <= lane.box.right
    ]


def bracket(lane: Lane, stretch: Stretch, style: Style) -> Path | None:
    """Return the line under a stretch, as far as it is in view and over."""
    ends, y = _ends(lane, stretch, style.now), lane.box.bottom - 7
    if ends is None:
        return None
    return straight((ends[0], y), (ends[1], y), Stroke(style.palette.line, 2.0))


def _bracket(painter: QPainter, lane: Lane, stretch: Stretch, style: Style, foot: Words) -> None:
    found = bracket(lane, stretch, style)
    if found is None:
        return
    (left, _), (right, _) = found.points
    if not style.bare:
        draw(painter, [found])
    _write(painter, stretch.words, (left + right) / 2, foot, style.palette)


def _write(painter: QPainter, words: str, middle: float, place: Words, palette: Palette) -> None:
    at = place.row.take(middle, theme.text_width(words, 14), move=True)
    if at is not None:
        theme.draw_text(
            painter, at, place.baseline, words, token=palette.ink2, size=14, align="centre"
        )


def diamonds(lane: Lane, times: Sequence[float], palette: Palette) -> list[Polygon]:
    """Return a diamond at the foot of the plot for each time in view."""
    y, r = lane.box.bottom - 7, _DIAMOND / 2 + 1
    stroke = Stroke(palette.ink2, 1.25)
    return [
        Polygon(((x - r, y), (x, y - r), (x + r, y), (x, y + r)), stroke=stroke)
        for x in map(lane.x, times)
        if lane.box.x <= x <= lane.box.right
    ]


def _corrected(
    painter: QPainter,
    lane: Lane,
    times: Sequence[float],
    words: str,
    palette: Palette,
    foot: Words,
) -> None:
    found = diamonds(lane, times, palette)
    if not found:
        return
    draw(painter, found)
    (first, _), (last, _) = found[0].points[1], found[-1].points[1]
    _write(painter, words, (first + last) / 2, foot, palette)


def hatches(
    painter: QPainter, lane: Lane, found: Iterable[Stretch], style: Style, place: Words
) -> Words:
    """Paint stretches without an estimate, each with its words inside, or else at `place`.

    Returns the row of those inside.
    """
    inside = _row(lane, lane.box.y + lane.box.height / 2 + 5)
    for stretch in found:
        ends = _ends(lane, stretch, style.now)
        if ends is not None:
            _hatch(painter, lane, ends, lane.x(stretch.start), style.palette)
            _hatch_words(painter, stretch.words, ends, style.palette, place, inside)
    return inside


def hatch(
    lane: Lane, ends: tuple[float, float], anchor: float
) -> list[tuple[float, float, float, float]]:
    """Return the lines (x1, y1, x2, y2) that hatch a lane between two x, leaning to the right.

    They are anchored at the stretch's own beginning, so that the pattern moves with the line.
    """
    box = lane.box
    first = anchor + math.floor((ends[0] - box.height - anchor) / _HATCH) * _HATCH
    return [
        (x, box.bottom, x + box.height, box.y) for x in np.arange(first, ends[1], _HATCH).tolist()
    ]


def _hatch(
    painter: QPainter, lane: Lane, ends: tuple[float, float], anchor: float, palette: Palette
) -> None:
    area = QRectF(ends[0], lane.box.y, ends[1] - ends[0], lane.box.height)
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    pen = theme.line_pen(palette.hair, theme.AXIS_WIDTH)
    pen.setCosmetic(True)  # wider than one pixel, hundreds of lines would cost half a core
    painter.setPen(pen)
    painter.drawLines([QLineF(*points) for points in hatch(lane, ends, anchor)])
    painter.restore()


def _hatch_words(
    painter: QPainter,
    words: str,
    ends: tuple[float, float],
    palette: Palette,
    place: Words,
    inside: Words,
) -> None:
    """Write inside the hatch what fits there, or else into the row for it."""
    middle, y = sum(ends) / 2, inside.baseline - 5
    room = ends[1] - ends[0] - 16
    fitting = [w for w in (words, SHORT) if theme.text_width(w, 14) <= room]
    if not fitting:
        _write(painter, SHORT, middle, place, palette)
        return
    half = theme.text_width(fitting[0], 14) / 2
    back = QRectF(middle - half - 8, y - 13, 2 * half + 16, 26)
    painter.fillRect(back, theme.colour(palette.paper))
    inside.row.hold(back.left(), back.right())
    theme.draw_text(
        painter, middle, inside.baseline, fitting[0], token=palette.ink2, size=14, align="centre"
    )


def nothing(painter: QPainter, lane: Lane, palette: Palette) -> None:
    """Say of an empty plot that nothing is known yet."""
    x, y = lane.box.x + lane.box.width / 2, lane.box.y + lane.box.height / 2
    theme.draw_text(
        painter, x, y + 12, tr("nothing to show yet"), token=palette.ink2, size=14, align="centre"
    )


def _before(painter: QPainter, lane: Lane, palette: Palette) -> None:
    """Say of the blank before the first second what it is."""
    width, words = lane.x(0.0) - lane.box.x, tr("before the start")
    if width > theme.text_width(words, 14) + 16:
        middle, y = lane.box.x + width / 2, lane.box.y + lane.box.height / 2
        theme.draw_text(painter, middle, y, words, token=palette.ink2, size=14, align="centre")
