"""A desk and a session without any process, that do errands as the real ones do."""

from __future__ import annotations

from datetime import date

import msgspec

from devices.link import BluetoothTrouble
from docs import moments
from physio.beats import NO_BEATS
from pipelines.analysis import Outline, Reviewed, outline_of
from pipelines.live import Command, Edit, Finish, MarkAgain, NoteMark, RemoveMark
from pipelines.recording import (
    Amend,
    BackUp,
    Begin,
    Browse,
    ChosenStrap,
    Delete,
    Desk,
    Done,
    Errand,
    FoundLine,
    FoundWords,
    HeardStrap,
    HeldStrap,
    KeepLabels,
    KeepPedal,
    KeepWeeks,
    Kept,
    Leave,
    LetGo,
    LibraryState,
    Listen,
    Lock,
    Look,
    MakeLibrary,
    Merge,
    Move,
    NameClient,
    Omit,
    Open,
    OpenWeeks,
    Outcome,
    OutlinesTold,
    OwnLabels,
    PageTold,
    PrintWeeks,
    ReadPage,
    Redraw,
    Restore,
    Reword,
    Seal,
    Sentence,
    Shelf,
    ShowOutlines,
    Simulate,
    TakeBack,
    ThrowAway,
    Undoable,
    Unlock,
    Word,
    WriteNote,
    WriteReport,
    WrittenDown,
)
from pipelines.session import Fate, LeftOut, MarkView, Note, PhaseName, Snapshot, Trace, packed
from pipelines.weeks import AnyEntry, decoded, person, story, text_of
from tests.gui.review.hours import an_hour

SECRET = "seven quiet lamps"
STRAPS = tuple(
    HeardStrap(f"Polar H10 {number:04X}", f"A0:00:00:00:00:{number:02X}", -50 - 7 * number, 1.0)
    for number in range(12)
)
LAST = ChosenStrap(STRAPS[3].name, STRAPS[3].address, "client")


SENTENCES = tuple(
    Sentence(name, words, words, by_hand=False)
    for name, words in (
        ("first", "Your heart sped up clearly 3 times, and settled each time."),
        *((f"rise {n}", f"At {n}:02, around “hip”, it sped up. " * 3) for n in range(1, 9)),
        ("quiet", "A quiet trace can be calm, shutdown or medicine."),
    )
)


def reworded(one: Sentence, words: str | None) -> Sentence:
    """The sentence as somebody put it, or as the program does."""
    told = one.program if words is None else words
    return Sentence(one.name, one.program, told, words is not None)


