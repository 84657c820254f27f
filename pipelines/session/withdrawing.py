"""A session without one of its wearers, who takes back what they gave."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.harmless import harmless
from pipelines.session.events import (
    CLIENT,
    THERAPIST,
    AnyEvent,
    Context,
    Guess,
    Guessing,
    PartWords,
    Source,
    TouchConsent,
    Unknown,
)
from pipelines.session.leaving_out import taken_back

_OF_ROLE: dict[str, tuple[type, ...]] = {
    CLIENT: (Context, PartWords, TouchConsent),
    THERAPIST: (Guess, Guessing),
}
"""What is told of a wearer without the number of their strap."""


def wearers(log: Sequence[AnyEvent]) -> tuple[str, ...]:
    """Return the roles of all who wear a strap in a session, in the order they joined."""
    return tuple(dict.fromkeys(harmless(one.role) for one in log if isinstance(one, Source)))


def nobodys(log: Sequence[AnyEvent]) -> bool:
    """Return whether a newer version wrote something of which this one cannot know whose it is."""
    return any(isinstance(event, Unknown) and event.source is None for event in log)


def places_without(log: Sequence[AnyEvent], role: str) -> list[int]:
    """Return the places of all events of a log but those of the wearers in one role.

    What bears the number of their strap goes; with the client the card, their words and their
    consent to touch, with the therapist what they guessed. Moments stay: they are the session's.

    Examples
    --------
    >>> from pipelines.session import Mark, Source
    >>> log = [Source(0.0, 0, "client", "x"), Source(0.0, 1, "member 2", "y"), Mark(5.0, "a sigh")]
    >>> places_without(log, "member 2")
    [0, 2]
    """
    own = {one.source for one in log if isinstance(one, Source) and harmless(one.role) == role}
    kinds = _OF_ROLE.get(role, ())
    gone = {
        place
        for place, event in enumerate(log)
        if getattr(event, "source", None) in own or isinstance(event, kinds)
    }
    # Without what it took back, it would take back something else.
    gone |= {by for by, what in taken_back(log).items() if what is None or what in gone}
    return [place for place in range(len(log)) if place not in gone]
