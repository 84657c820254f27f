"""The breathing circle: how full the breath is at any moment, and how that is drawn.

The guide is a pure function of the clock. Pauses, calm and changes of pace only append to what it
is made of, so the circle can be asked for any moment, past or coming, and never jumps: not its
radius, and not the wave that shows the same fullness over time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from gui.shared import Disc, Point, Shape, Stroke, draw, theme
from physio.beats import BoolArray, FloatArray
from physio.breathing.pacer import FASTEST, SLOWEST, Pacer, ease, steady
from pipelines.drawing import Palette
from pipelines.language import tr

SMALLEST, LARGEST = 128.0, 196.0
"""Radius in logical pixels, empty and full."""
LEAD_IN = 3.0
"""Seconds at rest before the first breath, time to look at the circle."""
COMING_TO_REST = 3.0
"""Seconds in which the circle sinks to its rest, wherever in the breath it was."""
TURNING = 0.15
"""Seconds in which the word fades out before a turn, and the next one in after it."""
STEP = 0.5
"""Breaths/min by which one press moves the pace that the guide eases to."""
OUTLINE = 3.0
OUTER_LINE = 1.5
DOT = 8.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `begin` (s) on the guide breathes as `pacer` says, or rests where there is none.

    `left_over` is how full the circle was at `begin`; it sinks away from there.
    """

    begin: float
    pacer: Pacer | None
    left_over: float


@dataclass(frozen=True, slots=True)
class Guide:
    """What the circle does, has done and will do, as a function of the clock in seconds.

    Attributes
    ----------
    stretches : tuple of Stretch
        In order of time, at least one; the first also holds before it begins.
    target : float
        Breaths/min that the guide keeps or eases to.
    rate : float
        Breaths/min at which it breathed last; after a rest it goes on from there.
    inhale : float
        Share of each breath spent breathing in.
    pause : float
        Share of each breath spent resting after breathing out.
    """

    stretches: tuple[Stretch, ...]
    target: float
    rate: float
    inhale: float
    pause: float = 0.0


def begin(
    at: float, rate: float, inhale: float, *, pause: float = 0.0, lead_in: float = LEAD_IN
) -> Guide:
    """Return a guide that rests from `at` (s), then breathes at `rate` (breaths/min).

    Raises
    ------
    ValueError
        If `rate` is not within 4 to 24 breaths/min, `inhale` not within 0.2 to 0.8 or `pause` not
        within 0 to 0.1.
    """
    first = steady(rate, at=at + lead_in, inhale=inhale, pause=pause)
    breathing = Stretch(at + lead_in, first, 0.0)
    return Guide((Stretch(at, None, 0.0), breathing), rate, rate, inhale, pause)


def rest(guide: Guide, at: float) -> Guide:
    """Return the guide coming to rest from `at` (s) on."""
    if pacer_at(guide, at) is None:
        return replace(guide, stretches=_begun(guide, at))
    resting = Stretch(at, None, float(fullness(guide, at)))
    return replace(guide, stretches=(*_until(guide, at), resting), rate=pace(guide, at))


def breathe(guide: Guide, at: float) -> Guide:
    """Return the guide beginning a breath `at` (s), and easing on to its target from there."""
    if pacer_at(guide, at) is not None:
        return guide
    first = steady(guide.rate, at=at, inhale=guide.inhale, pause=guide.pause)
    pacer = ease(first, at, guide.target)
    breathing = Stretch(at, pacer, float(fullness(guide, at)))
    return replace(guide, stretches=(*_until(guide, at), breathing))


def change_pace(guide: Guide, at: float, step: float) -> Guide:
    """Return the guide easing from `at` (s) on to a pace `step` breaths/min away from its target.

    The pace stays within 4 to 24 breaths/min. At rest only the target changes.
    """
    target = float(np.clip(guide.target + step, SLOWEST, FASTEST))
    last = guide.stretches[-1]
    if last.pacer is None:
        return replace(guide, target=target)
    eased = ease(last.pacer, max(at, last.begin), target)
    changed = replace(last, pacer=eased)
    return replace(guide, stretches=(*guide.stretches[:-1], changed), target=target)


def fullness(guide: Guide, time: ArrayLike) -> FloatArray:
    """Return how full the breath is at `time` (s): 0 empty, 1 full, of the shape of `time`.

    Continuous whatever was asked of the guide: every stretch starts from 0 on top of what the one
    before left over, which sinks to nothing in `COMING_TO_REST` seconds.
    """
    moments = np.asarray(time, dtype=np.float64)
    number = _number(guide, moments)
    result = np.zeros_like(moments)
    for index in np.unique(number):
        result = np.where(number == index, _of_stretch(guide.stretches[index], moments), result)
    return result


def inhaling(guide: Guide, time: ArrayLike) -> BoolArray:
    """Return whether the guide breathes in at `time` (s), of the shape of `time`."""
    moments = np.asarray(time, dtype=np.float64)
    number = _number(guide, moments)
    result = np.zeros(moments.shape, dtype=np.bool_)
    for index in np.unique(number):
        pacer = guide.stretches[index].pacer
        if pacer is not None:
            result = np.where(number == index, pacer.is_inhaling(moments), result)
    return result


def pacer_at(guide: Guide, time: float) -> Pacer | None:
    """Return the pacer that the circle follows at `time` (s), None at rest."""
    return guide.stretches[int(_number(guide, np.asarray(time)))].pacer


def pace(guide: Guide, time: float) -> float:
    """Return the guide's rate in breaths/min at `time` (s), at rest the one it goes on from."""
    pacer = pacer_at(guide, time)
    return guide.rate if pacer is None else float(pacer.rate(time))


