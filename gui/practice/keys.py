"""The practice view's keys: what each stands for, in the bar, on the page of keys, and in Qt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from gui.keys import KeyHint
from pipelines.language import tr

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
    KeyHint(tr("Esc"), tr("stop whenever you like"), "calm"),
    KeyHint("P", tr("pause"), "pause"),
    KeyHint("S", tr("sound"), "sound"),
    KeyHint("E", tr("eyes closed"), "eyes"),
    KeyHint("−", tr("slower"), "slower"),
    KeyHint("+", tr("quicker"), "quicker"),
    KeyHint("?", tr("keys"), "help"),
)
"""The same words in every state, so that no key moves."""
CALM_BAR = (
    KeyHint(tr("Esc"), tr("back"), "calm"),
    KeyHint(tr("Enter"), tr("finish here"), "finish"),
)
HELP_BAR = (
    KeyHint(tr("Esc"), tr("stop whenever you like"), "calm"),
    KeyHint("?", tr("back"), "help"),
)
_MARK = KeyHint(tr("Space"), tr("mark"), "mark")
_HELP = (
    KeyHint(tr("Esc"), tr("stop everything at once; press it again to come back"), "calm"),
    KeyHint("P", tr("pause, and go on"), "pause"),
    KeyHint("S", tr("sound on or off"), "sound"),
    KeyHint("E", tr("eyes closed: a dark screen and two soft tones; again to end it"), "eyes"),
    KeyHint("−", tr("slower, a little at a time"), "slower"),
    KeyHint("+", tr("quicker, a little at a time"), "quicker"),
    KeyHint("H", tr("show or hide the numbers"), "numbers"),
    KeyHint("L", tr("light or dark"), "light"),
    KeyHint("F", tr("full screen, and back"), "full"),
    KeyHint(tr("Enter"), tr("finish, on the calm screen or at the end"), "finish"),
    KeyHint("?", tr("this page, and back"), "help"),
)
_HELP_MARK = KeyHint(tr("Space"), tr("mark this moment in the recording"), "mark")


def bar(*, calm: bool, help_shown: bool, session: bool) -> tuple[Sequence[KeyHint], ...]:
    """Return the keys at the left and at the right of the foot."""
    if calm:
        return CALM_BAR, (_MARK,) if session else ()
    return (HELP_BAR if help_shown else BAR), ()


def help_rows(*, session: bool) -> tuple[KeyHint, ...]:
    """Return the rows of the page of keys."""
    return (*_HELP[:-1], _HELP_MARK, _HELP[-1]) if session else _HELP
