"""Which key does what in the live view; no key changes its meaning while recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt

from gui.shared import KEYS as SHARED
from gui.shared import KeyHint

LABELS = ("touched hip", "long silence", "tears")
"""Own labels of the keys 1 to 9, as long as nobody has chosen others."""

KEYS: Mapping[int, str] = {
    **SHARED,
    **{Qt.Key.Key_0 + digit: f"label {digit}" for digit in range(1, 10)},
    Qt.Key.Key_Backspace: "undo",
    Qt.Key.Key_N: "note",
    Qt.Key.Key_B: "baseline",
    Qt.Key.Key_T: "talking",
    Qt.Key.Key_D: "dim",
    Qt.Key.Key_Z: "hour",
}
"""Action by key."""
UNDER_CALM = ("calm", "mark", "finish")
"""The actions that the calm screen knows."""


def left_keys(labels: Sequence[str]) -> list[KeyHint]:
    """Return the keys that mark."""
    own = [KeyHint(str(n), words, f"label {n}") for n, words in enumerate(labels[:9], 1)]
    return [KeyHint("Space", "mark", "mark"), *own]


RIGHT_KEYS = (
    KeyHint("T", "talking", "talking"),
    KeyHint("D", "dim", "dim"),
    KeyHint("Esc", "calm screen", "calm"),
    KeyHint("?", "keys", "help"),
)
HELP_BAR = (KeyHint("Esc", "calm screen", "calm"),), (KeyHint("?", "back to the session", "help"),)

HELP = (
    ("Space", "mark this moment"),
    ("1 – 9", "mark with your own label"),
    ("N", "mark, and add a few words; Enter keeps them"),
    ("Backspace", "take the newest mark back"),
    ("B", "take the last 3 minutes as the baseline"),
    ("T", "talking begins, talking ends"),
    ("P", "pause the recording, go on"),
    ("Enter", "finish and keep it, on the calm screen"),
    ("Esc", "calm screen; again: back"),
    ("D", "dim screen, bright screen"),
    ("L", "light or dark colours"),
    ("F", "full screen"),
    ("H", "the arousal index, in the hour's place"),
    ("Z", "the last 5 minutes, or the whole hour"),
    ("? F1", "these keys"),
)
