"""Sentences for codes: reasons with their figures, causes of gaps, links, what a glance tells."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.link import LinkState
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.beats import GapCause
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from pipelines.language import mark, tr

REASONS: Final[Mapping[ReasonCode, str]] = MappingProxyType(
    {
        ReasonCode.NO_BEATS: mark("no beats"),
        ReasonCode.NO_BEATS_YET: mark("no beats yet"),
        ReasonCode.NO_BEATS_FOR: mark("no beats for {seconds} s"),
        ReasonCode.LITTLE_COVERED: mark("beats cover only {percent} % of this window"),
        ReasonCode.MUCH_MISSING: mark("{percent} % of the time is missing"),
        ReasonCode.LABELLED: mark("{percent} % of the beats bear a label"),
        ReasonCode.TOO_IRREGULAR: mark("rhythm too irregular for HRV"),
        ReasonCode.FEW_IN_RECORDING: mark("only {have} beats"),
        ReasonCode.GAP_INSIDE: mark("a gap lies inside this window"),
        ReasonCode.TOO_FEW_BEATS: mark("needs at least {needed} beats"),
        ReasonCode.TOO_SHORT: mark("needs a window of at least {needed} s"),
        ReasonCode.NO_UNBROKEN_STRETCH: mark("needs an unbroken stretch of {needed} s"),
        ReasonCode.TOO_FEW_BLOCKS: mark(
            "no low and high, as fewer than 4 blocks of the window carry a value, or differ not "
            "at all or beyond all measure"
        ),
        ReasonCode.NOT_FINITE: mark("the value is not a finite number"),
        ReasonCode.WHILE_TALKING: mark("no estimate while talking"),
        ReasonCode.NO_VARIATION: mark("the intervals do not vary"),
        ReasonCode.FEW_NORMAL: mark("too few normal beats"),
        ReasonCode.FEW_NORMAL_IN_A_ROW: mark("too few normal beats in a row"),
        ReasonCode.FEW_OR_UNSTEADY: mark(
            "too few normal beats in a row, or they change more from beat to beat than over all"
        ),
        ReasonCode.FEW_OR_UNCHANGING: mark(
            "too few normal beats in a row, or no changes between them"
        ),
        ReasonCode.FEW_FOR_BOX: mark(
            "too few normal beats in a row for the longest box, or the intervals do not vary"
        ),
        ReasonCode.FEW_ANCHORS: mark(
            "fewer than 20 beats at which the pace changes by at most 5 %"
        ),
        ReasonCode.NOTHING_ALIKE: mark(
            "no two stretches of the intervals are alike, or the intervals do not vary"
        ),
        ReasonCode.NO_POWER_IN_BAND: mark(
            "no unbroken stretch of 25 s, or the detrend leaves no power in the band"
        ),
        ReasonCode.NO_LONG_TREND: mark(
            "needs 50 min of beats, their slow trend left in as the preset task-force does"
        ),
        ReasonCode.NO_BREATHING_RHYTHM: mark("no clear breathing rhythm in the intervals"),
        ReasonCode.NO_BREATHING_SIGNAL: mark("needs a breathing signal beside the intervals"),
        ReasonCode.NO_FAST_BREATHING: mark(
            "needs an unbroken 40 s and clear breathing above 7.2 breaths/min"
        ),
        ReasonCode.LAST_BEAT_AGO: mark("last beat {seconds} s ago"),
        ReasonCode.FIRST_BEATS: mark("the first beats are coming in"),
        ReasonCode.CORRECTED: mark("{percent} % of the beats corrected"),
        ReasonCode.LITTLE_OF_MINUTE: mark("beats for only {percent} % of the last minute"),
        ReasonCode.IRREGULAR: mark("irregular rhythm"),
        ReasonCode.TALKING: mark("talking"),
        ReasonCode.NO_BASELINE_YET: mark("no baseline yet"),
        ReasonCode.NO_BASELINE_CHOSEN: mark("no baseline was chosen"),
        ReasonCode.NO_BASELINE_OF_ROLE: mark("the baseline's recording has no {role}"),
        ReasonCode.BASELINE_TOO_SHORT: mark(
            "a baseline needs {needed} s with beats; the stretch chosen has {have} s: choose a "
            "longer one, {better} s if you can"
        ),
        ReasonCode.NO_HEART_RATE: mark("no heart rate"),
        ReasonCode.ALONE_PACED: mark("heart rate alone: breathing is paced"),
        ReasonCode.ALONE_IN_BASELINE: mark(
            "heart rate alone: breathing was not clear in the baseline"
        ),
        ReasonCode.ALONE_NOW: mark("heart rate alone: breathing is not clear now"),
        ReasonCode.ALONE_OTHERWISE: mark("heart rate alone: breathing is not as in the baseline"),
        ReasonCode.ECG_NO_SIGNAL: mark(
            "This ECG cannot be read: for half of the time or more there is no signal."
        ),
        ReasonCode.ECG_NO_HEARTBEATS: mark(
            "This ECG cannot be read: no heartbeats stand out in it."
        ),
        ReasonCode.ECG_UNLIKE: mark(
            "This ECG cannot be read: the heartbeats do not resemble each other for half of the "
            "time or more."
        ),
        ReasonCode.AS_WRITTEN: "{text}",
    }
)

CAUSES: Final[Mapping[GapCause, str]] = MappingProxyType(
    {
        GapCause.NONE: "",
        GapCause.LINK_LOST: mark("link lost"),
        GapCause.STRAP_OFF: mark("strap off the skin"),
        GapCause.SUSPENDED: mark("computer suspended"),
        GapCause.CLOCK_CHANGED: mark("clock changed"),
        GapCause.PAUSED: mark("paused"),
        GapCause.TOO_LONG: mark("interval above 3 s"),
        GapCause.NOT_POSITIVE: mark("interval not above 0"),
        GapCause.PACKETS_LOST: mark("packets lost"),
        GapCause.NO_ECG: mark("no ECG arrived"),
        GapCause.STILL_ECG: mark("the ECG stands still or is cut off"),
    }
)

LINKS: Final[Mapping[LinkState, str]] = MappingProxyType(
    {
        LinkState.SEARCHING: mark("searching"),
        LinkState.WAITING: mark("connected, waiting for beats"),
        LinkState.BEATS: mark("beats arriving"),
        LinkState.OFF_SKIN: mark("strap off the skin"),
        LinkState.LOST: mark("signal lost, reconnecting"),
        LinkState.STOPPED: mark("stopped"),
    }
)

POSITIONS: Final[Mapping[Position, str]] = MappingProxyType(
    {
        Position.UNKNOWN: "",
        Position.BELOW: mark("below baseline"),
        Position.A_LITTLE_BELOW: mark("a little below baseline"),
        Position.NEAR: mark("near baseline"),
        Position.A_LITTLE_ABOVE: mark("a little above baseline"),
        Position.ABOVE: mark("above baseline"),
    }
)

DIRECTIONS: Final[Mapping[Direction, str]] = MappingProxyType(
    {
        Direction.RISING: mark("rising"),
        Direction.SETTLING: mark("settling"),
        Direction.STEADY: mark("steady"),
        Direction.LOWERING: mark("lowering"),
        Direction.UNCLEAR: mark("direction not clear yet"),
    }
)

TRUSTS: Final[Mapping[TrustLevel, str]] = MappingProxyType(
    {
        TrustLevel.CLEAR: mark("Clear reading"),
        TrustLevel.LIMITED: mark("Limited reading"),
        TrustLevel.NONE: mark("No reading"),
    }
)

VERDICTS: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.GOOD: mark("good"),
        Verdict.LIMITED: mark("limited"),
        Verdict.NONE: mark("none for heart rate variability"),
    }
)


STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "recording": mark("recording"),
        "finished": mark("finished"),
        "recovered": mark("recovered"),
    }
)
"""Of a session in its library."""


def session_state_text(state: str) -> str:
    """Return what became of a session in its library."""
    return tr(STATES[state]) if state in STATES else state


def reason_text(reason: Reason) -> str:
    """Return why a value is withheld or weakened, in the language of this process."""
    return tr(REASONS[reason.code], **reason.figures)


def reason_in_english(reason: Reason) -> str:
    """Return the same from the untranslated source, as lines of JSON hold it."""
    return REASONS[reason.code].format(**reason.figures)


def reason_read(sentence: str) -> Reason:
    """Return the reason that a line of JSON told by this sentence."""
    return Reason(ReasonCode.AS_WRITTEN, text=sentence)


def cause_text(cause: GapCause) -> str:
    """Return why there are no beats in a gap."""
    return tr(CAUSES[cause]) if cause else ""


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
