"""Type, spaces, line widths and pens: what two views have in common beside their colours.

All lengths are logical pixels of a 1280 by 800 screen. A view scales its painter by `scale` and
then draws in logical pixels only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.shared import mirror
from pipelines.drawing import DARK, DARK_HIGH, FAMILIES, LIGHT, LIGHT_HIGH, Palette

WIDTH = 1280.0
HEIGHT = 800.0
SMALLEST = 853, 533
"""Pixels of the smallest window: a screen of 1280 by 800 at 150 %."""
LEAST = 0.9
"""Scale of the smallest window."""
ROOMY = 1.5
"""How many times as large everything is at most on pages that need the smallest window's room."""
MARGIN = 32.0
READING = 760.0
"""Logical pixels of the longest line that is read calmly."""
GUTTER = 24.0
APART = "  ·  "
"""Between values on one line."""
SIZES = (14, 16, 20, 28, 32, 36, 40, 56, 96)
WEIGHTS = (400, 500, 600)
RADIUS_BRACKET = 4.0
RADIUS_KEYCAP = 6.0
RADIUS_TILE = 12.0
FOCUS_WIDTH = 3.0

TRACE_WIDTH = 2.5
LANE_WIDTH = 2.0
STRIP_WIDTH = 1.5
HEART_WIDTH = 3.0
AXIS_WIDTH = 1.0
MARK_WIDTH = 1.0
ARROW_WIDTH = 6.0

FADE_MS = 300
GROW_MS = 600
SCROLL_FPS = 30

UNCERTAINTY = 0.16
"""Opacity of the wash of lake (or clay, for a second person) that shows low to high."""
CIRCLE = 0.20
LIMITED = 0.78
"""Opacity of a dotted trace; traces are never fainter."""


def colour(token: str, opacity: float = 1.0) -> QColor:
    """Return a palette's "#RRGGBB" as a colour of this opacity (0 to 1)."""
    result = QColor(token)
    result.setAlphaF(opacity)
    return result


@dataclass(slots=True)
class _Preferred:
    """What is chosen for every window of this process."""

    text: float = 1.0
    still: bool = False
    contrast: bool = False


_preferred = _Preferred()


def prefer(*, text: float, still: bool, contrast: bool = False) -> None:
    """Draw text so many times as large, without movement, in high contrast, from now on."""
    _preferred.text, _preferred.still, _preferred.contrast = text, still, contrast


def colours(*, dark: bool) -> Palette:
    """Return the dark or the light colours, those of high contrast where they are preferred."""
    if _preferred.contrast:
        return DARK_HIGH if dark else LIGHT_HIGH
    return DARK if dark else LIGHT


def scale(width: float, height: float, *, whole: bool = False) -> float:
    """Return how many device-independent pixels one logical pixel takes in a window this big.

    As many times more as text is preferred larger, up to half as much again: then no page has fewer
    logical pixels than the smallest window has real ones; that one shows a ninth more. A page that
    has room for the `whole` of it, in 640 by 400 logical pixels, takes all that is preferred.
    """
    fits = min(width / WIDTH, height / HEIGHT, 2.0)
    text = _preferred.text if whole else min(_preferred.text, ROOMY)
    return max(fits * text, LEAST)


@cache
def font(size: int, weight: int = 400) -> QFont:
    """Return the font of `size` logical pixels and `weight` 400, 500 or 600, figures aligned.

    Raises
    ------
    ValueError
        If size or weight is none of the theme's.
    """
    if size not in SIZES or weight not in WEIGHTS:
        raise ValueError(f"no font of {size} px and weight {weight} in the theme")
    result = QFont()
    result.setFamilies(list(FAMILIES))
    result.setPixelSize(size)
    result.setWeight(QFont.Weight(weight))
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if size >= 40:
        result.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98)
    return result


@cache
def metrics(size: int, weight: int = 400) -> QFontMetricsF:
    """Return the measures of `font(size, weight)` in logical pixels."""
    return QFontMetricsF(font(size, weight))


