"""The life of a window, from its beginning to a session's end and back, without Qt.

    START ─► FIRST ─► RECOVERY ─┐                    ┌─► BASELINE ─► LIVE ─┐
      │  └─► LOCKED ────────────┴► STRAPS ─► OPENING ┴► CONNECTING ────────┴► FINISHED ─► START
      ├─► PRACTICE ─► START                                                        │
      └─► RECORDINGS ─► REVIEW ─► RECORDINGS                      START ◄─ REVIEW ◄┘

A person's keys move it (`pressed`), and so does what the desk and the session tell (`told`). Both
are pure functions; what is to be asked of the desk comes back beside the new life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from math import inf
from typing import TypeAlias

import gui.review.course as review
from gui.review.course import Looking, Opened
from pipelines.language import tr
from pipelines.live import NoteMark, RemoveMark
from pipelines.recording import (
    Amend,
    Begin,
    Browse,
    ChosenStrap,
    Desk,
    Errand,
    HeardStrap,
    KeepLabels,
    KeepPedal,
    Kept,
    Leave,
    LibraryState,
    Listen,
    Look,
    NameClient,
    Open,
    Simulate,
    TakeBack,
    ThrowAway,
    Undoable,
    WrittenDown,
)
from pipelines.session import CLIENT, THERAPIST, Fate, MarkView, PhaseName, Snapshot
from pipelines.words import LABELS, left_out_text

ROLES = ("", CLIENT, THERAPIST)
"""Who may wear a strap, nobody first; each role once."""
DEMO_SPEED = 6.0
_OF_ANY = ("words", "unask")
"""Actions of a review that mean what they mean elsewhere."""


class State(Enum):
    """Where a window is."""

    GONE = "the desk does not answer"
    START = "start"
    FIRST = "a passphrase is chosen"
    RECOVERY = "the recovery key is written down"
    LOCKED = "the passphrase is asked for"
    LABELS = "what the keys 1 to 9 mark"
    STRAPS = "who wears which strap"
    OPENING = "a session is opened"
    CONNECTING = "connecting"
    BASELINE = "the baseline is learnt"
    LIVE = "live"
    PRACTICE = "practice"
    FINISHED = "finished"
    RECORDINGS = "the recordings that are kept"
    REVIEW = "one of them is looked at"


RECORDING = frozenset((State.CONNECTING, State.BASELINE, State.LIVE))
IN_SESSION = RECORDING | {State.FINISHED}
WRITING = frozenset((State.FIRST, State.LOCKED))
"""States with a field to write in: there only Enter, Esc and F1 act."""


class Asks(Enum):
    """What is being written, apart from a passphrase."""

    WORDS = "what a moment was"
    LABEL = "what a key marks"
    PEDAL = "the key of a foot pedal"
    CLIENT = "whose session it was"


@dataclass(frozen=True, slots=True)
class Life:
    """Where a window is, and what has been chosen there.

    Attributes
    ----------
    state : State
        Where it is.
    desk : Desk
        How the desk stood when it was last heard of.
    snapshot : Snapshot or None
        The newest of the session, None before or without one.
    row : int
        Which strap of `rows`, or which moment, is chosen.
    worn : tuple of (str, str)
        Address and role of each strap that somebody wears.
    help : bool
        Whether the page of keys lies over it.
    calm : bool
        Whether the screen is to be calm while a session opens, and when it has.
    left : str or None
        A session that has been left, though the desk may not know it yet.
    asks : Asks or None
        What is being written.
    pick : int or None
        Which of the clients' names is chosen while one is asked for.
    begun : Errand or None
        What the newest session was begun with, for another try.
    joining : bool
        Whether a practice has asked for a strap that has not come yet.
    bound : State
        Where an opened library leads, and a review when it is closed.
    kept : tuple of Kept
        The recordings of the library, the newest first.
    reviewing : str or None
        The session that is to be looked at.
    opened : Opened or None
        It, once it is there.
    looking : Looking
        What is looked at in it.
    """

    state: State
    desk: Desk
    snapshot: Snapshot | None = None
    row: int = 0
    worn: tuple[tuple[str, str], ...] = ()
    help: bool = False
    calm: bool = False
    left: str | None = None
    asks: Asks | None = None
    pick: int | None = None

    @property
    def writes(self) -> bool:
        """Whether there is a field to write in: there only Enter, Esc and F1 act."""
        return self.state in WRITING or self.asks not in (None, Asks.PEDAL)

    @property
    def moment(self) -> MarkView | None:
        """The moment that is chosen at a session's end or in a review, None where there is none."""
        if self.state is State.REVIEW:
            moments = () if self.opened is None else self.opened.moments
            chosen = [one.change for one in moments[self.looking.moment :][:1]]
            return MarkView(chosen[0].time_s, chosen[0].text) if chosen else None
        marks = () if self.snapshot is None else self.snapshot.marks
        return marks[self.row] if self.row < len(marks) else None

    @property
    def clients(self) -> tuple[str, ...]:
        """The names that clients were given."""
        return self.desk.clients or ()

    begun: Errand | None = None
    joining: bool = False
    bound: State = State.STRAPS
    kept: tuple[Kept, ...] = ()
    reviewing: str | None = None
    opened: Opened | None = None
    looking: Looking = field(default_factory=Looking)

    @property
    def fate(self) -> Fate:
        """What becomes of the session that has finished."""
        return Fate.KEPT if self.snapshot is None else self.snapshot.fate

    def role(self, address: str) -> str:
        """Return who wears a strap, "" for nobody."""
        return dict(self.worn).get(address, "")


