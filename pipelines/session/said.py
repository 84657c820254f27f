"""What people said of a session in words: moments, the card, the parts, notes; to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipelines.session.events import AnyEvent, Context, Mark, Note, Part, PartWords
from pipelines.session.hour import hour_of
from pipelines.session.marks import marks_of
from pipelines.session.snapshot import MarkView

KINDS_SAID = tuple(kind.__name__ for kind in (Mark, Context, Part, PartWords, Note))
"""The kinds of events that `said_in` reads."""


def said_in(events: Iterable[AnyEvent]) -> tuple[MarkView, ...]:
    """Return what was said in a session, each with its place in s, in the order of these.

    Words are as they stand now. The card belongs to the whole session and stands at 0.

    Examples
    --------
    >>> from pipelines.session import Context, ContextLine, Mark
    >>> log = [Mark(60.0, "hip"), Context(9.0, ContextLine.SLEEP, "short")]
    >>> [(one.time, one.text) for one in said_in(log)]
    [(0.0, 'short'), (60.0, 'hip')]
    """
    log = list(events)
    notes = (MarkView(one.time, one.text) for one in log if isinstance(one, Note))
    lines = [*_besides_marks(log), *marks_of(log), *notes]
    return tuple(sorted((one for one in lines if one.text), key=lambda one: one.time))


def _besides_marks(log: list[AnyEvent]) -> Iterator[MarkView]:
    hour = hour_of(log)
    for words in hour.context.values():
        yield MarkView(0.0, words)
    for part in hour.parts:
        yield MarkView(part.start, part.before)
        yield MarkView(part.start if part.end is None else part.end, part.after)
