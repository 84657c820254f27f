"""Checks of what is said of weeks: how often the rule speaks, of a change and of none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from physio.weeks import FOUR, marks
from proof.validation.check import Check, Finding

PEOPLE = 40_000
WEEKS = 12
SPREADS = (0.8, 1.0, 1.2)
"""Points that a week's rating lies from a person's mean (SD)."""
RISE = 2.5
"""Points by which ratings rise after the fourth week, where they do."""


def _false_marks(_: Path | None) -> Finding:
    shares = [_marked(_ratings(spread)) for spread in SPREADS]
    risen = [_marked(_ratings(spread, rise=RISE)) for spread in SPREADS]
    told = f"{_percents(shares)} at a weekly SD of 0.8, 1.0 and 1.2 points"
    note = f"A rise of {RISE:g} points after four weeks is marked in {_percents(risen)}."
    return Finding(told, max(shares) <= 0.05, note)


def _correlated(_: Path | None, *, correlation: float) -> Finding:
    shares = [_marked(_ratings(spread, correlation=correlation)) for spread in SPREADS]
    note = "Weeks that resemble each other are not what the rule is made for: this is what it does."
    return Finding(f"{_percents(shares)} at SD 0.8, 1.0 and 1.2", max(shares) <= 0.2, note)


def _marked(ratings: FloatArray) -> float:
    return float(np.any(marks(ratings) != 0, axis=1).mean())


def _ratings(spread: float, *, correlation: float = 0.0, rise: float = 0.0) -> FloatArray:
    """Return whole-number ratings of people about 5 points, who rise after the fourth week."""
    noise = np.random.default_rng(19).normal(size=(PEOPLE, WEEKS))
    for week in range(1, WEEKS):
        own = np.sqrt(1.0 - correlation**2) * noise[:, week]
        noise[:, week] = correlation * noise[:, week - 1] + own
    later = rise * (np.arange(WEEKS) >= FOUR)
    return np.clip(np.round(5.0 + spread * noise + later), 0.0, 10.0)


def _percents(shares: list[float]) -> str:
    return ", ".join(f"{100.0 * share:.1f} %" for share in shares)


CHECKS = (
    Check(
        "weeks_unchanged",
        "Ratings of 12 weeks in which nothing changes, looked at from the eighth on",
        "marked in at most 5 %",
        "own goal; the points after Farrar et al. (2001), doi 10.1016/S0304-3959(01)00349-9",
        _false_marks,
    ),
    Check(
        "weeks_correlated",
        "The same where each week resembles the one before (correlation 0.5)",
        "told, at most 20 %",
        "own goal",
        partial(_correlated, correlation=0.5),
    ),
)
