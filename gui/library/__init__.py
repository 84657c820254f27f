"""The library: clients and their sessions as a page, and what is chosen there."""

from gui.library.course import NO_STOCK, NOBODY, Browsing, Side, Stock, shown, wanted
from gui.library.grid import Said
from gui.library.page import library_page, note_place, search_place, wheel_side
from gui.library.words import outcomes_text

__all__ = [
    "NOBODY",
    "NO_STOCK",
    "Browsing",
    "Said",
    "Side",
    "Stock",
    "library_page",
    "note_place",
    "outcomes_text",
    "search_place",
    "shown",
    "wanted",
    "wheel_side",
]
