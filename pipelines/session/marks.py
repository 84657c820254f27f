"""The moments that people marked, as later marks edited or removed them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pipelines.session.events import AnyEvent, Mark
from pipelines.session.snapshot import MarkView


class Marks:
    """The marks of a session: a fold over its `Mark` events."""

    def __init__(self) -> None:
        self._text: dict[float, str] = {}
        self._views: tuple[MarkView, ...] | None = ()

    def take(self, event: Mark) -> None:
        """Take in one more event."""
        self._views = None
        if event.replaces is None:
            moment = event.time if event.moment is msgspec.UNSET else event.moment
            self._text[moment] = event.text
        elif event.removed:
            self._text.pop(event.replaces, None)
        elif event.replaces in self._text:
            self._text[event.replaces] = event.text

    def newest(self) -> float | None:
        """Return the moment of the mark that was made last, None where none is left."""
        return next(reversed(self._text), None)

    def views(self) -> tuple[MarkView, ...]:
        """Return them in the order of their times; sorted once, as every snapshot asks."""
        if self._views is None:
            self._views = tuple(MarkView(time, text) for time, text in sorted(self._text.items()))
        return self._views


def marks_of(events: Iterable[AnyEvent]) -> tuple[MarkView, ...]:
    """Return the marks that a log holds, in the order of their times."""
    marks = Marks()
    for event in events:
        if isinstance(event, Mark):
            marks.take(event)
    return marks.views()
