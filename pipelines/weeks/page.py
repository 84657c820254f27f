"""The weeks as one page of HTML, to print or to keep: what the window shows, and all words."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipelines.drawing import LIGHT, Axes, Picture
from pipelines.language import tr
from pipelines.report import html_page, html_text
from pipelines.weeks.folding import WEEK
from pipelines.weeks.telling import Lane, Noted, Story, resting_ends
from pipelines.weeks.wording import empty_week_text
from pipelines.words import DISCLAIMER, day_text

WIDTH = 640
LEFT, RIGHT = 34.0, 8.0
HIGH, BETWEEN = 84.0, 34.0
"""Height of a lane, and between two."""
_MOST_DATES = 4


def weeks_page(told: Story) -> str:
    """Return the weeks as HTML, whole in itself."""
    header = html_text("h1", tr("My weeks")) + html_text("p", told.span, "about")
    said = [html_text("p", words) for words in (told.aside, *told.changes[1:]) if words]
    parts = [
        f"<header>{header}</header>",
        html_text("p", told.title, "lead"),
        *said,
        *(_figure(lane, told) for lane in told.lanes),
        _practice(told),
        _resting(told),
        *(
            _notes(heading, rows, told)
            for heading, rows in (
                (tr("What happened, in my words"), told.happenings),
                (tr("Flare"), told.flares),
                (tr("Unwanted"), told.unwanted),
            )
        ),
        html_text("p", empty_week_text(), "note"),
        "<footer>" + "".join(html_text("p", words) for words in DISCLAIMER) + "</footer>",
    ]
    return html_page(tr("My weeks"), "\n".join(filter(None, parts)))


def _figure(lane: Lane, told: Story) -> str:
    words = ". ".join(filter(None, (lane.word, lane.figures, lane.ends)))
    heading, caption = html_text("h2", lane.heading), html_text("figcaption", words)
    return f"{heading}\n<figure>{_picture(lane, told)}{caption}</figure>"


def _picture(lane: Lane, told: Story) -> str:
    page = Picture(LIGHT, WIDTH, round(HIGH + BETWEEN), lane.heading, bare=True)
    axes = Axes(page, (LEFT, 8.0, WIDTH - RIGHT, HIGH), (0.0, float(told.weeks)), (0.0, 10.0))
    if lane.band is not None:
        upper, lower = float(axes.down(lane.band[1])), float(axes.down(lane.band[0]))
        page.box(LEFT, upper, WIDTH - LEFT - RIGHT, lower - upper, fill=LIGHT.band)
    for value in (0, 5, 10):
        y = float(axes.down(value))
        page.path([(LEFT, y), (WIDTH - RIGHT, y)], stroke=LIGHT.hair, width=1)
        page.text(LEFT - 8, y + 4, str(value), size=12, fill=LIGHT.ink2, anchor="end")
    weeks = np.arange(told.weeks) + 0.5
    values = np.array(lane.values, np.float64)
    axes.line(weeks, values, stroke=LIGHT.lake)
    axes.dots(weeks, values, fill=LIGHT.lake, radius=4.0)
    _dates(axes, told)
    return page.svg()


def _dates(axes: Axes, told: Story) -> None:
    for week in range(0, told.weeks, -(-told.weeks // _MOST_DATES)):
        words = day_text(told.start + week * WEEK, year=False)
        axes.word(week, 0.0, words, fill=LIGHT.ink2, size=12, shift=(0.0, 20.0))


def _practice(told: Story) -> str:
    if not told.practised:
        return ""
    page = Picture(LIGHT, WIDTH, 24, tr("Days with practice"), bare=True)
    across = (WIDTH - LEFT - RIGHT) / (7.0 * told.weeks)
    page.path([(LEFT, 20.0), (WIDTH - RIGHT, 20.0)], stroke=LIGHT.line, width=1)
    places = [(LEFT + (day + 0.5) * across, 10.0) for day in told.practised]
    page.dots(places, min(4.0, across / 2), fill=LIGHT.lake)
    words = ", ".join(filter(None, (told.when, told.each)))
    heading, caption = html_text("h2", tr("Days with practice")), html_text("figcaption", words)
    return f"{heading}\n<figure>{page.svg()}{caption}</figure>"


def _resting(told: Story) -> str:
    """Return the resting measure as means of seven days, where that was chosen."""
    if not told.resting:
        return ""
    title, (low, high) = tr("Resting RMSSD in ms, means of seven days"), resting_ends(told)
    page = Picture(LIGHT, WIDTH, round(HIGH + BETWEEN), title, bare=True)
    axes = Axes(page, (LEFT, 8.0, WIDTH - RIGHT, HIGH), (0.0, 7.0 * told.weeks), (low, high))
    if told.resting_range is not None:
        upper, lower = (float(axes.down(edge)) for edge in reversed(told.resting_range))
        page.box(LEFT, upper, WIDTH - LEFT - RIGHT, lower - upper, fill=LIGHT.band)
    for value in (low, high):
        y = float(axes.down(value))
        page.path([(LEFT, y), (WIDTH - RIGHT, y)], stroke=LIGHT.hair, width=1)
        page.text(LEFT - 8, y + 4, f"{value:.0f}", size=12, fill=LIGHT.ink2, anchor="end")
    days = np.arange(len(told.resting)) + 0.5
    axes.line(days, np.array(told.resting, np.float64), stroke=LIGHT.lake)
    heading, caption = html_text("h2", title), html_text("figcaption", told.resting_text[1])
    return f"{heading}\n<figure>{page.svg()}{caption}</figure>"


def _notes(heading: str, rows: tuple[Noted, ...], told: Story) -> str:
    if not rows:
        return ""
    lines = (
        f"{day_text(told.start + timedelta(days=one.day), year=False)}: {one.words}" for one in rows
    )
    return html_text("h2", heading) + "".join(html_text("p", line) for line in lines)
