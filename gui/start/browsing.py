"""The library in a window's life: what its keys do, what is asked of the desk, when it locks."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import gui.library.course as library
from gui.library.course import NO_STOCK, Browsing, Side, shown, wanted
from gui.start.life import Asks, Life, State, can_be_named, choices
from pipelines.recording import (
    Browse,
    Delete,
    Errand,
    Lock,
    Merge,
    Move,
    ShowOutlines,
    TakeBack,
    WriteNote,
)

Turn: TypeAlias = tuple[Life, Errand | None]
_PRIVATE = frozenset(
    (State.RECORDINGS, State.REVIEW, State.SENTENCES, State.LABELS, State.STRAPS, State.FINISHED)
)
"""Where something of the library is seen."""


def to_library(life: Life) -> Turn:
    """Return the life at the library."""
    there = replace(life, state=State.RECORDINGS, row=0, asks=None, client=None, asked=())
    return there, Browse()


def browsed(life: Life, action: str) -> Turn:
    """Return the life after an action in the library."""
    seen = shown(life.browsing, life.stock)
    life = replace(life, browsing=library.held(life.browsing, seen))
    match action:
        case "search":
            return replace(life, asks=Asks.SEARCH), None
        case "note" if seen.row is not None:
            return replace(life, asks=Asks.NOTE), None
        case "whose" if can_be_named(life) and seen.row is not None:
            pick = choices(life).index(seen.name) if seen.name in choices(life) else 0
            return replace(life, asks=Asks.WHOSE, pick=pick), None
        case "seal" if seen.name is not None:
            return replace(life, asks=Asks.SEAL), None
        case "delete" if seen.row is not None:
            return life, Delete(seen.row.session)
        case "undo":
            return life, TakeBack()
        case "lock" if life.desk.lockable:
            return locked(life)
        case "into":
            return replace(life, browsing=replace(life.browsing, side=Side.SESSIONS)), None
    return replace(life, browsing=library.pressed(life.browsing, action, life.stock)), None


def searched(life: Life, words: str) -> Life:
    """Return the life that looks for other words; for none, what was found stays chosen."""
    if words == life.browsing.words:
        return life
    seen = shown(life.browsing, life.stock)
    if not words and seen.row is not None:
        there = library.held(life.browsing, seen)
        return replace(life, browsing=replace(there, words="", session=seen.row.session))
    anew = replace(life.browsing, words=words, client=None, session=None, among_clients=0)
    return replace(life, browsing=replace(anew, among_sessions=0))


def taken_to(life: Life, name: str | None) -> Turn:
    """Return the life after it was said whose a session is, or who is one with a client."""
    seen, done = shown(life.browsing, life.stock), replace(life, asks=None)
    if life.merging:
        if seen.name is None or name is None:
            return done, None
        there = replace(life.browsing, client=name, session=None)
        return replace(done, browsing=there), Merge(seen.name, name)
    if seen.row is None or name == seen.row.client:
        return done, None
    return done, Move(seen.row.session, name)


def noted(life: Life, text: str) -> Turn:
    """Return the life after a note was written."""
    seen, done = shown(life.browsing, life.stock), replace(life, asks=None)
    if seen.row is None or not text:
        return done, None
    return done, WriteNote(seen.row.session, life.settings.written_by, text)


def read_in_small(life: Life) -> Turn:
    """Return the life that has asked for the sessions in view, where those are others now."""
    sessions = wanted(life.browsing, life.stock)
    if life.state is not State.RECORDINGS or life.desk.busy or sessions == life.asked:
        return life, None
    return replace(life, asked=sessions), ShowOutlines(sessions)


def locked(life: Life) -> Turn:
    """Return the life after the library was locked; where it was seen, the passphrase is asked."""
    bound = State.STRAPS if life.state is State.STRAPS else State.RECORDINGS
    gone = replace(
        life, asks=None, help=False, client=None, cleared=(), stock=NO_STOCK, asked=(),
        browsing=Browsing(), opened=None, reviewing=None, snapshot=None, worn=(), row=0,
        left=life.desk.session,
    )  # fmt: skip
    if life.state in _PRIVATE:
        gone = replace(gone, state=State.LOCKED, bound=bound)
    return gone, Lock()
