"""What one glance tells: where heart rate is against the own baseline, where it goes, and trust.

Words, not numbers, and calm ones: a word once shown holds for `HOLD` seconds, and a position is
left only when heart rate is clearly past the edge. All thresholds here are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from physio.arousal.baseline import SMALLEST_SPREAD, Baseline
from physio.arousal.slope import Slope
from physio.estimate import Estimate
from physio.measures import MEASURES

POSITIONS = ("below", "a little below", "near", "a little above", "above")
EDGES = (-2.0, -1.0, 1.0, 2.0)
"""Baseline spreads at which one position meets the next."""

NEAR, ABOVE = 2, 4
UNCLEAR = "not clear yet"
CLEAR, LIMITED, NONE = "clear", "limited", "none"

HOLD = 10.0
"""Seconds for which a word, once shown, stays."""

MARGIN = 0.5
"""Baseline spreads that heart rate must be past an edge to leave a position."""

MOVING, STILL_MOVING = 4.0, 2.0
"""Baseline spreads a minute at which a change is first called one, and down to which it remains
one. The first is two spreads in the 30 s of the slope: from near to above. After an episode the
second is enough, so that a slow return is seen."""

STEADY, STILL_STEADY = 5.0, 8.0
"""Baseline spreads a minute within which the slope must surely lie to be steady at first, and to
remain so."""

RECENT, LATE = 5.0, 15.0
"""Seconds since the last beat after which a reading is limited, and after which there is none."""

BEGINNING = MEASURES["mean_hr"].window
"""Seconds of beats that a heart rate is read from."""

SOME, MANY = 5.0, 15.0
"""Percent of beats corrected, or of time without beats, that limit a reading and that end it."""

HALF = 50.0
"""Percent of the last minute without beats beyond which there is no reading."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether to believe the reading: "clear", "limited" or "none", and why not, in words."""

    word: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class GlanceState:
    """What is shown, since when, and whether heart rate has been above and not yet settled.

    Attributes
    ----------
    position, direction : str
        One of `POSITIONS`, or "" without baseline or reading; "rising", "settling", "steady",
        "lowering" or "not clear yet".
    position_since, direction_since : float
        Session time in seconds at which the word was first shown.
    trust : Trust
        As given.
    level : float or None
        Distance of heart rate from the baseline in its spreads.
    difference, difference_error : float or None
        The same in bpm, and half its 95 % interval.
    episode : bool
        Heart rate has been above and has not come to rest near or below the baseline since.
    """

    position: str = ""
    direction: str = UNCLEAR
    position_since: float = 0.0
    direction_since: float = 0.0
    trust: Trust = Trust(NONE, "no beats yet")
    level: float | None = None
    difference: float | None = None
    difference_error: float | None = None
    episode: bool = False


NOTHING_YET = GlanceState()


def advance(
    state: GlanceState,
    time: float,
    heart_rate: Estimate,
    slope: Slope,
    baseline: Baseline | None,
    trust: Trust,
) -> GlanceState:
    """Return what to show at `time` (s, not decreasing), given what was shown before.

    Without a reading to trust both words go at once, whatever their hold.

    Parameters
    ----------
    state : GlanceState
        From the last call, at first `NOTHING_YET`.
    time : float
        Session time in seconds.
    heart_rate : Estimate
        Its trailing window, in bpm.
    slope : Slope
        Of the last 30 s.
    baseline : Baseline or None
        The wearer's own.
    trust : Trust
        From `trust`.
    """
    known = heart_rate if trust.word != NONE else replace(heart_rate, value=None)
    level, difference, error = _distance(known, baseline)
    state = replace(state, trust=trust, level=level, difference=difference, difference_error=error)
    return _with_direction(_with_position(state, time), time, slope, baseline)


def along(
    times: Iterable[float],
    heart_rates: Iterable[Estimate],
    slopes: Iterable[Slope],
    baselines: Iterable[Baseline | None],
    trusts: Iterable[Trust],
) -> Iterator[GlanceState]:
    """Yield what `advance` shows at each of many moments, in order."""
    state = NOTHING_YET
    for moment in zip(times, heart_rates, slopes, baselines, trusts, strict=True):
        state = advance(state, *moment)
        yield state


