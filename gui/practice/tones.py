"""Whether the tones are heard: as a person wants them, with eyes closed, and silent when calm."""

from __future__ import annotations

from gui.practice.sound import Sound


class Tones:
    """What is wanted of the tones, and the sound itself."""

    def __init__(self, sound: Sound) -> None:
        self.sound = sound
        self.wanted = False
        self.eyes_closed = False
        self._before = False
        """Whether they were wanted before the eyes were closed."""

    def close_eyes(self) -> None:
        """Close the eyes, which wants the tones, or open them again."""
        self.eyes_closed = not self.eyes_closed
        if self.eyes_closed:
            self._before, self.wanted = self.wanted, True
        else:
            self.wanted = self._before

    def switch(self, *, calm: bool) -> str | None:
        """Let them be heard as is wanted; return one sentence where this computer has no sound."""
        if not self.wanted or calm:
            self.sound.stop()
            return None
        trouble = self.sound.start()
        if trouble is not None:
            self.wanted = False
        return trouble
