"""Sessions in small: each is read once, and the newest reviews are at hand to be opened."""

from __future__ import annotations

from collections import OrderedDict

from pipelines.analysis import Outline, Reviewed, outline_of, reviewed
from pipelines.session import Points
from pipelines.store import Library, LibraryError

AT_HAND = 24
"""Reviews that are kept."""


class Small:
    """What is known in small of the sessions of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._outlines: dict[str, Outline] = {}
        self._reviews: OrderedDict[str, tuple[int, Reviewed, Points]] = OrderedDict()

    def knows(self, session: str) -> bool:
        """Return whether a session was read."""
        return session in self._outlines

    def read(self, session: str) -> Outline | None:
        """Read a session, None where it cannot be read."""
        try:
            info, log = self._library.session(session), self._library.events(session)
        except LibraryError:
            return None
        told, points = reviewed(log, session=session, started=info.started, client=info.client)
        self._outlines[session] = outline_of(told, points, log)
        self._reviews[session] = len(log), told, points
        self._reviews.move_to_end(session)
        while len(self._reviews) > AT_HAND:
            self._reviews.popitem(last=False)
        return self._outlines[session]

    def forget(self, session: str) -> None:
        """Read a session again when it is asked for: something in it is different now."""
        self._outlines.pop(session, None)
        self._reviews.pop(session, None)

    def look_again(self, session: str) -> None:
        """Forget a session where its log has grown."""
        known = self._reviews.get(session)
        try:
            grown = known is None or len(self._library.events(session)) != known[0]
        except LibraryError:
            grown = True
        if grown:
            self.forget(session)

    def review(self, session: str, events: int) -> tuple[Reviewed, Points] | None:
        """Return the review of a session at hand whose log holds so many events, None without."""
        known = self._reviews.get(session)
        return None if known is None or known[0] != events else known[1:]
