"""One line of `interbeat validate`: what must be so, what was published, and what we find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes
    ----------
    ours : str
        Our figure with its unit, as it is printed; "" where it could not be tried.
    held : bool or None
        Whether the goal is met; None where it could not be tried here.
    note : str
        One sentence more: why it was missed or not tried, or what to know of the figure.
    """

    ours: str
    held: bool | None
    note: str = ""

    def __post_init__(self) -> None:
        # A comparison of arrays gives a NumPy bool, of which none "is" True or False.
        object.__setattr__(self, "held", None if self.held is None else bool(self.held))


@dataclass(frozen=True, slots=True)
class Check:
    """One goal and how to try it.

    Attributes
    ----------
    key : str
        Short and unique, as in "tone_in_band".
    title : str
        What is tried, in plain words.
    goal : str
        The number that must be met.
    published : str
        The figure that the goal rests on, with author, year and DOI; or "closed form".
    find : callable
        Takes the folder of recordings, or None where there is none, and tries it.
    """

    key: str
    title: str
    goal: str
    published: str
    find: Callable[[Path | None], Finding]


NO_RECORDINGS = Finding("", None, "The recordings are not here.")
"""What a check on recordings finds where there are none."""


def on_recordings(find: Callable[[Path], Finding]) -> Callable[[Path | None], Finding]:
    """Return a check's `find` that is tried only where there are recordings."""

    def tried(recordings: Path | None) -> Finding:
        return NO_RECORDINGS if recordings is None else find(recordings)

    return tried


def furthest(apart: Iterable[float]) -> float:
    """Return the largest of some differences, NaN where one is: `max` would pass over it."""
    return float(np.max(list(apart)))


def small(value: float) -> str:
    """Return a small difference as it is printed: one digit, or 0."""
    return f"{value:.0e}" if value else "0"