Turn: TypeAlias = tuple[Life, Errand | None]


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now: its name, what stands on it, what it does.

    It is shown at the `right` or left of the key bar, unless another one speaks for it.
    """

    name: str
    cap: str
    words: str
    action: str
    right: bool = False
    shown: bool = True


def rows(life: Life) -> tuple[HeardStrap, ...]:
    """Return the straps to choose from: the one used last, heard or not, and those in reach."""
    heard, last = life.desk.straps, life.desk.last
    known = {strap.address for strap in heard} | {strap.name for strap in heard}
    if last is None or last.address in known:
        return heard
    return (HeardStrap(last.name, last.address, 0, -1.0), *heard)


def chosen(life: Life) -> tuple[ChosenStrap, ...]:
    """Return the straps that somebody wears, the client's first."""
    worn = [
        ChosenStrap(strap.name, strap.address, life.role(strap.address))
        for strap in rows(life)
        if life.role(strap.address)
    ]
    return tuple(sorted(worn, key=lambda strap: ROLES.index(strap.role)))


def labels(life: Life) -> tuple[str, ...]:
    """Return the words that the keys 1 to 9 mark, "" for none: nine."""
    chosen = LABELS if life.desk.labels is None else life.desk.labels
    return (*chosen, *[""] * 9)[:9]


def session_of(life: Life) -> str | None:
    """Return the session on the desk, None without one or where it has been left.

    A session that goes on although it was left is there again: its end was taken back meanwhile.
    """
    desk = life.desk
    goes_on = desk.recording and not desk.practice
    return None if desk.session == life.left and not goes_on else desk.session


def joinable(life: Life) -> HeardStrap | None:
    """Return the strap that a practice can go on with, None where none is known or one sends.

    It is the one used last, or the strongest of those heard where that is not.
    """
    ended = life.snapshot is not None and life.snapshot.phase is PhaseName.FINISHED
    if life.joining or (session_of(life) is not None and not ended):
        return None
    last = life.desk.last
    known = sorted(rows(life), key=lambda one: -one.rssi if one.ago >= 0.0 else inf)
    of_old = [one for one in known if last is not None and one.address == last.address]
    here = [one for one in of_old if one.ago >= 0.0]
    return next(iter((*here, *known)), None)


