"""What one glance tells: where heart rate is against the own baseline, where it goes, and trust.

Words before numbers, and calm ones: a word once shown holds for `HOLD` seconds, and a position is
left only when heart rate is clearly past the edge. Word, dot and number tell one and the same level
(`physio.arousal.level`), and its uncertainty rules them: a reading is clear only while the error is
small beside the baseline's own spread. All thresholds here are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from physio.arousal.baseline import SMALLEST_SPREAD, Baseline
from physio.arousal.level import NO_LEVEL, SHORTEST, Level
from physio.arousal.slope import Slope
from physio.reasons import Reason, ReasonCode


class Position(StrEnum):
    """Where heart rate is against the own baseline; `UNKNOWN` without baseline or reading."""

    UNKNOWN = ""
    BELOW = "below"
    A_LITTLE_BELOW = "a little below"
    NEAR = "near"
    A_LITTLE_ABOVE = "a little above"
    ABOVE = "above"


class Direction(StrEnum):
    """Where heart rate goes; `SETTLING` is a way down only after it has been above."""

    RISING = "rising"
    SETTLING = "settling"
    STEADY = "steady"
    LOWERING = "lowering"
    UNCLEAR = "not clear yet"


class TrustLevel(StrEnum):
    """Whether to believe a reading."""

    CLEAR = "clear"
    LIMITED = "limited"
    NONE = "none"


POSITIONS = tuple(Position)[1:]
EDGES = (-2.0, -1.0, 1.0, 2.0)
"""Baseline spreads at which one position meets the next."""

NEAR = POSITIONS.index(Position.NEAR)

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

BEGINNING = SHORTEST
"""Seconds of beats that a heart rate is read from."""

SIDE_KNOWN = 0.5
"""Baseline spreads up to which the error of a level may reach for its place to be clear."""

WHICH_SIDE = Reason(ReasonCode.WHICH_SIDE)

SOME, MANY = 5.0, 15.0
"""Percent of beats corrected, or of time without beats, that limit a reading and that end it."""

HALF = 50.0
"""Percent of the last minute without beats beyond which there is no reading."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether to believe the reading, and why not."""

    level: TrustLevel
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class GlanceState:
    """What is shown, since when, and whether heart rate has been above and not yet settled.

    Attributes
    ----------
    position, direction : Position, Direction
        As their docstrings say.
    position_since, direction_since : float
        Session time in seconds at which the word was first shown.
    trust : Trust
        As given, but limited where the level's error leaves open which side it is on.
    level : float or None
        Distance of heart rate from the baseline in its spreads.
    difference, difference_error : float or None
        The same in bpm, and half its 95 % interval. The difference is withheld where its error is
        not known, or exceeds both it and one baseline spread.
    sided : bool
        Whether the error is at most `SIDE_KNOWN` baseline spreads.
    episode : bool
        Heart rate has been above and has not come to rest near or below the baseline since.
    """

    position: Position = Position.UNKNOWN
    direction: Direction = Direction.UNCLEAR
    position_since: float = 0.0
    direction_since: float = 0.0
    trust: Trust = Trust(TrustLevel.NONE, Reason(ReasonCode.NO_BEATS_YET))
    level: float | None = None
    difference: float | None = None
    difference_error: float | None = None
    sided: bool = False
    episode: bool = False


NOTHING_YET = GlanceState()


def advance(
    state: GlanceState,
    time: float,
    heart_rate: Level,
    slope: Slope,
    baseline: Baseline | None,
    trust: Trust,
) -> GlanceState:
    """Return what to show at `time` (s, not decreasing), given what was shown before.

    Without a reading to trust both words go at once, whatever their hold. While its hold keeps a
    position that no longer fits, level and number stay as they were with it.

    Parameters
    ----------
    state : GlanceState
        From the last call, at first `NOTHING_YET`.
    time : float
        Session time in seconds.
    heart_rate : Level
        From `physio.arousal.level`.
    slope : Slope
        Of the last 30 s.
    baseline : Baseline or None
        The wearer's own.
    trust : Trust
        From `trust`.
    """
    known = heart_rate if trust.level is not TrustLevel.NONE else NO_LEVEL
    state = _with_position(state, time, _distance(known, baseline))
    state = replace(state, trust=judged(trust, state))
    return _with_direction(state, time, slope, baseline)


def unplaced(state: GlanceState) -> GlanceState:
    """Return what is shown without a baseline to compare with: its position goes at once.

    Examples
    --------
    >>> from physio.arousal.glance import GlanceState, Position, unplaced
    >>> unplaced(GlanceState(position=Position.ABOVE, level=4.0)).position.name
    'UNKNOWN'
    """
    return _moved(state, state.position_since, Position.UNKNOWN, _NOWHERE)


def position_of(level: float) -> Position:
    """Return where `level` (baseline spreads) is, whatever was shown before."""
    return POSITIONS[_edges_passed(level, 0.0)]


