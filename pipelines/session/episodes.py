"""The episodes of one wearer, as snapshots and results show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from physio import labels as labelling
from physio.arousal.episodes import Episode, episodes
from physio.beats import Beats
from physio.labels import LabelArray
from pipelines.session.snapshot import EpisodeMark, EpisodeView, MarkView
from pipelines.session.talking import Span

MARKED_BEFORE = 10.0
"""Seconds before an onset within which a mark belongs to it: the moment may come first."""


def episodes_in(
    beats: Beats, label: LabelArray | None, unread: Iterable[Span], *, since: float = -np.inf
) -> tuple[Episode, ...]:
    """Return the episodes of beats with these labels, unread in some stretches; see `episodes`."""
    usable = labelling.usable(label, beats.segment)
    return episodes(beats, usable, label, unread=unread, since=since)


def episode_views(found: Iterable[Episode], marks: Sequence[MarkView]) -> tuple[EpisodeView, ...]:
    """Return the episodes that are sure, each with the marks that fall into it."""
    return tuple(_view(one, marks) for one in found if one.sure)


def episode_spans(found: Iterable[EpisodeView]) -> list[Span]:
    """Return from when to when each episode lasts, in s: until it settled, or is no longer seen."""
    return [
        (one.onset_s, one.until_s if one.recovery_s is None else one.onset_s + one.recovery_s)
        for one in found
    ]


def episode_around(when: float, found: Iterable[EpisodeView]) -> int | None:
    """Return the place of the episode that a mark made at `when` (s) belongs to, None without."""
    return next(
        (place for place, one in enumerate(found) if any(m.time_s == when for m in one.marks)),
        None,
    )


def _view(one: Episode, marks: Sequence[MarkView]) -> EpisodeView:
    lasts = one.until if one.recovery is None else one.onset.value + one.recovery.value
    begins = one.onset.value - MARKED_BEFORE
    half, whole = one.half_recovery, one.recovery
    return EpisodeView(
        onset_s=one.onset.value,
        onset_low_s=one.onset.low,
        onset_high_s=one.onset.high,
        peak_s=one.peak.value,
        peak_low_s=one.peak.low,
        peak_high_s=one.peak.high,
        height_bpm=one.height.value,
        height_low_bpm=one.height.low,
        height_high_bpm=one.height.high,
        half_recovery_s=half.value if half else None,
        half_recovery_low_s=half.low if half else None,
        half_recovery_high_s=half.high if half else None,
        recovery_s=whole.value if whole else None,
        recovery_low_s=whole.low if whole else None,
        recovery_high_s=whole.high if whole else None,
        resolved=one.resolved,
        until_s=one.until,
        marks=tuple(EpisodeMark(m.time, m.text) for m in marks if begins <= m.time <= lasts),
    )
