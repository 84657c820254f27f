"""Finished: what lies under the glance once a session has ended: its moments, and what next."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from devices.link import BluetoothTrouble
from gui.shared import Disc, Path, Shape, Stroke, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, cap, cell, head, joined, paragraph, tile
from gui.start.keys import Key, working_keys
from gui.start.life import Asks, Life, is_kept, names_clients
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.recording import Undoable
from pipelines.session import Fate, MarkView
from pipelines.words import band_text, bluetooth_advice, clock_text, person

LEFT, WIDTH, ROW = theme.MARGIN, 776.0, 40.0
TOP = 59.0
"""Top of the first moment, where nothing lies above the moments."""
WHOSE = 88.0, 42.0
"""Height of the place that says whose session it was, and where the window is low."""
LOW = 360.0
"""Logical height below which a page is low."""
BOX = 344.0
COLUMNS = (112.0, 192.0)
CAPS = 72.0
"""Room at a row's right end for the keys of the chosen one."""
ASIDE, TILES, BETWEEN = 864.0, (56.0, 48.0), 8.0
"""Where the tiles beside the moments begin, how high they are (lower where four), and what is
between them."""
_TRIES = ("again", "copy", "leave")
"""What can be done where no strap was reached."""
WIDE = 1200.0
"""Logical width from which there is room for the tiles beside the moments."""


def finished_page(paper: Paper, life: Life) -> Drawing:
    """Return what fills the place of the plot, in a page as high as that."""
    if life.fate is Fate.UNREACHED and life.desk.bluetooth is not None:
        return _unreached(paper, life, life.desk.bluetooth)
    known = life.asks is Asks.CLIENT and bool(life.clients)
    listed = _clients(paper, life) if known else _moments(paper, life)
    what = joined((_whose(paper, life), listed, _note(paper, life)))
    return what + _aside(paper, life) if paper.width >= WIDE else what


def _moments(paper: Paper, life: Life) -> Drawing:
    palette = paper.palette
    marks = _marks(life)
    foot = _below(paper, life) + 44.0
    if not marks:
        return Drawing(texts=(Text(LEFT, foot, tr("No moments were marked"), palette.ink2, 16),))
    heads = ((LEFT, tr("Moments")), (COLUMNS[0], tr("Time")), (COLUMNS[1], tr("What")))
    ends = (COLUMNS[0] - 4.0, COLUMNS[1] - 4.0, LEFT + WIDTH)
    texts = tuple(
        head(x, foot, words, end - x, palette) for (x, words), end in zip(heads, ends, strict=True)
    )
    first, most = _shown(paper, life, len(marks), life.row)
    shown = marks[first : first + most]
    listed = joined(
        _moment(palette, life, mark, first + place, foot + 15.0 + ROW * place)
        for place, mark in enumerate(shown)
    )
    hidden = len(marks) - len(shown)
    more = trn("{count} more", "{count} more", hidden, count=hidden) if hidden else ""
    count = Text(LEFT + WIDTH, foot, more, palette.ink2, 14, align="right")
    return Drawing((_rule(palette, foot),), (*texts, count)) + listed


def _rule(palette: Palette, foot: float) -> Path:
    """Return the line under a row of headings."""
    return Path(((LEFT, foot + 12.5), (LEFT + WIDTH, foot + 12.5)), Stroke(palette.line, 1.0))


def _below(paper: Paper, life: Life) -> float:
    """Return how high the place is that says whose session it was."""
    if life.desk.clients is None:
        return 0.0
    return WHOSE[paper.height < LOW]


def _whose(paper: Paper, life: Life) -> Drawing:
    """Return whose session it was, and the key that says so."""
    height, palette = _below(paper, life), paper.palette
    if not height:
        return Drawing()
    x, y, width, tall = client_place(paper)
    low = paper.height < LOW
    asks = tr("Whose hour was this?")
    asks = theme.fitted(asks, x - LEFT - 8.0, 14, 600) if low else asks
    heading = Text(LEFT, 36.0, asks, palette.ink2, 14, 600)
    says = (
        tr("A name that only you can read, not the real one."),
        tr("Choose one you know, or type a new one."),
    )
    beside = x + width + 16.0
    lines, first = (says[:1], 24.0) if low else (says, 19.0)
    rest = [
        Text(
            beside, y + first + 20.0 * place, theme.fitted(line, LEFT + WIDTH - beside, 14),
            palette.ink2, 14,
        )
        for place, line in enumerate(lines)
    ]  # fmt: skip
    if life.asks is Asks.CLIENT:
        return Drawing(texts=(heading, *rest))
    name = harmless(life.desk.client or "")
    words = theme.fitted(name or tr("nobody said yet"), width - 76.0, 16, 600)
    token = palette.ink if name and names_clients(life) else palette.ink2
    key, _ = cap(x + width - 42.0, y + tall / 2 - 13.0, "W", palette)
    box = tile(x, y, width, tall, palette)
    texts = (heading, Text(x + 16.0, y + tall / 2 + 6.0, words, token, 16, 600), *rest)
    if not names_clients(life):
        return Drawing((box,), texts)
    return Drawing((box,), texts, (Spot(x, y, width, tall, "client"),)) + key