def trust(
    *,
    age: float | None,
    begun: float,
    corrected: float,
    coverage: float,
    talking: bool,
    irregular: bool,
) -> Trust:
    """Return how far a reading of heart rate can be trusted.

    Parameters
    ----------
    age : float or None
        Seconds since the last beat arrived; None before the first.
    begun : float
        Seconds of beats so far: there is no heart rate before `BEGINNING`.
    corrected, coverage : float
        Percent of the last 60 s of intervals that bear a label; percent of those seconds that
        beats cover (of the seconds since the first beat, while there are fewer).
    talking : bool
        Whether someone is talking.
    irregular : bool
        Whether the rhythm is too irregular for variability. Heart rate can still be read.
    """
    if age is None:
        return Trust(NONE, "no beats yet")
    ends = _first(
        (age > LATE, f"last beat {age:.0f} s ago"),
        (round(begun, 6) < BEGINNING, "the first beats are coming in"),
        (corrected > MANY, f"{corrected:.0f} % of the beats corrected"),
        (100.0 - coverage > HALF, f"beats for only {coverage:.0f} % of the last minute"),
    )
    limits = _first(
        (age > RECENT, f"last beat {age:.0f} s ago"),
        (100.0 - coverage > MANY, f"beats for only {coverage:.0f} % of the last minute"),
        (corrected > SOME, f"{corrected:.0f} % of the beats corrected"),
        (irregular, "irregular rhythm"),
        (talking, "talking"),
    )
    return Trust(NONE, ends) if ends else Trust(LIMITED, limits) if limits else Trust(CLEAR, None)


def _first(*cases: tuple[bool, str]) -> str | None:
    return next((words for applies, words in cases if applies), None)


def _distance(
    heart_rate: Estimate, baseline: Baseline | None
) -> tuple[float | None, float | None, float | None]:
    if baseline is None or heart_rate.value is None:
        return None, None, None
    difference = heart_rate.value - baseline.level
    if heart_rate.low is None or heart_rate.high is None:
        return difference / baseline.spread, difference, None
    return difference / baseline.spread, difference, 0.5 * (heart_rate.high - heart_rate.low)


def _with_position(state: GlanceState, time: float) -> GlanceState:
    if state.level is None:
        return replace(state, position="", position_since=time) if state.position else state
    word = POSITIONS[_place(state.level, state.position)]
    if word == state.position or (state.position and time - state.position_since < HOLD):
        return state
    return replace(
        state,
        position=word,
        position_since=time,
        episode=state.episode or word == POSITIONS[ABOVE],
    )


def _place(level: float, shown: str) -> int:
    """Return the position of `level`, which stays as shown within `MARGIN` of an edge."""
    if not shown:
        return _edges_passed(level, 0.0)
    least, most = _edges_passed(level, MARGIN), _edges_passed(level, -MARGIN)
    return min(max(POSITIONS.index(shown), least), most)


def _edges_passed(level: float, shift: float) -> int:
    """Count the edges below `level` once raised by `shift`; an edge itself belongs to near."""
    low = sum(level >= edge + shift for edge in EDGES[:NEAR])
    return low + sum(level > edge + shift for edge in EDGES[NEAR:])


def _with_direction(
    state: GlanceState, time: float, slope: Slope, baseline: Baseline | None
) -> GlanceState:
    spread = SMALLEST_SPREAD if baseline is None else baseline.spread
    heading = UNCLEAR if state.trust.word == NONE else _heading(state, slope, spread)
    held = time - state.direction_since < HOLD and state.trust.word != NONE
    if heading != state.direction and not held:
        state = replace(state, direction=heading, direction_since=time)
    return replace(state, episode=state.episode and not _settled(state))


def _heading(state: GlanceState, slope: Slope, spread: float) -> str:
    if slope.value is None or slope.low is None or slope.high is None:
        return UNCLEAR
    low, value, high = (bpm / spread for bpm in (slope.low, slope.value, slope.high))
    falling = "settling" if _returning(state) else "lowering"
    if low > 0.0 and value >= (STILL_MOVING if state.direction == "rising" else MOVING):
        return "rising"
    already = state.direction == falling or falling == "settling"
    if high < 0.0 and value <= -(STILL_MOVING if already else MOVING):
        return falling
    sure = STILL_STEADY if state.direction == "steady" else STEADY
    return "steady" if abs(value) < MOVING and max(-low, high) <= sure else UNCLEAR


def _returning(state: GlanceState) -> bool:
    """Return whether heart rate has been above and is not yet below the baseline."""
    return state.episode and (state.level is None or state.level > EDGES[1])


def _settled(state: GlanceState) -> bool:
    near = state.position in POSITIONS[: NEAR + 1]
    return near and state.direction == "steady"