def text_width(words: str, size: int, weight: int = 400) -> float:
    """Return how wide `words` are in logical pixels."""
    return metrics(size, weight).horizontalAdvance(words)


def fitted(words: str, width: float, size: int, weight: int = 400) -> str:
    """Return `words`, their end given up for "…" where they are wider than `width`."""
    return metrics(size, weight).elidedText(words, Qt.TextElideMode.ElideRight, width)


def fitting_size(words: str, width: float, sizes: tuple[int, ...], weight: int = 400) -> int:
    """Return the first of `sizes`, largest first, in which `words` fit `width`, else the last."""
    return next((s for s in sizes if text_width(words, s, weight) <= width), sizes[-1])


def draw_text(
    painter: QPainter,
    x: float,
    baseline: float,
    words: str,
    *,
    token: str,
    size: int,
    weight: int = 400,
    align: str = "left",
    opacity: float = 1.0,
) -> QRectF:
    """Write `words` on the line y = `baseline` and return the box they take.

    `align` says whether x is their "left", "centre" or "right" edge.
    """
    width = text_width(words, size, weight)
    left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
    painter.setFont(font(size, weight))
    painter.setPen(colour(token, opacity))
    with mirror.in_time(painter, left, left + width):
        painter.drawText(QPointF(left, baseline), mirror.readable(painter, words))
    ascent, descent = metrics(size, weight).ascent(), metrics(size, weight).descent()
    return QRectF(left, baseline - ascent, width, ascent + descent)


def draw_wrapped(
    painter: QPainter,
    box: QRectF,
    words: str,
    *,
    token: str,
    size: int,
    centred: bool = False,
    opacity: float = 1.0,
) -> None:
    """Write words on as many lines as they need, from the top of a box."""
    painter.setFont(font(size))
    painter.setPen(colour(token, opacity))
    side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
    flags = int(side | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
    with mirror.in_time(painter, box.left(), box.right()):
        painter.drawText(box, flags, mirror.readable(painter, words))


def line_pen(token: str, width: float, *, opacity: float = 1.0) -> QPen:
    """Return a solid pen with round caps and joins."""
    pen = QPen(colour(token, opacity), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def dashed_pen(token: str, width: float, *, opacity: float = 1.0) -> QPen:
    """Return the long-dashed pen of the guide and of a second person."""
    pen = line_pen(token, width, opacity=opacity)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([14.0 / width, 8.0 / width])
    return pen


def dotted_pen(token: str, width: float, *, opacity: float = LIMITED) -> QPen:
    """Return the dotted pen of a limited reading."""
    pen = line_pen(token, width, opacity=opacity)
    pen.setDashPattern([0.01, 6.0 / width])
    return pen


def field_style(palette: Palette, scale: float, kind: str = "QLineEdit") -> str:
    """Return the style sheet of a field to write in, whose edge tells whether it has the focus.

    `kind` is its class.
    """
    families = ", ".join(f'"{name}"' for name in font(16).families())
    edge = round(FOCUS_WIDTH * scale)
    return (
        f"{kind} {{ background: {palette.surface}; color: {palette.ink};"
        f" placeholder-text-color: {palette.ink2};"
        f" border: {max(edge // 3, 1)}px solid {palette.line};"
        f" border-radius: {round(RADIUS_KEYCAP * scale)}px;"
        f" padding: 0 {round(10 * scale)}px; font-family: {families};"
        f" font-size: {round(16 * scale)}px;"
        f" selection-background-color: {palette.lake};"
        f" selection-color: {palette.paper}; }}"
        f"{kind}:focus {{ border: {edge}px solid {palette.lake}; }}"
    )


def reduced_motion(asked: str | None = None) -> bool:
    """Return whether to do without fades and scrolling.

    A person chooses so, or INTERBEAT_REDUCED_MOTION says so.
    """
    if asked is None and _preferred.still:
        return True
    value = os.environ.get("INTERBEAT_REDUCED_MOTION", "") if asked is None else asked
    return value.lower() not in ("", "0", "no", "false")
