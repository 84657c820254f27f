"""Weeks: what a person's own ratings and resting measures say over weeks, and when nothing."""

from physio.weeks.change import (
    FEWEST,
    FOUR,
    LEAST_POINTS,
    LEAST_SHARE,
    LEAST_SPREADS,
    Fours,
    fours,
    marks,
)
from physio.weeks.reliable import (
    GAD_7,
    PHQ_4,
    RELIABLE,
    Scale,
    reliable_change,
    reliable_mark,
    wilson,
)
from physio.weeks.resting import (
    DAYS,
    FEWEST_DAYS,
    FEWEST_OF_RANGE,
    RANGE_DAYS,
    personal_range,
    rolling_week,
)

__all__ = [
    "DAYS",
    "FEWEST",
    "FEWEST_DAYS",
    "FEWEST_OF_RANGE",
    "FOUR",
    "GAD_7",
    "LEAST_POINTS",
    "LEAST_SHARE",
    "LEAST_SPREADS",
    "PHQ_4",
    "RANGE_DAYS",
    "RELIABLE",
    "Fours",
    "Scale",
    "fours",
    "marks",
    "personal_range",
    "reliable_change",
    "reliable_mark",
    "rolling_week",
    "wilson",
]
