"""The course of a window's life, from its beginning to a session's end and back, without Qt.

    START ─► FIRST ─► RECOVERY ─┐                    ┌─► BASELINE ─► LIVE ─┐
      │  └─► LOCKED ────────────┴► STRAPS ─► OPENING ┴► CONNECTING ────────┴► FINISHED ─► START
      ├─► PRACTICE ─► START     ├─► SETTINGS ─► START                              │
      └─► RECORDINGS ─► REVIEW ─► RECORDINGS                      START ◄─ REVIEW ◄┘
                         └─► SENTENCES ─► REVIEW        any of the library's ─► LOCKED

A person's keys move it (`pressed`), and so does what the desk and the session tell (`told`). Both
are pure functions; what is to be asked of the desk comes back beside the new life.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TypeAlias

import msgspec

import gui.review.course as review
from gui.library.course import NO_STOCK, Stock, shown
from gui.review.course import Looking, Opened
from gui.start.browsing import browsed, noted, read_in_small, searched, taken_to, to_library
from gui.start.life import (
    IN_SESSION,
    RECORDING,
    ROLES,
    Asks,
    Life,
    State,
    can_be_named,
    choices,
    chosen,
    is_kept,
    joinable,
    labels,
    names_clients,
    own_labels,
    rows,
    session_of,
)
from gui.start.telling import (
    KINDS,
    OUT_OF_WEEKS,
    among_weeks,
    to_weeks,
    told_weeks,
    with_story,
    wrote,
)
from pipelines.live import NoteMark, RemoveMark
from pipelines.recording import (
    Amend,
    Begin,
    ChosenStrap,
    Desk,
    Errand,
    HeardStrap,
    KeepLabels,
    KeepPedal,
    Leave,
    LibraryState,
    Listen,
    Look,
    NameClient,
    Open,
    Reword,
    Simulate,
    TakeBack,
    ThrowAway,
    Word,
    WrittenDown,
)
from pipelines.session import PhaseName, Snapshot
from pipelines.settings import CHOICES, WRITTEN, choose, stepped

DEMO_SPEED = 6.0
_OF_ANY = ("words", "unask", "report")
"""Actions of a review that lead elsewhere, or mean what they mean there."""

_OUT_OF_LIBRARY = ("back", "open", "unask", "take", "new")
"""Actions of the library that lead elsewhere, or mean what they mean there."""

Turn: TypeAlias = tuple[Life, Errand | None]


def pressed(life: Life, action: str) -> Turn:
    """Return the life after an action of `keys`, and what to ask of the desk."""
    if action == "help":
        return replace(life, help=not life.help), None
    if life.help:
        return replace(life, help=False), None
    if life.state is State.REVIEW and action not in _OF_ANY:
        return _looked(life, action)
    if life.state is State.WEEKS and action not in OUT_OF_WEEKS:
        return told_weeks(life, action)
    in_lists = life.state is State.RECORDINGS and life.asks is not Asks.WHOSE
    if in_lists and action not in _OUT_OF_LIBRARY:
        return browsed(life, action)
    match action:
        case "session":
            return _to_straps(replace(life, bound=State.STRAPS))
        case "recordings" if life.desk.library is not LibraryState.MISSING:
            return _to_straps(replace(life, bound=State.RECORDINGS))
        case "weeks":
            return _to_straps(replace(life, bound=State.WEEKS))
        case "open" if (row := shown(life.browsing, life.stock).row) is not None:
            return _to_review(life, row.session)
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
            return _opening(life, Begin(chosen(life), client=life.client))
        case "written":
            return life, WrittenDown()
        case "again" if life.state is State.FINISHED and life.begun is not None:
            return _opening(life, life.begun)
        case "again" if life.state is State.STRAPS:
            return _listening(life)
        case "again":
            return life, Listen()
        case "up" | "down":
            return _moved(life, -1 if action == "up" else 1), None
        case "left" | "right" if life.state is State.SETTINGS and life.row < len(CHOICES):
            name = list(CHOICES)[life.row]
            changed = stepped(life.settings, name, -1 if action == "left" else 1)
            return replace(life, settings=changed), None
        case "contact" | "author" if life.state is State.SETTINGS:
            place = WRITTEN.index(action)
            asks = (Asks.CONTACT, Asks.AUTHOR)[place]
            return replace(life, row=len(CHOICES) + place, asks=asks), None
        case "begun":
            read = msgspec.structs.replace(life.settings, begun=True)
            return replace(life, settings=read), None
        case "left" | "right":
            return _listening(_dressed(life, -1 if action == "left" else 1))
        case "calm":
            return replace(life, calm=not life.calm), None
        case "words" if is_kept(life) and life.moment is not None:
            return replace(life, asks=Asks.WORDS), None
        case "report" if life.opened is not None:
            return replace(life, state=State.SENTENCES, row=0), Word()
        case "hour" if life.state is State.SENTENCES:
            return replace(life, state=State.REVIEW, row=0, asks=None), None
        case "sentence" if life.sentence is not None:
            return replace(life, asks=Asks.SENTENCE), None
        case "program" if life.sentence is not None and life.sentence.by_hand:
            return life, Reword(life.sentence.name, None)
        case "client" if names_clients(life):
            return replace(life, asks=Asks.CLIENT, pick=None), None
        case "settings":
            return replace(life, state=State.SETTINGS, row=0), None
        case "labels" if life.desk.library is LibraryState.OPEN:
            return replace(life, state=State.LABELS, row=0, client=None, cleared=()), None
        case "whose" if can_be_named(life):
            pick = choices(life).index(life.client) if life.client in choices(life) else 0
            return replace(life, asks=Asks.WHOSE, pick=pick), None
        case "take" if life.asks is Asks.WHOSE:
            return taken(life, life.pick or 0)
        case "new" if life.asks is Asks.WHOSE:
            return replace(life, asks=Asks.NEW), None
        case "clear" if (had := own_labels(life, life.client)) is not None:
            return replace(life, cleared=had), KeepLabels(("",) * 9, life.client)
        case "restore" if life.cleared:
            return replace(life, cleared=()), KeepLabels(life.cleared, life.client)
        case "label":
            on_pedal = life.row == len(labels(life))
            return replace(life, asks=Asks.PEDAL if on_pedal else Asks.LABEL), None
        case "forget":
            return life, KeepPedal(None)
        case "unask" if life.asks is Asks.SEARCH:
            return searched(replace(life, asks=None), ""), None
        case "unask":
            return replace(life, asks=None), None
        case "remove" if is_kept(life) and life.moment is not None:
            return replace(life, asks=None), Amend(RemoveMark(life.moment.time))
        case "throw":
            return replace(life, asks=None), ThrowAway()
        case "undo":
            return life, TakeBack()
        case "back" if life.state is State.RECORDINGS and life.browsing.words:
            return searched(life, ""), None
        case "back" | "leave":
            gone = replace(life, state=State.START, snapshot=None, row=0, left=life.desk.session)
            gone = replace(gone, story=None)
            return replace(gone, joining=False, asks=None, client=None), Leave()
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
        return to_library(gone)
    return replace(gone, state=State.START, row=0), Leave()


def pointed(life: Life, looking: Looking) -> Life:
    """Return the life after a mouse moved what is looked at."""
    return life if life.opened is None or life.asks is not None else replace(life, looking=looking)


def taken(life: Life, place: int) -> Turn:
    """Return the life after one of `choices` was taken; without it, or unasked, nothing changes."""
    if life.asks is not Asks.WHOSE or place >= len(choices(life)):
        return life, None
    if life.state is State.RECORDINGS:
        return taken_to(life, choices(life)[place])
    return replace(life, asks=None, client=choices(life)[place], cleared=()), None


def settled(life: Life, row: int, place: int) -> Life:
    """Return the life after one of a setting's choices was taken with the mouse."""
    name = list(CHOICES)[row]
    return replace(life, row=row, settings=choose(life.settings, name, CHOICES[name][place]))


