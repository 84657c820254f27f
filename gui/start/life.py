"""Where a window is, and what has been chosen there, without Qt.

How it goes on from there is its course (`gui.start.course`); the keys that work are `keys`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from math import inf

from gui.library.course import NO_STOCK, Browsing, Side, Stock, shown
from gui.review.course import Looking, Opened
from gui.weeks.course import IN_FIELD, Telling
from pipelines.recording import (
    ChosenStrap,
    Desk,
    Errand,
    HeardStrap,
    HeldStrap,
    Sentence,
)
from pipelines.session import CLIENT, THERAPIST, Fate, MarkView, PhaseName, Snapshot
from pipelines.settings import USUAL, Settings
from pipelines.weeks import Story
from pipelines.words import LABELS

ROLES = ("", CLIENT, THERAPIST)
"""Who may wear a strap, nobody first; each role once."""


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
    SENTENCES = "what its report says to the client"
    SETTINGS = "what is chosen for the window"
    WEEKS = "a person's own weeks"


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
    SENTENCE = "a sentence of the client's report"
    WHOSE = "which of the clients it is for"
    NEW = "a client who has no name yet"
    CONTACT = "whom the person would call"
    AUTHOR = "who writes notes"
    SEARCH = "what is looked for"
    NOTE = "a note about a session"
    SEAL = "what opens a file that is handed over"
    WANT = "what the person wants to be able to do"
    HAPPENED = "what happened in a week"
    UNWANTED = "something unwanted in a week"
    FLARE = "what a flare was like"
    DAYS = "how long a flare lasted"


_NO_WORDS = (None, Asks.PEDAL, Asks.WHOSE, Asks.SEAL)
"""What is answered by a key, a choice or two passphrases, or not asked at all."""


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
    wished : tuple of ChosenStrap
        The straps with which the desk was asked last to be connected.
    help : bool
        Whether the page of keys lies over it.
    calm : bool
        Whether the screen is to be calm while a session opens, and when it has.
    left : str or None
        A session that has been left, though the desk may not know it yet.
    asks : Asks or None
        What is being written.
    pick : int or None
        Which of the clients' names is chosen while one is asked for, or which of `choices`.
    client : str or None
        Whose session it is to be, or whose labels are looked at; None for nobody's in particular.
    cleared : tuple of str
        The labels that a client had before they were given up, while that can be taken back.
    begun : Errand or None
        What the newest session was begun with, for another try.
    joining : bool
        Whether a practice has asked for a strap that has not come yet.
    bound : State
        Where an opened library leads, and a review when it is closed.
    stock : Stock
        What is known of the library.
    browsing : Browsing
        What is looked at there.
    asked : tuple of str
        The sessions that were asked for last, to be read in small.
    reviewing : str or None
        The session that is to be looked at.
    opened : Opened or None
        It, once it is there.
    looking : Looking
        What is looked at in it.
    settings : Settings
        What is chosen for the window.
    story : Story or None
        The weeks, once they are open.
    telling : Telling
        What is looked at in them, and told.
    """

    state: State
    desk: Desk
    snapshot: Snapshot | None = None
    row: int = 0
    worn: tuple[tuple[str, str], ...] = ()
    wished: tuple[ChosenStrap, ...] = ()
    help: bool = False
    calm: bool = False
    left: str | None = None
    asks: Asks | None = None
    pick: int | None = None
    client: str | None = None
    cleared: tuple[str, ...] = ()

    @property
    def words_asked(self) -> bool:
        """Whether a few words are being written."""
        return self.asks not in _NO_WORDS

    @property
    def writes(self) -> bool:
        """Whether there is a field to write in: there only Enter, Esc and F1 act."""
        return self.secrets > 0 or self.words_asked or self.own_page_open

    @property
    def own_page_open(self) -> bool:
        """Whether a page of one's own is written or read in its field."""
        open_now = self.state is State.WEEKS and self.story is not None
        return open_now and self.telling.leaf in IN_FIELD

    @property
    def secrets(self) -> int:
        """How many fields for a passphrase there are."""
        if self.asks is Asks.SEAL:
            return 2
        return {State.FIRST: 2, State.LOCKED: 1}.get(self.state, 0)

    @property
    def merging(self) -> bool:
        """Whether it is asked with whom a client is one, not whose one session is."""
        return self.state is State.RECORDINGS and self.browsing.side is Side.CLIENTS

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
    def sentence(self) -> Sentence | None:
        """The sentence of the client's report that is chosen, None where there is none."""
        found = self.desk.sentences or ()
        here = self.state is State.SENTENCES and self.row < len(found)
        return found[self.row] if here else None

    @property
    def clients(self) -> tuple[str, ...]:
        """The names that clients were given, also one that is given now."""
        known = self.desk.clients or ()
        return known if self.client is None or self.client in known else (*known, self.client)

    begun: Errand | None = None
    joining: bool = False
    bound: State = State.STRAPS
    stock: Stock = NO_STOCK
    browsing: Browsing = field(default_factory=Browsing)
    asked: tuple[str, ...] = ()
    reviewing: str | None = None
    opened: Opened | None = None
    looking: Looking = field(default_factory=Looking)
    settings: Settings = USUAL
    story: Story | None = None
    telling: Telling = field(default_factory=Telling)

    @property
    def fate(self) -> Fate:
        """What becomes of the session that has finished."""
        return Fate.KEPT if self.snapshot is None else self.snapshot.fate

    def role(self, address: str) -> str:
        """Return who wears a strap, "" for nobody."""
        return dict(self.worn).get(address, "")


