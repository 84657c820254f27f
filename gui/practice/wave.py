"""The wave: the guide and the heart on one time axis, the guide also a few breaths ahead.

Two lines share the height, not a scale: the guide runs from empty to full, the heart between its
own slowest and fastest of late. There is no axis, since the patient follows a shape and not a
number. The strap tells of the heart late: where its delay is known the heart lies where it beat,
and while it moves with the guide its newest seconds are foreseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPen, QTransform

from gui.practice.guide import Guide, fullness, pace, paint_dot
from gui.practice.heart import AHEAD, BACK, CLEAR, Heart, Point, Span, ends, heart_line
from gui.shared import Path, Stroke, draw, straight, theme
from physio.beats import BoolArray, FloatArray
from physio.breathing.prediction import OFF
from pipelines.drawing import Palette
from pipelines.language import tr
from pipelines.session import WaveView

SHARE_BACK = BACK / (BACK + AHEAD)
"""Share of the width before now."""
SWING = 41.0
"""Logical pixels from the middle of the wave to the guide's full and empty."""
LONGEST_WAIT = 5.0
"""Seconds without a beat after which the line has ended and says so."""
CAP = 16.0
JOINED_OVER = 1.5
"""Seconds over which what is foreseen leaves the last beat that was told."""
FAINTEST = 0.25
"""Opacity of the foreseen line's end at the largest error with which it is shown."""
STEPS = (0.25, 0.125, 0.0625)
"""Seconds between two points of the guide's line, of which the longest that suits is taken."""
DASH = 22.0
"""Logical pixels after which the guide's dashes repeat."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the wave lies: its box in logical pixels and the moment at its now."""

    box: QRectF
    now: float

    @property
    def now_x(self) -> float:
        """The x of now."""
        return self.box.left() + SHARE_BACK * self.box.width()

    @property
    def per_second(self) -> float:
        """Logical pixels of one second."""
        return SHARE_BACK * self.box.width() / BACK

    @property
    def first(self) -> float:
        """The moment at the left edge."""
        return self.now - BACK

    @property
    def last(self) -> float:
        """The moment at the right edge."""
        return self.now + AHEAD

    def x(self, time: float) -> float:
        """Return the x of a moment."""
        return self.now_x + (time - self.now) * self.per_second

    def y(self, level: float) -> float:
        """Return the y of a level, -1 empty or slow to 1 full or fast."""
        return self.box.center().y() - SWING * level


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A path in seconds after `origin` and levels from -1 to 1, drawn through a transform."""

    path: QPainterPath
    origin: float


class GuideCurve:
    """The guide's path from the left edge to the right one, made anew when the edge moves on.

    Its dashes belong to moments: the pattern goes on where it left off, so none crawls.
    """

    def __init__(self) -> None:
        self._guide: Guide | None = None
        self._key = (0.0, 0.0, 0.0)
        self._ahead = 0.0
        self._curve = Curve(QPainterPath(), 0.0)

    def curve(self, guide: Guide, frame: Frame) -> tuple[Curve, float]:
        """Return the path, and the length in logical pixels by which its dashes are ahead."""
        step = _step(guide, frame.now)
        first = step * float(np.floor(frame.first / step))
        key = (first, step, frame.per_second)
        if guide is not self._guide or key != self._key:
            self._ahead = (self._ahead + _length(guide, frame, self._key[0], first)) % DASH
            self._curve = _guide_curve(guide, np.arange(first, frame.last + 2.0 * step, step))
            self._guide, self._key = guide, key
        return self._curve, self._ahead


def paint_guide(
    painter: QPainter, frame: Frame, palette: Palette, curve: Curve, *, ahead: float
) -> None:
    """Draw the guide's dashed line; its dashes are `ahead` logical pixels on."""
    pen = theme.dashed_pen(palette.clay, theme.LANE_WIDTH)
    pen.setDashOffset(ahead / theme.LANE_WIDTH)
    _draw_curve(painter, frame, curve, pen, Span(0.0, 1.0))


