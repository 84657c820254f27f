"""The weeks as a page: what happened, the valued activity, days of practice, one more question.

Positions are those of the design at 1280 by 800; where a window is lower, lanes are lower, and what
is said of flares gives way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gui.shared import Disc, Path, Polygon, Rectangle, Shape, Stroke, straight, theme
from gui.shared.drawing import SURFACE, Drawing, Paper, Spot, Text, cell, joined, tile, wrapped
from gui.weeks.course import PAGES, Leaf, Telling, asks_now, chosen_week
from gui.weeks.head import LEFT, LOW, head
from gui.weeks.own_pages import own_pages
from pipelines.harmless import harmless
from pipelines.language import from_the_right, tr
from pipelines.weeks import (
    MOST,
    WEEK,
    Lane,
    Story,
    empty_week_text,
    ends_text,
    question_text,
    red_flags,
    resting_ends,
)
from pipelines.words import day_text

PLOT = 80.0
"""Where time begins."""
ASIDE, BETWEEN = 208.0, 32.0
"""Width of the words beside the lanes, and what is between."""
FIELD = 44.0
_DATES = 3


@dataclass(frozen=True, slots=True)
class Levels:
    """Where the lanes of a page lie: headings and plots."""

    happened: float
    valued: float
    valued_height: float
    practice: float
    second: float
    second_height: float
    flare: float | None
    axis: float
    foot: float


def levels(paper: Paper) -> Levels:
    """Return where the lanes lie on a page as high as this."""
    if paper.height >= LOW:
        spare = paper.height - 800.0
        return Levels(176.0, 240.0, 108.0 + spare / 2, 436.0 + spare / 2, 526.0 + spare / 2,
                      64.0 + spare / 2, 652.0 + spare, 682.0 + spare, 738.0 + spare)  # fmt: skip
    high = max(paper.height - 500.0, 36.0)
    valued = 178.0
    practice = valued + 18.0 + high + 50.0
    second = practice + 64.0
    low = max(high * 0.6, 24.0)
    return Levels(128.0, valued, high, practice, second, low, None, second + 18.0 + low, 0.0)


def weeks_page(
    paper: Paper, story: Story | None, telling: Telling, *, refusal: str | None, asks: str = ""
) -> Drawing:
    """Return the page; `refusal` says what keeps it from being there, `asks` what is written."""
    if telling.leaf is Leaf.FLAGS:
        first, *others = red_flags()
        return _leaf(paper, first, others)
    if telling.leaf is Leaf.HARDER and story is not None and story.setback:
        own = [harmless(line, most=None) for line in story.setback]
        return _leaf(paper, tr("My plan for harder days"), own, tr("The rest stands in your plan."))
    if telling.leaf is Leaf.DUE and story is not None and story.due:
        own = [harmless(line, most=None) for line in story.due]
        return _leaf(paper, tr("My plan for this week"), own, tr("The rest stands in your plan."))
    if story is None:
        return head(paper, "") + Drawing(
            texts=(Text(LEFT, 104.0, refusal or tr("Your weeks are being opened"),
                        paper.palette.ink, 20),)
        )  # fmt: skip
    if telling.leaf in PAGES:
        return own_pages(paper, story, telling, refusal)
    if asks_now(telling, story) is not None:
        return _question_page(paper, story, telling)
    if asks:
        return _weeks(paper, _asking(paper, story, asks), telling, None)
    return _weeks(paper, story, telling, refusal)


def told_place(paper: Paper) -> tuple[float, float, float, float]:
    """Return where words are written: x, y, width, height."""
    return LEFT, 112.0 if paper.height >= LOW else 98.0, min(paper.right - LEFT, 720.0), FIELD


def week_at(paper: Paper, story: Story, x: float) -> int:
    """Return the week in which a place on the page lies, counted from the first."""
    share = (x - PLOT) / (_right(paper) - PLOT)
    return min(max(int(share * story.weeks), 0), story.now)


def _asking(paper: Paper, story: Story, asks: str) -> Story:
    """Return what is shown around a field: what is asked, and nothing where the field lies."""
    asking = replace(story, title=asks, aside="", caution="")
    if paper.height >= LOW:
        return asking
    return replace(asking, happenings=(), flares=(), unwanted=())


def _weeks(paper: Paper, story: Story, telling: Telling, refusal: str | None) -> Drawing:
    at, palette = levels(paper), paper.palette
    found = head(paper, story.span) + _saying(paper, story, refusal)
    found += _chosen(paper, story, telling, at)
    found += _happened(paper, story, at)
    found += _lane(paper, story, story.lanes[0], (at.valued, at.valued_height), main=True)
    found += _practice(paper, story, at)
    if story.resting and telling.lane >= len(story.lanes):
        found += _resting_lane(paper, story, (at.second, at.second_height))
    elif len(story.lanes) > 1:
        lane = story.lanes[min(telling.lane, len(story.lanes) - 1)]
        found += _lane(paper, story, lane, (at.second, at.second_height), main=False)
    found += _axis(paper, story, at)
    if at.foot:
        texts = (Text(LEFT, at.foot, empty_week_text(), palette.ink2, 14),)
        found += Drawing(texts=texts) + _resting(paper, story, at)
    return found


def _saying(paper: Paper, story: Story, refusal: str | None) -> Drawing:
    """Return the sentence that stands out, and what is said below it."""
    palette, low = paper.palette, paper.height < LOW
    room = paper.right - LEFT
    y = 86.0 if low else 104.0
    size = theme.fitting_size(harmless(story.title), room, (20, 16) if low else (28, 20, 16), 600)
    title = theme.fitted(harmless(story.title), room, size, 600)
    below = refusal or story.caution or story.aside
    token = palette.ink if refusal or story.caution else palette.ink2
    lines = _whole(below, room, 14 if low else 16, 1 if low else 2)
    step = 20.0
    first = y + (20.0 if low else 28.0)
    texts = [
        Text(LEFT, first + step * n, line, token, 14 if low else 16) for n, line in enumerate(lines)
    ]
    return Drawing(texts=(Text(LEFT, y, title, palette.ink, size, 600), *texts))


def _whole(words: str, room: float, size: int, most: int) -> list[str]:
    """Return the lines of as many whole sentences, one at least, as have room."""
    sentences = words.split(". ")
    fewer = (". ".join(sentences[:count]) + "." for count in range(len(sentences) - 1, 0, -1))
    lines: list[str] = []
    for said in (words, *fewer):
        lines = wrapped(said, room, size)
        if len(lines) <= most:
            break
    return lines[:most]


def _right(paper: Paper) -> float:
    """Return where time ends."""
    return paper.right - ASIDE - BETWEEN


def _across(paper: Paper, story: Story, day: float) -> float:
    """Return the place of a day, counted from the first."""
    return PLOT + day / (7.0 * story.weeks) * (_right(paper) - PLOT)


def _along(paper: Paper, drawing: Drawing) -> Drawing:
    """Return what lies over the weeks, with the numbers of its axis, as time goes."""
    return drawing.in_time(LEFT, _right(paper))


def _chosen(paper: Paper, story: Story, telling: Telling, at: Levels) -> Drawing:
    """Return the chosen week, and the places of all weeks to be clicked at."""
    palette = paper.palette
    week = chosen_week(telling, story)
    top, height = at.valued + 8.0, at.axis - at.valued - 8.0
    left, right = (_across(paper, story, 7.0 * edge) for edge in (week, week + 1))
    box = Rectangle(left, top, right - left, height, fill=palette.surface)
    surface = Spot(PLOT, top, _right(paper) - PLOT, height, SURFACE)
    day = day_text(story.start + week * WEEK, year=False)
    words = tr("chosen: the week of {day}", day=day)
    x = min((left + right) / 2, _right(paper) - theme.text_width(words, 14))
    label = Text(max(x, PLOT), at.axis + 40.0, words, palette.ink2, 14)
    return _along(paper, Drawing((box,), (label,) if at.foot else (), (surface,)))


def _happened(paper: Paper, story: Story, at: Levels) -> Drawing:
    """Return what happened, each at its day; where two meet, the later words give way."""
    palette = paper.palette
    rows = sorted((*story.happenings, *story.flares, *story.unwanted), key=lambda one: one.day)
    if from_the_right():
        rows.reverse()
    if not rows:
        return Drawing()
    heading = Text(LEFT, at.happened, tr("What happened, in my words"), palette.ink2, 14, 600)
    found, ends = Drawing(texts=(heading,)), 0.0
    y = at.happened + (20.0 if paper.height < LOW else 25.0)
    for place, one in enumerate(rows):
        x = _begins(paper, story, one.day)
        if not 0.0 <= x <= _right(paper):
            continue
        flag = Polygon(((x, y - 11.0), (x + 11.0, y - 5.0), (x, y + 1.0)), fill=palette.ink)
        stem = straight((x, y - 5.0), (x, y + 12.0), Stroke(palette.ink2, 1.0))
        following = _begins(paper, story, rows[place + 1].day) if place + 1 < len(rows) else 0
        until = following - 8.0 if following > x else paper.right
        words = theme.fitted(harmless(one.words), until - x - 18.0, 16)
        fits = x >= ends and until - x > 60.0
        texts = (Text(x + 18.0, y, words, palette.ink, 16, 500),) if fits else ()
        ends = x + 18.0 + theme.text_width(words, 16, 500) if fits else ends
        found += Drawing((flag, stem), texts)
    return found


def _begins(paper: Paper, story: Story, day: float) -> float:
    """Return where on the page the words of a day begin, whose flag lies as time goes."""
    x = _across(paper, story, day + 0.5)
    return LEFT + _right(paper) - x if from_the_right() else x


def _lane(
    paper: Paper, story: Story, lane: Lane, place: tuple[float, float], *, main: bool
) -> Drawing:
    """Return a question over the weeks, with its words beside it."""
    palette, (heading, height) = paper.palette, place
    top = heading + 18.0
    room = _right(paper) - LEFT
    title = theme.fitted(harmless(lane.heading), room, 14, 600)
    named = Drawing(texts=(Text(LEFT, heading, title, palette.ink2, 14, 600),))
    texts: list[Text] = []
    shapes: list[Shape] = []

    def down(value: float) -> float:
        return top + (1.0 - value / MOST) * height

    if lane.band is not None and main:
        low, high = lane.band
        box = PLOT, down(high), _right(paper) - PLOT, down(low) - down(high)
        shapes.append(Rectangle(*box, fill=palette.band))
        dotted = Stroke(palette.line, 1.0, (1.5, 3.5), flat=True)
        shapes += [
            straight((PLOT, down(edge)), (_right(paper), down(edge)), dotted)
            for edge in (low, high)
        ]
    for value in (0, 5, MOST) if main else (0, MOST):
        y = down(value) + 0.5
        stroke = Stroke(palette.hair if value else palette.line, 1.0)
        shapes.append(straight((PLOT, y), (_right(paper), y), stroke))
        texts.append(Text(64.0, y + 4.5, str(value), palette.ink2, 14, align="right"))
    points = [
        None if value is None else (_across(paper, story, 7.0 * week + 3.5), down(value))
        for week, value in enumerate(lane.values)
    ]
    shapes += _curve(points, paper, 6.0 if main else 5.0)
    if main:
        bars, words = _fours(paper, story, lane, top + height)
        shapes += bars
        texts += words
    until = top + height + (48.0 if main else 40.0)
    plot = _along(paper, Drawing(tuple(shapes), tuple(texts)))
    return named + plot + _beside(paper, lane, top, until, main=main)


def _curve(
    points: Sequence[tuple[float, float] | None], paper: Paper, radius: float
) -> Iterator[Shape]:
    """Yield lines between answers of weeks that follow each other, and a dot for each answer."""
    palette = paper.palette
    run: list[tuple[float, float]] = []
    for point in (*points, None):
        if point is not None:
            run.append(point)
        elif run:
            if len(run) > 1:
                yield Path(tuple(run), Stroke(palette.lake, theme.LANE_WIDTH))
            yield from (
                Disc(one, radius, fill=palette.lake, stroke=Stroke(palette.paper, 2.0))
                for one in run
            )
            run = []


def _fours(paper: Paper, story: Story, lane: Lane, foot: float) -> tuple[list[Shape], list[Text]]:
    """Return the two bars that say which answers are compared."""
    if not lane.mark or lane.first is None or lane.last is None:
        return [], []
    bars: list[Shape] = []
    texts: list[Text] = []
    palette = paper.palette
    for (begin, end), words in ((lane.first, tr("first four")), (lane.last, tr("last four"))):
        left, right = (_across(paper, story, 7.0 * week + 3.5) for week in (begin, end))
        bars.append(straight((left - 20, foot + 9.0), (right + 20, foot + 9.0),
                             Stroke(palette.ink2, 4.0)))  # fmt: skip
        texts.append(Text((left + right) / 2, foot + 28.0, words, palette.ink2, 14, align="centre"))
    return bars, texts


def _beside(paper: Paper, lane: Lane, top: float, until: float, *, main: bool) -> Drawing:
    palette, x = paper.palette, paper.right - ASIDE
    said: list[tuple[str, str, int, int]] = []
    if lane.word:
        said.append((lane.word, palette.ink, 20 if main else 16, 600))
    said += [(line, palette.ink, 16, 400) for line in _figures(lane.figures)]
    said += [(line, palette.ink2, 14, 400) for line in wrapped(lane.ends, ASIDE, 14)[:2]]
    if lane.band is not None and main:
        said.append((tr("band: my first month"), palette.ink2, 14, 400))
    y, texts = top + 16.0, []
    for words, token, size, weight in said:
        if y > until:
            break
        texts.append(Text(x, y, theme.fitted(words, ASIDE, size, weight), token, size, weight))
        y += 24.0 if size > 14 else 19.0
    return Drawing(texts=tuple(texts))


def _figures(words: str) -> list[str]:
    """Return figures beside a lane: in a line, or what was before in a second one."""
    if theme.text_width(words, 16) <= ASIDE:
        return [words] if words else []
    now, comma, before = words.partition(", ")
    return [now + comma.strip(), *filter(None, (before,))]


def _practice(paper: Paper, story: Story, at: Levels) -> Drawing:
    """Return a dot a day of practice; a day without one is nothing."""
    palette, y = paper.palette, at.practice + 25.0
    step = _across(paper, story, 1.0) - PLOT
    radius = min(4.5, max(step / 2 - 0.5, 1.2))
    dots: list[Shape] = [
        Disc((_across(paper, story, day + 0.5), y), radius, fill=palette.lake)
        for day in story.practised
    ]
    line = straight((PLOT, y + 21.5), (_right(paper), y + 21.5), Stroke(palette.line, 1.0))
    x = paper.right - ASIDE
    texts = [Text(LEFT, at.practice, tr("Days with practice"), palette.ink2, 14, 600)]
    if story.when:
        texts.append(Text(x, y - 3.0, theme.fitted(story.when, ASIDE, 16), palette.ink, 16))
    if story.each:
        texts.append(Text(x, y + 19.0, theme.fitted(story.each, ASIDE, 14), palette.ink2, 14))
    return _along(paper, Drawing((*dots, line))) + Drawing(texts=tuple(texts))


def _axis(paper: Paper, story: Story, at: Levels) -> Drawing:
    """Return the calendar below all lanes, and how long flares lasted."""
    palette, y = paper.palette, at.axis + 0.5
    shapes: list[Shape] = [straight((PLOT, y), (_right(paper), y), Stroke(palette.line, 1.0))]
    texts: list[Text] = []
    named = Drawing()
    if at.flare is not None and story.flares:
        named = Drawing(texts=(Text(LEFT, at.flare, tr("Flare"), palette.ink2, 14, 600),))
    for one in story.flares if at.flare is not None else ():
        left = _across(paper, story, one.day)
        right = min(_across(paper, story, one.day + one.days), _right(paper))
        if right > left:
            bar = Rectangle(left, y - 18.5, right - left, 12.0, fill=palette.line, radius=4.0)
            shapes.append(bar)
    last = day_text(story.start + story.weeks * WEEK - timedelta(days=1), year=False)
    free, until = 0.0, _right(paper) - theme.text_width(last, 14) - 8.0
    for place in range(_DATES):
        week = place * story.weeks // _DATES
        x = _across(paper, story, 7.0 * week)
        shapes.append(straight((x, y), (x, y + 5.0), Stroke(palette.line, 1.0)))
        words = day_text(story.start + week * WEEK, year=False)
        width = theme.text_width(words, 14)
        left = x - width / 2 if place else x
        if free <= left and left + width <= until:  # else there is no room for it
            texts.append(Text(left, y + 21.5, words, palette.ink2, 14))
            free = left + width + 8.0
    texts.append(Text(_right(paper), y + 21.5, last, palette.ink2, 14, align="right"))
    return named + _along(paper, Drawing(tuple(shapes), tuple(texts)))


def _resting_lane(paper: Paper, story: Story, place: tuple[float, float]) -> Drawing:
    """Return the resting measure as means of seven days, over the person's own range."""
    palette, (heading, height) = paper.palette, place
    top, right = heading + 18.0, _right(paper)
    low, high = resting_ends(story)

    def down(value: float) -> float:
        return top + (high - value) / (high - low) * height

    shapes: list[Shape] = []
    if story.resting_range is not None:
        under, over = story.resting_range
        box = PLOT, down(over), right - PLOT, down(under) - down(over)
        shapes.append(Rectangle(*box, fill=palette.band))
    texts = []
    for value in (low, high):
        y = down(value) + 0.5
        shapes.append(straight((PLOT, y), (right, y), Stroke(palette.hair, 1.0)))
        texts.append(Text(64.0, y + 4.5, f"{value:.0f}", palette.ink2, 14, align="right"))
    points = [
        None if value is None else (_across(paper, story, day + 0.5), down(value))
        for day, value in enumerate(story.resting)
    ]
    shapes += _line(points, paper)
    title = tr("Resting RMSSD in ms, means of seven days")
    named = Text(LEFT, heading, theme.fitted(title, right - LEFT, 14, 600), palette.ink2, 14, 600)
    said = wrapped(story.resting_text[1], ASIDE, 14)[:2]
    x = paper.right - ASIDE
    beside = [Text(x, top + 16.0 + 19.0 * n, line, palette.ink2, 14) for n, line in enumerate(said)]
    plot = _along(paper, Drawing(tuple(shapes), tuple(texts)))
    return plot + Drawing(texts=(named, *beside))


