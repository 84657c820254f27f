"""The practice view's keys: what each stands for, in the bar, on the page of keys, and in Qt."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt

from gui.shared import KEYS as SHARED
from gui.shared import KeyHint

KEYS: Mapping[int, str] = {
    **SHARED,
    Qt.Key.Key_S: "sound",
    Qt.Key.Key_E: "eyes",
    Qt.Key.Key_Minus: "slower",
    Qt.Key.Key_Underscore: "slower",
    Qt.Key.Key_Plus: "quicker",
    Qt.Key.Key_Equal: "quicker",
}
"""Action by key. Minus and plus also without or with Shift, as keyboards differ."""

ALWAYS = ("calm", "mark", "light", "full")
UNDER_CALM = (*ALWAYS, "finish")
UNDER_HELP = (*ALWAYS, "help")
"""The only actions while the calm screen or the page of keys hides the rest."""

BAR = (
    KeyHint("Esc", "stop whenever you like", "calm"),
    KeyHint("P", "pause", "pause"),
    KeyHint("S", "sound", "sound"),
    KeyHint("E", "eyes closed", "eyes"),
    KeyHint("−", "slower", "slower"),
    KeyHint("+", "quicker", "quicker"),
    KeyHint("?", "keys", "help"),
)
"""The same words in every state, so that no key moves."""
HELP_BAR = (BAR[0],), (KeyHint("?", "back to the practice", "help"),)
_HELP = (
    ("Esc", "stop everything at once; again: come back"),
    ("P", "pause, and go on"),
    ("S", "sound on or off"),
    ("E", "eyes closed: dark screen and two soft tones"),
    ("−", "slower, a little at a time"),
    ("+", "quicker, a little at a time"),
    ("Enter", "finish, on the calm screen or at the end"),
    ("H", "show or hide the numbers"),
    ("L", "light or dark colours"),
    ("F", "full screen, and back"),
    ("? F1", "these keys"),
)
_HELP_MARK = ("Space", "mark this moment in the recording")


def help_rows(*, session: bool) -> tuple[tuple[str, str], ...]:
    """Return the rows of the page of keys."""
    return (*_HELP[:-1], _HELP_MARK, _HELP[-1]) if session else _HELP
