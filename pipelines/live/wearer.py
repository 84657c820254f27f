"""One wearer in a running session: beats, baseline, and what the glance tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np

from devices.link import LinkState
from physio import labels, panel, quality
from physio.arousal import glance
from physio.arousal.baseline import Baseline, NoBaseline, baseline
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.arousal.index import Index, arousal_index
from physio.beats import Gap
from physio.estimate import Estimate, withheld
from physio.locked_rhythm import Lock
from physio.measures import MEASURES
from physio.reasons import Reason, ReasonCode
from pipelines.live.episodes import EpisodeLog
from pipelines.session import (
    ENDED,
    SETTLING,
    TRUST,
    UNTOLD,
    BaselineBand,
    BeatLog,
    Circumstances,
    Condition,
    EpisodeView,
    Glance,
    Growing,
    LeftOut,
    MarkChange,
    MarkView,
    PostureView,
    RawIntervals,
    RecordingQuality,
    Source,
    SourceView,
    Span,
    arousal_of,
    episode_views,
    gap_at_end,
    mark_changes,
    quality_of_recording,
    reach,
    readable_at,
    readings,
    span_of,
    trusted,
)

BASELINE_GOAL = 180.0
"""Seconds of beats that a baseline is learnt from."""
STALE = 15.0
"""Seconds without a beat after which a trailing window says nothing of now."""


class Wearer:
    """The state of one source: a fold over its packets.

    Parameters
    ----------
    source : Source
        Who it is.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.beats = BeatLog()
        self.baselines: dict[Condition, Baseline | None] = {}
        """The newest of each posture, silent and talking."""
        self.link: LinkState | None = None
        self.link_since = 0.0
        self.link_before_end: LinkState | None = None
        """The newest state of the link that is not its end."""
        self.battery_percent: int | None = None
        self.last_arrival: float | None = None
        """When the newest packet with beats arrived, in s."""
        self.points = Growing(np.int64)
        """For each packet with beats, how many beats there were after it."""
        self.trusts = Growing(np.int8)
        """For each packet with beats, the trust of its reading as a place in `TRUST`."""
        self._glance = glance.NOTHING_YET
        self._measured: dict[str, Estimate] = {}
        """Trailing windows at the newest packet, as far as somebody asked for them."""
        self._last_minute: quality.Quality | None = None
        self._episodes = EpisodeLog()
        self._left_out: tuple[LeftOut, ...] = ()

    def take(self, raw: RawIntervals, arrival: float, *, around: Circumstances) -> None:
        """Take in the intervals that one packet brought."""
        self.beats.take(raw)
        start, end = self.beats.start, self.beats.end
        self._measured = {}
        if len(raw) and start is not None and end is not None:
            self.last_arrival = arrival
            trust = self._look(start, end, arrival, around)
            self.points.append(len(self.beats))
            self.trusts.append(TRUST.index(trust.level))

    def link_changed(self, state: LinkState, time: float) -> None:
        """Note what the link says of itself."""
        if state is not self.link:
            self.link, self.link_since = state, time
        if state is not ENDED:
            self.link_before_end = state

    def strap_told(self, battery_percent: int | None) -> None:
        """Note what the strap says of itself; what is no share, or not said, changes nothing."""
        if battery_percent is not None and 0 <= battery_percent <= 100:
            self.battery_percent = battery_percent

    def choose_baseline(self, start: float, end: float, condition: Condition = UNTOLD) -> None:
        """Take what the wearer did from `start` to `end` (s) as baseline, if it can be one."""
        beats, label = self.beats.since(self.beats.number_at(start))
        try:
            usable = labels.usable(label, beats.segment)
            self.baselines[condition] = baseline(beats, usable, start=start, end=end)
        except NoBaseline:
            # As offline: what was chosen last counts, and where it cannot be one, there is none.
            self.baselines[condition] = None

    def index(
        self, measures: Mapping[str, Estimate], now: float, around: Circumstances, *, paced: bool
    ) -> Index:
        """Return the arousal index that the trailing windows at `now` (s) give."""
        return arousal_index(
            measures["mean_hr"],
            measures["rsa_amplitude"],
            measures["breathing_rate"],
            self.baselines.get(around.condition(now)),
            paced=paced,
            uncompared=around.uncompared(now, self.baselines),
        )

    def mark_changes(
        self,
        marks: tuple[MarkView, ...],
        delay: float,
        around: Circumstances,
        *,
        episodes: Sequence[Span],
    ) -> tuple[MarkChange, ...]:
        """Return what heart rate did at each mark, as far as the beats so far tell.

        The labels of the newest beats may still change, and of each mark its hour goes on.
        """
        start, end = self.beats.start, self.beats.end
        if not marks or start is None or end is None:
            return ()
        return mark_changes(
            *self.beats.since(0),
            marks,
            span=(start, end),
            delay=delay,
            around=around,
            account=self.beats.agreement.account,
            episodes=episodes,
        )

    def view(
        self,
        now: float,
        *,
        paced: bool,
        around: Circumstances,
        names: Sequence[str],
        marks: Sequence[MarkView] = (),
    ) -> SourceView:
        """Return everything about this wearer as it stands at `now` (s), `names` measured."""
        measures = self._measures(now, around, names)
        index = self.index(measures, now, around, paced=paced)
        condition = around.condition(now)
        own = self.baselines.get(condition)
        shown = self._glance_view(now, around)
        return SourceView(
            source=self.source.source,
            role=self.source.role,
            device=self.source.device,
            link=self.link,
            link_since=self.link_since,
            last_beat=self.last_arrival,
            measures=measures,
            baseline=_band(own, condition),
            baseline_progress=self._progress(),
            baseline_goal=BASELINE_GOAL,
            glance=shown,
            arousal=arousal_of(index, own, shown.position, condition),
            quality=self._quality(now),
            trace_length=len(self.points),
            episodes=self._episode_views(around, marks),
            battery_percent=self.battery_percent,
            condition=condition,
            postures=tuple(
                PostureView(name, start, start + SETTLING)
                for start, name in around.postures
                if start > -inf
            ),
            uncompared=around.uncompared(now, self.baselines),
        )

    def _progress(self) -> float | None:
        """Return the seconds gathered of the first baseline, None once there is one."""
        return None if any(self.baselines.values()) else min(self.beats.covered, BASELINE_GOAL)

    def _look(
        self, start: float, end: float, arrival: float, around: Circumstances
    ) -> glance.Trust:
        """Bring the glance up to date with the newest beat, which ends at `end` (s).

        Returns how far the beats can be trusted, whatever side of the baseline they are on.
        """
        beats, label = self.beats.recent(end, reach())
        (read,) = readings(beats, label, start=start, end=np.array([end]))
        self._last_minute = read.minute
        trust = self._trust(0.0, arrival, around)
        own = around.own(arrival, self.baselines)
        self._glance = glance.advance(self._glance, end, read.heart_rate, read.slope, own, trust)
        return trust

    def _trust(self, age: float | None, now: float, around: Circumstances) -> glance.Trust:
        """Return how far the last minute of beats can be trusted at `now` (s), `age` s after it."""
        begun = self.beats.covered
        return trusted(
            self._last_minute,
            age=age,
            begun=begun,
            talking=around.condition(now).talking,
            likely=around.is_likely(now),
            disagreement=self.beats.agreement.reason or around.hidden(now),
        )

    def _age(self, now: float) -> float | None:
        return None if self.last_arrival is None else max(0.0, now - self.last_arrival)

    def _measures(
        self, now: float, around: Circumstances, names: Sequence[str]
    ) -> dict[str, Estimate]:
        end, reason = self.beats.end, self._unread(now) or around.hidden(now)
        if end is None or reason is not None:
            reason = reason or Reason(ReasonCode.NO_BEATS_YET)
            return {
                name: withheld(MEASURES[name].unit, reason, window=MEASURES[name].window)
                for name in names
            }
        # Several snapshots between two packets ask for the same again.
        if lacking := [name for name in names if name not in self._measured]:
            self._measured |= self._trailing(end, lacking)
        return readable_at({name: self._measured[name] for name in names}, around, end)

    def _unread(self, now: float) -> Reason | None:
        """Return why nothing is measured at `now` (s), None where the beats can be read."""
        age = self._age(now)
        if age is not None and age > STALE:
            return Reason(ReasonCode.NO_BEATS_FOR, seconds=round(age))
        return self.beats.agreement.reason

    def _trailing(self, end: float, names: Sequence[str]) -> dict[str, Estimate]:
        longest = max(MEASURES[name].window for name in names)
        return panel.trailing(*self.beats.recent(end, reach(longest)), end=end, names=names)

    def _glance_view(self, now: float, around: Circumstances) -> Glance:
        """Return the glance as it stands at `now`: a reading that grows old loses its trust.

        So does a position at once where what it was compared with no longer fits.
        """
        shown = self._glance
        if around.own(now, self.baselines) is None:
            shown = glance.unplaced(shown)
        trust = glance.judged(self._trust(self._age(now), now, around), shown)
        lost = trust.level is TrustLevel.NONE
        return Glance(
            position=Position.UNKNOWN if lost else shown.position,
            direction=Direction.UNCLEAR if lost else shown.direction,
            trust=trust.level,
            reason=trust.reason,
            level=None if lost else shown.level,
            difference_bpm=None if lost else shown.difference,
            difference_error_bpm=None if lost else shown.difference_error,
        )

    def _episode_views(
        self, around: Circumstances, marks: Sequence[MarkView]
    ) -> tuple[EpisodeView, ...]:
        """Return the episodes of what has come so far.

        What is left out may lie anywhere: episodes are looked for anew where it changes.
        """
        if around.left_out != self._left_out:
            self._left_out, self._episodes = around.left_out, EpisodeLog()
        unread = (*around.unread, *self.beats.agreement.account.spans)
        return episode_views(self._episodes.so_far(self.beats, unread), marks)

    def _quality(self, now: float) -> RecordingQuality:
        """Return the quality of the recording so far, from running counts."""
        last = gap_at_end(self.beats.end, self.link_before_end, now)
        gaps, lost = self.beats.gaps + last, self.beats.lost + quality.seconds_lost(last)
        start, end = self._span(gaps)
        share = quality.shares_of_rhythms(self.beats.rhythms)
        alternating = 100.0 * self.beats.alternating / max(len(self.beats), 1)
        judged = quality.judge(
            coverage=quality.coverage_of_whole(self.beats.covered, lost, start=start, end=end),
            corrected=100.0 * self.beats.labelled / max(len(self.beats), 1),
            irregular=max(alternating, share[Lock.LOCKED]),
            in_step=share[Lock.UNCLEAR],
            beats=len(self.beats),
            whole=True,
        )
        return quality_of_recording(
            judged,
            [replace(gap, end=None) if gap.end == now else gap for gap in gaps],
            received=self.beats.received,
            duration=end - start,
            duplicates=self.beats.duplicates,
            malformed=self.beats.malformed,
            account=self.beats.agreement.account,
        )

    def _span(self, gaps: Sequence[Gap]) -> tuple[float, float]:
        start, end = self.beats.start, self.beats.end
        if start is None or end is None:
            return 0.0, 0.0
        return span_of(start, end, gaps)


def _band(chosen: Baseline | None, condition: Condition) -> BaselineBand | None:
    if chosen is None:
        return None
    numbers = (chosen.level, chosen.spread, chosen.start, chosen.end)
    return BaselineBand(*numbers, posture=condition.posture, talking=condition.talking)
