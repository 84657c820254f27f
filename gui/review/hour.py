"""The hour, or a part of it, as a drawing: trace over baseline, rises, moments, gaps and words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from gui.review.course import Looking, Opened, seen
from gui.review.scale import Curve, Scale, curve, heights, pieces
from gui.shared import Box, Disc, Path, Polygon, Rectangle, Shape, Stroke, straight, theme
from gui.shared.drawing import Drawing, Text, joined
from gui.shared.scene import (
    SHORTEST,
    Row,
    Stretch,
    Words,
    caps,
    crisp,
    gap_stretches,
    limited_stretches,
    talking_stretches,
    upright,
    withheld_stretches,
)
from physio.beats import FloatArray, Gap
from pipelines.analysis import Held
from pipelines.drawing import Palette
from pipelines.language import tr
from pipelines.session import EpisodeView, Points
from pipelines.words import clock_text, height_text, left_out_text, own_text

EPISODE = 0.12
"""Opacity of the wash of clay between trace and band while a rise lasts."""
DISC = 11.0
ABOVE = 24.0
"""Logical pixels from the plot's upper edge to the middle of the numbers over it."""
TITLE = 39.0
"""Logical pixels from the plot's upper edge to its title, whose row is its own."""
FOOT, BAR = 12.0, 4.0
"""Logical pixels from the plot's foot to the words over it, and to the bars under them."""
CAP = 16.0
HATCH = 8.0
BESIDE = 10.0
WINDOW = 10.0
"""Seconds of beats that a heart rate rests on."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One hour in its place: what is drawn, where, and in which colours."""

    opened: Opened
    looking: Looking
    scale: Scale
    palette: Palette

    @property
    def bottom(self) -> float:
        """The y of the time axis."""
        return self.scale.box.bottom


def plot_of(opened: Opened, looking: Looking, box: Box, palette: Palette) -> Plot:
    """Return an hour in this box."""
    low, high = heights(opened.points, opened.bands, box.height)
    return Plot(opened, looking, Scale(box, seen(looking, opened), low, high), palette)


def hour(plot: Plot) -> Drawing:
    """Return everything in the plot of an hour, its axes and the numbers over it."""
    line = curve(plot.opened.points, plot.scale)
    shapes = (
        *_chosen(plot),
        *_ground(plot),
        *rises(plot, line),
        *ribbon(plot, line),
        *_hatches(plot),
        *trace(plot, line),
        *_caps(plot),
    )
    said = brackets(plot) + _heights(plot)
    parts = (Drawing(tuple(shapes)), _axes(plot), said, moments(plot, said.texts))
    return along(joined(parts), plot.scale.box) + _title(plot)


def along(drawing: Drawing, box: Box) -> Drawing:
    """Return a plot with the numbers of its axis, as time goes."""
    return drawing.in_time(theme.MARGIN, box.right)


def _title(plot: Plot) -> Drawing:
    y, ink2 = plot.scale.box.y - TITLE, plot.palette.ink2
    return Drawing(texts=(Text(theme.MARGIN, y, tr("Heart rate, bpm"), ink2, 14, 600),))


def _ground(plot: Plot) -> list[Shape]:
    """Return hair lines at the ticks, and the bands of the baselines between dotted edges."""
    scale, palette = plot.scale, plot.palette
    hair = Stroke(palette.hair, 1.0)
    found: list[Shape] = [
        _across(scale, scale.y(value), hair)
        for value in scale.ticks()
        if scale.y(value) < plot.bottom - 32.0
        and not any(band.low < value < band.high for band in plot.opened.bands)
    ]
    return found + [shape for one in plot.opened.reviewed.held for shape in _band(plot, one)]


def _band(plot: Plot, held: Held) -> list[Shape]:
    """Return the band of a baseline while it is the one to compare with."""
    scale, palette, own = plot.scale, plot.palette, held.own
    ends = scale.ends(held.start, plot.opened.end if held.end is None else held.end)
    if own is None or ends is None:
        return []
    dotted = Stroke(palette.line, 1.0, (0.01, 4.0))
    top, foot = scale.y(own.high), scale.y(own.low)
    area = Rectangle(ends[0], top, ends[1] - ends[0], foot - top, fill=palette.band)
    edges = (straight((ends[0], crisp(y)), (ends[1], crisp(y)), dotted) for y in (top, foot))
    return [area, *edges]


