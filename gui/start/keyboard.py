"""What keys are called in the table of keys, and which are none of its business."""

from __future__ import annotations

from PySide6.QtCore import Qt

NAMES: dict[Qt.Key, str] = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_Question: "?",
    Qt.Key.Key_F1: "?",
    Qt.Key.Key_Minus: "-",
    Qt.Key.Key_Plus: "+",
    Qt.Key.Key_Equal: "+",
    **{Qt.Key(ord(letter)): letter for letter in "BCFGHIKLMNOPRSTUVWX"},
    **{Qt.Key(Qt.Key.Key_0 + digit): str(digit) for digit in range(10)},
}
REPEATED = frozenset(("up", "down", "before", "after", "left", "right", "closer", "wider"))
"""Actions that go on while their key is held down."""
PASSED = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
NO_PEDAL = (
    *(Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta),
    Qt.Key.Key_unknown,
)
"""Keys that come before another, and what no keyboard tells apart."""