def learnt(life: Life, key: int) -> Turn:
    """Return the life after the key of a foot pedal, by its code, was pressed to be learnt."""
    return replace(life, asks=None), KeepPedal(key)


def written(life: Life, words: str) -> Turn:
    """Return the life after words were written that were asked for."""
    done = replace(life, asks=None)
    if life.asks is Asks.CONTACT:
        return replace(done, settings=msgspec.structs.replace(life.settings, contact=words)), None
    if life.asks is Asks.AUTHOR:
        return replace(done, settings=msgspec.structs.replace(life.settings, author=words)), None
    if life.asks in KINDS:
        return wrote(life, words)
    if life.asks is Asks.SEARCH:
        return searched(done, words), None
    if life.asks is Asks.NOTE:
        return noted(life, words)
    if life.asks is Asks.NEW and words and life.state is State.RECORDINGS:
        return taken_to(life, words)
    if life.asks is Asks.NEW and words:
        return replace(done, client=words, cleared=()), None
    if life.asks is Asks.LABEL and words != labels(life)[life.row]:
        changed = list(labels(life))
        changed[life.row] = words
        return replace(done, cleared=()), KeepLabels(tuple(changed), life.client)
    if life.asks is Asks.WORDS and life.moment is not None and words != life.moment.text:
        return done, Amend(NoteMark(life.moment.time, words))
    if life.asks is Asks.SENTENCE and life.sentence is not None and words != life.sentence.words:
        return done, Reword(life.sentence.name, words)
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
            return to_library(life)
        case LibraryState.OPEN if life.bound is State.WEEKS:
            return to_weeks(life)
        case LibraryState.OPEN:
            last = life.desk.last
            worn = () if last is None else ((last.address, last.role),)
            return _listening(replace(life, state=State.STRAPS, row=0, worn=worn, client=None))


