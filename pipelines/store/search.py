"""Clients and their sessions, and words found in pseudonyms and in what was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from pipelines.session import MarkView
from pipelines.store.index import SessionInfo


class LineFound(msgspec.Struct, frozen=True):
    """Something that was said, where it was found: a session, and a place in it in s."""

    session: str
    time: float
    text: str


class ClientFound(msgspec.Struct, frozen=True):
    """A client by the name given, None for the sessions that are nobody's.

    `last` is when the last session began, in seconds since 1970 UTC; None where there is none.
    `named` says that the words looked for are all in the name.
    """

    client: str | None
    sessions: int
    last: float | None
    named: bool = False
    lines: tuple[LineFound, ...] = ()


def clients_of(
    sessions: Sequence[SessionInfo], names: Iterable[str] = ()
) -> tuple[ClientFound, ...]:
    """Return each client, in the order of their letters, with what is nobody's last.

    `names` are further clients, who may have no session.

    Examples
    --------
    >>> one = SessionInfo("a", 5.0, 60.0, 1, 1, "finished", (), "Rowan")
    >>> [(found.client, found.sessions) for found in clients_of([one], ["alder"])]
    [('alder', 0), ('Rowan', 1)]
    """
    found = [_client(name, own) for name, own in _by_client(sessions, names).items()]
    return tuple(sorted(found, key=lambda one: _in_order(one.client)))


def search_sessions(
    sessions: Sequence[SessionInfo],
    said: Mapping[str, Sequence[MarkView]],
    words: str,
    names: Iterable[str] = (),
) -> tuple[ClientFound, ...]:
    """Return the clients in whose name, or in whose sessions, all of `words` are found.

    Small and large letters are one, and a part of a word is found. A line is found where it and the
    client's name hold all words, and it at least one.

    Parameters
    ----------
    sessions
        Those of the library.
    said
        What was said in each, by its id.
    words
        What is looked for.
    names
        Further clients, who may have no session.
    """
    return Search(sessions, said, names).find(words)


class Search:
    """What can be searched, made ready once for many questions; see `search_sessions`."""

    def __init__(
        self,
        sessions: Sequence[SessionInfo],
        said: Mapping[str, Sequence[MarkView]],
        names: Iterable[str] = (),
    ) -> None:
        self._clients = _by_client(sessions, names)
        self._said = said
        self._text = {
            session: "\n".join(line.text for line in lines).casefold()
            for session, lines in said.items()
        }

    def find(self, words: str) -> tuple[ClientFound, ...]:
        """Return the clients in whose name, or in whose sessions, all of `words` are found."""
        wanted, found = words.casefold().split(), []
        for client, own in self._clients.items():
            name = (client or "").casefold()
            lines = tuple(self._lines(own, name, wanted))
            named = _all(wanted, name)
            if lines or named:
                one = _client(client, own)
                found.append(msgspec.structs.replace(one, named=named, lines=lines))
        return tuple(sorted(found, key=lambda one: _in_order(one.client)))

    def _lines(
        self, own: Sequence[SessionInfo], name: str, wanted: Sequence[str]
    ) -> Iterator[LineFound]:
        beyond = [word for word in wanted if word not in name]
        for info in own:
            whole = self._text.get(info.id, "")
            if not (_all(beyond, whole) if beyond else any(word in whole for word in wanted)):
                continue
            for line in self._said[info.id]:
                text = line.text.casefold()
                if _all(beyond, text) and any(word in text for word in wanted):
                    yield LineFound(info.id, line.time, line.text)


def _all(words: Sequence[str], text: str) -> bool:
    return all(word in text for word in words)


def _by_client(
    sessions: Sequence[SessionInfo], names: Iterable[str]
) -> dict[str | None, list[SessionInfo]]:
    own: dict[str | None, list[SessionInfo]] = {name: [] for name in names}
    for info in sessions:
        own.setdefault(info.client, []).append(info)
    return own


def _client(name: str | None, own: Sequence[SessionInfo]) -> ClientFound:
    return ClientFound(name, len(own), max((info.started for info in own), default=None))


def _in_order(client: str | None) -> tuple[bool, str, str]:
    return client is None, (client or "").casefold(), client or ""
