"""The desk: what a window asks before there is a session, and after one has ended.

The recorder's process keeps the desk. It opens the library, listens for straps, records, and throws
away; a window says what a person wishes (an errand) and shows how the desk stands.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from devices.link import BluetoothTrouble, StrapTrouble
from pipelines.live import Edit
from pipelines.recording.shelf import Lock, OfShelf, Outcome
from pipelines.session import LeftOutReason


class LibraryState(StrEnum):
    """Whether the library can be recorded in."""

    MISSING = "missing"
    LOCKED = "locked"
    OPEN = "open"


class Undoable(StrEnum):
    """What can be taken back for a while once a session has ended."""

    THROWN = "thrown away"
    REMOVED = "a moment removed"
    FINISHED = "finished"


class HeardStrap(msgspec.Struct, frozen=True):
    """A strap in reach: `rssi` in dBm, `ago` the seconds since it was heard last."""

    name: str
    address: str
    rssi: int
    ago: float


class ChosenStrap(msgspec.Struct, frozen=True):
    """A strap to record, and who wears it."""

    name: str
    address: str
    role: str


class Skin(StrEnum):
    """Whether a strap is on the skin, as far as it says."""

    UNSURE = "not known yet"
    ON = "on the skin"
    OFF = "off the skin"
    NOT_TOLD = "not told"


class HeldStrap(msgspec.Struct, frozen=True):
    """A chosen strap that the desk is connected with, or tries to be.

    Attributes
    ----------
    name, address, role : str
        Which strap, and who wears it.
    connected : bool
        Whether the connection stands.
    beats : bool
        Whether heartbeats come.
    asked : bool
        Whether the strap has been asked about its battery.
    battery_percent : int or None
        What it said, None where it tells nothing of it.
    skin : Skin
        Whether it is on the skin.
    trouble : StrapTrouble or None
        Why no beats come.
    details : str
        What the system said of that, without anything about a person.
    """

    name: str
    address: str
    role: str = ""
    connected: bool = False
    beats: bool = False
    asked: bool = False
    battery_percent: int | None = None
    skin: Skin = Skin.UNSURE
    trouble: StrapTrouble | None = None
    details: str = ""


class LiveLook(msgspec.Struct, frozen=True):
    """How the view of a session looks: dim, calm, the whole hour, the index, which people."""

    dim: bool = False
    calm: bool = False
    whole: bool = False
    index: bool = False
    page: int = 0


class PracticeLook(msgspec.Struct, frozen=True):
    """How far a practice is: breaths/min now and aimed at, the minutes left, what keys chose."""

    rate: float
    target: float
    minutes: float | None
    paused: bool = False
    calm: bool = False
    eyes_closed: bool = False
    sound: bool = False
    numbers: bool = False


class Look(msgspec.Struct, frozen=True):
    """How a window looks, for one that takes its place to look the same.

    Width and height, in device-independent pixels, are those of the window when it neither fills
    the screen nor is maximised. `client` is whose session is to be begun, where that was chosen.
    """

    width: int
    height: int
    full: bool = False
    maximised: bool = False
    dark: bool = False
    live: LiveLook = LiveLook()
    practice: PracticeLook | None = None
    client: str | None = None

    def __repr__(self) -> str:
        return f"Look({self.width}, {self.height}, ...)"


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of a report by its name: the program's words, and those that stand now.

    `words` are "" where somebody left it out, and `by_hand` says that somebody changed it.
    """

    name: str
    program: str
    words: str
    by_hand: bool


class OwnLabels(msgspec.Struct, frozen=True):
    """What the keys 1 to 9 mark for a client who has words of their own, "" for none."""

    client: str
    labels: tuple[str, ...]


class PageTold(msgspec.Struct, frozen=True):
    """A page that a person wrote and reads, by its id."""

    id: str
    text: str

    def __repr__(self) -> str:
        return "PageTold(...)"


