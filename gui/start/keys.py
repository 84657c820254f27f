"""The keys that work where a window is: key bar, page of keys and keyboard all read this table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import gui.review.course as review
import gui.weeks.course as weeks
from gui.library.course import Side, shown
from gui.start.life import (
    RECORDING,
    Asks,
    Life,
    State,
    can_be_named,
    chosen,
    is_kept,
    labels,
    names_clients,
    own_labels,
    rows,
    unreached,
)
from pipelines.language import from_the_right, tr
from pipelines.recording import (
    LibraryState,
    Undoable,
)
from pipelines.session import Fate
from pipelines.settings import CHOICES, WRITTEN
from pipelines.weeks import Story
from pipelines.words import heart_text, left_out_text


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now: its name, what stands on it, what it does.

    It is shown at the `right` or left of the key bar, unless another one speaks for it there.
    """

    name: str
    cap: str
    words: str
    action: str
    right: bool = False
    shown: bool = True


def working_keys(life: Life) -> tuple[Key, ...]:
    """Return the keys that work now; a session and a practice have tables of their own.

    The key bar, the page of keys and the keyboard all read this.
    """
    if life.state in RECORDING or life.state is State.PRACTICE:
        return ()
    own = _OWN[life.state](life)
    if from_the_right() and not _along_time(life):
        own = tuple(map(_across, own))
    return (*own, *_everywhere(life))


def _along_time(life: Life) -> bool:
    """Return whether left and right go along an axis of time, which is the same on any page."""
    if life.state is State.WEEKS and life.story is not None:
        return weeks.asks_now(life.telling, life.story) is None
    return life.state is State.REVIEW


def _across(key: Key) -> Key:
    """Return what goes to the left on a mirrored page where it went to the right."""
    other = {"Left": "Right", "Right": "Left"}.get(key.name, key.name)
    return replace(key, name=other, cap={"←": "→"}.get(key.cap, key.cap))


def _everywhere(life: Life) -> tuple[Key, ...]:
    shown = tr("back") if life.help else tr("keys")
    help_key = Key("?", "?", shown, "help", right=True)
    if life.writes:
        return (Key("F1", "F1", shown, "help", right=True),)
    room = life.state not in (State.REVIEW, State.RECORDINGS, State.WEEKS)
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
        Key("W", "W", tr("my weeks"), "weeks"),
        Key("S", "S", tr("settings"), "settings"),
    )


def _at_settings(life: Life) -> tuple[Key, ...]:
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    opened = life.desk.library is LibraryState.OPEN
    change = (
        (Key("Enter", tr("Enter"), tr("write it"), WRITTEN[life.row - len(CHOICES)]),)
        if life.row >= len(CHOICES)
        else (
            Key("Left", "←", tr("change it back"), "left", shown=False),
            Key("Right", "← →", tr("change it"), "right"),
        )
    )
    return (
        *_arrows(tr("choose")),
        *change,
        *((Key("6", "6", tr("your own marks"), "labels"),) if opened else ()),
        _BACK,
    )


def _at_labels(life: Life) -> tuple[Key, ...]:
    if life.asks is Asks.PEDAL:
        return (_UNASK,)
    if life.asks is Asks.WHOSE:
        return _among_choices(life)
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    on_pedal = life.row == len(labels(life))
    words = Key("Enter", tr("Enter"), tr("learn it") if on_pedal else tr("its words"), "label")
    forget = Key("Delete", tr("Delete"), tr("forget it"), "forget")
    known = on_pedal and life.desk.pedal is not None
    found = [words, *_arrows(tr("choose")), *((forget,) if known else ())]
    if can_be_named(life):
        found.append(Key("W", "W", tr("whose they are"), "whose"))
    if not on_pedal and own_labels(life, life.client) is not None:
        found.append(Key("Delete", tr("Delete"), tr("everyone's again"), "clear"))
    elif life.cleared:
        found.append(Key("Backspace", tr("Backspace"), tr("undo"), "restore"))
    return (*found, _BACK)


def _among_choices(life: Life) -> tuple[Key, ...]:
    take = Key("Enter", tr("Enter"), tr("take this one"), "take")
    several = _arrows(tr("choose")) if life.clients else []
    new = () if life.merging else (Key("N", "N", tr("somebody new"), "new"),)
    return (take, *several, *new, _UNASK)


def _at_secret(life: Life) -> tuple[Key, ...]:
    if life.desk.busy:
        return (_BACK,)
    return (Key("Enter", tr("Enter"), tr("go on"), "enter"), _BACK)


def _at_recovery(_: Life) -> tuple[Key, ...]:
    return (Key("Enter", tr("Enter"), tr("I have written it down"), "written"), _BACK)


