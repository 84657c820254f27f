"""The offline path: a whole log at once, through the same functions as the live one.

The engine calls `summary` for its last object too, so that live and offline cannot differ in
anything but the order in which beats reached them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from physio import labels as labelling
from physio import panel, quality
from physio.arousal.baseline import Baseline, NoBaseline
from physio.arousal.baseline import baseline as baseline_in
from physio.arousal.index import Index, arousal_index
from physio.beats import Beats, BoolArray, Gap
from physio.estimate import Estimate
from physio.labels import LabelArray
from physio.presets import INTERBEAT, Preset
from physio.time.clock import beat_clock
from pipelines.decode import START, RawIntervals, decode
from pipelines.events import AnyEvent, Link, Pace, Packet, Source
from pipelines.events import Baseline as BaselineChoice
from pipelines.result import (
    QualityLine,
    Result,
    WindowLine,
    gap_lines,
    measure_line,
    measure_lines,
    preset_line,
)
from pipelines.snapshot import NEWEST_GAPS, Arousal, Term
from pipelines.talking import Span, overlaps, silenced, talked_in

USUAL_WINDOW = 60.0
"""Seconds of a sliding window where no length is asked for."""

Baselines = Mapping[str, Baseline]
"""Baselines from another recording, by role."""

MOST_WINDOWS = 100_000
"""Windows of one source; more are a slip of the unit rather than a wish."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceBeats:
    """One wearer's part of a recording, ready to be measured.

    Attributes
    ----------
    source : int
        Its number in the log.
    role, device : str
        As its `Source` event tells them.
    received : int
        Intervals received, after the duplicate guard and before labels, absurd ones included.
    duplicates, malformed : int
        Packets that arrived twice, and packets that could not be read.
    beats : Beats
        n beats.
    labels : (n,) int8 or None
        Final labels; None to use all intervals as they are.
    gaps : tuple of Gap
        Stretches without beats.
    baseline : (start, end) or None
        The stretch that the log names last as this source's baseline, in seconds.
    paced : bool
        Whether a breathing guide was on at any time.
    talks : tuple of (start, end)
        Stretches of talking in seconds.
    """

    source: int
    role: str
    device: str
    received: int
    duplicates: int
    malformed: int
    beats: Beats
    labels: LabelArray | None
    gaps: tuple[Gap, ...]
    baseline: Span | None = None
    paced: bool = False
    talks: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        """From when to when it lasts, in s; see `span_of`."""
        if len(self.beats) == 0:
            return 0.0, 0.0
        return span_of(float(self.beats.start[0]), float(self.beats.time[-1]), self.gaps)


def span_of(start: float, end: float, gaps: Sequence[Gap]) -> Span:
    """Return from when to when (s) beats from `start` to `end` and the gaps around them last."""
    starts, ends = [gap.start for gap in gaps[:1]], [gap.end for gap in gaps[-1:]]
    return min([start, *starts]), max([end, *ends])


NO_BEATS_WHILE: Mapping[str, str] = MappingProxyType(
    {
        "signal lost, reconnecting": "link lost",
        "searching": "link lost",
        "strap off the skin": "strap off the skin",
    }
)
"""Links without beats, in the words of `devices.contact.LinkState`, and the gap that they mean."""
ENDED = "stopped"
"""Every link ends so; whether beats were lost, the state before it tells."""
WORTH_TELLING = 5.0
"""Seconds; a packet may be this late without a gap."""


def gap_at_end(end: float | None, link: str, until: float) -> tuple[Gap, ...]:
    """Return the gap from the last beat, which ends at `end` (s), if the link says there is one."""
    if end is None or link not in NO_BEATS_WHILE or until - end < WORTH_TELLING:
        return ()
    return (Gap(end, until, NO_BEATS_WHILE[link]),)


