"""Made-up moments of a session, for pictures and tests: every state a view can meet."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import numpy as np

from devices.link import LinkState
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.beats import NO_BEATS, Gap, GapCause
from physio.estimate import Estimate, withheld
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from pipelines.live.commands import Command
from pipelines.session import PhaseName
from pipelines.session.snapshot import (
    IN_VIEW,
    Arousal,
    BaselineBand,
    Glance,
    MarkView,
    RecordingQuality,
    Snapshot,
    SourceView,
    TalkingView,
    Term,
)
from pipelines.session.trace import COLUMNS, Points, Trace, packed

NOW = 1880.0
BAND = BaselineBand(68.5, 2.7, 12.0, 192.0)
GAP = Gap(1776.0, 1790.0, GapCause.LINK_LOST)
TALK = TalkingView(1588.0, 1634.0)
MARKS = (
    MarkView(500.0, "tears"),
    MarkView(974.0, "long silence"),
    MarkView(1652.0, "touched hip"),
)

_WINDOW = np.hanning(41)


def _bump(t: np.ndarray, start: float, rise: float, height: float, fall: float) -> np.ndarray:
    x = np.clip((t - start) / rise, 0, None)
    return height * np.where(
        x < 1, 0.5 - 0.5 * np.cos(np.pi * np.clip(x, 0, 1)), np.exp(-(x - 1) * rise / fall)
    )


def heart_rate(t: np.ndarray, *, seed: int = 1, height: float = 21.0) -> np.ndarray:
    """A quiet hour with two rises, smooth as a 10 s mean."""
    generator = np.random.default_rng(seed)
    noise = np.convolve(generator.normal(0, 1, len(t) + 60), _WINDOW / _WINDOW.sum(), "same")[
        30:-30
    ]
    drift = 1.2 * np.sin(t / 47 + seed) + 0.8 * np.sin(t / 13.0 + 2 * seed)
    rises = _bump(t, 500, 40, 0.5 * height, 50) + _bump(t, 1652, 68, height, 190)
    return 68.3 + drift + 3.0 * noise + rises


@dataclass
class Columns:
    """The columns of a trace, to be changed before they are packed."""

    values: dict[str, np.ndarray] = field(default_factory=dict)

    def pack(self, source: int, first: int = 0) -> Trace:
        points = Points(*(self.values[name][first:] for name in COLUMNS))
        return packed(source, first, points, 0, NO_BEATS)


def columns(until: float, *, seed: int = 1, height: float = 21.0, gap: bool = True) -> Columns:
    t = np.arange(3.0, until + 0.01, 1.0) - 0.4
    hr = heart_rate(t, seed=seed, height=height)
    error = 1.5 + 0.4 * np.sin(t / 60)
    rsa = 38 - 9 * np.exp(-(((t - 1720) / 45) ** 2)) + 3 * np.sin(t / 80)
    talking = (t > TALK.start) & (t < TALK.end)
    rsa[(t > TALK.start) & (t < TALK.end + 20)] = np.nan
    rsa[t < 60] = np.nan
    segment = np.zeros(len(t))
    trust = np.where(talking, 1.0, 2.0)
    keep = np.ones(len(t), bool)
    if gap:
        keep = ~((t > GAP.start) & (t < GAP.end))
        segment[t >= GAP.end] = 1
        rsa[(t >= GAP.end) & (t < GAP.end + 25)] = np.nan
    corrected = np.zeros(len(t))
    corrected[np.isin(np.round(t + 0.4), (1820, 1824, 1829))] = 1
    arousal = np.where(t > BAND.end, (hr - BAND.level) / BAND.spread * 0.8, np.nan)
    values = (
        t, hr, hr - error, hr + error, rsa, rsa - 5, rsa + 5, np.full(len(t), 14.0), arousal,
        segment, trust, corrected,
    )  # fmt: skip
    return Columns({k: v[keep] for k, v in zip(COLUMNS, values, strict=True)})


def estimate(value: float, error: float, unit: str) -> Estimate:
    return Estimate(value, unit, value - error, value + error, 60.0, 98.0, 1.0)


CLEAR = Glance(Position.ABOVE, Direction.SETTLING, TrustLevel.CLEAR, None, 3.3, 9.0, 2.0)
NEAR = Glance(Position.NEAR, Direction.STEADY, TrustLevel.CLEAR, None, 0.2, 0.6, 1.4)
LIMITED = Glance(
    Position.ABOVE, Direction.UNCLEAR, TrustLevel.LIMITED, Reason(ReasonCode.TALKING), 3.0, 8.0, 4.0
)


def unplaced(trust: TrustLevel, reason: Reason | None = None) -> Glance:
    return Glance(Position.UNKNOWN, Direction.UNCLEAR, trust, reason, None, None, None)


UNKNOWN = unplaced(TrustLevel.CLEAR)
FIRST = unplaced(TrustLevel.NONE, Reason(ReasonCode.FIRST_BEATS))
INDEX = Arousal(2.1, 1.6, 2.6, 9.0, (Term("heart rate", 3.3, 0.6), Term("sway", -0.6, 0.4)), None)


def source(
    *,
    number: int = 0,
    role: str = "client",
    now: float = NOW,
    glance: Glance = CLEAR,
    band: BaselineBand | None = BAND,
    link: LinkState = LinkState.BEATS,
    link_since: float = 4.0,
    last_beat: float | None = NOW - 0.7,
    progress: float | None = None,
    gaps: tuple[Gap, ...] = (GAP,),
    length: int = 0,
) -> SourceView:
    measures = {
        "mean_hr": estimate(77.2, 2.0, "bpm"),
        "rsa_amplitude": estimate(35.0, 5.0, "ms"),
        "breathing_rate": estimate(14.0, 0.5, "breaths/min"),
    }
    arousal = (
        INDEX if band else Arousal(None, None, None, None, (), Reason(ReasonCode.NO_BASELINE_YET))
    )
    return SourceView(
        source=number, role=role, device="Simulated strap", link=link, link_since=link_since,
        last_beat=last_beat, measures=measures, baseline=band, baseline_progress=progress,
        baseline_goal=180.0, glance=glance, arousal=arousal,
        quality=RecordingQuality(2300, now, 98.0, 3.0, gaps, Verdict.GOOD, None),
        trace_length=length,
    )  # fmt: skip


def snapshot(*sources: SourceView, now: float = NOW, **changes: object) -> Snapshot:
    base = Snapshot(
        session="simulated", time=now, started_wall=None, phase=PhaseName.SESSION,
        phase_since=192.0,
        sources=sources, marks=MARKS, talking=(TALK,), simulated=True,
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


class Moment:
    """A session that stands still, or answers nothing; it keeps the commands it is asked."""

    def __init__(self, state: Snapshot | None, traces: dict[int, Columns] | None = None) -> None:
        traces = traces or {}
        if state is not None:
            state = msgspec.structs.replace(
                state,
                sources=tuple(
                    msgspec.structs.replace(v, trace_length=_length(traces.get(v.source)))
                    for v in state.sources
                ),
            )
        self.state, self.traces = state, traces
        self.asked: list[Command] = []
        self.trouble: str | None = None
        self.closed = False

    def snapshot(self) -> Snapshot | None:
        return self.state

    def trace(self, source: int, first: int, rr_first: int) -> Trace | None:  # noqa: ARG002
        found = self.traces.get(source)
        return None if found is None else found.pack(source, first)

    def ask(self, command: Command) -> str | None:
        self.asked.append(command)
        return self.trouble

    def close(self) -> None:
        self.closed = True


def _length(found: Columns | None) -> int:
    return 0 if found is None else len(found.values["time"])


def _early(now: float, *, glance: Glance = UNKNOWN, progress: float) -> Moment:
    view = source(
        now=now, band=None, glance=glance, gaps=(), last_beat=now - 0.7, progress=progress
    )
    state = snapshot(view, now=now, marks=(), talking=(), phase=PhaseName.BASELINE, phase_since=0.0)
    return Moment(state, {0: columns(now, gap=False)})


def _waiting(now: float, link: LinkState, since: float) -> Moment:
    view = source(
        now=now, band=None, glance=UNKNOWN, gaps=(), last_beat=None, link=link, link_since=since
    )
    view = msgspec.structs.replace(view, measures={})
    return Moment(
        snapshot(view, now=now, marks=(), talking=(), phase=PhaseName.NONE, phase_since=0.0)
    )


def first_beats() -> Moment:
    moment = _early(6.0, glance=FIRST, progress=4.0)
    assert moment.state is not None
    nothing = withheld("bpm", Reason(ReasonCode.LITTLE_COVERED, percent=40), window=10.0)
    view = msgspec.structs.replace(
        moment.state.sources[0], measures=dict.fromkeys(IN_VIEW, nothing), trace_length=0
    )
    return Moment(msgspec.structs.replace(moment.state, sources=(view,)))


def live() -> Moment:
    return Moment(snapshot(source()), {0: columns(NOW)})


def near() -> Moment:
    now = 1480.0
    view = source(now=now, glance=NEAR, gaps=(), last_beat=now - 0.7)
    state = snapshot(view, now=now, marks=MARKS[:2], talking=())
    return Moment(state, {0: columns(now)})


def limited() -> Moment:
    traces = columns(NOW)
    late = traces.values["time"] > NOW - 40
    traces.values["trust"][late] = 1
    traces.values["rsa"][late] = np.nan
    state = snapshot(source(glance=LIMITED), talking=(TALK, TalkingView(NOW - 40, None)))
    return Moment(state, {0: traces})


def gap() -> Moment:
    traces = columns(NOW - 12)
    view = source(
        glance=unplaced(TrustLevel.NONE, Reason(ReasonCode.LAST_BEAT_AGO, seconds=12)),
        link=LinkState.LOST, link_since=NOW - 11, last_beat=NOW - 12,
        gaps=(GAP, Gap(NOW - 12, None, GapCause.LINK_LOST)),
    )  # fmt: skip
    return Moment(snapshot(view), {0: traces})


def gap_near() -> Moment:
    """A link that is lost while heart rate is inside the band of its baseline."""
    now = 1480.0
    view = source(
        now=now, glance=unplaced(TrustLevel.NONE, Reason(ReasonCode.LAST_BEAT_AGO, seconds=12)),
        link=LinkState.LOST, link_since=now - 11, last_beat=now - 12,
        gaps=(Gap(now - 12, None, GapCause.LINK_LOST),),
    )  # fmt: skip
    state = snapshot(view, now=now, marks=MARKS[:2], talking=())
    return Moment(state, {0: columns(now - 12)})


def paused() -> Moment:
    traces = columns(NOW - 40)
    view = source(gaps=(GAP, Gap(NOW - 40, None, GapCause.PAUSED)), last_beat=NOW - 40)
    return Moment(snapshot(view, phase=PhaseName.PAUSED, phase_since=NOW - 40), {0: traces})


def finished() -> Moment:
    return Moment(snapshot(source(), phase=PhaseName.FINISHED, phase_since=NOW), {0: columns(NOW)})


def stopped() -> Moment:
    trouble = "The disk is full: the recording stopped at 31:20, and all before is kept."
    return Moment(snapshot(source(), trouble=trouble), {0: columns(NOW)})


def no_estimate() -> Moment:
    moment = live()
    assert moment.state is not None
    view = moment.state.sources[0]
    nothing = withheld("ms", Reason(ReasonCode.WHILE_TALKING), window=60.0)
    measures = {"rsa_amplitude": nothing, "breathing_rate": nothing}
    view = msgspec.structs.replace(view, measures=measures)
    moment.state = msgspec.structs.replace(moment.state, sources=(view,))
    return moment


def two_people() -> Moment:
    other = source(number=1, role="therapist", glance=NEAR, gaps=())
    state = snapshot(source(), other)
    return Moment(state, {0: columns(NOW), 1: columns(NOW, seed=5, height=4.0, gap=False)})


def two_beginning() -> Moment:
    """Two people of whom one has a baseline and one has not."""
    now = 110.0
    views = [
        source(
            number=number, role=role, now=now, band=band, glance=NEAR if band else UNKNOWN,
            gaps=(), last_beat=now - 0.7, progress=None if band else 107.0,
        )
        for number, (role, band) in enumerate((("client", None), ("therapist", BAND)))
    ]  # fmt: skip
    state = snapshot(
        *views, now=now, marks=(), talking=(), phase=PhaseName.BASELINE, phase_since=0.0
    )
    both = (columns(now, gap=False), columns(now, seed=5, height=4.0, gap=False))
    return Moment(state, dict(enumerate(both)))


def group(glances: tuple[Glance, ...] = (CLEAR, NEAR, LIMITED, NEAR, UNKNOWN)) -> Moment:
    views = [
        source(number=n, role=f"member {n + 1}", glance=g, band=None if g is UNKNOWN else BAND)
        for n, g in enumerate(glances)
    ]
    return Moment(snapshot(*views), {n: columns(NOW, seed=n + 2) for n in range(len(views))})


STATES = {
    "no strap": lambda: _waiting(52.0, LinkState.SEARCHING, 2.0),
    "connecting": lambda: _waiting(9.0, LinkState.SEARCHING, 2.0),
    "first beats": first_beats,
    "warming up": lambda: _early(110.0, progress=107.0),
    "live": live,
    "near": near,
    "limited": limited,
    "gap": gap,
    "gap near": gap_near,
    "paused": paused,
    "finished": finished,
    "stopped": stopped,
    "no estimate": no_estimate,
    "unreachable": lambda: Moment(None),
    "two people": two_people,
    "two beginning": two_beginning,
    "group": group,
    "group of seven": lambda: group((CLEAR, NEAR, LIMITED, NEAR, UNKNOWN, NEAR, CLEAR)),
}
