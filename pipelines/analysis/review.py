"""A stored hour as Review shows it: the numbers of `analyse` of the same log, ready to draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

import msgspec

from physio.arousal.baseline import Baseline
from physio.beats import Gap
from physio.presets import INTERBEAT
from pipelines.analysis.guessing import Guessed, guessed
from pipelines.analysis.hour import RATE, readable_shares
from pipelines.analysis.offline import owns_of, quality_of, rises_of
from pipelines.session import (
    CLIENT,
    NO_POINTS,
    SETTLING,
    AnyEvent,
    BaselineBand,
    Condition,
    EpisodeView,
    LeftOut,
    MarkChange,
    Points,
    PooledMarks,
    PostureName,
    Source,
    SourceBeats,
    SourceRecord,
    Span,
    TalkingView,
    decided,
    elapsed,
    episode_around,
    episode_spans,
    mark_changes_of,
    pooled_marks,
    record_of,
    standing,
    without_left_out,
)

MOST = 300
"""Moments, rises and stretches of each kind that are told one by one; a person marks fewer."""
LONGEST = 500
"""Letters of a moment's words that are told."""
MINUTE = 60.0


class ReviewedMoment(msgspec.Struct, frozen=True):
    """A moment: what heart rate did there, and in which rise it lies, by its place among them.

    `gap_s` are the seconds without beats in the two minutes around it.
    """

    change: MarkChange
    rise: int | None
    gap_s: float


class Held(msgspec.Struct, frozen=True):
    """From when to when (s) heart rate is compared with one baseline of silence, or with none.

    `end` is None to the session's end. The two minutes after a change of posture lie in none.
    """

    start: float
    end: float | None
    posture: PostureName
    own: BaselineBand | None


class Reviewed(msgspec.Struct, frozen=True):
    """What is told of one stored session, its times in s on the session clock.

    Attributes
    ----------
    session : str
        Its id.
    started : float
        In seconds since 1970 UTC.
    duration_s, readable_s : float
        How long it lasted, and for how long heart rate could be read.
    client : str or None
        Whose it was, by the name given.
    role : str
        Whose heart is shown.
    roles : tuple of str
        Everybody whose heart the session holds.
    simulated : bool
        Whether the strap was.
    source : int
        Its number in the log.
    points : int
        How many points the trace has.
    sway : bool
        Whether these tell the sway with breathing, too.
    held : tuple of Held
        Each posture that was held, with its baseline; one that has none where nobody named any.
    rises : tuple of EpisodeView
        The rises of heart rate.
    moments : tuple of ReviewedMoment
        The moments in order, the first `MOST` of `moments_total`.
    pooled : tuple of PooledMarks
        What the moments of each label say together.
    gaps : tuple of Gap
        Stretches without beats, the newest of them.
    talking : tuple of TalkingView
        Stretches of talking.
    left_out : tuple of LeftOut
        What a person left out.
    undoable : int
        How many decisions of a person can be taken back.
    guessed : Guessed or None
        What the therapist guessed before looking, None where nothing was: theirs alone.
    """

    session: str
    started: float
    duration_s: float
    readable_s: float
    client: str | None
    role: str
    roles: tuple[str, ...]
    simulated: bool
    source: int
    points: int
    sway: bool
    held: tuple[Held, ...]
    rises: tuple[EpisodeView, ...]
    moments: tuple[ReviewedMoment, ...]
    moments_total: int
    pooled: tuple[PooledMarks, ...]
    gaps: tuple[Gap, ...]
    talking: tuple[TalkingView, ...]
    left_out: tuple[LeftOut, ...]
    undoable: int
    guessed: Guessed | None = None


