"""What lies ready of a library for a window: its recordings, and where words are in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.harmless import harmless
from pipelines.recording import FoundLine, FoundWords, Kept, Shelf
from pipelines.session import MarkView
from pipelines.store import ClientFound, Library, Search, SessionInfo

ROWS = 64
"""Recordings in one answer: who lacks some asks again."""


@dataclass(frozen=True, eq=False)
class Holdings:
    """The recordings of a library that came to an end, the newest first.

    Attributes
    ----------
    infos : tuple of SessionInfo
        What the index says of each.
    names : tuple of str
        The names that clients were given.
    said : mapping
        What was said in each session whose words are known.
    backup : float or None
        When the library was backed up last, in seconds since 1970 UTC.
    """

    infos: tuple[SessionInfo, ...] = ()
    names: tuple[str, ...] = ()
    said: Mapping[str, tuple[MarkView, ...]] = field(default_factory=dict)
    backup: float | None = None

    @cached_property
    def rows(self) -> tuple[Kept, ...]:
        """What a window is told of each."""
        return tuple(
            Kept(one.id, one.started, one.duration_s, one.client, bool(one.sources))
            for one in self.infos
        )

    @property
    def shelf(self) -> tuple[tuple[Kept, ...], float | None]:
        """All that a window is told without asking for words."""
        return self.rows, self.backup

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """The sessions whose words are not known yet, the newest first."""
        return tuple(one.id for one in self.infos if one.id not in self.said)

    def part(self, first: int) -> Shelf:
        """Return some of them, from place `first` on."""
        begin = max(first, 0)
        return Shelf(len(self.rows), begin, self.rows[begin : begin + ROWS], self.backup)

    def find(self, words: str) -> FoundWords:
        """Return where words are."""
        found = self._search.find(words)
        named = tuple(one.client for one in found if one.named)
        return FoundWords(words, named, tuple(line for one in found for line in _lines(one)))

    @cached_property
    def _search(self) -> Search:
        return Search(self.infos, self.said, self.names)


def _lines(found: ClientFound) -> Sequence[FoundLine]:
    """Return the first line of each session, and how many there are."""
    counts: dict[str, FoundLine] = {}
    for line in found.lines:
        had = counts.get(line.session)
        first = FoundLine(line.session, 0, line.time, harmless(line.text)) if had is None else had
        counts[line.session] = FoundLine(first.session, first.count + 1, first.time, first.text)
    return tuple(counts.values())


def holdings_of(library: Library, said: Mapping[str, tuple[MarkView, ...]]) -> Holdings:
    """Return what a library holds now; `said` is what is known of the words in it.

    Raises
    ------
    LibraryError
        If its index cannot be read.
    """
    infos = sorted(library.sessions(), key=lambda one: -one.started)
    made = library.backups()
    return Holdings(
        tuple(one for one in infos if one.state != "recording"),
        tuple(library.clients()),
        said,
        made[-1].made if made else None,
    )
