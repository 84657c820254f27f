"""Connect: the straps that are heard, who wears which, and what keeps them from being heard."""

from __future__ import annotations

import sys

from gui.shared import Path, Rectangle, Shape, Stroke, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, cap, joined, paragraph, tile
from gui.start.life import Life, chosen, rows
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.recording import HeardStrap
from pipelines.words import bluetooth_advice

LEFT, WIDTH, TOP, ROW, TROUBLED, BETWEEN = theme.MARGIN, 776.0, 188.0, 72.0, 108.0, 12.0
COLUMNS = (56.0, 312.0, 440.0, 544.0, 688.0)
ASIDE = 864.0
WIDE = 1200.0
"""Logical width from which there is room for the people beside the straps."""
LOW = 700.0
_STEPS = (-85, -75, -65)
"""dBm from which a signal has two, three and four bars."""
_STRENGTHS = (tr("weak"), tr("fair"), tr("good"), tr("strong"))
_LATER = tr("told once it begins")
_PEOPLE = {"client": tr("Client"), "therapist": tr("You")}
_ROLES = {"client": "", "therapist": tr("therapist")}


def straps_page(paper: Paper, life: Life) -> Drawing:
    """Return the page on which straps are chosen."""
    up = 60.0 if paper.height < LOW else 0.0
    listed, below = _listed(paper, life, TOP - up)
    people = _people(paper, life) if paper.width >= WIDE else Drawing()
    return joined((_heading(paper, life, up), listed, _foot(paper, below), people))


def _heading(paper: Paper, life: Life, up: float) -> Drawing:
    palette = paper.palette
    state = tr("Looking for straps") if life.desk.listening else ""
    title = theme.text_width(tr("A session"), 20, 600)
    shapes: list[Shape] = [
        Path(((theme.MARGIN, 60.5), (paper.right, 60.5)), Stroke(palette.hair, 1.0))
    ]
    texts = [
        Text(theme.MARGIN, 40.0, tr("A session"), palette.ink, 20, 600),
        Text(theme.MARGIN + title + 20.0, 40.0, tr("Straps first, then the baseline."),
             palette.ink2, 14),
        Text(paper.right, 40.0, state, palette.ink2, 16, align="right"),
    ]  # fmt: skip
    if not up:
        says = tr("The strap used last is chosen already. Others appear as they are heard.")
        texts.append(Text(LEFT, 104.0, tr("Who wears which strap?"), palette.ink, 28, 600))
        texts.append(Text(LEFT, 132.0, says, palette.ink2, 16))
    heads = (tr("Strap"), tr("Signal"), tr("Battery"), tr("On the skin"), tr("Worn by"))
    texts += [
        Text(x, 176.0 - up, head, palette.ink2, 14, 600)
        for x, head in zip(COLUMNS, heads, strict=True)
    ]
    return Drawing(tuple(shapes), tuple(texts))


