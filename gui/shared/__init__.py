"""What the views have in common: theme, shapes, keys, pages, and the way to a running session."""

from gui.shared import mirror, theme
from gui.shared.buttons import Place, Places, QuietButton
from gui.shared.clock import SessionClock
from gui.shared.key_bar import BETWEEN, CAP_HEIGHT, KeyBar, KeyHint, cap_width, keys_width
from gui.shared.keys import KEYS, KeyView
from gui.shared.orders import Answer, Orders
from gui.shared.pages import CALM, CalmPage, HelpPage, Page
from gui.shared.poller import Poller, Update
from gui.shared.shapes import (
    Box,
    Disc,
    LowerHalf,
    Path,
    Point,
    Polygon,
    Rectangle,
    Shape,
    Stroke,
    draw,
    straight,
)
from gui.shared.speaker import Speaker

__all__ = [
    "BETWEEN",
    "CALM",
    "CAP_HEIGHT",
    "KEYS",
    "Answer",
    "Box",
    "CalmPage",
    "Disc",
    "HelpPage",
    "KeyBar",
    "KeyHint",
    "KeyView",
    "LowerHalf",
    "Orders",
    "Page",
    "Path",
    "Place",
    "Places",
    "Point",
    "Poller",
    "Polygon",
    "QuietButton",
    "Rectangle",
    "SessionClock",
    "Shape",
    "Speaker",
    "Stroke",
    "Update",
    "cap_width",
    "draw",
    "keys_width",
    "mirror",
    "straight",
    "theme",
]