def now_line(frame: Frame, palette: Palette) -> Path:
    """Return the line of now over the wave's height."""
    x = float(np.floor(frame.now_x)) + 0.5
    stroke = Stroke(palette.line, theme.MARK_WIDTH)
    return straight((x, frame.box.top()), (x, frame.box.bottom()), stroke)


def paint_now(painter: QPainter, frame: Frame, palette: Palette) -> None:
    """Draw the line of now."""
    draw(painter, [now_line(frame, palette)])


def paint_now_dot(painter: QPainter, frame: Frame, palette: Palette, full: float) -> None:
    """Draw the guide's dot on the line of now, as high as the breath is full."""
    paint_dot(painter, QPointF(frame.now_x, frame.y(2.0 * full - 1.0)), palette)


class HeartCurves:
    """The heart line as two paths, solid and dotted, made anew only when beats have come."""

    def __init__(self, heart: Heart) -> None:
        line = heart_line(heart)
        self.gaps = ends(heart)
        self.last = (float(heart.time[-1]), float(heart.rate[-1])) if len(heart.time) else None
        clear = line.trust == CLEAR
        self.clear = _curve(line.time, line.rate, line.connect & clear)
        self.limited = _curve(line.time, line.rate, line.connect & ~clear)

    def paint(
        self,
        painter: QPainter,
        frame: Frame,
        palette: Palette,
        span: Span,
        waiting: str,
        *,
        late: float = 0.0,
    ) -> None:
        """Draw the heart line on a frame of session time, so many seconds earlier as it is `late`.

        `waiting` is said where it ended a while ago.
        """
        silent = self.last is not None and frame.now - self.last[0] > LONGEST_WAIT
        frame = replace(frame, now=frame.now + late)
        _draw_curve(
            painter, frame, self.clear, theme.line_pen(palette.lake, theme.HEART_WIDTH), span
        )
        _draw_curve(
            painter, frame, self.limited, theme.dotted_pen(palette.lake, theme.HEART_WIDTH), span
        )
        for before, after in self.gaps:
            _paint_cap(painter, frame, palette, before, span)
            _paint_cap(painter, frame, palette, after, span)
            _paint_reason(painter, frame, palette, (before[0], after[0]), tr("no reading"))
        if self.last is not None and silent:
            _paint_cap(painter, frame, palette, self.last, span)
            _paint_reason(painter, frame, palette, (self.last[0], frame.now), waiting)


def paint_foreseen(
    painter: QPainter,
    frame: Frame,
    palette: Palette,
    span: Span,
    wave: WaveView,
    *,
    last: float,
) -> None:
    """Draw the seconds of the heart that no strap has told of yet; they fade as the error grows.

    They begin at the `last` heart rate (bpm) that was told.
    """
    frame = replace(frame, now=frame.now + wave.late)
    ends = wave.start + wave.step * (len(wave.rates) - 1)
    if wave.error is None or ends < frame.now:  # it is of a while ago, as no newer one came
        return
    curve = _foreseen(wave, last)
    pen = theme.line_pen(palette.lake, theme.HEART_WIDTH)
    pen.setBrush(_fading(palette.lake, frame.x(wave.start), frame.now_x, wave.error))
    painter.save()
    painter.setClipRect(QRectF(frame.box.topLeft(), QPointF(frame.now_x, frame.box.bottom())))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(placed(frame, curve, span).map(curve.path))
    painter.restore()


def _foreseen(wave: WaveView, last: float) -> Curve:
    time = wave.start + wave.step * np.arange(len(wave.rates), dtype=np.float64)
    rates = np.array(wave.rates, dtype=np.float64)
    apart = (last - rates[0]) * np.clip(1.0 - (time - wave.start) / JOINED_OVER, 0.0, 1.0)
    return _curve(time, rates + apart, np.ones(len(time), dtype=np.bool_))


