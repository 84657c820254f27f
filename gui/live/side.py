"""The words beside the plots: titles, ticks, and the newest values with their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QPainter

from gui.live.flags import tick_words
from gui.live.lane import Lane
from gui.shared import mirror, theme
from pipelines.drawing import Palette
from pipelines.language import tr
from pipelines.session import SourceView
from pipelines.words import (
    FRESH,
    STALE,
    band_text,
    person,
    reason_text,
    rounded,
    signed,
    spread_text,
    value_text,
)

_TICKS_RIGHT = 64.0
HEART, SWAY, BREATHS = 1.0, 5.0, 0.5
"""The steps to which values are rounded."""
SWAY_TITLE = tr("Sway with breathing, ms")
TITLE = 14.0
"""Logical pixels from a plot's upper edge to the baseline of its title."""
TITLE_OVER_FLAGS = 24.3
_OVER, _UNDER, _AGE = 28.0, 14.0, 18.0
"""Logical pixels that a value takes above and below its own baseline, and its age below that."""
_EDGE = 8.0
"""Logical pixels left free at the window's right edge."""
_NAME = 98.0


@dataclass(frozen=True, slots=True)
class Side:
    """Paints into the margins of plots whose right column lies from `x` to `right`."""

    palette: Palette
    x: float
    right: float
    people: Sequence[SourceView]
    now: float

    def ticks(self, painter: QPainter, lane: Lane, *, signed: bool = False) -> None:
        """Write the numbers of an axis."""
        for value in lane.tick_values():
            words = tick_words(value, signed=signed)
            y = lane.y(value) + 5
            theme.draw_text(
                painter, _TICKS_RIGHT, y, words, token=self.palette.ink2, size=14, align="right"
            )

    def title(self, painter: QPainter, lane: Lane, words: str, *, above: float = TITLE) -> float:
        """Write a plot's title where lines begin, and return where it ends from there."""
        with mirror.turned(painter, self.right):
            box = theme.draw_text(
                painter, theme.MARGIN, lane.box.y - above, words,
                token=self.palette.ink2, size=14, weight=600,
            )  # fmt: skip
        return box.right()

    def heart(self, painter: QPainter, lane: Lane) -> None:
        """Paint title, ticks, the newest heart rate and the range of the baseline."""
        self.title(painter, lane, tr("Heart rate, bpm"), above=TITLE_OVER_FLAGS)
        self.ticks(painter, lane)
        if not self.people:
            return
        at = self._heart_value(painter, lane)
        band = self.people[0].baseline
        y = lane.box.y + 0.62 * lane.box.height if band is None else lane.y(band.level)
        self.pair_of_lines(painter, beside(lane.within(y), at), tr("baseline"), band_text(band))

    def _heart_value(self, painter: QPainter, lane: Lane) -> tuple[float, float] | None:
        """Write the newest heart rate, and return from where to where it reaches, if there is."""
        line = lane.lines[0]
        if not len(line.points) or self.now - line.points.time[-1] > STALE:
            return None
        value = float(line.values[-1])
        if not np.isfinite(value):
            return None
        y = min(max(lane.y(value), lane.box.y + 12), lane.box.bottom - 12) + 4
        error = spread_text(float(line.low[-1]), float(line.high[-1]), HEART)
        self.value(painter, y, rounded(value, HEART), error, size=28)
        if self._old():
            ago = tr("{seconds:.0f} s ago", seconds=self.now - line.points.time[-1])
            self._beside(painter, y + _AGE, ago)
        return y - _OVER, y + _UNDER + (_AGE if self._old() else 0.0)

    def _old(self) -> bool:
        last = self.people[0].last_beat
        return last is None or self.now - last > FRESH

    def value(self, painter: QPainter, y: float, words: str, error: str, *, size: int) -> None:
        """Write a value and, quieter, its uncertainty."""
        token = self.palette.ink2 if self._old() else self.palette.ink
        theme.draw_text(painter, self.x, y, words, token=token, size=size, weight=600)
        beside = self.x + theme.text_width(words, size, 600) + 6
        small = 20 if size > 20 else 16
        theme.draw_text(painter, beside, y, error, token=self.palette.ink2, size=small)

    def pair_of_lines(self, painter: QPainter, y: float, name: str, words: str) -> None:
        """Write a small name and what it is beneath it."""
        self._beside(painter, y, name, weight=600)
        self._beside(painter, y + 18, words)

    @property
    def _room(self) -> float:
        return self.right - _EDGE - self.x

    def _beside(self, painter: QPainter, y: float, words: str, *, weight: int = 400) -> None:
        """Write small words into the right column, as many as fit."""
        told = theme.fitted(words, self._room, 14, weight)
        theme.draw_text(painter, self.x, y, told, token=self.palette.ink2, size=14, weight=weight)

    def sway(self, painter: QPainter, lane: Lane) -> None:
        """Paint the sway with breathing, and the breathing rate under it."""
        self.title(painter, lane, SWAY_TITLE)
        self.ticks(painter, lane)
        if not self.people:
            return
        known = {} if self._silent() else self.people[0].measures
        words, error = value_text(known.get("rsa_amplitude"), SWAY)
        if error:
            self.value(painter, lane.box.y + 14, words, error, size=20)
        else:
            self._beside(painter, lane.box.y + 14, words)
        breaths = " ".join(value_text(known.get("breathing_rate"), BREATHS))
        self.pair_of_lines(painter, lane.box.y + 40, tr("breaths a min"), breaths.strip())

    def _silent(self) -> bool:
        last = self.people[0].last_beat
        return last is None or self.now - last > STALE

    def index(self, painter: QPainter, lane: Lane) -> None:
        """Paint the arousal index with its terms."""
        right = self.title(painter, lane, tr("Arousal index, in baseline spreads"))
        self.ticks(painter, lane, signed=True)
        if not self.people:
            return
        arousal = self.people[0].arousal
        terms = ", ".join(
            f"{term.name} {term.distance:+.1f} × {term.weight:.2g}".replace("-", "−")
            for term in arousal.terms
        )
        room = lane.box.right - right - 24
        says = theme.fitted(reason_text(arousal.reason) if arousal.reason else terms, room, 14)
        ink2 = self.palette.ink2
        with mirror.turned(painter, self.right):
            theme.draw_text(painter, right + 24, lane.box.y - TITLE, says, token=ink2, size=14)
        if arousal.value is None:
            self.value(painter, lane.box.y + 22, "–", "", size=20)
            return
        error = spread_text(arousal.low, arousal.high, 0.1)
        self.value(painter, lane.box.y + 22, signed(arousal.value, 0.1), error, size=20)
        if arousal.bpm is not None:
            words = tr("{difference} bpm", difference=signed(arousal.bpm))
            self._beside(painter, lane.box.y + 44, words)

    def pair(self, painter: QPainter, lane: Lane, *, compared: bool) -> None:
        """Paint title and ticks of two people's plot, in bpm until they can be compared."""
        title = tr("Distance from own baseline") if compared else tr("Heart rate, bpm")
        self.title(painter, lane, title, above=TITLE_OVER_FLAGS)
        self.ticks(painter, lane, signed=compared)

    def names(self, painter: QPainter, lane: Lane) -> None:
        """Write each wearer's name at the end of their line."""
        ends = [
            (lane.within(lane.y(float(line.values[-1]))), person(view))
            for view, line in zip(self.people, lane.lines, strict=False)
            if len(line.points)
            and np.isfinite(line.values[-1])
            and self.now - line.points.time[-1] <= STALE
        ]
        for y, name in spread_out(ends):
            words = theme.fitted(name, min(self._room, _NAME), 20, 500)
            theme.draw_text(
                painter, self.x, y + 7, words, token=self.palette.ink, size=20, weight=500
            )


def beside(y: float, taken: tuple[float, float] | None) -> float:
    """Return `y` of two lines, moved under or over what is `taken` where they would meet it."""
    if taken is None:
        return y
    top, bottom = taken
    if y - 13 > bottom or y + 22 < top:
        return y
    return bottom + 12 if y >= top + 8 else top - 22


def spread_out(
    ends: Sequence[tuple[float, str]], *, apart: float = 26.0
) -> list[tuple[float, str]]:
    """Return the names with enough room between them, in their order from top to bottom."""
    placed: list[tuple[float, str]] = []
    for y, name in sorted(ends):
        lowest = placed[-1][0] + apart if placed else y
        placed.append((max(y, lowest), name))
    return placed
