"""Sentences for codes: reasons with their figures, causes of gaps, links, what a glance tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from devices.link import LinkState
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.beats import GapCause
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from physio.respiration import Origin
from pipelines.language import tr, translatable, trn
from pipelines.session import Condition, PostureName

REASONS: Final[Mapping[ReasonCode, str]] = MappingProxyType(
    {
        ReasonCode.NO_BEATS: translatable("no beats"),
        ReasonCode.NO_BEATS_YET: translatable("no beats yet"),
        ReasonCode.NO_INTERVALS: translatable("this device sends no intervals between beats"),
        ReasonCode.NO_BEATS_FOR: translatable("no beats for {seconds} s"),
        ReasonCode.LITTLE_COVERED: translatable("beats cover only {percent} % of this window"),
        ReasonCode.MUCH_MISSING: translatable("{percent} % of the time is missing"),
        ReasonCode.LABELLED: translatable("{percent} % of the beats bear a label"),
        ReasonCode.COARSE: translatable(
            "the intervals come in steps of {step} ms, which moves RMSSD by {percent} %"
        ),
        ReasonCode.REPEATED: translatable(
            "{percent} % of the intervals repeat the one before exactly, more than a heart does"
        ),
        ReasonCode.TOO_IRREGULAR: translatable("rhythm too irregular for HRV"),
        ReasonCode.IN_STEP: translatable(
            "the intervals swing in step with the beats: breathing or an irregular rhythm, which "
            "cannot be told apart"
        ),
        ReasonCode.FEW_IN_RECORDING: translatable("only {have} beats"),
        ReasonCode.GAP_INSIDE: translatable("a gap lies inside this window"),
        ReasonCode.TOO_FEW_BEATS: translatable("needs at least {needed} beats"),
        ReasonCode.TOO_SHORT: translatable("needs a window of at least {needed} s"),
        ReasonCode.NO_UNBROKEN_STRETCH: translatable("needs an unbroken stretch of {needed} s"),
        ReasonCode.TOO_FEW_BLOCKS: translatable(
            "no low and high, as fewer than 4 blocks of the window carry a value, or differ not "
            "at all or beyond all measure"
        ),
        ReasonCode.OUTSIDE_BLOCKS: translatable(
            "no low and high, as the value lies outside those of the parts of the recording"
        ),
        ReasonCode.LITTLE_READABLE: translatable("rests on only {percent} % of the recording"),
        ReasonCode.FEW_USABLE: translatable(
            "rests on only {percent} % of the beats, as the others bear a label"
        ),
        ReasonCode.MAY_BE_SLOW_WAVE: translatable(
            "may be the slow wave of blood pressure, which looks like breathing near 6/min where "
            "nobody follows a guide"
        ),
        ReasonCode.NOT_FINITE: translatable("the value is not a finite number"),
        ReasonCode.WHILE_TALKING: translatable("no estimate while talking"),
        ReasonCode.WHILE_TALKING_LIKELY: translatable("no estimate, talking likely"),
        ReasonCode.LEFT_OUT: translatable("left out"),
        ReasonCode.NO_VARIATION: translatable("the intervals do not vary"),
        ReasonCode.FEW_NORMAL: translatable("too few normal beats"),
        ReasonCode.FEW_NORMAL_IN_A_ROW: translatable("too few normal beats in a row"),
        ReasonCode.FEW_OR_UNSTEADY: translatable(
            "too few normal beats in a row, or they change more from beat to beat than over all"
        ),
        ReasonCode.FEW_OR_UNCHANGING: translatable(
            "too few normal beats in a row, or no changes between them"
        ),
        ReasonCode.FEW_FOR_BOX: translatable(
            "too few normal beats in a row for the longest box, or the intervals do not vary"
        ),
        ReasonCode.FEW_ANCHORS: translatable(
            "fewer than 20 beats at which the pace changes by at most 5 %"
        ),
        ReasonCode.NOTHING_ALIKE: translatable(
            "no two stretches of the intervals are alike, or the intervals do not vary"
        ),
        ReasonCode.NO_POWER_IN_BAND: translatable(
            "no unbroken stretch of 25 s, or the detrend leaves no power in the band"
        ),
        ReasonCode.NO_FAST_POWER: translatable(
            "the stretches between gaps are too short to tell HF from what slower waves leak into "
            "it, or the detrend leaves nothing of it"
        ),
        ReasonCode.NO_LONG_TREND: translatable(
            "needs 50 min of beats, their slow trend left in as the preset task-force does"
        ),
        ReasonCode.NO_BREATHING_RHYTHM: translatable("no clear breathing rhythm in the intervals"),
        ReasonCode.NO_BREATHING_SIGNAL: translatable(
            "needs a breathing signal that can be read and moves with the intervals"
        ),
        ReasonCode.NO_FAST_BREATHING: translatable(
            "needs an unbroken 40 s and clear breathing above 7.2 breaths/min"
        ),
        ReasonCode.LAST_BEAT_AGO: translatable("last beat {seconds} s ago"),
        ReasonCode.FIRST_BEATS: translatable("the first beats are coming in"),
        ReasonCode.CORRECTED: translatable("{percent} % of the beats corrected"),
        ReasonCode.LITTLE_OF_MINUTE: translatable("beats for only {percent} % of the last minute"),
        ReasonCode.IRREGULAR: translatable("irregular rhythm"),
        ReasonCode.TALKING: translatable("talking"),
        ReasonCode.TALKING_LIKELY: translatable("talking likely"),
        ReasonCode.MORE_THAN_TIME: translatable(
            "the intervals add up to {times} times the time that passed"
        ),
        ReasonCode.LIKE_MILLISECONDS: translatable(
            "the intervals add up to 2.3 % less than the time that passed, as where a strap counts "
            "in milliseconds; if so, record it with --ticks 1000"
        ),
        ReasonCode.WHICH_SIDE: translatable("not clear which side"),
        ReasonCode.NO_BASELINE_YET: translatable("no baseline yet"),
        ReasonCode.NO_BASELINE_CHOSEN: translatable("no baseline was chosen"),
        ReasonCode.NO_BASELINE_OF_ROLE: translatable("the baseline's recording has no {role}"),
        ReasonCode.BASELINE_TOO_SHORT: translatable(
            "a baseline needs {needed} s with beats; the stretch chosen has {have} s: choose a "
            "longer one, {better} s if you can"
        ),
        ReasonCode.NO_BASELINE_OF_POSTURE: translatable("no baseline in this posture yet"),
        ReasonCode.NO_BASELINE_OF_TALKING: translatable("no baseline of talking yet"),
        ReasonCode.POSTURE_CHANGED: translatable(
            "no reading for two minutes after a change of posture"
        ),
        ReasonCode.SEVERAL_POSTURES: translatable(
            "more than one posture, which no one baseline can be compared with"
        ),
        ReasonCode.MOVING: translatable("moving, no accelerometer"),
        ReasonCode.NO_HEART_RATE: translatable("no heart rate"),
        ReasonCode.ALONE_PACED: translatable("heart rate alone: breathing is paced"),
        ReasonCode.ALONE_IN_BASELINE: translatable(
            "heart rate alone: breathing was not clear in the baseline"
        ),
        ReasonCode.ALONE_NOW: translatable("heart rate alone: breathing is not clear now"),
        ReasonCode.ALONE_OTHERWISE: translatable(
            "heart rate alone: breathing is not as in the baseline"
        ),
        ReasonCode.NO_MINUTE_BEFORE: translatable(
            "less than a minute of the recording comes before it"
        ),
        ReasonCode.NO_MINUTE_AFTER: translatable("less than a minute of the recording follows it"),
        ReasonCode.LITTLE_BESIDE: translatable(
            "beats cover only {percent} % of a minute beside it"
        ),
        ReasonCode.FEW_OTHER_MINUTES: translatable(
            "only {have} other minutes to compare it with, where {needed} are needed"
        ),
        ReasonCode.FEW_MARKS: translatable("too few to say anything yet"),
        ReasonCode.ECG_NO_SIGNAL: translatable(
            "This ECG cannot be read: for half of the time or more there is no signal."
        ),
        ReasonCode.ECG_NO_HEARTBEATS: translatable(
            "This ECG cannot be read: no heartbeats stand out in it."
        ),
        ReasonCode.ECG_UNLIKE: translatable(
            "This ECG cannot be read: the heartbeats do not resemble each other for half of the "
            "time or more."
        ),
    }
)

CAUSES: Final[Mapping[GapCause, str]] = MappingProxyType(
    {
        GapCause.NONE: "",
        GapCause.LINK_LOST: translatable("link lost"),
        GapCause.STRAP_OFF: translatable("strap off the skin"),
        GapCause.SUSPENDED: translatable("computer suspended"),
        GapCause.CLOCK_CHANGED: translatable("clock changed"),
        GapCause.PAUSED: translatable("paused"),
        GapCause.TOO_LONG: translatable("interval above 3 s"),
        GapCause.NOT_POSITIVE: translatable("interval not above 0"),
        GapCause.MISSING: translatable("interval missing"),
        GapCause.PACKETS_LOST: translatable("packets lost"),
        GapCause.NO_ECG: translatable("no ECG arrived"),
        GapCause.STILL_ECG: translatable("the ECG stands still or is cut off"),
        GapCause.FINISHED: translatable("finished, then gone on"),
        GapCause.LEFT_OUT: translatable("left out"),
    }
)

ORIGINS: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.INTERVALS: translatable("Breathing is read from the intervals alone."),
        Origin.ECG: translatable("Breathing is read from the ECG and its intervals."),
        Origin.ACCELEROMETER: translatable(
            "Breathing is read from the accelerometer and the heartbeats."
        ),
        Origin.RESPIRATION: translatable(
            "Breathing is read from the breathing signal and the heartbeats."
        ),
    }
)

LINKS: Final[Mapping[LinkState, str]] = MappingProxyType(
    {
        LinkState.SEARCHING: translatable("searching"),
        LinkState.WAITING: translatable("connected, waiting for beats"),
        LinkState.BEATS: translatable("beats arriving"),
        LinkState.OFF_SKIN: translatable("strap off the skin"),
        LinkState.LOST: translatable("signal lost, reconnecting"),
        LinkState.STOPPED: translatable("stopped"),
    }
)

POSITIONS: Final[Mapping[Position, str]] = MappingProxyType(
    {
        Position.UNKNOWN: "",
        Position.BELOW: translatable("below baseline"),
        Position.A_LITTLE_BELOW: translatable("a little below baseline"),
        Position.NEAR: translatable("near baseline"),
        Position.A_LITTLE_ABOVE: translatable("a little above baseline"),
        Position.ABOVE: translatable("above baseline"),
    }
)

DIRECTIONS: Final[Mapping[Direction, str]] = MappingProxyType(
    {
        Direction.RISING: translatable("rising"),
        Direction.SETTLING: translatable("settling"),
        Direction.STEADY: translatable("steady"),
        Direction.LOWERING: translatable("lowering"),
        Direction.UNCLEAR: translatable("direction not clear yet"),
    }
)

TRUSTS: Final[Mapping[TrustLevel, str]] = MappingProxyType(
    {
        TrustLevel.CLEAR: translatable("Clear reading"),
        TrustLevel.LIMITED: translatable("Limited reading"),
        TrustLevel.NONE: translatable("No reading"),
    }
)

VERDICTS: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.GOOD: translatable("good"),
        Verdict.LIMITED: translatable("limited"),
        Verdict.NONE: translatable("none for heart rate variability"),
    }
)


POSTURES: Final[Mapping[PostureName, str]] = MappingProxyType(
    {
        PostureName.NONE: translatable("not said"),
        PostureName.LYING: translatable("lying"),
        PostureName.SITTING: translatable("sitting"),
        PostureName.STANDING: translatable("standing"),
        PostureName.WALKING: translatable("walking"),
    }
)

_BASELINES: Final[Mapping[tuple[PostureName, bool], str]] = MappingProxyType(
    {
        (PostureName.NONE, False): translatable("baseline"),
        (PostureName.LYING, False): translatable("the baseline lying"),
        (PostureName.SITTING, False): translatable("the baseline sitting"),
        (PostureName.STANDING, False): translatable("the baseline standing"),
        (PostureName.WALKING, False): translatable("the baseline walking"),
        (PostureName.NONE, True): translatable("the baseline of talking"),
        (PostureName.LYING, True): translatable("the baseline of talking, lying"),
        (PostureName.SITTING, True): translatable("the baseline of talking, sitting"),
        (PostureName.STANDING, True): translatable("the baseline of talking, standing"),
        (PostureName.WALKING, True): translatable("the baseline of talking, walking"),
    }
)


def posture_text(posture: PostureName) -> str:
    """Return how the body is held."""
    return tr(POSTURES[posture])


def baseline_text(condition: Condition) -> str:
    """Return what a baseline is called that is of this posture and speech."""
    return tr(_BASELINES[condition])


STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "recording": translatable("recording"),
        "finished": translatable("finished"),
        "recovered": translatable("recovered"),
    }
)
"""Of a session in its library."""


def session_state_text(state: str) -> str:
    """Return what became of a session in its library."""
    return tr(STATES[state]) if state in STATES else state


def reason_text(reason: Reason) -> str:
    """Return why a value is withheld or weakened, in the language of this process."""
    return tr(REASONS[reason.code], **reason.figures)


def in_milliseconds_text(roles: Sequence[str]) -> str:
    """Return that the straps of these wearers seem to count in milliseconds, and what to do."""
    return trn(
        "The strap of {roles} seems to count in milliseconds; if so, record it with --ticks 1000 "
        "from now on, which is remembered.",
        "The straps of {roles} seem to count in milliseconds; if so, record them with --ticks 1000 "
        "from now on, which is remembered.",
        len(roles),
        roles=", ".join(roles),
    )


def reason_in_english(reason: Reason) -> str:
    """Return the same from the untranslated source, as lines of JSON hold it."""
    return REASONS[reason.code].format(**reason.figures)


def cause_text(cause: GapCause) -> str:
    """Return why there are no beats in a gap."""
    return tr(CAUSES[cause]) if cause else ""


def origin_text(origin: Origin) -> str:
    """Return where a breathing rate comes from."""
    return tr(ORIGINS[origin])


def link_text(link: LinkState) -> str:
    """Return what a link is doing."""
    return tr(LINKS[link])


def position_text(position: Position) -> str:
    """Return where heart rate is against the own baseline, "" where that is not known."""
    return tr(POSITIONS[position]) if position else ""


def direction_text(direction: Direction) -> str:
    """Return where heart rate goes."""
    return tr(DIRECTIONS[direction])


def trust_text(trust: TrustLevel) -> str:
    """Return whether to believe a reading."""
    return tr(TRUSTS[trust])


def verdict_text(verdict: Verdict) -> str:
    """Return how far heart rate variability can be interpreted."""
    return tr(VERDICTS[verdict])