class Desk(msgspec.Struct, frozen=True):
    """How the desk stands.

    Attributes
    ----------
    library : LibraryState
        Of the person's own library.
    busy : bool
        Whether an errand that takes a moment is being done.
    refusal : str or None
        One sentence on why the last errand was not done.
    wrong_secret : bool
        Whether that was because passphrase or recovery key do not open the library.
    recovery : str or None
        A recovery key that nobody has said to have written down; there is no library before.
    listening : bool
        Whether straps are listened for.
    straps : tuple of HeardStrap
        Those in reach, in the order in which they were first heard.
    held : tuple of HeldStrap
        Those that were chosen, while they are listened for.
    bluetooth : BluetoothTrouble or None
        Why none can be heard.
    details : str
        What the system said of that, without anything about a person.
    last : ChosenStrap or None
        The strap that the client wore last.
    session : str or None
        The session that is being recorded, or has ended and is still looked at.
    recording : bool
        Whether that one is being recorded, and has not been finished.
    practice : bool
        Whether that session is a practice.
    undo : float or None
        Seconds for which what was done last can be taken back.
    undoes : Undoable or None
        What that is.
    clients : tuple of str or None
        The names that clients were given in the library of the session or, without one, in the
        person's own; None where it keeps none.
    client : str or None
        Whose the session is or was, by the name given.
    labels : tuple of str or None
        The words that the keys 1 to 9 mark, "" for none; None where nobody chose. They are the
        library's, and in the session of a client who has words of their own those.
    own : tuple of OwnLabels
        What they mark for clients who have words of their own.
    pedal : int or None
        The code of the key that a foot pedal presses, which marks as Space does.
    returns : bool
        Whether there is a beginning to go back to from a session; else the window closes.
    look : Look or None
        How the window looked last, if it was not closed but ended by itself.
    kept : int or None
        How many recordings the library holds, None where it is not open.
    shelf, review : int
        Which list of the recordings lies ready to be asked for, and which review; 0 for none. Each
        that says something else has another number.
    lockable : bool
        Whether the library is open and a passphrase opens it, so that it can be locked.
    sentences : tuple of Sentence or None
        What the client's report of the session that is reviewed says, None before it is worded.
    written : str or None
        Where something of it was written.
    weeks : bytes
        A person's weeks as `pipelines.weeks` tells them, in JSON; empty before they are open.
    page : PageTold or None
        The page of their own that they read.
    outlines : int
        How many sessions were read in small, since the library was opened.
    unread : int
        How many sessions' words are not known yet, to be searched.
    outcomes : tuple of Outcome
        What came of the last errands in the library.
    """

    library: LibraryState
    busy: bool = False
    refusal: str | None = None
    wrong_secret: bool = False
    recovery: str | None = None
    listening: bool = False
    straps: tuple[HeardStrap, ...] = ()
    held: tuple[HeldStrap, ...] = ()
    bluetooth: BluetoothTrouble | None = None
    details: str = ""
    last: ChosenStrap | None = None
    session: str | None = None
    recording: bool = False
    practice: bool = False
    undo: float | None = None
    undoes: Undoable | None = None
    clients: tuple[str, ...] | None = None
    client: str | None = None
    labels: tuple[str, ...] | None = None
    own: tuple[OwnLabels, ...] = ()
    pedal: int | None = None
    returns: bool = False
    look: Look | None = None
    kept: int | None = None
    shelf: int = 0
    review: int = 0
    lockable: bool = False
    sentences: tuple[Sentence, ...] | None = None
    written: str | None = None
    weeks: bytes = b""
    page: PageTold | None = None
    outlines: int = 0
    unread: int = 0
    outcomes: tuple[Outcome, ...] = ()


class Unlock(msgspec.Struct, frozen=True, tag=True):
    """Open the library by passphrase or recovery key."""

    secret: str

    def __repr__(self) -> str:
        return "Unlock(...)"


class MakeLibrary(msgspec.Struct, frozen=True, tag=True):
    """Make a library with this passphrase; it is there once its recovery key is written down."""

    passphrase: str

    def __repr__(self) -> str:
        return "MakeLibrary(...)"


class WrittenDown(msgspec.Struct, frozen=True, tag=True):
    """The recovery key is written down."""


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Listen for straps, and be connected with these alone; where that failed, try afresh."""

    straps: tuple[ChosenStrap, ...] = ()


class Begin(msgspec.Struct, frozen=True, tag=True):
    """Record these straps, as a session or as a practice.

    A practice is kept where the library is open, and nothing of it where it is not. A session is
    `client`'s, by the name given, where that is known already.
    """

    straps: tuple[ChosenStrap, ...]
    practice: bool = False
    client: str | None = None

    def __repr__(self) -> str:
        return "Begin(...)"


class Simulate(msgspec.Struct, frozen=True, tag=True):
    """Record a simulated strap, `speed` times as fast, in the library kept apart for them."""

    speed: float = 1.0


class ThrowAway(msgspec.Struct, frozen=True, tag=True):
    """Throw away the session that has ended, in a few seconds."""


class Amend(msgspec.Struct, frozen=True, tag=True):
    """Edit a moment of the session that has ended."""

    edit: Edit


class NameClient(msgspec.Struct, frozen=True, tag=True):
    """Say whose the session that has ended was, "" for nobody."""

    name: str

    def __repr__(self) -> str:
        return "NameClient(...)"


class KeepLabels(msgspec.Struct, frozen=True, tag=True):
    """Have the keys 1 to 9 mark these words, "" for none, for one client or for all others.

    A client without any words has none of their own.
    """

    labels: tuple[str, ...]
    client: str | None = None

    def __repr__(self) -> str:
        return "KeepLabels(...)"


class KeepPedal(msgspec.Struct, frozen=True, tag=True):
    """Have the key of this code mark as Space does, None for no pedal."""

    key: int | None


class TakeBack(msgspec.Struct, frozen=True, tag=True):
    """Take back what was done last to the session that has ended, or is reviewed."""


class KeepPractice(msgspec.Struct, frozen=True, tag=True):
    """Keep a practice that no strap heard of, where the library is open.

    It began `seconds` ago; `paces` are the guide's rates in breaths/min, each with the seconds from
    the beginning at which it came, None at rest and last, where it ended; `inhale` is the share of
    each breath spent breathing in.
    """

    seconds: float
    paces: tuple[tuple[float, float | None], ...]
    inhale: float


class Leave(msgspec.Struct, frozen=True, tag=True):
    """Leave off what is being done, and the session that has ended: back to the beginning."""


class OpenWeeks(msgspec.Struct, frozen=True, tag=True):
    """Open a person's weeks, with the practices that the library has kept."""


