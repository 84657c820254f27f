"""A plot's inner area: where time and value lie in it, and its curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from gui.live.axis import GrowingAxis, ticks
from gui.live.curve import Curve, Line, PixelScale
from gui.shared import Box
from physio.beats import FloatArray
from pipelines.drawing import Palette


class Lane:
    """An area with its own vertical axis and one curve for each token given.

    The axis makes room for the `whole_ribbon`, or else for the values alone.
    """

    def __init__(
        self,
        axis: GrowingAxis,
        tokens: Sequence[str],
        *,
        width: float,
        ticks: int = 4,
        whole_ribbon: bool = True,
    ) -> None:
        self.axis, self._ticks, self._whole_ribbon = axis, ticks, whole_ribbon
        self.view = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.view.disableAutoRange()
        self.box = Box(0.0, 0.0, 1.0, 1.0)
        self.lines: list[Line] = []
        self.curves = [
            Curve(self.view, token, width=width, dashed=token == "clay") for token in tokens
        ]
        self._scale = 1.0
        self._time = (0.0, 1.0)
        self._values = (0.0, 1.0)

    def place(self, box: Box, top: float, scale: float) -> None:
        """Lie at `box` (logical) in a widget whose upper edge is `top` pixels down its window."""
        self.box, self._scale = box, scale
        corner = (box.x * scale, box.y * scale - top)
        self.view.setGeometry(QRectF(*corner, box.width * scale, box.height * scale))

    def look(self, palette: Palette, *, ratio: float, bare: bool) -> None:
        """Take the colours of a palette; a bare lane has no ribbons."""
        for curve in self.curves:
            curve.look(palette, self._scale, ratio=ratio, bare=bare)

    def show(self, lines: Sequence[Line], start: float, end: float) -> None:
        """Draw these lines from `start` (s) on."""
        self.lines = list(lines)
        pixels = PixelScale(
            self.box.width * self._scale / (end - start),
            self.box.height * self._scale / (self.axis.target.high - self.axis.target.low),
        )
        for curve, line in zip(self.curves, lines, strict=False):
            curve.show(line, start, pixels)

    def follow(self, start: float, now: float, *, patience: float) -> None:
        """Let the axis take note of the values in view; `now` is the clock's, not the session's."""
        seen = [
            values[line.points.time >= start]
            for line in self.lines
            for values in self._asking_for_room(line)
        ]
        known = np.concatenate([v[np.isfinite(v)] for v in seen]) if seen else np.empty(0)
        if len(known):
            self.axis.follow(float(known.min()), float(known.max()), now, patience=patience)

    def _asking_for_room(self, line: Line) -> tuple[FloatArray, ...]:
        return (line.values, *line.edges) if self._whole_ribbon else (line.values,)

    def scroll(self, start: float, end: float, now: float) -> bool:
        """Show session time `start` to `end` and return whether that moves anything.

        `now` is the clock's.
        """
        shown = self.axis.shown(now)
        time, values = (start, end), (shown.low, shown.high)
        moves = (time, values) != (self._time, self._values)
        if moves:
            self.view.setRange(xRange=time, yRange=values, padding=0.0, disableAutoRange=True)
        self._time, self._values = time, values
        return moves

    @property
    def values(self) -> tuple[float, float]:
        """The values at the lower and the upper edge."""
        return self._values

    def x(self, time: float) -> float:
        """Return the logical x of a session time."""
        start, end = self._time
        return self.box.x + (time - start) / (end - start) * self.box.width

    def y(self, value: float) -> float:
        """Return the logical y of a value."""
        low, high = self._values
        return self.box.bottom - (value - low) / (high - low) * self.box.height

    def tick_values(self) -> list[float]:
        """Return the values at which the axis bears a number."""
        return ticks(*self._values, most=self._ticks)

    def tick_times(self, step: float) -> list[float]:
        """Return the session times in view that are multiples of `step` and not before 0."""
        start, end = self._time
        return [n * step for n in range(max(math.ceil(start / step), 0), int(end // step) + 1)]

    def within(self, y: float) -> float:
        """Return `y` kept inside the box."""
        return min(max(y, self.box.y), self.box.bottom)
