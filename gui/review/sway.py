"""The lane of the sway with breathing, under a stored hour, where it is asked for."""

from __future__ import annotations

import math

import numpy as np

from gui.review.hour import Plot, along, hatch, ribbon, trace, unread_sway
from gui.review.scale import Scale, curve
from gui.shared import Box, Rectangle, Shape, Stroke, straight, theme
from gui.shared.drawing import Drawing, Text
from gui.shared.scene import crisp
from pipelines.language import tr
from pipelines.session import Points

STEP, LEAST = 20.0, 60.0
"""Milliseconds: what the lane grows by, and what it shows at least."""
ABOVE = 14.0
"""Logical pixels from the lane's upper edge to the baseline of its title."""
ROOM = 16.0


def sway(plot: Plot, box: Box) -> Drawing:
    """Return the lane: the line, its ribbon, and hatches with the word why where there is none."""
    palette, points = plot.palette, plot.opened.points
    scale = Scale(box, plot.scale.span, 0.0, highest(points))
    line = curve(points, scale, sway=True)
    edge = Stroke(palette.line, 1.0)
    axis = straight((box.x, crisp(box.bottom)), (box.right, crisp(box.bottom)), edge)
    title = tr("Sway with breathing, ms")
    heading = Text(theme.MARGIN, box.y - ABOVE, title, palette.ink2, 14, 600)
    texts = [
        Text(64.0, y + 5.0, f"{value:.0f}", palette.ink2, 14, align="right")
        for value, y in ((0.0, box.bottom), (scale.high, box.y))
    ]
    drawn = Drawing((axis, *ribbon(plot, line), *trace(plot, line)), tuple(texts))
    return along(_hatches(plot, scale) + drawn, box) + Drawing(texts=(heading,))


def highest(points: Points) -> float:
    """Return to how many milliseconds the lane reaches, whatever is in view."""
    known = points.rsa[np.isfinite(points.rsa) & (points.trust > 0)]
    most = float(known.max()) if len(known) else 0.0
    return max(math.ceil(most / STEP) * STEP, LEAST)


def _hatches(plot: Plot, scale: Scale) -> Drawing:
    palette, box = plot.palette, scale.box
    shapes: list[Shape] = []
    texts: list[Text] = []
    for one in unread_sway(plot):
        ends = scale.ends(one.start, min(one.end, plot.opened.end))
        if ends is None:
            continue
        shapes += hatch(scale, one, palette)
        width = theme.text_width(one.words, 14)
        if width + ROOM <= ends[1] - ends[0]:
            middle, y = sum(ends) / 2, box.y + box.height / 2
            left = middle - width / 2 - ROOM / 2
            shapes.append(Rectangle(left, y - 12.0, width + ROOM, 24.0, fill=palette.paper))
            texts.append(Text(middle, y + 5.0, one.words, palette.ink2, 14, align="centre"))
    return Drawing(tuple(shapes), tuple(texts))