def _across(scale: Scale, y: float, stroke: Stroke) -> Path:
    return straight((scale.box.x, crisp(y)), (scale.box.right, crisp(y)), stroke)


def _axes(plot: Plot) -> Drawing:
    """Return the numbers of both axes, and the line of the time axis with its ticks."""
    scale, palette, bottom = plot.scale, plot.palette, plot.bottom
    edge = Stroke(palette.line, 1.0)
    shapes: list[Shape] = [_across(scale, bottom, edge)]
    texts = [
        Text(64.0, scale.y(value) + 5.0, f"{value:.0f}", palette.ink2, 14, align="right")
        for value in scale.ticks()
    ]
    for time in scale.times():
        x = scale.x(time)
        shapes.append(straight((x, bottom), (x, bottom + 5.0), edge))
        texts.append(Text(x, bottom + 22.0, clock_text(time), palette.ink2, 14, align="centre"))
    return Drawing(tuple(shapes), tuple(texts))


def trace(plot: Plot, line: Curve) -> list[Path]:
    """Return the trace, dotted where it is limited, broken where it is not known."""
    lake = plot.palette.lake
    solid = Stroke(lake, theme.TRACE_WIDTH if plot.looking.zoom else theme.LANE_WIDTH)
    dotted = Stroke(lake, theme.LANE_WIDTH, (0.01, 3.0))
    return [
        Path(_points(line.x[a:b], line.y[a:b]), stroke)
        for flags, stroke in ((line.links.solid, solid), (line.links.dotted, dotted))
        for a, b in pieces(flags)
    ]


def _points(x: FloatArray, y: FloatArray) -> tuple[tuple[float, float], ...]:
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


def ribbon(plot: Plot, line: Curve) -> list[Polygon]:
    """Return the wash from low to high along each unbroken part."""
    known = line.links.joined & np.isfinite(line.low) & np.isfinite(line.high)
    known[:-1] &= np.isfinite(line.low[1:]) & np.isfinite(line.high[1:])
    return [
        Polygon(
            _points(line.x[a:b], line.high[a:b]) + _points(line.x[a:b], line.low[a:b])[::-1],
            fill=plot.palette.lake,
            opacity=theme.UNCERTAINTY,
        )
        for a, b in pieces(known)
    ]


def lasts(rise: EpisodeView) -> tuple[float, float]:
    """Return from when to when a rise lasts: until it settled, or is no longer seen."""
    until = rise.until_s if rise.recovery_s is None else rise.onset_s + rise.recovery_s
    return rise.onset_s, until


def rises(plot: Plot, line: Curve) -> list[Polygon]:
    """Return the wash of each rise, from the trace down to the band or to where it began."""
    found: list[Polygon] = []
    for rise in plot.opened.reviewed.rises:
        start, end = lasts(rise)
        inside = line.links.joined & (line.time >= start)
        inside[:-1] &= line.time[1:] <= end
        foot = _foot(plot, start)
        found += [
            Polygon(
                ((float(line.x[a]), foot), *_points(line.x[a:b], np.minimum(line.y[a:b], foot)),
                 (float(line.x[b - 1]), foot)),
                fill=plot.palette.clay,
                opacity=EPISODE,
            )
            for a, b in pieces(inside)
        ]  # fmt: skip
    return found


def _foot(plot: Plot, start: float) -> float:
    """Return the y that a rise's wash stands on."""
    band = plot.opened.band(start)
    if band is not None:
        return plot.scale.y(band.high)
    points = plot.opened.points
    at = min(int(np.searchsorted(points.time, start)), len(points) - 1)
    return plot.scale.y(float(points.heart_rate[at]))