class World:
    """What a window can meet."""

    def __init__(self, library: LibraryState = LibraryState.MISSING) -> None:
        self.desk: Desk | None = Desk(library, returns=True)
        self.errands: list[Errand] = []
        self.moment = moments.live()
        self.sessions = 0
        self.kept = tuple(
            Kept(f"K{place}", 1.7e9 - 86400.0 * place, 3120.0, "Juniper" if place else None)
            for place in range(20)
        )
        self.reviewed, self.points = an_hour()
        self.outlines: list[Outline] = []
        self.said: dict[str, tuple[tuple[float, str], ...]] = {}
        self.notes: dict[str, tuple[Note, ...]] = {}
        self.thrown: Kept | None = None
        self.entries: list[AnyEntry] = []
        self.today = date(2026, 11, 22)
        if library is LibraryState.OPEN:
            self.open()
        self.log: list[Reviewed] = []
        self.goodbyes = 0
        self.known: tuple[str, ...] | None = None
        self.labels: tuple[str, ...] | None = None
        self.own: dict[str, tuple[str, ...]] = {}

    def open(self) -> None:
        """Let the library be open, its recordings ready."""
        assert self.desk is not None
        self.change(library=LibraryState.OPEN, lockable=True, kept=len(self.kept))
        self.change(shelf=self.desk.shelf + 1)

    def keep(self, *kept: Kept) -> None:
        """Let the library hold other recordings."""
        assert self.desk is not None
        self.kept = kept
        self.change(shelf=self.desk.shelf + 1, kept=len(kept))

    def small(self, session: str) -> Outline:
        """A session in small, as its review tells it."""
        told = msgspec.structs.replace(self.reviewed, session=session)
        return outline_of(told, self.points, self.notes.get(session, ()))

    def of_library(self, errand: Errand) -> None:
        """Do what is asked of the library."""
        rows = {one.session: one for one in self.kept}
        match errand:
            case ShowOutlines(sessions):
                known = {one.session for one in self.outlines}
                self.outlines += [self.small(one) for one in sessions if one not in known]
                self.change(outlines=len(self.outlines))
            case Move(session, client):
                rows[session] = msgspec.structs.replace(rows[session], client=client)
                self.keep(*rows.values())
                self.change(outcomes=(Outcome(Done.MOVED, client=client, count=1),))
            case Merge(client, into):
                self.keep(
                    *(
                        msgspec.structs.replace(one, client=into) if one.client == client else one
                        for one in self.kept
                    )
                )
                self.change(outcomes=(Outcome(Done.MERGED, client=into, count=3),))
            case Delete(session):
                self.thrown = rows.pop(session)
                self.keep(*rows.values())
                self.change(undo=10.0, undoes=Undoable.THROWN)
            case TakeBack() if self.thrown is not None:
                self.keep(*sorted((self.thrown, *self.kept), key=lambda one: -one.started))
                self.thrown = None
                self.change(undo=None, undoes=None)
            case WriteNote(session, author, text):
                self.notes[session] = (*self.notes.get(session, ()), Note(9e3, author, text, 1.7e9))
                self.outlines.append(self.small(session))
                self.change(outlines=len(self.outlines), outcomes=(Outcome(Done.NOTED),))
            case BackUp(path):
                done = Outcome(Done.BACKED_UP, path=path, count=len(self.kept))
                self.change(outcomes=(done,))
            case Restore():
                self.change(outcomes=(Outcome(Done.RESTORED, count=1, there=19),))
            case Seal(client, path):
                done = Outcome(Done.SEALED, client=client, path=path, count=19)
                self.change(outcomes=(done,))

    def find(self, words: str) -> FoundWords:
        """Where words are: each in a name, or all in one line."""
        lines = tuple(
            FoundLine(session, 1, time, text)
            for session, said in self.said.items()
            for time, text in said
            if words.casefold() in text.casefold()
        )
        named = {
            one.client for one in self.kept if words.casefold() in (one.client or "").casefold()
        }
        return FoundWords(words, tuple(named), lines)

    def know(self, *clients: str, **own: tuple[str, ...]) -> None:
        """Let the library hold sessions of these clients, some with labels of their own."""
        self.known, self.own = tuple(sorted({*clients, *own})), own
        self.show_library()

    def show_library(self) -> None:
        """Show what the open library holds, as without a session."""
        own = tuple(OwnLabels(*one) for one in self.own.items())
        self.change(client=None, clients=self.known, labels=self.labels, own=own)

    def change(self, **changes: object) -> None:
        assert self.desk is not None
        self.desk = msgspec.structs.replace(self.desk, **changes)

    def do(self, errand: Errand) -> None:
        self.errands.append(errand)
        if self.desk is None:
            return
        if not isinstance(errand, ShowOutlines):
            self.change(refusal=None, wrong_secret=False, busy=False, written=None)
        if not isinstance(errand, ShowOutlines | Browse):
            self.change(outcomes=())
        self.of_library(errand)
        if not isinstance(errand, Leave | WrittenDown):
            self.change(recovery=None)
        match errand:
            case MakeLibrary():
                self.change(recovery="ABCD-EFGH-IJKL-MNOP")
            case WrittenDown() if self.desk.recovery:
                self.change(recovery=None)
                self.open()
            case Unlock(secret) if secret == SECRET:
                self.open()
            case Lock():
                self.outlines = []
                self.change(library=LibraryState.LOCKED, lockable=False, kept=None, clients=None)
                self.change(shelf=self.desk.shelf + 1, outlines=0, review=0, session=None)
            case Unlock():
                self.change(library=LibraryState.LOCKED)
                self.change(wrong_secret=True, refusal="It does not open.")
            case Listen(straps):
                self.change(listening=True, bluetooth=None, details="")
                self.change(
                    held=tuple(HeldStrap(one.name, one.address, one.role) for one in straps)
                )
            case Begin(practice=True) if self.desk.session is None or self.finished:
                self.begin(practice=True)
            case Begin(client=client) if self.desk.session is None or self.finished:
                self.begin(client)
            case Simulate() if self.desk.session is None or self.finished:
                self.begin(demo=True)
            case KeepLabels(labels, None):
                self.labels = labels
                self.show_library()
            case KeepLabels(labels, client):
                kept = {client: labels} if any(labels) else {}
                self.own = {**{k: v for k, v in self.own.items() if k != client}, **kept}
                self.show_library()
            case KeepPedal(key):
                self.change(pedal=key)
            case ThrowAway() if self.finished and self.fate is Fate.KEPT:
                self.set_session(fate=Fate.THROWN)
                self.change(undo=10.0, undoes=Undoable.THROWN)
            case Amend(NoteMark(time, text)) if self.desk.review:
                self.show_review(named(self.reviewed, time, text))
            case TakeBack() if self.desk.review and self.log:
                self.show_review(self.log.pop())
            case Amend(edit) if self.finished and self.fate is Fate.KEPT:
                self.amend(edit)
            case NameClient(name) if self.finished and self.fate is Fate.KEPT:
                known = {*self.desk.clients, *([name] if name else [])}
                self.change(client=name or None, clients=tuple(sorted(known)))
            case TakeBack() if self.desk.undo is not None and self.desk.session is not None:
                self.take_back()
            case Browse():
                self.change(review=0)
            case Open(session):
                told = msgspec.structs.replace(self.reviewed, session=session)
                self.change(session=None, practice=False)
                self.show_library()
                self.show_review(told)
            case Omit(start, end, reason) if self.desk.review:
                out = LeftOut(4000.0, 0, start, end, reason)
                self.decide(left_out=(*self.reviewed.left_out, out))
            case Redraw() if self.desk.review:
                self.decide(held=())
            case Word():
                self.change(sentences=SENTENCES)
            case Reword(name, words):
                self.change(
                    sentences=tuple(
                        reworded(one, words) if one.name == name else one
                        for one in self.desk.sentences
                    )
                )
            case WriteReport(path):
                self.change(written=path)
            case PrintWeeks(path):
                self.change(written=path)
            case OpenWeeks():
                self.tell_weeks()
            case KeepWeeks(entries):
                self.entries += decoded(entries)
                self.tell_weeks()
            case ReadPage(page):
                (found,) = [one for one in self.entries if one.id == page]
                self.change(page=PageTold(page, text_of(found)))
            case LetGo(page):
                self.entries = [one for one in self.entries if one.id != page]
                self.tell_weeks()
            case Leave():
                gone = self.desk.session is not None and self.finished
                self.change(recovery=None, listening=False, straps=(), bluetooth=None, details="")
                self.change(held=())
                self.change(review=0, weeks=b"")
                if gone:
                    self.change(session=None, practice=False, undo=None, undoes=None)
                    self.show_library()

    def tell_weeks(self) -> None:
        """Tell the weeks of the entries that were kept."""
        told = story(person(self.entries), self.today)
        self.change(weeks=msgspec.json.encode(told), page=None)

    def decide(self, **changes: object) -> None:
        """Let a person decide something of the session that is reviewed."""
        self.log.append(self.reviewed)
        undoable = self.reviewed.undoable + 1
        self.show_review(msgspec.structs.replace(self.reviewed, undoable=undoable, **changes))

    def show_review(self, told: Reviewed) -> None:
        self.reviewed = told
        self.reviews = getattr(self, "reviews", 0) + 1
        self.change(review=self.reviews)

    def amend(self, edit: Edit) -> None:
        marks = {mark.time: mark.text for mark in self.moment.state.marks}
        match edit:
            case NoteMark(time, text) if time in marks:
                marks[time] = text
            case RemoveMark(time) if time in marks:
                self.removed = MarkAgain(time, marks.pop(time))
                self.change(undo=10.0, undoes=Undoable.REMOVED)
            case MarkAgain(time, text):
                marks[time] = text
        self.set_session(marks=tuple(MarkView(*mark) for mark in sorted(marks.items())))

    def take_back(self) -> None:
        undone = self.desk.undoes
        self.change(undo=None, undoes=None)
        if undone is Undoable.REMOVED:
            self.amend(self.removed)
        elif undone is Undoable.FINISHED:
            self.set_session(phase=PhaseName.SESSION)
        else:
            self.set_session(fate=Fate.KEPT)

    def begin(
        self, client: str | None = None, *, practice: bool = False, demo: bool = False
    ) -> None:
        self.sessions += 1
        names = None if demo else self.known
        labels = self.own.get(client) or self.labels
        self.change(client=client, clients=names, labels=labels, own=())
        self.moment = moments.live()
        self.change(session=f"S{self.sessions}", practice=practice, listening=False)
        self.change(bluetooth=None, details="", undo=None, held=())

    @property
    def snapshot(self) -> Snapshot | None:
        return None if self.desk is None or self.desk.session is None else self.moment.state

    @property
    def finished(self) -> bool:
        return self.moment.state is not None and self.moment.state.phase is PhaseName.FINISHED

    @property
    def fate(self) -> Fate:
        return Fate.KEPT if self.moment.state is None else self.moment.state.fate

    def set_session(self, **changes: object) -> None:
        assert self.moment.state is not None
        self.moment.state = msgspec.structs.replace(self.moment.state, **changes)

    def finish(self) -> None:
        self.set_session(phase=PhaseName.FINISHED, phase_since=self.moment.state.time)

    def unreached(self) -> None:
        """Let the session have ended since no strap can be reached."""
        self.finish()
        self.set_session(fate=Fate.UNREACHED, trouble="Bluetooth is switched off.")
        self.change(bluetooth=BluetoothTrouble.OFF, details="NotReady")

    def trouble(self) -> None:
        self.change(listening=False, held=(), bluetooth=BluetoothTrouble.OFF, details="NotReady")


