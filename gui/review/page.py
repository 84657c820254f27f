"""The page of a stored hour: one sentence, the hour, the table of its moments, what they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gui.review.course import REASONS, Looking, Opened, placed, seen, zoomed
from gui.review.guesses import guesses
from gui.review.hour import along, hour, plot_of
from gui.review.scale import Scale
from gui.review.sway import sway
from gui.shared import Box, Disc, Rectangle, Shape, Stroke, straight, theme
from gui.shared.drawing import (
    NOTHING,
    SURFACE,
    Drawing,
    Paper,
    Spot,
    Text,
    cap,
    cell,
    head,
    joined,
)
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.session import MarkChange, PooledMarks
from pipelines.words import (
    ONE_MOMENT,
    WHY_LEFT_OUT,
    among_text,
    change_text,
    clock_text,
    day_at,
    day_text,
    duration_text,
    half_settled_text,
    mark_text,
    ordinal_text,
    postures_text,
    readable_text,
    reading_text,
    rises_text,
    settled_text,
    times_text,
    together_text,
    whose_text,
    withheld_text,
)

PLOT_X, PLOT_Y, PLOT_HEIGHT = 80.0, 196.0, 160.0
LANE = 56.0
"""Logical pixels from the plot's foot to the upper edge of the lane of the sway."""
HEAD = 420.0
"""The line of the table's heads where the page is not low."""
ROW, POOLED_ROW = 32.0, 30.0
FIRST = 40.0
"""Logical pixels from the line of a table's heads to that of its first row."""
MORE = 18.0
"""Logical pixels below the rows for how many more there are."""
KEYS = 56.0
"""Logical pixels at the foot, for the keys."""
LOW = 700.0
WIDE = 1200.0
COLUMNS = (80.0, 144.0, 304.0, 408.0, 780.0, 864.0, 1014.0, 1164.0)
NARROW = (80.0, 144.0, 300.0, 400.0, 0.0, 0.0, 0.0, 0.0)
MOST_POOLED = 3
BETWEEN = 4.0
"""Logical pixels between two columns, at least."""
NEAR = 14.0
"""Logical pixels from a moment's line within which a click means it."""
READING = 84.0


@dataclass(frozen=True, slots=True)
class Places:
    """Where a page's parts lie for its size: the plot, the lane, the table's heads, the rest."""

    plot: Box
    lane: Box | None
    head: float
    rows: int
    pooled_head: float | None
    pooled: int

    @property
    def first(self) -> float:
        """The line of the first row."""
        return self.head + FIRST


