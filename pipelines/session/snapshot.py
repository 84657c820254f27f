"""What the engine knows at one moment: frozen, complete, and all that a view ever draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import inf

import msgspec

from devices.link import LinkState
from physio.arousal.baseline import Baseline
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.arousal.index import Index
from physio.arousal.pooling import Together
from physio.beats import Gap, GapCause
from physio.breathing.assessment import NotScored
from physio.breathing.resonance import Choice
from physio.estimate import Estimate
from physio.quality import NONE_ABOVE, Quality, Verdict, seconds_lost
from physio.reasons import Reason, ReasonCode
from pipelines.session.account import Account
from pipelines.session.circumstances import UNTOLD, Condition
from pipelines.session.events import BandUnit, PhaseName, PostureName
from pipelines.session.hour import UNSAID, HourView
from pipelines.session.talking import Span

IN_VIEW = ("mean_hr", "breathing_rate", "rsa_amplitude")
"""Measures that the views show; the rest is measured when somebody asks for it."""
NEWEST_GAPS = 100
"""Gaps that are told one by one; the rest are counted."""


class RecordingQuality(msgspec.Struct, frozen=True):
    """How much of a recording so far is there, and whether it can be interpreted.

    `gaps` holds the newest `NEWEST_GAPS` of `gaps_total`, more than a view can draw apart.
    `duplicates` counts packets that arrived twice, `malformed` those that could not be read.
    """

    beats: int
    duration_s: float
    coverage_percent: float
    corrected_percent: float
    gaps: tuple[Gap, ...]
    verdict: Verdict
    reason: Reason | None
    gaps_total: int = 0
    duplicates: int = 0
    malformed: int = 0


def quality_of_recording(
    judged: Quality,
    gaps: Sequence[Gap],
    *,
    received: int,
    duration: float,
    duplicates: int,
    malformed: int,
    account: Account,
) -> RecordingQuality:
    """Return the quality of a recording of this `duration` (s), as it was `judged`.

    More intervals than time limit it, and end it where that is more than 15 % of the recording;
    so does a device that sends none.
    """
    verdict, reason = _doubted(judged, account, duration)
    return RecordingQuality(
        beats=received,
        duration_s=duration,
        coverage_percent=judged.coverage,
        corrected_percent=judged.corrected,
        gaps=tuple(gaps[-NEWEST_GAPS:]),
        verdict=verdict,
        reason=reason,
        gaps_total=len(gaps),
        duplicates=duplicates,
        malformed=malformed,
    )


def _doubted(judged: Quality, account: Account, duration: float) -> tuple[Verdict, Reason | None]:
    if account.refusal is not None:
        lasting = seconds_lost([Gap(*span, GapCause.NONE) for span in account.spans])
        none = judged.verdict is Verdict.NONE or lasting > NONE_ABOVE / 100.0 * duration
        return Verdict.NONE if none else Verdict.LIMITED, account.refusal
    if account.in_milliseconds and judged.verdict is Verdict.GOOD:
        return Verdict.LIMITED, Reason(ReasonCode.LIKE_MILLISECONDS)
    return judged.verdict, judged.reason


class Term(msgspec.Struct, frozen=True):
    """One term of the arousal index: its name, its distance from baseline, and its weight."""

    name: str
    distance: float
    weight: float


class BaselineLine(msgspec.Struct, frozen=True):
    """The baseline of heart rate that an index rests on, and the stretch it was taken from.

    `posture` is the one that was named, and `talking` says that it is a baseline of talking.
    """

    bpm: float
    spread_bpm: float
    start_s: float
    end_s: float
    posture: PostureName = PostureName.NONE
    talking: bool = False


def baseline_line(own: Baseline, condition: Condition) -> BaselineLine:
    """Return a baseline under the names of the line."""
    return BaselineLine(own.level, own.spread, own.start, own.end, *condition)


class Arousal(msgspec.Struct, frozen=True):
    """The signed distance from the own baseline, in baseline spreads, with its terms.

    `state` is where heart rate is against the baseline: what the glance shows live, and the mean of
    a whole recording. Where it is None, or `baseline` is, `reason` says why.
    """

    value: float | None
    low: float | None
    high: float | None
    bpm: float | None
    terms: tuple[Term, ...]
    reason: Reason | None
    state: Position | None = None
    baseline: BaselineLine | None = None


def arousal_of(
    index: Index, own: Baseline | None, position: Position | None, condition: Condition
) -> Arousal:
    """Return the index as snapshots and results show it, with where heart rate is, if known."""
    terms = tuple(Term(term.name, term.distance, term.weight) for term in index.terms)
    line = None if own is None else baseline_line(own, condition)
    numbers = (index.value, index.low, index.high, index.bpm)
    return Arousal(*numbers, terms, index.reason, position or None, line)


class BaselineBand(msgspec.Struct, frozen=True):
    """The wearer's own baseline of heart rate, in bpm, and the stretch it was taken from."""

    level: float
    spread: float
    start: float
    end: float
    provisional: bool = False
    posture: PostureName = PostureName.NONE
    talking: bool = False

    @property
    def low(self) -> float:
        """Lower edge of the band, one spread below the level."""
        return self.level - self.spread

    @property
    def high(self) -> float:
        """Upper edge of the band, one spread above the level."""
        return self.level + self.spread