def keys(life: Life) -> tuple[Key, ...]:
    """Return the keys that work now; a session and a practice have tables of their own.

    The key bar, the page of keys and the keyboard all read this.
    """
    if life.state in RECORDING or life.state is State.PRACTICE:
        return ()
    return (*_OWN[life.state](life), *_everywhere(life))


def _everywhere(life: Life) -> tuple[Key, ...]:
    shown = tr("back") if life.help else tr("keys")
    help_key = Key("?", "?", shown, "help", right=True)
    if life.writes:
        return (Key("F1", "F1", shown, "help", right=True),)
    room = life.state is not State.REVIEW
    return (
        Key("L", "L", tr("light or dark"), "light", right=True, shown=room),
        Key("F", "F", tr("full screen"), "full", right=True, shown=room),
        help_key,
    )


def _at_start(life: Life) -> tuple[Key, ...]:
    last = life.desk.last
    first = () if last is None else (Key("Enter", tr("Enter"), tr("the strap used last"), "last"),)
    opened = life.desk.library is LibraryState.OPEN
    own = (Key("6", "6", tr("your own marks"), "labels"),) if opened else ()
    kept = life.desk.library is not LibraryState.MISSING
    return (
        *first,
        Key("1", "1", tr("a session"), "session"),
        Key("2", "2", tr("practice"), "practice"),
        *((Key("3", "3", tr("recordings"), "recordings"),) if kept else ()),
        Key("4", "4", tr("simulated strap"), "simulated"),
        Key("5", "5", tr("demo"), "demo"),
        *own,
    )


def _at_labels(life: Life) -> tuple[Key, ...]:
    if life.asks is Asks.PEDAL:
        return (_UNASK,)
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    on_pedal = life.row == len(labels(life))
    words = Key("Enter", tr("Enter"), tr("learn it") if on_pedal else tr("its words"), "label")
    forget = Key("Delete", tr("Delete"), tr("forget it"), "forget")
    known = on_pedal and life.desk.pedal is not None
    return (words, *_arrows(tr("choose")), *((forget,) if known else ()), _BACK)


def _at_secret(life: Life) -> tuple[Key, ...]:
    if life.desk.busy:
        return (_BACK,)
    return (Key("Enter", tr("Enter"), tr("go on"), "enter"), _BACK)


def _at_recovery(_: Life) -> tuple[Key, ...]:
    return (Key("Enter", tr("Enter"), tr("I have written it down"), "written"), _BACK)


def _at_straps(life: Life) -> tuple[Key, ...]:
    found: list[Key] = []
    if chosen(life):
        found.append(Key("Enter", tr("Enter"), tr("begin with these straps"), "begin"))
    if len(rows(life)) > 1:
        found += _arrows(tr("choose a strap"))
    if rows(life):
        found.append(Key("Left", "←", "", "left", shown=False))
        found.append(Key("Right", "← →", tr("who wears it"), "right"))
    if life.desk.bluetooth is not None or life.desk.refusal is not None:
        found.append(Key("R", "R", tr("try again"), "again"))
    if life.desk.details:
        found.append(Key("C", "C", tr("copy details"), "copy"))
    return (*found, Key("S", "S", tr("simulated strap"), "simulated"), _BACK)


def _at_opening(life: Life) -> tuple[Key, ...]:
    words = tr("back") if life.calm else tr("calm screen")
    return (Key("Escape", tr("Esc"), words, "calm", right=True),)


