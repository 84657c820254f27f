"""A small SVG writer for pictures on pages: axes, lines, dots, words, one font."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import ArrayLike

from pipelines.drawing.palette import FAMILIES, Palette

FONT = ", ".join((*(f"'{name}'" for name in FAMILIES), "sans-serif"))
SMALL, NORMAL, TITLE = 12, 13, 16
ROUND = 8
EDGE = 0.01
"""Share of an axis by which a point may pass its end and still be seen to lie on it."""


@dataclass
class Picture:
    """A card of `width` by `height` pixels in the colours of a palette, drawn on from the back.

    One that is `bare` has no ground and no heading: its `title` is for whoever does not see it.
    """

    palette: Palette
    width: int
    height: int
    title: str
    parts: list[str] = field(default_factory=list)
    bare: bool = False

    def __post_init__(self) -> None:
        if self.bare:
            return
        self.box(0, 0, self.width, self.height, fill=self.palette.paper, radius=ROUND)
        self.text(24, 34, self.title, size=TITLE, bold=True)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        radius: float = 0.0,
        opacity: float = 1.0,
        stroke: str = "none",
    ) -> None:
        """Draw a rectangle."""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="{radius:g}" fill="{fill}" fill-opacity="{opacity:g}" stroke="{stroke}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = NORMAL,
        fill: str | None = None,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Write `words` with their baseline at y."""
        weight = 600 if bold else 400
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
            f'fill="{fill or self.palette.ink}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def path(
        self,
        points: Iterable[tuple[float, float]],
        *,
        stroke: str,
        width: float = 1.5,
        dash: str = "",
        opacity: float = 1.0,
    ) -> None:
        """Draw a line through points of the page."""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline points="{places}" fill="none" stroke="{stroke}" stroke-width="{width:g}" '
            f'stroke-opacity="{opacity:g}" stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
        )

    def area(self, points: Iterable[tuple[float, float]], *, fill: str, opacity: float) -> None:
        """Fill what lies inside a line through points of the page."""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polygon points="{places}" fill="{fill}" fill-opacity="{opacity:g}"/>')

    def dots(self, points: Iterable[tuple[float, float]], radius: float, *, fill: str) -> None:
        """Draw dots as one path of points with round ends, which keeps a cloud small on disk."""
        places = "".join(f"M{x:.1f},{y:.1f}h.01" for x, y in points)
        self.parts.append(
            f'<path d="{places}" stroke="{fill}" stroke-width="{2 * radius:g}" '
            'stroke-linecap="round" fill="none"/>'
        )

    def svg(self) -> str:
        """Return the whole picture as text."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" font-family="{FONT}">'
        )
        return "\n".join((head, f"<title>{escape(self.title)}</title>", *self.parts, "</svg>\n"))


@dataclass(frozen=True)
class Axes:
    """A plot on a picture: places on the page for values of x and y, either of them logarithmic.

    `box` is left, top, right, bottom in pixels.
    """

    picture: Picture
    box: tuple[float, float, float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False

    def across(self, value: ArrayLike) -> np.ndarray:
        """Return the place on the page, from the left, of values of x."""
        low, high, place = *self.x, np.asarray(value, np.float64)
        if self.log:
            low, high, place = np.log(low), np.log(high), np.log(place)
        return self.box[0] + (place - low) / (high - low) * (self.box[2] - self.box[0])

    def down(self, value: ArrayLike) -> np.ndarray:
        """Return the place on the page, from the top, of values of y."""
        low, high = self.y
        share = (np.asarray(value, np.float64) - low) / (high - low)
        return self.box[3] - share * (self.box[3] - self.box[1])

    def points(self, x: ArrayLike, y: ArrayLike) -> list[tuple[float, float]]:
        """Return places on the page; what lies outside the axes is an error, not an overflow."""
        for values, (low, high) in ((x, self.x), (y, self.y)):
            room = EDGE * (high - low)
            if (
                np.min(values, initial=high) < low - room
                or np.max(values, initial=low) > high + room
            ):
                raise ValueError(f"{self.picture.title}: widen the axes from {low:g} to {high:g}")
        pairs = zip(np.atleast_1d(self.across(x)), np.atleast_1d(self.down(y)), strict=True)
        return [(float(a), float(b)) for a, b in pairs]

    def frame(self, xs: Sequence[float], ys: Sequence[float], *, xlabel: str = "") -> None:
        """Draw ticks with their figures, faint lines across, and the name of x."""
        page, (left, _, right, bottom) = self.picture, self.box
        for value in ys:
            y = float(self.down(value))
            page.path([(left, y), (right, y)], stroke=page.palette.hair, width=1)
            page.text(
                left - 8, y + 4, _figure(value), size=SMALL, fill=page.palette.ink2, anchor="end"
            )
        page.path([(left, bottom), (right, bottom)], stroke=page.palette.line, width=1)
        for value in xs:
            x = float(self.across(value))
            page.path([(x, bottom), (x, bottom + 4)], stroke=page.palette.line, width=1)
            page.text(
                x, bottom + 18, _figure(value), size=SMALL, fill=page.palette.ink2, anchor="middle"
            )
        if xlabel:
            page.text(right, bottom + 36, xlabel, size=SMALL, fill=page.palette.ink2, anchor="end")

    def line(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        stroke: str,
        width: float = 2.0,
        dash: str = "",
        opacity: float = 1.0,
    ) -> None:
        """Draw a line through the points; it breaks where y is not finite."""
        xs, ys = np.atleast_1d(x), np.atleast_1d(np.asarray(y, np.float64))
        known = np.isfinite(ys)
        turns = np.flatnonzero(np.diff(known)) + 1
        for part in np.split(np.arange(len(ys)), turns):
            if known[part[0]] and len(part) > 1:
                self.picture.path(
                    self.points(xs[part], ys[part]),
                    stroke=stroke,
                    width=width,
                    dash=dash,
                    opacity=opacity,
                )

    def dots(self, x: ArrayLike, y: ArrayLike, *, fill: str, radius: float = 2.0) -> None:
        """Draw a dot at each point whose y is finite."""
        known = np.isfinite(np.atleast_1d(np.asarray(y, np.float64)))
        places = self.points(np.atleast_1d(x)[known], np.atleast_1d(y)[known])
        self.picture.dots(places, radius, fill=fill)

    def band(
        self, x: ArrayLike, low: ArrayLike, high: ArrayLike, *, fill: str, opacity: float
    ) -> None:
        """Fill what lies between two lines over the same x."""
        edge = self.points(x, low) + self.points(x, high)[::-1]
        self.picture.area(edge, fill=fill, opacity=opacity)

    def word(
        self,
        x: float,
        y: float,
        words: str,
        *,
        fill: str | None = None,
        anchor: str = "start",
        size: int = NORMAL,
        bold: bool = False,
        shift: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Write at a value of x and y, moved by `shift` pixels."""
        place = float(self.across(x)) + shift[0], float(self.down(y)) + shift[1]
        self.picture.text(*place, words, fill=fill, anchor=anchor, size=size, bold=bold)


def _figure(value: float) -> str:
    return f"{value:g}".replace("-", "−")