def along(
    times: Iterable[float],
    heart_rates: Iterable[Level],
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
    likely: bool = False,
    disagreement: Reason | None = None,
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
    likely : bool
        Whether the talking is likely alone: heard, not told.
    disagreement : Reason, optional
        Why intervals and time do not agree; then nothing can.
    """
    if age is None:
        return Trust(TrustLevel.NONE, disagreement or Reason(ReasonCode.NO_BEATS_YET))
    last = Reason(ReasonCode.LAST_BEAT_AGO, seconds=round(age))
    labelled = Reason(ReasonCode.CORRECTED, percent=round(corrected))
    sparse = Reason(ReasonCode.LITTLE_OF_MINUTE, percent=round(coverage))
    ends = (
        _first(
            (age > LATE, last),
            (round(begun, 6) < BEGINNING, Reason(ReasonCode.FIRST_BEATS)),
            (corrected > MANY, labelled),
            (100.0 - coverage > HALF, sparse),
        )
        or disagreement
    )
    limits = _first(
        (age > RECENT, last),
        (100.0 - coverage > MANY, sparse),
        (corrected > SOME, labelled),
        (irregular, Reason(ReasonCode.IRREGULAR)),
        (talking and not likely, Reason(ReasonCode.TALKING)),
        (talking, Reason(ReasonCode.TALKING_LIKELY)),
    )
    if ends is not None:
        return Trust(TrustLevel.NONE, ends)
    return Trust(TrustLevel.CLEAR if limits is None else TrustLevel.LIMITED, limits)


def judged(trust: Trust, shown: GlanceState) -> Trust:
    """Return how far what is `shown` can be trusted, where its beats can be as `trust` says."""
    if trust.level is not TrustLevel.CLEAR or shown.level is None or shown.sided:
        return trust
    return Trust(TrustLevel.LIMITED, WHICH_SIDE)


def _first(*cases: tuple[bool, Reason]) -> Reason | None:
    return next((reason for applies, reason in cases if applies), None)


@dataclass(frozen=True, slots=True)
class _Distance:
    """Heart rate against the baseline: in its spreads, in bpm, and what is known of the error."""

    level: float | None
    difference: float | None
    error: float | None
    sided: bool


_NOWHERE = _Distance(None, None, None, sided=False)


def _distance(heart_rate: Level, baseline: Baseline | None) -> _Distance:
    if baseline is None or heart_rate.value is None:
        return _NOWHERE
    difference, spread = heart_rate.value - baseline.level, baseline.spread
    error = inf if heart_rate.error is None else heart_rate.error
    tells = error <= max(abs(difference), spread)
    return _Distance(
        difference / spread,
        difference if tells else None,
        heart_rate.error,
        sided=error <= SIDE_KNOWN * spread,
    )


def _with_position(state: GlanceState, time: float, now: _Distance) -> GlanceState:
    if now.level is None:
        return _moved(state, time, Position.UNKNOWN, now)
    place = POSITIONS[_place(now.level, state.position)]
    held = bool(state.position) and time - state.position_since < HOLD
    return state if place is not state.position and held else _moved(state, time, place, now)


def _moved(state: GlanceState, time: float, place: Position, now: _Distance) -> GlanceState:
    return replace(
        state,
        position=place,
        position_since=state.position_since if place is state.position else time,
        level=now.level,
        difference=now.difference,
        difference_error=now.error,
        sided=now.sided,
        episode=state.episode or place is Position.ABOVE,
    )


def _place(level: float, shown: Position) -> int:
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
    heading = (
        Direction.UNCLEAR
        if state.trust.level is TrustLevel.NONE
        else _heading(state, slope, spread)
    )
    held = time - state.direction_since < HOLD and state.trust.level is not TrustLevel.NONE
    if heading is not state.direction and not held:
        state = replace(state, direction=heading, direction_since=time)
    return replace(state, episode=state.episode and not _settled(state))


def _heading(state: GlanceState, slope: Slope, spread: float) -> Direction:
    if slope.value is None or slope.low is None or slope.high is None:
        return Direction.UNCLEAR
    low, value, high = (bpm / spread for bpm in (slope.low, slope.value, slope.high))
    falling = Direction.SETTLING if _returning(state) else Direction.LOWERING
    already = state.direction is Direction.RISING
    if low > 0.0 and value >= (STILL_MOVING if already else MOVING):
        return Direction.RISING
    already = falling in (state.direction, Direction.SETTLING)
    if high < 0.0 and value <= -(STILL_MOVING if already else MOVING):
        return falling
    sure = STILL_STEADY if state.direction is Direction.STEADY else STEADY
    steady = abs(value) < MOVING and max(-low, high) <= sure
    return Direction.STEADY if steady else Direction.UNCLEAR


def _returning(state: GlanceState) -> bool:
    """Return whether heart rate has been above and is not yet below the baseline."""
    return state.episode and (state.level is None or state.level > EDGES[1])


def _settled(state: GlanceState) -> bool:
    near = state.position in POSITIONS[: NEAR + 1]
    return near and state.direction is Direction.STEADY
