"""English in disguise: other letters and longer words show what was never handed to a catalogue.

Letters that are written from the right show what a page does in Arabic, Hebrew, Persian or Urdu.
"""

from __future__ import annotations

import re
from gettext import NullTranslations
from string import ascii_lowercase, ascii_uppercase
from typing import Final

_KEPT: Final = re.compile(r"(\{[^{}]*\}|\{\{|\}\}|`[^`]*`|--[a-z-]+)")
_LETTERS: Final = str.maketrans("aceinosuyzACEINOSUYZ", "áçéíñóšúýžÁÇÉÍÑÓŠÚÝŽ")
_HEBREW: Final = "אבסדהףגחיזכלמנעפקרשתוטצךץם"
_FROM_THE_RIGHT: Final = str.maketrans(ascii_lowercase + ascii_uppercase, 2 * _HEBREW)


class Pseudo(NullTranslations):
    """A translation that any message has.

    Parameters
    ----------
    longer : float
        How many times as long as English it is.
    from_the_right : bool
        Whether its letters are written from the right to the left.
    """

    def __init__(self, longer: float, *, from_the_right: bool = False) -> None:
        super().__init__()
        self._longer, self.from_the_right = longer, from_the_right
        self._letters = _FROM_THE_RIGHT if from_the_right else _LETTERS

    def gettext(self, message: str) -> str:
        """Return the message between brackets, its letters replaced, its fields kept."""
        parts = _KEPT.split(message)
        parts[::2] = [part.translate(self._letters) for part in parts[::2]]
        more = round(len(message) * (self._longer - 1.0)) - 2
        return f"⟦{''.join(parts)}{'~' * more}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the one or the other, as `gettext` does."""
        return self.gettext(msgid1 if n == 1 else msgid2)
