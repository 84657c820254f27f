"""The practice view's keys: what each stands for, in the bar, on the page of keys, and in Qt."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt

from gui.shared import KEYS as SHARED
from gui.shared import KeyHint
from pipelines.language import tr

KEYS: Mapping[int, str] = {
    **SHARED,
    Qt.Key.Key_S: "sound",
    Qt.Key.Key_E: "eyes",
    Qt.Key.Key_W: "join",
    Qt.Key.Key_I: "heart",
    Qt.Key.Key_Y: "assess",
    Qt.Key.Key_Minus: "slower",
    Qt.Key.Key_Underscore: "slower",
    Qt.Key.Key_Plus: "quicker",
    Qt.Key.Key_Equal: "quicker",
}
"""Action by key. Minus and plus also without or with Shift, as keyboards differ."""

JOIN = KeyHint("W", tr("with the strap"), "join")
"""Shown only where there is a strap that can join."""
HEART = KeyHint("I", tr("breathe with your heart"), "heart")
GUIDE = KeyHint("I", tr("follow the guide"), "heart")
"""Shown only with a strap, in the same place."""
ASSESS = KeyHint("Y", tr("find your pace"), "assess")
"""Shown at the end only, and only where it can be found out."""
ALWAYS = ("calm", "mark", "light", "full")
UNDER_CALM = (*ALWAYS, "finish")
UNDER_HELP = (*ALWAYS, "help")
UNDER_ASKING = ("calm", "light", "full", "finish", "assess")
UNDER_ASSESSMENT = (*ALWAYS, "sound", "eyes", "numbers", "help")
UNDER_WORDS = ("calm", "light", "full", "finish")
"""The only actions while an assessment goes on, and while the calm screen, the page of keys or
words to read hide the rest."""

BAR = (
    KeyHint(tr("Esc"), tr("stop whenever you like"), "calm"),
    KeyHint("P", tr("pause"), "pause"),
    KeyHint("S", tr("sound"), "sound"),
    KeyHint("E", tr("eyes closed"), "eyes"),
    KeyHint("−", tr("slower"), "slower"),
    KeyHint("+", tr("quicker"), "quicker"),
    KeyHint("?", tr("keys"), "help"),
)
"""The same words in every state but the end, so that no key moves."""
END_BAR = (
    BAR[0],
    KeyHint("P", tr("once more"), "pause"),
    KeyHint(tr("Enter"), tr("done"), "finish"),
    BAR[-1],
)
"""Once the time is up."""
BEFORE_BAR = (
    (KeyHint(tr("Enter"), tr("begin"), "finish"),),
    (KeyHint(tr("Esc"), tr("back"), "calm"),),
)
"""The keys of the words before a first practice."""
ASKING_BAR = (
    (
        KeyHint(tr("Enter"), tr("in steps, 18 minutes"), "finish"),
        KeyHint("Y", tr("sliding, 15 minutes"), "assess"),
    ),
    (KeyHint(tr("Esc"), tr("back"), "calm"),),
)
"""The keys of the words before an assessment."""
ASSESSMENT_BAR = (BAR[0], *BAR[2:4], BAR[-1])
"""While an assessment goes on."""
HELP_BAR = (BAR[0],), (KeyHint("?", tr("back to the practice"), "help"),)
_HELP = (
    KeyHint(tr("Esc"), tr("stop everything at once; again: come back"), "calm"),
    KeyHint("P", tr("pause, and go on"), "pause"),
    KeyHint("S", tr("sound on or off"), "sound"),
    KeyHint("E", tr("eyes closed: dark screen and two soft tones"), "eyes"),
    KeyHint("−", tr("slower, a little at a time"), "slower"),
    KeyHint("+", tr("quicker, a little at a time"), "quicker"),
    KeyHint(tr("Enter"), tr("finish, on the calm screen or at the end"), "calm"),
    KeyHint("H", tr("show or hide the numbers"), "numbers"),
    KeyHint("L", tr("light or dark colours"), "light"),
    KeyHint("F", tr("full screen, and back"), "full"),
    KeyHint("? F1", tr("these keys"), "help"),
)
_HELP_MARK = KeyHint(tr("Space"), tr("mark this moment in the recording"), "mark")
_HELP_HEART = KeyHint("I", tr("breathe with your heart, or follow the guide again"), "heart")
_HELP_ASSESS = KeyHint("Y", tr("find out which pace suits your heart"), "assess")
_HELP_JOIN = KeyHint("W", tr("go on with the strap that is named there"), "join")


def help_rows(
    *, session: bool, offer: bool = False, assessable: bool = False
) -> tuple[KeyHint, ...]:
    """Return the rows of the page of keys: in a `session`, and where a strap is on `offer`.

    Where it can be found out which pace suits, that has a row, too.
    """
    own = (_HELP_MARK, _HELP_HEART) if session else ()
    join = (_HELP_JOIN,) if offer else ()
    assess = (_HELP_ASSESS,) if assessable else ()
    return (*_HELP[:-1], *own, *join, *assess, _HELP[-1])