def places(paper: Paper, moments: int, labels: int, *, sway: bool = False) -> Places:
    """Return where the parts lie: the moments first, then the labels where there is room.

    The lane of the sway takes the place of the labels.
    """
    low = paper.height < LOW
    top = 176.0 if low else PLOT_Y
    height = 106.0 if low else PLOT_HEIGHT
    plot = Box(PLOT_X, top, paper.right - PLOT_X, height)
    lane = Box(plot.x, plot.bottom + LANE, plot.width, 32.0 if low else 44.0) if sway else None
    head = plot.bottom + (52.0 if low else 64.0) if lane is None else lane.bottom + 40.0
    room = paper.height - KEYS - head - 20.0
    shared = 0 if sway else min(labels, MOST_POOLED)
    needed = FIRST + 12.0 + POOLED_ROW * shared if shared else 0.0
    if low or room - needed < ROW * 2:
        shared, needed = 0, 0.0
    rows = max(int((room - needed) // ROW), 1)
    if rows < moments:
        rows = max(int((room - needed - MORE) // ROW), 1)
    pooled = head + 20.0 + ROW * max(min(rows, moments), 1) + 30.0 if shared else None
    usual = head + 210.0
    if pooled is not None and pooled < usual and usual + needed < paper.height - KEYS:
        pooled = usual
    return Places(plot, lane, head, rows, pooled, shared)


def review_page(paper: Paper, opened: Opened, looking: Looking, *, refusal: str | None) -> Drawing:
    """Return the whole page."""
    where = _where(paper, opened)
    plot = plot_of(opened, looking, where.plot, paper.palette)
    box = where.plot
    spot = Spot(box.x, box.y - 40.0, box.width, box.height + 66.0, SURFACE)
    guessed = opened.reviewed.guessed if looking.guesses else None
    return joined(
        (
            _header(paper, opened, own=guessed is not None),
            _sentences(paper, opened, looking, refusal),
            hour(plot),
            NOTHING if where.lane is None else sway(plot, where.lane),
            along(Drawing(spots=(spot,)), box),
            _moments(paper, opened, looking, where)
            if guessed is None
            else guesses(paper, guessed, where.head),
        )
    )


def _moments(paper: Paper, opened: Opened, looking: Looking, where: Places) -> Drawing:
    return _table(paper, opened, looking, where) + _pooled(paper, opened, where)


def _where(paper: Paper, opened: Opened) -> Places:
    told = opened.reviewed
    return places(paper, len(opened.moments), len(told.pooled), sway=told.sway)


def _header(paper: Paper, opened: Opened, *, own: bool) -> Drawing:
    palette, told = paper.palette, opened.reviewed
    client = harmless(told.client or "")
    title = tr("Session with {client}", client=client) if client else tr("A session")
    title = theme.fitted(title, paper.width / 2, 20, 600)
    about = [day_text(day_at(told.started), year=False), duration_text(told.duration_s)]
    about += [tr("a simulated strap")] if told.simulated else []
    right = whose_text(told.role) if len(told.roles) > 1 else tr("Review")
    right = tr("Your guesses: here alone, in no report") if own else right
    x = theme.MARGIN + theme.text_width(title, 20, 600) + 20.0
    room = paper.right - x - theme.text_width(right, 16) - 24.0
    line = straight((theme.MARGIN, 60.5), (paper.right, 60.5), Stroke(palette.hair, 1.0))
    return Drawing(
        (line,),
        (
            Text(theme.MARGIN, 40.0, title, palette.ink, 20, 600),
            Text(x, 40.0, theme.fitted(", ".join(about), room, 14), palette.ink2, 14),
            Text(paper.right, 40.0, right, palette.ink2, 16, align="right"),
        ),
    )


def _sentences(paper: Paper, opened: Opened, looking: Looking, refusal: str | None) -> Drawing:
    palette, told, low = paper.palette, opened.reviewed, paper.height < LOW
    room = paper.right - theme.MARGIN
    sentence = rises_text(told.rises)
    size = theme.fitting_size(sentence, room, (28, 20), 600)
    first, second = (92.0, 114.0) if low else (104.0, 134.0)
    if looking.why:
        return _reasons(paper, first, second)
    changes = [one.change for one in opened.moments]
    owns = [(one.posture, one.own) for one in told.held]
    parts = [
        readable_text(told.readable_s, told.duration_s),
        postures_text(owns),
        withheld_text(changes),
    ]
    quiet = refusal or _stretch(looking) or " ".join(filter(None, parts))
    told_so = theme.fitted(sentence, room, size, 600)
    small = theme.fitting_size(quiet, room, (16, 14))
    return Drawing(
        texts=(
            Text(theme.MARGIN, first, told_so, palette.ink, size, 600),
            Text(theme.MARGIN, second, theme.fitted(quiet, room, small), palette.ink2, small),
        )
    )


def _stretch(looking: Looking) -> str:
    """Return what to do with the stretch that is being chosen, "" where there is none."""
    if looking.anchor is None:
        return ""
    if looking.stretch is None:
        return tr("Move on with the arrows: the stretch reaches from here to the middle.")
    start, end = looking.stretch
    return tr(
        "Chosen: {start} to {end}. O leaves it out; from a minute on B makes it the baseline.",
        start=clock_text(start),
        end=clock_text(end),
    )


def _reasons(paper: Paper, first: float, second: float) -> Drawing:
    """Return the question why a stretch is left out, and its answers."""
    palette = paper.palette
    found = Drawing(
        texts=(Text(theme.MARGIN, first, tr("Why is it left out?"), palette.ink, 28, 600),)
    )
    x = theme.MARGIN
    for place, reason in enumerate(REASONS):
        key, width = cap(x, second - 18.0, str(place + 1), palette)
        words = tr(WHY_LEFT_OUT[reason])
        label = Text(x + width + 8.0, second, words, palette.ink, 16)
        long = width + 8.0 + theme.text_width(words, 16)
        spot = Spot(x, second - 20.0, long, 30.0, f"because {place}")
        found += key + Drawing((), (label,), (spot,))
        x += long + 32.0
    return found


def _columns(paper: Paper) -> tuple[float, ...]:
    """Return the x of the table's columns, 0 for those that there is no room for."""
    if paper.width < WIDE:
        return (*NARROW[:-1], paper.right - READING)
    aside = paper.width - theme.WIDTH
    return (*COLUMNS[:4], *(x + aside for x in COLUMNS[4:]))


def _table(paper: Paper, opened: Opened, looking: Looking, where: Places) -> Drawing:
    palette, columns, y = paper.palette, _columns(paper), where.head
    if not opened.moments:
        words = tr("No moments were marked")
        return Drawing(texts=(Text(theme.MARGIN, y, words, palette.ink2, 16),))
    heads = (
        tr("Time"),
        tr("Moment"),
        tr("Change, bpm"),
        tr("The minute after, among random minutes"),
        tr("Percentile"),
        tr("Half settled"),
        tr("Settled"),
        tr("Reading"),
    )
    texts = [
        head(x, y, words, room, palette)
        for x, words, room in zip(columns, heads, _rooms(paper, columns), strict=True)
        if x
    ]
    first = min(max(looking.moment - where.rows + 1, 0), max(len(opened.moments) - where.rows, 0))
    shown = range(first, min(first + where.rows, len(opened.moments)))
    hidden = opened.reviewed.moments_total - len(shown)
    if hidden:
        more = trn("{count} more", "{count} more", hidden)
        below = where.first + ROW * (len(shown) - 1) + 12.0 + MORE
        texts.append(Text(theme.MARGIN, below, more, palette.ink2, 14))
    rule = straight((theme.MARGIN, y + 12.5), (paper.right, y + 12.5), Stroke(palette.line, 1.0))
    rows = (
        _row(paper, opened, place, where.first + ROW * (place - first), place == looking.moment)
        for place in shown
    )
    return Drawing((rule,), tuple(texts)) + joined(rows)


def _rooms(paper: Paper, columns: Sequence[float]) -> list[float]:
    """Return how wide each column is."""
    used = [x for x in columns if x] + [paper.right + 8.0]
    after = dict(pairwise(used))
    return [after[x] - x - BETWEEN if x else 0.0 for x in columns]


def words_place(
    paper: Paper, opened: Opened, looking: Looking
) -> tuple[float, float, float, float]:
    """Return where the words of the chosen moment are written: x, y, width, height."""
    where = _where(paper, opened)
    first = min(max(looking.moment - where.rows + 1, 0), max(len(opened.moments) - where.rows, 0))
    y = where.first + ROW * (looking.moment - first) - 22.0
    return _columns(paper)[1] - 12.0, y, 420.0, ROW


def _row(paper: Paper, opened: Opened, place: int, y: float, chosen: bool) -> Drawing:  # noqa: FBT001
    palette, columns = paper.palette, _columns(paper)
    moment = opened.moments[place]
    change = moment.change
    known = change.change_bpm is not None
    ink = palette.ink if known else palette.ink2
    half, whole = _settling(opened, moment.rise) if known else ("", "")
    cells = (
        (clock_text(change.time_s), palette.ink, 400),
        (mark_text(change.text), palette.ink, 600),
        (change_text(change.change_bpm, change.low, change.high, unit=False), ink, 400),
        (among_text(change), ink, 500 if chosen and known else 400),
        (_percentile(change), palette.ink2, 400),
        (half, palette.ink if moment.rise is not None else palette.ink2, 400),
        (whole, palette.ink, 400),
        (reading_text(change, moment.gap_s), ink, 400),
    )
    rooms = _rooms(paper, columns)
    if not cells[4][0]:  # why there is no percentile may reach into its column
        rooms[3] += rooms[4] + BETWEEN if columns[4] else 0.0
    texts = [
        cell(x, y, words, room, token, weight)
        for x, (words, token, weight), room in zip(columns, cells, rooms, strict=True)
        if x and words
    ]
    shapes: list[Shape] = [] if not chosen else [_ring(paper, y)]
    shapes.append(Disc((44.0, y - 5.0), 11.0, fill=palette.ink))
    texts.append(Text(44.0, y, str(place + 1), palette.paper, 14, 600, "centre"))
    action = "words" if chosen else f"look {place}"
    spot = Spot(theme.MARGIN, y - 21.0, paper.right - theme.MARGIN, ROW, action)
    return Drawing(tuple(shapes), tuple(texts), (spot,))


def _ring(paper: Paper, y: float) -> Rectangle:
    return Rectangle(
        25.5, y - 22.5, paper.right - 25.5 + 6.5, ROW + 1.0,
        fill=paper.palette.surface, stroke=Stroke(paper.palette.lake, 3.0), radius=6.0,
    )  # fmt: skip


def _percentile(change: MarkChange) -> str:
    return "" if change.percentile is None else ordinal_text(change.percentile)


def _settling(opened: Opened, rise: int | None) -> tuple[str, str]:
    """Return how long half and the whole of settling took after a rise."""
    if rise is None:
        return tr("no rise"), ""
    one = opened.reviewed.rises[rise]
    return half_settled_text(one), settled_text(one)


def _pooled(paper: Paper, opened: Opened, where: Places) -> Drawing:
    y, palette = where.pooled_head, paper.palette
    if y is None:
        return Drawing()
    columns, never = _columns(paper), ONE_MOMENT
    several = any(one.sessions > 1 for one in opened.reviewed.pooled)
    against = tr("Over sessions, against random minutes")
    against = against if several else tr("Together, against random minutes of this hour")
    rooms = _pooled_rooms(paper, columns)
    heads = zip(columns[1:4], (tr("Same label"), tr("Mean, bpm"), against), rooms, strict=False)
    texts = [head(x, y, words, room, palette) for x, words, room in heads]
    last = texts[-1]
    room = paper.right - last.x - theme.text_width(last.words, 14, last.weight) - 24.0
    words = theme.fitted(never, room, 14)
    texts.append(Text(paper.right, y, words, palette.ink2, 14, align="right"))
    rule = straight((theme.MARGIN, y + 12.5), (paper.right, y + 12.5), Stroke(palette.line, 1.0))
    here = {one.change.text for one in opened.moments}
    order = sorted(opened.reviewed.pooled, key=lambda one: (one.text not in here, -one.marks))
    rows = (
        _label(paper, columns, one, y + 38.0 + POOLED_ROW * place)
        for place, one in enumerate(order[: where.pooled])
    )
    return Drawing((rule,), tuple(texts)) + joined(rows)


def _times_at(columns: Sequence[float]) -> float:
    """Return where it is said how often a label was given."""
    return columns[4] or columns[3] + 300.0


def _pooled_rooms(paper: Paper, columns: Sequence[float]) -> list[float]:
    """Return how wide the columns of the labels are, the last for how often each was given."""
    ends = (*columns[1:4], _times_at(columns), paper.right + BETWEEN)
    return [after - x - BETWEEN for x, after in pairwise(ends)]


def _label(paper: Paper, columns: Sequence[float], label: PooledMarks, y: float) -> Drawing:
    palette = paper.palette
    ink = palette.ink if label.change_bpm is not None else palette.ink2
    change = change_text(label.change_bpm, label.low, label.high, unit=False)
    cells = (
        (mark_text(label.text), palette.ink, 600),
        (change, ink, 400),
        (together_text(label), ink, 400),
        (times_text(label), palette.ink2, 400),
    )
    at = (*columns[1:4], _times_at(columns))
    rows = zip(at, cells, _pooled_rooms(paper, columns), strict=True)
    return Drawing(
        texts=tuple(
            cell(x, y, words, room, token, weight) for x, (words, token, weight), room in rows
        )
    )


def clicked(looking: Looking, opened: Opened, paper: Paper, x: float) -> Looking:
    """Return the look after a click at an x: the moment there is chosen, else that place seen."""
    scale = _scale(looking, opened, paper)
    near = [
        (abs(scale.x(one.change.time_s) - x), place) for place, one in enumerate(opened.moments)
    ]
    if near and min(near)[0] <= NEAR:
        return replace(looking, moment=min(near)[1])
    return placed(looking, scale.time(x), opened)


def wheeled(looking: Looking, opened: Opened, paper: Paper, notches: float, x: float) -> Looking:
    """Return the look after a wheel was turned at an x, which stays in place."""
    time = _scale(looking, opened, paper).time(x)
    return zoomed(looking, notches, time, opened)


def _scale(looking: Looking, opened: Opened, paper: Paper) -> Scale:
    return Scale(_where(paper, opened).plot, seen(looking, opened), 0.0, 1.0)
