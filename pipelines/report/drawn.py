"""The session as its report draws it: the trace in stretches, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor

import numpy as np

from physio.beats import Gap, IntArray
from pipelines.language import tr, trn
from pipelines.report.content import Audience, Bracket, Flag, Hour, Rise, Stretch
from pipelines.report.trust import CLEAR
from pipelines.session import EpisodeView, MarkView, Points, SourceBeats, Span, episode_spans
from pipelines.words import cause_text, duration_text, height_text, length_text, talking_text

ACROSS = 600
"""Points of the trace at most: more would lie on one another on a page."""
LEAST_HEIGHT = 30.0
"""Bpm from edge to edge at least, so that a quiet hour looks quiet."""
ROOM = 3.0
"""Bpm between the trace and an edge."""
WORTH_NAMING = 10.0
"""Seconds without a reading from which on a blank is named."""


def hour_of(
    found: SourceBeats,
    points: Points,
    rises: Sequence[EpisodeView],
    band: tuple[float, float, Span] | None,
    audience: Audience,
) -> Hour:
    """Return the session as it is drawn.

    `band` is the baseline's range in bpm, and the stretch it was taken from.
    """
    end = max(found.span[1], *(mark.time for mark in found.marks), 1.0)
    runs = list(stretches(points, end / ACROSS))
    low, high = _edges(runs, band)
    figures = audience is Audience.CLINICIAN
    drawn = [
        _rise(one, until, figures=figures)
        for one, (_, until) in zip(rises, episode_spans(rises), strict=True)
    ]
    return Hour(
        title=tr("The session"),
        unit=tr("heart rate, bpm") if figures else tr("heart rate"),
        alt=_alt(low, high, end, len(rises), found.marks, figures=figures),
        caption=_caption(found, runs, rises, band),
        end=end,
        low=low,
        high=high,
        band=None if band is None else band[:2],
        stretches=tuple(runs),
        rises=tuple(drawn),
        brackets=tuple(_brackets(found, runs, end, band)),
        flags=tuple(Flag(mark.time, number) for number, mark in enumerate(found.marks, 1)),
        figures=figures,
        faster=tr("faster"),
        slower=tr("slower"),
    )


def _caption(
    found: SourceBeats,
    runs: Sequence[Stretch],
    rises: Sequence[EpisodeView],
    band: tuple[float, float, Span] | None,
) -> str:
    """Return what means what in the picture, of what there is to be seen."""
    told = (
        tr("Band: baseline.") if band else "",
        tr("Pale: uncertainty."),
        tr("Dotted: limited, as while talking.") if any(run.limited for run in runs) else "",
        tr("Filled: a rise.") if rises else "",
        tr("Numbers: the moments.") if found.marks else "",
    )
    return " ".join(filter(None, told))


def stretches(points: Points, width: float) -> Iterator[Stretch]:
    """Yield the trace in unbroken stretches of one trust, at most a point every `width` s.

    Where only the trust changes, the later stretch begins where the earlier ended.
    """
    known = np.flatnonzero(np.isfinite(points.heart_rate))
    if len(known) == 0:
        return
    limited = points.trust[known] < CLEAR
    broken = (np.diff(known) > 1) | (np.diff(points.segment[known]) != 0)
    turns = np.flatnonzero(broken | np.diff(limited)) + 1
    begins = np.concatenate(([0], turns))
    for begin, part in zip(begins.tolist(), np.split(known, turns), strict=True):
        joins = begin > 0 and not broken[begin - 1]
        yield _stretch(points, known[begin - 1 :][:1] if joins else part[:0], part, width)


def _stretch(points: Points, before: IntArray, part: IntArray, width: float) -> Stretch:
    bins = np.floor(points.time[part] / width)
    first = np.flatnonzero(np.diff(bins, prepend=-1.0))
    count = np.diff(first, append=len(part))

    def thinned(column: np.ndarray) -> tuple[float, ...]:
        means = np.add.reduceat(column[part], first) / count
        return tuple(np.round(np.concatenate((column[before], means)), 2).tolist())

    rate = points.heart_rate
    return Stretch(
        time=thinned(points.time),
        rate=thinned(rate),
        low=thinned(np.where(np.isfinite(points.heart_rate_low), points.heart_rate_low, rate)),
        high=thinned(np.where(np.isfinite(points.heart_rate_high), points.heart_rate_high, rate)),
        limited=bool(points.trust[part[0]] < CLEAR),
    )


def _edges(runs: Sequence[Stretch], band: tuple[float, float, Span] | None) -> tuple[float, float]:
    """Return the edges of the picture in whole tens of bpm."""
    rates = [rate for run in runs for rate in run.rate] + list(band[:2] if band else ())
    low, high = min(rates, default=60.0) - ROOM, max(rates, default=90.0) + ROOM
    missing = max(0.0, LEAST_HEIGHT - (high - low)) / 2.0
    return 10.0 * floor((low - missing) / 10.0), 10.0 * ceil((high + missing) / 10.0)


def _rise(one: EpisodeView, until: float, *, figures: bool) -> Rise:
    # The unit stands beside the heading.
    label = height_text(one, unit=False) if figures else ""
    return Rise(one.onset_s, one.peak_s, until, label)


def _brackets(
    found: SourceBeats,
    runs: Sequence[Stretch],
    end: float,
    band: tuple[float, float, Span] | None,
) -> Iterator[Bracket]:
    """Yield what is named below the trace, the longest of each row first: its name has room."""
    if band is not None:
        yield Bracket(*band[2], tr("baseline"), 0)
    for gap in sorted(found.gaps, key=lambda gap: gap.start - gap.until):
        lasts = length_text(round(gap.until - gap.start))
        label = ", ".join(filter(None, (cause_text(gap.cause), lasts)))
        yield Bracket(gap.start, gap.until, label, 0)
    for start, stop in _blanks(runs, found.gaps, end):
        yield Bracket(start, stop, tr("no reading"), 0)
    spoken = [(one.start, end if one.end is None else one.end, one) for one in found.talking]
    for start, stop, one in sorted(spoken, key=lambda talk: talk[0] - talk[1]):
        yield Bracket(start, stop, talking_text(likely=one.likely), 1)


def _blanks(runs: Sequence[Stretch], gaps: Sequence[Gap], end: float) -> Iterator[Span]:
    """Yield the stretches (s) without a trace that no gap explains."""
    stops = [0.0, *(run.time[-1] for run in runs)]
    starts = [*(run.time[0] for run in runs), end]
    for stop, start in zip(stops, starts, strict=True):
        explained = any(gap.start < start and gap.until > stop for gap in gaps)
        if start - stop >= WORTH_NAMING and not explained:
            yield stop, start


def _alt(
    low: float, high: float, end: float, rises: int, marks: Sequence[MarkView], *, figures: bool
) -> str:
    """Return what the picture shows, for whoever does not see it."""
    seen = [
        trn("{count} rise", "{count} rises", rises),
        trn("{count} numbered moment", "{count} numbered moments", len(marks)),
    ]
    told = {"lasting": duration_text(end), "seen": ", ".join(seen)}
    if not figures:
        return tr("Heart rate over {lasting}: {seen}; the table says when.", **told)
    return tr(
        "Heart rate between {low:.0f} and {high:.0f} bpm over {lasting}: {seen}; the table says "
        "when.",
        low=low,
        high=high,
        **told,
    )