def _at_straps(life: Life) -> tuple[Key, ...]:
    if life.asks is Asks.WHOSE:
        return _among_choices(life)
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    found: list[Key] = []
    if chosen(life):
        found.append(Key("Enter", tr("Enter"), tr("begin with these straps"), "begin"))
    if len(rows(life)) > 1:
        found += _arrows(tr("choose a strap"))
    if rows(life):
        found.append(Key("Left", "←", tr("who wears it, the other way"), "left", shown=False))
        found.append(Key("Right", "← →", tr("who wears it"), "right"))
    if can_be_named(life):
        found.append(Key("W", "W", tr("whose hour it is"), "whose"))
    troubled = unreached(life)
    if life.desk.bluetooth is not None or life.desk.refusal is not None or troubled:
        found.append(Key("R", "R", tr("try again"), "again"))
    if life.desk.details or (troubled and troubled.details):
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
    if life.asks is Asks.WHOSE:
        return _among_choices(life)
    if life.asks is Asks.SEAL:
        return (Key("Enter", tr("Enter"), tr("go on"), "enter"), _UNASK)
    if life.asks is Asks.SEARCH:
        return (
            Key("Enter", tr("Enter"), tr("look through them"), "enter"),
            Key("Escape", tr("Esc"), tr("all again"), "unask", right=True),
        )
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    clears = Key("Escape", tr("Esc"), tr("all again"), "back", right=True)
    away = clears if life.browsing.words else _BACK
    return (*_in_library(life), away)


def _in_library(life: Life) -> tuple[Key, ...]:
    """Return the keys that do something in the library, those of what is chosen first."""
    seen = shown(life.browsing, life.stock)
    clients = life.browsing.side is Side.CLIENTS
    if not life.stock.rows:
        return (*_undo_in_library(life), *_of_all(life))
    if seen.row is None:
        return (*_undo_in_library(life), Key("S", "S", tr("search"), "search"), *_of_all(life))
    found = [Key("Enter", tr("Enter"), tr("its sessions") if clients else tr("look at it"),
                 "into" if clients else "open")]  # fmt: skip
    found += _undo_in_library(life)
    found += _arrows(tr("choose"))
    found.append(Key("Left", "←", tr("clients"), "left", shown=False))
    found.append(Key("Right", "← →", tr("sessions") if clients else tr("clients"), "right"))
    found.append(Key("S", "S", tr("search"), "search", shown=False))
    if not clients:
        found.append(Key("N", "N", tr("note"), "note"))
    named = seen.name is not None
    if can_be_named(life) and (named or not clients):
        merges = len(life.clients) > 1
        if not clients or merges:
            words = tr("is the same person as") if clients else tr("move")
            found.append(Key("M", "M", words, "whose"))
    if named:
        found.append(Key("X", "X", tr("hand over"), "seal"))
    if not clients:
        found.append(Key("Delete", tr("Delete"), tr("delete"), "delete"))
    return (*found, *_of_all(life))


def _undo_in_library(life: Life) -> list[Key]:
    if life.desk.undoes is not Undoable.THROWN:
        return []
    return [Key("Backspace", tr("Backspace"), tr("undo"), "undo")]


def _of_all(life: Life) -> list[Key]:
    """Return the keys for the library as a whole, which stand on its page, too."""
    found = [
        Key("V", "V", tr("which kind is shown"), "kind", shown=False),
        Key("T", "T", tr("from when on"), "since", shown=False),
        Key("Home", tr("Home"), tr("the first"), "home", shown=False),
        Key("End", tr("End"), tr("the last"), "end", shown=False),
        Key("B", "B", tr("back up"), "back up", shown=False),
        Key("R", "R", tr("restore"), "restore", shown=False),
    ]
    if life.desk.lockable:
        found.append(Key("K", "K", tr("lock"), "lock", shown=False))
    return found


def _at_weeks(life: Life) -> tuple[Key, ...]:
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    if life.story is not None and life.telling.leaf in weeks.PAGES:
        return tuple(_at_own_pages(life, life.story))
    if life.telling.leaf is not None:
        return (_shut(),)
    if life.story is None:
        return (_BACK,)
    if weeks.asks_now(life.telling, life.story) is not None:
        return tuple(_answering(life))
    return (*_in_weeks(life.story), _BACK)


def _at_own_pages(life: Life, story: Story) -> Iterator[Key]:
    """Yield the keys at pages of one's own."""
    match life.telling.leaf:
        case weeks.Leaf.WRITING:
            yield Key("Escape", tr("Esc"), tr("done"), "done")
        case weeks.Leaf.DECIDING:
            yield Key("Enter", tr("Enter"), tr("keep it"), "keep page")
            yield Key("Delete", tr("Delete"), tr("let it go"), "part")
            yield Key("N", "N", tr("write on"), "new")
            yield _shut()
        case weeks.Leaf.READING:
            yield Key("Delete", tr("Delete"), tr("let it go"), "parting")
            yield _shut()
        case weeks.Leaf.PARTING:
            yield Key("Delete", tr("Delete"), tr("let it go"), "part")
            yield _shut()
        case _:
            begin = tr("write on") if life.telling.draft else tr("write a page")
            yield Key("N", "N", begin, "new")
            if story.pages:
                yield Key("Enter", tr("Enter"), tr("read it"), "read")
                yield from _arrows(tr("choose a page"))
            yield _shut()


