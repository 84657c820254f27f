"""The two moving parts of the practice view: each repaints its own square and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.practice.guide import Guide, dot_place, paint_circle, paint_dot, paint_word
from gui.practice.heart import Span
from gui.practice.paint import wave_area
from gui.practice.wave import (
    Frame,
    GuideCurve,
    HeartCurves,
    paint_foreseen,
    paint_guide,
    paint_now,
    paint_now_dot,
)
from pipelines.drawing import LIGHT, Palette
from pipelines.language import tr
from pipelines.session import WaveView


@dataclass(frozen=True, slots=True)
class CircleLook:
    """What the circle looks like at one moment; `full` is 0 to 1, `radius` in logical pixels.

    A `still` circle keeps its outer line only, with a dot on it that is as high as `full`.
    """

    palette: Palette
    radius: float
    word: str
    opacity: float
    full: float
    rising: bool
    still: bool


@dataclass(frozen=True, slots=True, eq=False)
class WaveLook:
    """What the wave looks like at one moment, `now` in seconds on the view's clock.

    `session_now` is the same moment on the session's clock, as the time of beats is; without `dot`
    the guide's dot is left out, and its line unless it is `guided`. `waiting` is said where the
    heart's line ended a while ago.
    """

    palette: Palette
    guide: Guide
    now: float
    full: float
    dot: bool
    heart: HeartCurves
    span: Span | None
    session_now: float
    waiting: str
    wave: WaveView | None
    guided: bool = True


class Canvas(QLabel):
    """A part of a larger drawing: it paints in the whole view's logical pixels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._scale = 1.0

    def place(self, area: QRectF, scale: float) -> None:
        """Cover this area of the view, given in logical pixels."""
        self._scale = scale
        box = QRectF(area.topLeft() * scale, area.size() * scale)
        self.setGeometry(box.toAlignedRect())

    def painter(self, paper: str) -> QPainter:
        """Return a painter on fresh paper that takes the view's logical pixels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(paper))
        painter.translate(-self.x(), -self.y())
        painter.scale(self._scale, self._scale)
        return painter


class CircleCanvas(Canvas):
    """The breathing circle with its word."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Breathing guide"))
        self._centre, self._size = QPointF(), 1.0
        self._look = CircleLook(LIGHT, 0.0, "", 0.0, 0.0, rising=False, still=False)

    def set_centre(self, centre: QPointF, *, size: float) -> None:
        """Draw around this point of the view, so large, 1 where it has room."""
        self._centre, self._size = centre, size

    def show_look(self, look: CircleLook) -> None:
        """Draw this from now on; nothing is painted where nothing changed."""
        if look != self._look:
            self._tell(look.word)
            self._look = look
            self.update()

    def _tell(self, word: str) -> None:
        if word != self._look.word:
            self.setAccessibleDescription(word)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 (Qt's name)
        """Paint circle, word and, where it is still, the dot."""
        look = self._look
        painter = self.painter(look.palette.paper)
        painter.translate(self._centre)
        painter.scale(self._size, self._size)
        middle = QPointF()
        paint_circle(painter, middle, look.palette, radius=look.radius, still=look.still)
        paint_word(painter, middle, look.palette, word=look.word, opacity=look.opacity)
        if look.still:
            place = dot_place(middle, look.full, rising=look.rising)
            paint_dot(painter, place, look.palette)
        painter.end()


class WaveCanvas(Canvas):
    """The guide and the heart on one time axis."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("The guide and your heart over the last 40 seconds"))
        self._box = QRectF()
        self._curve = GuideCurve()
        self._look: WaveLook | None = None

    def set_box(self, box: QRectF, scale: float) -> None:
        """Draw the wave in this box of the view."""
        self._box = box
        self.place(wave_area(box), scale)

    def show_look(self, look: WaveLook) -> None:
        """Draw this from now on."""
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 (Qt's name)
        """Paint both lines, the line of now and the guide's dot."""
        if self._look is not None:
            self._paint(self._look, Frame(self._box, self._look.now))

    def _paint(self, look: WaveLook, frame: Frame) -> None:
        painter = self.painter(look.palette.paper)
        if look.guided:
            curve, ahead = self._curve.curve(look.guide, frame)
            paint_guide(painter, frame, look.palette, curve, ahead=ahead)
        if look.span is not None:
            heard = Frame(self._box, look.session_now)
            late = 0.0 if look.wave is None else look.wave.late
            look.heart.paint(painter, heard, look.palette, look.span, look.waiting, late=late)
            if look.wave is not None and look.heart.last is not None:
                paint_foreseen(
                    painter, heard, look.palette, look.span, look.wave, last=look.heart.last[1]
                )
        paint_now(painter, frame, look.palette)
        if look.dot:
            paint_now_dot(painter, frame, look.palette, look.full)
        painter.end()
