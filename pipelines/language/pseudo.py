"""English in disguise: other letters and longer words show what was never handed to a catalogue."""

from __future__ import annotations

import re
from gettext import NullTranslations
from typing import Final

_KEPT: Final = re.compile(r"(\{[^{}]*\}|\{\{|\}\}|`[^`]*`|--[a-z-]+)")
_LETTERS: Final = str.maketrans("aceinosuyzACEINOSUYZ", "áçéíñóšúýžÁÇÉÍÑÓŠÚÝŽ")


class Pseudo(NullTranslations):
    """A translation that any message has.

    Parameters
    ----------
    longer : float
        How many times as long as English it is.
    """

    def __init__(self, longer: float) -> None:
        super().__init__()
        self._longer = longer

    def gettext(self, message: str) -> str:
        """Return the message between brackets, its letters replaced, its fields kept."""
        parts = _KEPT.split(message)
        parts[::2] = [part.translate(_LETTERS) for part in parts[::2]]
        more = round(len(message) * (self._longer - 1.0)) - 2
        return f"⟦{''.join(parts)}{'~' * more}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the one or the other, as `gettext` does."""
        return self.gettext(msgid1 if n == 1 else msgid2)
