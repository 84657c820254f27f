"""The client's report, sentence by sentence, to be put in a person's own words before it leaves."""

from __future__ import annotations

from collections.abc import Sequence

from gui.shared import Stroke, straight, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, joined, paragraph, tile, wrapped
from gui.start.life import Asks, Life
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.recording import Sentence
from pipelines.words import written_text

LEFT, ASIDE = 128.0, 104.0
"""Where the sentences begin, and the room beside them for what was done to each."""
LOW = 700.0
FOOT = 72.0
STEP, SPACE = 22.0, 16.0
"""From line to line, and what a row is higher than its lines."""
FIELD = 36.0


def sentences_page(paper: Paper, life: Life) -> Drawing:
    """Return the sentences that there is room for, the chosen one among them."""
    palette, top = paper.palette, _top(paper)
    title_y = 64.0 if paper.height < LOW else 112.0
    title = Text(LEFT, title_y, tr("For the client, in your words"), palette.ink, 40, 600)
    room = paper.right - LEFT
    about = paragraph(
        LEFT, title_y + 30.0, harmless(_says(life), most=None), room,
        token=palette.ink2, size=16, step=STEP,
    )  # fmt: skip
    sentences = life.desk.sentences or ()
    shown = _shown(paper, sentences, life.row)
    found = Drawing(texts=(title,)) + about
    if not shown:
        return found
    rule = straight((LEFT, top - 6.5), (paper.right, top - 6.5), Stroke(palette.line, 1.0))
    hidden = len(sentences) - len(shown)
    more = trn("{count} more", "{count} more", hidden) if hidden else ""
    count = Text(paper.right, top - 14.0, more, palette.ink2, 14, align="right")
    rows = (_row(paper, life, place, y) for place, y in shown)
    return found + Drawing((rule,), (count,)) + joined(rows)


def _says(life: Life) -> str:
    desk = life.desk
    if desk.refusal is not None:
        return desk.refusal
    if desk.written is not None:
        return written_text(desk.written)
    if desk.busy or desk.sentences is None:
        return tr("One moment")
    return tr(
        "A sentence can be put otherwise or left empty; no number can be changed or added. What "
        "you change is listed at the report's end."
    )


def _top(paper: Paper) -> float:
    """Return the upper edge of the first row."""
    return 152.0 if paper.height < LOW else 208.0


def _lines(paper: Paper, sentence: Sentence) -> list[str]:
    """Return what stands in a row: what is said, or what would be, had nobody left it out."""
    room = paper.right - LEFT - ASIDE
    return wrapped(sentence.words or sentence.program, room, 16)


def _height(paper: Paper, sentence: Sentence) -> float:
    return SPACE + STEP * len(_lines(paper, sentence))


def _shown(
    paper: Paper, sentences: Sequence[Sentence], chosen: int
) -> tuple[tuple[int, float], ...]:
    """Return which rows there is room for, each with its upper edge; the chosen is one of them."""
    top, heights = _top(paper), [_height(paper, one) for one in sentences]
    room = paper.height - FOOT - top
    first = 0
    while first < chosen and sum(heights[first : chosen + 1]) > room:
        first += 1
    found: list[tuple[int, float]] = []
    y = top
    for place in range(first, len(sentences)):
        if found and y + heights[place] > top + room:
            break
        found.append((place, y))
        y += heights[place]
    return tuple(found)


def _row(paper: Paper, life: Life, place: int, top: float) -> Drawing:
    palette, chosen = paper.palette, place == life.row
    sentence = (life.desk.sentences or ())[place]
    height = _height(paper, sentence)
    asked = chosen and life.asks is Asks.SENTENCE
    token = palette.ink if sentence.words else palette.ink2
    texts = [
        Text(LEFT, top + SPACE / 2 + 16.0 + STEP * number, line, token, 16)
        for number, line in enumerate([] if asked else _lines(paper, sentence))
    ]
    if sentence.by_hand:
        done = tr("by hand") if sentence.words else tr("left out")
        done = theme.fitted(done, ASIDE - 16.0, 14, 600)
        y = top + SPACE / 2 + 16.0
        texts.append(Text(paper.right, y, done, palette.ink2, 14, 600, "right"))
    width = paper.right - LEFT + 32.0
    box = tile(LEFT - 16.0, top, width, height, palette, chosen=True)
    spot = Spot(LEFT - 16.0, top, width, height, "sentence" if chosen else f"row {place}")
    return Drawing((box,) if chosen else (), tuple(texts), (spot,))


def sentence_place(paper: Paper, life: Life) -> tuple[float, float, float, float]:
    """Return where the chosen sentence is written: x, y, width, height."""
    sentences = life.desk.sentences or ()
    top = dict(_shown(paper, sentences, life.row)).get(life.row, _top(paper))
    height = _height(paper, sentences[life.row]) if life.row < len(sentences) else FIELD
    return LEFT - 8.0, top + (height - FIELD) / 2, paper.right - LEFT + 16.0, FIELD
