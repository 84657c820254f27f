"""Review: a stored hour as a page, what is looked at in it, and what is decided of it."""

from gui.review.course import Looking, Opened, scrubbed
from gui.review.page import clicked, review_page, wheeled, words_place

__all__ = [
    "Looking",
    "Opened",
    "clicked",
    "review_page",
    "scrubbed",
    "wheeled",
    "words_place",
]
