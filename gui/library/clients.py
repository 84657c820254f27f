"""The clients of the library, the one chosen among them."""

from __future__ import annotations

from gui.library.course import NOBODY, Browsing, Group, Shown, Side, Stock
from gui.library.grid import Grid, first_shown, first_that_fits
from gui.library.words import client_text, sessions_texts
from gui.shared import Rectangle, Shape, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, joined, tile, wrapped
from pipelines.language import tr, trn


def client_list(
    paper: Paper, where: Grid, browsing: Browsing, seen: Shown, stock: Stock
) -> Drawing:
    """Return the clients that there is room for, and that words which are nowhere are."""
    palette, box = paper.palette, where.clients
    if not stock.rows:
        return Drawing()
    count, most = len(seen.groups), where.client_rows
    first = first_shown(seen.client, count, most)
    hidden = max(count - most, 0)
    title = tr("Clients")
    aside = trn("{count} more", "{count} more", hidden) if hidden else tr("under pseudonyms")
    beside = box.width - theme.text_width(title, 14, 600) - 12.0
    aside = first_that_fits((aside, f"+{hidden}" if hidden else ""), beside)
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
    about = first_that_fits(sessions_texts(group, stock.at), room)
    texts = (
        Text(box.x + 24.0, middle - 4.0, name, palette.ink if named else palette.ink2, 16,
             600 if named else 400),
        Text(box.x + 24.0, middle + 17.0, about, palette.ink2, 14),
    )  # fmt: skip
    return Drawing(
        tuple(shapes), texts, (Spot(box.x, top, box.width, height, f"client {place}", chosen),)
    )
