"""The window from its beginning to a session's end: one life cycle, and the pages around it."""

from gui.start.life import State
from gui.start.settled import palette_of, prefer
from gui.start.window import Shell

__all__ = [
    "Shell",
    "State",
    "palette_of",
    "prefer",
]
