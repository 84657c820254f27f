"""What is looked at in the library, and where each key leads from there, without Qt.

    clients  ◄─ Left ── ── Right ─►  the sessions of the one chosen  ─ Enter ─►  review

A look is frozen; `pressed` returns the next one. What there is to look at is a `Stock`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from pipelines.analysis import Outline
from pipelines.recording import FoundLine, FoundWords, Kept

T = TypeVar("T")
NOBODY = ""
"""Whose the sessions are of which nobody said so: no client has an empty name."""
DAY = 86400.0
MANY = 10
"""Sessions before and after the chosen one that are read in small."""


class Side(Enum):
    """In which list the arrows choose."""

    CLIENTS = "clients"
    SESSIONS = "sessions"


class Kind(Enum):
    """Which sessions are shown."""

    ALL = "all"
    HEARTS = "with heartbeats"
    ALONE = "practice without a strap"


class Since(Enum):
    """From when on they are shown, in days before now."""

    EVER = None
    QUARTER = 91
    YEAR = 365


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """What a window knows of the library.

    Attributes
    ----------
    rows : tuple of Kept
        Its recordings, the newest first.
    backup : float or None
        When it was backed up last, in seconds since 1970 UTC.
    at : float
        When this was told, in seconds since 1970 UTC.
    outlines : mapping
        What is known in small, by session.
    found : FoundWords or None
        Where the words are that were looked for last.
    """

    rows: tuple[Kept, ...] = ()
    backup: float | None = None
    at: float = 0.0
    outlines: Mapping[str, Outline] = field(default_factory=dict)
    found: FoundWords | None = None


NO_STOCK = Stock()


@dataclass(frozen=True, slots=True)
class Browsing:
    """What is looked at.

    Attributes
    ----------
    side : Side
        In which list the arrows choose.
    client, session : str or None
        What is chosen in each, None for the first; `NOBODY` for nobody's sessions.
    among_clients, among_sessions : int
        Their places when they were chosen: what takes them where they are gone is chosen then.
    words : str
        What is looked for, "" for nothing.
    kind, since : Kind, Since
        Which sessions are shown.
    """

    side: Side = Side.SESSIONS
    client: str | None = None
    session: str | None = None
    among_clients: int = 0
    among_sessions: int = 0
    words: str = ""
    kind: Kind = Kind.ALL
    since: Since = Since.EVER


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A client's sessions that are shown, the newest first."""

    client: str
    rows: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the choices leave: the clients, nobody's sessions last, and what is chosen.

    `lines` are what was found in each session.
    """

    groups: tuple[Group, ...]
    client: int
    session: int
    lines: Mapping[str, FoundLine]

    @property
    def group(self) -> Group | None:
        """The client that is chosen, None where there is none."""
        return self.groups[self.client] if self.groups else None

    @property
    def row(self) -> Kept | None:
        """The session that is chosen, None where there is none."""
        return None if self.group is None else self.group.rows[self.session]

    @property
    def name(self) -> str | None:
        """The name of the client that is chosen, None for nobody."""
        return (self.group.client or None) if self.group is not None else None


def shown(browsing: Browsing, stock: Stock) -> Shown:
    """Return what is shown of the library."""
    groups, lines = _groups(stock, browsing.words, browsing.kind, browsing.since)
    names = [one.client for one in groups]
    client = _place(browsing.client, names, browsing.among_clients)
    ids = [one.session for one in groups[client].rows] if groups else []
    session = _place(browsing.session, ids, browsing.among_sessions)
    return Shown(groups, client, session, lines)


def _place(chosen: str | None, among: Sequence[str], before: int) -> int:
    """Return the place of what is chosen, or of what took its place where it is gone."""
    if chosen is not None and chosen in among:
        return among.index(chosen)
    return min(before, max(len(among) - 1, 0))


@lru_cache(maxsize=4)
def _groups(
    stock: Stock, words: str, kind: Kind, since: Since
) -> tuple[tuple[Group, ...], Mapping[str, FoundLine]]:
    lines: dict[str, FoundLine] = {}
    rows = [one for one in stock.rows if _is_shown(one, kind, since, stock.at)]
    if words and stock.found is not None:
        lines = {one.session: one for one in stock.found.lines}
        named = {name or NOBODY for name in stock.found.named}
        rows = [one for one in rows if (one.client or NOBODY) in named or one.session in lines]
    own: dict[str, list[Kept]] = {}
    for row in rows:
        own.setdefault(row.client or NOBODY, []).append(row)
    groups = sorted(own.items(), key=lambda one: one[0] == NOBODY)  # the rest as it is: the newest
    return tuple(Group(name, tuple(theirs)) for name, theirs in groups), lines


def _is_shown(row: Kept, kind: Kind, since: Since, at: float) -> bool:
    recent = since.value is None or row.started >= at - since.value * DAY
    return recent and (kind is Kind.ALL or row.strap is (kind is Kind.HEARTS))


def pressed(browsing: Browsing, action: str, stock: Stock) -> Browsing:
    """Return the look after an action; one that is none of these leaves it as it is."""
    name, _, place = action.partition(" ")
    seen = shown(browsing, stock)
    match name:
        case "left" | "right":
            side = Side.CLIENTS if name == "left" else Side.SESSIONS
            return replace(browsing, side=side)
        case "up" | "down":
            return _moved(browsing, seen, -1 if name == "up" else 1)
        case "home" | "end":
            return _moved(browsing, seen, -len(stock.rows) if name == "home" else len(stock.rows))
        case "turned":
            where, notches = place.split()
            return _moved(replace(browsing, side=Side(where)), seen, -int(notches))
        case "client":
            return to_client(replace(browsing, side=Side.CLIENTS), seen, int(place))
        case "pick":
            return _to_session(replace(browsing, side=Side.SESSIONS), seen, int(place))
        case "kind":
            return replace(browsing, kind=_after(list(Kind), browsing.kind))
        case "since":
            return replace(browsing, since=_after(list(Since), browsing.since))
    return browsing


def _after(among: Sequence[T], one: T) -> T:
    return among[(among.index(one) + 1) % len(among)]


def _moved(browsing: Browsing, seen: Shown, step: int) -> Browsing:
    if browsing.side is Side.CLIENTS:
        return to_client(browsing, seen, seen.client + step)
    return _to_session(browsing, seen, seen.session + step)


def to_client(browsing: Browsing, seen: Shown, place: int) -> Browsing:
    """Return the look at the client in a place, the nearest where there is none."""
    if not seen.groups:
        return browsing
    to = min(max(place, 0), len(seen.groups) - 1)
    name = seen.groups[to].client
    other = name != (None if seen.group is None else seen.group.client)
    there = replace(browsing, client=name, among_clients=to)
    return replace(there, session=None, among_sessions=0) if other else there


def _to_session(browsing: Browsing, seen: Shown, place: int) -> Browsing:
    if seen.group is None:
        return browsing
    to = min(max(place, 0), len(seen.group.rows) - 1)
    return replace(held(browsing, seen), session=seen.group.rows[to].session, among_sessions=to)


def held(browsing: Browsing, seen: Shown) -> Browsing:
    """Return the look that stays with the client it is at, whatever comes before them now."""
    if seen.group is None:
        return browsing
    return replace(browsing, client=seen.group.client, among_clients=seen.client)


def wanted(browsing: Browsing, stock: Stock) -> tuple[str, ...]:
    """Return the sessions that are seen, or soon will be: they are to be read, nearest first."""
    seen = shown(browsing, stock)
    if seen.group is None:
        return ()
    first = max(seen.session - MANY, 0)
    near = enumerate(seen.group.rows[first : seen.session + MANY], first)
    order = sorted(near, key=lambda one: abs(one[0] - seen.session))
    return tuple(row.session for _, row in order if row.strap)