def _line(points: Sequence[tuple[float, float] | None], paper: Paper) -> Iterator[Shape]:
    """Yield lines between days that follow each other; a day alone is a dot."""
    run: list[tuple[float, float]] = []
    for point in (*points, None):
        if point is not None:
            run.append(point)
        elif run:
            if len(run) > 1:
                yield Path(tuple(run), Stroke(paper.palette.lake, theme.LANE_WIDTH))
            else:
                yield Disc(run[0], 2.0, fill=paper.palette.lake)
            run = []


def _resting(paper: Paper, story: Story, at: Levels) -> Drawing:
    x = paper.right - ASIDE
    lines = story.resting_text
    return Drawing(
        texts=tuple(
            Text(x, at.axis - 6.0 + 20.0 * n, theme.fitted(line, ASIDE, 14), paper.palette.ink2, 14)
            for n, line in enumerate(lines)
        )
    )


# --- the weekly question


def _question_page(paper: Paper, story: Story, telling: Telling) -> Drawing:
    palette, question = paper.palette, asks_now(telling, story)
    if question is None:
        return Drawing()
    left = LEFT if paper.width < 1000.0 else 128.0
    room = paper.right - left
    top = 120.0 if paper.height < LOW else 200.0
    heading = harmless(question_text(question, story.activity))
    size = theme.fitting_size(heading, room, (28, 20), 600)
    lines = wrapped(heading, room, size, 600)[:2]
    texts = [
        Text(left, top + 34.0 * n, line, palette.ink, size, 600) for n, line in enumerate(lines)
    ]
    week = story.start + chosen_week(telling, story) * WEEK
    about = tr("The week of {day}. Leave out what you like.", day=day_text(week))
    foot = top + 34.0 * len(lines)
    texts.append(cell(left, foot, about, room, palette.ink2))
    texts.append(Text(left, foot + 148.0, ends_text(question), palette.ink2, 16))
    place = tr("Question {place} of {count}", place=(telling.asking or 0) + 1,
               count=len(story.asked))  # fmt: skip
    choices = joined(
        _value(paper, value, telling.value, left, room, foot + 40.0) for value in range(MOST + 1)
    )
    return head(paper, place) + Drawing(texts=tuple(texts)) + choices