def analyse(
    events: Iterable[AnyEvent],
    *,
    labels: bool = True,
    window: float | None = None,
    sliding: float | None = None,
    preset: Preset = INTERBEAT,
    baseline: Span | Baselines | None = None,
) -> tuple[Result, ...]:
    """Return the results of a whole recording, one for each source.

    Parameters
    ----------
    events : iterable of events
        The log of a session, or the events of a file.
    labels : bool
        Whether intervals that do not lie between two normal beats are left out.
    window : float, optional
        Length in seconds of the epochs, or of the sliding windows, to measure beside the whole.
    sliding : float, optional
        Seconds from one sliding window to the next; epochs lie end to end.
    preset : Preset
        The conventions.
    baseline : (start, end) or Baselines, optional
        Stretch in seconds to take as each source's baseline, or baselines from elsewhere, instead
        of the stretch that the log names.

    Raises
    ------
    ValueError
        If `window` or `sliding` is not above 0, or asks for more than `MOST_WINDOWS` windows.
    """
    return tuple(
        summary(found, window=window, sliding=sliding, preset=preset, baseline=baseline)
        for found in beats_of(events, labels=labels)
    )


def beats_of(events: Iterable[AnyEvent], *, labels: bool = True) -> tuple[SourceBeats, ...]:
    """Return the beats, labels and gaps of each source of a log, in the order of their numbers."""
    log = list(events)
    raw = decode(START, log)[1]
    joined = {event.source: event for event in log if isinstance(event, Source)}
    told = {event.source for event in log if isinstance(event, _OF_A_SOURCE)}
    baselines = {e.source: (e.start, e.end) for e in log if isinstance(e, BaselineChoice)}
    paced = any(isinstance(event, Pace) and event.rate is not None for event in log)
    talks = talked_in(log)
    links = {
        event.source: event.state
        for event in log
        if isinstance(event, Link) and event.state != ENDED
    }
    until = max((event.time for event in log), default=0.0)
    return tuple(
        _source_beats(
            joined.get(number, Source(0.0, number, f"member {number}", "")),
            raw.get(number, _NOTHING),
            labels=labels,
            baseline=baselines.get(number),
            paced=paced,
            talks=talks,
            link=links.get(number, ""),
            until=until,
        )
        for number in sorted(told)
    )


_OF_A_SOURCE = (Source, Packet, Link, BaselineChoice)
_NOTHING = RawIntervals(np.empty(0), np.empty(0), np.empty(0, np.int64))


def _source_beats(
    source: Source,
    raw: RawIntervals,
    *,
    labels: bool,
    baseline: Span | None,
    paced: bool,
    talks: tuple[Span, ...],
    link: str,
    until: float,
) -> SourceBeats:
    settled = beat_clock(raw.arrival, raw.rr, raw.cause)
    beats = settled.beats
    end = float(beats.time[-1]) if len(beats) else None
    return SourceBeats(
        source=source.source,
        role=source.role,
        device=source.device,
        received=len(raw),
        duplicates=raw.duplicates,
        malformed=raw.malformed,
        beats=beats,
        labels=labelling.labels(beats.rr, beats.segment) if labels else None,
        gaps=settled.gaps + gap_at_end(end, link, until),
        baseline=baseline,
        paced=paced,
        talks=talks,
    )


def summary(
    found: SourceBeats,
    *,
    window: float | None = None,
    sliding: float | None = None,
    preset: Preset = INTERBEAT,
    baseline: Span | Baselines | None = None,
) -> Result:
    """Return the final result of one source; see `analyse`."""
    start, end = found.span
    measures = panel.whole(
        found.beats, found.labels, found.gaps, start=start, end=end, preset=preset
    )
    return Result(
        source=found.role,
        time_s=end,
        final=True,
        quality=quality_of(found),
        preset=preset_line(preset),
        measures=measure_lines(measures),
        breathing_in_hf_band=panel.breathing_in_hf_band(measures["breathing_rate"]),
        arousal=_arousal(found, measures, baseline or found.baseline),
        windows=_windows(found, window, sliding, preset),
    )


def quality_of(found: SourceBeats) -> QualityLine:
    """Return how much of one source's recording is there, and whether it can be interpreted."""
    start, end = found.span
    judged = quality.of_whole(found.beats, found.labels, found.gaps, start=start, end=end)
    return QualityLine(
        beats=found.received,
        duration_s=end - start,
        coverage_percent=judged.coverage,
        corrected_percent=judged.corrected,
        gaps=gap_lines(found.gaps[-NEWEST_GAPS:]),
        verdict=judged.verdict,
        reason=judged.reason,
        gaps_total=len(found.gaps),
        duplicates=found.duplicates,
        malformed=found.malformed,
    )


