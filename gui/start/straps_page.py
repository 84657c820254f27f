"""Connect: the straps that are heard, who wears which, and what keeps them from being heard."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise

from gui.shared import Disc, Path, Rectangle, Shape, Stroke, theme
from gui.shared.drawing import (
    Drawing,
    Paper,
    Spot,
    Text,
    cap,
    cell,
    head,
    joined,
    paragraph,
    tile,
    wrapped,
)
from gui.start.life import Life, can_be_tried, chosen, held, rows
from gui.start.standing import Told, columns, sentence, trouble
from gui.start.whose_page import whose_tile
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.recording import HeardStrap, HeldStrap
from pipelines.session import CLIENT
from pipelines.words import bluetooth_advice

LEFT, WIDTH, TOP, ROW, TROUBLED, BETWEEN = theme.MARGIN, 776.0, 188.0, 72.0, 108.0, 12.0
WORN = 66.0
"""Height of the part of a row that says who wears the strap."""
COLUMNS = (56.0, 312.0, 440.0, 544.0, 688.0)
SIDES = 104.0
"""From where it is said who wears a strap to the arrow right of it."""
ASIDE = 864.0
WIDE = 1200.0
"""Logical width from which there is room for the people beside the straps."""
LOW = 700.0
_STEPS = (-85, -75, -65)
"""dBm from which a signal has two, three and four bars."""
_STRENGTHS = (tr("weak"), tr("fair"), tr("good"), tr("strong"))
_PEOPLE = {"client": tr("Client"), "therapist": tr("You")}
_ROLES = {"client": "", "therapist": tr("therapist")}


def straps_page(paper: Paper, life: Life) -> Drawing:
    """Return the page on which straps are chosen."""
    up = 60.0 if paper.height < LOW else 0.0
    listed, below = _listed(paper, life, TOP - up)
    people = _people(paper, life) if paper.width >= WIDE else Drawing()
    return joined((_heading(paper, life, up), _whose(paper, life), listed,
                   _foot(paper, below), people))  # fmt: skip


def _whose(paper: Paper, life: Life) -> Drawing:
    """Return whose hour it is to be; where no names are kept nothing is said of it."""
    if life.desk.clients is None:
        return Drawing()
    x, y, width, height = ASIDE, 146.0, paper.right - ASIDE, 32.0
    if paper.width < WIDE:
        width = 344.0
        y, height = (66.0, 30.0) if paper.height < LOW else (78.0, 36.0)
        x = LEFT + WIDTH - width
    return whose_tile(paper.palette, life, (x, y, width, height), tr("Whose hour"))


def _heading(paper: Paper, life: Life, up: float) -> Drawing:
    palette = paper.palette
    state = tr("Looking for straps") if life.desk.listening else ""
    after = theme.MARGIN + theme.text_width(tr("A session"), 20, 600) + 20.0
    room = paper.right - after - theme.text_width(state, 16) - theme.GUTTER
    first = theme.fitted(tr("Straps first, then the baseline."), room, 14)
    line = Path(((theme.MARGIN, 60.5), (paper.right, 60.5)), Stroke(palette.hair, 1.0))
    texts: tuple[Text, ...] = (
        Text(theme.MARGIN, 40.0, tr("A session"), palette.ink, 20, 600),
        Text(after, 40.0, first, palette.ink2, 14),
        Text(paper.right, 40.0, state, palette.ink2, 16, align="right"),
    )
    if not up:
        says = tr("The strap used last is chosen already. Others appear as they are heard.")
        texts += _titled(LEFT, _beside(paper), tr("Who wears which strap?"), says, palette)
    return Drawing((line,), texts)


def _titled(x: float, room: float, title: str, says: str, palette: Palette) -> tuple[Text, Text]:
    """Return a title and what is said below it, as large as they have room."""
    size = theme.fitting_size(title, room, (28, 20, 16), 600)
    told = theme.fitted(title, room, size, 600)
    below = cell(x, 132.0, says, room, palette.ink2)
    return Text(x, 104.0, told, palette.ink, size, 600), below


def _beside(paper: Paper) -> float:
    """Return how wide lines may be that stand beside the people, where these are shown."""
    return (ASIDE - theme.GUTTER if paper.width >= WIDE else paper.right) - LEFT


def _heads(palette: Palette, y: float, more: str) -> Drawing:
    """Return the heads of the columns, and beside the first how many straps are not in view."""
    words = (tr("Strap"), tr("Signal"), tr("Battery"), tr("On the skin"), tr("Worn by"))
    rooms = [after - x - 8.0 for x, after in pairwise((*COLUMNS, LEFT + WIDTH))]
    rooms[0] -= theme.text_width(more, 14) + 12.0
    heads = [
        head(x, y, told, room, palette) for x, told, room in zip(COLUMNS, words, rooms, strict=True)
    ]
    first = heads[0]
    beside = first.x + theme.text_width(first.words, first.size, first.weight) + 12.0
    return Drawing(texts=(*heads, Text(beside, y, more, palette.ink2, 14)))


def _listed(paper: Paper, life: Life, top: float) -> tuple[Drawing, float]:
    """Return the rows of straps, and where they end."""
    y, found = top, Drawing()
    straps = rows(life)
    unable = life.desk.bluetooth is not None or life.desk.refusal is not None
    room = paper.height - 60.0 - top - (ROW + BETWEEN) - (TROUBLED + BETWEEN if unable else 0.0)
    heights = [_height(life, strap) for strap in straps]
    shown = _in_view([height + BETWEEN for height in heights], life.row, room)
    for place in shown:
        found += _row(paper.palette, life, straps[place], y, at=place)
        y += heights[place] + BETWEEN
    if unable:
        found += _no_bluetooth(paper.palette, life, y)
        y += TROUBLED + BETWEEN
    elif not straps:
        found += _nothing(paper.palette, y)
        y += ROW + BETWEEN
    more = len(straps) - len(shown)
    words = trn("{count} more", "{count} more", more, count=more) if more > 0 else ""
    heads = _heads(paper.palette, top - 12.0, words)
    return heads + found + _simulated(paper.palette, y), y + ROW


def _in_view(heights: Sequence[float], row: int, room: float) -> range:
    """Return which rows there is room for, `row` among them and the first of all if it can be."""
    first, last = 0, min(row + 1, len(heights))
    while first < last - 1 and sum(heights[first:last]) > room:
        first += 1
    while last < len(heights) and sum(heights[first : last + 1]) <= room:
        last += 1
    return range(first, last)


def _height(life: Life, strap: HeardStrap) -> float:
    return TROUBLED if trouble(held(life, strap.address)) else ROW


def _row(palette: Palette, life: Life, strap: HeardStrap, y: float, *, at: int) -> Drawing:
    chosen_now, role, stands = at == life.row, life.role(strap.address), held(life, strap.address)
    name = harmless(strap.name or strap.address)
    room = COLUMNS[1] - COLUMNS[0] - 16.0
    height = _height(life, strap)
    texts = (
        Text(COLUMNS[0], y + 31.0, theme.fitted(name, room, 16, 600), palette.ink, 16, 600),
        Text(COLUMNS[0], y + 54.0, theme.fitted(_heard_text(strap, stands), room, 14),
             palette.ink2, 14),
        cell(COLUMNS[4], y + 31.0, _wearer(life, role, SIDES - 4.0, 16), SIDES - 1.0,
             palette.ink if role else palette.ink2, 600 if role else 400),
        Text(COLUMNS[4], y + 54.0, _role(life, role), palette.ink2, 14),
    )  # fmt: skip
    shapes: list[Shape] = [tile(LEFT, y, WIDTH, height, palette, chosen=chosen_now)]
    if chosen_now:
        shapes += _sides(COLUMNS[4], y + 25.5, palette)
    spots = (
        Spot(LEFT, y, COLUMNS[4] - LEFT - 24.0, height, f"row {at}"),
        Spot(COLUMNS[4] - 24.0, y, WIDTH + LEFT - COLUMNS[4] + 24.0, WORN, f"wear {at}"),
    )
    found = Drawing(tuple(shapes), texts, spots) + _strength(palette, strap, stands, y)
    found += _told(palette, stands, y, worn=bool(role), listening=life.desk.listening)
    return found + _what_is_wrong(palette, stands, y)


def _wearer(life: Life, role: str, room: float, size: int) -> str:
    """Return who wears a strap: the client by the name given, where one is chosen."""
    if role == CLIENT and life.client is not None:
        return theme.fitted(harmless(life.client), room, size, 600)
    return _PEOPLE.get(role, tr("nobody yet"))


def _role(life: Life, role: str) -> str:
    return tr("client") if role == CLIENT and life.client is not None else _ROLES.get(role, "")


def _strength(palette: Palette, strap: HeardStrap, stands: HeldStrap | None, y: float) -> Drawing:
    """Return how strong the signal is; who is connected is not heard any more."""
    connected = stands is not None and stands.connected
    if strap.ago < 0.0:
        words = tr("not told") if connected else tr("not heard")
        room = COLUMNS[2] - COLUMNS[1] - 8.0
        return Drawing(texts=(cell(COLUMNS[1], y + 31.0, words, room, palette.ink2),))
    bars = _bars(strap.rssi)
    below = tr("as last heard") if connected else _STRENGTHS[bars - 1]
    below = theme.fitted(below, COLUMNS[2] - COLUMNS[1] - 8.0, 14)
    texts = (Text(COLUMNS[1], y + 54.0, below, palette.ink2, 14),)
    return Drawing(tuple(_signal(COLUMNS[1], y + 35.0, bars, palette)), texts)


def _told(
    palette: Palette, stands: HeldStrap | None, y: float, *, worn: bool, listening: bool
) -> Drawing:
    """Return what a strap tells of its battery and of the skin, or when it will."""
    told = columns(stands) if worn and listening else (Told(tr("told once chosen")),)
    found = Drawing()
    for x, end, one in zip(COLUMNS[2:4], (COLUMNS[3], COLUMNS[4]), told, strict=False):
        room = (end if len(told) > 1 else COLUMNS[4]) - x - 12.0
        at, shapes = x, list[Shape]()
        if one.touches is not None:
            at, room = x + 22.0, room - 22.0
            fill = palette.lake if one.touches else None
            shapes.append(Disc((x + 7.0, y + 25.5), 6.0, fill, Stroke(palette.lake, 1.5)))
        texts = (
            Text(at, y + 31.0, theme.fitted(one.words, room, 16),
                 palette.ink if one.below else palette.ink2, 16),
            Text(x, y + 54.0, theme.fitted(one.below, end - x - 12.0, 14), palette.ink2, 14),
        )  # fmt: skip
        found += Drawing(tuple(shapes), texts)
    return found


def _what_is_wrong(palette: Palette, stands: HeldStrap | None, y: float) -> Drawing:
    """Return the line below a strap that something is wrong with, and how to try it again."""
    says = trouble(stands)
    if stands is None or not says:
        return Drawing()
    room = COLUMNS[4] - COLUMNS[0] - 16.0
    lines = paragraph(COLUMNS[0], y + 80.0, says, room, token=palette.ink, size=16, step=20.0)
    again = _button(palette, y + WORN, tr("try again"), "again")
    return lines + again if can_be_tried(stands) else lines


def _heard_text(strap: HeardStrap, stands: HeldStrap | None) -> str:
    if stands is not None and stands.connected:
        return tr("connected")
    if strap.ago < 0.0:
        return tr("used last, not heard yet")
    return tr("heard {seconds:.0f} s ago", seconds=max(strap.ago, 1.0))


def _bars(rssi: int) -> int:
    return 1 + sum(rssi >= step for step in _STEPS)


def _signal(x: float, foot: float, bars: int, palette: Palette) -> list[Shape]:
    return [
        Rectangle(
            x + 7.0 * place, foot - 5.0 - 4.0 * place, 5.0, 5.0 + 4.0 * place,
            fill=palette.ink2 if place < bars else palette.hair, radius=1.0,
        )
        for place in range(4)
    ]  # fmt: skip


def _sides(x: float, y: float, palette: Palette) -> list[Shape]:
    stroke = Stroke(palette.ink2, 1.5)
    left = ((x - 12.0, y - 5.5), (x - 17.0, y), (x - 12.0, y + 5.5))
    right = ((x + SIDES, y - 5.5), (x + SIDES + 5.0, y), (x + SIDES, y + 5.5))
    return [Path(left, stroke), Path(right, stroke)]


def _no_bluetooth(palette: Palette, life: Life, y: float) -> Drawing:
    trouble = life.desk.bluetooth
    what, do = (
        (life.desk.refusal or "", "")
        if trouble is None
        else bluetooth_advice(trouble, sys.platform)
    )
    room = COLUMNS[4] - COLUMNS[0] - 16.0
    texts = Drawing(texts=(Text(COLUMNS[0], y + 31.0, theme.fitted(what, room, 16, 600),
                                palette.ink, 16, 600),))  # fmt: skip
    texts += paragraph(COLUMNS[0], y + 57.0, do, room, token=palette.ink, size=16, step=22.0)
    buttons = Drawing()
    for place, (words, action) in enumerate(
        ((tr("try again"), "again"), (tr("copy details"), "copy"))
    ):
        if action == "copy" and not life.desk.details:
            continue
        buttons += _button(palette, y + 16.0 + 44.0 * place, words, action)
    return Drawing((tile(LEFT, y, WIDTH, TROUBLED, palette),)) + texts + buttons


def _button(palette: Palette, top: float, words: str, action: str) -> Drawing:
    box = Rectangle(
        COLUMNS[4] + 0.5, top + 0.5, 103.0, 35.0,
        fill=palette.surface, stroke=Stroke(palette.line, 1.0), radius=theme.RADIUS_KEYCAP,
    )  # fmt: skip
    label = Text(COLUMNS[4] + 52.0, top + 23.5, theme.fitted(words, 96.0, 14, 600),
                 palette.ink, 14, 600, "centre")  # fmt: skip
    return Drawing((box,), (label,), (Spot(COLUMNS[4], top, 104.0, 36.0, action),))


def _nothing(palette: Palette, y: float) -> Drawing:
    texts = (
        Text(COLUMNS[0], y + 31.0, tr("No strap heard yet"), palette.ink, 16, 600),
        Text(COLUMNS[0], y + 54.0, tr("usually within 20 seconds"), palette.ink2, 14),
    )
    return Drawing((tile(LEFT, y, WIDTH, ROW, palette),), texts)


def _simulated(palette: Palette, y: float) -> Drawing:
    says = tr(
        "Made-up heartbeats for trying things out. Every screen says so; kept apart from people."
    )
    box = tile(LEFT, y, WIDTH, ROW, palette, dashed=True)
    key, _ = cap(COLUMNS[0], y + 23.0, "S", palette)
    at = COLUMNS[0] + 40.0
    texts = (
        Text(at, y + 31.0, tr("A simulated strap"), palette.ink, 16, 600),
        Text(at, y + 54.0, theme.fitted(says, WIDTH - 88.0, 14), palette.ink2, 14),
    )
    return Drawing((box,), texts, (Spot(LEFT, y, WIDTH, ROW, "simulated"),)) + key


def _foot(paper: Paper, below: float) -> Drawing:
    told = (
        tr("Not in the list? A strap speaks only when worn: damp its two pads, put it on, wait ten "
           "seconds."),
        tr("A strap that another app or a watch holds is not heard: close that app first."),
        tr("A strap worn by a stranger is never recorded: only those chosen here are."),
    )  # fmt: skip
    lines = [line for words in told for line in wrapped(words, _beside(paper), 14)]
    return Drawing(
        texts=tuple(
            Text(LEFT, below + 36.0 + 24.0 * place, line, paper.palette.ink2, 14)
            for place, line in enumerate(lines)
            if below + 36.0 + 24.0 * place < paper.height - 60.0
        )
    )


def _people(paper: Paper, life: Life) -> Drawing:
    palette, worn = paper.palette, chosen(life)
    count = len(worn)
    says = (
        trn("{count} strap chosen.", "{count} straps chosen.", count, count=count)
        if count
        else tr("Nobody wears a strap yet.")
    )
    y, width = TOP, paper.right - ASIDE
    found = Drawing(texts=_titled(ASIDE, width, tr("In this session"), says, palette))
    for strap in worn:
        role = _role(life, strap.role)
        room = width - 60.0 - theme.text_width(role, 14)
        name = _wearer(life, strap.role, room, 20)
        texts: tuple[Text, ...] = (
            Text(ASIDE + 24.0, y + 36.0, name, palette.ink, 20, 600),
            Text(ASIDE + 36.0 + theme.text_width(name, 20, 600), y + 36.0, role,
                 palette.ink2, 14),
            Text(ASIDE + 24.0, y + 62.0,
                 theme.fitted(tr("strap {name}", name=harmless(strap.name)), width - 48.0, 14),
                 palette.ink2, 14),
        )  # fmt: skip
        if life.desk.listening:
            stands = sentence(held(life, strap.address))
            texts += (cell(ASIDE + 24.0, y + 88.0, stands, width - 48.0, palette.ink),)
        box = Rectangle(ASIDE, y, width, TROUBLED, fill=palette.surface, radius=theme.RADIUS_TILE)
        found += Drawing((box,), texts)
        y += TROUBLED + BETWEEN
    says = tr(
        "Nothing is recorded yet. The recording begins with the baseline and stays on this "
        "computer."
    )
    at = max(y + 24.0, 668.0)
    found += paragraph(ASIDE, at, says, width, token=palette.ink2, size=14, step=22.0)
    return found
