"""Whose: the tile that says which client a session or the marks are for, and the list to choose."""

from __future__ import annotations

from gui.library.course import shown
from gui.shared import Path, Stroke, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, cap, tile
from gui.start.life import Asks, Life, State, can_be_named, choices, own_labels
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
    open_to_choice = can_be_named(life)
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
    if life.asks is Asks.NEW:
        return _new_page(paper)
    palette = paper.palette
    y, first_row = _tops(paper)
    title, says = _asked(life)
    names, pick = choices(life), life.pick or 0
    most = max(int((paper.height - 60.0 - first_row) // ROW), 1)
    first = min(max(pick - most + 1, 0), max(len(names) - most, 0))
    hidden = len(names) - most
    more = trn("{count} more", "{count} more", hidden, count=hidden) if hidden > 0 else ""
    count = Text(LEFT + WIDTH, y + 28.0, more, palette.ink2, 14, align="right")
    found = _heading(paper, title, says) + Drawing(texts=(count,))
    if not life.merging:
        found += _somebody_new(palette, y)
    for place, name in enumerate(names[first : first + most], first):
        top = first_row + ROW * (place - first)
        found += _row(palette, life, name, top, place, chosen=place == pick)
    return found


def _asked(life: Life) -> tuple[str, str]:
    """Return what is asked, and what follows from the answer."""
    if life.merging:
        seen = shown(life.browsing, life.stock)
        name = harmless(seen.name or "")
        return (
            tr("Who is the same person as {client}?", client=name),
            tr(
                "All sessions of {client} become theirs; nothing tells them apart then.",
                client=name,
            ),
        )
    if life.state is State.RECORDINGS:
        return tr("Whose session is this?"), tr("It moves to whomever you choose.")
    if life.state is State.LABELS:
        return tr("Whose marks are these?"), tr("Who has no marks of their own uses everyone's.")
    return (
        tr("Whose hour is this?"),
        tr("It is theirs from the beginning, and can be said otherwise afterwards."),
    )


def _tops(paper: Paper) -> tuple[float, float]:
    """Return the foot of the title, and the top of the first row."""
    return (40.0, 92.0) if paper.height < LOW else (104.0, 164.0)


def _heading(paper: Paper, title: str, says: str) -> Drawing:
    palette = paper.palette
    y, first_row = _tops(paper)
    texts = (
        Text(LEFT, y, title, palette.ink, 28, 600),
        Text(LEFT, y + 28.0, theme.fitted(says, WIDTH - 96.0, 16), palette.ink2, 16),
    )
    rule = ((LEFT, first_row - 8.5), (LEFT + WIDTH, first_row - 8.5))
    return Drawing((Path(rule, Stroke(palette.hair, 1.0)),), texts)


def _somebody_new(palette: Palette, y: float) -> Drawing:
    """Return the tile for a client who has no name yet, right of a title."""
    words, height = tr("somebody new"), 32.0
    width = theme.text_width(words, 16, 600) + 68.0
    x, top = LEFT + WIDTH - width, y - 24.0
    key, wide = cap(x + 12.0, top + height / 2 - 13.0, "N", palette)
    text = Text(x + 24.0 + wide, top + height / 2 + 6.0, words, palette.ink, 16, 600)
    spot = Spot(x, top, width, height, "new")
    return Drawing((tile(x, top, width, height, palette),), (text,), (spot,)) + key


def _new_page(paper: Paper) -> Drawing:
    """Return the page on which a client is given a name."""
    x, y, _, height = new_place(paper)
    says = tr("A name that only you can read, not the real one.")
    keeps = tr("It is kept with the first session, or with marks of their own.")
    foot = Text(x, y + height + 28.0, theme.fitted(keeps, WIDTH, 14), paper.palette.ink2, 14)
    return _heading(paper, tr("Somebody new"), says) + Drawing(texts=(foot,))


def new_place(paper: Paper) -> tuple[float, float, float, float]:
    """Return where the name of somebody new is written: x, y, width, height."""
    return LEFT, _tops(paper)[1] + 12.0, 440.0, 44.0


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
    if life.state is State.RECORDINGS:
        return tr("nobody's")
    return tr("everyone here") if life.state is State.LABELS else tr("named afterwards")
