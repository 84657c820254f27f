"""A person's weeks: the page, the weekly question, and what is chosen there."""

from gui.weeks.course import Leaf, Telling, asks_now, chosen_week, pressed, settled, words_entry
from gui.weeks.field import PageField
from gui.weeks.own_pages import page_place
from gui.weeks.page import told_place, week_at, weeks_page

__all__ = [
    "Leaf",
    "PageField",
    "Telling",
    "asks_now",
    "chosen_week",
    "page_place",
    "pressed",
    "settled",
    "told_place",
    "week_at",
    "weeks_page",
    "words_entry",
]
