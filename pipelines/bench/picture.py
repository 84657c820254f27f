"""Pictures of what was found: horizontal bars in SVG, readable on light and dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, TOP, STEP, FOOT = 880, 400, 70, 78, 24, 34
"""Pixels: the picture, room for words left and figures right, above, for a bar, below."""

STYLE = """\
.bench{font:13px system-ui,-apple-system,'Segoe UI',sans-serif}
.bench .page{fill:#fff}.bench .ink{fill:#1d2630}.bench .soft{fill:#5d6b7a}
.bench .rule{stroke:#dde3e9}.bench .one{stroke:#5d6b7a}
.bench .held{fill:#2f7fa8}.bench .missed{fill:#c07a2c}.bench .free{fill:#93a4b3}
.bench .goal{stroke:#1d2630;stroke-width:2.5}
@media (prefers-color-scheme:dark){
.bench .page{fill:#12171c}.bench .ink{fill:#e4e9ee}.bench .soft{fill:#9aa8b5}
.bench .rule{stroke:#2a333c}.bench .one{stroke:#9aa8b5}
.bench .held{fill:#5fb0d8}.bench .missed{fill:#e3a35a}.bench .free{fill:#5b6b79}
.bench .goal{stroke:#f2f5f8}}"""


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


def bars(title: str, words: str, found: Sequence[Bar], scale: Scale) -> str:
    """Return a picture of horizontal bars with a mark at each goal.

    Parameters
    ----------
    title, words : str
        What is shown; how to read it.
    found : sequence of Bar
        From top to bottom.
    scale : Scale
        Holds all values and goals.
    """
    height = TOP + STEP * len(found) + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bench" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="10"/>',
        _text(20, 30, title, "ink", size=17),
        _text(20, 51, words, "soft"),
        *_rules(scale, height),
        *_groups(found),
        *(part for place, bar in enumerate(found) for part in _bar(place, bar, scale)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _rules(scale: Scale, height: int) -> list[str]:
    foot = height - FOOT
    return [
        part
        for value in scale.marks
        for part in (
            f'<path class="{"one" if value == scale.base else "rule"}" '
            f'd="M{scale.at(value):.1f} {TOP - 8}V{foot + 4}"/>',
            _text(scale.at(value), foot + 21, f"{value:,.6g}", "soft", anchor="middle"),
        )
    ]


def _groups(found: Sequence[Bar]) -> list[str]:
    before = ["", *(bar.group for bar in found)]
    return [
        _text(20, TOP + STEP * place + 14, bar.group, "ink")
        for place, bar in enumerate(found)
        if bar.group != before[place]
    ]


def _bar(place: int, bar: Bar, scale: Scale) -> list[str]:
    top = TOP + STEP * place
    begin, end = sorted((scale.at(scale.base), scale.at(bar.value)))
    kind = {True: "held", False: "missed", None: "free"}[bar.held]
    goal = [] if bar.goal is None else [_mark(scale.at(bar.goal), top)]
    reach = max(end, scale.at(bar.goal) if bar.goal else 0.0)
    return [
        _text(LEFT - 12, top + 14, bar.label, "soft", anchor="end"),
        f'<rect class="{kind}" x="{begin:.1f}" y="{top + 3}" width="{max(end - begin, 1):.1f}" '
        f'height="{STEP - 9}" rx="2"/>',
        *goal,
        _text(reach + 7, top + 14, bar.text, "soft"),
    ]


def _mark(across: float, top: int) -> str:
    return f'<path class="goal" d="M{across:.1f} {top}V{top + STEP - 3}"/>'


def _text(
    x: float, y: float, words: str, kind: str, *, anchor: str = "start", size: int = 13
) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.0f}" text-anchor="{anchor}" '
        f'font-size="{size}">{escape(words)}</text>'
    )
