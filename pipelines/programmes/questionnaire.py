"""Questionnaires as texts: those that come with the program, and a clinic's own.

A sum says how much, never how bad: there are no bands of severity. Those that come with the program
are there in their official English words alone.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from physio.weeks import Scale
from pipelines.language import tr
from pipelines.programmes.plan import BadPlan, Carrying, not_so

FOLDER: Final = Path(__file__).parent / "questionnaires"
QUESTIONNAIRES: Final = ("GAD-7", "PHQ-4")
"""Names of those that come with the program."""
MOST_ITEMS: Final = 100
MOST_ANSWERS: Final = 11
_LONGEST_NAME: Final = 40


class Better(StrEnum):
    """Which sums are the better ones."""

    LOWER = "lower"
    HIGHER = "higher"


class Questionnaire(Carrying, frozen=True, kw_only=True):
    """What is asked, with which answers, and how a sum is read.

    Attributes
    ----------
    name : str
        As people know it; sums bear it.
    asks : str
        What stands above all items.
    items, answers : tuple of str
        Each item is answered by one of the answers; the first counts 0, the next 1, and so on.
    better : Better
        Which sums are the better ones.
    reliability, spread : float
        From 0 to below 1, and the standard deviation between people in points.
    source, attribution : str
        Whose these two are, and whose the questionnaire is.
    """

    name: str
    asks: str = ""
    items: tuple[str, ...]
    answers: tuple[str, ...]
    better: Better
    reliability: float
    spread: float
    source: str = ""
    attribution: str = ""

    @property
    def highest(self) -> int:
        """The highest sum; the lowest is 0."""
        return len(self.items) * (len(self.answers) - 1)

    @property
    def scale(self) -> Scale:
        """What tells whether a sum has reliably changed."""
        return Scale(
            name=self.name,
            highest=self.highest,
            spread=self.spread,
            reliability=self.reliability,
            source=self.source,
            lower_is_better=self.better is Better.LOWER,
        )


def checked_questionnaire(one: Questionnaire) -> Questionnaire:
    """Return a questionnaire that can be asked.

    Raises
    ------
    BadPlan
        If a value is not what it may be: the key.
    """
    short = 0 < len(one.name.strip()) <= _LONGEST_NAME
    _check("name", short, tr("1 to {most} letters", most=_LONGEST_NAME))
    items = 0 < len(one.items) <= MOST_ITEMS and all(map(str.strip, one.items))
    _check("items", items, tr("1 to {most} texts", most=MOST_ITEMS))
    answers = 1 < len(one.answers) <= MOST_ANSWERS and all(map(str.strip, one.answers))
    _check("answers", answers, tr("2 to {most} texts", most=MOST_ANSWERS))
    reliable = 0.0 <= one.reliability < 1.0
    _check("reliability", reliable, tr("a number from 0 to below 1"))
    _check("spread", 0.0 < one.spread < float("inf"), tr("a number above 0"))
    return one


def _check(key: str, holds: object, may_be: str) -> None:
    if not holds:
        raise BadPlan(not_so(key, may_be))