def client_place(paper: Paper) -> tuple[float, float, float, float]:
    """Return where it is written whose session it was: x, y, width, height."""
    if paper.height < LOW:
        return LEFT + 176.0, 12.0, 232.0, 36.0
    return LEFT, 48.0, BOX, 44.0


def _clients(paper: Paper, life: Life) -> Drawing:
    """Return the names that clients were given, to choose one."""
    palette, foot = paper.palette, _below(paper, life) + 44.0
    head = Text(LEFT, foot, tr("Those you know"), palette.ink2, 14, 600)
    first, most = _shown(paper, life, len(life.clients), life.pick or 0)
    found = Drawing((_rule(palette, foot),), (head,))
    for place, name in enumerate(life.clients[first : first + most], first):
        top = foot + 15.0 + ROW * (place - first)
        if place == life.pick:
            box = tile(LEFT - 8.0, top + 1.0, WIDTH + 16.0, ROW - 2.0, palette, chosen=True)
            found += Drawing((box,))
        words = theme.fitted(harmless(name), WIDTH - 24.0, 16, 600)
        text = Text(LEFT + 12.0, top + ROW / 2 + 6.0, words, palette.ink, 16, 600)
        found += Drawing((), (text,), (Spot(LEFT, top, WIDTH, ROW, f"name {place}"),))
    return found


def _marks(life: Life) -> tuple[MarkView, ...]:
    return () if life.snapshot is None else life.snapshot.marks


