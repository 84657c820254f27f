"""The library as a page: its clients at the left, at the right the sessions of the one chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gui.library.course import NOBODY, Browsing, Group, Shown, Side, Stock, shown
from gui.library.small_hour import small_hour
from gui.library.words import (
    KINDS,
    TIMES,
    backup_text,
    client_text,
    found_text,
    hour_text,
    is_due,
    length_texts,
    locks_text,
    medicines_text,
    note_text,
    read_text,
    retention_text,
    sessions_texts,
    short_day,
)
from gui.shared import Box, Disc, Rectangle, Shape, Stroke, cap_width, straight, theme
from gui.shared.drawing import SURFACE, Drawing, Paper, Spot, Text, cap, joined, tile, wrapped
from pipelines.analysis import Outline
from pipelines.language import tr, trn
from pipelines.recording import Kept

LOW, WIDE = 700.0, 1100.0
"""Logical height below which rows are nearer, and width below which columns are narrower."""
FOOT = 60.0
"""Logical pixels at the foot, for the keys."""
LINE = 20.0
LINE_ROOM = 24.0
"""Logical pixels that a medicine's line takes."""
NOTES = 2
"""Notes of the chosen session that are shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says besides the library itself.

    Attributes
    ----------
    message : str
        What was done, or why not.
    minutes, years : int or None
        After how many minutes without use it locks itself, and how long sessions are to be kept;
        None for never and for no rule.
    unread : int
        How many sessions' words are not known yet.
    asks : str
        What is being written: "search", "note" or "".
    lockable : bool
        Whether a passphrase opens it.
    """

    message: str = ""
    minutes: int | None = None
    years: int | None = None
    unread: int = 0
    asks: str = ""
    lockable: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a page's parts lie for its size."""

    clients: Box
    client_step: float
    x: float
    right: float
    hour: float
    hour_wide: float
    words: float
    head: float
    first: float
    step: float
    foot: float
    search: Box

    @property
    def rows(self) -> int:
        """How many sessions there is room for."""
        return max(int((self.foot - self.first) // self.step), 1)

    @property
    def client_rows(self) -> int:
        """How many clients there is room for."""
        return max(int((self.clients.height + 8.0) // self.client_step), 1)


def grid(paper: Paper) -> Grid:
    """Return where the parts lie."""
    low, wide = paper.height < LOW, paper.width >= WIDE
    left = theme.MARGIN
    width = 344.0 if wide else 232.0
    x = left + width + (48.0 if wide else 32.0)
    first_client = 156.0 if low else 208.0
    bottom = paper.height - FOOT
    hour_wide = 224.0 if wide else 128.0
    hour = x + (184.0 if wide else 144.0)
    search = Box(left, 72.0, width, 40.0) if low else Box(left, 112.0, width, 44.0)
    clients = Box(left, first_client, width, bottom - 12.0 - first_client)
    first = 172.0 if low else 220.0
    foot = bottom - (56.0 if low else 92.0)
    return Grid(
        clients, 54.0 if low else 72.0, x, paper.right, hour, hour_wide,
        hour + hour_wide + (32.0 if wide else 16.0), 148.0 if low else 196.0, first,
        60.0 if low else 72.0, foot, search,
    )  # fmt: skip


def library_page(paper: Paper, stock: Stock, browsing: Browsing, said: Said) -> Drawing:
    """Return the whole page."""
    where, seen = grid(paper), shown(browsing, stock)
    return joined(
        (
            _header(paper, stock, said),
            _search(paper, where, browsing, said),
            _clients(paper, where, browsing, seen, stock),
            _about(paper, where, browsing, seen, stock, said),
            _sessions(paper, where, browsing, seen, stock, said),
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
    words = browsing.words or tr("pseudonym, label or note")
    token = palette.ink if browsing.words else palette.ink2
    room = box.width - 44.0 - wide - 20.0
    shown_words = "" if said.asks == "search" else theme.fitted(words, room, 16)
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


def _window(chosen: int, count: int, most: int) -> int:
    """Return the first of so many rows that is shown, so that the chosen one is, in the middle."""
    return min(max(chosen - most // 2, 0), max(count - most, 0))


def _clients(paper: Paper, where: Grid, browsing: Browsing, seen: Shown, stock: Stock) -> Drawing:
    palette, box = paper.palette, where.clients
    if not stock.rows:
        return Drawing()
    count, most = len(seen.groups), where.client_rows
    first = _window(seen.client, count, most)
    hidden = max(count - most, 0)
    title = tr("Clients")
    aside = trn("{count} more", "{count} more", hidden) if hidden else tr("under pseudonyms")
    aside = theme.fitted(aside, box.width - theme.text_width(title, 14, 600) - 12.0, 14)
    head: tuple[Text, ...] = (
        Text(box.x, box.y - 12.0, title, palette.ink2, 14, 600),
        Text(box.right, box.y - 12.0, aside, palette.ink2, 14, align="right"),
    )
    rows = (
        _client(paper, where, browsing, group, place, stock, chosen=place == seen.client,
                top=box.y + where.client_step * (place - first))
        for place, group in enumerate(seen.groups[first : first + most], first)
    )  # fmt: skip
    if not seen.groups and browsing.words:
        nothing = wrapped(tr("These words are nowhere."), box.width, 16)
        head += tuple(
            Text(box.x, box.y + 24.0 + 22.0 * n, line, palette.ink2, 16)
            for n, line in enumerate(nothing)
        )
    return Drawing(texts=head) + joined(rows)


def _client(
    paper: Paper,
    where: Grid,
    browsing: Browsing,
    group: Group,
    place: int,
    stock: Stock,
    *,
    chosen: bool,
    top: float,
) -> Drawing:
    palette, box = paper.palette, where.clients
    height = where.client_step - 8.0
    ring = chosen and browsing.side is Side.CLIENTS
    shapes: list[Shape] = [tile(box.x, top, box.width, height, palette, chosen=ring, filled=chosen)]
    if chosen:
        bar = Rectangle(
            box.x + 12.0, top + height / 2 - 14.0, 4.0, 28.0, fill=palette.ink, radius=2.0
        )
        shapes.append(bar)
    middle, room = top + height / 2, box.width - 40.0
    named = group.client != NOBODY
    name = theme.fitted(client_text(group.client), room, 16, 600)
    about = _first_that_fits(sessions_texts(group, stock.at), room)
    texts = (
        Text(box.x + 24.0, middle - 4.0, name, palette.ink if named else palette.ink2, 16,
             600 if named else 400),
        Text(box.x + 24.0, middle + 17.0, about, palette.ink2, 14),
    )  # fmt: skip
    return Drawing(
        tuple(shapes), texts, (Spot(box.x, top, box.width, height, f"client {place}", chosen),)
    )


def _first_that_fits(each: Sequence[str], room: float) -> str:
    """Return the first of some words that there is room for, or the last cut short."""
    fits = (words for words in each if theme.text_width(words, 14) <= room)
    return next(fits, theme.fitted(each[-1], room, 14))


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
    lines = _lines(where.right - where.x - (72.0 if low else 0.0), seen, stock, said)
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


def _sessions(
    paper: Paper, where: Grid, browsing: Browsing, seen: Shown, stock: Stock, said: Said
) -> Drawing:
    palette, group = paper.palette, seen.group
    if group is None:
        return Drawing()
    heads = () if paper.height < LOW else (
        _head(paper, where.x, where.head, tr("Session"), where.hour),
        _head(paper, where.hour, where.head, tr("The hour, against own baseline"), where.words),
        _head(paper, where.words, where.head, tr("In words"), where.right - 80.0),
    )  # fmt: skip
    ruled = where.first - 11.5
    rule = straight((where.x, ruled), (where.right, ruled), Stroke(palette.line, 1.0))
    placed = _placed(where, group.rows, stock, seen.session)
    found = Drawing((rule,), heads) + _more(paper, where, len(group.rows) - len(placed))
    for number, (place, top, newer) in enumerate(placed):
        if newer is not None and number:
            found += _medicines_line(paper, where, newer, stock, top - LINE_ROOM)
        elif number:
            found += _rule(paper, where, top)
        found += _session(paper, where, browsing, seen, stock, said, place, top)
    return found


def _placed(
    where: Grid, rows: Sequence[Kept], stock: Stock, chosen: int
) -> list[tuple[int, float, Kept | None]]:
    """Return the place of each row in view, its top, and the newer one that a line parts it from.

    The chosen one is among them.
    """
    newer = [_parted(rows, place, stock) for place in range(len(rows))]
    for first in range(_window(chosen, len(rows), where.rows), chosen + 1):
        found, top = [], where.first
        for place in range(first, len(rows)):
            top += LINE_ROOM if newer[place] is not None and place > first else 0.0
            if top + where.step > where.foot + 4.0:
                break
            found.append((place, top, newer[place]))
            top += where.step
        if any(place == chosen for place, _, _ in found):
            return found
    return [(chosen, where.first, None)]


def _head(paper: Paper, x: float, y: float, words: str, end: float) -> Text:
    """Return the head of a column, lighter where it would not fit, or else cut short."""
    room = end - x - 12.0
    weight = 600 if theme.text_width(words, 14, 600) <= room else 400
    return Text(x, y, theme.fitted(words, room, 14, weight), paper.palette.ink2, 14, weight)


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
    for newer in reversed(rows[:place]):
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


def _session(
    paper: Paper,
    where: Grid,
    browsing: Browsing,
    seen: Shown,
    stock: Stock,
    said: Said,
    place: int,
    top: float,
) -> Drawing:
    palette, group = paper.palette, seen.group
    if group is None:
        return Drawing()
    row, chosen = group.rows[place], place == seen.session
    outline = stock.outlines.get(row.session)
    ring = chosen and browsing.side is Side.SESSIONS
    height = where.step - 4.0
    box = Rectangle(
        where.x - 14.5, top + 1.5, where.right - where.x + 13.0 + 14.5 - 13.0, height - 1.0,
        fill=palette.surface if ring else palette.paper,
        stroke=Stroke(palette.lake, 3.0) if ring else Stroke(palette.line, 1.0),
        radius=theme.RADIUS_TILE,
    )  # fmt: skip
    upper, lower = top + height / 2 - 6.0, top + height / 2 + 16.0
    room = where.hour - where.x - 8.0
    day = short_day(row.started, stock.at)
    if is_due(row.started, stock, said.years):
        day = tr("{day}, due", day=day)
    texts = [
        Text(where.x, upper, theme.fitted(day, room, 16, 600), palette.ink, 16, 600),
        Text(where.x, lower, _first_that_fits(length_texts(row.duration_s, outline), room),
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