def _value(
    paper: Paper, value: int, chosen: int | None, left: float, room: float, top: float
) -> Drawing:
    """Return one of the answers, from 0 to 10; the one that is taken has a full box and an edge."""
    palette, between = paper.palette, 8.0
    width = min((room - MOST * between) / (MOST + 1), 76.0)
    x = left + value * (width + between)
    taken = value == chosen
    box = tile(x, top, width, 72.0, palette, chosen=taken, filled=taken)
    text = Text(
        x + width / 2, top + 44.0, str(value), palette.ink, 20, 600 if taken else 400, "centre"
    )
    return Drawing((box,), (text,), (Spot(x, top, width, 72.0, f"value {value}", taken),))


def _leaf(paper: Paper, title: str, paragraphs: Sequence[str], more: str = "") -> Drawing:
    """Return a quiet page of words, as large as they have room; `more` tells of lines without."""
    palette = paper.palette
    left = LEFT if paper.width < 1000.0 else 128.0
    low = paper.height < LOW
    size, y = (20, 110.0) if low else (28, 160.0)
    texts: list[Text] = []
    for line in wrapped(title, paper.right - left, size, 600):
        texts.append(Text(left, y, line, palette.ink, size, 600))
        y += size * 1.3
    y += 12.0
    room, end = min(paper.right - left, theme.READING), paper.height - 60.0
    for size in (16, 14) if low else (20, 16, 14):
        placed = list(_laid(paragraphs, left, y, room, size, palette.ink))
        if placed[-1].y <= end:
            break
    shown = [one for one in placed if one.y <= end]
    if len(shown) < len(placed) and more:
        shown[-1] = replace(shown[-1], words=more)
    texts += shown
    return head(paper, "") + Drawing(texts=tuple(texts))


def _laid(
    paragraphs: Iterable[str], left: float, y: float, room: float, size: int, ink: str
) -> Iterator[Text]:
    """Yield the lines of paragraphs, one below the other."""
    for words in paragraphs:
        for line in wrapped(words, room, size):
            yield Text(left, y, line, ink, size)
            y += round(1.2 * size) + 4.0
        y += 0.6 * size