def baseline_of(found: SourceBeats, span: Span | None = None) -> Baseline:
    """Return the baseline that a stretch (start, end) of one source gives, its whole unless given.

    Raises
    ------
    NoBaseline
        If the stretch holds too few beats; the message is one sentence.
    """
    start, end = found.span
    if span is not None:
        start, end = max(start, span[0]), min(end, span[1])
    return baseline_in(found.beats, _usable(found), start=start, end=end)


def _usable(found: SourceBeats) -> BoolArray:
    if found.labels is None:
        return np.ones(len(found.beats), dtype=bool)
    return labelling.usable(found.labels, found.beats.segment)


def baselines_of(events: Iterable[AnyEvent], *, labels: bool = True) -> Baselines:
    """Return the baseline that the whole of a recording gives for each of its roles.

    Raises
    ------
    NoBaseline
        If a source holds too few beats; the message is one sentence.
    """
    return {found.role: baseline_of(found) for found in beats_of(events, labels=labels)}


def _arousal(
    found: SourceBeats, measures: Mapping[str, Estimate], chosen: Span | Baselines | None
) -> Arousal:
    """Return the index of the whole recording against its baseline."""
    if chosen is None:
        return _no_arousal("no baseline was chosen")
    try:
        own = chosen[found.role] if isinstance(chosen, Mapping) else baseline_of(found, chosen)
    except KeyError:
        return _no_arousal(f"the baseline's recording has no {found.role}")
    except NoBaseline as error:
        said = str(error).rstrip(".")
        return _no_arousal(said[:1].lower() + said[1:])
    index = arousal_index(
        measures["mean_hr"],
        measures["rsa_amplitude"],
        measures["breathing_rate"],
        own,
        paced=found.paced,
    )
    return arousal_of(index)


def arousal_of(index: Index) -> Arousal:
    """Return the index as snapshots and results show it."""
    terms = tuple(Term(term.name, term.distance, term.weight) for term in index.terms)
    return Arousal(index.value, index.low, index.high, index.bpm, terms, index.reason)


def _no_arousal(reason: str) -> Arousal:
    return Arousal(None, None, None, None, (), reason)


def windows_of(span: Span, window: float | None, sliding: float | None) -> list[Span]:
    """Return the full windows inside `span`: epochs end to end, or one every `sliding` seconds.

    They are counted from the start of the span; none where neither is asked for.

    Raises
    ------
    ValueError
        If a length is not above 0, or there are more than `MOST_WINDOWS`.
    """
    if window is None and sliding is None:
        return []
    length = USUAL_WINDOW if window is None else window
    step = length if sliding is None else sliding
    if not (0 < length < np.inf and 0 < step < np.inf):
        raise ValueError(f"windows of {length:g} s every {step:g} s: give lengths above 0 seconds")
    # A duration is a difference of clock readings, a few 1e-12 s off its nominal length.
    count = np.floor((span[1] - span[0] - length) / step + 1e-9) + 1
    if count > MOST_WINDOWS:
        raise ValueError(f"windows every {step:g} s are more than {MOST_WINDOWS}: use longer steps")
    starts = span[0] + step * np.arange(max(int(count), 0))
    return [(start, start + length) for start in starts.tolist()]


def _windows(
    found: SourceBeats, window: float | None, sliding: float | None, preset: Preset
) -> tuple[WindowLine, ...]:
    spans = windows_of(found.span, window, sliding)
    if not spans:
        return ()
    start, end = (np.array(edges) for edges in zip(*spans, strict=True))
    estimates = panel.over(found.beats, found.labels, start=start, end=end, preset=preset)
    estimates = silenced(estimates, overlaps(found.talks, start, end))
    return tuple(
        WindowLine(
            *span,
            {name: measure_line(row[place]) for name, row in estimates.items()},
            panel.breathing_in_hf_band(estimates["breathing_rate"][place]),
        )
        for place, span in enumerate(spans)
    )