def _answering(life: Life) -> Iterator[Key]:
    """Yield the keys of a weekly question."""
    if life.telling.value is not None:
        yield Key("Enter", tr("Enter"), tr("keep it so"), "keep")
    yield Key("Left", "←", tr("less"), "left", shown=False)
    yield Key("Right", "← →", tr("choose"), "right")
    yield Key("S", "S", tr("leave it out"), "skip")
    for value in range(10):
        yield Key(str(value), str(value), tr("answer {value}", value=value), f"value {value}",
                  shown=False)  # fmt: skip
    yield Key("Escape", tr("Esc"), tr("as it was"), "stop", right=True)


def _in_weeks(story: Story) -> Iterator[Key]:
    """Yield the keys that do something in the weeks."""
    if story.asked:
        yield Key("Enter", tr("Enter"), tr("tell of this week"), "ask")
    yield Key("Left", "←", tr("the week before"), "left", shown=False)
    yield Key("Right", "← →", tr("choose a week"), "right")
    if weeks.below(story) > 1:
        yield Key("Up", "↑", tr("the question before"), "up", shown=False)
        yield Key("Down", "↑ ↓", tr("another question"), "down", shown=False)
    if story.setback:
        yield Key("H", "H", tr("harder days"), "harder")
    if story.due:
        yield Key("T", "T", tr("this week in my plan"), "due")
    yield Key("G", "G", tr("see a doctor if"), "flags")
    yield Key("N", "N", tr("note"), "note")
    yield Key("W", "W", tr("a page of my own"), "pages")
    yield Key("B", "B", tr("a flare"), "flare")
    yield Key("U", "U", tr("something unwanted"), "unwanted")
    yield Key("I", "I", tr("what I want to do"), "want")
    yield Key("R", "R", tr("print"), "print weeks")
    yield Key("O", "O", tr("take in a plan"), "take plan")
    yield Key("C", "C", tr("to my calendar"), "remind")
    pain = tr("ask no more about pain") if story.pain else tr("ask about pain, too")
    yield Key("P", "P", pain, "pain", shown=False)


def _at_review(life: Life) -> tuple[Key, ...]:
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    looking = life.looking
    whole, free = looking.zoom is None, looking.anchor is None
    leads = tr("close") if review.back(looking) is None else tr("back")
    sides = ("before", "after") if whole else ("left", "right")
    known = (
        Key("Left", "←", tr("moment before") if whole else tr("move back"), sides[0], shown=False),
        Key("Right", "← →", tr("next moment") if whole else tr("move along"), sides[1]),
        Key("Up", "↑", tr("moment before"), "before", shown=False),
        Key("Down", "↑ ↓", tr("next moment"), "after", shown=not whole and free),
        Key("Enter", tr("Enter"), tr("its two minutes"), "moment", shown=whole),
        Key("S", "S", tr("choose a stretch"), "stretch", shown=free),
        Key("O", "O", tr("leave it out"), "omit"),
        Key("B", "B", tr("make it the baseline"), "redraw"),
        Key("+", "+", tr("closer"), "closer"),
        Key("-", "−", tr("wider"), "wider"),
        Key("N", "N", tr("its words"), "words", shown=free),
        Key("Backspace", tr("Backspace"), tr("undo"), "undo", shown=free),
        Key("R", "R", tr("the client's report"), "report", shown=whole),
        Key("T", "T", _heart_text(life), "heart", shown=whole),
        Key("G", "G", tr("moments") if looking.guesses else tr("your guesses"), "guesses"),
        Key("H", "H", tr("sway with breathing"), "sway", shown=whole),
        Key("X", "X", tr("hand it over"), "hand over", shown=whole),
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


def _heart_text(life: Life) -> str:
    """Return whose heart the key leads to."""
    role = None if life.opened is None else review.other_heart(life.opened)
    return "" if role is None else heart_text(role)


def _at_sentences(life: Life) -> tuple[Key, ...]:
    hour = Key("Escape", tr("Esc"), tr("back"), "hour", right=True)
    if life.asks is not None:
        return (Key("Enter", tr("Enter"), tr("keep it so"), "enter"), _UNASK)
    if not life.desk.sentences or life.desk.busy:
        return (hour,)
    found = [Key("Enter", tr("Enter"), tr("put it otherwise"), "sentence"), *_arrows(tr("choose"))]
    if life.sentence is not None and life.sentence.by_hand:
        found.append(Key("Delete", tr("Delete"), tr("the program's words"), "program"))
    return (*found, Key("W", "W", tr("write the report"), "write"), hour)


def _arrows(words: str) -> list[Key]:
    return [
        Key("Up", "↑", tr("the one above"), "up", shown=False),
        Key("Down", "↑ ↓", words, "down"),
    ]


def _shut() -> Key:
    return Key("Escape", tr("Esc"), tr("back"), "shut", right=True)


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
    State.SENTENCES: _at_sentences,
    State.SETTINGS: _at_settings,
    State.WEEKS: _at_weeks,
}


def left_and_right(life: Life) -> tuple[Sequence[Key], Sequence[Key]]:
    """Return the keys of the bar: those at the left, those at the right."""
    shown = [key for key in working_keys(life) if key.shown]
    return [key for key in shown if not key.right], [key for key in shown if key.right]
