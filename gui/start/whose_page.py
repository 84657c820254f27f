"""Whose: the tile that says which client a session or the marks are for, and the list to choose."""

from __future__ import annotations

from gui.shared import Path, Stroke, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, cap, tile
from gui.start.life import Life, State, choices, own_labels
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, trn

LEFT, WIDTH, ROW = theme.MARGIN, 776.0, 40.0
LOW = 700.0
"""Logical height below which there is less room above the list."""


def whose_tile(
    palette: Palette, life: Life, place: tuple[float, float, float, float], label: str
) -> Drawing:
    """Return the tile that says whose it is, and its key where there is a choice.

    `place` is its x, y, width and height.
    """
    x, y, width, height = place
    open_to_choice = len(choices(life)) > 1
    key, wide = cap(x + width - 42.0, y + height / 2 - 13.0, "W", palette)
    at = x + 28.0 + theme.text_width(label, 14)
    room = x + width - (wide + 32.0 if open_to_choice else 16.0) - at
    weight, token = (600, palette.ink) if life.client else (400, palette.ink2)
    name = theme.fitted(whose_text(life, life.client), room, 16, weight)
    texts = (
        Text(x + 16.0, y + height / 2 + 5.0, label, palette.ink2, 14),
        Text(at, y + height / 2 + 6.0, name, token, 16, weight),
    )
    found = Drawing((tile(x, y, width, height, palette),), texts)
    spot = Spot(x, y, width, height, "whose")
    return found + key + Drawing(spots=(spot,)) if open_to_choice else found


def whose_page(paper: Paper, life: Life) -> Drawing:
    """Return the list of clients to choose from, and before them what is chosen without one."""
    palette, low = paper.palette, paper.height < LOW
    y, first_row = (40.0, 92.0) if low else (104.0, 164.0)
    of_marks = life.state is State.LABELS
    title = tr("Whose marks are these?") if of_marks else tr("Whose hour is this?")
    says = (
        tr("Who has no marks of their own uses everyone's.")
        if of_marks
        else tr("It is theirs from the beginning, and can be said otherwise afterwards.")
    )
    names, pick = choices(life), life.pick or 0
    most = max(int((paper.height - 60.0 - first_row) // ROW), 1)
    first = min(max(pick - most + 1, 0), max(len(names) - most, 0))
    hidden = len(names) - most
    more = trn("{count} more", "{count} more", hidden, count=hidden) if hidden > 0 else ""
    room = LEFT + WIDTH - 96.0 - LEFT
    texts = (
        Text(LEFT, y, title, palette.ink, 28, 600),
        Text(LEFT, y + 28.0, theme.fitted(says, room, 16), palette.ink2, 16),
        Text(LEFT + WIDTH, y + 28.0, more, palette.ink2, 14, align="right"),
    )
    rule = ((LEFT, first_row - 8.5), (LEFT + WIDTH, first_row - 8.5))
    found = Drawing((Path(rule, Stroke(palette.hair, 1.0)),), texts)
    for place, name in enumerate(names[first : first + most], first):
        top = first_row + ROW * (place - first)
        found += _row(palette, life, name, top, place, chosen=place == pick)
    return found


def _row(
    palette: Palette, life: Life, name: str | None, top: float, place: int, *, chosen: bool
) -> Drawing:
    has_own = own_labels(life, name) is not None
    quiet = tr("marks of their own") if has_own else ""
    room = WIDTH - 40.0 - theme.text_width(quiet, 14)
    words = theme.fitted(whose_text(life, name), room, 16, 600)
    texts = (
        Text(LEFT + 12.0, top + ROW / 2 + 6.0, words, palette.ink, 16, 600 if name else 400),
        Text(LEFT + WIDTH - 12.0, top + ROW / 2 + 5.0, quiet, palette.ink2, 14, align="right"),
    )
    box = tile(LEFT - 8.0, top + 1.0, WIDTH + 16.0, ROW - 2.0, palette, chosen=True)
    return Drawing((box,) if chosen else (), texts, (Spot(LEFT, top, WIDTH, ROW, f"take {place}"),))


def whose_text(life: Life, name: str | None) -> str:
    """Return a client's name, or what is said where none is chosen."""
    if name is not None:
        return harmless(name)
    return tr("everyone here") if life.state is State.LABELS else tr("named afterwards")
