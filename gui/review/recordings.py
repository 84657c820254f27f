"""The library's recordings as a plain list: when, how long, whose, how many moments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gui.shared import Stroke, straight, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, joined, tile
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.recording import Kept
from pipelines.words import day_at, day_text, duration_text, moments_text

LEFT = 128.0
ROW = 48.0
LOW = 700.0
FOOT = 72.0
COLUMNS = (0.0, 240.0, 400.0, 720.0)
MOMENTS = 112.0
"""Logical pixels that their number takes at least."""


def recordings_shown(paper: Paper, count: int, chosen: int) -> tuple[int, int]:
    """Return the first of so many rows that is shown, and how many there is room for."""
    most = max(int((paper.height - _top(paper) - FOOT) // ROW), 1)
    return min(max(chosen - most + 1, 0), max(count - most, 0)), most


def _top(paper: Paper) -> float:
    """Return the upper edge of the first row."""
    return 144.0 if paper.height < LOW else 232.0


def _columns(paper: Paper) -> tuple[float, ...]:
    """Return where the columns begin, right of `LEFT`; the last gives way in a narrow window."""
    return (*COLUMNS[:-1], min(COLUMNS[-1], paper.right - LEFT - MOMENTS))


def recordings_page(
    paper: Paper, kept: Sequence[Kept], chosen: int, *, refusal: str | None
) -> Drawing:
    """Return the list, the newest first."""
    palette, top = paper.palette, _top(paper)
    title_y = 72.0 if paper.height < LOW else 128.0
    says = refusal or _says(kept)
    title = Text(LEFT, title_y, tr("Recordings"), palette.ink, 40, 600)
    room = paper.right - LEFT - MOMENTS
    about = Text(LEFT, title_y + 30.0, theme.fitted(says, room, 16), palette.ink2, 16)
    if not kept:
        return Drawing(texts=(title, about))
    heads = (tr("When"), tr("How long"), tr("Whose"), tr("Moments"))
    texts = [
        Text(LEFT + x, top - 18.0, words, palette.ink2, 14, 600)
        for x, words in zip(_columns(paper), heads, strict=True)
    ]
    rule = straight((LEFT, top - 6.5), (paper.right, top - 6.5), Stroke(palette.line, 1.0))
    first, most = recordings_shown(paper, len(kept), chosen)
    hidden = len(kept) - min(most, len(kept))
    if hidden:
        more = trn("{count} more", "{count} more", hidden)
        texts.append(Text(paper.right, title_y + 30.0, more, palette.ink2, 14, align="right"))
    rows = (
        _row(paper, one, place, top + ROW * (place - first), place == chosen)
        for place, one in enumerate(kept[first : first + most], first)
    )
    return Drawing((rule,), (title, about, *texts)) + joined(rows)


def _says(kept: Sequence[Kept]) -> str:
    if not kept:
        return tr("Nothing is kept yet.")
    return trn(
        "{count} recording, kept on this computer only.",
        "{count} recordings, kept on this computer only.",
        len(kept),
    )


def _row(paper: Paper, one: Kept, place: int, top: float, chosen: bool) -> Drawing:  # noqa: FBT001
    palette, y = paper.palette, top + ROW / 2 + 6.0
    whose = harmless(one.client or "")
    count = "" if one.moments is None else moments_text(one.moments)
    cells = (
        (day_text(day_at(one.started)), palette.ink, 600),
        (duration_text(one.duration_s), palette.ink, 400),
        (whose or tr("nobody said yet"), palette.ink if whose else palette.ink2, 400),
        (count, palette.ink2, 400),
    )
    columns = _columns(paper)
    rooms = (*(b - a - 12.0 for a, b in pairwise(columns)), paper.right - LEFT - columns[-1])
    texts = tuple(
        Text(LEFT + x, y, theme.fitted(words, room, 16, weight), token, 16, weight)
        for x, (words, token, weight), room in zip(columns, cells, rooms, strict=True)
    )
    width = paper.right - LEFT + 16.0
    box = tile(LEFT - 16.0, top + 1.0, width, ROW - 2.0, palette, chosen=True)
    action = "open" if chosen else f"row {place}"
    spot = Spot(LEFT - 16.0, top, width, ROW, action)
    return Drawing((box,) if chosen else (), texts, (spot,))
