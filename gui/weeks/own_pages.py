"""Pages of one's own: those that were kept, one that is written or read, and keep or let go."""

from __future__ import annotations

from gui.shared import theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, joined, tile, wrapped
from gui.weeks.course import Leaf, Telling, chosen_page
from gui.weeks.head import LEFT, LOW, head
from pipelines.language import tr
from pipelines.weeks import OwnPage, Story
from pipelines.words import day_text

ROW, APART = 44.0, 8.0


def own_pages(paper: Paper, story: Story, telling: Telling, refusal: str | None) -> Drawing:
    """Return the page of words that is open on pages of one's own.

    `refusal` says what was not taken in, or not done.
    """
    match telling.leaf:
        case Leaf.WRITING:
            return _titled(
                paper, tr("A page of my own"),
                refusal
                or tr("Write what is on your mind. Only you can read it. When you are done, keep "
                      "it or let it go."),
            )  # fmt: skip
        case Leaf.DECIDING:
            return _titled(
                paper, tr("Keep it, or let it go?"),
                tr("If you keep it, it is sealed in your own file and shared with nobody."),
                tr("If you let it go, it was never kept. Nobody can bring it back."),
            )  # fmt: skip
        case Leaf.READING:
            page = chosen_page(telling, story)
            return _titled(
                paper, tr("A page of my own"), "" if page is None else day_text(page.day)
            )
        case Leaf.PARTING:
            return _titled(
                paper, tr("Let it go?"),
                tr("Its key and its words are destroyed. Nobody can bring them back, but a copy "
                   "of your file that you made before still holds them."),
            )  # fmt: skip
    return _list(paper, story, telling, refusal)


def page_place(paper: Paper) -> tuple[float, float, float, float]:
    """Return where a page is written and read: x, y, width, height."""
    left = _left(paper)
    top = 190.0 if paper.height < LOW else 240.0
    return left, top, min(paper.right - left, theme.READING), paper.height - top - 76.0


def _left(paper: Paper) -> float:
    return LEFT if paper.width < 1000.0 else 128.0


def _titled(paper: Paper, title: str, *paragraphs: str) -> Drawing:
    """Return a title, and sentences below it."""
    palette, left, low = paper.palette, _left(paper), paper.height < LOW
    size, y = (20, 104.0) if low else (28, 150.0)
    room = min(paper.right - left, theme.READING)
    texts = [Text(left, y, title, palette.ink, size, 600)]
    y += 28.0
    for words in filter(None, paragraphs):
        for line in wrapped(words, room, 16):
            texts.append(Text(left, y, line, palette.ink2, 16))
            y += 22.0
        y += 6.0
    return head(paper, "") + Drawing(texts=tuple(texts))


def _list(paper: Paper, story: Story, telling: Telling, refusal: str | None) -> Drawing:
    """Return the pages that were kept, the newest first, around the chosen one."""
    kept = story.pages
    said = tr("Each has a lock of its own, and none is ever shared.")
    if telling.draft:
        said = tr("You have begun a page. It is kept only once you say so.")
    elif not kept:
        said = tr("There is none yet.")
    found = _titled(paper, tr("Pages of my own"), refusal or said)
    left, top, width, height = page_place(paper)
    room = max(int((height + APART) // (ROW + APART)), 1)
    chosen = telling.row
    first = min(max(chosen - room // 2, 0), max(len(kept) - room, 0))
    return found + joined(
        _row(paper, page, first + place, chosen, (left, top + place * (ROW + APART), width))
        for place, page in enumerate(kept[first : first + room])
    )


def _row(
    paper: Paper, page: OwnPage, number: int, chosen: int, place: tuple[float, float, float]
) -> Drawing:
    (x, y, width), palette = place, paper.palette
    taken = number == chosen
    box = tile(x, y, width, ROW, palette, chosen=taken, filled=True)
    words = day_text(page.day)
    text = Text(x + 16.0, y + 28.0, words, palette.ink, 16, 600 if taken else 400)
    return Drawing((box,), (text,), (Spot(x, y, width, ROW, f"page {number}", taken),))