class Glance(msgspec.Struct, frozen=True):
    """Three answers: where the wearer is, which way they go, and whether to trust it.

    `reason` says why `trust` is not clear. `level` is the distance from the baseline in spreads,
    None where there is no baseline or no heart rate. The difference is withheld where its error is
    not known, or exceeds both it and one baseline spread.
    """

    position: Position
    direction: Direction
    trust: TrustLevel
    reason: Reason | None
    level: float | None
    difference_bpm: float | None
    difference_error_bpm: float | None

    @property
    def beats_clear(self) -> bool:
        """Whether the beats can be trusted, be it clear or not which side they are on."""
        sideless = self.reason is not None and self.reason.code is ReasonCode.WHICH_SIDE
        return self.trust is TrustLevel.CLEAR or sideless


class EpisodeMark(msgspec.Struct, frozen=True):
    """A moment that someone marked in an episode."""

    time_s: float
    text: str


class BandLine(msgspec.Struct, frozen=True):
    """The personal band as clinician and client drew it, and how long heart rate lay where.

    The bounds are in `unit`, bpm or spreads from the baseline. `inside_s`, `above_s` and `below_s`
    add up to `readable_s`.
    """

    low: float
    high: float
    unit: BandUnit
    low_words: str
    high_words: str
    readable_s: float
    inside_s: float
    above_s: float
    below_s: float


class EpisodeView(msgspec.Struct, frozen=True):
    """An episode: a rise of heart rate above where it had been, and how it settled.

    Moments are in s on the session clock, recoveries in s from the onset; each has the ends of its
    95 % interval beside it. A recovery is None where it was not seen: until `until_s` the episode
    could be followed. `resolved` says that it settled.
    """

    onset_s: float
    onset_low_s: float
    onset_high_s: float
    peak_s: float
    peak_low_s: float
    peak_high_s: float
    height_bpm: float
    height_low_bpm: float
    height_high_bpm: float
    half_recovery_s: float | None
    half_recovery_low_s: float | None
    half_recovery_high_s: float | None
    recovery_s: float | None
    recovery_low_s: float | None
    recovery_high_s: float | None
    resolved: bool
    until_s: float
    marks: tuple[EpisodeMark, ...]


class PostureView(msgspec.Struct, frozen=True):
    """A change of posture, and until when heart rate is not compared after it."""

    name: PostureName
    start: float
    until: float


class WaveState(StrEnum):
    """What is known of the newest seconds of a heart, of which no strap has told yet."""

    PREDICTED = "predicted"
    NOT_YET = "not yet"
    """Too few breaths with a guide so far, or the strap is silent."""
    OFF = "off"
    """What was predicted before did not come."""
    UNKNOWN_DELAY = "unknown delay"


class WaveView(msgspec.Struct, frozen=True):
    """The heart's wave, and how late its trace is.

    An interval tells of its middle, and its strap tells of it late: it lies `late` seconds after
    that in the trace, of which half an interval is certain, and all where the delay is known.
    `rates` in bpm stand `step` seconds apart from `start` on, in s where the trace will have them;
    none unless they are predicted, with an `error` in degrees. The wave swings by `half` bpm either
    way of `level`.
    """

    state: WaveState
    late: float
    start: float = 0.0
    step: float = 0.0
    rates: tuple[float, ...] = ()
    error: float | None = None
    level: float = 0.0
    half: float = 0.0


class ResonanceView(msgspec.Struct, frozen=True):
    """What a resonance assessment came to.

    `rate` in breaths/min is the one at which the heart moves most, None where too few could be
    compared; `agrees` says that it is clear since an earlier assessment found the same. `lost` are
    the rates that do not count, each with why.
    """

    rate: float | None
    verdict: Choice
    agrees: bool = False
    lost: tuple[tuple[float, NotScored], ...] = ()


