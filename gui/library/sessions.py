"""The sessions of the client that is chosen, each in small and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gui.library.course import Browsing, Shown, Side, Stock
from gui.library.grid import LOW, Grid, Said, first_shown, first_that_fits
from gui.library.small_hour import small_hour
from gui.library.words import (
    day_texts,
    found_text,
    hour_text,
    is_due,
    length_texts,
    medicines_text,
    read_text,
)
from gui.shared import Box, Rectangle, Stroke, straight, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, head
from pipelines.analysis import Outline
from pipelines.language import tr, trn
from pipelines.recording import Kept

LINE_ROOM = 24.0
"""Logical pixels that a medicine's line takes."""


def session_list(
    paper: Paper, where: Grid, browsing: Browsing, seen: Shown, stock: Stock, said: Said
) -> Drawing:
    """Return the sessions that there is room for, the chosen one among them."""
    palette, group = paper.palette, seen.group
    if group is None:
        return Drawing()
    heads = (
        ()
        if paper.height < LOW
        else tuple(
            head(x, where.head, words, end - x - 12.0, palette)
            for x, words, end in (
                (where.x, tr("Session"), where.hour),
                (where.hour, tr("The hour, against own baseline"), where.words),
                (where.words, tr("In words"), where.right - 80.0),
            )
        )
    )
    ruled = where.first - 11.5
    rule = straight((where.x, ruled), (where.right, ruled), Stroke(palette.line, 1.0))
    placed = _placed(where, group.rows, stock, seen.session)
    found = Drawing((rule,), heads) + _more(paper, where, len(group.rows) - len(placed))
    days = _days(where, [group.rows[place] for place, _, _ in placed], stock, said)
    for number, (place, top, newer) in enumerate(placed):
        if newer is not None and number:
            found += _medicines_line(paper, where, newer, stock, top - LINE_ROOM)
        elif number:
            found += _rule(paper, where, top)
        found += _session(paper, where, browsing, seen, stock, place, top, days[number])
    return found


def _placed(
    where: Grid, rows: Sequence[Kept], stock: Stock, chosen: int
) -> list[tuple[int, float, Kept | None]]:
    """Return the place of each row in view, its top, and the newer one that a line parts it from.

    The chosen one is among them.
    """
    for first in range(first_shown(chosen, len(rows), where.rows), chosen + 1):
        found, top = [], where.first
        for place in range(first, len(rows)):
            newer = _parted(rows, place, stock)
            top += LINE_ROOM if newer is not None and place > first else 0.0
            if top + where.step > where.foot + 4.0:
                break
            found.append((place, top, newer))
            top += where.step
        if any(place == chosen for place, _, _ in found):
            return found
    return [(chosen, where.first, None)]


def _more(paper: Paper, where: Grid, count: int) -> Drawing:
    """Return how many sessions are not in view."""
    if not count:
        return Drawing()
    words = trn("{count} more", "{count} more", count)
    y = where.head if paper.height >= LOW else where.first - 18.0
    return Drawing(texts=(Text(where.right, y, words, paper.palette.ink2, 14, align="right"),))


def _rule(paper: Paper, where: Grid, y: float) -> Drawing:
    line = straight((where.x, y + 0.5), (where.right, y + 0.5), Stroke(paper.palette.hair, 1.0))
    return Drawing((line,))


def _parted(rows: Sequence[Kept], place: int, stock: Stock) -> Kept | None:
    """Return the newer session that notes other medicines than the one in a place, if one does.

    Sessions between that note none are passed over; where one of them is not known, nobody knows.
    """
    here = _medicines(rows[place], stock)
    if not here:
        return None
    for newer in map(rows.__getitem__, range(place - 1, -1, -1)):
        noted = _medicines(newer, stock)
        if noted != "":
            return None if noted in (None, here) else newer
    return None


