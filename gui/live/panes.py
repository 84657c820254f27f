"""The quiet parts of the live view, each repainted only when its words change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEasingCurve, QLineF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.live.glance import Person, draw_dim, draw_group, draw_one, draw_pair
from gui.live.layout import Layout
from gui.shared import Box, Place, Places, Speaker, mirror, theme
from gui.shared.scene import crisp
from pipelines.drawing import Palette
from pipelines.language import tr
from pipelines.words import Words


class Pane(QLabel):
    """A box of the layout that paints itself in logical pixels of the whole window."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.colours = palette
        self._scale = 1.0
        self._top = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def lie(self, box: Box, scale: float) -> None:
        """Lie at a logical box, edge to edge of the window."""
        self._scale, self._top = scale, box.y
        edge = round(box.y * scale)
        width = round((2 * box.x + box.width) * scale)
        self.setGeometry(0, edge, width, round(box.bottom * scale) - edge)

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette."""
        self.colours = palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the pane."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(self.colours.paper))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.scale(self._scale, self._scale)
        painter.translate(0.0, -self._top)
        mirror.turn(painter, self.width() / self._scale)
        self.draw(painter)
        painter.restore()
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Paint in logical pixels of the whole window."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Who, where kept or the newest notice, and the time since the start."""

    title: str
    line: str
    elapsed: str
    urgent: bool = False


class HeaderPane(Pane):
    """The top line of the live view."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(palette, parent)
        self._heading = Heading("", "", "")
        self._speaker = Speaker(parent)  # a notice is said on the dim screen too

    def tell(self, heading: Heading) -> None:
        """Show other words."""
        if heading != self._heading:
            self._heading = heading
            self.setAccessibleName(f"{heading.title}, {heading.line}, {heading.elapsed}")
            self._speaker.say(heading.line if heading.urgent else "")
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Paint the words and the hair under them."""
        heading, palette = self._heading, self.colours
        right = self.width() / self._scale - theme.MARGIN
        elapsed = theme.draw_text(
            painter,
            right,
            42,
            heading.elapsed,
            token=palette.ink,
            size=28,
            weight=500,
            align="right",
        )
        title = theme.draw_text(
            painter, theme.MARGIN, 40, heading.title, token=palette.ink, size=20, weight=600
        )
        at = title.right() + 20
        token, weight = (palette.ink, 500) if heading.urgent else (palette.ink2, 400)
        line = theme.fitted(heading.line, elapsed.left() - 24 - at, 14, weight)
        theme.draw_text(painter, at, 40, line, token=token, size=14, weight=weight)
        painter.setPen(theme.line_pen(palette.hair, theme.AXIS_WIDTH))
        painter.drawLine(QLineF(theme.MARGIN, crisp(59.5), right, crisp(59.5)))


