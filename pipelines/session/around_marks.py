"""What heart rate did at each mark of a session: live at a moment, or of the whole recording.

A strap tells of a beat seconds after it happened, and a mark bears the time of a key. So marks, and
the talking that somebody told of, lie that much later among the beats.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from physio.arousal import moments, pooling
from physio.arousal.moments import Hours, Unread
from physio.arousal.pooling import Pooled
from physio.beats import Beats, FloatArray
from physio.labels import LabelArray
from pipelines.session.account import Account
from pipelines.session.circumstances import LEFT_OUT, MOVING, POSTURE_CHANGED, Circumstances
from pipelines.session.snapshot import MarkChange, MarkView, PooledMarks
from pipelines.session.source_beats import SourceBeats
from pipelines.session.talking import LIKELY, REASON, Span


def mark_changes(
    beats: Beats,
    label: LabelArray | None,
    marks: Sequence[MarkView],
    *,
    span: Span,
    delay: float,
    around: Circumstances,
    account: Account,
    episodes: Sequence[Span] = (),
) -> tuple[MarkChange, ...]:
    """Return what heart rate did at each mark; see `physio.arousal.moments.mark_changes`.

    Parameters
    ----------
    beats, label
        All beats of the source that are known, and their labels, None to use all.
    marks : sequence of MarkView
        In the order of their times.
    span : (start, end)
        From when to when the beats last, in s.
    delay : float
        How late they lie on the session clock, in s.
    around, account
        Stretches of talking, of a posture just changed and of movement, and of more intervals than
        time: nothing of any is read. A mark is held against moments of its own posture.
    episodes : sequence of (start, end)
        Those that are known, in s.
    """
    found = moments.mark_changes(
        beats,
        label,
        _seen(marks, delay),
        start=span[0],
        end=span[1],
        unread=_unread(around, account, delay),
        episodes=episodes,
        postures=[(start + delay, name) for start, name in around.postures],
    )
    return tuple(
        MarkChange(
            mark.time,
            mark.text,
            one.change,
            one.percentile,
            one.low,
            one.high,
            one.reason,
            one.minutes,
        )
        for mark, one in zip(marks, found, strict=True)
    )


def mark_changes_of(found: SourceBeats, *, episodes: Sequence[Span] = ()) -> tuple[MarkChange, ...]:
    """Return what heart rate did at each mark of a whole recording."""
    return mark_changes(
        found.beats,
        found.labels,
        found.marks,
        span=found.span,
        delay=found.delay,
        around=found.around,
        account=found.account,
        episodes=episodes,
    )


def pooled_marks(sessions: Iterable[SourceBeats]) -> tuple[PooledMarks, ...]:
    """Return what heart rate did at all marks of each label of one person, in order of the labels.

    Marks without words are no label.

    Parameters
    ----------
    sessions : iterable of SourceBeats
        The same person's part of one session or more.
    """
    marked = [one for one in sessions if any(mark.text for mark in one.marks)]
    hours = [_hours(one) for one in marked]
    texts = sorted({mark.text for one in marked for mark in one.marks if mark.text})
    found = [
        pooling.pooled(
            [
                (hour, _seen([mark for mark in one.marks if mark.text == text], one.delay))
                for hour, one in zip(hours, marked, strict=True)
            ]
        )
        for text in texts
    ]
    shared = iter(pooling.holm([one.p for one in found if one.p is not None]).tolist())
    return tuple(
        _told(text, one, None if one.p is None else next(shared))
        for text, one in zip(texts, found, strict=True)
    )


def _told(text: str, found: Pooled, chance: float | None) -> PooledMarks:
    return PooledMarks(
        text=text,
        marks=found.marks,
        sessions=found.sessions,
        change_bpm=found.change,
        low=found.low,
        high=found.high,
        p=chance,
        together=pooling.together(found.change, chance),
        reason=found.reason,
    )


def _hours(found: SourceBeats) -> Hours:
    start, end = found.span
    unread = _unread(found.around, found.account, found.delay)
    return moments.hours(found.beats, found.labels, start=start, end=end, unread=unread)


def _seen(marks: Sequence[MarkView], delay: float) -> FloatArray:
    """Return when what was marked is seen in the beats, in s."""
    return np.array([mark.time for mark in marks], np.float64) + delay


def _unread(around: Circumstances, account: Account, delay: float) -> list[Unread]:
    kinds = (
        (around.told, REASON),
        (around.likely, LIKELY),
        (around.unsettled, POSTURE_CHANGED),
        (around.moved, MOVING),
    )
    told = [(start + delay, end + delay, why) for spans, why in kinds for start, end in spans]
    told += [(*span, LEFT_OUT) for span in around.omitted]
    return told + [(one.start, one.end, one.reason) for one in account.excesses]
