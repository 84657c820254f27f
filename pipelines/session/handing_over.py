"""What of a session goes to the client: nothing of the therapist's own, nothing taken back."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.harmless import harmless
from pipelines.session.events import (
    THERAPIST,
    AnyEvent,
    Guess,
    Guessing,
    Mark,
    Note,
    Source,
    Unknown,
)
from pipelines.session.leaving_out import standing
from pipelines.session.marks import marks_of


def clients_part(log: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Return the part of a log that may be handed to the client.

    All that bears the number of a source whose role is the therapist's is left out, what they
    guessed, notes about the session, and what a newer version wrote of nobody that is known here.
    Marks are as they stand now: words that were changed and moments that were taken back are gone,
    as are decisions that were.

    Examples
    --------
    >>> from pipelines.session import Mark, Source
    >>> own, theirs = Source(0.0, 1, "therapist", "y"), Source(0.0, 0, "client", "x")
    >>> told = [Mark(5.0, "tense"), Mark(9.0, "hip", replaces=5.0)]
    >>> clients_part([theirs, own, *told]) == [theirs, Mark(0.0, "hip", moment=5.0)]
    True
    """
    own = {
        event.source
        for event in log
        if isinstance(event, Source) and harmless(event.role) == THERAPIST
    }
    kept = [event for event in standing(log) if _is_told(event, own)]
    over = max((event.time for event in kept), default=0.0)
    return [*kept, *(Mark(over, mark.text, moment=mark.time) for mark in marks_of(log))]


def _is_told(event: AnyEvent, own: set[int]) -> bool:
    if isinstance(event, Mark | Guess | Guessing | Note):
        return False
    source: int | None = getattr(event, "source", None)
    return source not in own and not (isinstance(event, Unknown) and source is None)