def _at_end(life: Life) -> tuple[Key, ...]:
    if life.asks is not None:
        known = life.asks is Asks.CLIENT and bool(life.clients)
        choose = _arrows(tr("one you know")) if known else []
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), *choose, _UNASK)
    leave = tr("back to Start") if life.desk.returns else tr("close")
    found: list[Key] = []
    if life.snapshot is not None and len(life.snapshot.marks) > 1:
        found += _arrows(tr("choose"))
    if life.desk.undo is not None:
        back = life.desk.undoes is Undoable.FINISHED
        words = tr("go on recording") if back else tr("undo")
        found.append(Key("Backspace", tr("Backspace"), words, "undo"))
    if is_kept(life):
        found.append(Key("Delete", tr("Delete"), tr("throw away"), "throw"))
    if is_kept(life) and life.moment is not None:
        found.append(Key("N", "N", tr("its words"), "words"))
        found.append(Key("-", "−", tr("remove it"), "remove"))
    if names_clients(life):
        found.append(Key("W", "W", tr("whose it was"), "client"))
    if life.fate is Fate.UNREACHED and life.begun is not None:
        found.append(Key("R", "R", tr("try again"), "again"))
    if life.fate is Fate.UNREACHED and life.desk.details:
        found.append(Key("C", "C", tr("copy details"), "copy"))
    if is_kept(life):
        found.insert(0, Key("Enter", tr("Enter"), tr("review"), "review"))
    else:
        found.append(Key("Enter", tr("Enter"), leave, "leave"))
    return (*found, Key("Escape", tr("Esc"), leave, "leave", right=True))


def _at_recordings(life: Life) -> tuple[Key, ...]:
    found: list[Key] = []
    if life.kept:
        found.append(Key("Enter", tr("Enter"), tr("look at it"), "open"))
    if len(life.kept) > 1:
        found += _arrows(tr("choose"))
    return (*found, _BACK)


def _at_review(life: Life) -> tuple[Key, ...]:
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    looking = life.looking
    whole, free = looking.zoom is None, looking.anchor is None
    leads = tr("close") if review.back(looking) is None else tr("back")
    sides = ("before", "after") if whole else ("left", "right")
    known = (
        Key("Left", "←", "", sides[0], shown=False),
        Key("Right", "← →", tr("next moment") if whole else tr("move along"), sides[1]),
        Key("Up", "↑", "", "before", shown=False),
        Key("Down", "↑ ↓", tr("next moment"), "after", shown=not whole and free),
        Key("Enter", tr("Enter"), tr("its two minutes"), "moment", shown=whole),
        Key("S", "S", tr("choose a stretch"), "stretch", shown=free),
        Key("O", "O", tr("leave it out"), "omit"),
        Key("B", "B", tr("make it the baseline"), "redraw"),
        Key("+", "+", tr("closer"), "closer"),
        Key("-", "−", tr("wider"), "wider"),
        Key("N", "N", tr("its words"), "words", shown=free),
        Key("Backspace", tr("Backspace"), tr("undo"), "undo", shown=free),
        Key("Home", tr("Home"), tr("the beginning"), "home", shown=False),
        Key("End", tr("End"), tr("the end"), "end", shown=False),
        *(
            Key(str(place + 1), str(place + 1), left_out_text(reason), f"because {place}")
            for place, reason in enumerate(review.REASONS)
        ),
        Key("Escape", tr("Esc"), leads, "away", right=True),
    )
    possible = review.actions(looking, life.opened)
    return tuple(key for key in known if key.action in possible)


def is_kept(life: Life) -> bool:
    """Return whether a session that has finished is kept, and can still be changed."""
    if life.state is State.REVIEW:
        return life.opened is not None
    return life.fate is Fate.KEPT and life.desk.session is not None


def names_clients(life: Life) -> bool:
    """Return whether it can be said whose session it was that has finished."""
    return is_kept(life) and life.desk.clients is not None


def _arrows(words: str) -> list[Key]:
    return [Key("Up", "↑", "", "up", shown=False), Key("Down", "↑ ↓", words, "down")]


def _nowhere(_: Life) -> tuple[Key, ...]:
    return (Key("Enter", tr("Enter"), tr("close this window"), "close"),)