def _medicines_line(paper: Paper, where: Grid, newer: Kept, stock: Stock, y: float) -> Drawing:
    """Return the line above a session where other medicines were noted in a newer one."""
    palette, middle = paper.palette, y + LINE_ROOM / 2
    room = where.right - where.x - 48.0
    words = theme.fitted(medicines_text(newer.started, stock.at), room, 14)
    end = where.x + 36.0 + theme.text_width(words, 14)
    stroke = Stroke(palette.line, 1.0)
    shapes = (
        straight((where.x, middle), (where.x + 12.0, middle), stroke),
        straight((end, middle), (where.right, middle), stroke),
    )
    return Drawing(shapes, (Text(where.x + 24.0, middle + 5.0, words, palette.ink2, 14),))


def _medicines(row: Kept, stock: Stock) -> str | None:
    """Return what a session notes of medicines, None where that is not known yet."""
    outline = stock.outlines.get(row.session)
    if not row.strap:
        return ""
    return None if outline is None else outline.medicines.strip()


def _days(where: Grid, rows: Sequence[Kept], stock: Stock, said: Said) -> Sequence[str]:
    """Return the day of each row: all in words, or in figures where one of them has no room."""
    room = where.hour - where.x - 8.0
    due = [is_due(row.started, stock, said.years) for row in rows]
    forms = [
        [tr("{day}, due", day=day) if late else day for day, late in zip(form, due, strict=True)]
        for form in zip(*(day_texts(row.started, stock.at) for row in rows), strict=True)
    ]
    fits = (form for form in forms if all(theme.text_width(day, 16, 600) <= room for day in form))
    return next(fits, forms[-1])


def _session(
    paper: Paper,
    where: Grid,
    browsing: Browsing,
    seen: Shown,
    stock: Stock,
    place: int,
    top: float,
    day: str,
) -> Drawing:
    palette, group = paper.palette, seen.group
    if group is None:
        return Drawing()
    row, chosen = group.rows[place], place == seen.session
    outline = stock.outlines.get(row.session)
    ring = chosen and browsing.side is Side.SESSIONS
    height = where.step - 4.0
    box = Rectangle(
        where.x - 14.5, top + 1.5, where.right - where.x + 14.5, height - 1.0,
        fill=palette.surface if ring else palette.paper,
        stroke=Stroke(palette.lake, 3.0) if ring else Stroke(palette.line, 1.0),
        radius=theme.RADIUS_TILE,
    )  # fmt: skip
    upper, lower = top + height / 2 - 6.0, top + height / 2 + 16.0
    room = where.hour - where.x - 8.0
    texts = [
        Text(where.x, upper, theme.fitted(day, room, 16, 600), palette.ink, 16, 600),
        Text(where.x, lower, first_that_fits(length_texts(row.duration_s, outline), room),
             palette.ink2, 14),
    ]  # fmt: skip
    words_room = where.right - where.words - 12.0
    texts += _words(paper, where, row, outline, seen, upper, lower, words_room)
    action = "open" if ring else f"pick {place}"
    wide = where.right - where.x + 14.0
    spot = Spot(where.x - 14.0, top, wide, where.step, action, chosen)
    small = Drawing()
    if outline is not None and outline.hearts:
        small = small_hour(
            outline, Box(where.hour, top + 10.0, where.hour_wide, height - 20.0), palette
        )
    return Drawing((box,) if chosen else (), (), (spot,)) + small + Drawing(texts=tuple(texts))


def _words(
    paper: Paper,
    where: Grid,
    row: Kept,
    outline: Outline | None,
    seen: Shown,
    upper: float,
    lower: float,
    room: float,
) -> Iterator[Text]:
    palette, line = paper.palette, seen.lines.get(row.session)
    if not row.strap:
        first, second = tr("A practice without a strap."), ""
    elif outline is None:
        first, second = "", tr("The hour is being read.")
    elif not outline.hearts:
        first, second = tr("No heart is in it."), ""
    else:
        first, second = hour_text(outline), read_text(outline)
    if line is not None:
        second = found_text(line)
    size = theme.fitting_size(first, room, (16, 14))
    yield Text(where.words, upper, theme.fitted(first, room, size), palette.ink, size)
    yield Text(where.words, lower, theme.fitted(second, room, 14), palette.ink2, 14)
