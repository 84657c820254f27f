"""What the therapist guessed before looking: in the table's place, when they ask for it."""

from __future__ import annotations

from gui.shared import Stroke, straight, theme
from gui.shared.drawing import Drawing, Paper, Text, wrapped
from pipelines.analysis import Guessed
from pipelines.language import tr, trn
from pipelines.words import (
    NO_MEASURE,
    clock_text,
    guess_text,
    guessing_text,
    missed_text,
    sensed_text,
)

ROW = 28.0
COLUMN = 360.0
"""Logical pixels of a column of rows at least."""
LINE = 22.0
BELOW = 14.5
"""Logical pixels from the last sentence's line to the rule under it."""
TIME = 64.0
"""Logical pixels from a row's time to its words."""
FOOT = 64.0


def guesses(paper: Paper, told: Guessed, y: float) -> Drawing:
    """Return the sentences from line `y` on, and each guess and each rise without one, in order."""
    palette, room = paper.palette, paper.right - theme.MARGIN
    rises = told.sensed + len(told.missed_s)
    sentence = sensed_text(told.counted, told.sensed, rises, told.by_chance)
    lines = [
        (line, palette.ink, 16, 600)
        for words in (guessing_text(told.seconds_s, told.counted), sentence)
        for line in wrapped(words, room, 16, 600)
    ]
    lines += [(line, palette.ink2, 14, 400) for line in wrapped(tr(NO_MEASURE), room, 14)]
    texts = [
        Text(theme.MARGIN, y + LINE * place, line, token, size, weight)
        for place, (line, token, size, weight) in enumerate(lines)
    ]
    foot = y + LINE * (len(lines) - 1) + BELOW
    rule = straight((theme.MARGIN, foot), (paper.right, foot), Stroke(palette.line, 1.0))
    return Drawing((rule,), (*texts, *_rows(paper, told, foot + ROW)))


def _rows(paper: Paper, told: Guessed, first: float) -> list[Text]:
    """Return the rows, column after column; those that find no room are counted."""
    palette = paper.palette
    lines = sorted(
        [(one.time_s, guess_text(one.late_s, counts=one.counts)) for one in told.guesses]
        + [(time, missed_text()) for time in told.missed_s]
    )
    width = paper.right - theme.MARGIN
    columns = max(int(width // COLUMN), 1)
    high = max(int((paper.height - FOOT - first) // ROW) + 1, 1)
    shown = lines[: columns * high]
    texts: list[Text] = []
    for place, (time, words) in enumerate(shown):
        column, row = divmod(place, high)
        x, y = theme.MARGIN + column * width / columns, first + row * ROW
        told_so = theme.fitted(words, width / columns - TIME - theme.GUTTER, 16)
        texts.append(Text(x, y, clock_text(time), palette.ink, 16))
        texts.append(Text(x + TIME, y, told_so, palette.ink, 16))
    if len(shown) < len(lines):
        more = trn("{count} more", "{count} more", len(lines) - len(shown))
        texts.append(Text(paper.right, first - ROW - BELOW, more, palette.ink2, 14, align="right"))
    if not lines:
        texts.append(Text(theme.MARGIN, first, tr("Nothing was guessed."), palette.ink2, 16))
    return texts
