"""What can be chosen for the window: a row each, its choices side by side."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gui.shared import Box, Disc, Stroke, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, joined, paragraph, tile
from gui.start.life import Asks, Life
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.settings import CHOICES, WRITTEN

LEFT, LOW = 128.0, 700.0
"""Left margin, and the logical height below which there is less room between rows."""
BESIDE, BETWEEN, TALL = 176.0, 8.0, 34.0
FOOT = 60.0
"""Logical pixels at the foot, for the keys."""
NARROW, NARROW_BESIDE = 760.0, 132.0
"""Logical width below which the margin is small, and where the choices begin beside their names."""
SMALL, SMALL_FOOT = 500.0, 136.0
"""Logical height below which rows give way, and what is kept below them for words and keys."""

_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "language": translatable("Language"),
        "colours": translatable("Colours"),
        "contrast": translatable("Contrast"),
        "text": translatable("Text"),
        "sound": translatable("Sound"),
        "motion": translatable("Motion"),
        "out": translatable("Breathing out"),
        "pauses": translatable("Pauses"),
        "lock": translatable("Locking"),
        "keep": translatable("Keeping"),
    }
)
_WORDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("language", "system"): translatable("as the system"),
        ("colours", "system"): translatable("as the system"),
        ("colours", "light"): translatable("light"),
        ("colours", "dark"): translatable("dark"),
        ("contrast", "system"): translatable("as the system"),
        ("contrast", "high"): translatable("high"),
        ("text", "100"): "100 %",
        ("text", "125"): "125 %",
        ("text", "150"): "150 %",
        ("text", "200"): "200 %",
        ("sound", "off"): translatable("off"),
        ("sound", "on"): translatable("on"),
        ("motion", "usual"): translatable("usual"),
        ("motion", "reduced"): translatable("reduced"),
        ("out", "50"): translatable("half"),
        ("out", "60"): translatable("longer"),
        ("out", "70"): translatable("much longer"),
        ("pauses", "off"): translatable("off"),
        ("pauses", "on"): translatable("on"),
        ("lock", "5"): translatable("5 min"),
        ("lock", "10"): translatable("10 min"),
        ("lock", "30"): translatable("30 min"),
        ("lock", "never"): translatable("never"),
        ("keep", "1"): translatable("1 year"),
        ("keep", "5"): translatable("5 years"),
        ("keep", "10"): translatable("10 years"),
        ("keep", "always"): translatable("no rule"),
    }
)
_WRITTEN: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "contact": (
            translatable("To call"),
            translatable(
                "Whom you would call if it gets too much. In a practice, Esc shows it at once, "
                "even while your recordings are locked."
            ),
        ),
        "author": (
            translatable("Notes by"),
            translatable(
                "Who writes the notes about sessions, as it stands beside each; who is signed in "
                "to this computer unless you say so."
            ),
        ),
    }
)
_ROWS: Final = len(CHOICES) + len(WRITTEN)
_OWN_NAMES: Final = MappingProxyType({"en": "English", "de": "Deutsch"})
_WHEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "language": translatable("From the next start of Interbeat on."),
        "colours": translatable("At once. L changes this window alone."),
        "contrast": translatable("At once, in light colours and in dark ones."),
        "text": translatable(
            "At once. Start, settings and practice grow whole; other pages to 150 %."
        ),
        "sound": translatable("Whether a practice begins with its two tones; S there changes it."),
        "motion": translatable(
            "From the next session or practice on. Reduced: no fading, and a circle that rests."
        ),
        "out": translatable(
            "From the next practice on. Breathing out takes 50, 60 or 70 of 100 parts of a breath."
        ),
        "pauses": translatable(
            "From the next practice on. A short rest after each breath out; leave it as you like."
        ),
        "lock": translatable(
            "After so long without use your recordings ask for the passphrase. A session goes on."
        ),
        "keep": translatable(
            "The library says which sessions are older. Nothing is ever deleted by itself."
        ),
    }
)


def settings_page(paper: Paper, life: Life, note: str) -> Drawing:
    """Return the settings, the chosen row's explanation, and what keeps them from being kept."""
    palette, left = paper.palette, _left(paper)
    top, first, step = _rows_at(paper)
    size = 28 if paper.height < SMALL else 40
    title = Text(left, top, tr("Settings"), palette.ink, size, 600)
    seen = _seen(paper, life)
    rows = joined(
        _row(paper, life, row, first + step * (row - seen.start), step)
        if row < len(CHOICES)
        else _written(paper, life, row)
        for row in seen
    )
    foot = first + step * len(seen) + (16.0 if paper.height < LOW else 24.0)
    return (
        Drawing(texts=(title,)) + rows + _more(paper, seen) + _words_below(paper, life, note, foot)
    )


