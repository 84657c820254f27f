"""The library as a page: its clients at the left, at the right the sessions of the one chosen."""

from __future__ import annotations

from gui.library.clients import client_list
from gui.library.course import Browsing, Shown, Side, Stock, shown
from gui.library.grid import LOW, WIDE, Grid, Said, first_that_fits, grid
from gui.library.sessions import session_list
from gui.library.words import (
    KINDS,
    TIMES,
    backup_text,
    client_text,
    locks_text,
    note_text,
    retention_text,
    short_day,
)
from gui.shared import Box, Disc, Rectangle, Stroke, cap_width, straight, theme
from gui.shared.drawing import SURFACE, Drawing, Paper, Spot, Text, cap, joined, tile, wrapped
from pipelines.language import tr, trn

LINE = 20.0
"""Logical pixels from one line at the foot to the next."""
NOTES = 2
"""Notes of the chosen session that are shown."""


def library_page(paper: Paper, stock: Stock, browsing: Browsing, said: Said) -> Drawing:
    """Return the whole page."""
    where, seen = grid(paper), shown(browsing, stock)
    return joined(
        (
            _header(paper, stock, said),
            _search(paper, where, browsing, said),
            client_list(paper, where, browsing, seen, stock),
            _about(paper, where, browsing, seen, stock, said),
            session_list(paper, where, browsing, seen, stock, said),
            _foot(paper, where, seen, stock, said),
            _surfaces(where),
        )
    )


def _header(paper: Paper, stock: Stock, said: Said) -> Drawing:
    palette, title = paper.palette, tr("Library")
    x = theme.MARGIN + theme.text_width(title, 20, 600) + 20.0
    locks = locks_text(said.minutes) if said.lockable else ""
    held = (
        trn(
            "{count} recording, kept on this computer only, encrypted",
            "{count} recordings, kept on this computer only, encrypted",
            len(stock.rows),
        )
        if stock.rows
        else tr("Nothing is kept yet.")
    )
    room = paper.right - x
    if theme.text_width(held, 14) + theme.text_width(locks, 14) + 24.0 > room:
        locks = ""
    texts = (
        Text(theme.MARGIN, 40.0, title, palette.ink, 20, 600),
        Text(x, 40.0, theme.fitted(held, room, 14), palette.ink2, 14),
        Text(paper.right, 40.0, locks, palette.ink2, 14, align="right"),
    )
    rule = straight((theme.MARGIN, 60.5), (paper.right, 60.5), Stroke(palette.hair, 1.0))
    return Drawing((rule,), texts)


def _search(paper: Paper, where: Grid, browsing: Browsing, said: Said) -> Drawing:
    """Return the field that searches; what is written in it lies over it."""
    palette, box = paper.palette, where.search
    middle = box.y + box.height / 2
    edge = Rectangle(
        box.x + 0.5, box.y + 0.5, box.width - 1.0, box.height - 1.0,
        fill=palette.paper, stroke=Stroke(palette.line, 1.0), radius=theme.RADIUS_KEYCAP,
    )  # fmt: skip
    glass = Disc((box.x + 22.0, middle - 2.0), 6.0, stroke=Stroke(palette.ink2, 1.5))
    handle = straight(
        (box.x + 26.5, middle + 2.5), (box.x + 31.0, middle + 7.0), Stroke(palette.ink2, 1.5)
    )
    key, wide = cap(box.right - cap_width("S") - 12.0, middle - 13.0, "S", palette)
    words = (
        (browsing.words,) if browsing.words else (tr("pseudonym, label or note"), tr("any words"))
    )
    token = palette.ink if browsing.words else palette.ink2
    room = box.width - 44.0 - wide - 20.0
    shown_words = "" if said.asks == "search" else first_that_fits(words, room, 16)
    texts = [Text(box.x + 44.0, middle + 6.0, shown_words, token, 16)]
    if paper.height >= LOW:
        texts.append(Text(box.x, box.y - 12.0, tr("Search"), palette.ink2, 14, 600))
    spot = Spot(box.x, box.y, box.width, box.height, "search")
    return Drawing((edge, glass, handle), tuple(texts), (spot,)) + key


def search_place(paper: Paper) -> tuple[float, float, float, float]:
    """Return where it is written what is looked for: x, y, width, height."""
    box = grid(paper).search
    return box.x, box.y, box.width, box.height


def note_place(paper: Paper) -> tuple[float, float, float, float]:
    """Return where a note is written: x, y, width, height."""
    where = grid(paper)
    return where.x, where.foot, where.right - where.x, 44.0