def _fading(token: str, begin: float, end: float, error: float) -> QLinearGradient:
    """Return a colour that fades from `begin` to `end` (x), the more the larger the error (deg)."""
    colour = QLinearGradient(begin, 0.0, max(end, begin + 1.0), 0.0)
    colour.setColorAt(0.0, theme.colour(token))
    colour.setColorAt(1.0, theme.colour(token, max(1.0 - error / OFF, FAINTEST)))
    return colour


def cap(frame: Frame, palette: Palette, point: Point, span: Span) -> Path | None:
    """Return the line that closes the heart's at its end, None where that is out of view."""
    x, y = frame.x(point[0]), frame.y((point[1] - span.middle) / span.half)
    if x < frame.box.left():
        return None
    stroke = Stroke(palette.line, 2.0 * theme.MARK_WIDTH)
    return straight((x, y - CAP / 2.0), (x, y + CAP / 2.0), stroke)


def _paint_cap(painter: QPainter, frame: Frame, palette: Palette, point: Point, span: Span) -> None:
    closing = cap(frame, palette, point, span)
    draw(painter, () if closing is None else (closing,))


def _paint_reason(
    painter: QPainter, frame: Frame, palette: Palette, gap: tuple[float, float], words: str
) -> None:
    """Say below a gap why nothing is drawn, where it is wide enough to hold the words."""
    left, right = max(frame.x(gap[0]), frame.box.left()), min(frame.x(gap[1]), frame.now_x)
    if theme.text_width(words, 14) + 16.0 < right - left:
        theme.draw_text(painter, (left + right) / 2.0, frame.box.bottom(), words,
                  token=palette.ink2, size=14, align="centre")  # fmt: skip


def _draw_curve(painter: QPainter, frame: Frame, curve: Curve, pen: QPen, span: Span) -> None:
    """Draw a path through the frame; its pen keeps its width in spite of the stretching."""
    if curve.path.isEmpty():
        return
    painter.save()
    painter.setClipRect(frame.box)
    drawn = placed(frame, curve, span).map(curve.path)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # as smooth here, and half the work
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(drawn)
    painter.restore()


def placed(frame: Frame, curve: Curve, span: Span) -> QTransform:
    """Return what takes a curve's seconds and levels to the frame, larger levels higher up."""
    up = SWING / span.half
    return QTransform(
        frame.per_second, 0.0, 0.0, -up,
        frame.x(curve.origin), frame.box.center().y() + up * span.middle,
    )  # fmt: skip


def _step(guide: Guide, now: float) -> float:
    """Return the seconds between two points of the guide, short enough for its quicker half."""
    half = 60.0 / pace(guide, now) * min(guide.inhale, 1.0 - guide.inhale)
    return next(step for step in STEPS if step <= half / 12.0 or step == STEPS[-1])


def _length(guide: Guide, frame: Frame, begin: float, end: float) -> float:
    """Return how long the guide's line is between two moments, in logical pixels."""
    if not 0.0 <= end - begin <= BACK:
        return 0.0
    time = np.linspace(begin, end, 33)
    rise = SWING * np.diff(_level(guide, time))
    return float(np.hypot(rise, frame.per_second * np.diff(time)).sum())


def _guide_curve(guide: Guide, time: FloatArray) -> Curve:
    return _curve(time, _level(guide, time), np.ones(len(time), dtype=np.bool_))


def _curve(time: FloatArray, level: FloatArray, connect: BoolArray) -> Curve:
    if not connect.any():
        return Curve(QPainterPath(), 0.0)
    make_path: Callable[..., QPainterPath] = pg.arrayToQPath
    return Curve(make_path(time - time[0], level, connect=connect), float(time[0]))


def _level(guide: Guide, time: FloatArray) -> FloatArray:
    return 2.0 * fullness(guide, time) - 1.0
