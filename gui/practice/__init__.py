"""The patient's view: a breathing guide, with or without a strap."""

from gui.practice.view import MINUTES, RATE, PracticeView

__all__ = [
    "MINUTES",
    "RATE",
    "PracticeView",
]
