"""Where the parts of the library's page lie, and what it says besides the library itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gui.shared import Box, theme
from gui.shared.drawing import Paper

LOW, WIDE = 700.0, 1100.0
"""Logical height below which rows are nearer, and width below which columns are narrower."""
FOOT = 60.0
"""Logical pixels at the foot, for the keys."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says besides the library itself.

    Attributes
    ----------
    message : str
        What was done, or why not.
    minutes, years : int or None
        After how many minutes without use it locks itself, and how long sessions are to be kept;
        None for never and for no rule.
    unread : int
        How many sessions' words are not known yet.
    asks : str
        What is being written: "search", "note" or "".
    lockable : bool
        Whether a passphrase opens it.
    """

    message: str = ""
    minutes: int | None = None
    years: int | None = None
    unread: int = 0
    asks: str = ""
    lockable: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a page's parts lie for its size."""

    clients: Box
    client_step: float
    x: float
    right: float
    hour: float
    hour_wide: float
    words: float
    head: float
    first: float
    step: float
    foot: float
    search: Box

    @property
    def rows(self) -> int:
        """How many sessions there is room for."""
        return max(int((self.foot - self.first) // self.step), 1)

    @property
    def client_rows(self) -> int:
        """How many clients there is room for."""
        return max(int((self.clients.height + 8.0) // self.client_step), 1)


def grid(paper: Paper) -> Grid:
    """Return where the parts lie."""
    low, wide = paper.height < LOW, paper.width >= WIDE
    left = theme.MARGIN
    width = 344.0 if wide else 232.0
    x = left + width + (48.0 if wide else 32.0)
    first_client = 156.0 if low else 208.0
    bottom = paper.height - FOOT
    hour_wide = 224.0 if wide else 128.0
    hour = x + (184.0 if wide else 144.0)
    search = Box(left, 72.0, width, 40.0) if low else Box(left, 112.0, width, 44.0)
    clients = Box(left, first_client, width, bottom - 12.0 - first_client)
    first = 172.0 if low else 220.0
    foot = bottom - (56.0 if low else 92.0)
    return Grid(
        clients, 54.0 if low else 72.0, x, paper.right, hour, hour_wide,
        hour + hour_wide + (32.0 if wide else 16.0), 148.0 if low else 196.0, first,
        60.0 if low else 72.0, foot, search,
    )  # fmt: skip


def first_shown(chosen: int, count: int, most: int) -> int:
    """Return the first of so many rows that is shown, so that the chosen one is, in the middle."""
    return min(max(chosen - most // 2, 0), max(count - most, 0))


def first_that_fits(each: Sequence[str], room: float, size: int = 14, weight: int = 400) -> str:
    """Return the first of some words that there is room for, or the last cut short."""
    fits = (words for words in each if theme.text_width(words, size, weight) <= room)
    return next(fits, theme.fitted(each[-1], room, size, weight))