def _listed(paper: Paper, life: Life, top: float) -> tuple[Drawing, float]:
    """Return the rows of straps, and where they end."""
    y, found = top, Drawing()
    straps = rows(life)
    trouble = life.desk.bluetooth is not None or life.desk.refusal is not None
    room = paper.height - 60.0 - top - (ROW + BETWEEN) - (TROUBLED + BETWEEN if trouble else 0.0)
    most = max(int(room // (ROW + BETWEEN)), 1)
    first = min(max(life.row - most + 1, 0), max(len(straps) - most, 0))
    for place, strap in enumerate(straps[first : first + most], first):
        found += _row(paper.palette, life, strap, y, at=place)
        y += ROW + BETWEEN
    if trouble:
        found += _trouble(paper.palette, life, y)
        y += TROUBLED + BETWEEN
    elif not straps:
        found += _nothing(paper.palette, y)
        y += ROW + BETWEEN
    more = len(straps) - most
    found += _simulated(paper.palette, y)
    if more > 0:
        words = trn("{count} more", "{count} more", more, count=more)
        found += Drawing(texts=(Text(LEFT + WIDTH, top - 12.0, words, paper.palette.ink2, 14,
                                     align="right"),))  # fmt: skip
    return found, y + ROW


def _row(palette: Palette, life: Life, strap: HeardStrap, y: float, *, at: int) -> Drawing:
    chosen_now, role = at == life.row, life.role(strap.address)
    ago = _heard_text(strap)
    name = harmless(strap.name or strap.address)
    room = COLUMNS[1] - COLUMNS[0] - 16.0
    texts = [
        Text(COLUMNS[0], y + 31.0, theme.fitted(name, room, 16, 600), palette.ink, 16, 600),
        Text(COLUMNS[0], y + 54.0, ago, palette.ink2, 14),
        Text(COLUMNS[2], y + 31.0, theme.fitted(_LATER, 232.0, 16), palette.ink2, 16),
        Text(COLUMNS[4], y + 31.0, _PEOPLE.get(role, tr("nobody yet")),
             palette.ink if role else palette.ink2, 16, 600 if role else 400),
        Text(COLUMNS[4], y + 54.0, _ROLES.get(role, ""), palette.ink2, 14),
    ]  # fmt: skip
    shapes: list[Shape] = [tile(LEFT, y, WIDTH, ROW, palette, chosen=chosen_now)]
    if strap.ago >= 0.0:
        bars = _bars(strap.rssi)
        shapes += _signal(COLUMNS[1], y + 35.0, bars, palette)
        texts.append(Text(COLUMNS[1], y + 54.0, _STRENGTHS[bars - 1], palette.ink2, 14))
    else:
        texts.append(Text(COLUMNS[1], y + 31.0, tr("not heard"), palette.ink2, 16))
    if chosen_now:
        shapes += _sides(COLUMNS[4], y + 25.5, palette)
    spots = (
        Spot(LEFT, y, COLUMNS[4] - LEFT - 24.0, ROW, f"row {at}"),
        Spot(COLUMNS[4] - 24.0, y, WIDTH + LEFT - COLUMNS[4] + 24.0, ROW, f"wear {at}"),
    )
    return Drawing(tuple(shapes), tuple(texts), spots)


def _heard_text(strap: HeardStrap) -> str:
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
    right = ((x + 92.0, y - 5.5), (x + 97.0, y), (x + 92.0, y + 5.5))
    return [Path(left, stroke), Path(right, stroke)]


def _trouble(palette: Palette, life: Life, y: float) -> Drawing:
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
        top = y + 16.0 + 44.0 * place
        box = Rectangle(
            COLUMNS[4] + 0.5, top + 0.5, 103.0, 35.0,
            fill=palette.surface, stroke=Stroke(palette.line, 1.0), radius=theme.RADIUS_KEYCAP,
        )  # fmt: skip
        label = Text(COLUMNS[4] + 52.0, top + 23.5, theme.fitted(words, 96.0, 14, 600),
                     palette.ink, 14, 600, "centre")  # fmt: skip
        buttons += Drawing((box,), (label,), (Spot(COLUMNS[4], top, 104.0, 36.0, action),))
    return Drawing((tile(LEFT, y, WIDTH, TROUBLED, palette),)) + texts + buttons


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
    lines = (
        tr("Not in the list? A strap speaks only when worn: damp its two pads, put it on, wait ten "
           "seconds."),
        tr("A strap that another app or a watch holds is not heard: close that app first."),
        tr("A strap worn by a stranger is never recorded: only those chosen here are."),
    )  # fmt: skip
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
    found = Drawing(
        texts=(
            Text(ASIDE, 104.0, tr("In this session"), palette.ink, 28, 600),
            Text(ASIDE, 132.0, says, palette.ink2, 16),
        )
    )
    y, width = TOP, paper.right - ASIDE
    for strap in worn:
        name = _PEOPLE[strap.role]
        texts = (
            Text(ASIDE + 24.0, y + 36.0, name, palette.ink, 20, 600),
            Text(ASIDE + 36.0 + theme.text_width(name, 20, 600), y + 36.0, _ROLES[strap.role],
                 palette.ink2, 14),
            Text(ASIDE + 24.0, y + 62.0,
                 theme.fitted(tr("strap {name}", name=harmless(strap.name)), width - 48.0, 14),
                 palette.ink2, 14),
        )  # fmt: skip
        box = Rectangle(ASIDE, y, width, 84.0, fill=palette.surface, radius=theme.RADIUS_TILE)
        found += Drawing((box,), texts)
        y += 84.0 + BETWEEN
    says = tr(
        "Nothing is recorded yet. The recording begins with the baseline and stays on this "
        "computer."
    )
    at = max(y + 24.0, 668.0)
    found += paragraph(ASIDE, at, says, width, token=palette.ink2, size=14, step=22.0)
    return found