class SourceView(msgspec.Struct, frozen=True):
    """Everything about one wearer."""

    source: int
    role: str
    device: str
    link: LinkState | None
    """None before the first."""
    link_since: float
    last_beat: float | None
    """Session time at which the last packet with beats arrived."""
    measures: dict[str, Estimate]
    """Trailing windows of `IN_VIEW`, or of all of `physio.measures.MEASURES` if asked for."""
    baseline: BaselineBand | None
    baseline_progress: float | None
    """Seconds of the baseline stretch gathered so far, None when none is being gathered."""
    baseline_goal: float
    glance: Glance
    arousal: Arousal
    quality: RecordingQuality
    trace_length: int
    """How many points of this source's trace exist; ask for those that are new."""
    episodes: tuple[EpisodeView, ...] = ()
    """Those of the recording so far, the newest provisional."""
    battery_percent: int | None = None
    """What the strap said last of its battery, None where it never did."""
    marks: tuple[MarkChange, ...] = ()
    """What heart rate did at each mark, as far as it is known by now, where it was asked for."""
    condition: Condition = UNTOLD
    """What a baseline must be of to be compared with now."""
    uncompared: Reason | None = None
    """Why heart rate is not compared with a baseline now, though there is one."""
    postures: tuple[PostureView, ...] = ()
    """Every change of posture so far."""
    wave: WaveView | None = None
    """The heart's wave as it is now, None before the first beat."""
    resonance: ResonanceView | None = None
    """What an assessment came to, None until its last breath is heard, and without one."""

    @property
    def has_baseline(self) -> bool:
        """Whether there is a baseline, be it one to compare with now or not."""
        return self.baseline is not None or self.uncompared is not None

    @property
    def lacks_intervals(self) -> bool:
        """Whether a device is there that sends heart rates, and no intervals to read."""
        reason = self.glance.reason
        lacking = reason is not None and reason.code is ReasonCode.NO_INTERVALS
        return lacking and self.link is LinkState.WAITING


class Fate(StrEnum):
    """What becomes of a session that has finished."""

    KEPT = "kept"
    EMPTY = "empty"
    """Nothing was heard and nothing was marked, so that there is nothing to keep."""
    UNREACHED = "unreached"
    """The same, since this computer could reach no strap."""
    THROWN = "thrown away"


class MarkView(msgspec.Struct, frozen=True):
    """A moment that someone marked."""

    time: float
    text: str


class MarkChange(msgspec.Struct, frozen=True):
    """One mark, and the change of heart rate from the minute before it to the minute after it.

    `change_bpm` has its 95 % interval in `low` and `high`; `percentile` is the percentage of the
    other moments of its hour, `minutes` of them, at which heart rate rose less, of a rise, or fell
    less, of a fall. `reason` says why change or percentile is withheld.
    """

    time_s: float
    text: str
    change_bpm: float | None
    percentile: float | None
    low: float | None
    high: float | None
    reason: Reason | None
    minutes: float | None


class PooledMarks(msgspec.Struct, frozen=True):
    """All marks of one label together, of one session or several.

    `marks` could be read, in so many `sessions`; `change_bpm` is their mean change with its 95 %
    interval. `p` is the chance of so large a change at moments of no meaning, shared among the
    labels of one person (Holm 1979), and `together` what that says: a rise or a fall where it is at
    most 5 %, else like any other minutes.
    """

    text: str
    marks: int
    sessions: int
    change_bpm: float | None
    low: float | None
    high: float | None
    p: float | None
    together: Together
    reason: Reason | None


class TalkingView(msgspec.Struct, frozen=True):
    """A stretch of talking; `end` is None while it lasts, `likely` says that it was only heard."""

    start: float
    end: float | None
    likely: bool = False


def talking_views(told: Iterable[Span], likely: Iterable[Span]) -> tuple[TalkingView, ...]:
    """Return stretches of talking in order."""
    each = sorted([(*span, False) for span in told] + [(*span, True) for span in likely])
    return tuple(
        TalkingView(start, None if end == inf else end, heard) for start, end, heard in each
    )


class Snapshot(msgspec.Struct, frozen=True):
    """The newest state of a session."""

    session: str
    time: float
    """Session time in seconds of the newest event, or of the tick that asked."""
    started_wall: float | None
    phase: PhaseName
    phase_since: float
    sources: tuple[SourceView, ...]
    marks: tuple[MarkView, ...]
    talking: tuple[TalkingView, ...]
    simulated: bool
    trouble: str | None = None
    """One sentence when the recording had to stop, as on a full disk, or while `rescued`."""
    notice: str | None = None
    """One sentence that is worth knowing while it goes on."""
    rescued: bool = False
    """Whether the library went away, and the recording goes on without it."""
    replayed: bool = False
    """Whether a recording is played again."""
    hour: HourView = UNSAID
    """What people said of the hour besides its marks."""
    fate: Fate = Fate.KEPT
