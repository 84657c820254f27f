"""The practice view in each of its states, from a simulated session: for pictures and tests.

`practice_states()` gives a builder by the name of each state. A builder returns a view that is not
shown and whose clock stands still, ready for `grab()`; `close()` it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from devices.link import LinkState
from gui.practice.view import PracticeView
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.beats import Beats
from physio.breathing.assessment import steps_of
from physio.breathing.pacer import steady
from physio.breathing.prediction import predicted
from physio.breathing.resonance import Choice
from physio.estimate import Estimate, withheld
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from pipelines.live.commands import Assess, Command, GoOn, Pause
from pipelines.session import LATE, PhaseName, ResonanceView, WaveState, WaveView
from pipelines.session.snapshot import Arousal, Glance, RecordingQuality, Snapshot, SourceView
from pipelines.session.trace import Points, Trace, packed

Builder = Callable[..., PracticeView]
RATE = 6.0
DELAY = 2.1
"""Seconds by which the simulated strap tells late of its beats."""
OFFSET = 5000.0
"""The view's clock at the beginning of the session: the two clocks have nothing in common."""


class Clock:
    """A clock that moves only when told to."""

    def __init__(self, now: float = OFFSET) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@cache
def simulated_beats(rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return ends (s) and lengths (ms) of half an hour of intervals that sway with the guide."""
    ends, lengths, moment, generator = [], [], 0.0, np.random.default_rng(7)
    while moment < 1800.0:
        swing = np.sin(2.0 * np.pi * (rate / 60.0 * (moment - 3.0 - DELAY) - 0.13))
        length = 920.0 - 75.0 * swing - 12.0 * np.sin(0.41 * moment) + generator.normal(0.0, 9.0)
        moment += length / 1000.0
        ends.append(moment)
        lengths.append(length)
    return np.array(ends), np.array(lengths)


_TRUST = {TrustLevel.CLEAR: 2.0, TrustLevel.LIMITED: 1.0}


@dataclass
class SimulatedSession:
    """A running session of one strap whose heart follows the guide, on a clock of the test's own.

    `silent_from` is the session time after which no beat comes; `gap` a stretch without beats.
    """

    clock: Clock
    rate: float = RATE
    silent_from: float = np.inf
    gap: tuple[float, float] = (np.inf, np.inf)
    trust: TrustLevel = TrustLevel.CLEAR
    breathing: float | None = RATE
    link: LinkState = LinkState.BEATS
    trouble: str | None = None
    reachable: bool = True
    phase: PhaseName = PhaseName.SESSION
    refusal: str | None = None
    wave: WaveState = WaveState.PREDICTED
    resonance: ResonanceView | None = None
    kept: list[Command] = field(default_factory=list)
    closed: bool = False
    assessed_until: float = np.inf

    def snapshot(self) -> Snapshot | None:
        """Return what an engine would tell now."""
        if not self.reachable:
            return None
        now = self._now()
        return Snapshot("simulated", now, None, self.phase, 0.0, (self._source(now),), (), (),
                        simulated=True, trouble=self.trouble)  # fmt: skip

    def trace(self, source: int, first: int, rr_first: int) -> Trace | None:  # noqa: ARG002
        """Return one point and one interval a beat."""
        if not self.reachable:
            return None
        time, rr = (values[rr_first:] for values in self._beats(self._now()))
        rate, nothing = 60000.0 / rr, np.full(len(rr), np.nan)
        trust = np.full(len(rr), _TRUST.get(self.trust, 0.0))
        if self.trust is TrustLevel.LIMITED:
            trust[time < 111.0] = 2.0
        columns = (time, rate, rate - 2.0, rate + 2.0, *[nothing] * 5, 0.0 * rr, trust, 0.0 * rr)
        beats = Beats(time, rr, np.zeros(len(rr), np.int64))
        return packed(source, rr_first, Points(*columns), rr_first, beats)

    def ask(self, command: Command) -> str | None:
        """Keep the command, or refuse it."""
        if self.refusal is None:
            self.kept.append(command)
            self._follow(command)
        return self.refusal

    def _follow(self, command: Command) -> None:
        if isinstance(command, Pause):
            self.phase, self.gap = PhaseName.PAUSED, (self._now(), np.inf)
        elif isinstance(command, GoOn):
            self.phase, self.gap = PhaseName.SESSION, (self.gap[0], self._now())
        elif isinstance(command, Assess):
            self.assessed_until = np.inf
            if command.course is not None:
                steps = steps_of(command.course, command.inhale, at=command.start)
                self.assessed_until = steps[-1].end + LATE

    def close(self) -> None:
        """Be let go of."""
        self.closed = True

    def _now(self) -> float:
        return self.clock() - OFFSET

    def _beats(self, now: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends (s) and lengths (ms) of the intervals whose strap has sent them."""
        time, rr = simulated_beats(self.rate)
        arrived = (time <= min(now - 0.6, self.silent_from)) & ~(
            (time > self.gap[0]) & (time - rr / 1000 < self.gap[1])
        )
        return time[arrived], rr[arrived]

    def _source(self, now: float) -> SourceView:
        time, _ = self._beats(now)
        last = float(time[-1]) if len(time) else None
        found = withheld("breaths/min", Reason(ReasonCode.NO_BREATHING_RHYTHM), window=60.0)
        if self.breathing is not None:
            found = Estimate(self.breathing, "breaths/min", self.breathing - 0.4,
                             self.breathing + 0.4, 60.0, 100.0, 0.0)  # fmt: skip
        heart = Estimate(65.2, "bpm", 63.4, 67.0, 10.0, 100.0, 0.0)
        return SourceView(
            0, "client", "simulated strap", self.link, 0.0, last,
            {"mean_hr": heart, "breathing_rate": found}, None, None, 180.0,
            Glance(Position.UNKNOWN, Direction.UNCLEAR, self.trust, None, None, None, None),
            Arousal(None, None, None, None, (), Reason(ReasonCode.NO_BASELINE_YET)),
            RecordingQuality(len(time), now, 100.0, 0.0, (), Verdict.GOOD, None), len(time),
            wave=self._wave(now),
            resonance=self.resonance if now >= self.assessed_until else None,
        )  # fmt: skip

    def _wave(self, now: float) -> WaveView | None:
        """Return the wave as an engine foresees it, or the state that is asked for."""
        time, rr = self._beats(now)
        if not len(time):
            return None
        half = 0.0005 * float(np.median(rr[-20:]))
        if self.wave is not WaveState.PREDICTED:
            known = self.wave is not WaveState.UNKNOWN_DELAY
            return WaveView(self.wave, half + DELAY * known)
        beats = Beats(time, rr, np.cumsum(np.append(0, np.diff(time) > 3.0)))
        guide = steady(self.rate, at=3.0)
        found = predicted(beats, np.ones(len(time), bool), guide, now=now, delay=DELAY)
        if found is None or not found.shown:
            return WaveView(WaveState.NOT_YET, half + DELAY)
        times = np.arange(found.known - half, now + 1.0, 0.2)
        start = float(times[0]) + half + DELAY
        rates = tuple(found.rate(times).tolist())
        around = np.hypot(found.cosine, found.sine)
        quick, slow = 60000.0 / (found.level - around), 60000.0 / (found.level + around)
        return WaveView(WaveState.PREDICTED, half + DELAY, start, 0.2, rates, found.error,
                        (quick + slow) / 2.0, (quick - slow) / 2.0)  # fmt: skip


def practice(
    *keys: str,
    session: Callable[[Clock], SimulatedSession] | None = SimulatedSession,
    seconds: float = 125.4,
    after: float = 12.0,
    size: tuple[int, int] = (1280, 800),
    dark: bool = False,
    minutes: float | None = 8.0,
    reduced: bool = False,
    listens: bool = False,
    first: bool = False,
    contact: str = "",
) -> PracticeView:
    """Return a view that ran for `seconds`, then took these keys' actions, then ran `after` more.

    It is stepped once a second, after the keys five times, as often as its poller asks.
    """
    clock = Clock()
    heard = None if session is None else session(clock)
    view = PracticeView(
        heard, rate=RATE, minutes=minutes, clock=clock, dark=dark, reduced=reduced,
        listens=listens, first=first, contact=contact,
    )  # fmt: skip
    view.resize(*size)
    run(view, clock, seconds, step=1.0)
    for key in keys:
        view.act(key)
    run(view, clock, after if keys else 0.0)
    return view


def assessed(found: ResonanceView | None, **options: object) -> PracticeView:
    """Return a view whose assessment in steps has come to this."""

    def heard(clock: Clock) -> SimulatedSession:
        return SimulatedSession(clock, resonance=found)

    view = practice(
        "assess", "finish", session=heard, seconds=135.0, minutes=2.0, after=1.0, **options
    )  # type: ignore[arg-type]
    clock = view.run._clock
    assert isinstance(clock, Clock)
    run(view, clock, 1090.0, step=5.0)
    run(view, clock, 12.0)
    return view


def run(view: PracticeView, clock: Clock, seconds: float, *, step: float = 0.2) -> None:
    """Let the clock go on, with every part of the view following it."""
    over = clock.now + seconds
    for end in np.append(np.arange(clock.now, over, step)[1:], over):
        clock.now = float(end)
        if view.run.poller is not None:
            view.run.poller.poll()
        view.tick()


def practice_states() -> dict[str, Builder]:
    """Return the builder of each state by its name; all take `size`, `dark` as `practice` does."""

    def state(*keys: str, **fixed: object) -> Builder:
        return lambda **options: practice(*keys, **{**fixed, **options})  # type: ignore[arg-type]

    def strap(**how: object) -> Callable[[Clock], SimulatedSession]:
        return lambda clock: SimulatedSession(clock, **how)  # type: ignore[arg-type]

    return {
        "settling in": state(session=None, seconds=1.0),
        "no strap": state(session=None),
        "strap live": state(),
        "strap off pace": state(session=strap(wave=WaveState.OFF)),
        "strap of unknown delay": state(session=strap(wave=WaveState.UNKNOWN_DELAY)),
        "strap limited": state(session=strap(trust=TrustLevel.LIMITED)),
        "strap lost": state(session=strap(silent_from=113.0, link=LinkState.LOST)),
        "strap gap": state(session=strap(gap=(96.0, 104.0), breathing=None)),
        "numbers": state("numbers", "slower", after=1.0),
        "paused": state("pause"),
        "eyes closed": state("eyes", after=2.0),
        "calm": state("calm", after=4.0),
        "calm without strap": state("calm", session=None, after=4.0),
        "calm with somebody to call": state(
            "calm", session=None, after=4.0, contact="Ada, 030 901820"
        ),
        "finding the own pace": state(session=strap(breathing=None), seconds=40.0, listens=True),
        "ended from calm": state("calm", "finish", session=None, after=4.0),
        "finished": state(seconds=135.0, minutes=2.0),
        "reduced motion": state(reduced=True),
        "the heart leads": state("heart"),
        "the heart leads, reduced motion": state("heart", reduced=True),
        "the heart goes its own way": state("heart", session=strap(wave=WaveState.OFF)),
        "the heart of an unknown delay": state(
            "heart", session=strap(wave=WaveState.UNKNOWN_DELAY)
        ),
        "before an assessment": state("assess", seconds=135.0, minutes=2.0, after=1.0),
        "assessing": state("assess", "finish", seconds=135.0, minutes=2.0, after=60.0),
        "assessing, at rest": state("assess", "finish", seconds=135.0, minutes=2.0, after=140.0),
        "sliding": state("assess", "assess", seconds=135.0, minutes=2.0, after=60.0),
        "assessed": lambda **options: assessed(
            ResonanceView(5.5, Choice.CLEAR, agrees=True), **options
        ),
        "assessed, still rising": lambda **options: assessed(
            ResonanceView(4.5, Choice.EDGE), **options
        ),
        "assessed, no difference": lambda **options: assessed(
            ResonanceView(6.0, Choice.UNCLEAR), **options
        ),
        "keys": state("help", after=1.0),
    }
