"""The practice view's keys: what each stands for, in the bar, on the page of keys, and in Qt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from gui.keys import KeyHint

KEYS = {
    Qt.Key.Key_Escape: "calm",
    Qt.Key.Key_P: "pause",
    Qt.Key.Key_S: "sound",
    Qt.Key.Key_E: "eyes",
    Qt.Key.Key_Minus: "slower",
    Qt.Key.Key_Underscore: "slower",
    Qt.Key.Key_Plus: "quicker",
    Qt.Key.Key_Equal: "quicker",
    Qt.Key.Key_H: "numbers",
    Qt.Key.Key_L: "light",
    Qt.Key.Key_F: "full",
    Qt.Key.Key_Space: "mark",
    Qt.Key.Key_Return: "finish",
    Qt.Key.Key_Enter: "finish",
    Qt.Key.Key_Question: "help",
    Qt.Key.Key_F1: "help",
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
CALM_BAR = (KeyHint("Esc", "back", "calm"), KeyHint("Enter", "finish here", "finish"))
HELP_BAR = (KeyHint("Esc", "stop whenever you like", "calm"), KeyHint("?", "back", "help"))
_MARK = KeyHint("Space", "mark", "mark")
_HELP = (
    KeyHint("Esc", "stop everything at once; press it again to come back", "calm"),
    KeyHint("P", "pause, and go on", "pause"),
    KeyHint("S", "sound on or off", "sound"),
    KeyHint("E", "eyes closed: a dark screen and two soft tones; again to end it", "eyes"),
    KeyHint("−", "slower, a little at a time", "slower"),
    KeyHint("+", "quicker, a little at a time", "quicker"),
    KeyHint("H", "show or hide the numbers", "numbers"),
    KeyHint("L", "light or dark", "light"),
    KeyHint("F", "full screen, and back", "full"),
    KeyHint("Enter", "finish, on the calm screen or at the end", "finish"),
    KeyHint("?", "this page, and back", "help"),
)
_HELP_MARK = KeyHint("Space", "mark this moment in the recording", "mark")


def bar(*, calm: bool, help_shown: bool, session: bool) -> tuple[Sequence[KeyHint], ...]:
    """Return the keys at the left and at the right of the foot."""
    if calm:
        return CALM_BAR, (_MARK,) if session else ()
    return (HELP_BAR if help_shown else BAR), ()


def help_rows(*, session: bool) -> tuple[KeyHint, ...]:
    """Return the rows of the page of keys."""
    return (*_HELP[:-1], _HELP_MARK, _HELP[-1]) if session else _HELP
