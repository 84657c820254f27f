"""What the newest beats say at a moment, before it is put into words: live at each packet.

The engine asks at each packet, a record at all of its packets at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from physio import labels as labelling
from physio import quality
from physio.arousal import glance
from physio.arousal.level import REACH as LEVEL_REACH
from physio.arousal.level import Level, levels
from physio.arousal.slope import SECONDS, Slope, slopes
from physio.beats import Beats, FloatArray
from physio.labels import LabelArray
from physio.locked_rhythm import SECONDS as SECONDS_OF_RHYTHM
from physio.reasons import Reason
from physio.windows import windows

MINUTE = 60.0
"""Seconds of beats whose quality a reading is trusted by."""
REACH = LEVEL_REACH + 35.0
"""Seconds of labels that a reading looks at: those of a level, which its minute lies in, and 11
beats before it."""
BEFORE = 15.0
"""Seconds of beats before its window that a measure needs."""
TRUST = (glance.TrustLevel.NONE, glance.TrustLevel.LIMITED, glance.TrustLevel.CLEAR)
"""Trust in the order of the numbers that a trace carries."""


def reach(window: float = 0.0) -> float:
    """Return the seconds of beats that a trailing window of so many seconds needs.

    The rhythm that it is part of is judged by five minutes, however short it is itself.
    """
    return max(window, SECONDS_OF_RHYTHM) + BEFORE


class Reading(NamedTuple):
    """What the beats up to one, which ends at `time` (s), say.

    The level of heart rate and its slope, each over its own stretch, and the quality of a minute.
    """

    time: float
    heart_rate: Level
    slope: Slope
    minute: quality.Quality


def readings(
    beats: Beats, label: LabelArray, *, start: float, end: FloatArray
) -> tuple[Reading, ...]:
    """Return the readings of m moments.

    Parameters
    ----------
    beats : Beats
        Beats of a recording, or of any part of it that goes back `reach` from each moment.
    label : (n,) int8
        What was known of them then.
    start : float
        Where the recording begins, in s.
    end : (m,) float
        End of the newest beat at each moment, in s.
    """
    usable = labelling.usable(label, beats.segment)
    rates = levels(beats, usable, end)
    ways = slopes(windows(beats, usable, end - SECONDS, end))
    minutes = windows(beats, label == 0, np.maximum(start, end - MINUTE), end)
    each = zip(end.tolist(), rates, ways, quality.of(minutes, label), strict=True)
    return tuple(Reading(*one) for one in each)


def trusted(
    minute: quality.Quality | None,
    *,
    age: float | None,
    begun: float,
    talking: bool,
    likely: bool,
    disagreement: Reason | None,
) -> glance.Trust:
    """Return how far a minute of beats can be trusted, `age` s after the newest of them.

    See `glance.trust`; without a minute there was no beat yet.
    """
    return glance.trust(
        age=None if minute is None else age,
        begun=begun,
        corrected=minute.corrected if minute else 0.0,
        coverage=minute.coverage if minute else 0.0,
        talking=talking,
        likely=likely,
        irregular=minute is not None and minute.withhold_hrv == quality.IRREGULAR,
        disagreement=disagreement,
    )