def _listening(life: Life) -> Turn:
    """Return the life that asks for straps to be heard, and the chosen ones to be connected."""
    wished = chosen(life)
    return replace(life, wished=wished), Listen(wished)


def _among_straps(life: Life) -> Turn:
    """Return the life among straps after news; the desk is told where the choice is another now.

    A strap whose name alone was known is known by its address once one of that name is heard.
    """
    named = _addresses(life.desk.straps)
    worn = tuple((named.get(address, address), role) for address, role in life.worn)
    known = replace(life, row=min(life.row, max(len(rows(life)) - 1, 0)), worn=worn)
    other = life.desk.listening and chosen(known) != life.wished
    return _listening(known) if other else (known, None)


def _addresses(heard: tuple[HeardStrap, ...]) -> dict[str, str]:
    """Return the address of each strap by its name, where no two share that."""
    shared = Counter(strap.name for strap in heard)
    return {strap.name: strap.address for strap in heard if shared[strap.name] == 1}


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
    if not life.desk.listening:
        return life, None
    there, errand = _to_straps(life)
    if there.state is not State.STRAPS:
        return there, errand
    worn = tuple((strap.address, strap.role) for strap in life.desk.held)
    client = look.client if can_be_named(there) else None
    return _listening(replace(there, worn=worn, client=client))


def _opening(life: Life, errand: Errand) -> Turn:
    opening = replace(life, state=State.OPENING, calm=False, begun=errand)
    return replace(opening, snapshot=None, left=life.desk.session), errand


def _moved(life: Life, step: int) -> Life:
    if life.asks is Asks.CLIENT:
        first = 0 if step > 0 else len(life.clients) - 1
        pick = first if life.pick is None else life.pick + step
        return replace(life, pick=min(max(pick, 0), len(life.clients) - 1))
    if life.asks is Asks.WHOSE:
        last = len(choices(life)) - 1
        return replace(life, pick=min(max((life.pick or 0) + step, 0), last))
    counts = {State.STRAPS: len(rows(life)), State.LABELS: len(labels(life)) + 1}
    counts[State.SETTINGS] = len(CHOICES) + len(WRITTEN)
    counts[State.SENTENCES] = len(life.desk.sentences or ())
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
    stock: Stock = NO_STOCK,
    opened: Opened | None = None,
) -> Turn:
    """Return the life after news of the desk (None: it does not answer) and of the session.

    `stock` is what it told of the library, and `opened` is the review.
    """
    if desk is None:
        lost = life.state not in IN_SESSION and life.state is not State.PRACTICE
        gone = replace(life, state=State.GONE, help=False, asks=None)
        return (gone if lost else life), None
    known = replace(life, desk=desk, snapshot=snapshot if desk.session else None, stock=stock)
    known = with_story(_with_review(known, opened), life.desk.weeks)
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
    stays = state is life.state is State.FINISHED
    asks = life.asks if stays and is_kept(life) else None
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
        case State.RECORDINGS | State.REVIEW | State.SENTENCES if (
            desk.library is not LibraryState.OPEN and life.bound is State.RECORDINGS
        ):
            return replace(life, state=State.LOCKED, asks=None), None
        case State.RECORDINGS:
            return read_in_small(life)
        case State.REVIEW if life.opened is None and desk.refusal is not None:
            if life.bound is State.RECORDINGS:
                return to_library(replace(life, reviewing=None))
            return replace(life, state=State.START, reviewing=None), None
        case State.STRAPS:
            return _among_straps(life)
        case State.WEEKS:
            return among_weeks(life)
        case State.SENTENCES:
            count = len(life.desk.sentences or ())
            return replace(life, row=min(life.row, max(count - 1, 0))), None
    return life, None
