"""What stands at the top of every page of the weeks."""

from __future__ import annotations

from gui.shared import Stroke, straight, theme
from gui.shared.drawing import Drawing, Paper, Text
from pipelines.language import tr

LEFT = theme.MARGIN
"""Where words begin."""
LOW = 700.0
"""Logical height below which a page is laid out for a low window."""


def head(paper: Paper, span: str) -> Drawing:
    """Return whose page this is, and at the right from when to when."""
    palette = paper.palette
    title = tr("My weeks")
    beside = LEFT + theme.text_width(title, 20, 600) + 20.0
    span = theme.fitted(span, paper.right - beside - 20.0, 16)
    room = paper.right - beside - theme.text_width(span, 16) - 20.0
    own = theme.fitted(tr("In a file of your own, shared with nobody by itself"), room, 14)
    return Drawing(
        (straight((LEFT, 60.5), (paper.right, 60.5), Stroke(palette.hair, 1.0)),),
        (
            Text(LEFT, 40.0, title, palette.ink, 20, 600),
            Text(beside, 40.0, own, palette.ink2, 14),
            Text(paper.right, 40.0, span, palette.ink2, 16, align="right"),
        ),
    )
