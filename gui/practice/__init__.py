"""The patient's view: a breathing guide, with or without a strap."""

from gui.practice.view import PracticeView

__all__ = [
    "PracticeView",
]