class KeepWeeks(msgspec.Struct, frozen=True, tag=True):
    """Add entries to the person's own file, each as `pipelines.weeks` writes it."""

    entries: tuple[bytes, ...]

    def __repr__(self) -> str:
        return "KeepWeeks(...)"


class ReadPage(msgspec.Struct, frozen=True, tag=True):
    """Open a page that the person wrote, by its id."""

    page: str


class LetGo(msgspec.Struct, frozen=True, tag=True):
    """Let go of a page that the person wrote: its key and its words are destroyed."""

    page: str


class TakePlan(msgspec.Struct, frozen=True, tag=True):
    """Take in a plan that a person and a clinician wrote, beside those that were kept."""

    path: str


class Remind(msgspec.Struct, frozen=True, tag=True):
    """Write reminders for a calendar, with what the plan arranges, over what lies there."""

    path: str


class PrintWeeks(msgspec.Struct, frozen=True, tag=True):
    """Write the weeks as a page, over what lies there."""

    path: str


OfWeeks: TypeAlias = OpenWeeks | KeepWeeks | TakePlan | Remind | ReadPage | LetGo | PrintWeeks
"""What is asked of a person's own weeks."""


class Open(msgspec.Struct, frozen=True, tag=True):
    """Review a session that has ended."""

    session: str


class Omit(msgspec.Struct, frozen=True, tag=True):
    """Leave out of the session that is reviewed what lies between two times (s)."""

    start: float
    end: float
    reason: LeftOutReason


class Redraw(msgspec.Struct, frozen=True, tag=True):
    """Take what lies between two times (s) of the session that is reviewed as its baseline."""

    start: float
    end: float


class ShowHeart(msgspec.Struct, frozen=True, tag=True):
    """Look at another heart of the session that is reviewed: that of whoever has this role."""

    role: str


class ShowSway(msgspec.Struct, frozen=True, tag=True):
    """Look at the sway with breathing of the session that is reviewed, too, or no more."""

    on: bool


class Word(msgspec.Struct, frozen=True, tag=True):
    """Put the session that is reviewed in words for the client."""


class Reword(msgspec.Struct, frozen=True, tag=True):
    """Put a sentence of the client's report in other words, None for the program's own."""

    name: str
    words: str | None

    def __repr__(self) -> str:
        return "Reword(...)"


class WriteReport(msgspec.Struct, frozen=True, tag=True):
    """Write the client's report, as its sentences stand, over what lies there."""

    path: str


class HandOver(msgspec.Struct, frozen=True, tag=True):
    """Write the client's part of the session that is reviewed into a folder, for them to keep."""

    folder: str


Errand: TypeAlias = (
    Unlock
    | MakeLibrary
    | WrittenDown
    | Listen
    | Begin
    | Simulate
    | Amend
    | NameClient
    | KeepLabels
    | KeepPedal
    | KeepPractice
    | OfWeeks
    | ThrowAway
    | TakeBack
    | Leave
    | Lock
    | OfShelf
    | Open
    | Omit
    | Redraw
    | ShowHeart
    | ShowSway
    | Word
    | Reword
    | WriteReport
    | HandOver
)


class AskDesk(msgspec.Struct, frozen=True, tag=True):
    """Asks how the desk stands."""


class AskReview(msgspec.Struct, frozen=True, tag=True):
    """Asks for the review that lies ready."""


class AskPoints(msgspec.Struct, frozen=True, tag=True):
    """Asks for the trace of the session that is reviewed from point `first` on."""

    first: int


class Looks(msgspec.Struct, frozen=True, tag=True):
    """Tells how the recorder's own window looks."""

    look: Look


class Run(msgspec.Struct, frozen=True, tag=True):
    """Asks that an errand be done."""

    errand: Errand
