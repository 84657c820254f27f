"""Finished: what lies under the glance once a session has ended: its moments, and what next."""

from __future__ import annotations

import sys

from devices.link import BluetoothTrouble
from gui.shared import Disc, Path, Shape, Stroke, theme
from gui.start.drawing import Drawing, Paper, Spot, Text, cap, joined, paragraph, tile
from gui.start.life import Key, Life, keys
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.session import Fate, MarkView
from pipelines.words import band_text, bluetooth_advice, clock_text, person

LEFT, WIDTH, ROW = theme.MARGIN, 776.0, 40.0
COLUMNS = (112.0, 192.0)
ASIDE, TILE, BETWEEN = 864.0, 56.0, 8.0
_TRIES = ("again", "copy", "leave")
"""What can be done where no strap was reached."""
WIDE = 1200.0
"""Logical width from which there is room for the tiles beside the moments."""


def finished_page(paper: Paper, life: Life) -> Drawing:
    """Return what fills the place of the plot, in a page as high as that."""
    if life.fate is Fate.UNREACHED and life.desk.bluetooth is not None:
        return _unreached(paper, life, life.desk.bluetooth)
    what = joined((_moments(paper, life), _note(paper, life)))
    return what + _aside(paper, life) if paper.width >= WIDE else what


def _moments(paper: Paper, life: Life) -> Drawing:
    palette = paper.palette
    marks = () if life.snapshot is None else life.snapshot.marks
    if not marks:
        return Drawing(texts=(Text(LEFT, 44.0, tr("No moments were marked"), palette.ink2, 16),))
    heads = ((LEFT, tr("Moments")), (COLUMNS[0], tr("Time")), (COLUMNS[1], tr("What")))
    texts = tuple(Text(x, 44.0, words, palette.ink2, 14, 600) for x, words in heads)
    line = Path(((LEFT, 56.5), (LEFT + WIDTH, 56.5)), Stroke(palette.line, 1.0))
    most = max(int((paper.height - 64.0 - 36.0) // ROW), 1)
    first = min(max(life.row - most + 1, 0), max(len(marks) - most, 0))
    shown = marks[first : first + most]
    listed = joined(
        _moment(palette, life, mark, first + place, 59.0 + ROW * place)
        for place, mark in enumerate(shown)
    )
    hidden = len(marks) - len(shown)
    more = trn("{count} more", "{count} more", hidden, count=hidden) if hidden else ""
    count = Text(LEFT + WIDTH, 44.0, more, palette.ink2, 14, align="right")
    return Drawing((line,), (*texts, count)) + listed


def _moment(palette: Palette, life: Life, mark: MarkView, place: int, top: float) -> Drawing:
    kept = life.fate is Fate.KEPT
    ink = palette.ink if kept else palette.ink2
    middle = top + ROW / 2
    shapes: list[Shape] = []
    if place == life.row:
        shapes.append(tile(LEFT - 8.0, top + 1.0, WIDTH + 16.0, ROW - 2.0, palette, chosen=True))
    shapes.append(Disc((LEFT + 12.0, middle), 11.0, fill=palette.ink))
    words = harmless(mark.text) or tr("no words")
    room = LEFT + WIDTH - COLUMNS[1] - 8.0
    texts = (
        Text(LEFT + 12.0, middle + 5.0, str(place + 1), palette.paper, 14, 600, "centre"),
        Text(COLUMNS[0], middle + 6.0, clock_text(mark.time), ink, 16),
        Text(
            COLUMNS[1], middle + 6.0, theme.fitted(words, room, 16, 600 if mark.text else 400),
            ink if mark.text else palette.ink2, 16, 600 if mark.text else 400,
        ),
    )  # fmt: skip
    return Drawing(tuple(shapes), texts, (Spot(LEFT, top, WIDTH, ROW, f"row {place}"),))


def _note(paper: Paper, life: Life) -> Drawing:
    words = {
        Fate.KEPT: tr("Nothing here has to be done now."),
        Fate.THROWN: tr("Nothing of this is kept unless you undo."),
    }.get(life.fate, tr("Nothing was recorded, so nothing is kept."))
    if life.fate is Fate.THROWN and life.desk.undo is None:
        words = tr("Nothing of this is kept; its key is destroyed.")
    foot = paper.height - 10.0
    return Drawing(texts=(Text(LEFT, foot, words, paper.palette.ink2, 14),))


def _aside(paper: Paper, life: Life) -> Drawing:
    baseline = _baseline(paper, life)
    y = 180.0
    heading = Text(ASIDE, y - 12.0, tr("What next?"), paper.palette.ink2, 14, 600)
    found = baseline + Drawing(texts=(heading,))
    for place, row in enumerate(_choices(life)):
        found += _choice(paper, y + place * (TILE + BETWEEN), *row, first=place == 0)
    return found


def _choices(life: Life) -> list[tuple[str, str, str, str]]:
    """Return key, words, quieter words and action of each tile."""
    where = tr("back to Start") if life.desk.returns else tr("this window closes")
    if life.desk.undo is not None:
        undo = (tr("Backspace"), tr("Undo"), tr("for 10 s"), "undo")
        return [undo, (tr("Enter"), tr("Leave it so"), where, "leave")]
    leave = tr("Keep and close") if life.fate is Fate.KEPT else tr("Go on")
    found = [(tr("Enter"), leave, where, "leave")]
    if life.fate is Fate.KEPT and life.desk.session is not None:
        found.append((tr("Delete"), tr("Throw away"), tr("undo for 10 s"), "throw"))
    return found


def _choice(
    paper: Paper, y: float, name: str, words: str, aside: str, action: str, *, first: bool
) -> Drawing:
    palette, width = paper.palette, paper.right - ASIDE
    box = tile(ASIDE, y, width, TILE, palette, filled=first)
    key, wide = cap(ASIDE + 16.0, y + 15.0, name, palette)
    at = ASIDE + 28.0 + wide
    quiet = theme.fitted(aside, paper.right - 24.0 - at - theme.text_width(words, 16, 600) - 16, 14)
    texts = (
        Text(at, y + 34.0, words, palette.ink, 16, 600),
        Text(paper.right - 24.0, y + 33.0, quiet, palette.ink2, 14, align="right"),
    )
    return Drawing((box,), texts, (Spot(ASIDE, y, width, TILE, action),)) + key


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
        y = 56.0 + place * (TILE + BETWEEN)
        found += _choice(paper, y, key.cap, key.words, "", key.action, first=place == 0)
    return found


def _ways_on(life: Life) -> list[Key]:
    return [key for key in keys(life) if key.action in _TRIES and not key.right]


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
        texts.append(
            Text(ASIDE + 24.0, 72.0 + 40.0 * place, f"{who}{spread}", palette.ink, 20, 600)
        )
        if len(with_one) == 1:
            span = tr("{start} to {end}", start=clock_text(own.start), end=clock_text(own.end))
            texts.append(Text(ASIDE + 24.0, 100.0, span, palette.ink2, 14))
    if not with_one:
        texts.append(Text(ASIDE + 24.0, 90.0, tr("none was learnt"), palette.ink2, 16))
    return Drawing((box,), tuple(texts))