_BACK = Key("Escape", tr("Esc"), tr("back"), "back", right=True)
_UNASK = Key("Escape", tr("Esc"), tr("as it was"), "unask", right=True)
_OWN = {
    State.GONE: _nowhere,
    State.START: _at_start,
    State.FIRST: _at_secret,
    State.RECOVERY: _at_recovery,
    State.LOCKED: _at_secret,
    State.LABELS: _at_labels,
    State.STRAPS: _at_straps,
    State.OPENING: _at_opening,
    State.FINISHED: _at_end,
    State.RECORDINGS: _at_recordings,
    State.REVIEW: _at_review,
}


def pressed(life: Life, action: str) -> Turn:
    """Return the life after an action of `keys`, and what to ask of the desk."""
    if action == "help":
        return replace(life, help=not life.help), None
    if life.help:
        return replace(life, help=False), None
    if life.state is State.REVIEW and action not in _OF_ANY:
        return _looked(life, action)
    match action:
        case "session":
            return _to_straps(replace(life, bound=State.STRAPS))
        case "recordings" if life.desk.library is not LibraryState.MISSING:
            return _to_straps(replace(life, bound=State.RECORDINGS))
        case "open" if life.row < len(life.kept):
            return _to_review(life, life.kept[life.row].session)
        case "review" if is_kept(life) and life.desk.session is not None:
            gone = replace(life, left=life.desk.session, bound=State.START)
            return _to_review(gone, life.desk.session)
        case "practice":
            return replace(life, state=State.PRACTICE), Listen()
        case "join":
            return _joining(life)
        case "simulated":
            return _opening(life, Simulate())
        case "demo":
            return _opening(life, Simulate(DEMO_SPEED))
        case "last" if life.desk.last is not None:
            return _opening(life, Begin((life.desk.last,)))
        case "begin" if chosen(life):
            return _opening(life, Begin(chosen(life)))
        case "written":
            return life, WrittenDown()
        case "again" if life.state is State.FINISHED and life.begun is not None:
            return _opening(life, life.begun)
        case "again":
            return life, Listen()
        case "up" | "down":
            return _moved(life, -1 if action == "up" else 1), None
        case "left" | "right":
            return _dressed(life, -1 if action == "left" else 1), None
        case "calm":
            return replace(life, calm=not life.calm), None
        case "words" if is_kept(life) and life.moment is not None:
            return replace(life, asks=Asks.WORDS), None
        case "client" if names_clients(life):
            return replace(life, asks=Asks.CLIENT, pick=None), None
        case "labels" if life.desk.library is LibraryState.OPEN:
            return replace(life, state=State.LABELS, row=0), None
        case "label":
            on_pedal = life.row == len(labels(life))
            return replace(life, asks=Asks.PEDAL if on_pedal else Asks.LABEL), None
        case "forget":
            return life, KeepPedal(None)
        case "unask":
            return replace(life, asks=None), None
        case "remove" if is_kept(life) and life.moment is not None:
            return replace(life, asks=None), Amend(RemoveMark(life.moment.time))
        case "throw":
            return replace(life, asks=None), ThrowAway()
        case "undo":
            return life, TakeBack()
        case "back" | "leave":
            gone = replace(life, state=State.START, snapshot=None, row=0, left=life.desk.session)
            return replace(gone, joining=False, asks=None), Leave()
    return life, None


def _looked(life: Life, action: str) -> Turn:
    """Return the life after an action in a review."""
    if action == "away":
        looking = review.back(life.looking)
        return (replace(life, looking=looking), None) if looking else _closed(life)
    if life.opened is None:
        return life, None
    looking, decision = review.pressed(life.looking, action, life.opened)
    return replace(life, looking=looking), decision


def _to_review(life: Life, session: str) -> Turn:
    """Return the life that waits for a session to look at."""
    looked = replace(life, state=State.REVIEW, reviewing=session, opened=None, looking=Looking())
    return replace(looked, snapshot=None, asks=None), Open(session)


