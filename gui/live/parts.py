"""The parts of the live view and where they lie: the same places in every state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from gui.live.keys import GUESSING_KEYS, HELP, HELP_BAR, KEYS, NOTE_KEYS, RIGHT_KEYS, left_keys
from gui.live.layout import Layout, dim_layout, live_layout, pair_layout
from gui.live.note import NoteField
from gui.live.panes import CoverPane, FootPane, GlancePane, HeaderPane, PairLine, area
from gui.live.strip import Strip
from gui.live.traces import Traces
from gui.shared import Box, CalmPage, HelpPage, KeyBar, KeyView, theme
from pipelines.drawing import DIM, Palette
from pipelines.language import tr


class LiveParts(KeyView):
    """Header, glance, plots, strip, key bar, and the pages that may lie over them.

    Parameters
    ----------
    labels : sequence of str
        What the keys 1 to 9 mark.
    palette : Palette
        `LIGHT` or `DARK`.
    still : bool
        No fades, and axes that grow at once.
    """

    keys = KEYS

    def __init__(self, labels: Sequence[str], palette: Palette, *, still: bool) -> None:
        super().__init__()
        self.labels = tuple(labels)
        self.bright, self.dim, self.still = palette, False, still
        self.count, self.covered = 1, False
        self._build()

    def _build(self) -> None:
        self.setWindowTitle("Interbeat")
        self.setAccessibleName(tr("Live session"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(*theme.SMALLEST)
        self.resize(1280, 800)
        colours = self.colours
        self.header = HeaderPane(colours, self)
        self.glance = GlancePane(colours, self, still=self.still)
        self.one = Traces(colours, self, still=self.still)
        self.pair = Traces(colours, self, pair=True, still=self.still)
        self.strip = Strip(colours, self)
        self.line = PairLine(colours, self)
        self.cover = CoverPane(colours, self)
        self.foot = FootPane(colours, self)
        self.bar = KeyBar(colours, self)
        self.note = NoteField(colours, self)
        self.help = HelpPage(colours, self, HELP, HELP_BAR)
        self.calm = CalmPage(colours, self)
        self.arrange()

    @property
    def colours(self) -> Palette:
        """The palette in use."""
        return DIM if self.dim else self.bright

    @property
    def traces(self) -> Traces:
        """The plots in use."""
        return self.pair if self.count == 2 else self.one

    def current_layout(self) -> Layout:
        """Return the boxes in use: the same in every state of a session."""
        width, height = self.width(), self.height()
        if self.dim:
            return dim_layout(width, height, people=self.count)
        return pair_layout(width, height) if self.count == 2 else live_layout(width, height)

    def arrange(self) -> None:
        """Put every part in its place, in the colours in use."""
        layout, count, bright = self.current_layout(), self.count, not self.dim
        shown = not self.covered
        colours, scale = self.colours, layout.scale
        self.header.lie(Box(0.0, 0.0, layout.width, layout.header.height), scale)
        self.glance.place(self._glance_layout(layout), dim=self.dim, group=count > 2)
        for traces in (self.one, self.pair):
            traces.bare = self.dim
            traces.place(layout)
            traces.setVisible(traces is self.traces and count < 3 and shown)
        self.strip.place(layout)
        self.line.lie(area(layout, 704.0, 32.0), scale)
        self.foot.lie(area(layout, 720.0, 60.0), scale)
        self.bar.place(self.width(), self.height(), scale)
        self.header.setVisible(bright)
        self.bar.setVisible(bright)
        self.foot.setVisible(self.dim)
        self.glance.setVisible(shown)
        self.line.setVisible(bright and count == 2 and shown)
        strip = bright and count == 1 and bool(layout.strip) and not self.one.index
        self.strip.setVisible(strip and shown)
        self.cover.lie(self._covered(layout), scale)
        self.cover.setVisible(self.covered)
        for page in (self.help, self.calm):
            page.setGeometry(self.rect())
            page.look(colours)
        panes = (self.header, self.glance, self.foot, self.line, self.cover, self.one, self.pair)
        for pane in panes:
            pane.look(colours)
        self.strip.look(colours)
        self.bar.set_look(colours, scale)
        self.arrange_keys()
        self.note.place(self.height(), scale, room=self.bar.left_room)
        self.note.look(colours, scale)
        self.update()

    def arrange_keys(self) -> None:
        """Show the keys that work now."""
        if not self.note.isHidden():
            self.bar.set_keys((), NOTE_KEYS)
            return
        first = GUESSING_KEYS if self.covered else ()
        self.bar.set_keys((*first, *left_keys(self.labels)), RIGHT_KEYS)
        self.help.bar.set_keys((*HELP_BAR[0], *self.bar.hidden), HELP_BAR[1])

    def _covered(self, layout: Layout) -> Box:
        """Return all between the header, where it is seen, and the keys."""
        top = 0.0 if self.dim else layout.header.height
        return Box(0.0, top, layout.width, layout.height - theme.HEIGHT + 720.0 - top)

    def _glance_layout(self, layout: Layout) -> Layout:
        if self.count < 3:
            return layout
        box = Box(0.0, layout.header.height, layout.width, layout.height - 140.0)
        return layout.with_glance(box)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lay everything out for the new size."""
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour(self.colours.paper))
        painter.end()