class GlancePane(Pane):
    """The glance of one or two wearers, a group's tiles, or the dim screen's glance.

    Words that change fade out, then others in; everything else stays where it is.
    """

    def __init__(self, palette: Palette, parent: QWidget, *, still: bool = False) -> None:
        super().__init__(palette, parent)
        self._people: tuple[Person, ...] = ()
        self._layout: Layout | None = None
        self._dim = self._group = False
        self._before: tuple[Words, ...] = ()
        self._speaker = Speaker(self, HOLD_MS)
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setDuration(0 if still else theme.FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._fade.valueChanged.connect(self.update)

    def place(self, layout: Layout, *, dim: bool, group: bool) -> None:
        """Lie where the layout says."""
        self._layout, self._dim, self._group = layout, dim, group
        self._fade.stop()
        self.lie(layout.glance, layout.scale)
        self.update()

    def tell(self, people: Sequence[Person]) -> None:
        """Show other words."""
        if tuple(people) == self._people:
            return
        if _big(people) != _big(self._people) and self.isVisible() and self._fade.duration():
            self._before = tuple(person.words for person in self._people)
            self._fade.start()
        self._people = tuple(people)
        self.setAccessibleName(". ".join(_named(p, p.words.sentence()) for p in people))
        self._speaker.say(". ".join(_named(p, _spoken(p.words)) for p in people))
        self.update()

    def draw(self, painter: QPainter) -> None:
        """Paint the glance."""
        layout, people = self._layout, self._fading()
        if layout is None or not people:
            return
        if self._group:
            draw_group(painter, people, layout, self.colours)
        elif len(people) == 2:
            draw_pair(painter, people, layout, self.colours)
        elif self._dim:
            draw_dim(painter, people[0], layout, self.colours)
        else:
            draw_one(painter, people[0], layout, self.colours)

    def _fading(self) -> Sequence[Person]:
        """Return the people, with the words that give way while others come."""
        if self._fade.state() != QVariantAnimation.State.Running:
            return self._people
        share = float(self._fade.currentValue())
        pairs = zip(self._people, self._before, strict=False)
        told = [replace(person, before=words, faded=share) for person, words in pairs]
        return [*told, *self._people[len(told) :]]


def _named(one: Person, words: str) -> str:
    return f"{one.name}: {words}" if one.name else words


def _spoken(words: Words) -> str:
    """Return what is worth hearing unasked: position, direction and trust.

    Without a reading there is no direction: its line tells each second how long that is so.
    """
    direction = "" if words.dot == "none" else words.direction
    return ", ".join(filter(None, (words.position, direction, words.trust)))


def _big(people: Sequence[Person]) -> list[tuple[str, ...]]:
    return [(p.words.position, p.words.direction, p.words.trust, p.words.dot) for p in people]


HOLD_MS = 10_000
"""Milliseconds between two things that are said of the glance: its words hold as long."""
FOOT_KEYS = (
    (tr("Space mark"), "mark"),
    (tr("D bright"), "dim"),
    (tr("Esc calm screen"), "calm"),
)
_DIM_BETWEEN = 32.0
_LONGEST = "0:00:00"
"""A time as wide as there is."""


class FootPane(Pane):
    """The foot of the dim screen: three keys in plain words, and the time.

    `chosen` tells the action of a key whose words were clicked.
    """

    chosen = Signal(str)

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(palette, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
        self._places = Places(self, self.chosen.emit)
        self._elapsed = self._line = ""

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette, and let each key's words be pressed."""
        super().look(palette)
        height = self.height() / self._scale
        keys = zip(FOOT_KEYS, self.places(), strict=True)
        places = [
            Place((begin, 0.0, end - begin, height), words, action)
            for (words, action), (begin, end) in keys
        ]
        self._places.show(places, palette, self._scale)

    def tell(self, elapsed: str, line: str) -> None:
        """Show other words: the time, and a notice or what is seen above."""
        if (elapsed, line) != (self._elapsed, self._line):
            self._elapsed, self._line = elapsed, line
            self.setAccessibleName(
                f"{elapsed}, {line}, {', '.join(words for words, _ in FOOT_KEYS)}"
            )
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Paint the words."""
        palette, width = self.colours, self.width() / self._scale
        y = self._top + 32
        places = self.places()
        left = theme.fitted(self._line, places[0][0] - 96 - 24, 16)
        theme.draw_text(painter, 96, y, left, token=palette.ink2, size=16)
        told, size = self._told()
        for words, (x, _) in zip(told, places, strict=True):
            theme.draw_text(painter, x, y, words, token=palette.ink2, size=size)
        theme.draw_text(
            painter, width - 96, y, self._elapsed, token=palette.ink2, size=28, align="right"
        )

    def places(self) -> list[tuple[float, float]]:
        """Return where the words of each key begin and end, in logical pixels."""
        told, size = self._told()
        widths = [theme.text_width(words, size) for words in told]
        whole = sum(widths) + _DIM_BETWEEN * (len(widths) - 1)
        x, found = (self.width() / self._scale - whole) / 2, []
        for width in widths:
            found.append((x, x + width))
            x += width + _DIM_BETWEEN
        return found

    def _told(self) -> tuple[list[str], int]:
        """Return each key's words as far as there is room beside the time, and their size."""
        words = [words for words, _ in FOOT_KEYS]
        beside = 96 + theme.text_width(_LONGEST, 28) + theme.GUTTER
        room = self.width() / self._scale - 2 * beside - _DIM_BETWEEN * (len(words) - 1)
        size = 16 if sum(theme.text_width(each, 16) for each in words) <= room else 14
        if sum(theme.text_width(each, size) for each in words) <= room:
            return words, size
        return [theme.fitted(each, room / len(words), size) for each in words], size

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell what was clicked."""
        x = mirror.begins(event.position().x() / self._scale, 0.0, self.width() / self._scale)
        for (_, action), (begin, end) in zip(FOOT_KEYS, self.places(), strict=True):
            if begin <= x <= end:
                self.chosen.emit(action)


class CoverPane(Pane):
    """What lies in the picture's place while the therapist guesses: words, and nothing of a heart.

    That nothing can be read is said even so.
    """

    TITLE = tr("Guessing")
    HOW = tr("R when you sense a rise, G shows the picture")

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(palette, parent)
        self._lost, self._speaker = "", Speaker(self)
        self.tell(())

    def tell(self, lost: Sequence[str]) -> None:
        """Say why nothing can be read of some; nothing where all can."""
        words = ", ".join(dict.fromkeys(lost))
        if words != self._lost or not self.accessibleName():
            self._lost = words
            self.setAccessibleName(". ".join(filter(None, (self.TITLE, self.HOW, words))))
            self._speaker.say(words)
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Paint the words in the middle."""
        width, height = self.width() / self._scale, self.height() / self._scale
        middle, y, palette = width / 2, self._top + height / 2, self.colours
        lines = (
            (self.TITLE, y - 24.0, palette.ink, 56, 600),
            (self.HOW, y + 24.0, palette.ink2, 20, 400),
            (self._lost, y + 92.0, palette.ink, 36, 500),
        )
        for words, at, token, largest, weight in lines:
            room = width - 2 * theme.MARGIN
            smaller = (size for size in (28, 20, 16) if size < largest)
            size = theme.fitting_size(words, room, (largest, *smaller), weight)
            told = theme.fitted(words, room, size, weight)
            theme.draw_text(
                painter, middle, at, told, token=token, size=size, weight=weight, align="centre"
            )


class PairLine(Pane):
    """The sentence under two people's plot."""

    WORDS = tr("Moving together is not better or worse.")

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(palette, parent)
        self.setAccessibleName(self.WORDS)

    def draw(self, painter: QPainter) -> None:
        """Paint the sentence."""
        room = self.width() / self._scale - 2 * theme.MARGIN
        words = theme.fitted(self.WORDS, room, 14)
        y = self._top + 18
        theme.draw_text(painter, theme.MARGIN, y, words, token=self.colours.ink2, size=14)


def area(layout: Layout, top: float, height: float) -> Box:
    """Return a box across the whole window, `top` counted from an 800 px foot."""
    return Box(0.0, layout.height - theme.HEIGHT + top, layout.width, height)
