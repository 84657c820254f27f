"""The episodes of a running session: the offline function over what has come, and no more of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio.arousal.episodes import MEMORY, Episode
from pipelines.session import BeatLog, Span, episodes_in

SURE = 10.0
"""Seconds behind the newest final beat up to which nothing about episodes changes any more."""


class EpisodeLog:
    """What has been found so far. What is final is kept, so that asking costs the same for ever."""

    def __init__(self) -> None:
        self._final: tuple[Episode, ...] = ()
        self._since = -np.inf
        self._asked: tuple[object, ...] = ()
        self._found: tuple[Episode, ...] = ()

    def so_far(self, log: BeatLog, unread: Sequence[Span]) -> tuple[Episode, ...]:
        """Return the episodes that the beats so far show, the newest ones provisional.

        `unread` are stretches in s that are not to be read; they may only grow at their end.
        """
        asked = (log.received, *unread)
        if asked != self._asked:
            self._asked, self._found = asked, self._look(log, unread)
        return self._found

    def _look(self, log: BeatLog, unread: Sequence[Span]) -> tuple[Episode, ...]:
        beats, label = log.recent(self._since, MEMORY + SURE)
        new = episodes_in(beats, label, unread, since=self._since)
        over = log.settled - SURE
        ended = sum(one.until <= over for one in new)
        self._final, found = (*self._final, *new[:ended]), (*self._final, *new)
        if ended == len(new):
            self._since = max(self._since, over)
        elif ended:
            self._since = new[ended - 1].noticed
        return found