def _closed(life: Life) -> Turn:
    """Return the life after a review: back to the recordings, or to the beginning."""
    gone = replace(life, opened=None, reviewing=None, asks=None)
    if life.bound is State.RECORDINGS:
        return replace(gone, state=State.RECORDINGS), Browse()
    return replace(gone, state=State.START, row=0), Leave()


def pointed(life: Life, looking: Looking) -> Life:
    """Return the life after a mouse moved what is looked at."""
    return life if life.opened is None or life.asks is not None else replace(life, looking=looking)


def learnt(life: Life, key: int) -> Turn:
    """Return the life after the key of a foot pedal, by its code, was pressed to be learnt."""
    return replace(life, asks=None), KeepPedal(key)


def written(life: Life, words: str) -> Turn:
    """Return the life after words were written that a session's end asked for."""
    done = replace(life, asks=None)
    if life.asks is Asks.LABEL and words != labels(life)[life.row]:
        changed = list(labels(life))
        changed[life.row] = words
        return done, KeepLabels(tuple(changed))
    if life.asks is Asks.WORDS and life.moment is not None and words != life.moment.text:
        return done, Amend(NoteMark(life.moment.time, words))
    if life.asks is Asks.CLIENT and names_clients(life) and words != (life.desk.client or ""):
        return done, NameClient(words)
    return done, None


def _to_straps(life: Life) -> Turn:
    match life.desk.library:
        case LibraryState.MISSING:
            return replace(life, state=State.FIRST), None
        case LibraryState.LOCKED:
            return replace(life, state=State.LOCKED), None
        case LibraryState.OPEN if life.bound is State.RECORDINGS:
            return replace(life, state=State.RECORDINGS, row=0), Browse()
        case LibraryState.OPEN:
            last = life.desk.last
            worn = () if last is None else ((last.address, last.role),)
            return replace(life, state=State.STRAPS, row=0, worn=worn), Listen()


def _joining(life: Life) -> Turn:
    """Return a practice that asks for a strap; what it heard before has ended."""
    strap = joinable(life)
    if strap is None:
        return life, None
    worn = ChosenStrap(strap.name, strap.address, ROLES[1])
    asked = replace(life, joining=True, left=life.desk.session, snapshot=None)
    return asked, Begin((worn,), practice=True)


def resumed(life: Life, look: Look) -> Turn:
    """Return the life of a window that takes the place of one that ended by itself."""
    if life.state is not State.START:
        return life, None
    if look.practice is not None:
        return pressed(life, "practice")
    return _to_straps(life) if life.desk.listening else (life, None)


def _opening(life: Life, errand: Errand) -> Turn:
    opening = replace(life, state=State.OPENING, calm=False, begun=errand)
    return replace(opening, snapshot=None, left=life.desk.session), errand


def _moved(life: Life, step: int) -> Life:
    if life.asks is Asks.CLIENT:
        first = 0 if step > 0 else len(life.clients) - 1
        pick = first if life.pick is None else life.pick + step
        return replace(life, pick=min(max(pick, 0), len(life.clients) - 1))
    counts = {State.STRAPS: len(rows(life)), State.LABELS: len(labels(life)) + 1}
    counts[State.RECORDINGS] = len(life.kept)
    count = counts.get(life.state, _moments(life))
    return replace(life, row=min(max(life.row + step, 0), max(count - 1, 0)))


def _moments(life: Life) -> int:
    return 0 if life.snapshot is None else len(life.snapshot.marks)


def _dressed(life: Life, step: int) -> Life:
    """Return the life with the chosen strap worn by the next role, which nobody else has then."""
    if not rows(life):
        return life
    address = rows(life)[min(life.row, len(rows(life)) - 1)].address
    role = ROLES[(ROLES.index(life.role(address)) + step) % len(ROLES)]
    others = tuple((a, r) for a, r in life.worn if a != address and r != role)
    return replace(life, worn=(*others, (address, role)) if role else others)


