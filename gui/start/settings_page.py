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
from pipelines.language import tr, translatable
from pipelines.settings import CHOICES, WRITTEN

LEFT, LOW = 128.0, 700.0
"""Left margin, and the logical height below which there is less room between rows."""
CHOICES_LEFT, BETWEEN, TALL = LEFT + 176.0, 8.0, 34.0
FOOT = 60.0
"""Logical pixels at the foot, for the keys."""

_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "language": translatable("Language"),
        "colours": translatable("Colours"),
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
        ("text", "usual"): translatable("usual"),
        ("text", "large"): translatable("large"),
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
        "text": translatable("At once. Half as large again, in windows of 1280 by 800 and more."),
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
    palette = paper.palette
    top, first, step = _rows_at(paper)
    title = Text(LEFT, top, tr("Settings"), palette.ink, 40, 600)
    rows = joined(_row(paper, life, row, first + step * row, step) for row in range(len(CHOICES)))
    rows += joined(_written(paper, life, len(CHOICES) + n) for n in range(len(WRITTEN)))
    told = _told(life)
    foot = first + step * _ROWS + (16.0 if paper.height < LOW else 24.0)
    room, low = paper.right - LEFT, paper.height < LOW
    size, step = (14, 17.0) if low else (16, 22.0)
    about = paragraph(LEFT, foot, told, room, token=palette.ink, size=size, step=step)
    kept = tr("Kept on this computer, for whoever signs in as you do now.")
    y = foot + (52.0 if low else 48.0)
    below = paragraph(LEFT, y, note or kept, room, token=palette.ink2, size=size, step=step)
    return Drawing(texts=(title,)) + rows + about + below


def _rows_at(paper: Paper) -> tuple[float, float, float]:
    """Return where the title stands and the rows begin, and the step from row to row."""
    title, first = (44.0, 56.0) if paper.height < LOW else (84.0, 116.0)
    room = paper.height - FOOT - first - (72.0 if paper.height < LOW else 100.0)
    return title, first, min(room / _ROWS, 52.0)


def _told(life: Life) -> str:
    """Return what is said of the chosen row."""
    if life.row >= len(CHOICES):
        return tr(_WRITTEN[WRITTEN[life.row - len(CHOICES)]][1])
    name = list(CHOICES)[life.row]
    return f"{tr(_TITLES[name])}: {_words(name, getattr(life.settings, name))}. {tr(_WHEN[name])}"


def written_place(paper: Paper, row: int) -> tuple[float, float, float, float]:
    """Return where the words of a row are written: x, y, width, height."""
    _, first, step = _rows_at(paper)
    y = first + step * row
    return CHOICES_LEFT, y + 1.0, paper.right - CHOICES_LEFT - 8.0, step - 8.0


def _written(paper: Paper, life: Life, row: int) -> Drawing:
    """Return a row that holds words of the person's own."""
    palette, action = paper.palette, WRITTEN[row - len(CHOICES)]
    own = harmless(getattr(life.settings, action))
    _, first, step = _rows_at(paper)
    y, (x, _, width, _) = first + step * row, written_place(paper, row)
    box = tile(LEFT - 16.0, y, paper.right - LEFT + 16.0, step - 6.0, palette, chosen=True)
    base, asked = y + step / 2 + 3.0, life.asks in (Asks.CONTACT, Asks.AUTHOR) and row == life.row
    words = "" if asked else own or tr("nobody yet")
    texts = (
        Text(LEFT, base, tr(_WRITTEN[action][0]), palette.ink, 16, 600),
        Text(x + 14.0, base, theme.fitted(words, width - 14.0, 16), palette.ink, 16),
    )
    spots = (
        Spot(LEFT - 16.0, y, CHOICES_LEFT - LEFT, step - 6.0, f"row {row}"),
        Spot(x, y, width, step - 6.0, action),
    )
    return Drawing((box,) if life.row == row else (), texts, spots)


def _row(paper: Paper, life: Life, row: int, y: float, step: float) -> Drawing:
    palette, name = paper.palette, list(CHOICES)[row]
    box = tile(LEFT - 16.0, y, paper.right - LEFT + 16.0, step - 6.0, palette, chosen=True)
    text = Text(LEFT, y + step / 2 + 3.0, tr(_TITLES[name]), palette.ink, 16, 600)
    spot = Spot(LEFT - 16.0, y, CHOICES_LEFT - LEFT, step - 6.0, f"row {row}")
    found = Drawing((box,) if row == life.row else (), (text,), (spot,))
    x = CHOICES_LEFT
    for place, choice in enumerate(CHOICES[name]):
        taken = getattr(life.settings, name) == choice
        words = _words(name, choice)
        width = 46.0 + theme.text_width(words, 16, 600)
        tall = min(TALL, step - 10.0)
        at = Box(x, y + (step - 6.0 - tall) / 2, width, tall)
        found += _choice(palette, at, words, f"set {row} {place}", taken=taken)
        x += width + BETWEEN
    return found


def _choice(palette: Palette, at: Box, words: str, action: str, *, taken: bool) -> Drawing:
    """Return one choice; what is taken is told by a full dot and heavier letters."""
    middle = at.x + 20.0, at.y + at.height / 2
    dot = [Disc(middle, 7.0, fill=palette.paper, stroke=Stroke(palette.line, 1.5))]
    if taken:
        dot.append(Disc(middle, 4.5, fill=palette.lake))
    weight = 600 if taken else 400
    text = Text(at.x + 34.0, middle[1] + 6.0, words, palette.ink, 16, weight)
    spot = Spot(at.x, at.y, at.width, at.height, action, taken)
    box = tile(at.x, at.y, at.width, at.height, palette, filled=taken)
    return Drawing((box, *dot), (text,), (spot,))


def _words(name: str, choice: str) -> str:
    """Return a choice in words; a language is named in itself."""
    return _OWN_NAMES.get(choice) or tr(_WORDS[name, choice])