def _about(
    paper: Paper, where: Grid, browsing: Browsing, seen: Shown, stock: Stock, said: Said
) -> Drawing:
    """Return the name of who is chosen, what was done last, the filters, and the buttons."""
    palette, low = paper.palette, paper.height < LOW
    buttons, left = _buttons(paper, 68.0 if low else 76.0, said)
    room = left - where.x - 16.0
    name = "" if seen.group is None else client_text(seen.group.client)
    size = theme.fitting_size(name, room, (28, 20), 600)
    y = 92.0 if low else 104.0
    heading = Text(where.x, y, theme.fitted(name, room, size, 600), palette.ink, size, 600)
    lines = _lines(where.right - where.x - (96.0 if low else 0.0), seen, stock, said)
    step, from_y = 18.0, y + (22.0 if low else 28.0)
    told = tuple(
        Text(
            where.x,
            from_y + step * n,
            theme.fitted(line, where.right - where.x, 14),
            palette.ink if said.message else palette.ink2,
            14,
        )
        for n, line in enumerate(lines)
    )
    filtered = stock.rows and len(lines) < 2
    filters = _filters(paper, where, browsing) if filtered else Drawing()
    return buttons + Drawing(texts=(heading, *told)) + filters


def _lines(room: float, seen: Shown, stock: Stock, said: Said) -> list[str]:
    """Return what was done, or else how many sessions there are and since when."""
    if said.message:
        return wrapped(said.message, room, 14)[:3]
    if seen.group is None:
        return []
    oldest = short_day(seen.group.rows[-1].started, stock.at)
    count = len(seen.group.rows)
    if count == 1:
        return [tr("One session, {day}.", day=oldest)]
    return [
        trn(
            "{count} session since {day}, the newest first.",
            "{count} sessions since {day}, the newest first.",
            count,
            day=oldest,
        )
    ]


def _buttons(paper: Paper, y: float, said: Said) -> tuple[Drawing, float]:
    """Return what can be done with the whole library, from the right edge on, and their left."""
    found, x = Drawing(), paper.right
    wishes = [("R", tr("restore"), "restore"), ("B", tr("back up"), "back up")]
    if said.lockable:
        wishes.insert(0, ("K", tr("lock"), "lock"))
    for name, words, action in wishes if paper.width >= WIDE else ():
        wide = cap_width(name) + theme.text_width(words, 14, 600) + 32.0
        x -= wide
        box = tile(x, y, wide, 36.0, paper.palette, filled=True)
        key, long = cap(x + 12.0, y + 5.0, name, paper.palette)
        text = Text(x + 20.0 + long, y + 23.0, words, paper.palette.ink, 14, 600)
        found += Drawing((box,), (text,), (Spot(x, y, wide, 36.0, action),)) + key
        x -= 12.0
    return found, x


def _filters(paper: Paper, where: Grid, browsing: Browsing) -> Drawing:
    """Return which sessions are shown, and the keys that show others."""
    palette, x = paper.palette, where.x
    y = 143.0 if paper.height < LOW else 164.0
    found = Drawing()
    for name, words, action in (
        ("V", tr(KINDS[browsing.kind]), "kind"),
        ("T", tr(TIMES[browsing.since]), "since"),
    ):
        key, wide = cap(x, y - 18.0, name, palette)
        long = wide + 8.0 + theme.text_width(words, 14)
        if x + long > where.right:
            break
        text = Text(x + wide + 8.0, y, words, palette.ink2, 14)
        found += key + Drawing((), (text,), (Spot(x, y - 18.0, long, 26.0, action),))
        x += long + 24.0
    return found


def _foot(paper: Paper, where: Grid, seen: Shown, stock: Stock, said: Said) -> Drawing:
    """Return the newest notes of the chosen session, what is due, and the last backup."""
    if said.asks == "note":
        return Drawing()
    low = paper.height < LOW
    room, y = where.right - where.x, where.foot + (18.0 if low else 22.0)
    row = seen.row
    outline = None if row is None else stock.outlines.get(row.session)
    notes = () if outline is None else outline.notes
    lines = [(note_text(one), paper.palette.ink) for one in notes[-(1 if low else NOTES) :]]
    if len(notes) > len(lines):
        more = len(notes) - len(lines)
        words = trn("and {count} older note", "and {count} older notes", more)
        lines[0] = (f"{lines[0][0]} ({words})", lines[0][1])
    care = [retention_text(stock, said.years), backup_text(stock)]
    if said.unread and said.asks == "search":
        care = [
            trn(
                "The words of {count} session are still being read.",
                "The words of {count} sessions are still being read.",
                said.unread,
            )
        ]
    quiet = " ".join(filter(None, care))
    lines += [(line, paper.palette.ink2) for line in wrapped(quiet, room, 14)]
    most = 2 if low else 4
    return Drawing(
        texts=tuple(
            Text(where.x, y + LINE * n, theme.fitted(words, room, 14), token, 14)
            for n, (words, token) in enumerate(lines[:most])
        )
    )


def _surfaces(where: Grid) -> Drawing:
    """Return where a wheel moves what is chosen: each list, wherever nothing else is clicked."""
    left = where.clients
    right = Box(where.x - 14.0, where.first, where.right - where.x + 14.0, where.foot - where.first)
    return Drawing(
        spots=tuple(Spot(box.x, box.y, box.width, box.height, SURFACE) for box in (left, right))
    )


def wheel_side(paper: Paper, x: float) -> Side:
    """Return in which list a wheel was turned."""
    return Side.CLIENTS if x < grid(paper).x - 16.0 else Side.SESSIONS