def _words_below(paper: Paper, life: Life, note: str, foot: float) -> Drawing:
    """Return what is said of the chosen row, and where there is room where settings are kept."""
    palette, left, told = paper.palette, _left(paper), _told(life)
    room, small = paper.right - left, paper.height < SMALL
    size, step = (14, 17.0) if paper.height < LOW else (16, 22.0)
    about = paragraph(left, foot, told, room, token=palette.ink, size=size, step=step)
    if small and not note:
        return about
    kept = tr("Kept on this computer, for whoever signs in as you do now.")
    last = foot + (52.0 if paper.height < LOW else 48.0)
    return about + paragraph(
        left, last, note or kept, room, token=palette.ink2, size=size, step=step
    )


def _left(paper: Paper) -> float:
    return LEFT if paper.width >= NARROW else theme.MARGIN


def _choices_left(paper: Paper) -> float:
    return LEFT + BESIDE if paper.width >= NARROW else theme.MARGIN + NARROW_BESIDE


def _seen(paper: Paper, life: Life) -> range:
    """Return the rows that are seen: all, or as many as have room, the chosen one among them."""
    if paper.height >= SMALL:
        return range(_ROWS)
    _, first, step = _rows_at(paper)
    most = max(int((paper.height - first - SMALL_FOOT) // step), 1)
    begin = min(max(life.row - most + 1, 0), max(_ROWS - most, 0))
    return range(begin, min(begin + most, _ROWS))


def _more(paper: Paper, seen: range) -> Drawing:
    """Return how many rows are out of sight above and below, each a way there for the mouse."""
    hidden = ((seen.start, seen.start - 1), (_ROWS - seen.stop, seen.stop))
    found, x = Drawing(), paper.right
    for count, row in reversed(hidden):
        if not count:
            continue
        words = (
            trn("{count} above", "{count} above", count, count=count) if row < seen.start else ""
        )
        words = words or trn("{count} more", "{count} more", count, count=count)
        wide = theme.text_width(words, 14, 600)
        text = Text(x - wide, 36.0, words, paper.palette.ink2, 14, 600)
        found += Drawing((), (text,), (Spot(x - wide, 18.0, wide, 26.0, f"row {row}"),))
        x -= wide + 24.0
    return found


def _rows_at(paper: Paper) -> tuple[float, float, float]:
    """Return where the title stands and the rows begin, and the step from row to row."""
    if paper.height < SMALL:
        return 38.0, 52.0, 42.0
    title, first = (44.0, 56.0) if paper.height < LOW else (84.0, 116.0)
    room = paper.height - FOOT - first - (72.0 if paper.height < LOW else 100.0)
    return title, first, min(room / _ROWS, 52.0)


def _told(life: Life) -> str:
    """Return what is said of the chosen row."""
    if life.row >= len(CHOICES):
        return tr(_WRITTEN[WRITTEN[life.row - len(CHOICES)]][1])
    name = list(CHOICES)[life.row]
    return f"{tr(_TITLES[name])}: {_words(name, getattr(life.settings, name))}. {tr(_WHEN[name])}"


def written_place(paper: Paper, life: Life) -> tuple[float, float, float, float]:
    """Return where the words of the chosen row are written: x, y, width, height."""
    return _place_of(paper, life, life.row)


def _place_of(paper: Paper, life: Life, row: int) -> tuple[float, float, float, float]:
    _, first, step = _rows_at(paper)
    y, x = first + step * (row - _seen(paper, life).start), _choices_left(paper)
    return x, y + 1.0, paper.right - x - 8.0, step - 8.0


def _written(paper: Paper, life: Life, row: int) -> Drawing:
    """Return a row that holds words of the person's own."""
    palette, action, left = paper.palette, WRITTEN[row - len(CHOICES)], _left(paper)
    own = harmless(getattr(life.settings, action))
    x, above, width, tall = _place_of(paper, life, row)
    y, step = above - 1.0, tall + 8.0
    box = tile(left - 16.0, y - 2.0, paper.right - left + 16.0, step - 2.0, palette, chosen=True)
    base, asked = y + step / 2 + 3.0, life.asks in (Asks.CONTACT, Asks.AUTHOR) and row == life.row
    words = "" if asked else own or tr("nobody yet")
    called = tr(_WRITTEN[action][0])
    size = theme.fitting_size(called, x - left - 8.0, (16, 14), 600)
    texts = (
        Text(left, base, called, palette.ink, size, 600),
        Text(x + 14.0, base, theme.fitted(words, width - 14.0, 16), palette.ink, 16),
    )
    spots = (
        Spot(left - 16.0, y, x - left, step - 6.0, f"row {row}"),
        Spot(x, y, width, step - 6.0, action),
    )
    return Drawing((box,) if life.row == row else (), texts, spots)


def _row(paper: Paper, life: Life, row: int, y: float, step: float) -> Drawing:
    palette, name, left, x = paper.palette, list(CHOICES)[row], _left(paper), _choices_left(paper)
    box = tile(left - 16.0, y - 2.0, paper.right - left + 16.0, step - 2.0, palette, chosen=True)
    called = tr(_TITLES[name])
    size = theme.fitting_size(called, x - left - 8.0, (16, 14), 600)
    called = theme.fitted(called, x - left - 8.0, size, 600)
    text = Text(left, y + step / 2 + 3.0, called, palette.ink, size, 600)
    spot = Spot(left - 16.0, y, x - left, step - 6.0, f"row {row}")
    found = Drawing((box,) if row == life.row else (), (text,), (spot,))
    size, beside, most = _choice_size(paper, name, x)
    for place, choice in enumerate(CHOICES[name]):
        taken = getattr(life.settings, name) == choice
        words = theme.fitted(_words(name, choice), most, size, 600)
        width = 46.0 + theme.text_width(words, size, 600)
        tall = min(TALL, step - 10.0)
        at = Box(x, y + (step - 6.0 - tall) / 2, width, tall)
        found += _choice(palette, at, words, f"set {row} {place}", taken=taken, size=size)
        x += width + beside
    return found


def _choice_size(paper: Paper, name: str, x: float) -> tuple[int, float, float]:
    """Return the size of a row's choices, what is between them, and how wide their words may be."""
    words = [_words(name, choice) for choice in CHOICES[name]]
    for size, between in ((16, BETWEEN), (14, BETWEEN / 2)):
        wide = sum(46.0 + theme.text_width(one, size, 600) for one in words)
        if x + wide + between * (len(words) - 1) <= paper.right:
            return size, between, wide
    room = paper.right - x - between * (len(words) - 1)
    return size, between, room / len(words) - 46.0


def _choice(
    palette: Palette, at: Box, words: str, action: str, *, taken: bool, size: int
) -> Drawing:
    """Return one choice; what is taken is told by a full dot and heavier letters."""
    middle = at.x + 20.0, at.y + at.height / 2
    dot = [Disc(middle, 7.0, fill=palette.paper, stroke=Stroke(palette.line, 1.5))]
    if taken:
        dot.append(Disc(middle, 4.5, fill=palette.lake))
    weight = 600 if taken else 400
    text = Text(at.x + 34.0, middle[1] + 6.0, words, palette.ink, size, weight)
    spot = Spot(at.x, at.y, at.width, at.height, action, taken)
    box = tile(at.x, at.y, at.width, at.height, palette, filled=taken)
    return Drawing((box, *dot), (text,), (spot,))


def _words(name: str, choice: str) -> str:
    """Return a choice in words; a language is named in itself."""
    return _OWN_NAMES.get(choice) or tr(_WORDS[name, choice])
