"""Pictures of what was found: horizontal bars in SVG, readable on light and dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, TOP, STEP, FOOT = 880, 400, 70, 98, 24, 34
"""Pixels: the picture, room for words left and figures right, above, for a bar, below."""

LEGEND = "The mark is the goal. Blue-green: held. Brown-orange: missed. Grey: no goal."

LIGHT = {
    "paper": "#FAF7F1",
    "ink": "#292623",
    "ink2": "#5B554D",
    "line": "#857D70",
    "hair": "#DCD5C8",
    "lake": "#1B5E73",
    "clay": "#9D4E28",
}
DARK = {
    "paper": "#1B1A18",
    "ink": "#EEE9E0",
    "ink2": "#B9B1A4",
    "line": "#867E72",
    "hair": "#3D3934",
    "lake": "#86C5D4",
    "clay": "#E3A27B",
}
"""The colours of the views as `gui.shared.theme` names them, which nothing here may import."""


def _classes(colours: Mapping[str, str]) -> str:
    return """\
.bench .page{{fill:{paper}}}.bench .ink{{fill:{ink}}}.bench .soft{{fill:{ink2}}}
.bench .rule{{stroke:{hair}}}.bench .one{{stroke:{line}}}
.bench .held{{fill:{lake}}}.bench .missed{{fill:{clay}}}.bench .free{{fill:{line}}}
.bench .goal{{stroke:{ink};stroke-width:2.5}}.bench .halo{{stroke:{paper};stroke-width:5.5}}
.bench .figure{{stroke:{paper};stroke-width:4;paint-order:stroke}}""".format(**colours)


STYLE = f"""\
.bench{{font:13px system-ui,-apple-system,'Segoe UI',sans-serif}}
{_classes(LIGHT)}
@media (prefers-color-scheme:dark){{
{_classes(DARK)}}}"""


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
        _text(20, 71, LEGEND, "soft"),
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
    goal = [] if bar.goal is None else _mark(scale.at(bar.goal), top)
    reach = max(end, scale.at(bar.goal) if bar.goal else 0.0)
    return [
        _text(LEFT - 12, top + 14, bar.label, "soft", anchor="end"),
        f'<rect class="{kind}" x="{begin:.1f}" y="{top + 3}" width="{max(end - begin, 1):.1f}" '
        f'height="{STEP - 9}" rx="2"/>',
        *goal,
        _text(reach + 7, top + 14, bar.text, "soft figure"),
    ]


def _mark(across: float, top: int) -> list[str]:
    """Return the mark of a goal; a rim of paper sets it off from a bar beneath."""
    along = f'd="M{across:.1f} {top}V{top + STEP - 3}"'
    return [f'<path class="{kind}" {along}/>' for kind in ("halo", "goal")]


def _text(
    x: float, y: float, words: str, kind: str, *, anchor: str = "start", size: int = 13
) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.0f}" text-anchor="{anchor}" '
        f'font-size="{size}">{escape(words)}</text>'
    )