def reviewed(
    events: Iterable[AnyEvent],
    *,
    session: str,
    started: float,
    client: str | None = None,
    role: str | None = None,
    others: Sequence[SourceBeats] = (),
    sway: bool = False,
    points: Points | None = None,
) -> tuple[Reviewed, Points]:
    """Return what is told of a stored session, and the points of its trace.

    Parameters
    ----------
    events : iterable of events
        Its log.
    session, started, client
        What the index says of it.
    role : str, optional
        Whose heart is looked at; the client's, or else the first there is, where that is not said.
    others : sequence of SourceBeats
        The same person's part of other sessions, whose marks are told together with these.
    sway : bool
        Whether its trace tells the sway with breathing, too, which takes longer.
    points : Points, optional
        Of the trace, where they are known already: words and baselines leave them as they are.
    """
    log = list(events)
    sources = record_of(log).sources
    shown = _shown(sources, role)
    if shown is None:
        return _empty(log, session, started, client), NO_POINTS
    trace = shown.trace(heart_alone=not sway) if points is None else points
    found = without_left_out(shown.found)
    quality = quality_of(found)
    readable = readable_shares(found, INTERBEAT, names=(RATE,))
    rises = rises_of(found)
    changes = mark_changes_of(found, episodes=episode_spans(rises))
    told = Reviewed(
        session=session,
        started=started,
        duration_s=quality.duration_s,
        readable_s=quality.duration_s * readable.get(RATE, 0.0) / 100.0,
        client=client,
        role=found.role,
        roles=tuple(one.found.role for one in sources),
        simulated=_is_simulated(log, found.source),
        source=found.source,
        points=len(trace),
        sway=sway,
        held=tuple(_held(found)),
        rises=rises[:MOST],
        moments=tuple(_moment(one, rises[:MOST], found) for one in changes[:MOST]),
        moments_total=len(changes),
        pooled=_pooled(found, others),
        gaps=quality.gaps,
        talking=found.talking[:MOST],
        left_out=_in_the_hour(shown.found),
        undoable=len(decided(log)),
        guessed=guessed(log, [one.found for one in sources], rises={found.source: rises}),
    )
    return told, trace


def _shown(sources: Sequence[SourceRecord], role: str | None) -> SourceRecord | None:
    """Return the part of `role`, or else the client's, or else the first."""
    asked = [one for one in sources if one.found.role == role]
    clients = [one for one in sources if one.found.role == CLIENT]
    return next(iter((*asked, *clients, *sources)), None)


def _pooled(found: SourceBeats, others: Sequence[SourceBeats]) -> tuple[PooledMarks, ...]:
    """Return what the marks of each label say together, first the labels of this session.

    The error is shared among all labels of a person, whether they are in this session or not.
    """
    own = {mark.text for mark in found.marks}
    together = pooled_marks((found, *others))
    return tuple(sorted(together, key=lambda one: one.text not in own))[:MOST]


def _empty(log: Sequence[AnyEvent], session: str, started: float, client: str | None) -> Reviewed:
    lasted = elapsed(standing(log)).time
    nothing: tuple[()] = ()
    return Reviewed(
        session, started, lasted, 0.0, client, CLIENT, (), simulated=False, source=0, points=0,
        sway=False, held=nothing, rises=nothing, moments=nothing, moments_total=0, pooled=nothing,
        gaps=nothing, talking=nothing, left_out=nothing, undoable=0,
    )  # fmt: skip


def _is_simulated(log: Sequence[AnyEvent], source: int) -> bool:
    return any(isinstance(one, Source) and one.source == source and one.simulated for one in log)


def _held(found: SourceBeats) -> Iterator[Held]:
    """Yield the postures in the order in which they were held, each with its baseline."""
    owns, (begun, over) = owns_of(found), found.span
    changes = [(start, name) for start, name in found.around.postures if start < over]
    if not changes or changes[0][0] > begun:
        changes.insert(0, (-inf, PostureName.NONE))
    ends = [*(start for start, _ in changes[1:]), None]
    for (start, posture), end in zip(changes[:MOST], ends, strict=False):
        settled = min(begun, 0.0) if start == -inf else start + SETTLING
        if end is None or settled < end:
            own = owns.get(Condition(posture))
            band = None if own is None else _band(own, posture)
            yield Held(settled, end, posture, band)


def _band(own: Baseline, posture: PostureName) -> BaselineBand:
    return BaselineBand(own.level, own.spread, own.start, own.end, posture=posture)


def _in_the_hour(found: SourceBeats) -> tuple[LeftOut, ...]:
    """Return what is left out as far as it lies in the recording."""
    start, end = found.span
    return tuple(
        msgspec.structs.replace(one, start=max(one.start, start), end=min(one.end, end))
        for one in found.left_out[:MOST]
        if one.start < end and one.end > start
    )


def _moment(change: MarkChange, rises: Sequence[EpisodeView], found: SourceBeats) -> ReviewedMoment:
    around = change.time_s + found.delay - MINUTE, change.time_s + found.delay + MINUTE
    lost = sum(_shared((gap.start, gap.until), around) for gap in found.gaps)
    told = msgspec.structs.replace(change, text=change.text[:LONGEST])
    return ReviewedMoment(told, episode_around(change.time_s, rises), lost)


def _shared(one: Span, other: Span) -> float:
    """Return for how many seconds two stretches lie over each other."""
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0.0)
