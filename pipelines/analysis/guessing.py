"""What a therapist guessed before looking, against the rises of the client's heart rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import isfinite
from types import MappingProxyType

import msgspec

from physio.arousal.guesses import sensed
from pipelines.analysis.offline import rises_of
from pipelines.harmless import harmless
from pipelines.session import (
    CLIENT,
    THERAPIST,
    AnyEvent,
    EpisodeView,
    SourceBeats,
    Span,
    guesses_of,
    without_left_out,
)

MOST = 300
"""Guesses that are told one by one; a person makes fewer."""


class GuessLine(msgspec.Struct, frozen=True):
    """One guess: when it was made, and how late it was for the rise that it senses, both in s.

    `late_s` is below 0 where the guess came first, and None where no rise began near. `counts` says
    whether the picture was covered and the client's heart rate could be read.
    """

    time_s: float
    late_s: float | None
    counts: bool


class Guessed(msgspec.Struct, frozen=True):
    """What was guessed in a session.

    Attributes
    ----------
    seconds_s : float
        For how long the picture was covered and a rise could be found.
    counted : int
        How many guesses count.
    guesses : tuple of GuessLine
        In order, the first `MOST`.
    sensed : int
        Rises that a guess senses.
    missed_s : tuple of float
        When the other rises began that began meanwhile, in s on the clock of the keys.
    by_chance : float or None
        How many rises would be sensed by chance alone; None with too few guesses to say anything.
    """

    seconds_s: float
    counted: int
    guesses: tuple[GuessLine, ...]
    sensed: int
    missed_s: tuple[float, ...]
    by_chance: float | None


def guessed(
    log: Sequence[AnyEvent],
    sources: Sequence[SourceBeats],
    *,
    rises: Mapping[int, Sequence[EpisodeView]] = MappingProxyType({}),
) -> Guessed | None:
    """Return what the therapist guessed, None where no picture was covered or nobody else is there.

    The strap's delay is taken off the rises: a guess bears the time of its key. `rises` are those
    of a source that are known already.
    """
    told, whose = guesses_of(log), _client(sources)
    if not told.covered or whose is None:
        return None
    found = without_left_out(whose)
    known = rises_of(found) if found.source not in rises else rises[found.source]
    onsets = [one.onset_s - found.delay for one in known]
    begun, over = (time - found.delay for time in found.span)
    lost = [(gap.start, gap.until) for gap in found.gaps]
    unread = [(start - found.delay, end - found.delay) for start, end in (*lost, *found.unread)]
    covered = list(_within(told.covered, begun, over))
    result = sensed(told.moments, onsets, covered, list(_within(unread, begun, over)))
    lines = zip(told.moments, result.late.tolist(), result.counts.tolist(), strict=True)
    missed = zip(onsets, (result.there & ~result.sensed).tolist(), strict=True)
    return Guessed(
        seconds_s=result.seconds,
        counted=int(result.counts.sum()),
        guesses=tuple(
            GuessLine(at, late if isfinite(late) else None, counts)
            for at, late, counts in islice(lines, MOST)
        ),
        sensed=int(result.sensed.sum()),
        missed_s=tuple(onset for onset, was_missed in missed if was_missed),
        by_chance=result.by_chance,
    )


def _client(sources: Sequence[SourceBeats]) -> SourceBeats | None:
    """Return the client's part, or else that of the first who is no therapist."""
    others = [one for one in sources if harmless(one.role) != THERAPIST]
    return next(iter((*(one for one in others if one.role == CLIENT), *others)), None)


def _within(spans: Iterable[Span], begun: float, over: float) -> Iterable[Span]:
    """Yield stretches as far as they lie from `begun` to `over` (s)."""
    for start, end in spans:
        if start < over and end > begun:
            yield max(start, begun), min(end, over)