def _caps(plot: Plot) -> list[Path]:
    """Return a short upright line at each end of the trace at a gap."""
    points, scale = plot.opened.points, plot.scale
    stroke = Stroke(plot.palette.ink2, 1.5)
    return [
        straight((x, y - CAP / 2), (x, y + CAP / 2), stroke)
        for x, y in (
            (scale.x(cap.time), scale.y(cap.value))
            for cap in caps(points, points.heart_rate, gap_stretches(_gaps(plot), plot.opened.end))
        )
        if scale.box.x <= x <= scale.box.right
    ]


def _gaps(plot: Plot) -> list[Gap]:
    return [gap for gap in plot.opened.reviewed.gaps if gap.until - gap.start >= SHORTEST]


def _left_out(plot: Plot) -> list[Stretch]:
    left_out = plot.opened.reviewed.left_out
    return [Stretch(one.start, one.end, left_out_text(one.reason)) for one in left_out]


def _not_read(plot: Plot) -> list[Stretch]:
    """Return what is left out, each until ten seconds of beats are there to be read again."""
    return [Stretch(one.start, one.end + WINDOW, one.words) for one in _left_out(plot)]


def _named(plot: Plot) -> tuple[list[Stretch], list[Stretch]]:
    """Return the gaps and the stretches of talking; what is left out is hatched, not a gap."""
    left_out = _left_out(plot)
    gaps = [
        one
        for one in gap_stretches(_gaps(plot), plot.opened.end)
        if not any(out.start <= one.end and one.start <= out.end for out in left_out)
    ]
    return gaps, talking_stretches(plot.opened.reviewed.talking)


def _hatches(plot: Plot) -> list[Path]:
    """Return the lines that hatch what is left out, and other stretches without an estimate."""
    return [
        path
        for one in (*_not_read(plot), *_withheld(plot))
        for path in hatch(plot.scale, one, plot.palette)
    ]


def _withheld(plot: Plot) -> list[Stretch]:
    points: Points = plot.opened.points
    gaps, talking = _named(plot)
    return withheld_stretches(points, points.heart_rate, [*gaps, *_not_read(plot)], talking)


def unread_sway(plot: Plot) -> list[Stretch]:
    """Return where there are beats but no sway, with words that say why."""
    points: Points = plot.opened.points
    gaps, talking = _named(plot)
    return withheld_stretches(points, points.rsa, [*gaps, *_not_read(plot)], talking)


def hatch(scale: Scale, stretch: Stretch, palette: Palette) -> list[Path]:
    """Return the leaning lines that hatch a stretch, cut at its edges and those of the plot."""
    ends, box = scale.ends(stretch.start, stretch.end), scale.box
    if ends is None or ends[1] - ends[0] < HATCH:
        return []
    left, right = ends
    anchor = scale.x(stretch.start)
    first = anchor + math.floor((left - box.height - anchor) / HATCH) * HATCH
    stroke = Stroke(palette.hair, 1.0)
    found = []
    for x in np.arange(first, right, HATCH).tolist():
        a, b = max(x, left), min(x + box.height, right)
        if b > a:
            found.append(straight((a, box.bottom - (a - x)), (b, box.bottom - (b - x)), stroke))
    return found


def brackets(plot: Plot) -> Drawing:
    """Return the bars along the foot that say what a stretch is, and their words."""
    scale, palette = plot.scale, plot.palette
    gaps, talking = _named(plot)
    several = len(plot.opened.reviewed.held) > 1
    base = [
        Stretch(band.start, band.end, own_text(band.posture, several=several))
        for band in plot.opened.bands
    ]
    limited = limited_stretches(plot.opened.points, [*gaps, *talking])
    row = Row(scale.box.x, scale.box.right)
    thin, thick = Stroke(palette.line, 2.0), Stroke(palette.ink2, 4.0)
    found = Drawing()
    for stretch in (*base, *_left_out(plot), *gaps, *talking, *_withheld(plot), *limited):
        ends = scale.ends(stretch.start, plot.opened.end if stretch.end == inf else stretch.end)
        if ends is None:
            continue
        y = plot.bottom - BAR
        bar = straight((ends[0], y), (ends[1], y), thick if stretch in base else thin)
        at = row.take(sum(ends) / 2, theme.text_width(stretch.words, 14), move=True)
        words = Text(at or 0.0, plot.bottom - FOOT, stretch.words, palette.ink2, 14, align="centre")
        found += Drawing((bar,), (words,) if at is not None else ())
    return found


