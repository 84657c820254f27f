"""The scrolling plots: heart rate over its baseline band, and the lanes beneath it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from gui.live import flags, paint
from gui.live.annotations import Annotations, annotate
from gui.live.axis import PATIENCE, GrowingAxis, Range, span
from gui.live.curve import Line
from gui.live.lane import Lane
from gui.live.layout import Layout
from gui.live.side import SWAY_TITLE, TITLE, Side
from gui.shared import Box, theme
from gui.shared.scene import Row, Words, thinned
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import from_the_right, tr
from pipelines.session import Points, Snapshot, SourceView, bounds
from pipelines.words import person

ROOM_ABOVE = 36.0
"""Logical pixels over the first plot, for its title and the flags."""
WINDOW = 300.0
MOST_POINTS = 1400
_BEFORE_BASELINE = Range(50.0, 100.0)
_BELOW, _ABOVE = 12.0, 28.0
_SPREADS = Range(-4.0, 8.0)
_BPM, _SPREAD = 10.0, 3.0
"""What an axis of either kind grows by."""


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What the plots draw: the newest snapshot, and each wearer shown with their points."""

    snapshot: Snapshot
    people: tuple[tuple[SourceView, Points], ...]


class Traces(pg.GraphicsView):
    """The plots of one wearer, or of two when `pair`, in baseline spreads once both have one.

    The caller gives it what is new with `show_content` and moves it with `advance`; painting never
    asks anybody for anything.
    """

    def __init__(
        self, palette: Palette, parent: QWidget, *, pair: bool = False, still: bool = False
    ) -> None:
        super().__init__(parent, background=None)  # type: ignore[no-untyped-call]
        self._palette, self.pair, self._still = palette, pair, still
        self._layout: Layout | None = None
        self._content: Content | None = None
        self._annotations: Annotations | None = None
        self._baseline: float | None = None
        self._compared = False
        self._now = self._told = 0.0  # of what is painted, all is told as of one moment
        self._followed: list[Lane] = []
        self._ground = QPixmap()
        self._ground_is: tuple[object, ...] = ()
        self.whole = False
        self.index = False
        self.bare = False
        self._prepare_view()
        tokens = ("lake", "clay") if pair else ("lake",)
        self.heart = Lane(
            GrowingAxis(_BEFORE_BASELINE, _BPM, still=still), tokens, width=theme.TRACE_WIDTH
        )
        self.sway = Lane(
            GrowingAxis(Range(0.0, 60.0), 20.0, still=still),
            ("lake",),
            width=theme.LANE_WIDTH,
            ticks=2,
            whole_ribbon=False,
        )
        self.arousal = Lane(
            GrowingAxis(Range(-3.0, 3.0), 3.0, still=still),
            ("lake",),
            width=theme.LANE_WIDTH,
            ticks=3,
        )
        for lane in (self.heart, self.sway, self.arousal):
            self.scene().addItem(lane.view)
            lane.look(palette, ratio=1.0, bare=False)

    def _prepare_view(self) -> None:
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time's, in any language
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setInteractive(False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setCacheMode(QGraphicsView.CacheModeFlag(0))
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for part in (self, self.viewport()):
            part.setAccessibleName(tr("Heart rate over the last minutes"))

    @property
    def lanes(self) -> list[Lane]:
        """The lanes in view."""
        if self._layout is None or self._layout.lane is None:
            return [self.heart]
        return [self.heart, self.sway, *([self.arousal] if self._index_box() else [])]

    def place(self, layout: Layout) -> None:
        """Lie where the layout says."""
        self._layout = layout
        foot = layout.times_y + 12.0 if not self._index_box() else layout.height - 46.0
        s = layout.scale
        top = round((layout.plot.y - ROOM_ABOVE) * s)
        self.setGeometry(0, top, round(layout.width * s), round(foot * s) - top)
        self.heart.place(layout.plot, top, s)
        if layout.lane is not None:
            self.sway.place(layout.lane, top, s)
        box = self._index_box()
        if box is not None:
            self.arousal.place(box, top, s)
        self.sway.view.setVisible(layout.lane is not None)
        self.arousal.view.setVisible(box is not None)
        self.look(self._palette)

    def _index_box(self) -> Box | None:
        layout = self._layout
        if layout is None or not self.index or layout.lane is None:
            return None
        return layout.strip

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette."""
        self._palette = palette
        for lane in (self.heart, self.sway, self.arousal):
            lane.look(palette, ratio=self.devicePixelRatioF(), bare=self.bare)
        self._redraw()

    def show_content(self, content: Content, now: float) -> None:
        """Draw other points; `now` is the clock's seconds, for the axis."""
        fresh = self._content is None
        self._content = content
        self._follow_baseline(content, now)
        self._redraw()
        start = self._window()[0]
        for lane in self.lanes:
            new = fresh or lane not in self._followed
            lane.follow(start, now, patience=0.0 if new else PATIENCE)
        self._followed = self.lanes

    def _follow_baseline(self, content: Content, now: float) -> None:
        if self.pair:
            self._compare(content, now)
            return
        band = content.people[0][0].baseline if content.people else None
        level = None if band is None else band.level
        # With nothing to compare with just now, the axis stays where it is.
        if level == self._baseline or (level is None and content.people[0][0].has_baseline):
            return
        self._baseline = level
        to = _BEFORE_BASELINE if level is None else Range(level - _BELOW, level + _ABOVE)
        self.heart.axis.start_over(to, now)

    def _compare(self, content: Content, now: float) -> None:
        """Show two people in bpm until both have a baseline, in spreads from then on."""
        compared = all(view.baseline is not None for view, _ in content.people)
        if compared != self._compared:
            self._compared = compared
            to, step = (_SPREADS, _SPREAD) if compared else (_BEFORE_BASELINE, _BPM)
            self.heart.axis.start_over(to, now, step=step)

    def _redraw(self) -> None:
        if self._content is None or self._layout is None:
            return
        start, end = self._window()
        people = [(view, self._kept(points)) for view, points in self._content.people]
        self.heart.show([self._heart_line(v, p) for v, p in people], start, end)
        if people and not self.pair:
            points = people[0][1]
            self.sway.show([Line(points, points.rsa, points.rsa_low, points.rsa_high)], start, end)
            unknown = np.full(len(points), np.nan)
            self.arousal.show([Line(points, points.arousal, unknown, unknown)], start, end)
        names = [f"{person(view)}: " if self.pair else "" for view, _ in people]
        self._told = self._now
        self._annotations = annotate(self._content.snapshot, people, self.lanes, names)
        self.viewport().update()

    def _kept(self, points: Points) -> Points:
        return thinned(points, MOST_POINTS) if self.whole else points

    def _heart_line(self, view: SourceView, points: Points) -> Line:
        bounds = (points.heart_rate, points.heart_rate_low, points.heart_rate_high)
        band = view.baseline
        if not self._compared or band is None:
            return Line(points, *bounds)
        return Line(points, *((value - band.level) / band.spread for value in bounds))

    def _window(self) -> tuple[float, float]:
        if self.whole:
            return 0.0, span(self._now)
        end = self._whole_pixels(self._now)
        return end - WINDOW, end

    def _whole_pixels(self, time: float) -> float:
        """Return `time`, rounded down so that the trace never lies between two device pixels."""
        if self._layout is None:
            return time
        pixels = self._layout.plot.width * self._layout.scale * self.devicePixelRatioF() / WINDOW
        return math.floor(time * pixels) / pixels

    def advance(self, session_now: float, now: float) -> None:
        """Move on to `session_now` (s) in whole device pixels; repaints only where that moves."""
        self._now = session_now
        start, end = self._window()
        moved = [lane.scroll(start, end, now) for lane in self.lanes]
        if any(moved):
            self._told = session_now
            self.viewport().update()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """Paint the ground from its picture, drawn anew when an axis or a colour changes."""
        if self._layout is None:
            return
        key = self._ground_key()
        if key != self._ground_is:
            self._ground, self._ground_is = self._drawn_ground(), key
        ratio = self._ground.devicePixelRatio()
        source = QRectF(
            rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio
        )
        painter.drawPixmap(QRectF(rect), self._ground, source)

    def _ground_key(self) -> tuple[object, ...]:
        axes = tuple((lane.box, lane.values) for lane in self.lanes)
        bands = tuple(self._bands())
        return self.size(), self._palette.name, axes, bands, self.bare, self.devicePixelRatioF()

    def _drawn_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.colour(self._palette.paper))
        painter = QPainter(picture)
        self._use_logical(painter)
        bands = self._bands()
        paint.ground(painter, self.heart, self._palette, bands, bare=self.bare, hairs=True)
        for lane in self.lanes[1:]:
            bands = ((-1.0, 1.0),) if lane is self.arousal else ()
            paint.ground(painter, lane, self._palette, bands, hairs=False)
        painter.end()
        return picture

    def _bands(self) -> Sequence[tuple[float, float]]:
        if self.pair:
            return ((-1.0, 1.0),) if self._compared else ()
        if self._content is None or not self._content.people:
            return ()
        band = self._content.people[0][0].baseline
        return () if band is None else ((band.low, band.high),)

    def _own_band(self) -> Sequence[tuple[float, str]]:
        """Return the lines that clinician and client drew, in bpm, each with its words."""
        if self.pair or self.bare or self._content is None or not self._content.people:
            return ()
        view = self._content.people[0][0]
        drawn, own = self._content.snapshot.hour.band(view.source), view.baseline
        if drawn is None:
            return ()
        level, spread = (None, None) if own is None else (own.level, own.spread)
        at = bounds(drawn, level, spread)
        each = zip(at, (drawn.low_words, drawn.high_words), strict=True)
        return [(value, harmless(words)) for value, words in each if math.isfinite(value)]

    def _use_logical(self, painter: QPainter) -> None:
        assert self._layout is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._layout.scale, self._layout.scale)
        painter.translate(0.0, -self.y() / self._layout.scale)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: ARG002, N802
        """Paint words, caps, flags and the dot over the lines."""
        if self._layout is None:
            return
        painter.save()
        self._use_logical(painter)
        if self._annotations is None:
            paint.nothing(painter, self.heart, self._palette)
        else:
            self._draw_annotations(painter, self._annotations, self._layout.times_y)
        self._draw_side(painter, self._layout)
        painter.restore()

    def _draw_annotations(self, painter: QPainter, found: Annotations, times_y: float) -> None:
        style = paint.Style(self._palette, self._told, bare=self.bare)
        words = paint.stretches(painter, self.heart, found, style)
        paint.own_band(painter, self.heart, self._own_band(), self._palette)
        for lane, hatches in zip(self.lanes[1:], found.hatches[1:], strict=False):
            paint.hatches(painter, lane, hatches, style, self._title_row(lane))
        flags.marks(painter, self.heart, found.marks, style, words)
        flags.newest(painter, self.heart, found.ends, style)
        if not self.bare:
            self._draw_times(painter, times_y)

    def _title_row(self, lane: Lane) -> Words:
        """Return what the title leaves of its row; that of the index bears its terms."""
        left, right = lane.box.x, lane.box.right
        title = theme.MARGIN + theme.text_width(SWAY_TITLE, 14, 600) + theme.GUTTER
        if lane is not self.sway or self._layout is None:
            left = right
        elif from_the_right():
            right = min(right, self._layout.width - title)
        else:
            left = title
        return Words(Row(left, right), lane.box.y - TITLE)

    def _draw_times(self, painter: QPainter, y: float) -> None:
        lowest = self.lanes[1] if len(self.lanes) > 1 else self.heart
        flags.times(painter, lowest, y, self._palette, whole=self.whole)
        flags.time_ticks(painter, lowest, self._palette, whole=self.whole)

    def _draw_side(self, painter: QPainter, layout: Layout) -> None:
        people = [view for view, _ in self._content.people] if self._content else []
        side = Side(self._palette, layout.now_x, layout.width, people, self._told)
        if self.pair:
            side.names(painter, self.heart)
        if self.bare:
            return
        if self.pair:
            side.pair(painter, self.heart, compared=self._compared)
            return
        drawers = (side.heart, side.sway, side.index)
        for draw, lane in zip(drawers, self.lanes, strict=False):
            draw(painter, lane)
