"""Pictures of what was found: horizontal bars, for light and for dark pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.drawing import Palette, Picture

WIDTH, LEFT, RIGHT, TOP, STEP, FOOT = 880, 400, 70, 98, 24, 34
"""Pixels: the picture, room for words left and figures right, above, for a bar, below."""

RATIOS, GROWTH = "bench_ratios", "bench_growth"
"""Names of the two pictures."""

LEGEND = "The mark is the goal. Blue-green: held. Brown-orange: missed. Grey: no goal."


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure.

    Attributes
    ----------
    group, label : str
        What it is of; a group is named once for the bars in a row that share it.
    value : float
        Above 0.
    text : str
        The value in words.
    goal : float or None
        Where the goal lies on the same scale.
    held : bool or None
        Whether it is met; None without one.
    """

    group: str
    label: str
    value: float
    text: str
    goal: float | None = None
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie across the picture.

    Attributes
    ----------
    at : callable
        From a value to pixels.
    marks : sequence of float
        Values with a rule.
    base : float
        Value at which bars begin.
    """

    at: Callable[[float], float]
    marks: Sequence[float]
    base: float


def picture_file(name: str, palette: Palette) -> str:
    """Return the name of the file of a picture in the colours of `palette`."""
    return f"{name}_{palette.name}.svg"


def logarithmic(values: Sequence[float]) -> Scale:
    """Return a scale of powers of ten on which bars begin at 1."""
    logs = [math.log10(value) for value in values]
    low, high = math.floor(min(0.0, *logs)), math.ceil(max(1.0, *logs))
    return Scale(
        lambda value: _across((math.log10(value) - low) / (high - low)),
        [10.0**power for power in range(low, high + 1)],
        1.0,
    )


def linear(values: Sequence[float], step: float) -> Scale:
    """Return a scale from 0 with a rule at every `step`."""
    count = math.ceil(max(values) / step)
    return Scale(
        lambda value: _across(value / (count * step)),
        [step * place for place in range(count + 1)],
        0.0,
    )


def bars(
    title: str, words: str, found: Sequence[Bar], scale: Scale, *, palette: Palette
) -> Picture:
    """Return a picture of horizontal bars with a mark at each goal.

    Parameters
    ----------
    title, words : str
        What is shown; how to read it.
    found : sequence of Bar
        From top to bottom.
    scale : Scale
        Holds all values and goals.
    palette : Palette
        The colours of the page.
    """
    page = Picture(palette, WIDTH, TOP + STEP * len(found) + FOOT, title)
    page.text(24, 55, words, fill=palette.ink2)
    page.text(24, 75, LEGEND, fill=palette.ink2)
    _draw_rules(page, scale)
    before = ["", *(bar.group for bar in found)]
    for place, bar in enumerate(found):
        if bar.group != before[place]:
            page.text(24, TOP + STEP * place + 14, bar.group)
        _draw_bar(page, TOP + STEP * place, bar, scale)
    return page


def _across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _draw_rules(page: Picture, scale: Scale) -> None:
    foot = page.height - FOOT
    for value in scale.marks:
        x, colours = scale.at(value), page.palette
        stroke = colours.line if value == scale.base else colours.hair
        page.path([(x, TOP - 8), (x, foot + 4)], stroke=stroke, width=1)
        page.text(x, foot + 21, f"{value:,.6g}", fill=colours.ink2, anchor="middle")


def _draw_bar(page: Picture, top: int, bar: Bar, scale: Scale) -> None:
    colours = page.palette
    begin, end = sorted((scale.at(scale.base), scale.at(bar.value)))
    fill = {True: colours.lake, False: colours.clay, None: colours.line}[bar.held]
    page.text(LEFT - 12, top + 14, bar.label, fill=colours.ink2, anchor="end")
    page.box(begin, top + 3, max(end - begin, 1.0), STEP - 9, fill=fill, radius=2)
    reach = max(end, scale.at(bar.goal) if bar.goal else 0.0)
    if bar.goal is not None:
        _draw_goal(page, scale.at(bar.goal), top)
    page.text(reach + 7, top + 14, bar.text, fill=colours.ink2)


def _draw_goal(page: Picture, x: float, top: int) -> None:
    """Draw the mark of a goal; a rim of paper sets it off from a bar beneath."""
    for stroke, width in ((page.palette.paper, 5.5), (page.palette.ink, 2.5)):
        page.path([(x, top + 1), (x, top + STEP - 4)], stroke=stroke, width=width)
