"""The newest resonance assessment that a library keeps, for the next one to be compared with."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from devices.scripted import REPLAY
from physio.breathing.resonance import Earlier
from pipelines.session import (
    CLIENT,
    AnyEvent,
    Assessment,
    Source,
    assessment_of,
    beats_of,
)
from pipelines.store import Library, LibraryError

REACHES_BACK = 90.0
"""Days: what a heart did longer ago is compared with nothing."""
LOOKED_AT = 100
"""Sessions at most that are looked through, the newest first."""
_DAY = 86400.0


def earlier_assessment(library: Library, now: float) -> Earlier | None:
    """Return what the newest assessment of a library's owner found, None where there is none.

    A library that knows clients has several people in it, so nothing in it is compared; nor is
    what a simulated strap sent, or a recording that was played. `now` is in seconds since 1970 UTC.
    """
    with contextlib.suppress(LibraryError):
        if library.clients():
            return None
        told = [one for one in library.sessions() if one.beats and one.state != "recording"]
        newest = sorted(told, key=lambda one: -one.started)[:LOOKED_AT]
        for session in (one.id for one in newest if now - one.started < REACHES_BACK * _DAY):
            found = _found(library, session)
            if found is not None:
                return found
    return None


def _found(library: Library, session: str) -> Earlier | None:
    if not library.events(session, kinds=[Assessment.__name__]):
        return None
    log = library.events(session)
    client = _real_client(log)
    for found in beats_of(log):
        came = assessment_of(found) if found.source == client else None
        told = None if came is None else came.assessed.resonance
        if told is not None and told.rate is not None and told.share is not None:
            return Earlier(told.rate, told.share)
    return None


def _real_client(log: Sequence[AnyEvent]) -> int | None:
    """Return the number of the client's strap, None where it is simulated, replayed or absent."""
    told = [one for one in log if isinstance(one, Source) and one.role == CLIENT][-1:]
    real = [one.source for one in told if not one.simulated and one.address != REPLAY]
    return real[0] if real else None