def _shown(paper: Paper, life: Life, count: int, chosen: int) -> tuple[int, int]:
    """Return the first of so many rows that is shown, and how many there is room for."""
    most = max(int((paper.height - _below(paper, life) - TOP - 41.0) // ROW), 1)
    return min(max(chosen - most + 1, 0), max(count - most, 0)), most


def words_place(paper: Paper, life: Life) -> tuple[float, float, float, float]:
    """Return where the words of the chosen moment are written: x, y, width, height."""
    first, _ = _shown(paper, life, len(_marks(life)), life.row)
    x, top = COLUMNS[1] - 12.0, _below(paper, life) + TOP
    return x, top + ROW * (life.row - first) + 3.0, LEFT + WIDTH - x, ROW - 6.0


def _moment(palette: Palette, life: Life, mark: MarkView, place: int, top: float) -> Drawing:
    kept = life.fate is Fate.KEPT
    ink = palette.ink if kept else palette.ink2
    middle = top + ROW / 2
    shapes: list[Shape] = []
    chosen = place == life.row
    if chosen:
        shapes.append(tile(LEFT - 8.0, top + 1.0, WIDTH + 16.0, ROW - 2.0, palette, chosen=True))
    shapes.append(Disc((LEFT + 12.0, middle), 11.0, fill=palette.ink))
    asked = chosen and life.asks is Asks.WORDS
    words = "" if asked else harmless(mark.text) or tr("no words")
    room = LEFT + WIDTH - COLUMNS[1] - CAPS - 8.0
    texts = (
        Text(LEFT + 12.0, middle + 5.0, str(place + 1), palette.paper, 14, 600, "centre"),
        Text(COLUMNS[0], middle + 6.0, clock_text(mark.time), ink, 16),
        Text(
            COLUMNS[1], middle + 6.0, theme.fitted(words, room, 16, 600 if mark.text else 400),
            ink if mark.text else palette.ink2, 16, 600 if mark.text else 400,
        ),
    )  # fmt: skip
    action = "words" if chosen and is_kept(life) else f"row {place}"
    keys = _row_keys(palette, top) if chosen and is_kept(life) and not asked else Drawing()
    spot = Spot(LEFT, top, WIDTH - CAPS, ROW, action)
    return Drawing(tuple(shapes), texts, (spot,)) + keys


def _row_keys(palette: Palette, top: float) -> Drawing:
    """Return the keys of the chosen moment, for the mouse, too."""
    found = Drawing()
    for x, name, action in ((0.0, "N", "words"), (34.0, "−", "remove")):
        at = LEFT + WIDTH - CAPS + x
        key, width = cap(at, top + 7.0, name, palette)
        found += key + Drawing(spots=(Spot(at, top + 7.0, width, 26.0, action),))
    return found


def _note(paper: Paper, life: Life) -> Drawing:
    words = {
        Fate.KEPT: life.desk.refusal or tr("Nothing here has to be done now."),
        Fate.THROWN: tr("Nothing of this is kept unless you undo."),
    }.get(life.fate, tr("Nothing was recorded, so nothing is kept."))
    if life.fate is Fate.THROWN and life.desk.undo is None:
        words = tr("Nothing of this is kept; its key is destroyed.")
    foot = paper.height - 10.0
    fitted = theme.fitted(words, paper.right - LEFT, 14)
    return Drawing(texts=(Text(LEFT, foot, fitted, paper.palette.ink2, 14),))


def _aside(paper: Paper, life: Life) -> Drawing:
    baseline = _baseline(paper, life)
    y = 180.0
    heading = Text(ASIDE, y - 12.0, tr("What next?"), paper.palette.ink2, 14, 600)
    found = baseline + Drawing(texts=(heading,))
    choices = _choices(life)
    tall = TILES[len(choices) > 3]
    for place, row in enumerate(choices):
        top = y + place * (tall + BETWEEN)
        found += _choice(paper, top, tall, *row, first=place == 0)
    return found


def _choices(life: Life) -> list[tuple[str, str, str, str]]:
    """Return key, words, quieter words and action of each tile."""
    where = tr("back to Start") if life.desk.returns else tr("window closes")
    undo = (tr("Backspace"), tr("Undo"), tr("for 10 s"), "undo")
    if life.desk.undoes is Undoable.THROWN:
        return [undo, (tr("Enter"), tr("Leave it so"), where, "leave")]
    found = [(tr("Enter"), tr("Go on"), where, "leave")]
    if is_kept(life):
        found = [
            (tr("Enter"), tr("Review the hour"), "", "review"),
            (tr("Esc"), tr("Keep and close"), where, "leave"),
        ]
    back: Mapping[Undoable | None, str] = {
        Undoable.REMOVED: tr("Put the moment back"),
        Undoable.FINISHED: tr("Go on recording"),
    }
    if life.desk.undoes in back:
        found.insert(0, (undo[0], back[life.desk.undoes], *undo[2:]))
    if life.fate is Fate.KEPT and life.desk.session is not None:
        found.append((tr("Delete"), tr("Throw away"), tr("undo for 10 s"), "throw"))
    return found


def _choice(
    paper: Paper,
    y: float,
    tall: float,
    name: str,
    words: str,
    aside: str,
    action: str,
    *,
    first: bool,
) -> Drawing:
    palette, width = paper.palette, paper.right - ASIDE
    box = tile(ASIDE, y, width, tall, palette, filled=first)
    key, wide = cap(ASIDE + 16.0, y + tall / 2 - 13.0, name, palette)
    at = ASIDE + 28.0 + wide
    room = paper.right - 24.0 - at
    label = cell(at, y + tall / 2 + 6.0, words, room, palette.ink, 600)
    quiet = theme.fitted(aside, room - theme.text_width(label.words, label.size, 600) - 16.0, 14)
    texts = (
        label,
        Text(paper.right - 24.0, y + tall / 2 + 5.0, quiet, palette.ink2, 14, align="right"),
    )
    return Drawing((box,), texts, (Spot(ASIDE, y, width, tall, action),)) + key


def _unreached(paper: Paper, life: Life, trouble: BluetoothTrouble) -> Drawing:
    """Return why no strap could be reached, what to do about it, and what next."""
    palette = paper.palette
    what, do = bluetooth_advice(trouble, sys.platform)
    room = min(WIDTH, paper.right - LEFT)
    found = paragraph(LEFT, 44.0, what, room, token=palette.ink, size=20, step=26.0)
    found += paragraph(LEFT, 80.0, do, room, token=palette.ink, size=16, step=22.0)
    found += _note(paper, life)
    if paper.width < WIDE:
        return found
    found += Drawing(texts=(Text(ASIDE, 44.0, tr("What next?"), palette.ink2, 14, 600),))
    for place, key in enumerate(_ways_on(life)):
        y = 56.0 + place * (TILES[0] + BETWEEN)
        found += _choice(paper, y, TILES[0], key.cap, key.words, "", key.action, first=place == 0)
    return found


def _ways_on(life: Life) -> list[Key]:
    return [key for key in working_keys(life) if key.action in _TRIES and not key.right]


def _baseline(paper: Paper, life: Life) -> Drawing:
    palette, width = paper.palette, paper.right - ASIDE
    texts = [Text(ASIDE, 24.0, tr("Baseline"), palette.ink2, 14, 600)]
    box = tile(ASIDE, 36.0, width, 96.0, palette, filled=True)
    views = () if life.snapshot is None else life.snapshot.sources
    with_one = [view for view in views if view.baseline is not None]
    for place, view in enumerate(with_one[:2]):
        own = view.baseline
        if own is None:
            continue
        who = f"{person(view)}: " if len(views) > 1 else ""
        spread = tr("{band} bpm", band=band_text(own))
        told = f"{who}{spread}"
        size = theme.fitting_size(told, width - 48.0, (20, 16, 14), 600)
        told = theme.fitted(told, width - 48.0, size, 600)
        texts.append(Text(ASIDE + 24.0, 72.0 + 40.0 * place, told, palette.ink, size, 600))
        if len(with_one) == 1:
            span = tr("{start} to {end}", start=clock_text(own.start), end=clock_text(own.end))
            texts.append(Text(ASIDE + 24.0, 100.0, span, palette.ink2, 14))
    if not with_one:
        texts.append(Text(ASIDE + 24.0, 90.0, tr("none was learnt"), palette.ink2, 16))
    return Drawing((box,), tuple(texts))
