"""Practices that the library keeps, as entries of the person's own file.

A practice is recorded in one way only: as a session of the library, by the window or a command,
with or without a strap. The own file takes from each, once, what a person reads of it in their
weeks: its day, its hour and how long it was. So the file says it without the library, and nothing
is noted twice: the entry bears the session's id. What is no practice is remembered as `Gone`, so
that it is looked at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from pipelines.session import OWN_PRACTICE, AnyEvent, Consent, Pace, guides_of
from pipelines.store import Library, SessionInfo
from pipelines.weeks.entries import AnyEntry, Gone, Practice

LEAST: Final = 30.0
"""Seconds of breathing below which a session is no practice."""
_KINDS: Final = ("Consent", "Pace")


def gathered(library: Library, known: Collection[str], now: float) -> list[AnyEntry]:
    """Return an entry for each session that has ended and that is not `known` by its id.

    Raises
    ------
    LibraryError
        If one cannot be read.
    """
    new = (one for one in library.sessions() if one.id not in known and one.state != "recording")
    return [_entry(one, library.events(one.id, kinds=_KINDS), now) for one in new]


def _entry(info: SessionInfo, events: Iterable[AnyEvent], now: float) -> AnyEntry:
    told = list(events)
    began = datetime.fromtimestamp(info.started).astimezone()
    seconds = 0.0
    if any(isinstance(one, Consent) and one.text == OWN_PRACTICE for one in told):
        paces = [one for one in told if isinstance(one, Pace)]
        seconds = sum(one.end - one.start for one in guides_of(paces, info.duration_s))
    if seconds < LEAST:
        return Gone(id=info.id, day=began.date(), at=now)
    return Practice(id=info.id, day=began.date(), at=now, seconds=seconds, hour=began.hour)
