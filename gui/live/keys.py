"""Which key does what in the live view; no key changes its meaning while recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt

from gui.shared import KEYS as SHARED
from gui.shared import KeyHint
from pipelines.language import tr

KEYS: Mapping[int, str] = {
    **SHARED,
    **{Qt.Key.Key_0 + digit: f"label {digit}" for digit in range(1, 10)},
    Qt.Key.Key_Backspace: "undo",
    Qt.Key.Key_J: "earlier",
    Qt.Key.Key_N: "note",
    Qt.Key.Key_B: "baseline",
    Qt.Key.Key_T: "talking",
    Qt.Key.Key_U: "posture",
    Qt.Key.Key_C: "context",
    Qt.Key.Key_Q: "rest",
    Qt.Key.Key_K: "touch",
    Qt.Key.Key_M: "movement",
    Qt.Key.Key_A: "consent",
    Qt.Key.Key_O: "band",
    Qt.Key.Key_V: "voice",
    Qt.Key.Key_G: "guess",
    Qt.Key.Key_R: "sense",
    Qt.Key.Key_D: "dim",
    Qt.Key.Key_Z: "hour",
    Qt.Key.Key_Left: "page before",
    Qt.Key.Key_Right: "page after",
}
"""Action by key."""
ACROSS: Mapping[int, str] = {Qt.Key.Key_Left: "page after", Qt.Key.Key_Right: "page before"}
"""Where pages follow each other from the right."""
EARLIER = 20.0
"""Seconds before the key that J marks: one listens first."""
UNDER_CALM = ("calm", "mark", "finish")
"""The actions that the calm screen knows."""


def left_keys(labels: Sequence[str]) -> list[KeyHint]:
    """Return the keys that mark."""
    own = [KeyHint(str(n), words, f"label {n}") for n, words in enumerate(labels[:9], 1) if words]
    return [KeyHint(tr("Space"), tr("mark"), "mark"), *own]


GUESSING_KEYS = (
    KeyHint("R", tr("I sense a rise"), "sense"),
    KeyHint("G", tr("show the picture"), "guess"),
)
"""Those that come first while the picture is covered."""
RIGHT_KEYS = (
    KeyHint("T", tr("talking"), "talking"),
    KeyHint("D", tr("dim"), "dim"),
    KeyHint(tr("Esc"), tr("calm screen"), "calm"),
    KeyHint("?", tr("keys"), "help"),
)
NOTE_KEYS = (
    KeyHint(tr("Enter"), tr("keep it so"), "keep"),
    KeyHint(tr("Esc"), tr("calm screen"), "calm"),
)
"""Those that work while words are written."""
HELP_BAR = (
    (KeyHint(tr("Esc"), tr("calm screen"), "calm"),),
    (KeyHint("?", tr("back to the session"), "help"),),
)

HELP = (
    KeyHint(tr("Space"), tr("mark this moment; 1 to 9: your own label"), "mark"),
    KeyHint("J", tr("mark the moment 20 seconds ago"), "earlier"),
    KeyHint("N", tr("mark, and add a few words; Enter keeps them"), "note"),
    KeyHint(tr("Backspace"), tr("take the newest mark back"), "undo"),
    KeyHint("B", tr("take the last 3 minutes as the baseline"), "baseline"),
    KeyHint("T", tr("talking begins, ends; B in it: its baseline"), "talking"),
    KeyHint("U", tr("posture: sitting, then the next one"), "posture"),
    KeyHint("C", tr("about today; Enter skips a line, Esc all"), "context"),
    KeyHint("Q", tr("rest begins, rest ends"), "rest"),
    KeyHint("A", tr("consent to touch given, or taken back"), "consent"),
    KeyHint("V", tr("all agree: the microphone hears talking"), "voice"),
    KeyHint("G R", tr("guess: G covers all, R: I sense a rise"), "guess"),
    KeyHint("K", tr("touch begins, touch ends"), "touch"),
    KeyHint("M", tr("movement begins, ends; their own words"), "movement"),
    KeyHint("O", tr("their own band: two lines, own words"), "band"),
    KeyHint("P", tr("pause the recording, go on"), "pause"),
    KeyHint(tr("Esc"), tr("calm screen; there Enter finishes, Esc: back"), "calm"),
    KeyHint("D", tr("dim screen, bright screen"), "dim"),
    KeyHint("L", tr("light or dark colours"), "light"),
    KeyHint("F", tr("full screen"), "full"),
    KeyHint("H", tr("the arousal index, in the hour's place"), "numbers"),
    KeyHint("Z", tr("the last 5 minutes, or the whole hour"), "hour"),
    KeyHint("← →", tr("the others, where more than six are recorded"), "page round"),
    KeyHint("? F1", tr("these keys"), "help"),
)
"""Every key, and what a click on its row does; Enter, on the calm screen alone, has none."""