def breathed(guide: Guide, time: float) -> float:
    """Return the seconds for which the guide has breathed until `time` (s), rests left out."""
    ends = [stretch.begin for stretch in guide.stretches[1:]] + [np.inf]
    return sum(
        max(min(end, time) - stretch.begin, 0.0)
        for stretch, end in zip(guide.stretches, ends, strict=True)
        if stretch.pacer is not None
    )


def radius(guide: Guide, time: ArrayLike) -> FloatArray:
    """Return the circle's radius in logical pixels at `time` (s), of the shape of `time`."""
    return np.asarray(SMALLEST + (LARGEST - SMALLEST) * fullness(guide, time))


def radius_of(full: float) -> float:
    """Return the radius in logical pixels of a circle that is so full, 0 to 1."""
    return SMALLEST + (LARGEST - SMALLEST) * full


def word(guide: Guide, time: float) -> str:
    """Return what to do at `time` (s): "Breathe in", "Breathe out", "Rest", or nothing at rest."""
    pacer = pacer_at(guide, time)
    if pacer is None:
        return ""
    if pacer.is_pausing(time):
        return tr("Rest")
    return tr("Breathe in") if inhaling(guide, time) else tr("Breathe out")


def word_opacity(guide: Guide, time: float) -> float:
    """Return how much of the word is there at `time` (s): it fades at each turn, 0 to 1."""
    pacer = pacer_at(guide, time)
    if pacer is None:
        return 1.0
    done = float(np.arccos(1.0 - 2.0 * pacer.volume(time)) / np.pi)
    seconds = 60.0 / float(pacer.rate(time)) * _share(guide, time)
    return float(np.clip(min(done, 1.0 - done) * seconds / min(TURNING, 0.2 * seconds), 0.0, 1.0))


def circle(centre: Point, palette: Palette, *, radius: float, still: bool) -> list[Shape]:
    """Return the circle of this radius within its outer line; a still one has no fill."""
    outer = Disc(centre, LARGEST, stroke=Stroke(palette.line, OUTER_LINE))
    if still:
        return [outer]
    # A clay disc under a washed one: a third of the painting time of a line around a fill.
    return [
        outer,
        Disc(centre, radius + OUTLINE / 2.0, fill=palette.clay),
        Disc(centre, radius - OUTLINE / 2.0, fill=washed(palette)),
    ]


def paint_circle(
    painter: QPainter, centre: QPointF, palette: Palette, *, radius: float, still: bool
) -> None:
    """Draw the circle of this radius."""
    draw(painter, circle((centre.x(), centre.y()), palette, radius=radius, still=still))


def washed(palette: Palette) -> str:
    """Return the circle's wash of clay on paper, mixed beforehand."""
    clay, paper = theme.colour(palette.clay), theme.colour(palette.paper)
    return QColor.fromRgbF(
        _mixed(clay.redF(), paper.redF()),
        _mixed(clay.greenF(), paper.greenF()),
        _mixed(clay.blueF(), paper.blueF()),
    ).name()


def _mixed(over: float, under: float) -> float:
    return theme.CIRCLE * over + (1.0 - theme.CIRCLE) * under


def paint_word(
    painter: QPainter, centre: QPointF, palette: Palette, *, word: str, opacity: float
) -> None:
    """Write the word in the middle of the circle."""
    theme.draw_text(
        painter, centre.x(), centre.y() + 14.0, word,
        token=palette.ink, size=40, weight=500, align="centre", opacity=opacity,
    )  # fmt: skip


def dot_place(centre: QPointF, full: float, *, rising: bool) -> QPointF:
    """Return where the dot of the still circle is: up the left while breathing in, down the right.

    Its height is how full the breath is, so it needs no other sign.
    """
    angle = np.pi * full
    side = -1.0 if rising else 1.0
    return centre + QPointF(side * LARGEST * np.sin(angle), LARGEST * np.cos(angle))


def guide_dot(place: Point, palette: Palette) -> Disc:
    """Return the guide's dot with a rim of paper around it."""
    rim = Stroke(palette.paper, OUTLINE)
    return Disc(place, DOT + 0.5 * OUTLINE, fill=palette.clay, stroke=rim)


def paint_dot(painter: QPainter, place: QPointF, palette: Palette) -> None:
    """Draw the guide's dot."""
    draw(painter, [guide_dot((place.x(), place.y()), palette)])


def _of_stretch(stretch: Stretch, moments: FloatArray) -> FloatArray:
    breath = 0.0 if stretch.pacer is None else stretch.pacer.volume(moments)
    since = np.clip((moments - stretch.begin) / COMING_TO_REST, 0.0, 1.0)
    sinking = stretch.left_over * (0.5 + 0.5 * np.cos(np.pi * since))
    return np.asarray(breath + sinking * (1.0 - breath))


def _number(guide: Guide, moments: FloatArray) -> np.ndarray:
    begins = np.array([stretch.begin for stretch in guide.stretches])
    return np.maximum(np.searchsorted(begins, moments, side="right") - 1, 0)


def _until(guide: Guide, at: float) -> tuple[Stretch, ...]:
    return guide.stretches[:1] + tuple(s for s in guide.stretches[1:] if s.begin < at)


def _begun(guide: Guide, at: float) -> tuple[Stretch, ...]:
    return guide.stretches[:1] + tuple(s for s in guide.stretches[1:] if s.begin <= at)


def _share(guide: Guide, time: float) -> float:
    return guide.inhale if inhaling(guide, time) else 1.0 - guide.inhale - guide.pause