def named(told: Reviewed, time: float, text: str) -> Reviewed:
    """The review with other words for a moment."""
    moments = tuple(
        msgspec.structs.replace(one, change=msgspec.structs.replace(one.change, text=text))
        if one.change.time_s == time
        else one
        for one in told.moments
    )
    return msgspec.structs.replace(told, moments=moments)


class Remote:
    """The world as a window sees it over its pipe."""

    def __init__(self, world: World, *, own: bool = False) -> None:
        self.world, self.own = world, own

    def desk(self) -> Desk | None:
        return self.world.desk

    def run(self, errand: Errand) -> bool:
        self.world.do(errand)
        return True

    def snapshot(self) -> Snapshot | None:
        return self.world.moment.snapshot()

    def shelf(self, first: int) -> Shelf:
        rows = self.world.kept
        return Shelf(len(rows), first, rows[first : first + 8])

    def found(self, words: str) -> FoundWords:
        return self.world.find(words)

    def outlines(self, first: int) -> OutlinesTold:
        return OutlinesTold(first, tuple(self.world.outlines[first : first + 3]))

    def review(self) -> Reviewed | None:
        return self.world.reviewed if self.world.desk.review else None

    def points(self, first: int) -> Trace:
        columns = (column[first : first + 1000] for column in self.world.points.columns())
        return packed(0, first, type(self.world.points)(*columns), 0, NO_BEATS)

    def trace(self, source: int, first: int, rr_first: int) -> Trace | None:
        return self.world.moment.trace(source, first, rr_first)

    def ask(self, command: Command) -> str | None:
        if isinstance(command, Finish):
            self.world.finish()
            return None
        return self.world.moment.ask(command)

    def tell(self, look: Look) -> bool:
        if self.world.desk is not None:
            self.world.change(look=look)
        return self.world.desk is not None

    def close(self) -> None:
        self.world.goodbyes += self.own