def told(
    life: Life,
    desk: Desk | None,
    snapshot: Snapshot | None,
    *,
    kept: tuple[Kept, ...] = (),
    opened: Opened | None = None,
) -> Turn:
    """Return the life after news of the desk (None: it does not answer) and of the session.

    `kept` are the recordings that it told of last, and `opened` is the review.
    """
    if desk is None:
        lost = life.state not in IN_SESSION and life.state is not State.PRACTICE
        gone = replace(life, state=State.GONE, help=False, asks=None)
        return (gone if lost else life), None
    known = replace(life, desk=desk, snapshot=snapshot if desk.session else None, kept=kept)
    known = _with_review(known, opened)
    if session_of(known) is not None:
        return _in_session(replace(known, left=None)), None
    return _outside(known)


def _with_review(life: Life, opened: Opened | None) -> Life:
    """Return the life with a review, if it is the one that is waited for."""
    if opened is None or opened.reviewed.session != life.reviewing:
        return life
    return replace(life, opened=opened, looking=review.settled(life.looking, opened))


def _in_session(life: Life) -> Life:
    if life.desk.practice:
        return replace(life, state=State.PRACTICE, joining=False, help=False)
    state = session_state(life.snapshot)
    begins = life.state not in IN_SESSION
    ends = state is State.FINISHED and life.state is not State.FINISHED
    asks = life.asks if state is State.FINISHED and is_kept(life) else None
    if begins or ends:
        return replace(life, state=state, row=0, help=False, asks=asks)
    row = min(life.row, max(_moments(life) - 1, 0))
    shown = life.help and state not in RECORDING  # whose keys are told by a page of their own
    return replace(life, state=state, row=row, help=shown, asks=asks)


def session_state(snapshot: Snapshot | None) -> State:
    """Return where a session is."""
    if snapshot is None:
        return State.CONNECTING
    if snapshot.phase is PhaseName.FINISHED:
        return State.FINISHED
    if all(view.last_beat is None for view in snapshot.sources):
        return State.CONNECTING
    learns = not any(view.has_baseline for view in snapshot.sources)
    return State.BASELINE if learns else State.LIVE


def _outside(life: Life) -> Turn:
    desk = life.desk
    match life.state:
        case State.GONE | State.CONNECTING | State.BASELINE | State.LIVE | State.FINISHED:
            return replace(life, state=State.START, row=0, asks=None), None
        case State.START | State.FIRST if desk.recovery is not None:
            return replace(life, state=State.RECOVERY), None
        case State.RECOVERY if desk.recovery is None and desk.library is LibraryState.OPEN:
            return _to_straps(life)
        case State.RECOVERY if desk.recovery is None and not desk.busy:
            return replace(life, state=State.FIRST), None
        case State.FIRST | State.LOCKED if desk.library is LibraryState.OPEN:
            return _to_straps(life)
        case State.FIRST if desk.library is LibraryState.LOCKED:
            return _to_straps(life)
        case State.OPENING if desk.refusal is not None:
            return replace(life, state=State.START), None
        case State.PRACTICE if desk.refusal is not None:
            return replace(life, joining=False), None
        case State.RECORDINGS:
            return replace(life, row=min(life.row, max(len(life.kept) - 1, 0))), None
        case State.REVIEW if life.opened is None and desk.refusal is not None:
            back = State.RECORDINGS if life.bound is State.RECORDINGS else State.START
            return replace(life, state=back, reviewing=None), None
        case State.STRAPS:
            return replace(life, row=min(life.row, max(len(rows(life)) - 1, 0))), None
    return life, None


def left_and_right(life: Life) -> tuple[Sequence[Key], Sequence[Key]]:
    """Return the keys of the bar: those at the left, those at the right."""
    shown = [key for key in keys(life) if key.shown]
    return [key for key in shown if not key.right], [key for key in shown if key.right]