def rows(life: Life) -> tuple[HeardStrap, ...]:
    """Return the straps to choose from: the one used last, heard or not, and those in reach."""
    heard, last = life.desk.straps, life.desk.last
    known = {strap.address for strap in heard} | {strap.name for strap in heard}
    if last is None or last.address in known:
        return heard
    return (HeardStrap(last.name, last.address, 0, -1.0), *heard)


def held(life: Life, address: str) -> HeldStrap | None:
    """Return how a chosen strap stands, None where the desk does not know of the choice yet."""
    if not life.role(address):
        return None
    return next((one for one in life.desk.held if one.address == address), None)


def unreached(life: Life) -> HeldStrap | None:
    """Return the first of the chosen straps that does not connect, and can be tried again."""
    stands = (held(life, strap.address) for strap in chosen(life))
    return next((one for one in stands if one is not None and can_be_tried(one)), None)


def can_be_tried(stands: HeldStrap) -> bool:
    """Return whether something keeps a strap from being connected."""
    return stands.trouble is not None and not stands.connected


def chosen(life: Life) -> tuple[ChosenStrap, ...]:
    """Return the straps that somebody wears, the client's first."""
    worn = [
        ChosenStrap(strap.name, strap.address, life.role(strap.address))
        for strap in rows(life)
        if life.role(strap.address)
    ]
    return tuple(sorted(worn, key=lambda strap: ROLES.index(strap.role)))


def labels(life: Life) -> tuple[str, ...]:
    """Return the words that the keys 1 to 9 mark, "" for none: nine.

    While labels are looked at these are the client's own, or everyone's where they have none.
    """
    of_all = LABELS if life.desk.labels is None else life.desk.labels
    own = own_labels(life, life.client) if life.state is State.LABELS else None
    return (*(own or of_all), *[""] * 9)[:9]


def own_labels(life: Life, client: str | None) -> tuple[str, ...] | None:
    """Return what the keys 1 to 9 mark for a client who has words of their own, None without."""
    return next((one.labels for one in life.desk.own if one.client == client), None)


def can_be_named(life: Life) -> bool:
    """Return whether it can be said beforehand whom a session or labels are for."""
    return life.desk.clients is not None


def choices(life: Life) -> tuple[str | None, ...]:
    """Return whom a session or labels can be for: nobody in particular, and each client.

    Who is one with another client is one of the others.
    """
    if life.merging:
        seen = shown(life.browsing, life.stock)
        return tuple(name for name in life.clients if name != seen.name)
    return (None, *life.clients)


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


def is_kept(life: Life) -> bool:
    """Return whether a session that has finished is kept, and can still be changed."""
    if life.state is State.REVIEW:
        return life.opened is not None
    return life.fate is Fate.KEPT and life.desk.session is not None


def names_clients(life: Life) -> bool:
    """Return whether it can be said whose session it was that has finished."""
    return is_kept(life) and life.desk.clients is not None