def _heights(plot: Plot) -> Drawing:
    """Return how high each rise was, beside its highest point, where there is room."""
    scale, palette = plot.scale, plot.palette
    row = Row(scale.box.x, scale.box.right)
    texts = []
    for rise in plot.opened.reviewed.rises:
        words = height_text(rise, unit=False)
        width = theme.text_width(words, 14, 600)
        x = scale.x(rise.peak_s)
        if not scale.box.x <= x <= scale.box.right:
            continue
        at = row.take(x + BESIDE + width / 2, width)
        if at is not None:
            y = _peak(plot, rise)
            texts.append(Text(at, y, words, palette.ink, 14, 600, "centre"))
    return Drawing(texts=tuple(texts))


def _peak(plot: Plot, rise: EpisodeView) -> float:
    """Return the y of a rise's words: beside the trace's highest point in it, in the plot."""
    points = plot.opened.points
    start, end = lasts(rise)
    inside = points.heart_rate[(points.time >= start) & (points.time <= end)]
    known = inside[np.isfinite(inside)]
    top = plot.scale.y(float(known.max())) if len(known) else plot.scale.box.y
    return max(top - 4.0, plot.scale.box.y + 12.0)


def moments(plot: Plot, said: Sequence[Text] = ()) -> Drawing:
    """Return each moment in view: its line, and its number over the plot, the chosen one last.

    No line strikes through what is `said` in the plot.
    """
    words = [_words(text) for text in said]
    found: list[Drawing] = []
    chosen = plot.looking.moment
    order = sorted(range(len(plot.opened.moments)), key=lambda place: place == chosen)
    for place in order:
        x = plot.scale.x(plot.opened.moments[place].change.time_s)
        if plot.scale.box.x <= x <= plot.scale.box.right:
            found.append(_moment(plot, place, x, words))
    return joined(found)


def _words(text: Text) -> Words:
    """Return the room that centred words take."""
    half = theme.text_width(text.words, text.size, text.weight) / 2
    row = Row(text.x - half, text.x + half)
    row.hold(text.x - half, text.x + half)
    return Words(row, text.y)


def _moment(plot: Plot, place: int, x: float, words: Sequence[Words]) -> Drawing:
    palette, y = plot.palette, plot.scale.box.y - ABOVE
    stroke = Stroke(palette.ink2, theme.MARK_WIDTH)
    pole = [
        straight((x, top), (x, bottom), stroke)
        for top, bottom in upright(x, y + DISC, plot.bottom, words)
    ]
    ring = Stroke(palette.lake, 3.0) if place == plot.looking.moment else None
    shapes: list[Shape] = [*pole, Disc((x, y), DISC, fill=palette.ink)]
    if ring is not None:
        shapes.append(Disc((x, y), DISC + 3.5, stroke=ring))
    number = Text(x, y + 5.0, str(place + 1), palette.paper, 14, 600, "centre")
    return Drawing(tuple(shapes), (number,))


def _chosen(plot: Plot) -> Iterable[Shape]:
    """Return the stretch that is being chosen, and the line in the middle that ends it."""
    looking, scale = plot.looking, plot.scale
    if looking.anchor is None:
        return ()
    start, end = sorted((looking.anchor, looking.middle))
    ends, x = scale.ends(start, end), scale.x(looking.middle)
    edge = Stroke(plot.palette.lake, 2.0)
    found: list[Shape] = []
    if ends is not None:
        box = scale.box
        found.append(Rectangle(ends[0], box.y, ends[1] - ends[0], box.height, plot.palette.surface))
    sides: Sequence[float] = [scale.x(looking.anchor), x]
    found += [
        straight((at, scale.box.y), (at, plot.bottom), edge)
        for at in sides
        if scale.box.x <= at <= scale.box.right
    ]
    return found
